//! The runner binary on real databases: what it prints where, and its exit codes.

use std::process::{Command, Output, Stdio};
use std::time::Duration;

use rectify::Database as _;
use rectify_tests::{Database, TestDatabase, fresh, on_each_database};

use crate::victim::{self, Stopped};

fn command(database: &TestDatabase, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rectify-test-runner"));
    // Away from the configuration of this workspace.
    command.args(arguments).current_dir(std::env::temp_dir()).env("DATABASE_URL", &database.url).env("NO_COLOR", "1");
    command.env_remove("RECTIFY_TEST_FAIL");
    command
}

fn run(database: &TestDatabase, arguments: &[&str]) -> (String, String, i32) {
    read(&command(database, arguments).output().unwrap())
}

/// Stdout, stderr and exit code, with every time as `N ms`.
fn read(output: &Output) -> (String, String, i32) {
    let text = |bytes: &[u8]| without_times(std::str::from_utf8(bytes).unwrap());
    (text(&output.stdout), text(&output.stderr), output.status.code().unwrap_or(-1))
}

fn without_times(text: &str) -> String {
    let mut out = String::new();
    let mut number = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_number = first.is_ascii_digit() || (first == '.' && !number.is_empty());
        if is_number {
            number.push(first);
        } else {
            let is_time = !number.is_empty() && [" ms", " s"].iter().any(|unit| rest.starts_with(unit));
            if is_time {
                out.push_str("N ms");
                rest = &rest[if rest.starts_with(" ms") { 3 } else { 2 }..];
                number.clear();
                continue;
            }
            out.push_str(&number);
            number.clear();
            out.push(first);
        }
        rest = &rest[first.len_utf8()..];
    }
    out + &number
}

#[test]
fn up_and_down_tell_each_revision_and_where_the_database_is() {
    on_each_database(|database| {
        let (stdout, stderr, code) = run(database, &["up", "+2"]);
        assert_eq!(code, 0, "{stderr}");
        assert_eq!(stdout, "applied 2 revisions in N ms; the database is at aaaaaaaaaaa2\n");
        assert_eq!(stderr, "upgrade aaaaaaaaaaa1 Create accounts (N ms)\nupgrade aaaaaaaaaaa2 Create entries (N ms)\n");
        assert_eq!(run(database, &["up", "+2", "--quiet"]), (String::new(), String::new(), 0));
        let (stdout, _, _) = run(database, &["current"]);
        assert_eq!(stdout, "aaaaaaaaaaa4, Require a currency\n");
        let (stdout, stderr, code) = run(database, &["down", "-1"]);
        assert_eq!(stderr, "downgrade aaaaaaaaaaa4 Require a currency (N ms)\n");
        assert_eq!((stdout.as_str(), code), ("took back 1 revision in N ms; the database is at aaaaaaaaaaa3\n", 0));
        let (_, stderr, code) = run(database, &["up", "-1"]);
        assert!(code == 1 && stderr.contains("hint: write `+1` or a revision"), "{stderr}");
        let (stdout, stderr, code) = run(database, &["downgrade", "base"]);
        assert_eq!(
            (stdout.as_str(), code),
            ("took back 3 revisions in N ms; the database is at base\n", 0),
            "{stderr}"
        );
        let (stdout, stderr, _) = run(database, &["upgrade", "--dry-run", "aaaaaaaaaaa1"]);
        assert_eq!(stdout, "upgrade aaaaaaaaaaa1, Create accounts\n1 revision to upgrade; nothing was changed\n");
        assert_eq!(stderr, "");
        let (stdout, _, code) = run(database, &["up", "base"]);
        assert_eq!((stdout.as_str(), code), ("nothing to do: the database is at base\n", 0));
    });
}

#[test]
fn exit_codes_tell_done_failed_wrong_usage_and_found() {
    let database = fresh(Database::Sqlite);
    assert_eq!(run(&database, &["up", "aaaaaaaaaaa5"]).2, 0);
    assert_eq!(run(&database, &["up", "nope"]).2, 1);
    assert_eq!(run(&database, &["sideways"]).2, 2);
    assert_eq!(run(&database, &["down"]).2, 2, "a downgrade says how far");
    assert_eq!(run(&database, &["status", "--check"]).2, 3);
    assert_eq!(run(&database, &["up"]).2, 0);
    assert_eq!(run(&database, &["status", "--check"]).2, 0);
}

