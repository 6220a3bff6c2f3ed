//! Saying and checking where a database stands: `stamp`, `check`, `verify`, `ensure-version`, and `--sql` as typed.

use std::process::Command;

use rectify::Database as _;
use rectify_tests::{Database, TestDatabase, fresh, on_each_database};
use serde_json::Value;

fn run(database: &TestDatabase, arguments: &[&str]) -> (String, String, i32) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rectify-test-runner"));
    command.args(arguments).current_dir(std::env::temp_dir()).env("DATABASE_URL", &database.url).env("NO_COLOR", "1");
    answer(command.env_remove("RECTIFY_TEST_FAIL"))
}

fn answer(command: &mut Command) -> (String, String, i32) {
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code().unwrap_or(-1))
}

#[track_caller]
fn ok(database: &TestDatabase, arguments: &[&str]) -> String {
    let (stdout, stderr, code) = run(database, arguments);
    assert_eq!(code, 0, "{arguments:?}: {stdout}{stderr}");
    stdout
}

#[track_caller]
fn refused(database: &TestDatabase, arguments: &[&str], code: i32, parts: &[&str]) {
    let (stdout, stderr, found) = run(database, arguments);
    assert_eq!(found, code, "{arguments:?}: {stdout}{stderr}");
    for part in parts {
        assert!(stderr.contains(part), "{arguments:?}: no {part:?} in {stderr}");
    }
}

fn rows(database: &TestDatabase) -> Vec<String> {
    database.texts("SELECT version_num FROM alembic_version ORDER BY version_num")
}

#[test]
fn stamp_sets_the_rows_and_runs_nothing() {
    on_each_database(|database| {
        assert_eq!(
            ok(database, &["stamp", "aaaaaaaaaaa3"]),
            "stamped: the database is at aaaaaaaaaaa3, and was at base\n"
        );
        assert_eq!(rows(database), ["aaaaaaaaaaa3"]);
        assert_eq!(ok(database, &["stamp", "aaaaaaaaaaa3"]), "nothing to do: the database is at aaaaaaaaaaa3\n");
        ok(database, &["stamp", "head"]);
        assert_eq!(rows(database), ["aaaaaaaaaaa6"]);
        let (stdout, _, _) = run(database, &["up"]);
        assert_eq!(stdout, "nothing to do: the database is at aaaaaaaaaaa6\n");
        database.connect().run("SELECT * FROM accounts").unwrap_err();
        ok(database, &["stamp", "base"]);
        assert_eq!(rows(database), Vec::<String>::new());
    });
}

#[test]
fn a_stamp_that_cannot_be_resolved_changes_nothing() {
    on_each_database(|database| {
        ok(database, &["stamp", "aaaaaaaaaaa2"]);
        refused(database, &["stamp", "aaaaaaaaab"], 1, &["cannot plan `stamp aaaaaaaaab`", "hint:"]);
        refused(database, &["stamp", "+1"], 1, &["`+1` is a number of steps", "name the revision"]);
        refused(database, &["stamp"], 2, &["REVISIONS"]);
        assert_eq!(rows(database), ["aaaaaaaaaaa2"]);
    });
}

#[test]
fn a_row_of_another_chain_goes_only_with_purge() {
    on_each_database(|database| {
        ok(database, &["ensure-version"]);
        database.connect().run("INSERT INTO alembic_version (version_num) VALUES ('zebra')").unwrap();
        for command in [&["up"][..], &["stamp", "head"], &["down", "base"], &["status"], &["check"], &["verify"]] {
            refused(database, command, 1, &["`zebra`, which is no revision of this chain"]);
        }
        assert_eq!(rows(database), ["zebra"]);
        ok(database, &["stamp", "--purge", "aaaaaaaaaaa1"]);
        assert_eq!(rows(database), ["aaaaaaaaaaa1"]);
    });
}

#[test]
fn check_tells_what_is_pending_with_exit_code_3() {
    on_each_database(|database| {
        ok(database, &["up", "aaaaaaaaaaa4"]);
        let (stdout, stderr, code) = run(database, &["check"]);
        assert_eq!(code, 3, "{stderr}");
        assert_eq!(stdout.lines().count(), 2, "{stdout}");
        assert!(stdout.starts_with("pending:    aaaaaaaaaaa5, "), "{stdout}");
        assert!(stderr.contains("the database is not up to date") && stderr.contains("`up`"), "{stderr}");
        let (stdout, _, code) = run(database, &["check", "--format", "json"]);
        let found: Value = serde_json::from_str(&stdout).unwrap();
        assert_eq!((code, &found["is_clean"], found["pending"].as_array().unwrap().len()), (3, &false.into(), 2));
        ok(database, &["up"]);
        assert_eq!(ok(database, &["check"]), "");
    });
}

#[test]
fn verify_names_a_migration_that_was_edited_and_takes_its_present_text_when_told() {
    on_each_database(|database| {
        ok(database, &["up"]);
        let (stdout, stderr, code) = run(database, &["verify"]);
        assert_eq!((stdout.as_str(), stderr.as_str(), code), ("", "no applied migration was edited\n", 0));
        let mut conn = database.connect();
        conn.run("UPDATE rectify_journal SET checksum = 'as it was' WHERE revision = 'aaaaaaaaaaa2'").unwrap();
        let (stdout, stderr, code) = run(database, &["verify"]);
        assert_eq!(code, 3, "{stderr}");
        assert!(stdout.starts_with("edited: aaaaaaaaaaa2, Create entries ("), "{stdout}");
        assert!(stdout.contains("aaaaaaaaaaa2_create_entries.rs)"), "{stdout}");
        assert!(stderr.contains("verify --accept REVISION"), "{stderr}");
        refused(database, &["verify", "--accept", "aaaaaaaaaaa1"], 1, &["`aaaaaaaaaaa1` was not edited"]);
        refused(database, &["verify", "--accept", "nowhere"], 1, &["cannot accept `nowhere`"]);
        let (stdout, _, _) = run(database, &["verify", "--format", "json"]);
        let found: Value = serde_json::from_str(&stdout).unwrap();
        assert_eq!(found["edited"][0]["revision"], "aaaaaaaaaaa2");
        assert_eq!(found["edited"][0]["applied"], "as it was");
        ok(database, &["verify", "--accept", "aaaaaaaaaaa2"]);
        assert_eq!(ok(database, &["verify"]), "");
    });
}

