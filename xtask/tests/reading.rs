//! The commands that read a chain with branches, from source, through the real program.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::process::Command;

use tempfile::TempDir;

/// Two trees: one with a fork and a merge, one that depends on it.
const SHOP: &[(&str, &str)] = &[
    ("account1", ""),
    ("login2", "down_revision = \"account1\""),
    ("cart3", "down_revision = \"account1\", branch_labels = [\"cart\"]"),
    ("items4", "down_revision = \"cart3\", created = \"2026-01-04 09:00\""),
    ("merge5", "down_revision = [\"login2\", \"items4\"]"),
    ("network1", "depends_on = \"cart\", branch_labels = [\"network\"]"),
];

#[test]
fn history_draws_branches_and_merges() {
    let project = Project::new(SHOP);
    project.check(
        &["history"],
        "*   login2, items4 -> merge5 (cart) (head) (mergepoint), Do merge5\n\
         |\\\n\
         * | account1 -> login2, Do login2\n\
         | | * <base> (cart) -> network1 (network) (head), Do network1\n\
         | * cart3 -> items4 (cart), Do items4\n\
         | * account1 -> cart3 (cart), Do cart3\n\
         |/\n\
         * <base> -> account1 (branchpoint), Do account1\n",
    );
    project.check(
        &["history", "-r", "cart3:items4"],
        "cart3 -> items4 (cart), Do items4\naccount1 -> cart3 (cart), Do cart3\n",
    );
    project.check(
        &["history", "--graph", "-r", "cart3:items4"],
        "* cart3 -> items4 (cart), Do items4\n* account1 -> cart3 (cart), Do cart3\n",
    );
    let (plain, ..) = project.run(&["history", "--no-graph"]);
    assert!(plain.starts_with("login2, items4 -> merge5"), "{plain}");
}

#[test]
fn history_in_full_stands_beside_the_drawing() {
    let project = Project::new(SHOP);
    let (stdout, ..) = project.run(&["history", "-v", "-r", "login2:merge5"]);
    assert!(stdout.starts_with("Rev: merge5 (head) (mergepoint)\nMerges: login2, items4\n"), "straight: {stdout}");
    let (stdout, ..) = project.run(&["history", "-v", "-r", ":merge5"]);
    let top = "*   Rev: merge5 (head) (mergepoint)\n\
               |\\  Merges: login2, items4\n\
               | | Branch names: cart\n\
               | | Path: migrations/versions/5-merge5.rs\n\
               | |\n\
               | |     Do merge5.\n\
               | |\n\
               * | Rev: login2\n";
    assert!(stdout.starts_with(top), "{stdout}");
}

#[test]
fn a_drawing_has_a_colour_for_each_line() {
    let project = Project::new(&SHOP[..3]);
    let (stdout, ..) = project.run(&["--color", "always", "history"]);
    let lines: Vec<&str> = stdout.lines().collect();
    assert!(lines[0].starts_with("\x1b[31m*\x1b[0m "), "{stdout:?}");
    assert!(lines[1].starts_with("\x1b[31m|\x1b[0m \x1b[32m*\x1b[0m "), "{stdout:?}");
    assert_eq!(lines[2], "\x1b[31m|\x1b[0m\x1b[32m/\x1b[0m");
}

#[test]
fn branches_and_heads() {
    let project = Project::new(SHOP);
    let branches = "account1 (branchpoint)\n         -> login2\n         -> cart3 (cart)\n\n";
    project.check(&["branches"], branches);
    let (stdout, ..) = project.run(&["branches", "-v"]);
    assert!(
        stdout.starts_with("Rev: account1 (branchpoint)\nParent: <base>\nBranches into: login2, cart3\n"),
        "{stdout}"
    );
    assert!(stdout.ends_with("\n         -> login2, Do login2\n         -> cart3 (cart), Do cart3\n\n"), "{stdout}");
    project.check(&["heads"], "merge5 (cart) (head) (mergepoint), Do merge5\nnetwork1 (network) (head), Do network1\n");

    let project = Project::new(&[("a1", ""), ("b1", "depends_on = \"a1\", branch_labels = [\"b\"]")]);
    project.check(&["heads"], "a1 (effective head), Do a1\nb1 (b) (head), Do b1\n");
    project.check(&["heads", "--resolve-dependencies"], "b1 (b) (head), Do b1\n");
}

#[test]
fn show_takes_several_and_steps_down_from_the_heads() {
    let project = Project::new(SHOP);
    let shown = |arguments: &[&str]| -> Vec<String> {
        let (stdout, stderr, code) = project.run(&[&["show"], arguments].concat());
        assert_eq!(code, 0, "{stderr}");
        stdout.lines().filter_map(|line| line.strip_prefix("Rev: ").map(str::to_owned)).collect()
    };
    assert_eq!(shown(&["items4", "acc", "items"]), ["items4", "account1 (branchpoint)"]);
    assert_eq!(shown(&["heads"]), ["merge5 (head) (mergepoint)", "network1 (head)"]);
    assert_eq!(shown(&["network@-1"]), Vec::<String>::new(), "before its first");
    assert_eq!(shown(&["base"]), Vec::<String>::new());
    let (stdout, ..) = project.run(&["show", "items4"]);
    assert!(stdout.contains("\nCreate Date: 2026-01-04 09:00\n"), "{stdout}");
    let (_, stderr, code) = project.run(&["show", "items4", "itmes4"]);
    assert_eq!(code, 1);
    assert!(stderr.contains("error: cannot show `itmes4`\n") && stderr.contains("did you mean `items4`?"), "{stderr}");
}

