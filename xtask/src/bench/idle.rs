//! `up` with nothing to do, against a program that only connects and sends `SELECT 1`.

use std::process::Command;

use super::cargo::Workspace;
use super::database::{Databases, Kind};
use super::measure::{Turns, alternate, peak_memory, wall_time};
use super::table::Row;
use crate::report::Failure;

const RUNS: u32 = 51;
const RATIO_LIMIT: f64 = 1.3;
const MEMORY_LIMIT: f64 = 25.0;

pub(super) fn measure(workspace: &Workspace, databases: &Databases) -> Result<Vec<Row>, Failure> {
    let mut rows = Vec::new();
    for kind in Kind::TRANSACTIONAL {
        rows.extend(measure_on(kind, workspace, databases)?);
    }
    Ok(rows)
}

fn measure_on(kind: Kind, workspace: &Workspace, databases: &Databases) -> Result<[Row; 4], Failure> {
    let url = databases.fresh(kind, "idle")?;
    let up = || workspace.up(&url);
    let baseline = || {
        let mut command = Command::new(workspace.program("baseline"));
        command.arg(&url);
        command
    };
    wall_time(&mut up())?;
    // These are the warm-up as well.
    let (memory, least) = (peak_memory(&mut up())?, peak_memory(&mut baseline())?);
    let Turns { ours, theirs, ratio } = alternate(RUNS, || wall_time(&mut up()), || wall_time(&mut baseline()))?;
    let name = format!("nothing to do, {}", kind.name());
    Ok([
        Row::shown(format!("{name}: `up`"), ours.shown()),
        Row::shown(format!("{name}: connect and `SELECT 1` ({least:.1} MiB)"), theirs.shown()),
        Row::at_most(format!("{name}: ratio"), ratio, RATIO_LIMIT, ""),
        Row::at_most(format!("{name}: peak memory"), memory, MEMORY_LIMIT, "MiB"),
    ])
}
