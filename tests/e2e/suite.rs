//! `rectify::testing` on each database: the example chain obeys every law, and a chain that breaks one is told which.

use std::error::Error as _;

use rectify::testing::{Server, Suite, SuiteError};
use rectify::{AnyConnection, Chain, Database as _, Migration, Op, Source, prelude::*};
use rectify_tests::{Database, admin_url, databases, elidable, source, step};

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

#[test]
fn the_models_of_the_program_are_compared_with_what_the_chain_leads_to() {
    on_each_server(|server| {
        // This program declares models of other tests besides.
        let suite = Suite::<migrations::Chain>::new(server.clone()).exclude(&["weather_kind"]);
        suite.models().unwrap_or_else(|error| panic!("{error}: {:?}", error.source()));
        let error = Suite::<Careless>::new(server).exclude(&["weather_kind", "user*"]).models().unwrap_err();
        let said = error.to_string();
        assert!(
            said.starts_with("the chain and the models differ; what takes a database at `s3` to the models:"),
            "{said}"
        );
        assert!(said.contains("\n  create table `audit_events`") && !said.contains("table `users`"), "{said}");
        let hints = rectify::hints(&error).join("\n");
        assert!(hints.contains("`revision --autogenerate -m \"…\"` writes the migration that is missing"), "{hints}");
    });
}

#[test]
fn what_an_elidable_migration_may_not_do_is_named() {
    on_each_server(|server| {
        Suite::<elidable::Chain>::new(server.clone()).elidable().unwrap();
        Suite::<migrations::Chain>::new(server.clone()).elidable().unwrap();
        let differs = |error: SuiteError| match error {
            SuiteError::Differs { revision, claim, difference, .. } => (revision, claim, difference),
            other => panic!("{other}"),
        };
        let (revision, claim, difference) = differs(Suite::<Inserts>::new(server.clone()).elidable().unwrap_err());
        assert_eq!(revision, "i2");
        assert_eq!(claim, "is `elidable`, and changes rows where the tables that it names are empty");
        assert!(difference.contains("`users` had 0 rows and has 1 row"), "{difference}");
        let (revision, claim, difference) = differs(Suite::<Alters>::new(server.clone()).elidable().unwrap_err());
        assert_eq!((revision.as_str(), claim), ("a2", "is `elidable`, and changes the catalog"));
        assert!(difference.contains("add column `users`.`age`"), "{difference}");
        let error = Suite::<Misspelt>::new(server).elidable().unwrap_err();
        assert!(error.to_string().contains("`elidable` by the table `usres`, and there is none"), "{error}");
        assert_eq!(rectify::hints(&error), ["did you mean `users`?"]);
    });
}

/// Declares chains of a migration that makes `users`, and one that is elidable.
macro_rules! elidable_chain {
    ($name:ident, $first:literal, $second:literal, $table:literal, $upgrade:expr) => {
        struct $name;

        impl Chain for $name {
            type Connection = AnyConnection;

            fn migrations() -> &'static [Migration<AnyConnection>] {
                static MIGRATIONS: [Migration<AnyConnection>; 2] = [
                    migration($first, &[], |op| create(op), |op| op.drop_table("users")),
                    Migration {
                        options: rectify::MigrationOptions {
                            elidable: &[(None, $table)],
                            ..rectify::MigrationOptions::DEFAULT
                        },
                        ..migration($second, &[$first], $upgrade, |_| Ok(()))
                    },
                ];
                &MIGRATIONS
            }

            fn sources() -> &'static [Source] {
                static SOURCES: [Source; 2] = [source($first), source($second)];
                &SOURCES
            }
        }
    };
}

elidable_chain!(Inserts, "i1", "i2", "users", |op| op.bulk_insert("users", [row().set("id", 1)]));
elidable_chain!(Alters, "a1", "a2", "users", |op| op.add_column("users", column("age", integer())));
elidable_chain!(Misspelt, "m1", "m2", "usres", |op| op.sql("UPDATE users SET name = name"));

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

fn create(op: &mut AnyOp<'_>) -> Result<()> {
    op.create_table(table("users").column(column("id", integer()).primary_key()).column(column("name", text())))
}

fn create_users(op: &mut AnyOp<'_>) -> Result<()> {
    create(op)?;
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
