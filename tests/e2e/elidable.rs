//! `up --fresh`: data steps are passed over where the tables that they touch are proved to be empty, and nowhere else.

use std::cell::RefCell;
use std::error::Error as _;
use std::process::Command;

use rectify::schema::dialect::POSTGRES;
use rectify::{AnyConnection, Database as _, Event, Migration, MigrationOptions, Offline, Options, Report};
use rectify::{RunError, Runner, Source, TransactionMode};
use rectify_tests::elidable::Chain;
use rectify_tests::{Database, TestDatabase, databases, fresh, on_each_database, source, step};
use serde_json::json;

use crate::catalog;
use crate::victim::{self, Stopped};

#[test]
fn a_step_on_empty_tables_is_passed_over_and_said_so() {
    on_each_database(|database| {
        let (report, told) = up(database, "head", fresh_options()).unwrap();
        assert_eq!(elided(&report), ["e3"]);
        assert_eq!((report.steps.len(), report.current), (4, vec!["e4".to_owned()]));
        assert_eq!(told, Vec::<String>::new());
        assert_eq!(journal(database), ["e1 up done", "e2 up done", "e3 up elided", "e4 up done"]);
        assert_eq!(passed_over(database), ["e3"]);
        let status = rectify::status::<Chain>(&mut database.connect()).unwrap();
        assert!(status.is_up_to_date(), "{status:?}");
        let verified = Runner::<Chain>::new(&mut database.connect()).verify().unwrap();
        assert!(verified.is_clean() && verified.unrecorded.is_empty(), "{verified:?}");

        let usual = rectify_tests::fresh(database.kind);
        let (report, _) = up(&usual, "head", Options::default()).unwrap();
        assert_eq!(elided(&report), Vec::<String>::new(), "without the option nothing changes");
        assert_eq!(journal(&usual)[2], "e3 up done");
        assert_eq!(catalog::of(database), catalog::of(&usual));
    });
}

#[test]
fn a_step_on_tables_with_rows_runs_as_ever() {
    on_each_database(|database| {
        up(database, "e2", fresh_options()).unwrap();
        database.connect().run("INSERT INTO notes (id, name) VALUES (1, 'ada')").unwrap();
        let (report, told) = up(database, "head", fresh_options()).unwrap();
        assert_eq!(elided(&report), Vec::<String>::new());
        assert_eq!(told, ["e3: `notes` holds rows"]);
        assert_eq!(database.texts("SELECT name FROM notes"), ["ADA"]);
        assert_eq!(journal(database)[2], "e3 up done");
        assert_eq!(passed_over(database), Vec::<String>::new());
    });
}

#[test]
fn what_was_passed_over_is_taken_back_as_ever() {
    on_each_database(|database| {
        up(database, "e3", fresh_options()).unwrap();
        database.connect().run("INSERT INTO users (id, name) VALUES (1, 'ADA')").unwrap();
        rectify::downgrade::<Chain>(&mut database.connect(), "e2").unwrap();
        assert_eq!(database.texts("SELECT name FROM users"), ["ada"], "its downgrade has run");
        assert_eq!(passed_over(database), Vec::<String>::new());
        up(database, "e3", fresh_options()).unwrap();
        assert_eq!(database.texts("SELECT name FROM users"), ["ADA"]);
        let states = ["e1 up done", "e2 up done", "e3 up elided", "e3 down done", "e3 up done"];
        assert_eq!(journal(database), states);
        rectify::downgrade::<Chain>(&mut database.connect(), "base").unwrap();
        assert_eq!(catalog::of(database), rectify_schema::Schema::default());
    });
}

#[test]
fn a_table_that_is_not_there_proves_nothing() {
    on_each_database(|database| {
        let mut connection = database.connect();
        let told = RefCell::new(Vec::new());
        let runner =
            Runner::<Misspelt>::new(&mut connection).options(fresh_options()).on_event(|event| note(&told, &event));
        let report = runner.upgrade("head").unwrap();
        assert_eq!(elided(&report), Vec::<String>::new());
        assert_eq!(told.into_inner(), ["m2: there is no table `usres`"]);
        assert_eq!(database.texts("SELECT name FROM users"), ["ada", "ran"]);
    });
}

