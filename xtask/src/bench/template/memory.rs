//! The peak memory of the process that is about to end.

/// Writes it, in KiB, into the file that `RECTIFY_BENCH_MEMORY` names; without the variable it does nothing.
pub(crate) fn report() {
    let Some(file) = std::env::var_os("RECTIFY_BENCH_MEMORY") else { return };
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux has this file");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("Linux has this line");
    std::fs::write(file, peak.trim().trim_end_matches(" kB")).expect("the benchmark chose a file that can be written");
}
