//! What bad input gets: a clear error, and a database that is as it was.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use rectify::{AnyConnection, Create, Database as _, Options, RunError, RunErrorKind, Runner, TransactionMode};
use rectify_test_chain_any::Chain;
use rectify_tests::{Database, TestDatabase, on_each_database, step, whole};

use crate::victim::{self, Stopped};

/// All that the error says.
pub(crate) fn all_of(error: &RunError) -> String {
    [vec![whole(error)], error.notes.clone(), rectify::hints(error)].concat().join("\n")
}

#[track_caller]
pub(crate) fn says(error: &RunError, parts: &[&str]) {
    let text = all_of(error);
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in:\n{text}");
    }
}

fn tables(database: &TestDatabase) -> usize {
    let mut connection = database.connect();
    let dialect = rectify::dialect_of(&mut connection).unwrap();
    rectify::inspect::schema(&mut connection, dialect, &rectify::inspect::Scope::default()).unwrap().tables.len()
}

#[test]
fn an_unknown_revision_is_refused_with_the_nearest_ones() {
    on_each_database(|database| {
        let error = rectify::upgrade::<Chain>(&mut database.connect(), "aaaaaaaaaab3").unwrap_err();
        assert_eq!(error.kind, RunErrorKind::Plan);
        says(&error, &["cannot plan `up aaaaaaaaaab3`", "`aaaaaaaaaab3`", "`aaaaaaaaaaa3`"]);
        let ambiguous = rectify::upgrade::<Chain>(&mut database.connect(), "aaaa").unwrap_err();
        says(&ambiguous, &["`aaaa` is ambiguous: `aaaaaaaaaaa1`, `aaaaaaaaaaa2`"]);
        assert_eq!(tables(database), 0, "nothing was made");
    });
}

#[test]
fn a_version_that_the_chain_does_not_know_is_named() {
    on_each_database(|database| {
        rectify::upgrade::<Chain>(&mut database.connect(), "aaaaaaaaaaa2").unwrap();
        database.connect().run("UPDATE alembic_version SET version_num = 'zebra'").unwrap();
        let error = rectify::upgrade::<Chain>(&mut database.connect(), "head").unwrap_err();
        says(&error, &["`zebra`", "stamp --purge"]);
        assert!(rectify::status::<Chain>(&mut database.connect()).is_err());
        assert_eq!(Runner::<Chain>::new(&mut database.connect()).current().unwrap(), ["zebra"]);
    });
}

#[test]
fn reading_makes_no_table() {
    on_each_database(|database| {
        let status = rectify::status::<Chain>(&mut database.connect()).unwrap();
        assert_eq!((status.pending.len(), status.current.len()), (6, 0));
        assert_eq!(rectify::downgrade::<Chain>(&mut database.connect(), "base").unwrap().steps.len(), 0);
        assert_eq!(tables(database), 0);
    });
}

#[test]
fn a_held_lock_is_waited_for_no_longer_than_told_and_names_its_holder() {
    on_each_database(|database| {
        let Stopped::Waiting(mut holder) = victim::stop_before(database, "up", "head", 30) else {
            panic!("a run has more than 30 statements");
        };
        let mut connection = database.connect();
        let mut waited_for = String::new();
        let options = Options { lock_timeout: Duration::from_millis(300), ..Options::default() };
        let runner = Runner::<Chain>::new(&mut connection).options(options);
        let outcome = runner
            .on_event(|event| {
                if let rectify::Event::Waiting { holder } = event {
                    waited_for = holder.to_owned();
                }
            })
            .upgrade("head");
        let error = outcome.unwrap_err();
        holder.kill().unwrap();
        holder.wait().unwrap();
        assert_eq!(error.kind, RunErrorKind::Locked, "{}", all_of(&error));
        says(&error, &["the database is locked by another run", "another run holds the lock: ", "--lock-timeout"]);
        let process =
            if database.kind == Database::Mariadb { "connection ".to_owned() } else { holder.id().to_string() };
        assert!(waited_for.contains(&process), "{waited_for}");
    });
}

