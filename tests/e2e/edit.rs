//! `edit current`, which has to ask the database and to find the files.

use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn what_is_current_is_opened() {
    let project = tempfile::tempdir().unwrap();
    let versions = Path::new(env!("CARGO_MANIFEST_DIR")).join("chains/versions");
    let toml = format!("url = \"sqlite:test.db\"\nversions = {:?}\n", versions.to_str().unwrap());
    fs::write(project.path().join("rectify.toml"), toml).unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rectify-test-runner"));
        command.args(arguments).current_dir(project.path()).env("VISUAL", "echo").env("NO_COLOR", "1");
        let output = command.env_remove("DATABASE_URL").env_remove("RECTIFY_TEST_FAIL").output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (text(output.stdout), text(output.stderr), output.status.code().unwrap())
    };
    assert_eq!(run(&["up", "+2"]).2, 0);
    let file = versions.join("2026_01_02_0900-aaaaaaaaaaa2_create_entries.rs");
    assert_eq!(run(&["edit", "current"]), (format!("{}\n", file.display()), String::new(), 0));
    assert_eq!(run(&["down", "base"]).2, 0);
    let error = "error: `current` has no file\nhint: `history` lists the revisions\n";
    assert_eq!(run(&["edit", "current"]), (String::new(), error.to_owned(), 1));
}
