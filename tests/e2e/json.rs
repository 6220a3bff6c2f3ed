//! `--format json`: what is printed has the fields that `docs/json.md` describes, with values of the same types.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use rectify_tests::{Database, TestDatabase, fresh, on_each_database};
use serde_json::{Value, json};

fn run(database: &TestDatabase, arguments: &[&str]) -> (String, String, i32) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rectify-test-runner"));
    command.args(arguments).args(["--format", "json"]).current_dir(std::env::temp_dir());
    let output = command.env("DATABASE_URL", &database.url).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code().unwrap_or(-1))
}

#[track_caller]
fn said(database: &TestDatabase, arguments: &[&str]) -> Value {
    let (stdout, stderr, _) = run(database, arguments);
    serde_json::from_str(&stdout).unwrap_or_else(|error| panic!("{arguments:?}: {error}\n{stdout}{stderr}"))
}

#[test]
fn the_fields_are_those_of_the_documentation() {
    let database = fresh(Database::Sqlite);
    prepare(&database, "aaaaaaaaaaa4");
    for (arguments, section) in [
        (&["heads"][..], "`heads`, `branches`, `history`, `show`"),
        (&["history"], "`heads`, `branches`, `history`, `show`"),
        (&["show", "head"], "`heads`, `branches`, `history`, `show`"),
        (&["branches"], "`heads`, `branches`, `history`, `show`"),
        (&["current"], "`current`"),
        (&["status"], "`status`"),
        (&["check"], "`check`"),
        (&["verify"], "`verify`"),
    ] {
        same_shape(&said(&database, arguments), &example(section), &format!("{arguments:?}"));
    }
    let revision = said(&database, &["show", "head"])["revisions"][0].clone();
    let fields: BTreeSet<String> = revision.as_object().unwrap().keys().cloned().collect();
    assert_eq!(fields, table("A revision"));
    for command in ["current", "status", "check", "verify"] {
        let fields: BTreeSet<String> = said(&database, &[command]).as_object().unwrap().keys().cloned().collect();
        assert_eq!(fields, table(&format!("`{command}`")), "{command}");
    }
}

#[test]
fn the_values_are_those_of_the_database() {
    on_each_database(|database| {
        prepare(database, "aaaaaaaaaaa2");
        let current = said(database, &["current"]);
        assert_eq!(current["rows"], Value::from(["aaaaaaaaaaa2"].as_slice()));
        assert_eq!(current["revisions"][0]["down_revisions"], Value::from(["aaaaaaaaaaa1"].as_slice()));
        assert_eq!((&current["revisions"][0]["is_current"], &current["is_at_heads"]), (&true.into(), &false.into()));
        assert!(!current["database"].as_str().unwrap().contains(":rectify@"), "{current}");
        let history = said(database, &["history", "-i", "-r", "aaaaaaaaaaa1:aaaaaaaaaaa3"]);
        let marks: Vec<&Value> =
            history["revisions"].as_array().unwrap().iter().map(|one| &one["is_current"]).collect();
        assert_eq!(marks, [&Value::from(false), &true.into(), &false.into()]);
        assert_eq!(said(database, &["history"])["revisions"][0]["is_current"], Value::Null);
    });
}

#[test]
fn what_was_cut_off_is_told_by_each_command_that_looks() {
    on_each_database(|database| {
        if database.kind != Database::Mariadb {
            return;
        }
        let mut command = Command::new(env!("CARGO_BIN_EXE_rectify-test-runner"));
        command.arg("up").current_dir(std::env::temp_dir()).env("DATABASE_URL", &database.url);
        assert_eq!(command.env("RECTIFY_TEST_FAIL", "1").output().unwrap().status.code(), Some(1));
        for (arguments, clean) in [("status", "is_up_to_date"), ("check", "is_clean")] {
            let answer = said(database, &[arguments]);
            assert_eq!(
                answer["unfinished"],
                json!([{ "direction": "upgrade", "revision": "aaaaaaaaaaa5" }]),
                "{answer}"
            );
            assert_eq!(answer[clean], false);
            same_shape(&answer, &example(&format!("`{arguments}`")), arguments);
        }
    });
}

#[test]
fn exit_codes_and_errors_are_as_with_text() {
    let database = fresh(Database::Sqlite);
    prepare(&database, "aaaaaaaaaaa2");
    let (stdout, stderr, code) = run(&database, &["status", "--check"]);
    assert_eq!(code, 3);
    assert!(stdout.starts_with('{') && stderr.starts_with("error: the database is not up to date\n"), "{stderr}");
    let (stdout, stderr, code) = run(&database, &["show", "nope"]);
    assert_eq!((stdout.as_str(), code), ("", 1));
    assert!(stderr.starts_with("error: cannot show `nope`\n"), "{stderr}");
    let (stdout, stderr, code) = run(&database, &["up"]);
    assert_eq!((stdout.as_str(), code), ("", 2), "only commands that read have it");
    assert!(stderr.contains("--format"), "{stderr}");
}

/// A database at the revision.
fn prepare(database: &TestDatabase, revision: &str) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rectify-test-runner"));
    command.args(["up", revision, "--quiet"]).current_dir(std::env::temp_dir());
    assert!(command.env("DATABASE_URL", &database.url).status().unwrap().success());
}

/// The same fields with the same types. `null` stands for any, and an empty list for a list of any.
#[track_caller]
fn same_shape(said: &Value, documented: &Value, place: &str) {
    match (said, documented) {
        (Value::Object(said), Value::Object(documented)) => {
            let fields: BTreeSet<&String> = said.keys().collect();
            assert_eq!(fields, documented.keys().collect(), "{place}");
            said.iter().for_each(|(field, said)| same_shape(said, &documented[field], &format!("{place} {field}")));
        }
        (Value::Array(said), Value::Array(documented)) => {
            let Some(documented) = documented.first() else { return };
            said.iter().for_each(|said| same_shape(said, documented, place));
        }
        (Value::String(_), Value::String(_)) | (Value::Bool(_), Value::Bool(_)) => {}
        (Value::Null, _) | (_, Value::Null) => {}
        _ => panic!("{place}: {said} is not of the type of {documented}"),
    }
}

/// The example under a heading of the documentation.
fn example(heading: &str) -> Value {
    let section = section(heading);
    let example = section.split("```json\n").nth(1).and_then(|rest| rest.split("```").next());
    serde_json::from_str(example.unwrap_or_else(|| panic!("no example under {heading}"))).unwrap()
}

/// The fields in the table under a heading.
fn table(heading: &str) -> BTreeSet<String> {
    let rows = section(heading);
    rows.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next().map(str::to_owned)).collect()
}

fn section(heading: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("docs/json.md");
    let text = fs::read_to_string(file).unwrap();
    let section = text.split("\n## ").find(|section| section.starts_with(&format!("{heading}\n")));
    section.unwrap_or_else(|| panic!("no heading {heading}")).to_owned()
}
