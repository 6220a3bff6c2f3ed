//! Offline SQL, given to each database's own client: the same catalog, the same rows as an online run.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use migrations::Chain;
use rectify::schema::dialect::{Dialect, MARIADB, POSTGRES, SQLITE};
use rectify::{
    AnyConnection, InScript, Migration, MigrationOptions, Offline, Op, Options, Runner, Source, TransactionMode,
    prelude::*,
};
use rectify_tests::{Database, TestDatabase, fresh, on_each_database, source, step, whole};

use crate::{catalog, data};

/// The clients change the ends of lines in what they read.
const LINES: &str = "one\r\ntwo\rit's\\\nthree\r";

const MIDDLE: &str = "db615eadfdf7";

pub(crate) fn dialect(kind: Database) -> &'static dyn Dialect {
    match kind {
        Database::Sqlite => SQLITE,
        Database::Postgres => POSTGRES,
        Database::Mariadb => MARIADB,
    }
}

/// Gives a script to the database's own client, as its first line says.
pub(crate) fn pipe(database: &TestDatabase, script: &str) -> Output {
    let mut command = client(database);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn client(database: &TestDatabase) -> Command {
    match database.kind {
        Database::Sqlite => {
            let mut command = Command::new("sqlite3");
            command.arg("-bail").arg(database.url.strip_prefix("sqlite:").unwrap());
            command
        }
        Database::Postgres => {
            let mut command = Command::new("psql");
            command.args(["--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=on", &database.url]);
            // It tells of tables that are there already, which is what IF NOT EXISTS is for.
            command.env("PGOPTIONS", "--client-min-messages=warning");
            command
        }
        Database::Mariadb => {
            let rest = database.url.strip_prefix("mysql://").unwrap();
            let (account, place) = rest.split_once('@').unwrap();
            let (user, password) = account.split_once(':').unwrap_or((account, ""));
            let (address, name) = place.split_once('/').unwrap();
            let (host, port) = address.split_once(':').unwrap();
            let mut command = Command::new("mariadb");
            command.args(["--no-defaults", "--default-character-set=utf8mb4"]);
            command.args(["-h", host, "-P", port, "-u", user, name]).env("MYSQL_PWD", password);
            command
        }
    }
}

#[track_caller]
pub(crate) fn run(database: &TestDatabase, script: &str) {
    let output = pipe(database, script);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.trim().is_empty(), "{said}\n{script}");
}

fn offline(database: &TestDatabase) -> Offline<Chain> {
    Offline::new(dialect(database.kind))
}

fn version_rows(database: &TestDatabase) -> Vec<String> {
    database.texts("SELECT version_num FROM alembic_version ORDER BY version_num")
}

/// The revisions that the journal has, with their checksums.
fn journal(database: &TestDatabase) -> Vec<String> {
    let both = match database.kind {
        Database::Mariadb => "CONCAT(revision, ' ', direction, ' ', state, ' ', checksum)",
        Database::Sqlite | Database::Postgres => "revision || ' ' || direction || ' ' || state || ' ' || checksum",
    };
    database.texts(&format!("SELECT {both} FROM rectify_journal ORDER BY id"))
}

#[test]
fn a_script_makes_what_an_online_run_makes_all_the_way_up_and_down() {
    on_each_database(|database| {
        let online = fresh(database.kind);
        rectify::upgrade::<Chain>(&mut online.connect(), "head").unwrap();
        run(database, &offline(database).upgrade("head").unwrap());
        assert_eq!(catalog::of(database), catalog::of(&online));
        assert_eq!(version_rows(database), version_rows(&online));
        assert_eq!(journal(database), journal(&online));
        let status = rectify::status::<Chain>(&mut database.connect()).unwrap();
        assert!(status.is_up_to_date(), "{status:?}");

        rectify::downgrade::<Chain>(&mut online.connect(), "base").unwrap();
        run(database, &offline(database).downgrade("head:base").unwrap());
        assert_eq!(catalog::of(database), catalog::of(&online));
        assert_eq!(version_rows(database), Vec::<String>::new());
    });
}

