//! What `rectify.toml` says about databases and chains, through the runner binary.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

const FLEET: &str = r#"
[databases.eu]
url = "sqlite:eu.db"

[databases.us]
url = "env:US_URL"
version_table = "us_version"

[chains.other]
versions = "other"

[chains.other.databases.eu]
url = "sqlite:other.db"
"#;

fn project(toml: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("rectify.toml"), toml).unwrap();
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> (String, String, i32) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rectify-test-runner"));
    command.args(arguments).current_dir(folder).env_remove("RECTIFY_TEST_FAIL").env("NO_COLOR", "1");
    let output = command.env("DATABASE_URL", "sqlite:env.db").env("US_URL", "sqlite:us.db").output().unwrap();
    let text = |bytes: &[u8]| std::str::from_utf8(bytes).unwrap().to_owned();
    (text(&output.stdout), text(&output.stderr), output.status.code().unwrap())
}

#[test]
fn a_database_is_chosen_by_name_whatever_the_environment_says() {
    let project = project(FLEET);
    let exists = |name: &str| project.path().join(name).exists();
    assert_eq!(run(project.path(), &["up", "--database", "eu"]).2, 0);
    assert!(exists("eu.db") && !exists("env.db") && !exists("us.db"));
    assert_eq!(run(project.path(), &["up"]).2, 0);
    assert!(exists("env.db") && !exists("us.db"));
    assert_eq!(run(project.path(), &["up", "--chain", "other", "--database", "eu"]).2, 0);
    assert!(exists("other.db") && !exists("us.db"));

    let (_, stderr, code) = run(project.path(), &["up", "--database", "uss"]);
    let error = "error: no database is named `uss`\nhint: did you mean `us`?\nhint: `rectify.toml` names `eu`, `us`\n";
    assert_eq!((stderr.as_str(), code), (error, 2));
    let (_, stderr, code) = run(project.path(), &["up", "--chain", "othr"]);
    let error = "error: no chain is named `othr`\nhint: did you mean `other`?\nhint: `rectify.toml` names `other`\n";
    assert_eq!((stderr.as_str(), code), (error, 2));
    assert_eq!(run(project.path(), &["up", "--database", "us", "--database-url", "x.db"]).2, 2);
    assert_eq!(run(project.path(), &["up", "--database", "us", "--all-databases"]).2, 2);
}

#[test]
fn all_databases_are_migrated_in_the_order_of_the_file() {
    let project = project(FLEET);
    let (_, stderr, code) = run(project.path(), &["up", "+1", "--all-databases"]);
    assert_eq!(code, 0, "{stderr}");
    let headings: Vec<&str> = stderr.lines().filter(|line| line.starts_with("database ")).collect();
    assert_eq!(headings, ["database eu:", "database us:"]);
    let (stdout, _, code) = run(project.path(), &["current", "--all-databases"]);
    assert_eq!((stdout.as_str(), code), ("aaaaaaaaaaa1, Create accounts\naaaaaaaaaaa1, Create accounts\n", 0));
    assert!(!project.path().join("env.db").exists());
}

#[test]
fn the_first_failure_ends_the_round_and_is_its_exit_code() {
    let project = project(FLEET);
    assert_eq!(run(project.path(), &["up", "--database", "us"]).2, 0);
    let (_, stderr, code) = run(project.path(), &["status", "--check", "--all-databases"]);
    assert_eq!(code, 1, "{stderr}");
    assert!(stderr.starts_with("database eu:\nerror: "), "{stderr}");
    assert!(stderr.contains("note: this was the database `eu`\nnote: not begun: `us`\n"), "{stderr}");
    assert_eq!(run(project.path(), &["up", "+1", "--database", "eu"]).2, 0);
    assert_eq!(run(project.path(), &["status", "--check", "--all-databases"]).2, 3);
    assert_eq!(run(project.path(), &["up", "--all-databases"]).2, 0);
    assert_eq!(run(project.path(), &["status", "--check", "--all-databases"]).2, 0);
    let (_, stderr, code) = run(project.path(), &["up", "--chain", "othr", "--all-databases"]);
    assert!(stderr.contains("no chain is named `othr`") && code == 2, "{stderr}");
}

#[test]
fn an_unset_variable_stops_a_round_before_its_first_database() {
    let project = project(&FLEET.replace("US_URL", "RECTIFY_TEST_UNSET_URL"));
    let (_, stderr, code) = run(project.path(), &["up", "--all-databases"]);
    let error =
        "error: `url` of the database `us` names the environment variable `RECTIFY_TEST_UNSET_URL`, which is not set\n";
    assert!(stderr.starts_with(error) && code == 2, "{stderr}");
    assert!(!project.path().join("eu.db").exists());
}
