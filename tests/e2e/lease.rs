//! A lease in place of a session's lock, for servers where that one does not hold.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rectify::{Database as _, Event, LockMode, Options, RunErrorKind, Runner};
use rectify_test_chain_any::Chain;
use rectify_tests::{Database, TestDatabase, fresh, on_each_database};

use crate::refusals::says;
use crate::victim::{self, Stopped};

/// On each server: SQLite has a lock file that needs no lease.
fn on_each_server(test: impl Fn(&TestDatabase)) {
    on_each_database(|database| {
        if database.kind != Database::Sqlite {
            test(database);
        }
    });
}

fn leased(mut command: Command, seconds: u32) -> Command {
    command.env("RECTIFY_TEST_LEASE", seconds.to_string());
    command
}

fn options(lease: Duration, timeout: Duration) -> Options {
    Options { lock: LockMode::Lease, lock_lease: lease, lock_timeout: timeout, ..Options::default() }
}

/// A run that has stopped before this statement, with a lease of one second.
fn stopped(database: &TestDatabase, statement: u32) -> Child {
    let Stopped::Waiting(holder) = victim::stop(leased(victim::command(database, "up", "head"), 1), statement) else {
        panic!("a run has more than {statement} statements");
    };
    holder
}

#[test]
fn ten_processes_apply_each_revision_once() {
    on_each_server(|database| {
        let children: Vec<Child> = (0..10)
            .map(|_| {
                let mut command = leased(victim::command(database, "up", "head"), 60);
                command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
            })
            .collect();
        for child in children {
            let output = child.wait_with_output().unwrap();
            assert!(output.status.success(), "{}: {}", database.kind, String::from_utf8_lossy(&output.stderr));
        }
        let journal = database.texts("SELECT revision FROM rectify_journal WHERE state = 'done' ORDER BY revision");
        assert_eq!(journal, (1..=6).map(|number| format!("aaaaaaaaaaa{number}")).collect::<Vec<_>>());
        assert_eq!(database.texts("SELECT holder FROM rectify_lock"), [""; 0], "the lease was given back");
    });
}

#[test]
fn a_run_that_was_killed_is_waited_for_until_its_lease_is_over() {
    on_each_server(|database| {
        let mut holder = stopped(database, 40);
        holder.kill().unwrap();
        holder.wait().unwrap();
        let mut waited_for = String::new();
        let mut connection = database.connect();
        let runner =
            Runner::<Chain>::new(&mut connection).options(options(Duration::from_secs(1), Duration::from_secs(30)));
        runner
            .on_event(|event| {
                if let Event::Waiting { holder } = event {
                    waited_for = holder.to_owned();
                }
            })
            .upgrade("head")
            .unwrap();
        // Unless the second was over before this run asked.
        if !waited_for.is_empty() {
            assert!(waited_for.starts_with(&format!("process {}", holder.id())), "{waited_for}");
            assert!(waited_for.contains(", since 2") && waited_for.contains(", at most until 2"), "{waited_for}");
        }
    });
}

#[test]
fn a_lease_outlasts_its_time_while_its_run_is_in_a_transaction() {
    let database = fresh(Database::Postgres);
    let mut holder = stopped(&database, 30);
    let in_transaction = database.texts(
        "SELECT state FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'",
    );
    assert_eq!(in_transaction.len(), 1, "statement 30 is in a transaction");
    // Longer than the lease of one second, and nobody waits inside the server for the row.
    let mut connection = database.connect();
    let runner =
        Runner::<Chain>::new(&mut connection).options(options(Duration::from_secs(1), Duration::from_millis(2500)));
    let outcome = runner.upgrade("head");
    holder.kill().unwrap();
    holder.wait().unwrap();
    let error = outcome.unwrap_err();
    assert_eq!(error.kind, RunErrorKind::Locked, "{error:?}");
}

#[test]
fn a_lease_that_somebody_else_took_moves_no_version() {
    on_each_server(|database| {
        let mut connection = database.connect();
        let runner =
            Runner::<Chain>::new(&mut connection).options(options(Duration::from_secs(60), Duration::from_secs(1)));
        let error = runner
            .on_event(|event| {
                if matches!(event, Event::Started(step) if step.revision == "aaaaaaaaaaa2") {
                    database.connect().run("UPDATE rectify_lock SET holder = 'somebody else'").unwrap();
                }
            })
            .upgrade("head")
            .unwrap_err();
        says(&error, &["the lease on the database ran out, and another run has it: somebody else", "`lock_lease`"]);
        assert_eq!(rectify::status::<Chain>(&mut database.connect()).unwrap().current, ["aaaaaaaaaaa1"]);
        assert_eq!(
            database.texts("SELECT holder FROM rectify_lock"),
            ["somebody else"],
            "it is not this run's to give back"
        );
    });
}

#[test]
fn sqlite_has_no_lease() {
    let database = fresh(Database::Sqlite);
    let mut connection = database.connect();
    let runner = Runner::<Chain>::new(&mut connection).options(options(Duration::from_secs(1), Duration::ZERO));
    says(&runner.upgrade("head").unwrap_err(), &["SQLite has no lock of the kind `lease`", "leave `lock` at `auto`"]);
}