#[test]
fn a_script_for_a_range_goes_on_from_an_online_run_and_changes_the_same_rows() {
    on_each_database(|database| {
        let online = fresh(database.kind);
        rectify::upgrade::<Chain>(&mut online.connect(), "head").unwrap();
        let (schema, seeded) = data::seed(database);
        run(database, &offline(database).upgrade(&format!("{MIDDLE}:head")).unwrap());
        assert_eq!(catalog::of(database), catalog::of(&online));
        assert_eq!(data::rows(database, &schema), data::after_data_migration(seeded.clone()));
        run(database, &offline(database).downgrade(&format!("head:{MIDDLE}")).unwrap());
        rectify::downgrade::<Chain>(&mut online.connect(), MIDDLE).unwrap();
        assert_eq!(catalog::of(database), catalog::of(&online));
        assert_eq!(data::rows(database, &schema), seeded);
    });
}

#[test]
fn transactions_stand_where_they_stand_online() {
    let postgres = Offline::<Chain>::new(POSTGRES).upgrade("head").unwrap();
    assert_eq!(postgres.matches("\nBEGIN;\n").count(), postgres.matches("\nCOMMIT;\n").count());
    let concurrently = postgres.find("CONCURRENTLY").unwrap();
    let before = &postgres[..concurrently];
    assert!(before.rfind("COMMIT;") > before.rfind("BEGIN;"), "CONCURRENTLY stands in a transaction:\n{postgres}");
    let mariadb = Offline::<Chain>::new(MARIADB).upgrade("head").unwrap();
    assert_eq!(mariadb.matches("\nBEGIN;\n").count(), 14, "only the rows are in transactions:\n{mariadb}");
    let sqlite = Offline::<Chain>::new(SQLITE)
        .options(Options { transaction: TransactionMode::Run, ..Options::default() })
        .upgrade("head")
        .unwrap();
    assert_eq!(sqlite.matches("\nBEGIN;\n").count(), 1, "{sqlite}");
}

#[test]
fn a_script_fails_on_a_new_violation_of_a_foreign_key_and_leaves_the_table_as_it_was() {
    let database = fresh(Database::Sqlite);
    run(&database, &Offline::<Reading>::new(SQLITE).upgrade("r1").unwrap());
    run(&database, "PRAGMA foreign_keys = OFF; INSERT INTO child (id, parent_id) VALUES (1, 99);");
    // The violation is older than the rebuild: not its fault.
    run(&database, &Offline::<Reading>::new(SQLITE).upgrade("r1:r2").unwrap());
    let output = pipe(&database, &Offline::<Reading>::new(SQLITE).upgrade("r2:r3").unwrap());
    assert!(!output.status.success(), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("CHECK constraint failed"), "{output:?}");
    assert_eq!(version_rows(&database), ["r2"]);
    assert_eq!(database.texts("SELECT CAST(COUNT(*) AS TEXT) FROM parent"), ["1"]);
}

#[test]
fn a_migration_that_reads_fails_before_a_byte_is_written_and_names_its_line() {
    for dialect in [SQLITE, POSTGRES, MARIADB] {
        let error = Offline::<Reading>::new(dialect).upgrade("head").unwrap_err();
        assert_eq!(error.message, "cannot write the upgrade of revision `r4` (Read) as SQL");
        let cause = whole(&error);
        assert!(cause.contains("the migration reads from the database, at tests/e2e/offline.rs:"), "{cause}");
        assert!(error.notes.iter().any(|note| note == "nothing of the script was written"), "{error:?}");
        assert!(rectify::hints(&error)[0].contains("--sql REVISION:head"), "{error:?}");
    }
}

#[test]
fn a_table_that_sql_text_has_changed_is_not_rebuilt_from_memory() {
    let error = Offline::<Reading>::new(SQLITE).upgrade("r4:r6").unwrap_err();
    let cause = whole(&error);
    assert!(
        cause.contains("the definition of table `parent` is not known for sure: revision `r5` has: ALTER"),
        "{cause}"
    );
    assert!(Offline::<Reading>::new(POSTGRES).upgrade("r4:r6").is_ok(), "PostgreSQL has no need to know");
}

#[test]
fn the_ends_of_lines_in_a_text_pass_through_the_client() {
    let options = Options { arguments: vec![("tenant".to_owned(), "new".to_owned())], ..Options::default() };
    on_each_database(|database| {
        let conn = &mut database.connect();
        Runner::<Reading>::new(conn).options(options.clone()).upgrade("r7").unwrap();
        run(database, &Offline::<Reading>::new(dialect(database.kind)).upgrade("r7:r8").unwrap());
        assert_eq!(database.texts("SELECT tenant FROM parent WHERE id = 8"), [LINES]);
    });
}