#[test]
fn in_a_run_of_one_transaction_it_is_the_same() {
    on_each_database(|database| {
        if database.kind == Database::Mariadb {
            return;
        }
        let whole = || Options { transaction: TransactionMode::Run, ..fresh_options() };
        let (report, _) = up(database, "e3", whole()).unwrap();
        assert_eq!(elided(&report), ["e3"]);
        assert_eq!(journal(database), ["e1 up done", "e2 up done", "e3 up elided"]);
        rectify::downgrade::<Chain>(&mut database.connect(), "e2").unwrap();
        database.connect().run("INSERT INTO users (id, name) VALUES (1, 'ada')").unwrap();
        let (_, told) = up(database, "head", whole()).unwrap();
        assert_eq!(told, ["e3: `users` holds rows"]);
        assert_eq!(database.texts("SELECT name FROM users"), ["ADA"]);
    });
}

#[test]
fn what_watches_the_version_table_can_stop_it() {
    on_each_database(|database| {
        up(database, "e2", fresh_options()).unwrap();
        let mut connection = database.connect();
        let runner = Runner::<Chain>::new(&mut connection).options(fresh_options()).on_version_apply(|_, applied| {
            assert!(applied.step.elided);
            Err(rectify::Error::message("not today"))
        });
        let error = runner.upgrade("head").unwrap_err();
        assert_eq!(error.to_string(), "failed to pass over revision `e3` (A step)");
        let cause = error.source().and_then(std::error::Error::source);
        assert_eq!(cause.map(ToString::to_string).as_deref(), Some("not today"), "{error:?}");
        assert_eq!(error.notes, ["the version table was not changed"]);
        assert_eq!(journal(database), ["e1 up done", "e2 up done"]);
        assert_eq!(elided(&up(database, "head", fresh_options()).unwrap().0), ["e3"]);
    });
}

#[test]
fn a_killed_run_is_finished_by_the_next_one() {
    for kind in databases() {
        for number in 0.. {
            let database = fresh(kind);
            let Stopped::Waiting(mut child) = victim::stop(command(&database), number) else {
                assert!(number > 15, "{kind}: a run has more than {number} statements");
                break;
            };
            child.kill().unwrap();
            child.wait().unwrap();
            let finished = command(&database).output().unwrap();
            assert!(finished.status.success(), "{kind}, {number}: {}", String::from_utf8_lossy(&finished.stderr));
            assert_eq!(database.texts("SELECT version_num FROM alembic_version"), ["e4"], "{kind}, {number}");
            assert_eq!(passed_over(&database), ["e3"], "{kind}, {number}");
            let states = ["e1 up done", "e2 up done", "e3 up elided", "e4 up done"];
            assert_eq!(journal(&database), states, "{kind}, {number}");
        }
    }
}

#[test]
fn a_script_passes_nothing_over() {
    let error = Offline::<Chain>::new(POSTGRES).options(fresh_options()).upgrade("head").unwrap_err();
    assert_eq!(error.to_string(), "a script cannot prove that tables are empty, so it passes nothing over");
    assert!(error.hints[0].contains("up --fresh"), "{error:?}");
}

