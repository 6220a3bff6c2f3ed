//! Reading the catalog of a database with many tables, against its queries alone, and comparing it with models that fit.

use std::process::Command;
use std::time::Duration;

use super::cargo::Workspace;
use super::database::{Databases, Kind};
use super::measure::{output, peak_memory, shown, wall_time};
use super::table::Row;
use crate::report::Failure;

/// The program that is timed.
const PROGRAM: &str = "inspect";
const FEW: &str = "100";
const MANY: &str = "3000";
const RUNS: &str = "11";
const MEMORY_LIMIT: f64 = 150.0;
/// How much longer a table may take among many than among few.
const GROWTH_LIMIT: f64 = 1.5;

/// How long reading many tables may take, in seconds: what is left of it is for comparing them with the models.
fn limit(kind: Kind) -> f64 {
    match kind {
        Kind::Sqlite => 0.4,
        Kind::Postgres | Kind::Mariadb => 1.0,
    }
}

/// How long a check that finds nothing may take, in seconds.
fn check_limit(kind: Kind) -> f64 {
    match kind {
        Kind::Sqlite => 0.5,
        Kind::Postgres | Kind::Mariadb => 1.2,
    }
}

pub(super) fn measure(workspace: &Workspace, databases: &Databases) -> Result<Vec<Row>, Failure> {
    let mut rows = Vec::new();
    for kind in Kind::TRANSACTIONAL {
        rows.extend(measure_on(kind, workspace, databases)?);
    }
    Ok(rows)
}

fn measure_on(kind: Kind, workspace: &Workspace, databases: &Databases) -> Result<[Row; 7], Failure> {
    let (url_of_few, url) = (databases.fresh(kind, "inspect_few")?, databases.fresh(kind, "inspect_many")?);
    create(workspace, &url_of_few, FEW)?;
    create(workspace, &url, MANY)?;
    let (few, many) = (time(workspace, &url_of_few, &["read", RUNS])?, time(workspace, &url, &["read", RUNS])?);
    let memory = peak_memory(&mut command(workspace, &url, &["read", "1"]))?;
    let (few_models, models) = (declare(workspace, &url_of_few, FEW)?, declare(workspace, &url, MANY)?);
    let few_checked = time(workspace, &url_of_few, &["check", RUNS, &few_models])?;
    let checked = time(workspace, &url, &["check", RUNS, &models])?;
    let memory_of_check = peak_memory(&mut command(workspace, &url, &["check", "1", &models]))?;
    let check = format!("check {MANY} tables, {}", kind.name());
    let check_growth = checked.per_table() / few_checked.per_table();
    let name = format!("inspect {MANY} tables, {}", kind.name());
    let queries = shown(&[many.queries_least, many.queries]);
    let growth = many.per_table() / few.per_table();
    Ok([
        Row::at_most(format!("{name}: median"), many.median.as_secs_f64(), limit(kind), "s"),
        Row::shown(format!("{name}: its queries alone, minimum / median"), queries),
        Row::at_most(format!("{name}: time per table, against {FEW} tables"), growth, GROWTH_LIMIT, "times"),
        Row::at_most(format!("{name}: peak memory"), memory, MEMORY_LIMIT, "MiB"),
        Row::at_most(format!("{check}: median"), checked.median.as_secs_f64(), check_limit(kind), "s"),
        Row::at_most(format!("{check}: time per table, against {FEW} tables"), check_growth, GROWTH_LIMIT, "times"),
        Row::at_most(format!("{check}: peak memory"), memory_of_check, MEMORY_LIMIT, "MiB"),
    ])
}

fn create(workspace: &Workspace, url: &str, tables: &str) -> Result<(), Failure> {
    wall_time(&mut command(workspace, url, &["create", tables])).map(drop)
}

/// The file of the models.
fn declare(workspace: &Workspace, url: &str, tables: &str) -> Result<String, Failure> {
    let file = workspace.folder.join(format!("models_{tables}.txt")).display().to_string();
    wall_time(&mut command(workspace, url, &["declare", &file]))?;
    Ok(file)
}

fn time(workspace: &Workspace, url: &str, task: &[&str]) -> Result<Times, Failure> {
    let text = output(&mut command(workspace, url, task))?;
    Times::parse(&text)
        .ok_or_else(|| Failure::new("the program that reads the catalog did not tell its figures as it should"))
}

fn command(workspace: &Workspace, url: &str, task: &[&str]) -> Command {
    let mut command = Command::new(workspace.program(PROGRAM));
    command.arg(url).args(task);
    command
}

/// What the program tells.
struct Times {
    tables: u32,
    least: Duration,
    median: Duration,
    queries_least: Duration,
    queries: Duration,
}

impl Times {
    fn parse(line: &str) -> Option<Times> {
        let mut words = line.trim().split(' ');
        let tables = words.next()?.parse().ok()?;
        let mut time = || words.next()?.parse().ok().map(Duration::from_nanos);
        Some(Times { tables, least: time()?, median: time()?, queries_least: time()?, queries: time()? })
    }

    /// From the minimum, which the machine's other work disturbs least.
    fn per_table(&self) -> f64 {
        self.least.as_secs_f64() / f64::from(self.tables)
    }
}