#[test]
fn a_failing_migration_is_told_from_the_revision_down_to_the_database() {
    let database = fresh(Database::Sqlite);
    let failed = command(&database, &["up"]).env("RECTIFY_TEST_FAIL", "1").output().unwrap();
    let (stdout, stderr, code) = read(&failed);
    assert_eq!((stdout.as_str(), code), ("", 1));
    let told = stderr.split_once("error: ").unwrap().1;
    assert_eq!(
        told,
        "failed to apply revision `aaaaaaaaaaa5` (Add notes)\n\
         caused by: operation 3, run `INSERT INTO no_such_table VALUES (1)`: INSERT INTO no_such_table VALUES (1)\n\
         caused by: the database said: no such table: no_such_table\n\
         note: in tests/chains/versions/2026_01_05_0900-aaaaaaaaaaa5_add_notes.rs:15\n\
         note: revision `aaaaaaaaaaa5` was rolled back: it left nothing behind\n\
         note: 4 revisions were applied before that, and stay so, the last one `aaaaaaaaaaa4`\n"
    );
    assert!(!stderr.contains("backtrace") && !stderr.contains("panicked"), "{stderr}");
}

#[test]
fn a_step_that_was_cut_off_shows_in_the_status() {
    on_each_database(|database| {
        if database.kind != Database::Mariadb {
            return;
        }
        let failed = command(database, &["up"]).env("RECTIFY_TEST_FAIL", "1").output().unwrap();
        assert_eq!(failed.status.code(), Some(1));
        let (_, stderr, code) = run(database, &["status", "--check"]);
        assert!(stderr.contains("the upgrade of `aaaaaaaaaaa5` was begun and not finished"), "{stderr}");
        assert_eq!(code, 3);
        let (_, stderr, code) = run(database, &["down", "-1"]);
        assert_eq!(code, 1);
        assert!(stderr.contains("an earlier run was cut off while applying revision `aaaaaaaaaaa5`"), "{stderr}");
        assert!(stderr.contains("hint: finish it first: `up aaaaaaaaaaa5`"), "{stderr}");
        assert_eq!(run(database, &["up"]).2, 0);
    });
}

#[test]
fn ctrl_c_ends_the_wait_for_another_run_and_changes_nothing() {
    let database = fresh(Database::Sqlite);
    let Stopped::Waiting(mut holder) = victim::stop_before(&database, "up", "head", 30) else {
        panic!("a run has more than 30 statements");
    };
    let mut waiting = command(&database, &["up", "--lock-timeout", "60s"]);
    let mut waiting = waiting.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // The line that says for whom the run waits is the sign that Ctrl-C will meet it waiting.
    let mut first = [0_u8; 8];
    std::io::Read::read_exact(waiting.stderr.as_mut().unwrap(), &mut first).unwrap();
    let interrupted = Command::new("kill").args(["-INT", &waiting.id().to_string()]).status().unwrap();
    assert!(interrupted.success());
    let output = waiting.wait_with_output().unwrap();
    holder.kill().unwrap();
    holder.wait().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("error: interrupted while waiting for another run"), "{said}");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(run(&database, &["up"]).2, 0);
}

#[test]
fn a_version_table_of_another_name_is_used() {
    on_each_database(|database| {
        let folder = tempfile::tempdir().unwrap();
        let toml = folder.path().join("rectify.toml");
        std::fs::write(&toml, "version_table = \"Schema Versions\"\n").unwrap();
        let file = toml.to_str().unwrap();
        assert_eq!(run(database, &["--config", file, "up", "aaaaaaaaaaa1"]).2, 0);
        let quote = if database.kind == Database::Mariadb { "`" } else { "\"" };
        let rows = database.connect().rows(&format!("SELECT version_num FROM {quote}Schema Versions{quote}")).unwrap();
        assert_eq!(rows[0].text(0), Some("aaaaaaaaaaa1"));
    });
}

#[test]
fn an_application_may_migrate_at_start_while_it_holds_other_connections() {
    on_each_database(|database| {
        let mut other = database.connect();
        other.run("CREATE TABLE mine (id INTEGER)").unwrap();
        let options = rectify::Options { lock_timeout: Duration::from_secs(5), ..Default::default() };
        let mut connection = database.connect();
        rectify::Runner::<rectify_test_chain_any::Chain>::new(&mut connection)
            .options(options)
            .upgrade("head")
            .unwrap();
        other.run("INSERT INTO mine VALUES (1)").unwrap();
    });
}
