//! The commands that read, where they ask the database: what they print, and that they leave nothing behind.

use std::process::Command;

use rectify::Database as _;
use rectify_tests::{Database, TestDatabase, fresh, on_each_database};

fn run(database: &TestDatabase, arguments: &[&str]) -> (String, String, i32) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rectify-test-runner"));
    command.args(arguments).current_dir(std::env::temp_dir()).env("DATABASE_URL", &database.url).env("NO_COLOR", "1");
    let output = command.env_remove("RECTIFY_TEST_FAIL").output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code().unwrap_or(-1))
}

#[track_caller]
fn check(database: &TestDatabase, arguments: &[&str], stdout: &str) {
    assert_eq!(run(database, arguments), (stdout.to_owned(), String::new(), 0), "{arguments:?}");
}

#[test]
fn history_marks_what_the_database_is_at() {
    on_each_database(|database| {
        assert_eq!(run(database, &["up", "aaaaaaaaaaa2"]).2, 0);
        check(
            database,
            &["history", "-i", "-r", ":aaaaaaaaaaa3"],
            "aaaaaaaaaaa2 -> aaaaaaaaaaa3, Open the first accounts\n\
             aaaaaaaaaaa1 -> aaaaaaaaaaa2 (current), Create entries\n\
             <base> -> aaaaaaaaaaa1, Create accounts\n",
        );
        check(
            database,
            &["history", "-r", "current:+1"],
            "aaaaaaaaaaa2 -> aaaaaaaaaaa3, Open the first accounts\naaaaaaaaaaa1 -> aaaaaaaaaaa2, Create entries\n",
        );
        check(
            database,
            &["history", "-r", "aaaaaaaaaaa1:current", "--graph"],
            "* aaaaaaaaaaa1 -> aaaaaaaaaaa2, Create entries\n\
             * <base> -> aaaaaaaaaaa1, Create accounts\n",
        );
        let (shown, ..) = run(database, &["show", "current"]);
        assert!(shown.starts_with("Rev: aaaaaaaaaaa2 (current)\nParent: aaaaaaaaaaa1\n"), "{shown}");
    });
}

#[test]
fn current_tells_whether_the_database_is_at_all_heads() {
    let database = fresh(Database::Sqlite);
    assert_eq!(run(&database, &["up", "aaaaaaaaaaa1"]).2, 0);
    let (stdout, stderr, code) = run(&database, &["current", "--check-heads"]);
    assert_eq!((stdout.as_str(), code), ("aaaaaaaaaaa1, Create accounts\n", 3));
    assert_eq!(
        stderr,
        "error: the database is not at all heads of the chain\nhint: `heads` lists them, `up heads` goes there\n"
    );
    assert_eq!(run(&database, &["up"]).2, 0);
    assert_eq!(run(&database, &["current", "-c"]).2, 0);
}

#[test]
fn current_in_full_names_the_database_without_its_password() {
    on_each_database(|database| {
        assert_eq!(run(database, &["up", "aaaaaaaaaaa1"]).2, 0);
        let (stdout, ..) = run(database, &["current", "-v"]);
        let (first, rest) = stdout.split_once('\n').unwrap();
        assert!(first.starts_with("Current revision(s) for ") && !first.contains(":rectify@"), "{first}");
        assert!(rest.starts_with("Rev: aaaaaaaaaaa1\n") && rest.ends_with("\n    Create accounts.\n\n"), "{rest}");
    });
}

#[test]
fn a_row_of_another_chain_is_warned_of() {
    let database = fresh(Database::Sqlite);
    assert_eq!(run(&database, &["up", "aaaaaaaaaaa1"]).2, 0);
    database.connect().run("INSERT INTO alembic_version VALUES ('zebra')").unwrap();
    let warning = "warning: the version table holds `zebra`, which is no revision of this chain\n";
    let (stdout, stderr, code) = run(&database, &["current"]);
    assert_eq!((stdout.as_str(), stderr.as_str(), code), ("aaaaaaaaaaa1, Create accounts\nzebra\n", warning, 0));
    let (_, stderr, code) = run(&database, &["history", "-i"]);
    assert_eq!((stderr.as_str(), code), (warning, 0));
    let (_, stderr, code) = run(&database, &["history", "-r", "current:"]);
    assert_eq!(code, 1);
    assert!(stderr.contains("caused by: the version table holds `zebra`"), "{stderr}");
}

#[test]
fn reading_leaves_an_empty_database_empty() {
    on_each_database(|database| {
        // SQLite's file must be there.
        database.connect().run("CREATE TABLE mine (id INTEGER)").unwrap();
        for arguments in [
            &["current"][..],
            &["current", "-v"],
            &["show", "current"],
            &["history", "-i"],
            &["history", "-r", "current:"],
            &["status"],
        ] {
            let (_, stderr, code) = run(database, arguments);
            assert_eq!(code, 0, "{arguments:?}: {stderr}");
        }
        let tables = match database.kind {
            Database::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table'",
            Database::Postgres => {
                "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'"
            }
            Database::Mariadb => "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()",
        };
        assert_eq!(database.texts(tables), ["mine"]);
        assert_eq!(run(database, &["current", "--check-heads"]).2, 3);
    });
}
