//! `rebase` without a database that is asked: these projects have no Cargo.toml. The rest is tested where chains are compiled.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::project::Project;

/// Two branches that nobody has labelled, as a merge in git leaves them.
const FORKED: &[(&str, &str)] = &[
    ("a1", ""),
    ("b2", "down_revision = \"a1\""),
    ("c3", "down_revision = \"a1\", created = \"2026-03-01T09:00:00Z\""),
    ("d4", "down_revision = \"c3\""),
];

fn text(project: &Project, name: &str) -> String {
    fs::read_to_string(project.versions().join(name)).unwrap()
}

#[test]
fn the_newer_branch_follows_the_older_one() {
    let project = Project::new(FORKED);
    fs::write(project.versions().join("HEAD"), "<<<<<<< ours\nb2\n=======\nd4\n>>>>>>> theirs\n").unwrap();
    let before = text(&project, "2026_01_03_0900-c3.rs");
    let (stdout, stderr, code) = project.run(&["rebase", "--dry-run"]);
    let file = "migrations/versions/2026_01_03_0900-c3.rs";
    assert_eq!((stderr.as_str(), code), ("", 0));
    assert_eq!(stdout, format!("c3 would follow b2 instead of a1 ({file})\n"));
    assert_eq!(text(&project, "2026_01_03_0900-c3.rs"), before);

    let (stdout, stderr, code) = project.run(&["rebase", "--no-database"]);
    assert_eq!((stderr.as_str(), code), ("", 0));
    assert_eq!(stdout, format!("c3 follows b2 instead of a1 ({file})\n"));
    assert_eq!(text(&project, "2026_01_03_0900-c3.rs"), before.replace("\"a1\"", "\"b2\""));
    assert_eq!(project.head(), "d4\n");
    let (stdout, stderr, _) = project.run(&["history"]);
    assert!(stderr.is_empty() && stdout.starts_with("c3 -> d4 (head), Do d4\nb2 -> c3, Do c3\n"), "{stdout}{stderr}");
    let error = "error: there is nothing to rebase: the chain has one head\nhint: `heads` shows it\n";
    project.refused(&["rebase"], error, 1);
}

#[test]
fn a_person_may_choose_the_branch() {
    for choice in [&["--branch", "b2"][..], &["--onto", "d4"], &["--branch", "b2", "--onto", "d4"]] {
        let project = Project::new(FORKED);
        let (stdout, stderr, code) = project.run(&[&["rebase", "--no-database"], choice].concat());
        assert_eq!((stderr.as_str(), code), ("", 0));
        assert!(stdout.starts_with("b2 follows d4 instead of a1 "), "{stdout}");
        assert_eq!(project.head(), "b2\n");
    }
    let project = Project::new(FORKED);
    let before = project.files();
    let (_, stderr, code) = project.run(&["rebase", "--branch", "c3"]);
    let hint = "hint: name them, as in `rebase --branch d4 --onto b2`; the heads are `b2`, `d4`\n";
    assert!(stderr.ends_with(&format!("error: `--branch c3` is no head\n{hint}")), "{stderr}");
    assert_eq!((code, project.files()), (2, before));
}

