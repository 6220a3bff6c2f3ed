//! `rectify init`, through the real program, in workspaces that are really compiled afterwards.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

const WORKSPACE: &str = "\
# Ours.
[workspace]
resolver = \"3\"
members = [
    \"app\", # the application
]

# As the workspace of these tests has it, so that what is built there is used here.
[profile.dev]
debug = \"line-tables-only\"

[profile.dev.package.\"*\"]
debug = false
";

const APP: &str = "[package]\nname = \"app\"\nedition = \"2024\"\n";

#[test]
fn the_first_migration_is_written_and_applied_straight_after() {
    let project = Project::new(&[("Cargo.toml", WORKSPACE), ("app/Cargo.toml", APP), ("app/src/lib.rs", "")]);
    let checkout = checkout();
    let init = ["init", "--path", checkout.to_str().unwrap()];
    let (stdout, stderr, code) = project.rectify(&init);
    assert_eq!((stderr.as_str(), code), ("", 0));
    let wanted = "created migrations/Cargo.toml\n\
                  created migrations/build.rs\n\
                  created migrations/lib.rs\n\
                  created migrations/main.rs\n\
                  created migrations/versions/HEAD\n\
                  created xtask/Cargo.toml\n\
                  created xtask/src/main.rs\n\
                  created rectify.toml\n\
                  changed Cargo.toml\n\
                  created .cargo/config.toml\n";
    assert_eq!(stdout, wanted);
    let cargo = project.read("Cargo.toml");
    let members = "members = [\n    \"app\", # the application\n    \"migrations\",\n    \"xtask\",\n]\n";
    assert!(cargo.contains(members), "{cargo}");

    fs::copy(checkout.join("Cargo.lock"), project.path().join("Cargo.lock")).unwrap();
    let (stdout, stderr, code) = project.cargo(&["xtask", "migrate", "revision", "-m", "first"]);
    assert!(code == 0 && stdout.starts_with("migrations/versions/"), "{stdout}{stderr}");
    let (stdout, stderr, code) = project.cargo(&["xtask", "migrate", "up"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.starts_with("applied 1 revision in "), "{stdout}");
    assert!(project.path().join("target/rectify.db").is_file());
    assert!(!stderr.contains("warning"), "{stderr}");
    let (stdout, stderr, code) = project.cargo(&["test", "--package", "migrations"]);
    assert_eq!(code, 0, "{stdout}{stderr}");
    for test in ["each_revision_goes_up_and_down_and_up_again", "the_chain_leads_to_the_models"] {
        assert!(stdout.contains(&format!("test migrations_test_suite::{test} ... ok\n")), "{stdout}");
    }
    assert!(!stderr.contains("warning"), "{stderr}");
    let (_, stderr, code) = project.cargo(&["xtask", "sing"]);
    assert_eq!((stderr.as_str(), code), ("usage: cargo xtask migrate COMMAND\n", 2));

    // A second time there is nothing left to do.
    let (stdout, stderr, code) = project.rectify(&init);
    assert_eq!((stderr.as_str(), code), ("", 0));
    assert!(stdout.lines().all(|line| line.starts_with("left alone ")), "{stdout}");
}

#[test]
fn an_alias_that_runs_another_package_is_told() {
    let config = "[alias]\nxtask = \"run -p tasks --\"\n";
    let project = Project::new(&[("Cargo.toml", APP), ("src/lib.rs", ""), (".cargo/config.toml", config)]);
    let (stdout, stderr, code) = project.rectify(&["init"]);
    assert!(code == 0 && stdout.ends_with("left alone .cargo/config.toml\n"), "{stdout}");
    assert!(stderr.starts_with("warning: `cargo xtask` is `cargo run -p tasks --` here: "), "{stderr}");
    assert_eq!(project.read(".cargo/config.toml"), config);
}

#[test]
fn a_package_alone_becomes_a_workspace() {
    let project = Project::new(&[("Cargo.toml", APP), ("src/lib.rs", "")]);
    let (_, stderr, code) = project.rectify(&["init", "database", "--backend", "postgres"]);
    assert_eq!((stderr.as_str(), code), ("", 0));
    assert_eq!(project.read("Cargo.toml"), format!("{APP}\n[workspace]\nmembers = [\"database\", \"xtask\"]\n"));
    let manifest = project.read("database/Cargo.toml");
    assert!(manifest.contains("\nrectify = { version = \"0.1.0\", features = [\"postgres\"] }\n"), "{manifest}");
    assert!(project.read("rectify.toml").contains("url = \"env:DATABASE_URL\"\n"));
    assert!(project.read("rectify.toml").contains("versions = \"database/versions\"\npackage = \"database\"\n"));
    assert!(manifest.ends_with("rectify = { version = \"0.1.0\", features = [\"testing\"] }\n"), "{manifest}");
    let lib = project.read("database/lib.rs");
    assert!(
        lib.contains("RECTIFY_TEST_DATABASE_URL names\n// (postgres://") && lib.ends_with("rectify::test_suite!();\n"),
        "{lib}"
    );
    assert!(project.read("database/main.rs").contains("rectify_cli::run::<database::Chain, _>"));
}

#[test]
fn an_xtask_that_is_there_is_told_what_to_add() {
    let project = Project::new(&[
        ("Cargo.toml", "[workspace]\nmembers = [\"tools/*\"]\n"),
        ("tools/tasks/Cargo.toml", "[package]\nname = \"xtask\"\n"),
        ("tools/tasks/src/main.rs", "fn main() {}"),
        (".cargo/config.toml", "[alias]\nxtask = \"run -p xtask --\"\n"),
    ]);
    let (stdout, stderr, code) = project.rectify(&["init", "--git", "https://example.org/rectify"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.ends_with("changed Cargo.toml\nleft alone .cargo/config.toml\n"), "{stdout}");
    assert_eq!(
        stderr,
        "warning: `tools/tasks/Cargo.toml` does not depend on rectify-cli: add `rectify-cli = { git = \
         \"https://example.org/rectify\", default-features = false }` to its [dependencies]\n\
         warning: `tools/tasks/src/main.rs` has no `migrate`: for `cargo xtask migrate …` let it return \
         `rectify_cli::from_source(\"cargo xtask migrate\", arguments)`, with the arguments behind `migrate`\n"
    );
    assert_eq!(project.read("Cargo.toml"), "[workspace]\nmembers = [\"tools/*\", \"migrations\"]\n");
    assert_eq!(project.read("tools/tasks/src/main.rs"), "fn main() {}");
    assert!(!project.path().join("xtask").exists());
}

#[test]
fn nothing_is_written_where_something_is_wrong() {
    let project = Project::new(&[]);
    project.refused(&["init"], "error: this is no Cargo workspace\n", 1);
    assert_eq!(fs::read_dir(project.path()).unwrap().count(), 0);

    let project = Project::new(&[
        ("Cargo.toml", APP),
        ("src/lib.rs", ""),
        ("migrations/2026-01-01-000000_create_users/up.sql", ""),
    ]);
    let said = "error: `migrations` holds migrations of diesel_cli, such as \
                `migrations/2026-01-01-000000_create_users`\nhint: name another folder, as in `rectify init rectify-";
    project.refused(&["init"], said, 1);
    project.refused(&["init", "app"], "error: there is a package `app` already", 1);
    project.refused(&["init", "db", "--path", "nowhere"], "error: `", 2);
    project.refused(&["init", "../outside"], "error: `", 2);
    project.refused(&["init", "2nd"], "error: `2nd` cannot be the name of the migrations' package\n", 2);
    project.refused(&["init", "db", "--database", "sqlite"], "error: there are no databases to choose from yet\n", 2);
    project.refused(&["init", "db", "--path", "a", "--git", "b"], "error: ", 2);
    assert_eq!(project.read("Cargo.toml"), APP);
    assert!(!project.path().join("rectify.toml").exists() && !project.path().join("db").exists());
}

/// A folder of its own, away from every other workspace.
struct Project {
    folder: TempDir,
}

impl Project {
    fn new(files: &[(&str, &str)]) -> Project {
        let project = Project { folder: tempfile::tempdir().unwrap() };
        for (file, text) in files {
            let file = project.path().join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        project
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path().join(file)).unwrap()
    }

    fn rectify(&self, arguments: &[&str]) -> (String, String, i32) {
        self.run(Command::new(env!("CARGO_BIN_EXE_rectify")).args(arguments))
    }

    /// Shares what is built with these tests, programs excepted: two programs here have the names of programs there.
    fn cargo(&self, arguments: &[&str]) -> (String, String, i32) {
        let built = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
        let mut command = Command::new(env!("CARGO"));
        command.args(arguments).env("CARGO_BUILD_BUILD_DIR", built).env("CARGO_TARGET_DIR", self.path().join("target"));
        command.env_remove("RUSTFLAGS").env_remove("OUT_DIR").env_remove("DATABASE_URL");
        self.run(&mut command)
    }

    #[track_caller]
    fn refused(&self, arguments: &[&str], error: &str, code: i32) {
        let (stdout, stderr, exit) = self.rectify(arguments);
        assert!(stderr.starts_with(error), "{stderr}");
        assert!(stderr.contains("\nhint: ") || stderr.contains("\nUsage: "), "{stderr}");
        assert_eq!((stdout.as_str(), exit), ("", code));
    }

    fn run(&self, command: &mut Command) -> (String, String, i32) {
        let output = command.current_dir(self.path()).env("NO_COLOR", "1").output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (text(output.stdout), text(output.stderr), output.status.code().unwrap())
    }
}

/// This repository.
fn checkout() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}
