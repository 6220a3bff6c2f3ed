//! What the figures were measured on: neither names nor paths, only what makes them faster or slower.

use std::fs;
use std::process::Command;
use std::thread;

use super::database::{Databases, Kind};
use super::measure::output;
use crate::report::Failure;

/// The facts, each with its name.
pub(super) fn describe(databases: Option<&Databases>) -> Result<Vec<(&'static str, String)>, Failure> {
    let cores = thread::available_parallelism().map_or_else(|_| "unknown".to_owned(), |cores| cores.to_string());
    let mut facts = vec![
        ("processor", field("/proc/cpuinfo", "model name")),
        ("cores", cores),
        ("memory", memory()),
        ("kernel", read("/proc/sys/kernel/osrelease")),
        ("compiler", output(Command::new("rustc").arg("--version"))?),
    ];
    if let Some(databases) = databases {
        for kind in Kind::ALL.into_iter().filter(|kind| databases.has(*kind)) {
            facts.push((kind.name(), databases.describe(kind)?));
        }
    }
    Ok(facts)
}

fn memory() -> String {
    let text = field("/proc/meminfo", "MemTotal");
    let kib: Option<f64> = text.strip_suffix(" kB").and_then(|kib| kib.parse().ok());
    kib.map_or(text.clone(), |kib| format!("{:.1} GiB", kib / f64::from(1 << 20)))
}

/// The value behind a name in one of the kernel's files.
fn field(file: &str, name: &str) -> String {
    let text = read(file);
    let value = text.lines().filter_map(|line| line.split_once(':')).find(|(key, _)| key.trim() == name);
    value.map_or("unknown", |(_, value)| value.trim()).to_owned()
}

/// A machine that does not tell can still be measured.
fn read(file: &str) -> String {
    fs::read_to_string(file).map_or_else(|_| "unknown".to_owned(), |text| text.trim().to_owned())
}
