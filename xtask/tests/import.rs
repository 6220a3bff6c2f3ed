//! `import`, through the real program: folders of SQL become migration files, or nothing is written.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use tempfile::TempDir;

/// A folder of Diesel's, and the chain that is made of it, which is compiled and run by the end-to-end tests.
const DIESEL: &str = "../tests/legacy/diesel";
const IMPORTED: &str = "../tests/chains/imported/versions";

#[test]
fn a_folder_of_diesels_becomes_the_chain_that_the_end_to_end_tests_run() {
    let project = Project::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(DIESEL);
    let (stdout, stderr, code) = project.run(&["import", "diesel", folder.to_str().unwrap()]);
    assert_eq!((stdout.lines().count(), stderr.as_str(), code), (4, "", 0));
    let found = files(&project.versions());
    let expected = Path::new(env!("CARGO_MANIFEST_DIR")).join(IMPORTED);
    if env::var_os("RECTIFY_BLESS").is_some() {
        found.iter().for_each(|(name, text)| fs::write(expected.join(name), text).unwrap());
    }
    assert_eq!(found, files(&expected));
}

#[test]
fn a_second_import_takes_only_what_is_new() {
    let project = Project::new();
    project.write("old/2020-01-01-000000_a/up.sql", "CREATE TABLE a (id INTEGER);");
    project.write("old/2020-03-01-000000_c/up.sql", "CREATE TABLE c (id INTEGER);");
    assert_eq!(project.run(&["import", "diesel", "old"]).2, 0);
    project.check(&["import", "diesel", "old"], "nothing to import: all 2 migrations are in the chain\n", "", 0);
    project.write("old/2020-02-01-000000_b/up.sql", "CREATE TABLE b (id INTEGER);");
    project.check(
        &["import", "diesel", "old"],
        "migrations/versions/2020_02_01_0000-20200201000000_b.rs\n",
        "warning: `2020-02-01-000000_b` comes behind `2020-03-01-000000_c`, which was imported before, though its number is lower\n",
        0,
    );
    let history = "20200301000000 -> 20200201000000 (head), B\n20200101000000 -> 20200301000000, C\n<base> -> 20200101000000, A\n";
    project.check(&["history"], history, "", 0);
}

#[test]
fn numbered_files_become_revisions_with_their_numbers() {
    let project = Project::new();
    project.write("sql/002_add_b.sql", "BEGIN;\nCREATE TABLE b (id INTEGER);\nCOMMIT;\n");
    project.write("sql/001_add_a.sql", "CREATE TABLE a (id INTEGER);");
    project.write("sql/001_add_a.down.sql", "DROP TABLE a;");
    project.write(
        "sql/010_add_c.sql",
        "-- migrate:up\nCREATE INDEX CONCURRENTLY c ON a (id);\n-- migrate:down\nDROP INDEX c;\n",
    );
    let (stdout, stderr, code) = project.run(&["import", "sql", "sql"]);
    assert_eq!((stdout.lines().count(), code), (3, 0), "{stderr}");
    assert_eq!(
        stderr,
        "warning: `002_add_b.sql`: its own `BEGIN` and `COMMIT` are left out: a migration is a transaction\n\
         warning: `010_add_c.sql`: `transaction = false`, because of `CREATE INDEX CONCURRENTLY …`\n"
    );
    project.check(&["history"], "002 -> 010 (head), Add c\n001 -> 002, Add b\n<base> -> 001, Add a\n", "", 0);
    let texts: Vec<String> = files(&project.versions()).into_values().collect();
    let all = texts.concat();
    assert!(all.contains("#[migration(revision = \"001\")]\n") && all.contains("op.sql(\"DROP TABLE a\")?;"), "{all}");
    assert!(all.contains("#[migration(revision = \"002\", down_revision = \"001\", irreversible)]\n"), "{all}");
    assert!(all.contains("down_revision = \"002\", transaction = false)]\n"), "{all}");
}

#[test]
fn an_import_can_start_a_branch_of_its_own_or_follow_a_revision() {
    let project = Project::new();
    project.write("sql/1_a.sql", "SELECT 1");
    assert_eq!(project.run(&["import", "sql", "sql", "--branch-label", "legacy"]).2, 0);
    let one = fs::read_to_string(project.versions().join("HEAD")).unwrap();
    project.write("more/2_b.sql", "SELECT 2");
    let (_, stderr, code) = project.run(&["import", "sql", "more", "--head", "base"]);
    assert_eq!(code, 1);
    assert!(stderr.starts_with("error: the chain would be broken\n"), "{stderr}");
    assert_eq!(fs::read_to_string(project.versions().join("HEAD")).unwrap(), one);
    assert_eq!(project.run(&["import", "sql", "more", "--head", "base", "--branch-label", "other"]).2, 0);
    assert_eq!(fs::read_to_string(project.versions().join("HEAD")).unwrap(), "legacy 1\nother 2\n");
    project.write("third/3_c.sql", "SELECT 3");
    assert_eq!(project.run(&["import", "sql", "third", "--head", "other@head"]).2, 0);
    assert_eq!(fs::read_to_string(project.versions().join("HEAD")).unwrap(), "legacy 1\nother 3\n");
}

