//! `rebase` without a database that is asked: these projects have no Cargo.toml. The rest is tested where chains are compiled.

use std::fs;

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