#[test]
fn arguments_and_the_tag_reach_the_migration() {
    let options = Options {
        arguments: vec![("tenant".to_owned(), "old".to_owned()), ("tenant".to_owned(), "it's".to_owned())],
        tag: Some("release 7".to_owned()),
        ..Options::default()
    };
    let script = Offline::<Reading>::new(POSTGRES).options(options.clone()).upgrade("r6:r7").unwrap();
    assert!(script.contains("INSERT INTO parent (id, tenant) VALUES (7, 'it''s release 7');"), "{script}");
    assert!(script.lines().next().unwrap().contains("tag release 7"), "{script}");
    let database = fresh(Database::Sqlite);
    let runner = |conn| Runner::<Reading>::new(conn).options(options.clone());
    runner(&mut database.connect()).upgrade("head").unwrap();
    assert_eq!(database.texts("SELECT tenant FROM parent WHERE id = 7"), ["it's release 7"]);
}

#[test]
fn stamping_and_the_tables_of_the_runner_as_scripts() {
    on_each_database(|database| {
        run(database, &offline(database).ensure_version().unwrap());
        assert_eq!(version_rows(database), Vec::<String>::new());
        // Where the table is there already, nothing is made twice.
        run(database, &offline(database).ensure_version().unwrap());
        run(database, &offline(database).stamp(&[MIDDLE]).unwrap());
        assert_eq!(version_rows(database), [MIDDLE]);
        run(database, &offline(database).stamp(&[&format!("{MIDDLE}:head")]).unwrap());
        assert_eq!(version_rows(database), ["21f1ac24dccd"]);
    });
}

#[test]
fn what_cannot_be_planned_writes_nothing() {
    let offline = Offline::<Chain>::new(POSTGRES);
    for (refused, part) in [
        (offline.upgrade("nowhere:head"), "no revision or branch label is or begins with `nowhere`"),
        (offline.downgrade("base"), "base"),
        (offline.upgrade("a:b:c"), "a:b:c"),
        (offline.upgrade(&format!("head:{MIDDLE}")), "leads down"),
        (offline.stamp(&["nowhere"]), "nowhere"),
    ] {
        let error = refused.unwrap_err();
        assert!(whole(&error).contains(part) && !rectify::hints(&error).is_empty(), "{error:?}");
    }
    assert_eq!(offline.upgrade("head:head").unwrap(), "", "nothing to do is an empty script");
}

diesel::table! {
    parent (id) {
        id -> Integer,
        tenant -> Nullable<Text>,
    }
}

/// A chain whose migrations do what a script cannot, or only just.
struct Reading;

type ReadingOp<'a> = Op<'a, AnyConnection>;

impl rectify::Chain for Reading {
    type Connection = AnyConnection;

    fn migrations() -> &'static [Migration<AnyConnection>] {
        static MIGRATIONS: [Migration<AnyConnection>; 8] = [
            migration("r1", &[], "Create", |op| {
                op.create_table(
                    table("parent").column(column("id", integer()).primary_key()).column(column("tenant", text())),
                )?;
                op.create_table(
                    table("child")
                        .column(column("id", integer()).primary_key())
                        .column(column("parent_id", integer()))
                        .foreign_key(foreign_key("fk_child_parent").on(["parent_id"]).references("parent", ["id"])),
                )?;
                op.sql("INSERT INTO parent (id) VALUES (1)")?;
                op.sql("INSERT INTO child (id, parent_id) VALUES (2, 1)")
            }),
            migration("r2", &["r1"], "Rebuild", |op| {
                op.batch_alter_table("parent", |batch| batch.alter_column(alter("tenant").set_default("-")))
            }),
            migration("r3", &["r2"], "Orphan", |op| {
                if op.is_offline() && op.family() == rectify::Family::Sqlite {
                    op.batch_alter_table("parent", |batch| batch.alter_column(alter("tenant").drop_default()))?;
                    return op.sql("DELETE FROM parent");
                }
                Ok(())
            }),
            migration("r4", &["r3"], "Read", |op| {
                op.connection()?;
                Ok(())
            }),
            migration("r5", &["r4"], "Alter by text", |op| op.sql("ALTER TABLE parent ADD COLUMN note TEXT")),
            migration("r6", &["r5"], "Rebuild again", |op| {
                op.batch_alter_table("parent", |batch| batch.alter_column(alter("tenant").set_default("?")))
            }),
            migration("r7", &["r6"], "Use arguments", |op| {
                let tenant = op.x_argument("tenant").ok_or_else(|| Error::message("no tenant"))?.replace('\'', "''");
                let tag = op.tag().unwrap_or_default().to_owned();
                op.sql(format!("INSERT INTO parent (id, tenant) VALUES (7, '{tenant} {tag}')"))
            }),
            migration("r8", &["r7"], "Insert lines", |op| {
                let row = (parent::id.eq(8), parent::tenant.eq(LINES));
                op.execute(diesel::insert_into(parent::table).values(row)).map(drop)
            }),
        ];
        &MIGRATIONS
    }

    fn sources() -> &'static [Source] {
        static SOURCES: [Source; 8] = [
            source("r1"),
            source("r2"),
            source("r3"),
            source("r4"),
            source("r5"),
            source("r6"),
            source("r7"),
            source("r8"),
        ];
        &SOURCES
    }
}

