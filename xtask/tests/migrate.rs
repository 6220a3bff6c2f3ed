//! The commands that are answered from source, through the real program, on chains that never compile: the projects here
//! have no Cargo.toml at all.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

#[test]
fn revision_writes_a_file_and_head() {
    let project = Project::new(&[]);
    let first = project.created(&["revision", "-m", "Create users", "--rev-id", "aaa1"]);
    assert!(first.to_str().unwrap().ends_with("-aaa1_create_users.rs"), "{first:?}");
    let second = project.created(&["revision", "-m", "Add \"e-mail\"\n\nFor everyone."]);
    let text = fs::read_to_string(second).unwrap();
    assert!(text.contains("/// Add \"e-mail\"\n///\n/// For everyone.\n#[migration(\n    revision = "), "{text}");
    assert!(text.contains("    down_revision = \"aaa1\",\n    created = \"2"), "{text}");
    assert!(text.contains(")]\npub fn upgrade(op: &mut Op) -> Result<()> {\n"), "{text}");
    let head = project.head();
    assert!(head.len() == 13 && head.trim_end().chars().all(|c| c.is_ascii_hexdigit()), "{head}");
    project.check(&["heads"], &format!("{} (head), Add \"e-mail\"\n", head.trim_end()), "", 0);
}

#[test]
fn revision_refuses_before_it_writes() {
    let project = Project::new(&[("a1", "", "Create users")]);
    for (arguments, error) in [
        (vec!["-m", ""], "error: the message is empty\nhint: say in a few words what the migration does\n"),
        (vec!["-m", "x", "--rev-id", "a1"], "error: there is a revision `a1` already\nhint: leave `--rev-id` out\n"),
        (vec!["-m", "x", "--branch-label", "a1"], "error: the name `a1` is taken by revision `a1`\n"),
    ] {
        let all = [vec!["revision"], arguments].concat();
        project.check(&all, "", error, 2);
    }
    assert_eq!(fs::read_dir(project.versions()).unwrap().count(), 2, "one migration and HEAD");
}

#[test]
fn history_and_heads_list_the_chain_newest_first() {
    let project = Project::new(&[("a1", "", "Create users."), ("b2", "a1", "Add e-mail."), ("c3", "b2", "Add notes.")]);
    let all = "b2 -> c3 (head), Add notes\na1 -> b2, Add e-mail\n<base> -> a1, Create users\n";
    project.check(&["history"], all, "", 0);
    project.check(&["history", "-r", "b2:"], "b2 -> c3 (head), Add notes\na1 -> b2, Add e-mail\n", "", 0);
    project.check(&["heads"], "c3 (head), Add notes\n", "", 0);
    project.check(&["--color", "always", "heads"], "\x1b[33mc3\x1b[0m\x1b[36m (head)\x1b[0m, Add notes\n", "", 0);
}

#[test]
fn show_prints_all_of_a_revision() {
    let project = Project::new(&[("a1", "", "Create users.")]);
    let path = "migrations/versions/2026_01_01_0000-a1.rs";
    let text = format!("Rev: a1 (head)\nParent: <base>\nPath: {path}\n\n    Create users.\n\n");
    project.check(&["show", "head"], &text, "", 0);
    let error = "error: cannot show `nope`\n\
                 caused by: no revision or branch label is or begins with `nope`\n\
                 hint: `history` lists the revisions of the chain\n";
    project.check(&["show", "nope"], "", error, 1);
}

#[test]
fn a_forked_chain_is_listed_with_its_faults_and_merged() {
    let project = Project::new(&[("a1", "", "Base."), ("b2", "a1", "Left."), ("c3", "a1", "Right.")]);
    let (stdout, stderr, code) = project.run(&["heads"]);
    assert_eq!((stdout.as_str(), code), ("b2 (head), Left\nc3 (head), Right\n", 0));
    let place = "warning: migrations/versions/2026_01_01_0001-b2.rs:2:24: revision `b2` is one of 2 heads";
    assert!(stderr.starts_with(place), "{stderr}");
    let (_, stderr, code) = project.run(&["revision", "-m", "More"]);
    assert!(stderr.contains("error: cannot tell which revision the new one follows\n"), "{stderr}");
    assert_eq!(code, 1);

    let error = "error: `a1` is no head: another revision follows it already\n\
                 hint: `heads` lists the heads; `--splice` starts a branch from there\n";
    project.check(&["merge", "a1", "b2"], "", error, 1);
    let merge = project.created(&["merge", "--rev-id", "d4"]);
    assert!(fs::read_to_string(merge).unwrap().contains("down_revision = [\"b2\", \"c3\"]"));
    assert_eq!(project.head(), "d4\n");
    project.check(&["heads"], "d4 (head) (mergepoint), Merge branches\n", "", 0);
}

