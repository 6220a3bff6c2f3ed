//! `rebase` on a chain that is really compiled, with a database that has applied a part of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, str};

const MANIFEST: &str = r#"[workspace]
[package]
name = "migrations"
edition = "2024"

[lib]
path = "lib.rs"

[[bin]]
name = "migrations"
path = "main.rs"

[dependencies]
rectify = { path = "CRATES/rectify", features = ["mysql", "postgres", "sqlite"] }
rectify-cli = { path = "CRATES/rectify-cli", features = ["runner"] }

# As the workspace of these tests has it, so that what is built there is used here.
[profile.dev]
debug = "line-tables-only"

[profile.dev.package."*"]
debug = false
"#;

const MAIN: &str = "fn main() -> std::process::ExitCode {\n    \
    rectify_cli::run::<migrations::Chain, _>(rectify::AnyConnection::connect)\n}\n";

#[test]
fn what_is_applied_decides_which_branch_is_moved() {
    let project = Project::new("rebase");
    // What `revision` writes compiles: from SQL, and from a template.
    let sql =
        "-- Why.\nCREATE TABLE a1 (x TEXT DEFAULT ';');\nCREATE INDEX \"i\" ON a1 (x);\n-- down\nDROP TABLE a1;\n";
    fs::write(project.folder.join("a1.sql"), sql).unwrap();
    let first = ["revision", "-m", "Create \"a1\"", "--rev-id", "a1", "--sql", "a1.sql"];
    project.check(&[&first[..], &["--branch-label", "main", "--head", "base"]].concat(), 0);
    let toml = project.folder.join("rectify.toml");
    let plain = fs::read_to_string(&toml).unwrap();
    fs::write(&toml, format!("{plain}template = \"data\"\n")).unwrap();
    project.check(&["revision", "-m", "Fill it", "--rev-id", "b2"], 0);
    fs::write(&toml, plain).unwrap();
    project.check(&["up"], 0);
    project.check(&["down", "base"], 0);
    project.check(&["up"], 0);
    // A colleague's branch comes in with git, and is the older one.
    project.write("a9", ", down_revision = \"a1\", created = \"2026-01-01T09:00:00Z\"");
    let forked = project.versions();

    // What is to stay apart is not decided by the tool where a person has said it.
    let said = project.check(&["rebase", "--branch", "b2"], 1);
    assert!(said.contains("error: the database has applied the branch of `b2`, and not that of `a9`\n"), "{said}");
    assert!(
        said.contains("note: no file is changed\nhint: move the other one: `rebase --branch a9 --onto b2`\n"),
        "{said}"
    );
    assert_eq!(project.versions(), forked);

    let said = project.check(&["rebase"], 0);
    assert!(said.contains("the branch of b2 is applied: the other one is moved\n"), "{said}");
    assert!(said.contains("a9 follows b2 instead of a1 (versions/a9.rs)\n"), "{said}");
    assert_eq!(fs::read_to_string(project.folder.join("versions/HEAD")).unwrap(), "a9\n");
    project.check(&["up"], 0);

    // Both branches of a second fork are applied: only a merge joins them.
    project.write("c3", ", down_revision = \"a9\"");
    project.check(&["heads", "--write"], 0);
    project.check(&["up"], 0);
    fs::remove_file(project.folder.join("versions/c3.rs")).unwrap();
    project.write("d4", ", down_revision = \"a9\"");
    project.check(&["heads", "--write"], 0);
    project.insert_row("d4");
    project.write("c3", ", down_revision = \"a9\"");
    let forked = project.versions();
    let said = project.check(&["rebase"], 1);
    assert!(said.contains("error: the database has applied both branches\nnote: no file is changed\n"), "{said}");
    assert!(said.contains("hint: `merge c3 d4` joins the two as they are\n"), "{said}");
    assert_eq!(project.versions(), forked);

    let said = project.check(&["rebase", "--database-url", "sqlite:gone/no.db"], 1);
    assert!(
        said.contains("error: `--color never current --format json` of the runner ended with exit status: 1\n"),
        "{said}"
    );
    assert!(said.contains("hint: `--no-database` moves the branch without asking what is applied\n"), "{said}");
    assert_eq!(project.versions(), forked);
}

#[test]
fn a_second_head_is_told_where_it_stands_behind_the_hooks() {
    let project = Project::new("second_head");
    project.check(&["revision", "-m", "one", "--rev-id", "a1"], 0);
    project.check(&["revision", "-m", "two", "--rev-id", "b2"], 0);
    let said = project.check(&["revision", "-m", "three", "--rev-id", "c3", "--head", "a1", "--splice"], 0);
    let told =
        |said: &str| said.lines().filter(|line| line.starts_with("warning: ")).map(String::from).collect::<Vec<_>>();
    let found = told(&said);
    assert_eq!(found.len(), 2, "{said}");
    // rustfmt has put what the template has on several lines on one.
    assert_eq!(told(&project.check(&["heads"], 0)), found);
}

/// A workspace of its own that shares the folder for what is built.
struct Project {
    folder: PathBuf,
}

impl Project {
    fn new(name: &str) -> Project {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("versions")).unwrap();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let crates = root.join("crates").canonicalize().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
        write("Cargo.toml", &MANIFEST.replace("CRATES", crates.to_str().unwrap()));
        write("build.rs", "fn main() {\n    println!(\"cargo:rerun-if-changed=versions\");\n}\n");
        write("lib.rs", "rectify::versions!(\"versions\");\n");
        write("main.rs", MAIN);
        write("rectify.toml", "url = \"sqlite:test.db\"\nversions = \"versions\"\n");
        fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
        Project { folder }
    }

    fn write(&self, id: &str, keys: &str) {
        let text = format!(
            "use crate::prelude::*;\n\n/// Do {id}.\n#[migration(revision = \"{id}\"{keys})]\n\
             pub fn upgrade(op: &mut Op) -> Result<()> {{\n    op.sql(\"CREATE TABLE {id} (x INTEGER)\")\n}}\n\n\
             pub fn downgrade(op: &mut Op) -> Result<()> {{\n    op.sql(\"DROP TABLE {id}\")\n}}\n"
        );
        fs::write(self.folder.join(format!("versions/{id}.rs")), text).unwrap();
    }

    fn versions(&self) -> Vec<(PathBuf, String)> {
        let entries = fs::read_dir(self.folder.join("versions")).unwrap().map(|entry| entry.unwrap().path());
        let mut files: Vec<_> = entries.map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect();
        files.sort();
        files
    }

    /// As a run on another checkout would have left it.
    fn insert_row(&self, id: &str) {
        use rectify::Database as _;
        let url = format!("sqlite:{}", self.folder.join("test.db").display());
        let mut connection = rectify::AnyConnection::connect(&url, rectify::Create::Never).unwrap();
        connection.run(&format!("INSERT INTO alembic_version VALUES ('{id}')")).unwrap();
    }

    /// What the command says on both streams.
    #[track_caller]
    fn check(&self, arguments: &[&str], code: i32) -> String {
        let output = self.run(arguments);
        let said = [&output.stdout[..], &output.stderr[..]].map(|bytes| str::from_utf8(bytes).unwrap()).concat();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        said
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_rectify-test-from-source"));
        command.args(arguments).current_dir(&self.folder).env("CARGO", env!("CARGO")).env("CARGO_TARGET_DIR", target);
        for name in ["DATABASE_URL", "OUT_DIR", "RUSTFLAGS"] {
            command.env_remove(name);
        }
        command.env("CARGO_NET_OFFLINE", "true").env("NO_COLOR", "1").output().unwrap()
    }
}
