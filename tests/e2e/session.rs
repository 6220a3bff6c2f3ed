//! What a run sets in a session of SQLite is set back, and of its files only the database stays.

use std::fs;

use rectify::schema::build::{column, integer, table};
use rectify::{AnyConnection, Chain, Database as _, Error, Migration, Op, Result, Runner, Source};
use rectify_tests::{Database, TestDatabase, fresh, step, wanted};

struct Session;

impl Chain for Session {
    type Connection = AnyConnection;

    fn migrations() -> &'static [Migration<AnyConnection>] {
        static SESSION: [Migration<AnyConnection>; 3] = [
            step("s1", &[], |op| op.create_table(table("first").column(column("id", integer()).primary_key()))),
            step("s2", &["s1"], keeps_its_journal),
            step("s3", &["s2"], |_| Err(Error::message("not today"))),
        ];
        &SESSION
    }

    fn sources() -> &'static [Source] {
        &[]
    }
}

fn keeps_its_journal(op: &mut Op<'_, AnyConnection>) -> Result<()> {
    let mode = pragma(op.connection()?, "journal_mode");
    op.create_table(table(format!("in_{mode}")).column(column("id", integer()).primary_key()))
}

fn pragma(connection: &mut AnyConnection, name: &str) -> String {
    connection.rows(&format!("PRAGMA {name}")).unwrap()[0].text(0).unwrap().to_owned()
}

fn tables(database: &TestDatabase) -> Vec<String> {
    database.texts("SELECT name FROM sqlite_master WHERE name LIKE 'in~_%' ESCAPE '~'")
}

#[test]
fn the_rollback_journal_stays_while_a_run_lasts() {
    if !wanted(Database::Sqlite) {
        return;
    }
    let database = fresh(Database::Sqlite);
    let mut connection = database.connect();
    connection.run("PRAGMA busy_timeout = 77").unwrap();
    Runner::<Session>::new(&mut connection).upgrade("s2").unwrap();
    assert_eq!(tables(&database), ["in_persist"]);
    Runner::<Session>::new(&mut connection).upgrade("head").unwrap_err();
    assert_eq!(pragma(&mut connection, "journal_mode"), "delete");
    assert_eq!(pragma(&mut connection, "busy_timeout"), "77");
    let files = fs::read_dir(database.folder().unwrap()).unwrap().map(|file| file.unwrap().file_name());
    assert!(!files.into_iter().any(|name| name.to_string_lossy().ends_with("-journal")));
}

#[test]
fn a_database_in_wal_mode_stays_in_it() {
    if !wanted(Database::Sqlite) {
        return;
    }
    let database = fresh(Database::Sqlite);
    let mut connection = database.connect();
    connection.run("PRAGMA journal_mode = WAL").unwrap();
    Runner::<Session>::new(&mut connection).upgrade("s2").unwrap();
    assert_eq!(pragma(&mut connection, "journal_mode"), "wal");
    assert_eq!(tables(&database), ["in_wal"]);
}
