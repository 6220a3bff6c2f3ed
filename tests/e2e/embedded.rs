//! Runs inside a transaction of the caller's: they are part of it, or are refused.

use rectify::{AnyConnection, Database as _, Options, RunError, RunErrorKind, Runner, TransactionMode};
use rectify_test_chain_any::Chain;
use rectify_tests::{Database, TestDatabase, fresh, on_each_database};

/// A connection in a transaction that has changed something already.
fn in_transaction(database: &TestDatabase) -> AnyConnection {
    let mut connection = database.connect();
    if database.kind == Database::Sqlite {
        connection.run("PRAGMA foreign_keys = OFF").unwrap();
    }
    connection.run("CREATE TABLE mine (id INTEGER)").unwrap();
    connection.begin().unwrap();
    connection.run("INSERT INTO mine VALUES (1)").unwrap();
    connection
}

fn has(connection: &mut AnyConnection, table: &str) -> bool {
    connection.rows(&format!("SELECT 1 FROM {table}")).is_ok()
}

fn mine(database: &TestDatabase) -> usize {
    database.connect().rows("SELECT '1' FROM mine").unwrap().len()
}

#[test]
fn a_run_is_part_of_the_transaction_that_the_caller_has_open() {
    on_each_database(|database| {
        let mut connection = in_transaction(database);
        if database.kind == Database::Mariadb {
            return refused_by_what_commits_by_itself(database, connection);
        }
        let report = rectify::upgrade::<Chain>(&mut connection, "aaaaaaaaaaa5").unwrap();
        assert_eq!(report.current, ["aaaaaaaaaaa5"]);
        assert!(connection.in_transaction() && has(&mut connection, "notes"));
        connection.rollback().unwrap();
        assert!(!has(&mut connection, "accounts"), "nothing is kept unless the caller commits");
        assert_eq!(mine(database), 0);

        connection.begin().unwrap();
        rectify::upgrade::<Chain>(&mut connection, "aaaaaaaaaaa5").unwrap();
        rectify::downgrade::<Chain>(&mut connection, "-1").unwrap();
        Runner::<Chain>::new(&mut connection).stamp(&["aaaaaaaaaaa3"]).unwrap();
        connection.commit().unwrap();
        let status = rectify::status::<Chain>(&mut database.connect()).unwrap();
        assert_eq!((status.current, status.unfinished.len()), (vec!["aaaaaaaaaaa3".to_owned()], 0));
    });
}

fn refused_by_what_commits_by_itself(database: &TestDatabase, mut connection: AnyConnection) {
    let check = |error: RunError| {
        assert_eq!(error.kind, RunErrorKind::Plan);
        let message =
            "the connection is in a transaction, which this database would commit with the first schema change";
        assert_eq!((error.to_string().as_str(), error.hints.len()), (message, 1));
    };
    check(rectify::upgrade::<Chain>(&mut connection, "head").unwrap_err());
    check(Runner::<Chain>::new(&mut connection).stamp(&["head"]).unwrap_err());
    assert_eq!(rectify::status::<Chain>(&mut connection).unwrap().pending.len(), 6, "reading is no harm");
    connection.rollback().unwrap();
    assert_eq!(mine(database), 0, "it was not committed");
}

#[test]
fn what_fails_is_undone_and_what_the_caller_did_before_stands() {
    on_each_database(|database| {
        if database.kind != Database::Postgres {
            return;
        }
        let mut connection = in_transaction(database);
        // The sixth migration leaves its transaction, which it must not.
        let error = rectify::upgrade::<Chain>(&mut connection, "head").unwrap_err();
        assert_eq!(error.to_string(), "failed to apply revision `aaaaaaaaaaa6` (Index amounts concurrently)");
        let hints = rectify::hints(&error).join("\n");
        assert!(hints.contains("the connection is in a transaction: commit it, and run migrations then"), "{hints}");
        assert!(
            error
                .notes
                .iter()
                .any(|note| note == "the run was rolled back; what the caller's transaction did before stands")
        );
        assert!(!error.notes.iter().any(|note| note.contains("applied before that")), "{:?}", error.notes);
        connection.commit().unwrap();
        assert_eq!(mine(database), 1);
        assert!(!has(&mut connection, "accounts"));
    });
}

#[test]
fn a_rebuild_inside_a_larger_transaction_is_refused_while_foreign_keys_are_on() {
    let database = fresh(Database::Sqlite);
    let refused = |error: RunError, hint: &str| {
        assert_eq!(
            error.to_string(),
            "foreign keys could not be turned off to rebuild a table in revision `aaaaaaaaaaa4`"
        );
        assert_eq!(error.hints, [format!("`PRAGMA foreign_keys` has no effect inside a transaction: {hint}")]);
    };
    let mut connection = database.connect();
    connection.run("PRAGMA foreign_keys = ON").unwrap();
    let options = Options { transaction: TransactionMode::Run, ..Options::default() };
    let whole = Runner::<Chain>::new(&mut connection).options(options).upgrade("head").unwrap_err();
    refused(whole, "the run is one transaction: run with `--transaction migration`");
    connection.begin().unwrap();
    let inside = rectify::upgrade::<Chain>(&mut connection, "head").unwrap_err();
    refused(inside, "the connection is in a transaction: commit it, and run migrations then");
    connection.commit().unwrap();
    assert!(!has(&mut connection, "accounts"));
    assert_eq!(rectify::upgrade::<Chain>(&mut connection, "head").unwrap().steps.len(), 6);
}
