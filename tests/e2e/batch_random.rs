//! Random batches on random tables of SQLite: what is there afterwards is what was asked for, rows, triggers and views
//! included; and a process that is killed in the middle leaves the table as it was or as it should be.
//!
//! What fails says its seed. `RECTIFY_TEST_SEED=5` tries that one alone, `RECTIFY_TEST_FIRST_SEED=1000` begins with another.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use rectify::{AnyConnection, Database as _, Options, Runner, TextRow, dialect_of, inspect};
use rectify_schema::Schema;
use rectify_tests::random_batch::{Case, Chain, Model, Random, case, number};
use rectify_tests::{Database, TestDatabase, fresh, wanted};

use crate::dump;
use crate::victim::{self, Stopped};

fn run_all(connection: &mut AnyConnection, statements: impl IntoIterator<Item = String>) {
    for sql in statements {
        connection.run(&sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
    }
}

/// A connection that does not wait for the disk.
fn connect(database: &TestDatabase) -> AnyConnection {
    let mut connection = database.connect();
    connection.run("PRAGMA synchronous = OFF").unwrap();
    connection
}

/// A database with the table as it is before the batch.
fn prepared(case: &Case) -> TestDatabase {
    let database = fresh(Database::Sqlite);
    let mut connection = connect(&database);
    let before = &case.before;
    run_all(&mut connection, before.create_beside());
    run_all(&mut connection, [before.create()].into_iter().chain(before.surround()).chain(before.insert()));
    database
}

/// A database with the table as it must be after the batch, made without one: the rows are those of `before`.
fn expected(case: &Case, before: &TestDatabase) -> TestDatabase {
    let database = fresh(Database::Sqlite);
    let mut connection = connect(&database);
    let after = Model { style: 0, ..case.after.clone() };
    run_all(&mut connection, ["PRAGMA foreign_keys = OFF".to_owned(), attach(before)]);
    run_all(&mut connection, after.create_beside().into_iter().chain([after.create()]));
    let kept = after.columns.iter().filter(|column| column.generated.is_none());
    let kept: Vec<_> =
        kept.filter_map(|column| Some((quoted(&column.name), quoted(column.comes_from.as_ref()?)))).collect();
    let names = |pick: fn(&(String, String)) -> &String| kept.iter().map(pick).cloned().collect::<Vec<_>>().join(", ");
    let (to, from, name) = (names(|pair| &pair.0), names(|pair| &pair.1), quoted(&after.name));
    run_all(&mut connection, [format!("INSERT INTO main.{name} ({to}) SELECT {from} FROM before.{name}")]);
    run_all(&mut connection, after.surround());
    run_all(
        &mut connection,
        ["child", "log"].map(|name| format!("INSERT INTO main.{name} SELECT * FROM before.{name}")),
    );
    if connection.rows("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'").unwrap().len() == 1 {
        let copy = "INSERT INTO main.sqlite_sequence SELECT * FROM before.sqlite_sequence";
        run_all(&mut connection, ["DELETE FROM main.sqlite_sequence", copy].map(str::to_owned));
    }
    database
}

fn attach(database: &TestDatabase) -> String {
    format!("ATTACH '{}' AS before", path(database).display())
}

fn path(database: &TestDatabase) -> PathBuf {
    database.folder().unwrap().join("test.db")
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// All that a database says of itself.
#[derive(Debug, PartialEq)]
struct Found {
    catalog: Vec<String>,
    schema: Schema,
    rows: Vec<String>,
}

fn found(database: &TestDatabase, case: &Case) -> Found {
    let mut connection = connect(database);
    let mut catalog = dump::of(&mut connection, Database::Sqlite, "");
    // A table can be written in many ways: its columns, keys and indexes are in the list too, and the schema has the rest.
    catalog.retain(|line| !line.starts_with("table | "));
    let dialect = dialect_of(&mut connection).unwrap();
    let mut schema = inspect::schema(&mut connection, dialect, &inspect::Scope::default()).unwrap();
    schema.tables.retain(|table| !["alembic_version", "rectify_journal"].contains(&table.name.name.as_str()));
    for index in schema.tables.iter_mut().flat_map(|table| &mut table.indexes) {
        index.sql = None;
    }
    for table in &mut schema.tables {
        table.uniques.sort_by(|one, two| one.columns.cmp(&two.columns));
        table.checks.sort_by(|one, two| one.expression.cmp(&two.expression));
        table.foreign_keys.sort_by(|one, two| one.name.cmp(&two.name).then(one.columns.cmp(&two.columns)));
    }
    Found { catalog, schema: schema.sorted(), rows: rows(&mut connection, &case.before.name) }
}

/// The rows of all tables, each value with its type, and what SQLite thinks of them.
fn rows(connection: &mut AnyConnection, table: &str) -> Vec<String> {
    let name = quoted(table);
    let columns = texts(connection, &format!("SELECT name FROM pragma_table_xinfo('{}')", table.replace('\'', "''")));
    let columns: Vec<_> = columns.iter().map(|name| format!("quote({})", quoted(name))).collect();
    let of_table = format!("SELECT {} FROM {name} ORDER BY 1", columns.join(" || ' | ' || "));
    let others = [
        "SELECT concat_ws(' ', id, of, again) FROM child ORDER BY id",
        "SELECT CAST(\"the key\" AS TEXT) FROM owner ORDER BY \"the key\"",
        "SELECT what FROM log ORDER BY rowid",
        "SELECT 'violated: ' || \"table\" || parent FROM pragma_foreign_key_check",
        "PRAGMA integrity_check",
    ];
    let mut rows = texts(connection, &of_table);
    rows.extend(others.iter().flat_map(|sql| texts(connection, sql)));
    if !texts(connection, "SELECT name FROM sqlite_schema WHERE name = 'sqlite_sequence'").is_empty() {
        rows.extend(texts(connection, "SELECT name || seq FROM sqlite_sequence ORDER BY name"));
    }
    rows
}

fn texts(connection: &mut AnyConnection, sql: &str) -> Vec<String> {
    let rows = connection.rows(sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
    rows.iter().map(|row: &TextRow| row.text(0).unwrap_or("NULL").to_owned()).collect()
}

/// What becomes of the tables when they are used: triggers fire, references cascade, numbers go on.
fn use_it(database: &TestDatabase, model: &Model) -> Vec<String> {
    let mut connection = connect(database);
    let statements = [
        "INSERT INTO {t} ({1}) VALUES ('7 new')",
        "INSERT INTO {t} ({0}, {1}) VALUES (500, '8 new')",
        "UPDATE {t} SET {1} = '9 new' WHERE {0} = 1",
        "UPDATE {t} SET {0} = 600 WHERE {0} = 1",
        "DELETE FROM child WHERE id = 2",
        "DELETE FROM \"a view\" WHERE true",
        "DELETE FROM {t} WHERE {0} < 4",
    ];
    let mut said: Vec<String> = Vec::new();
    for sql in statements {
        let done = connection.run(&model.text(sql));
        // An index may have another number in what SQLite says.
        said.push(done.map_or_else(|error| format!("{sql}: {error}"), |()| format!("{sql}: done")));
    }
    said.extend(rows(&mut connection, &model.name));
    said
}

fn change(connection: &mut AnyConnection, seed: u64) -> Result<(), String> {
    let options = Options { arguments: vec![("seed".to_owned(), seed.to_string())], ..Options::default() };
    let done = Runner::<Chain>::new(connection).options(options).upgrade("head");
    done.map(drop).map_err(|error| format!("{error:?}"))
}

/// The seeds to try: as many as there should be, or the one of `RECTIFY_TEST_SEED`.
fn seeds(count: u64) -> Vec<u64> {
    let first = number("RECTIFY_TEST_FIRST_SEED").unwrap_or(1);
    number("RECTIFY_TEST_SEED").map_or_else(|| (first..first + count).collect(), |seed| vec![seed])
}

/// What to say of a seed that fails.
fn failed(seed: u64, case: &Case) -> String {
    format!("RECTIFY_TEST_SEED={seed}: {}\n{}\n{case:?}", case.before.create(), case.before.surround().join("\n"))
}

#[test]
fn a_random_batch_does_what_was_asked_and_nothing_else() {
    if !wanted(Database::Sqlite) {
        return;
    }
    for seed in seeds(150) {
        let case = case(seed);
        let database = prepared(&case);
        let before = found(&database, &case);
        let original = fresh(Database::Sqlite);
        fs::copy(path(&database), path(&original)).unwrap();
        let done = change(&mut connect(&database), seed);
        if let Some(refused) = &case.refused {
            assert!(done.is_err(), "{refused} is not refused; {}", failed(seed, &case));
            assert_same(&found(&database, &case), &before, seed, &case);
            continue;
        }
        done.unwrap_or_else(|error| panic!("{error}\n{}", failed(seed, &case)));
        let expected = expected(&case, &original);
        assert_same(&found(&database, &case), &found(&expected, &case), seed, &case);
        let (used, expected) = (use_it(&database, &case.after), use_it(&expected, &case.after));
        assert_eq!(used, expected, "{}", failed(seed, &case));
    }
}

#[track_caller]
fn assert_same(found: &Found, expected: &Found, seed: u64, case: &Case) {
    let difference = dump::difference(&expected.catalog, &found.catalog);
    assert!(difference.is_empty(), "the catalog: {difference}\n{}", failed(seed, case));
    assert_eq!(found, expected, "{}", failed(seed, case));
}

/// The batch of a seed in a process of its own, on a copy of a database.
fn victim(seed: u64, original: &TestDatabase) -> (TestDatabase, Command) {
    let database = fresh(Database::Sqlite);
    fs::copy(path(original), path(&database)).unwrap();
    let mut command = victim::command(&database, "up", "head");
    command.env("RECTIFY_TEST_CHAIN", "batch").env("RECTIFY_TEST_ARGUMENT", format!("seed={seed}"));
    (database, command)
}

/// What is there before and after the batch of a seed, where it is a copy.
struct Trial {
    seed: u64,
    case: Case,
    original: TestDatabase,
    before: Found,
    after: Found,
}

impl Trial {
    fn new(seed: u64, rows: u32) -> Option<Self> {
        let mut case = case(seed);
        (case.before.rows, case.after.rows) = (rows, rows);
        let original = prepared(&case);
        let (changed, mut command) = victim(seed, &original);
        let output = command.output().unwrap();
        // One that is refused, or changes nothing that SQLite cannot, is no trial.
        let (before, after) = (found(&original, &case), found(&changed, &case));
        (output.status.success() && before != after).then_some(Self { seed, case, original, before, after })
    }

    /// The table is the old one or the new one, as the version table says, and the next run makes it the new one.
    fn check(&self, database: &TestDatabase, at: &str) {
        let killed = found(database, &self.case);
        let rows = "SELECT name FROM sqlite_schema WHERE name = 'alembic_version'";
        let has_version = !database.texts(rows).is_empty();
        let is_applied = has_version && !database.texts("SELECT version_num FROM alembic_version").is_empty();
        let wanted = if is_applied { &self.after } else { &self.before };
        let difference = dump::difference(&wanted.catalog, &killed.catalog);
        assert!(
            killed == *wanted,
            "killed {at}, applied: {is_applied}: {difference}\n{}",
            failed(self.seed, &self.case)
        );
        change(&mut connect(database), self.seed).unwrap();
        assert_eq!(found(database, &self.case), self.after, "killed {at}: {}", failed(self.seed, &self.case));
    }
}

#[test]
fn a_batch_that_is_killed_before_a_statement_leaves_the_old_table_or_the_new_one() {
    if !wanted(Database::Sqlite) {
        return;
    }
    let trials = seeds(40).into_iter().filter_map(|seed| Trial::new(seed, 5)).take(4);
    for trial in trials {
        for number in 0.. {
            let (database, command) = victim(trial.seed, &trial.original);
            let Stopped::Waiting(mut child) = victim::stop(command, number) else { break };
            child.kill().unwrap();
            child.wait().unwrap();
            trial.check(&database, &format!("before statement {number}"));
        }
    }
}

#[test]
fn a_batch_that_is_killed_at_any_moment_leaves_the_old_table_or_the_new_one() {
    if !wanted(Database::Sqlite) {
        return;
    }
    let seed = number("RECTIFY_TEST_SEED").unwrap_or(5);
    let mut random = Random::new(seed);
    // Rows enough for a kill to come while they are copied.
    let trial = (seed..).find_map(|seed| Trial::new(seed, 3000)).unwrap();
    for _ in 0..25 {
        let (database, mut command) = victim(trial.seed, &trial.original);
        let number = 10 + random.below(45);
        let mut child = command.env("RECTIFY_TEST_TELL", "1").stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        // It does not wait: where it is when the signal comes, nobody knows.
        let told = lines.take_while(|line| *line != format!("sending {number}")).count();
        child.kill().unwrap();
        child.wait().unwrap();
        trial.check(&database, &format!("at its line {told} or later"));
    }
}