#[test]
fn the_command_line_tells_what_was_passed_over_and_what_was_not() {
    on_each_database(|database| {
        let (stdout, _, _) = cli(database, &["up", "e2", "--quiet"]);
        assert_eq!(stdout, "");
        let (stdout, _, _) = cli(database, &["up", "--fresh", "--dry-run"]);
        let planned = "upgrade e3, A step (elided if these are empty: users, notes)\nupgrade e4 (head), A step\n";
        assert!(stdout.starts_with(planned), "{stdout}");
        let (stdout, stderr, code) = cli(database, &["up", "e3", "--fresh"]);
        assert_eq!(stderr, "upgrade e3 A step (elided: its tables are empty)\n");
        assert!(code == 0 && stdout.starts_with("applied 1 revision in "), "{stdout}");
        assert!(stdout.ends_with(", 1 of them elided; the database is at e3\n"), "{stdout}");

        let (history, _, _) = cli(database, &["history", "-i", "-r", "e2:e3"]);
        assert_eq!(history, "e2 -> e3 (current) (elided), A step\ne1 -> e2, A step\n");
        let (history, _, _) = cli(database, &["history", "-i", "-r", "e2:e3", "--format", "json"]);
        let history: serde_json::Value = serde_json::from_str(&history).unwrap();
        let fields = history["revisions"].as_array().unwrap().iter().map(|one| (&one["is_elided"], &one["elidable"]));
        let wanted = [(true.into(), json!(["users", "notes"])), (false.into(), json!([]))];
        assert!(fields.eq(wanted.iter().map(|(elided, elidable)| (elided, elidable))), "{history}");
        let (shown, _, _) = cli(database, &["show", "e3"]);
        assert!(shown.contains("\nElidable if empty: users, notes\n"), "{shown}");

        cli(database, &["down", "e2"]);
        database.connect().run("INSERT INTO notes (id, name) VALUES (1, 'ada')").unwrap();
        let (stdout, stderr, code) = cli(database, &["up", "e3", "--fresh"]);
        assert!(stderr.starts_with("warning: `e3` is not elided but runs as ever: `notes` holds rows\n"), "{stderr}");
        assert!(code == 0 && !stdout.contains("elided"), "{stdout}");
    });
}

fn cli(database: &TestDatabase, arguments: &[&str]) -> (String, String, i32) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rectify-test-runner"));
    command.args(arguments).current_dir(std::env::temp_dir()).env("DATABASE_URL", &database.url).env("NO_COLOR", "1");
    let output = command.env("RECTIFY_TEST_CHAIN", "elidable").output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code().unwrap_or(-1))
}

fn command(database: &TestDatabase) -> Command {
    let mut command = victim::command(database, "up", "head");
    command.env("RECTIFY_TEST_CHAIN", "elidable").env("RECTIFY_TEST_FRESH", "1");
    command
}

fn fresh_options() -> Options {
    Options { fresh: true, ..Options::default() }
}

/// The report, and which steps were told not to be elided, and why.
fn up(database: &TestDatabase, target: &str, options: Options) -> Result<(Report, Vec<String>), RunError> {
    let mut connection = database.connect();
    let told = RefCell::new(Vec::new());
    let runner = Runner::<Chain>::new(&mut connection).options(options).on_event(|event| note(&told, &event));
    let report = runner.upgrade(target)?;
    Ok((report, told.into_inner()))
}

fn note(told: &RefCell<Vec<String>>, event: &Event<'_>) {
    if let Event::NotElided { step, reason } = event {
        told.borrow_mut().push(format!("{}: {reason}", step.revision));
    }
}

fn elided(report: &Report) -> Vec<&str> {
    report.steps.iter().filter(|step| step.elided).map(|step| step.revision.as_str()).collect()
}

fn passed_over(database: &TestDatabase) -> Vec<String> {
    Runner::<Chain>::new(&mut database.connect()).elided().unwrap()
}

fn journal(database: &TestDatabase) -> Vec<String> {
    let rows = database.connect().rows("SELECT revision, direction, state FROM rectify_journal ORDER BY id").unwrap();
    rows.iter().map(|row| [0, 1, 2].map(|column| row.text(column).unwrap_or_default()).join(" ")).collect()
}

/// Names a table that there is none of.
struct Misspelt;

impl rectify::Chain for Misspelt {
    type Connection = AnyConnection;

    fn migrations() -> &'static [Migration<AnyConnection>] {
        static MIGRATIONS: [Migration<AnyConnection>; 2] = [
            step("m1", &[], |op| {
                op.sql("CREATE TABLE users (name VARCHAR(20))")?;
                op.sql("INSERT INTO users (name) VALUES ('ada')")
            }),
            Migration {
                options: MigrationOptions { elidable: &[(None, "usres")], ..MigrationOptions::DEFAULT },
                ..step("m2", &["m1"], |op| op.sql("INSERT INTO users (name) VALUES ('ran')"))
            },
        ];
        &MIGRATIONS
    }

    fn sources() -> &'static [Source] {
        static SOURCES: [Source; 2] = [source("m1"), source("m2")];
        &SOURCES
    }
}