#[test]
fn json_is_one_object_also_of_a_chain_with_mistakes() {
    let project = Project::new(SHOP);
    let json = |arguments: &[&str]| -> serde_json::Value {
        let (stdout, _, code) = project.run(&[arguments, &["--format", "json"]].concat());
        assert_eq!(code, 0);
        serde_json::from_str(&stdout).unwrap()
    };
    let heads = json(&["heads"]);
    assert_eq!(heads["revisions"][0]["down_revisions"], serde_json::json!(["login2", "items4"]));
    assert_eq!(heads["revisions"][1]["depends_on"], serde_json::json!(["cart"]));
    assert_eq!(json(&["branches"])["revisions"][0]["children"], serde_json::json!(["login2", "cart3"]));
    let shown = &json(&["show", "items4"])["revisions"][0];
    assert_eq!(shown["created"], "2026-01-04 09:00");
    assert_eq!((&shown["branch_labels"], &shown["is_head"]), (&serde_json::json!(["cart"]), &false.into()));
    assert_eq!(json(&["history"])["revisions"].as_array().unwrap().len(), SHOP.len());
}

#[test]
fn what_only_the_database_knows_is_asked_of_the_runner() {
    let project = Project::new(&SHOP[..1]);
    for arguments in [
        &["history", "-i"][..],
        &["history", "--rev-range", "current:"],
        &["history", "-r", ":current"],
        &["show", "account1", "current"],
    ] {
        let (stdout, stderr, code) = project.run(arguments);
        assert!(stderr.contains("error: cannot build the runner, package `migrations`"), "{arguments:?}: {stderr}");
        assert_eq!((stdout.as_str(), code), ("", 1));
    }
}

#[test]
fn several_folders_make_one_chain() {
    let project = Project::new(&[("a1", "")]);
    let versions = project.folder.path().join("migrations/versions");
    let more = project.folder.path().join("vendor/2026");
    fs::create_dir_all(&more).unwrap();
    let text = fs::read_to_string(versions.join("1-a1.rs")).unwrap();
    fs::write(more.join("b2.rs"), text.replace("a1", "b2").replace("\"b2\")", "\"b2\", down_revision = \"a1\")"))
        .unwrap();
    let configure = |text: &str| fs::write(project.folder.path().join("rectify.toml"), text).unwrap();

    configure("versions = [\"migrations/versions\", \"vendor\"]\n");
    project.check(&["heads"], "a1 (head), Do a1\n");
    configure("versions = [\"migrations/versions\", \"vendor\", \"vendor/2026\"]\nrecursive = true\n");
    project.check(&["history"], "a1 -> b2 (head), Do b2\n<base> -> a1, Do a1\n");
    let (stdout, ..) = project.run(&["show", "b2"]);
    assert!(stdout.contains("\nPath: vendor/2026/b2.rs\n"), "{stdout}");
    project.check(&["heads", "--write"], "b2 (head), Do b2\n");
    assert_eq!(fs::read_to_string(versions.join("HEAD")).unwrap(), "b2\n");

    configure("versions = [\"migrations/versions\", \"vendro\"]\n");
    let (stdout, stderr, code) = project.run(&["heads"]);
    assert_eq!((stdout.as_str(), code), ("", 1));
    assert!(stderr.starts_with("error: cannot read the migrations\ncaused by: cannot read `vendro`\n"), "{stderr}");
}

/// A folder with a versions folder and nothing that could be compiled.
struct Project {
    folder: TempDir,
}

impl Project {
    /// Revisions as (id, further keys of their attribute), in load order.
    fn new(revisions: &[(&str, &str)]) -> Project {
        let folder = tempfile::tempdir().unwrap();
        let versions = folder.path().join("migrations/versions");
        fs::create_dir_all(&versions).unwrap();
        fs::write(folder.path().join("rectify.toml"), "").unwrap();
        for (place, (id, keys)) in revisions.iter().enumerate() {
            let keys = if keys.is_empty() { String::new() } else { format!(", {keys}") };
            let text = format!(
                "/// Do {id}.\n#[migration(revision = \"{id}\"{keys})]\npub fn upgrade() {{}}\npub fn downgrade() {{}}\n"
            );
            fs::write(versions.join(format!("{}-{id}.rs", place + 1)), text).unwrap();
        }
        Project { folder }
    }

    /// What the chain has to complain about is not looked at: that it has several heads, for example.
    #[track_caller]
    fn check(&self, arguments: &[&str], stdout: &str) {
        let (said, stderr, code) = self.run(arguments);
        assert_eq!((said.as_str(), code), (stdout, 0), "{stderr}");
    }

    fn run(&self, arguments: &[&str]) -> (String, String, i32) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.arg("migrate").args(arguments).current_dir(self.folder.path()).env_remove("DATABASE_URL");
        let output = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (text(output.stdout), text(output.stderr), output.status.code().unwrap())
    }
}