#[test]
fn an_interrupted_run_stops_between_two_statements() {
    on_each_database(|database| {
        let flag = Arc::new(AtomicBool::new(false));
        let mut connection = database.connect();
        let at_the_third = |event: rectify::Event<'_>| {
            if let rectify::Event::Started(step) = event
                && step.revision == "aaaaaaaaaaa3"
            {
                flag.store(true, std::sync::atomic::Ordering::Relaxed);
            }
        };
        let runner = Runner::<Chain>::new(&mut connection).interrupted_by(Arc::clone(&flag)).on_event(at_the_third);
        let error = runner.upgrade("head").unwrap_err();
        assert_eq!(error.kind, RunErrorKind::Interrupted);
        assert_eq!(error.completed, ["aaaaaaaaaaa1", "aaaaaaaaaaa2"]);
        says(&error, &["interrupted in revision `aaaaaaaaaaa3`", "2 revisions were applied before that, and stay so"]);
        let status = rectify::status::<Chain>(&mut database.connect()).unwrap();
        assert_eq!(status.current, ["aaaaaaaaaaa2"]);
        rectify::upgrade::<Chain>(&mut database.connect(), "head").unwrap();
    });
}

#[test]
fn a_run_in_one_transaction_is_undone_as_a_whole() {
    on_each_database(|database| {
        if database.kind == Database::Mariadb {
            // It has no such transaction: tests/e2e/bad_input.rs.
            return;
        }
        let options = Options { transaction: TransactionMode::Run, ..Options::default() };
        let upgrade =
            |target: &str| Runner::<Chain>::new(&mut database.connect()).options(options.clone()).upgrade(target);
        assert_eq!(upgrade("aaaaaaaaaaa3").unwrap().steps.len(), 3);
        let journal = database.texts("SELECT revision FROM rectify_journal WHERE state = 'done' ORDER BY id");
        assert_eq!(journal.len(), 3);
        if database.kind == Database::Postgres {
            let error = upgrade("head").unwrap_err();
            says(&error, &["--transaction migration", "the whole run was one transaction: it was rolled back"]);
            assert_eq!(database.texts("SELECT version_num FROM alembic_version"), ["aaaaaaaaaaa3"]);
            assert_eq!(database.texts("SELECT 'x' FROM information_schema.tables WHERE table_name = 'notes'").len(), 0);
        }
    });
}

#[test]
fn a_database_that_may_not_be_written_is_told() {
    on_each_database(|database| {
        rectify::upgrade::<Chain>(&mut database.connect(), "aaaaaaaaaaa1").unwrap();
        let url = match database.kind {
            Database::Sqlite => format!("file:{}/test.db?mode=ro", database.folder().unwrap().display()),
            Database::Postgres => {
                format!("{}?options=-c%20default_transaction_read_only%3Don", database.url)
            }
            // Only the whole server can be set to read only, which would disturb the other tests.
            Database::Mariadb => return,
        };
        let mut connection = AnyConnection::connect(&url, Create::Never).unwrap();
        let error = rectify::upgrade::<Chain>(&mut connection, "head").unwrap_err();
        let text = all_of(&error);
        assert!(text.contains("may not be written") || text.contains("takes no writes"), "{text}");
        assert_eq!(rectify::status::<Chain>(&mut database.connect()).unwrap().current, ["aaaaaaaaaaa1"]);
    });
}

/// A chain whose migrations were compiled but not linked: the linker drops a crate that nothing names.
struct NotLinked;

impl rectify::Chain for NotLinked {
    type Connection = AnyConnection;

    fn migrations() -> &'static [rectify::Migration<AnyConnection>] {
        &[]
    }

    fn sources() -> &'static [rectify::Source] {
        &[rectify::Source { revision: "aaaaaaaaaaa1", checksum: "", file: "versions/a.rs" }]
    }
}

/// A chain in which two crates register the same revision.
struct Twice;

impl rectify::Chain for Twice {
    type Connection = AnyConnection;

    fn migrations() -> &'static [rectify::Migration<AnyConnection>] {
        const ONE: rectify::Migration<AnyConnection> =
            rectify::Migration { message: "One", ..step("aaaaaaaaaaa1", &[], |_| Ok(())) };
        static TWICE: [rectify::Migration<AnyConnection>; 2] = [ONE, ONE];
        &TWICE
    }

    fn sources() -> &'static [rectify::Source] {
        &[]
    }
}

#[test]
fn a_chain_that_is_not_whole_is_never_nothing_to_do() {
    let database = rectify_tests::fresh(Database::Sqlite);
    let error = rectify::upgrade::<NotLinked>(&mut database.connect(), "head").unwrap_err();
    assert_eq!(error.kind, RunErrorKind::Chain);
    says(&error, &["1 of the 1 migrations are not linked", "`aaaaaaaaaaa1`", "use migrations as _;"]);
    let error = rectify::status::<Twice>(&mut database.connect()).unwrap_err();
    says(&error, &["the linked migrations do not form a chain", "aaaaaaaaaaa1"]);
    assert_eq!(tables(&database), 0);
}
