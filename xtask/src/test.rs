//! `cargo xtask test`: every test of the workspace, on every database.

use std::env;
use std::ffi::OsString;
use std::io::{self, Read};
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rectify_test_servers::{Database, ONLY_VARIABLE, Options, Server, StartError, mariadb, postgres};

use crate::report::{self, Failure, seconds};
use crate::results::{Counter, Totals};
use crate::{install, interrupt};

/// Run every test on SQLite, PostgreSQL and MariaDB
///
/// Starts the servers itself, on free ports and with data that is thrown away. What is missing of them, or of the Python
/// that Alembic runs in, it installs first where apt-get can be used.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    cargo xtask test\n  \
    cargo xtask test lock\n  \
    cargo xtask test --only sqlite,postgres\n  \
    cargo xtask test roundtrip -- --nocapture")]
pub(crate) struct TestArgs {
    /// Run only tests whose name contains this
    name: Option<String>,
    /// Run on these databases only: sqlite, postgres, mariadb
    #[arg(long, value_name = "DATABASES", value_delimiter = ',')]
    only: Vec<Database>,
    /// Arguments for the test programs
    #[arg(last = true, value_name = "ARGUMENTS")]
    rest: Vec<OsString>,
}

pub(crate) fn run(args: &TestArgs) -> Result<(), Failure> {
    interrupt::install()?;
    let (databases, left_out) = selection(&args.only);
    install::missing_servers(&databases)?;
    install::missing_python()?;
    let prepared = prepare(&databases)?;
    interrupt::check()?;

    let (outcome, testing) = timed(|| execute(args, &databases, &prepared.servers));
    // The servers are stopped before the summary, so that it is the end of the output.
    drop(prepared.servers);
    interrupt::check()?;
    let (status, totals) = outcome?;

    report::line("");
    report::line(&format!("compiled in {}", seconds(prepared.compiling)));
    for (database, starting) in &prepared.starting {
        report::line(&format!("started {database} in {} (while compiling)", seconds(*starting)));
    }
    report::line(&format!("tested on {} in {}", names(&databases), seconds(testing)));
    if !left_out.is_empty() {
        report::line(&format!("left out by --only: {}", names(&left_out)));
    }
    if totals.ignored > 0 {
        report::line(&format!("ignored: {}", totals.ignored));
    }
    conclude(args, status, totals)
}

/// The databases to test on, and the others.
fn selection(only: &[Database]) -> (Vec<Database>, Vec<Database>) {
    Database::ALL.into_iter().partition(|database| only.is_empty() || only.contains(database))
}

/// What has to be there before the first test.
struct Prepared {
    compiling: Duration,
    servers: Vec<(Database, Server)>,
    starting: Vec<(Database, Duration)>,
}

/// Compiles, and starts the servers meanwhile.
fn prepare(databases: &[Database]) -> Result<Prepared, Failure> {
    thread::scope(|scope| {
        let starts: Vec<_> = databases
            .iter()
            .filter(|database| database.url_variable().is_some())
            .map(|database| (*database, scope.spawn(|| timed(|| start(*database)))))
            .collect();
        let (compiled, compiling) = timed(compile);
        let mut prepared = Prepared { compiling, servers: Vec::new(), starting: Vec::new() };
        for (database, start) in starts {
            let (server, starting) =
                start.join().map_err(|_| Failure::new(format!("{database}: its thread failed")))?;
            let cannot_start = |error| Failure::new(format!("cannot start {database}")).because(error);
            prepared.servers.push((database, server.map_err(cannot_start)?));
            prepared.starting.push((database, starting));
        }
        compiled.map(|()| prepared)
    })
}

fn start(database: Database) -> Result<Server, StartError> {
    match database {
        Database::Postgres => postgres::start(&Options::default()),
        Database::Mariadb => mariadb::start(&Options::default()),
        Database::Sqlite => unreachable!("SQLite has no server"),
    }
}

fn compile() -> Result<(), Failure> {
    let mut command = cargo_test();
    command.arg("--no-run");
    let status = run_to_end(&mut command, |_| Ok(()))?;
    if status.success() { Ok(()) } else { Err(Failure::new("the tests do not compile")) }
}

fn execute(
    args: &TestArgs,
    databases: &[Database],
    servers: &[(Database, Server)],
) -> Result<(ExitStatus, Totals), Failure> {
    let mut command = cargo_test();
    // Every test program runs, or the totals would say too little.
    command.arg("--no-fail-fast").arg("--").args(&args.name).args(&args.rest);
    command.env_remove(ONLY_VARIABLE);
    if !args.only.is_empty() {
        command.env(ONLY_VARIABLE, databases.iter().map(|database| database.name()).collect::<Vec<_>>().join(","));
    }
    for variable in Database::ALL.iter().filter_map(|database| database.url_variable()) {
        command.env_remove(variable);
    }
    for (database, server) in servers {
        if let Some(variable) = database.url_variable() {
            command.env(variable, &server.url);
        }
    }
    let mut counter = Counter::default();
    let status = run_to_end(&mut command, |bytes| {
        counter.read(bytes);
        report::pass_through(bytes)
    })?;
    Ok((status, counter.totals))
}

fn cargo_test() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["test", "--workspace"]);
    command
}

/// Runs the command to its end, handing on its output as it comes.
fn run_to_end(command: &mut Command, mut output: impl FnMut(&[u8]) -> io::Result<()>) -> Result<ExitStatus, Failure> {
    let cannot_run = |error| Failure::new("cannot run `cargo test`").because(error);
    // Its own process group, for an interrupt has to reach the test programs too, wherever it comes from.
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).process_group(0).spawn().map_err(cannot_run)?;
    let _guard = interrupt::Guard::over(&child);
    if let Some(mut stdout) = child.stdout.take() {
        let mut buffer = [0; 8192];
        loop {
            let length = stdout.read(&mut buffer).map_err(cannot_run)?;
            if length == 0 {
                break;
            }
            output(&buffer[..length]).map_err(cannot_run)?;
        }
    }
    child.wait().map_err(cannot_run)
}

fn conclude(args: &TestArgs, status: ExitStatus, mut totals: Totals) -> Result<(), Failure> {
    let mut outcome = Ok(());
    if !status.success() {
        outcome = Err(Failure::new("tests failed"));
        if totals.failed == 0 {
            totals.failed = 1;
            outcome = Err(Failure::new("a test program, or a documentation test, broke off without its result"));
        }
    } else if let (Some(name), 0) = (&args.name, totals.passed) {
        outcome = Err(Failure::new(format!("no test's name contains `{name}`")));
    }
    report::line(&format!("{} passed, {} failed", totals.passed, totals.failed));
    outcome
}

fn names(databases: &[Database]) -> String {
    databases.iter().map(|database| database.name()).collect::<Vec<_>>().join(", ")
}

fn timed<T>(action: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let value = action();
    (value, start.elapsed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_only_nothing_is_left_out() {
        assert_eq!(selection(&[]), (Database::ALL.to_vec(), vec![]));
    }

    #[test]
    fn only_keeps_the_usual_order() {
        let (selected, left_out) = selection(&[Database::Postgres, Database::Sqlite]);
        assert_eq!(selected, [Database::Sqlite, Database::Postgres]);
        assert_eq!(left_out, [Database::Mariadb]);
    }
}