#[test]
fn a_second_base_gets_a_parent() {
    let project = Project::new(&[("a1", ""), ("b2", "")]);
    let (stdout, stderr, code) = project.run(&["rebase", "--no-database"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.starts_with("b2 follows a1 instead of nothing "), "{stdout}");
    assert!(
        text(&project, "2026_01_02_0900-b2.rs").contains("#[migration(revision = \"b2\", down_revision = \"a1\")]")
    );
    assert_eq!(project.head(), "b2\n");
}

#[test]
fn more_heads_branches_with_labels_and_other_mistakes_are_left_alone() {
    let three = Project::new(&[&FORKED[..3], &[("d4", "down_revision = \"a1\"")]].concat());
    let (_, stderr, code) = three.run(&["rebase"]);
    let hint = "hint: name them, as in `rebase --branch c3 --onto b2`; the heads are `b2`, `c3`, `d4`\n";
    assert!(stderr.ends_with(&format!("error: the chain has 3 heads\n{hint}")) && code == 2, "{stderr}");

    let labelled = Project::new(&[
        ("a1", ""),
        ("b2", "down_revision = \"a1\", branch_labels = [\"x\"]"),
        ("c3", "down_revision = \"a1\", branch_labels = [\"y\"]"),
    ]);
    let error = "error: both heads are on branches with a label, and may stay apart\n\
                 hint: say which one is to follow the other: name them, as in `rebase --branch c3 --onto b2`; \
                 the heads are `b2`, `c3`\n";
    labelled.refused(&["rebase"], error, 1);
    assert_eq!(labelled.run(&["rebase", "--branch", "y@head", "--no-database"]).2, 0);

    let broken = Project::new(FORKED);
    broken.add("2026_02_02_0900-e5.rs", "e5", "down_revision = \"zz\"");
    let before = broken.files();
    let (_, stderr, code) = broken.run(&["rebase"]);
    let error = "error: the chain has mistakes that `rebase` does not mend\n\
                 caused by: migrations/versions/2026_02_02_0900-e5.rs:2:46: `down_revision` names no revision: `zz`\n";
    assert!(stderr.contains(error), "{stderr}");
    assert_eq!((code, broken.files()), (1, before));
}

#[test]
fn a_dependency_in_the_way_is_refused() {
    let project = Project::new(&[
        ("a1", ""),
        ("b2", "down_revision = \"a1\", depends_on = \"c3\""),
        ("c3", "down_revision = \"a1\""),
    ]);
    let before = project.files();
    let (_, stderr, code) = project.run(&["rebase", "--no-database"]);
    assert!(stderr.contains("error: the branch of `c3` cannot follow `b2`\n"), "{stderr}");
    assert!(stderr.ends_with("hint: `merge b2 c3` joins the two as they are\n"), "{stderr}");
    assert_eq!((code, project.files()), (1, before));
}

#[test]
fn a_database_that_cannot_be_asked_leaves_all_as_it_was() {
    let project = Project::new(FORKED);
    let database = ["--database-url", "postgres://127.0.0.1:1/none"];
    let before = project.files();
    let (stdout, stderr, code) = project.run(&[&["rebase"], &database[..]].concat());
    assert!(stderr.contains("\nerror: cannot build the runner, package `migrations`\n"), "{stderr}");
    assert!(stderr.contains("\nnote: no file is changed\n"), "{stderr}");
    assert!(stderr.ends_with("hint: `--no-database` moves the branch without asking what is applied\n"), "{stderr}");
    assert_eq!((stdout.as_str(), code, project.files()), ("", 1, before));
    // Where the database is a file that is yet to be made, nothing is applied.
    assert_eq!(project.run(&["rebase"]).2, 0);
}

/// A program in the place of cargo, which builds another one in the place of the runner.
fn pretend(project: &mut Project, cargo: &str, runner: &str) {
    let write = |name: &str, text: &str| {
        let path = project.path().join(name);
        fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let runner = write("runner", runner);
    let built = format!(r#"echo '{{"target":{{"name":"migrations"}},"executable":"{runner}"}}'"#);
    let cargo = write("cargo", if cargo.is_empty() { &built } else { cargo });
    project.set("CARGO", &cargo);
    project.set("DATABASE_URL", "sqlite:elsewhere.db");
}

#[test]
fn the_runner_is_asked_with_the_same_configuration() {
    let mut project = Project::new(FORKED);
    project.configure("[databases.x]\nurl = \"postgres://x\"\n[databases.y]\nurl = \"postgres://y\"\n");
    pretend(&mut project, "", r#"echo "$@" > asked; echo '{"rows": []}'"#);
    let config = project.path().join("rectify.toml");
    let config = config.to_str().unwrap();
    assert_eq!(project.run(&["--config", config, "rebase", "--database", "x"]).2, 0);
    let asked = fs::read_to_string(project.path().join("asked")).unwrap();
    assert_eq!(asked, format!("--database x --config {config} --color never current --format json\n"));
}

#[test]
fn all_databases_have_a_say() {
    let mut project = Project::new(FORKED);
    pretend(&mut project, "", r#"echo '{"rows": ["b2"]}'; echo '{"rows": ["c3"]}'"#);
    let before = project.files();
    let (_, stderr, code) = project.run(&["rebase", "--all-databases"]);
    assert!(stderr.contains("error: the database has applied both branches\nnote: no file is changed\n"), "{stderr}");
    assert_eq!((code, project.files()), (1, before));
}

#[test]
fn what_the_runner_says_is_told() {
    for (runner, said) in [
        (
            "echo no way >&2; exit 3",
            "of the runner ended with exit status: 3\nnote: it said: no way\nnote: no file is changed\n",
        ),
        ("echo a1", "error: the runner does not say what is applied\ncaused by: a1\nnote: no file is changed\n"),
        (
            r#"echo '{"rows": ["zz"]}'"#,
            "error: the version table holds `zz`, which is no revision of this chain\nnote: no file is changed\n",
        ),
    ] {
        let mut project = Project::new(FORKED);
        pretend(&mut project, "", runner);
        let before = project.files();
        let (_, stderr, code) = project.run(&["rebase"]);
        assert!(stderr.contains(said), "{stderr}");
        assert_eq!((code, project.files()), (1, before));
    }
}

#[test]
fn an_interrupt_puts_the_files_back() {
    let mut project = Project::new(FORKED);
    pretend(&mut project, "kill -INT $PPID; cat migrations/versions/HEAD >&2; exit 1", "");
    let before = project.files();
    let (stdout, stderr, code) = project.run(&["rebase"]);
    assert!(stderr.contains("\nd4\nerror: cannot build the runner"), "the chain is built as it will be: {stderr}");
    assert_eq!((stdout.as_str(), code, project.files()), ("", 1, before));
}