#[test]
fn a_stale_head_is_reported_and_mended() {
    let project = Project::new(&[("a1", "", "Base.")]);
    fs::write(project.versions().join("HEAD"), "<<<<<<< ours\nx\n").unwrap();
    let (stdout, stderr, code) = project.run(&["heads"]);
    assert_eq!((stdout.as_str(), code), ("a1 (head), Base\n", 0));
    assert!(stderr.contains("`cargo xtask migrate heads --write`"), "{stderr}");
    project.check(&["heads", "--write"], "a1 (head), Base\n", "", 0);
    assert_eq!(project.head(), "a1\n");
}

#[test]
fn a_file_that_is_not_rust_does_not_lock_anybody_out() {
    let project = Project::new(&[("a1", "", "Base.")]);
    fs::write(project.versions().join("2026_02_02_0000-b2.rs"), "pub fn upgrade(").unwrap();
    let (stdout, stderr, code) = project.run(&["history"]);
    assert_eq!((stdout.as_str(), code), ("<base> -> a1 (head), Base\n", 0));
    assert!(stderr.contains("2026_02_02_0000-b2.rs:1:"), "{stderr}");
}

#[test]
fn mistakes_in_the_configuration_name_file_and_line() {
    let project = Project::new(&[("a1", "", "Base.")]);
    fs::write(project.path().join("rectify.toml"), "# one\nverions = \"x\"\n").unwrap();
    project.check(&["heads"], "", "error: rectify.toml:2: unknown key `verions`\nhint: did you mean `versions`?\n", 2);
    let error = "error: cannot read `other.toml`\ncaused by: No such file or directory (os error 2)\n";
    project.check(&["heads", "--config", "other.toml"], "", error, 2);
}

#[test]
fn wrong_usage_is_exit_code_2() {
    let project = Project::new(&[]);
    for arguments in [&["bogus"][..], &["down"], &["revision"], &["up", "--lock-timeout", "soon"], &[]] {
        assert_eq!(project.run(arguments).2, 2, "{arguments:?}");
    }
    assert_eq!(project.run(&["--help"]).2, 0);
}

/// A folder with a versions folder and nothing that could be compiled.
struct Project {
    folder: TempDir,
}

impl Project {
    /// Revisions as (id, parent or nothing, message), oldest first.
    fn new(revisions: &[(&str, &str, &str)]) -> Project {
        let project = Project { folder: tempfile::tempdir().unwrap() };
        fs::create_dir_all(project.versions()).unwrap();
        fs::write(project.path().join("rectify.toml"), "").unwrap();
        for (number, (id, parent, message)) in revisions.iter().enumerate() {
            let parent = if parent.is_empty() { String::new() } else { format!(", down_revision = \"{parent}\"") };
            let text = format!(
                "/// {message}\n#[migration(revision = \"{id}\"{parent})]\npub fn upgrade() {{}}\npub fn downgrade() {{}}\n"
            );
            fs::write(project.versions().join(format!("2026_01_01_000{number}-{id}.rs")), text).unwrap();
        }
        if let Some((id, ..)) = revisions.last() {
            fs::write(project.versions().join("HEAD"), format!("{id}\n")).unwrap();
        }
        project
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn versions(&self) -> PathBuf {
        self.path().join("migrations/versions")
    }

    fn head(&self) -> String {
        fs::read_to_string(self.versions().join("HEAD")).unwrap()
    }

    /// Runs a command that writes a migration, and gives the file that it names.
    #[track_caller]
    fn created(&self, arguments: &[&str]) -> PathBuf {
        let (stdout, stderr, code) = self.run(arguments);
        assert_eq!((stderr.as_str(), code), ("", 0));
        self.path().join(stdout.trim_end())
    }

    #[track_caller]
    fn check(&self, arguments: &[&str], stdout: &str, stderr: &str, code: i32) {
        assert_eq!(self.run(arguments), (stdout.to_owned(), stderr.to_owned(), code));
    }

    fn run(&self, arguments: &[&str]) -> (String, String, i32) {
        let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .arg("migrate")
            .args(arguments)
            .current_dir(self.path())
            .env_remove("DATABASE_URL")
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (text(output.stdout), text(output.stderr), output.status.code().unwrap())
    }
}