#[test]
fn nothing_is_written_where_something_is_wrong() {
    let project = Project::new();
    project.write("twins/2020-01-01-000000_a/up.sql", "SELECT 1");
    project.write("twins/20200101000000_b/up.sql", "SELECT 1");
    project.write("empty/README", "");
    project.write("no_up/2020-01-01-000000_a/down.sql", "SELECT 1");
    project.write("bad_sql/1_a.sql", "SELECT 1;");
    project.write("bad_sql/2_b.sql", "SELECT 1;\nSELECT 'it''s;");
    project.write("bad_metadata/1_a/up.sql", "SELECT 1");
    project.write("bad_metadata/1_a/metadata.toml", "run_in_transaction = 7");
    project.write("odd/1_a.sql", "SELECT 1;");
    project.write("odd/schema.sql", "SELECT 1;");
    project.write("same/1_a.sql", "SELECT 1;");
    project.write("same/01_b.sql", "SELECT 1;");
    project.write("orphan/1_a.sql", "SELECT 1;");
    project.write("orphan/2_b.down.sql", "SELECT 1;");
    project.write("both/1_a.sql", "-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 2;");
    project.write("both/1_a.down.sql", "SELECT 1;");
    project.write("long/123456789012345678901234567890123_a/up.sql", "SELECT 1;");
    for (kind, folder, error) in [
        ("diesel", "twins", "`2020-01-01-000000_a` and `20200101000000_b` have the same version"),
        ("diesel", "empty", "no migration of Diesel's in `empty`"),
        ("sql", "empty", "no numbered SQL file in `empty`"),
        ("diesel", "no_up", "`no_up/2020-01-01-000000_a` holds no `up.sql`"),
        ("sql", "bad_sql", "cannot read `bad_sql/2_b.sql`, line 2: a text that begins with ' does not end"),
        ("diesel", "bad_metadata", "cannot read `bad_metadata/1_a/metadata.toml`"),
        ("sql", "odd", "`schema.sql` has no number"),
        ("sql", "same", "`01_b.sql` and `1_a.sql` have the same number"),
        ("sql", "orphan", "`2_b.down.sql` undoes nothing: there is no file with that number"),
        ("sql", "both", "`1_a.sql` has two ways back"),
        (
            "diesel",
            "long",
            "`123456789012345678901234567890123_a` cannot become a revision: its number has 33 characters, and the version table holds 32",
        ),
        ("sql", "nowhere", "cannot read the folder `nowhere`"),
    ] {
        let (stdout, stderr, code) = project.run(&["import", kind, folder]);
        assert_eq!((stdout.as_str(), code), ("", 1), "{folder}: {stderr}");
        assert_eq!(stderr.lines().next().unwrap(), format!("error: {error}"));
        assert!(stderr.contains("\nhint: "), "{folder}: {stderr}");
    }
    assert_eq!(project.run(&["import", "sql", "odd", "--dialect", "oracle"]).2, 2);
    assert_eq!(project.run(&["import", "sql"]).2, 2);
    assert_eq!(files(&project.versions()), BTreeMap::new());
}

#[test]
fn a_revision_that_was_not_imported_from_there_is_not_taken_for_it() {
    let project = Project::new();
    assert_eq!(project.run(&["revision", "-m", "Mine", "--rev-id", "001"]).2, 0);
    project.write("sql/001_theirs.sql", "SELECT 1;");
    let (_, stderr, code) = project.run(&["import", "sql", "sql"]);
    assert_eq!(code, 1);
    assert!(
        stderr.starts_with(
            "error: `001_theirs.sql` cannot be imported: there is a revision `001` already\nhint: it stands in `"
        ),
        "{stderr}"
    );
}

struct Project {
    folder: TempDir,
}

impl Project {
    fn new() -> Project {
        let project = Project { folder: tempfile::tempdir().unwrap() };
        fs::create_dir_all(project.versions()).unwrap();
        project.write("rectify.toml", "");
        project
    }

    fn versions(&self) -> PathBuf {
        self.folder.path().join("migrations/versions")
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    #[track_caller]
    fn check(&self, arguments: &[&str], stdout: &str, stderr: &str, code: i32) {
        assert_eq!(self.run(arguments), (stdout.to_owned(), stderr.to_owned(), code));
    }

    fn run(&self, arguments: &[&str]) -> (String, String, i32) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.arg("migrate").args(arguments).current_dir(self.folder.path()).env_remove("DATABASE_URL");
        let output = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (text(output.stdout), text(output.stderr), output.status.code().unwrap())
    }
}

/// Every file of a folder with its text.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(path).unwrap()))
        .collect()
}
