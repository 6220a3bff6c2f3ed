//! The law of autogenerate, on random schemas: nothing differs in a database that was just made from its models; what is written
//! for other models leads to a database in which nothing differs from them; its reverse restores the catalog.
//!
//! `RECTIFY_LAW_SEEDS=1000..2000` tries other seeds than those that are tried always.

#[path = "../autogenerate_cases/chain.rs"]
pub(crate) mod chain;
#[path = "../../crates/rectify-schema/tests/generator/mod.rs"]
mod generator;

use std::env;
use std::ops::Range;

use rectify::inspect::InspectOptions;
use rectify::{AnyConnection, Create, Database as _, dialect_of, inspect};
use rectify_schema::diff::DiffOptions;
use rectify_schema::{Operation, Schema, build};
use rectify_tests::{Database, TestDatabase, fresh, wanted};

use crate::spelling::{compare, words};

#[test]
fn on_sqlite() {
    hold(Database::Sqlite);
}

#[test]
fn on_postgres() {
    hold(Database::Postgres);
}

#[test]
fn on_mariadb() {
    hold(Database::Mariadb);
}

#[test]
fn a_renamed_value_of_an_enum_keeps_the_rows_that_have_it() {
    if !wanted(Database::Postgres) {
        return;
    }
    let database = fresh(Database::Postgres);
    let mut connection = database.connect();
    let models = |first: &str| {
        let mood = build::enumeration("mood", [first, "fine"]);
        let lists = build::column("all", build::array(build::enumeration("mood", [first, "fine"])));
        let users = build::table("users").column(build::column("mood", mood).not_null().server_default(first));
        Schema { tables: vec![users.column(lists)], ..Schema::default() }
    };
    let (old, new) = (models("sad"), models("it's bad"));
    let made = compare(&mut connection, &old).diff;
    apply(&mut connection, "make", &made.operations, chain::upgrade).unwrap();
    connection
        .run("INSERT INTO users (\"all\") VALUES ('{sad,fine}'); DROP TABLE alembic_version, rectify_journal")
        .unwrap();
    let renames = compare(&mut connection, &new).diff.likely_renames;
    assert_eq!(renames.iter().map(ToString::to_string).collect::<Vec<_>>(), ["mood.sad:it's bad"]);
    let options = DiffOptions { renames, ..DiffOptions::default() };
    let found = rectify::compare(&mut connection, new.clone(), &options, &InspectOptions::default()).unwrap();
    assert_eq!(words(&found), ["rename value `sad` of enum `mood` to `it's bad`"]);
    apply(&mut connection, "up", &found.diff.operations, chain::upgrade).unwrap();
    nothing_differs(&mut connection, "still found", &new, &found.diff.operations).unwrap();
    let row = "SELECT mood::text || ' ' || \"all\"::text FROM users";
    assert_eq!(database.texts(row), [r#"it's bad {"it's bad",fine}"#]);
    apply(&mut connection, "down", &found.diff.reverse(), chain::downgrade).unwrap();
    nothing_differs(&mut connection, "not as it was", &old, &found.diff.operations).unwrap();
    assert_eq!(database.texts(row), ["sad {sad,fine}"]);
}

fn hold(kind: Database) {
    if !wanted(kind) {
        return;
    }
    let database = fresh(kind);
    let broken: Vec<String> = seeds()
        .filter_map(|seed| broken(seed, &mut empty(&database)).map(|why| format!("seed {seed}: {why}")))
        .collect();
    let shown = broken.iter().take(5).map(String::as_str).collect::<Vec<_>>().join("\n\n");
    assert!(broken.is_empty(), "the law is broken {} times:\n{shown}", broken.len());
}

/// Which seeds are tried.
fn seeds() -> Range<u64> {
    let Ok(text) = env::var("RECTIFY_LAW_SEEDS") else { return 0..12 };
    let (from, to) = text.split_once("..").unwrap_or(("0", &text));
    from.parse().unwrap()..to.parse().unwrap()
}

/// The database with nothing in it.
fn empty(database: &TestDatabase) -> AnyConnection {
    if database.kind == Database::Sqlite {
        return AnyConnection::connect(":memory:", Create::IfMissing).unwrap();
    }
    let mut connection = database.connect();
    let name = database.url.rsplit('/').next().unwrap();
    let clear = match database.kind {
        Database::Mariadb => vec![
            "SET foreign_key_checks = 0".to_owned(),
            format!("DROP DATABASE {name}"),
            format!("CREATE DATABASE {name} CHARACTER SET utf8mb4"),
            format!("USE {name}"),
            "SET foreign_key_checks = 1".to_owned(),
        ],
        _ => vec!["DROP SCHEMA public CASCADE".to_owned(), "CREATE SCHEMA public".to_owned()],
    };
    clear.iter().for_each(|sql| connection.run(sql).unwrap());
    connection
}

/// How the law is broken, if it is.
fn broken(seed: u64, connection: &mut AnyConnection) -> Option<String> {
    let dialect = dialect_of(connection).unwrap();
    let [from, to] = [2 * seed, 2 * seed + 1].map(|seed| generator::schema(seed, dialect));
    there_and_back(connection, &from, &to).err()
}

/// Makes the first schema, goes on to the second, and back; says where the law is broken.
pub(crate) fn there_and_back(connection: &mut AnyConnection, from: &Schema, to: &Schema) -> Result<(), String> {
    let made = compare(connection, from).diff;
    apply(connection, "make", &made.operations, chain::upgrade)?;
    nothing_differs(connection, "a false alarm", from, &made.operations)?;
    for table in ["alembic_version", "rectify_journal"] {
        connection.run(&format!("DROP TABLE {table}")).unwrap();
    }
    let held = inspect(connection, &InspectOptions::default()).unwrap();
    let before = text(&held);
    let found = compare(connection, to).diff;
    apply(connection, "up", &found.operations, chain::upgrade)?;
    nothing_differs(connection, "still found", to, &found.operations)?;
    let back = found.reverse();
    apply(connection, "down", &back, chain::downgrade)?;
    let restored = text(&inspect(connection, &InspectOptions::default()).unwrap());
    // What PostgreSQL has printed it may print otherwise once more.
    if before == restored || nothing_differs(connection, "not as it was", &held, &back).is_ok() {
        return Ok(());
    }
    let other = before.lines().zip(restored.lines()).position(|(was, is)| was != is).unwrap_or_default();
    let around =
        |text: &str| text.lines().skip(other.saturating_sub(12)).take(24).map(str::trim).collect::<Vec<_>>().join(" ");
    Err(format!("not as it was: was {}; is {}\n{}", around(&before), around(&restored), listed(&back)))
}

pub(crate) type Apply = fn(&mut AnyConnection, Vec<Operation>) -> Result<(), String>;

pub(crate) fn apply(
    connection: &mut AnyConnection,
    what: &str,
    operations: &[Operation],
    run: Apply,
) -> Result<(), String> {
    run(connection, operations.to_vec()).map_err(|error| format!("{what}: {error}\n{}", listed(operations)))
}

pub(crate) fn nothing_differs(
    connection: &mut AnyConnection,
    what: &str,
    models: &Schema,
    applied: &[Operation],
) -> Result<(), String> {
    let found = compare(connection, models);
    if found.diff.is_empty() && found.notes.is_empty() {
        return Ok(());
    }
    let detail = found.diff.operations.iter().map(|operation| format!("{operation:?}")).collect::<Vec<_>>().join("\n");
    Err(format!("{what}: {}\n{detail}\napplied:\n{}", words(&found).join("; "), listed(applied)))
}

fn listed(operations: &[Operation]) -> String {
    operations.iter().map(|operation| format!("  {operation}")).collect::<Vec<_>>().join("\n")
}

/// What the database holds. The order of columns does not count: one that was dropped comes back as the last.
fn text(schema: &Schema) -> String {
    let mut schema = schema.clone().sorted();
    for table in &mut schema.tables {
        table.columns.sort_by(|a, b| a.name.cmp(&b.name));
        table.indexes.iter_mut().for_each(|index| index.sql = None);
    }
    format!("{schema:#?}")
}
