//! `up` from empty, journal included, against the same statements sent bare in as many transactions.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::cargo::Workspace;
use super::chain::{POSTGRES_STATEMENTS, SQLITE_STATEMENTS};
use super::database::{Databases, Kind};
use super::measure::{Turns, alternate, wall_time};
use super::table::Row;
use crate::report::Failure;

const RUNS: u32 = 21;
const LIMIT: f64 = 1.15;

pub(super) fn measure(workspace: &Workspace, databases: &Databases) -> Result<Vec<Row>, Failure> {
    let mut rows = Vec::new();
    for kind in Kind::TRANSACTIONAL {
        rows.extend(measure_on(kind, workspace, databases)?);
    }
    Ok(rows)
}

fn measure_on(kind: Kind, workspace: &Workspace, databases: &Databases) -> Result<[Row; 3], Failure> {
    let up = || wall_time(&mut workspace.up(&databases.fresh(kind, "up")?));
    let statements = workspace.folder.join(match kind {
        Kind::Sqlite => SQLITE_STATEMENTS,
        Kind::Postgres | Kind::Mariadb => POSTGRES_STATEMENTS,
    });
    let bare = || send(&workspace.program("bare"), &databases.fresh(kind, "bare")?, &statements);
    alternate(1, up, bare)?;
    let Turns { ours, theirs, ratio } = alternate(RUNS, up, bare)?;
    let name = format!("from empty, {}", kind.name());
    Ok([
        Row::shown(format!("{name}: `up`"), ours.shown()),
        Row::shown(format!("{name}: bare statements"), theirs.shown()),
        Row::at_most(format!("{name}: ratio"), ratio, LIMIT, ""),
    ])
}

fn send(bare: &Path, url: &str, statements: &Path) -> Result<Duration, Failure> {
    wall_time(Command::new(bare).arg(url).arg(statements))
}
