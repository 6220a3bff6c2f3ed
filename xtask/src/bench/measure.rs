//! Times: how they are taken, and what is told of them.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;

use crate::interrupt;
use crate::report::Failure;

/// The times of several runs of the same thing.
#[derive(Debug)]
pub(super) struct Sample {
    sorted: Vec<Duration>,
}

impl Sample {
    /// `times` must not be empty.
    pub(super) fn new(mut times: Vec<Duration>) -> Sample {
        times.sort();
        Sample { sorted: times }
    }

    pub(super) fn median(&self) -> Duration {
        self.sorted[self.sorted.len() / 2]
    }

    /// The minimum, the median and the maximum.
    pub(super) fn shown(&self) -> String {
        let (minimum, maximum) = (self.sorted[0], self.sorted[self.sorted.len() - 1]);
        shown(&[minimum, self.median(), maximum])
    }
}

/// Times in the unit that fits the longest.
pub(super) fn shown(times: &[Duration]) -> String {
    let longest = times.iter().max().map_or(0.0, Duration::as_secs_f64);
    let (scale, unit) = if longest < 1.0 { (1_000.0, "ms") } else { (1.0, "s") };
    let digits = if longest * scale < 100.0 { 2 } else { 0 };
    let numbers: Vec<String> = times.iter().map(|time| format!("{:.digits$}", time.as_secs_f64() * scale)).collect();
    format!("{} {unit}", numbers.join(" / "))
}

/// What runs in turn took.
#[derive(Debug)]
pub(super) struct Turns {
    pub(super) ours: Sample,
    pub(super) theirs: Sample,
    /// The median of each run's ratio to the one that stood beside it.
    pub(super) ratio: f64,
}

/// Runs one and the other in turn, so that a machine that slows down for a while slows both of a turn. `runs` must not be 0.
pub(super) fn alternate(
    runs: u32,
    mut one: impl FnMut() -> Result<Duration, Failure>,
    mut other: impl FnMut() -> Result<Duration, Failure>,
) -> Result<Turns, Failure> {
    let (mut ones, mut others, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..runs {
        let (ours, theirs) = (one()?, other()?);
        ratios.push(ours.as_secs_f64() / theirs.as_secs_f64());
        ones.push(ours);
        others.push(theirs);
    }
    ratios.sort_by(f64::total_cmp);
    Ok(Turns { ours: Sample::new(ones), theirs: Sample::new(others), ratio: ratios[ratios.len() / 2] })
}

/// Runs the command to its end and gives the wall time.
pub(super) fn wall_time(command: &mut Command) -> Result<Duration, Failure> {
    run(command.stdout(Stdio::null()))
}

/// The same for a command that reads `input`.
pub(super) fn wall_time_reading(command: &mut Command, input: File) -> Result<Duration, Failure> {
    run_with(command.stdout(Stdio::null()), input.into())
}

fn run(command: &mut Command) -> Result<Duration, Failure> {
    run_with(command, Stdio::null())
}

fn run_with(command: &mut Command, input: Stdio) -> Result<Duration, Failure> {
    let program = command.get_program().to_string_lossy().into_owned();
    let cannot_run = |error| Failure::new(format!("cannot run `{program}`")).because(error);
    let log = log_file();
    command.stdin(input).stderr(File::create(&log).map_err(cannot_run)?);
    let start = Instant::now();
    let status = command.status().map_err(cannot_run)?;
    let time = start.elapsed();
    interrupt::check()?;
    if status.success() {
        return Ok(time);
    }
    let said = fs::read_to_string(&log).unwrap_or_default();
    Err(Failure::new(format!("`{program}` failed with {status}; it said:\n{}", said.trim_end())))
}

/// Runs the command to its end and gives what it wrote to stdout.
pub(super) fn output(command: &mut Command) -> Result<String, Failure> {
    let file = log_file().with_extension("output");
    let unusable = |error| Failure::new("cannot keep what a program writes").because(error);
    run(command.stdout(File::create(&file).map_err(unusable)?))?;
    Ok(fs::read_to_string(&file).map_err(unusable)?.trim_end().to_owned())
}

/// Runs the command once and gives its peak memory in MiB.
pub(super) fn peak_memory(command: &mut Command) -> Result<f64, Failure> {
    let file = log_file().with_extension("memory");
    wall_time(command.env("RECTIFY_BENCH_MEMORY", &file))?;
    let unreadable = |error| Failure::new("a program did not tell its peak memory").because(error);
    let text = fs::read_to_string(&file).map_err(unreadable)?;
    let kib: f64 = text.trim().parse().map_err(|error| Failure::new("its peak memory is no number").because(error))?;
    Ok(kib / 1024.0)
}

/// Runs the command to its end and gives the processor time of it and all that it started.
pub(super) fn processor_time(command: &mut Command) -> Result<Duration, Failure> {
    let before = processor_time_of_children()?;
    wall_time(command)?;
    Ok(processor_time_of_children()?.saturating_sub(before))
}

fn processor_time_of_children() -> Result<Duration, Failure> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)
        .map_err(|error| Failure::new("cannot ask for the processor time").because(error))?;
    Ok(duration(usage.user_time()) + duration(usage.system_time()))
}

fn duration(time: TimeVal) -> Duration {
    let micros = time.tv_sec() * 1_000_000 + time.tv_usec();
    Duration::from_micros(micros.unsigned_abs())
}

/// What the last program wrote to stderr. A file, since nobody reads a pipe while the time is taken.
fn log_file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bench/stderr.log")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(millis: &[u64]) -> Sample {
        Sample::new(millis.iter().copied().map(Duration::from_millis).collect())
    }

    #[test]
    fn sample_tells_minimum_median_and_maximum() {
        assert_eq!(sample(&[30, 10, 20]).shown(), "10.00 / 20.00 / 30.00 ms");
        assert_eq!(sample(&[300]).shown(), "300 / 300 / 300 ms");
        assert_eq!(sample(&[1500, 900]).shown(), "0.90 / 1.50 / 1.50 s");
    }

    fn turns(times: &[(u64, u64)]) -> Turns {
        let next = |of: fn(&(u64, u64)) -> u64| {
            let mut times = times.iter().map(of);
            move || Ok(Duration::from_millis(times.next().unwrap()))
        };
        alternate(times.len().try_into().unwrap(), next(|turn| turn.0), next(|turn| turn.1)).unwrap()
    }

    #[test]
    fn ratio_is_the_median_of_the_turns() {
        // The second turn met a slow machine.
        let turns = turns(&[(12, 10), (120, 100), (11, 10), (30, 10), (14, 10)]);
        assert!((turns.ratio - 1.2).abs() < 1e-9, "{turns:?}");
        assert_eq!(turns.ours.shown(), "11 / 14 / 120 ms");
        assert_eq!(turns.theirs.shown(), "10 / 10 / 100 ms");
    }

    #[test]
    fn runs_take_turns() {
        let turns = std::cell::RefCell::new(String::new());
        let turn = |letter| {
            turns.borrow_mut().push(letter);
            Ok(Duration::from_millis(1))
        };
        alternate(2, || turn('a'), || turn('b')).unwrap();
        assert_eq!(turns.into_inner(), "abab");
    }
}
