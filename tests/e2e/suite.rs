//! `rectify::testing` on each database: the example chain obeys every law, and a chain that breaks one is told which.

use std::error::Error as _;

use rectify::testing::{Server, Suite, SuiteError};
use rectify::{AnyConnection, Chain, Database as _, Migration, Op, Source, prelude::*};
use rectify_tests::{Database, admin_url, databases, source, step};

use crate::data;

type AnyOp<'a> = Op<'a, AnyConnection>;

fn on_each_server(test: impl Fn(Server)) {
    for database in databases() {
        test(match database {
            Database::Sqlite => Server::sqlite(),
            Database::Postgres | Database::Mariadb => Server::of(admin_url(database)),
        });
    }
}

#[test]
fn the_example_chain_passes_with_rows_in_every_table() {
    on_each_server(|server| {
        let suite = Suite::<migrations::Chain>::new(server).seed(|conn, revision| {
            if revision == data::PARENT_MINISTRY {
                data::SEED.iter().try_for_each(|statement| conn.run(statement))?;
            }
            Ok(())
        });
        suite.heads().unwrap();
        suite.stairway().unwrap_or_else(|error| panic!("{error}: {:?}", error.source()));
        suite.downgrades().unwrap_or_else(|error| panic!("{error}: {:?}", error.source()));
    });
}

#[test]
fn a_database_of_a_test_is_its_own_and_gone_with_it() {
    on_each_server(|server| {
        let mut conn = server.at::<Careless>("s1").unwrap();
        conn.run("INSERT INTO users (id, name) VALUES (2, 'bea')").unwrap();
        let mut other = server.at::<Careless>("s1").unwrap();
        assert_eq!(other.rows("SELECT name FROM users").unwrap().len(), 1);
        let shown = format!("{conn:?}");
        drop(conn);
        let name = shown.split('"').nth(1).unwrap().to_owned();
        let left = match other.family() {
            rectify::Family::Sqlite => Vec::new(),
            rectify::Family::Postgres => {
                other.rows(&format!("SELECT datname::text FROM pg_database WHERE datname = '{name}'")).unwrap()
            }
            rectify::Family::Mysql => other.rows(&format!("SHOW DATABASES LIKE '{name}'")).unwrap(),
        };
        assert_eq!(left, []);
    });
}

#[test]
fn an_unknown_revision_is_told_with_the_nearest() {
    let error = Server::sqlite().at::<Careless>("s9").unwrap_err();
    assert_eq!(error.to_string(), "failed to bring the database of a test to `s9`");
    let hints = rectify::hints(&error).join("\n");
    assert!(hints.contains("`s1`") || hints.contains("`s2`"), "{hints}");
}

#[test]
fn a_downgrade_that_loses_a_row_or_leaves_a_column_is_named() {
    on_each_server(|server| {
        let suite = Suite::<Careless>::new(server);
        let error = suite.downgrades().unwrap_err();
        let SuiteError::Differs { revision, claim, difference, .. } = &error else { panic!("{error}") };
        assert_eq!((revision.as_str(), *claim), ("s2", "does not restore the rows"));
        assert!(difference.contains("`users` had 1 row and has 0 rows"), "{difference}");
        assert!(difference.contains("name = 'ada'"), "{difference}");
        let error = suite.stairway().unwrap_err();
        let SuiteError::Run { doing, .. } = &error else { panic!("{error}") };
        assert_eq!(doing, "`s3` cannot be applied", "its column is left by its downgrade");
    });
}

#[test]
fn an_upgrade_that_is_not_the_same_twice_is_named() {
    on_each_server(|server| {
        let error = Suite::<Forgetful>::new(server).stairway().unwrap_err();
        let SuiteError::Differs { revision, what, difference, .. } = &error else { panic!("{error}") };
        assert_eq!((revision.as_str(), *what), ("s1", "the downgrade"));
        assert!(difference.contains("leftover"), "{difference}");
    });
}

/// Its second downgrade empties a table, its third forgets a column.
struct Careless;

impl Chain for Careless {
    type Connection = AnyConnection;

    fn migrations() -> &'static [Migration<AnyConnection>] {
        static MIGRATIONS: [Migration<AnyConnection>; 3] = [
            migration("s1", &[], create_users, |op| op.drop_table("users")),
            migration("s2", &["s1"], |op| op.sql("UPDATE users SET name = name"), |op| op.sql("DELETE FROM users")),
            migration("s3", &["s2"], |op| op.add_column("users", column("age", integer())), |_| Ok(())),
        ];
        &MIGRATIONS
    }

    fn sources() -> &'static [Source] {
        static SOURCES: [Source; 3] = [source("s1"), source("s2"), source("s3")];
        &SOURCES
    }
}

/// What its upgrade makes only where it is missing, its downgrade leaves.
struct Forgetful;

impl Chain for Forgetful {
    type Connection = AnyConnection;

    fn migrations() -> &'static [Migration<AnyConnection>] {
        static MIGRATIONS: [Migration<AnyConnection>; 1] = [migration(
            "s1",
            &[],
            |op| op.create_table(table("leftover").if_not_exists().column(column("id", integer()).primary_key())),
            |_| Ok(()),
        )];
        &MIGRATIONS
    }

    fn sources() -> &'static [Source] {
        static SOURCES: [Source; 1] = [source("s1")];
        &SOURCES
    }
}

fn create_users(op: &mut AnyOp<'_>) -> Result<()> {
    op.create_table(table("users").column(column("id", integer()).primary_key()).column(column("name", text())))?;
    op.bulk_insert("users", [row().set("id", 1).set("name", "ada")])
}

const fn migration(
    revision: &'static str,
    down_revisions: &'static [&'static str],
    upgrade: fn(&mut AnyOp<'_>) -> Result<()>,
    downgrade: fn(&mut AnyOp<'_>) -> Result<()>,
) -> Migration<AnyConnection> {
    Migration { downgrade: Some(downgrade), ..step(revision, down_revisions, upgrade) }
}