#[test]
fn what_was_stamped_has_no_checksum_and_is_not_taken_for_edited() {
    on_each_database(|database| {
        ok(database, &["stamp", "aaaaaaaaaaa2"]);
        let (stdout, stderr, code) = run(database, &["verify"]);
        assert_eq!((stdout.as_str(), code), ("", 0), "{stderr}");
        assert!(stderr.contains("2 of the applied revisions have no checksum"), "{stderr}");
    });
}

#[test]
fn stamping_ends_what_was_left_unfinished() {
    on_each_database(|database| {
        ok(database, &["up", "aaaaaaaaaaa4"]);
        let mut command = Command::new(env!("CARGO_BIN_EXE_rectify-test-runner"));
        command.args(["up"]).env("DATABASE_URL", &database.url).env("RECTIFY_TEST_FAIL", "1");
        let (_, _, code) = answer(command.current_dir(std::env::temp_dir()));
        assert_eq!(code, 1);
        let unfinished = database.texts("SELECT revision FROM rectify_journal WHERE state <> 'done'");
        let keeps_its_place = database.kind == Database::Mariadb;
        assert_eq!(!unfinished.is_empty(), keeps_its_place, "{unfinished:?}");
        let (_, stderr, code) = run(database, &["stamp", "aaaaaaaaaaa5"]);
        assert_eq!(code, 0, "{stderr}");
        assert_eq!(
            stderr.contains("the upgrade of `aaaaaaaaaaa5` was begun and not finished"),
            keeps_its_place,
            "{stderr}"
        );
        let unfinished = database.texts("SELECT revision FROM rectify_journal WHERE state <> 'done'");
        assert_eq!(unfinished, Vec::<String>::new());
    });
}

#[test]
fn reading_makes_no_table() {
    on_each_database(|database| {
        // A SQLite file that is not there is an error of its own.
        database.connect().run("CREATE TABLE unrelated (id INTEGER)").unwrap();
        for command in [&["status"][..], &["current"], &["check"], &["verify"], &["history", "-i"]] {
            run(database, command);
        }
        database.connect().run("SELECT * FROM alembic_version").unwrap_err();
        ok(database, &["ensure-version"]);
        ok(database, &["ensure-version"]);
        assert_eq!(rows(database), Vec::<String>::new());
    });
}

#[test]
fn sql_goes_to_stdout_and_needs_no_database() {
    let nowhere = TestDatabaseUrl("postgres://nobody@127.0.0.1:1/none");
    let script = nowhere.ok(&["up", "--sql"]);
    assert!(script.starts_with("-- Written by Rectify") && script.ends_with("COMMIT;\n"), "{script}");
    assert!(nowhere.ok(&["up", "--sql", "--dialect", "mariadb"]).contains("for mariadb"));
    assert!(nowhere.ok(&["down", "--sql", "aaaaaaaaaaa3:aaaaaaaaaaa1"]).contains("Running downgrade aaaaaaaaaaa3"));
    assert!(nowhere.ok(&["stamp", "--sql", "aaaaaaaaaaa3"]).contains("INSERT INTO alembic_version"));
    assert!(nowhere.ok(&["ensure-version", "--sql"]).contains("CREATE TABLE IF NOT EXISTS alembic_version"));
    nowhere.refused(&["down", "--sql", "base"], 1, "base");
    nowhere.refused(&["up", "--sql", "--dialect", "oracle"], 2, "oracle");
    nowhere.refused(&["up", "--dialect", "sqlite"], 2, "--sql");
    nowhere.refused(&["up", "--sql", "--dry-run"], 2, "--dry-run");
    nowhere.refused(&["stamp", "--sql", "--purge", "head"], 2, "--purge");
    nowhere.refused(&["up", "aaaaaaaaaaa1:head"], 1, "");
}

struct TestDatabaseUrl(&'static str);

impl TestDatabaseUrl {
    fn run(&self, arguments: &[&str]) -> (String, String, i32) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rectify-test-runner"));
        answer(
            command.args(arguments).current_dir(std::env::temp_dir()).env("DATABASE_URL", self.0).env("NO_COLOR", "1"),
        )
    }

    #[track_caller]
    fn ok(&self, arguments: &[&str]) -> String {
        let (stdout, stderr, code) = self.run(arguments);
        assert_eq!(code, 0, "{arguments:?}: {stderr}");
        stdout
    }

    #[track_caller]
    fn refused(&self, arguments: &[&str], code: i32, part: &str) {
        let (stdout, stderr, found) = self.run(arguments);
        assert_eq!((stdout.as_str(), found), ("", code), "{arguments:?}: {stderr}");
        assert!(stderr.contains(part), "{arguments:?}: {stderr}");
    }
}

#[test]
fn a_range_is_for_scripts_only() {
    let database = fresh(Database::Sqlite);
    refused(&database, &["up", "aaaaaaaaaaa1:head"], 1, &["`aaaaaaaaaaa1:head` is a range", "--sql"]);
}
