//! Data migrations: rows in bulk against the database's own loader of the same statements, and a table that is changed in
//! chunks, whose size the memory must not know.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

use super::cargo::Workspace;
use super::database::{Databases, Kind};
use super::measure::{Turns, alternate, output, peak_memory, wall_time, wall_time_reading};
use super::table::Row;
use crate::report::Failure;

const RUNS: u32 = 5;
const LOADED: &str = "100000";
const LOAD_LIMIT: f64 = 2.0;
const FEW: &str = "100000";
const MANY: &str = "1000000";
const MEMORY_LIMIT: f64 = 1.2;

pub(super) fn measure(workspace: &Workspace, databases: &Databases) -> Result<Vec<Row>, Failure> {
    let mut rows = Vec::new();
    for kind in Kind::ALL {
        rows.extend(load(kind, workspace, databases)?);
        rows.extend(change(kind, workspace, databases)?);
    }
    Ok(rows)
}

fn load(kind: Kind, workspace: &Workspace, databases: &Databases) -> Result<[Row; 3], Failure> {
    let program = workspace.program("data");
    let created = |name: &str| {
        let url = databases.fresh(kind, name)?;
        wall_time(&mut data(&program, &url, "create", LOADED)).map(|_| url)
    };
    let script = workspace.folder.join("load.sql");
    let unusable = |error| Failure::new("cannot keep the script of a data migration").because(error);
    fs::write(&script, output(&mut data(&program, &created("script")?, "script", LOADED))?).map_err(unusable)?;
    let ours = || wall_time(&mut data(&program, &created("load")?, "load", LOADED));
    let theirs = || wall_time_reading(&mut kind.client(&created("client")?), File::open(&script).map_err(unusable)?);
    alternate(1, ours, theirs)?;
    let Turns { ours, theirs, ratio } = alternate(RUNS, ours, theirs)?;
    let name = format!("{LOADED} rows in bulk, {}", kind.name());
    Ok([
        Row::shown(format!("{name}: `op.bulk_insert`"), ours.shown()),
        Row::shown(format!("{name}: the same statements, by the database's own client"), theirs.shown()),
        Row::at_most(format!("{name}: ratio"), ratio, LOAD_LIMIT, ""),
    ])
}

fn change(kind: Kind, workspace: &Workspace, databases: &Databases) -> Result<[Row; 2], Failure> {
    let program = workspace.program("data");
    let loaded = |rows| {
        let url = databases.fresh(kind, "change")?;
        wall_time(&mut data(&program, &url, "load", rows)).map(|_| url)
    };
    let few = peak_memory(&mut data(&program, &loaded(FEW)?, "change", FEW))?;
    let url = loaded(MANY)?;
    let many = peak_memory(&mut data(&program, &url, "change", MANY))?;
    let changed = databases.ask_at(&url, "SELECT CAST(COUNT(*) AS CHAR(9)) FROM goods WHERE stock = 2")?;
    if changed.trim() != MANY {
        return Err(Failure::new(format!("{changed} of {MANY} rows were changed in chunks")));
    }
    let name = format!("{MANY} rows in chunks, {}", kind.name());
    Ok([
        Row::shown(format!("{name}: peak memory"), format!("{many:.1} MiB")),
        Row::at_most(format!("{name}: memory against {FEW} rows ({few:.1} MiB)"), many / few, MEMORY_LIMIT, ""),
    ])
}

fn data(program: &Path, url: &str, action: &str, rows: &str) -> Command {
    let mut command = Command::new(program);
    command.args([url, action, rows]);
    command
}