/// A chain that says what a script has in the place of its migrations.
struct Instead;

impl rectify::Chain for Instead {
    type Connection = AnyConnection;

    fn migrations() -> &'static [Migration<AnyConnection>] {
        static MIGRATIONS: [Migration<AnyConnection>; 4] = [
            migration("t1", &[], "Create", |op| {
                op.create_table(
                    table("parent").column(column("id", integer()).primary_key()).column(column("tenant", text())),
                )?;
                op.sql("INSERT INTO parent (id, tenant) VALUES (1, 'a'), (2, NULL)")
            }),
            Migration {
                options: MigrationOptions {
                    offline: InScript::Text(
                        "UPDATE parent SET tenant = 'first' WHERE id = 1;\nUPDATE parent SET tenant = 'b' WHERE id = 2",
                    ),
                    offline_downgrade: InScript::Skipped,
                    ..MigrationOptions::DEFAULT
                },
                downgrade: Some(read),
                ..migration("t2", &["t1"], "Read and write", read)
            },
            Migration {
                options: MigrationOptions { offline: InScript::Skipped, ..MigrationOptions::DEFAULT },
                ..migration("t3", &["t2"], "Ask a service", read)
            },
            migration("t4", &["t3"], "Number that SQL has no word for", |op| {
                let nan = f64::NAN.into_sql::<rectify::diesel::sql_types::Double>();
                op.execute(diesel::delete(parent::table.filter(nan.eq(1.0)))).map(drop)
            }),
        ];
        &MIGRATIONS
    }

    fn sources() -> &'static [Source] {
        static SOURCES: [Source; 4] = [source("t1"), source("t2"), source("t3"), source("t4")];
        &SOURCES
    }
}

fn read(op: &mut ReadingOp<'_>) -> Result<()> {
    op.connection().map(drop)
}

#[test]
fn a_script_has_what_the_attribute_says_in_the_place_of_a_migration() {
    on_each_database(|database| {
        let offline = Offline::<Instead>::new(dialect(database.kind));
        let script = offline.upgrade("t3").unwrap();
        assert!(script.contains("-- Nothing is done here: the upgrade of `t3` is left out of scripts"), "{script}");
        run(database, &script);
        assert_eq!(database.texts("SELECT tenant FROM parent ORDER BY id"), ["first", "b"]);
        assert_eq!(version_rows(database), ["t3"]);
        let back = offline.downgrade("t2:t1").unwrap();
        assert!(back.contains("the downgrade of `t2` is left out of scripts"), "{back}");
    });
}

#[test]
fn a_value_without_a_literal_is_told_with_file_and_line_before_anything_is_written() {
    let error = Offline::<Instead>::new(MARIADB).upgrade("head").unwrap_err();
    let line = include_str!("offline.rs").lines().position(|line| line.contains("nan.eq(1.0)")).unwrap() + 1;
    let place = format!("tests/e2e/offline.rs:{line}");
    assert!(error.notes[0].ends_with(&place), "{:?}", error.notes);
    assert!(whole(&error).contains("MySQL has no literal for the number NaN"), "{}", whole(&error));
}

const fn migration(
    revision: &'static str,
    down_revisions: &'static [&'static str],
    message: &'static str,
    upgrade: fn(&mut ReadingOp<'_>) -> Result<()>,
) -> Migration<AnyConnection> {
    Migration { message, file: file!(), ..step(revision, down_revisions, upgrade) }
}
