//! The commands that write migration files, through the real program.

#![expect(clippy::unwrap_used, reason = "tests")]

mod project;
mod rebase;

use std::fs;
use std::os::unix::fs::PermissionsExt;

use project::Project;

/// A trunk, and a branch with a label.
const SHOP: &[(&str, &str)] = &[
    ("account1", "branch_labels = [\"shop\"]"),
    ("login2", "down_revision = \"account1\", branch_labels = [\"login\"]"),
    ("network1", "branch_labels = [\"network\"], depends_on = \"account1\""),
];

#[test]
fn a_revision_is_put_where_it_is_asked_for() {
    let project = Project::new(SHOP);
    let (_, text) = project.created(&["revision", "-m", "More", "--head", "network@head", "--rev-id", "network2"]);
    assert!(text.contains("    down_revision = \"network1\",\n"), "{text}");
    let (_, text) = project.created(&[
        "revision",
        "-m",
        "Carts",
        "--head",
        "acc",
        "--splice",
        "--branch-label",
        "cart",
        "--rev-id",
        "cart3",
        "--depends-on",
        "network",
        "--depends-on",
        "login2",
        "--depends-on",
        "network2",
    ]);
    assert!(text.contains("    down_revision = \"account1\",\n"), "{text}");
    assert!(text.contains("    depends_on = [\"network\", \"login2\", \"network2\"],\n"), "{text}");
    assert!(text.contains("    branch_labels = [\"cart\"],\n"), "{text}");
    assert_eq!(project.head(), "cart cart3\nlogin login2\nnetwork network2\n");
    let (_, text) = project.created(&["revision", "-m", "Join", "--head", "heads", "--rev-id", "join4"]);
    assert!(text.contains("    down_revision = [\"login2\", \"cart3\", \"network2\"],\n"), "{text}");
    assert_eq!(project.head(), "join4\n");
}

#[test]
fn a_revision_is_refused_before_a_file_is_written() {
    let project = Project::new(SHOP);
    let no_head = "error: `account1` is no head: another revision follows it already\n\
                   hint: `heads` lists the heads; `--splice` starts a branch from there\n";
    let cases: &[(&[&str], &str, i32)] = &[
        (&["--head", "account1"], no_head, 1),
        (
            &["--head", "login2", "--head", "network1"],
            "error: a revision follows one other, and `--head` is given more than once\nhint: join them with `merge login2 network1`\n",
            2,
        ),
        (
            &["--head", "network@base"],
            "error: `network@base` names no revision to follow\n\
             hint: `--head base --branch-label <label>` starts a branch from nothing\n",
            2,
        ),
        (
            &["--head", "login2", "--rev-id", "login2"],
            "error: there is a revision `login2` already\nhint: leave `--rev-id` out\n",
            2,
        ),
        (
            &["--head", "login2", "--rev-id", "network"],
            "error: `network` is a branch label of revision `network1`\nhint: leave `--rev-id` out, or choose another\n",
            2,
        ),
        (
            &["--head", "login2", "--rev-id", "a-b"],
            "error: `a-b` cannot be a revision id: it contains '-', which has a meaning where revisions are named\n",
            2,
        ),
        (
            &["--head", "login2", "--branch-label", "network"],
            "error: the name `network` is taken by revision `network1`\n",
            2,
        ),
        (
            &["--head", "login2", "--rev-id", "x", "--branch-label", "x"],
            "error: the chain cannot take revision `x`\n\
             caused by: the branch label `x` is the id of a revision (the new file)\nhint: choose another label\n",
            1,
        ),
        (
            &["--head", "login2", "--depends-on", "nope"],
            "error: cannot tell what the new revision depends on\n\
             caused by: no revision or branch label is or begins with `nope`\n\
             hint: `history` lists the revisions of the chain\n",
            1,
        ),
        (
            &["--head", "login2", "--depends-on", "base"],
            "error: cannot tell what the new revision depends on\n\
             caused by: `base` is no revision\nhint: name one, or a branch label\n",
            1,
        ),
        (
            &["--head", "login2", "--rev-id", "x", "--depends-on", "account1"],
            "error: the chain cannot take revision `x`\n\
             caused by: revision `x` depends on its own ancestor `account1`\nhint: remove it from `depends_on`: ancestors are always applied first\n",
            1,
        ),
        (
            &["--head", "login2", "--sql", "nope.sql"],
            "error: cannot read SQL from `nope.sql`\ncaused by: No such file or directory (os error 2)\n",
            2,
        ),
        (
            &["--head", "login2", "--version-path", "elsewhere"],
            "error: `elsewhere` is no folder of this chain's migrations\n\
             hint: `versions` in rectify.toml names `migrations/versions`\n",
            2,
        ),
    ];
    for (arguments, stderr, code) in cases {
        project.refused(&[&["revision", "-m", "x"], *arguments].concat(), stderr, *code);
    }
}

#[test]
fn a_revision_that_closes_a_cycle_is_refused() {
    // `late` is named and not there yet: with the new revision behind `a1` it would be its own ancestor.
    let project = Project::new(&[("a1", "depends_on = \"late\"")]);
    let before = project.files();
    let (_, stderr, code) = project.run(&["revision", "-m", "x", "--rev-id", "b2", "--branch-label", "late"]);
    assert!(
        stderr.contains("error: the chain cannot take revision `b2`\ncaused by: revision `a1` depends on"),
        "{stderr}"
    );
    assert_eq!((code, project.files()), (1, before));
}

#[test]
fn a_second_head_is_written_and_told() {
    let project = Project::new(&SHOP[..2]);
    let (stdout, stderr, code) = project.run(&["revision", "-m", "x", "--head", "account1", "--splice"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.ends_with("_x.rs\n"), "{stdout}");
    assert!(stderr.contains("is one of 2 heads"), "{stderr}");
}

#[test]
fn merge_joins_what_it_is_told_to() {
    let project = Project::new(SHOP);
    let (_, text) = project.created(&["merge", "heads", "--branch-label", "all", "--rev-id", "m4", "-m", "Join"]);
    assert!(
        text.contains("    down_revision = [\"login2\", \"network1\"],\n    branch_labels = [\"all\"],\n"),
        "{text}"
    );
    let no_head = "error: `login2` is no head: another revision follows it already\n\
                   hint: `heads` lists the heads; `--splice` starts a branch from there\n";
    project.refused(&["merge", "login2", "network1"], no_head, 1);
    let (stdout, _, code) = project.run(&["merge", "login2", "network1", "--splice", "--rev-id", "m5"]);
    assert!(stdout.ends_with("m5_merge_branches.rs\n") && code == 0, "{stdout}");
    project.refused(
        &["merge", "m4", "m5", "--branch-label", "network"],
        "error: the name `network` is taken by revision `network1`\n",
        2,
    );
    project.refused(&["merge", "m4"], "error: there is nothing to join\nhint: `heads` lists what can be joined\n", 1);
}

#[test]
fn sql_becomes_calls_of_both_ways() {
    let project = Project::new(&[]);
    let sql = "CREATE TABLE t (a TEXT DEFAULT ';');\nINSERT INTO t VALUES ('it''s');\n-- down\nDROP TABLE t;\n";
    fs::write(project.path().join("t.sql"), sql).unwrap();
    let (_, text) = project.created(&["revision", "-m", "Create t", "--sql", "t.sql"]);
    let up = "    op.sql(\"CREATE TABLE t (a TEXT DEFAULT ';')\")?;\n    op.sql(\"INSERT INTO t VALUES ('it''s')\")?;\n    Ok(())\n}\n";
    assert!(text.contains(up), "{text}");
    assert!(text.contains("-> Result<()> {\n    op.sql(\"DROP TABLE t\")?;\n    Ok(())\n}\n"), "{text}");
    let (stdout, stderr, code) =
        project.run_with_input(&["revision", "-m", "More", "--sql", "-"], "SELECT 1\n-- down\n");
    assert_eq!((stderr.as_str(), code), ("", 0));
    assert!(fs::read_to_string(project.path().join(stdout.trim_end())).unwrap().contains("op.sql(\"SELECT 1\")"));

    let before = project.files();
    let (_, stderr, code) = project.run_with_input(&["revision", "-m", "x", "--sql", "-"], "SELECT 1");
    let error = "error: the SQL of standard input has no line `-- down`\n\
                 hint: write the statements, then a line `-- down`, then those of the way back\n";
    assert_eq!((stderr.as_str(), code, project.files()), (error, 2, before));
}

#[test]
fn files_are_named_as_configured() {
    let project = Project::new(&[]);
    project.configure("file_template = \"r{rev}-{slug}\"\ntruncate_slug_length = 9\ntimezone = \"+14:00\"\n");
    let (path, text) = project.created(&["revision", "-m", "Add long words", "--rev-id", "a1"]);
    assert_eq!(path, "migrations/versions/ra1-add_long.rs");
    assert!(text.contains("+14:00\""), "{text}");
    project.configure("timezone = \"Europe/Atlantis\"\n");
    let (_, stderr, code) = project.run(&["revision", "-m", "x"]);
    assert!(
        stderr.starts_with("error: cannot find the time zone `Europe/Atlantis`\nhint: set `timezone` in rectify.toml")
    );
    assert_eq!(code, 2);
    project.configure("file_template = \"{year}/{rev}\"\n");
    let error = "error: `file_template` puts files into folders, which are not read\n\
                 hint: set `recursive = true` in rectify.toml, or write `file_template` without `/`\n";
    project.refused(&["revision", "-m", "x"], error, 2);
}

#[test]
fn a_revision_goes_to_the_folder_of_its_parent_unless_told_otherwise() {
    let project = Project::new(&[("a1", "branch_labels = [\"app\"]")]);
    let plugin = "migrations/versions/plugin";
    fs::create_dir_all(project.path().join(plugin)).unwrap();
    project.configure(&format!("versions = [\"migrations/versions\", \"{plugin}\"]\nfile_template = \"{{rev}}\"\n"));
    let error = "error: there are several folders of migrations, and nothing tells where the new file goes\n\
                 hint: give `--version-path` with one of `migrations/versions`, `migrations/versions/plugin`\n";
    project.refused(&["revision", "-m", "x", "--head", "base"], error, 2);
    let error = "error: `migrations` is no folder of this chain's migrations\n\
                 hint: `versions` in rectify.toml names `migrations/versions`, `migrations/versions/plugin`\n";
    project.refused(&["revision", "-m", "x", "--version-path", "migrations"], error, 2);

    let path = project.path().join(plugin);
    let base = ["revision", "-m", "x", "--head", "base", "--branch-label", "plugin", "--rev-id", "p1"];
    let (path, _) = project.created(&[&base[..], &["--version-path", path.to_str().unwrap()]].concat());
    assert!(path.ends_with("/migrations/versions/plugin/p1.rs"), "{path}");
    let next = |head: &str, id: &str| project.created(&["revision", "-m", "x", "--head", head, "--rev-id", id]).0;
    assert_eq!(next("plugin@head", "p2"), "migrations/versions/plugin/p2.rs");
    assert_eq!(next("app@head", "a2"), "migrations/versions/a2.rs");
    assert_eq!(project.head(), "app a2\nplugin p2\n");
}

#[test]
fn folders_of_a_file_template_are_made_and_read() {
    let project = Project::new(&[("a1", "")]);
    fs::create_dir(project.path().join("plugin")).unwrap();
    project.configure(
        "recursive = true\nversions = [\"migrations/versions\", \"plugin\"]\nfile_template = \"{year}/{month}/{rev}\"\n",
    );
    let (path, _) = project.created(&["revision", "-m", "x", "--rev-id", "b2"]);
    let parts: Vec<&str> = path.split('/').collect();
    assert!(matches!(parts[..], ["migrations", "versions", _, _, "b2.rs"]), "{path}");
    // The parent lies in a folder below: the next one goes to the folder of the migrations all the same.
    let (path, _) = project.created(&["revision", "-m", "x", "--rev-id", "c3"]);
    assert!(path.starts_with("migrations/versions/2") && path.ends_with("/c3.rs"), "{path}");
    assert_eq!(project.head(), "c3\n");
}

#[test]
fn a_template_of_ones_own_is_used_and_checked() {
    let project = Project::new(&[]);
    let (generic, _, code) = project.run(&["templates", "--show", "generic"]);
    assert_eq!(code, 0);
    project.configure("template = \"own.txt\"\n");
    let write = |text: &str| fs::write(project.path().join("own.txt"), text).unwrap();

    write(&format!("// Ticket: {{{{ message }}}} of {{{{ create_date }}}}\n{generic}"));
    let (_, text) = project.created(&["revision", "-m", "Add x", "--rev-id", "a1"]);
    assert!(text.starts_with("// Ticket: Add x of 2"), "{text}");

    write(&generic.replace("{{ doc }}", "{{ docs }}"));
    let unknown = "error: own.txt:3: unknown placeholder `{{ docs }}`\nhint: did you mean `{{ doc }}`?\n";
    project.refused(&["revision", "-m", "x"], unknown, 2);
    for (text, reason) in [
        (
            generic.replace("{{ attribute }}", "#[migration(revision = \"fixed\")]"),
            "`revision` is [\"fixed\"] in it, and [\"b2\"] is wanted",
        ),
        (generic.replace("{{ attribute }}", ""), "it has 0 `#[migration(…)]`, and one is wanted"),
        (generic.replace("pub fn downgrade", "pub fn downgrad"), "it has no `downgrade`, and is not `irreversible`"),
        (format!("{generic}\nfn x() {{"), "line 17: "),
    ] {
        write(&text);
        let before = project.files();
        let (_, stderr, code) = project.run(&["revision", "-m", "x", "--rev-id", "b2"]);
        let error = "error: the template gives a file that is not the migration that was asked for\ncaused by: ";
        assert!(stderr.starts_with(&format!("{error}{reason}")), "{stderr}");
        assert_eq!((code, project.files()), (1, before));
    }
    project.configure("template = \"gone.txt\"\n");
    let (_, stderr, code) = project.run(&["revision", "-m", "x"]);
    assert!(stderr.starts_with("error: cannot read the template `") && code == 2, "{stderr}");
}

#[test]
fn templates_are_listed() {
    let project = Project::new(&[]);
    let (stdout, _, code) = project.run(&["templates"]);
    assert!(stdout.starts_with("generic - ") && stdout.contains("\ndata - ") && code == 0, "{stdout}");
    let error = "error: no template is named `genric`\nhint: did you mean `generic`?\n";
    project.refused(&["templates", "--show", "genric"], error, 2);
    project.configure("template = \"data\"\n");
    let (_, text) = project.created(&["revision", "-m", "x"]);
    assert!(text.contains("// diesel::table! {"), "{text}");
}

#[test]
fn hooks_run_one_after_the_other_and_a_failure_is_told() {
    let project = Project::new(&[]);
    project.configure(
        "[[hooks]]\ncommand = [\"cp\", \"{file}\", \"copy.rs\"]\ncwd = \"migrations\"\n\
         [[hooks]]\nname = \"words\"\ncommand = [\"sh\", \"-c\", \"echo about $0 | grep -o about\", \"{file}\"]\n",
    );
    let (stdout, stderr, code) = project.run(&["revision", "-m", "x", "--rev-id", "a1"]);
    assert_eq!((stderr.as_str(), code), ("about\n", 0));
    let file = project.path().join(stdout.trim_end());
    let text = fs::read_to_string(project.path().join("migrations/copy.rs")).unwrap();
    assert_eq!(text, fs::read_to_string(file).unwrap());

    project.configure("[[hooks]]\nname = \"lint\"\ncommand = [\"sh\", \"-c\", \"echo no good; exit 5\"]\n");
    let (stdout, stderr, code) = project.run(&["revision", "-m", "x", "--rev-id", "b2"]);
    let file = project.path().canonicalize().unwrap().join(stdout.trim_end());
    let error = format!(
        "error: the hook `lint` ended with exit status: 5\n\
         note: `{}` was written, and stays\n\
         note: it said: no good\n\
         hint: run it again by hand, or mend `[[hooks]]` in rectify.toml\n",
        file.display()
    );
    assert_eq!((stderr, code), (error, 1));
    assert_eq!(project.head(), "b2\n");
    project.configure("[[hooks]]\ncommand = [\"rectify-no-such-program\"]\n");
    let (_, stderr, code) = project.run(&["revision", "-m", "x", "--rev-id", "c3"]);
    assert!(stderr.contains("the hook `rectify-no-such-program` cannot run"), "{stderr}");
    assert_eq!(code, 1);
}

#[test]
fn edit_opens_the_files_of_a_chain_that_does_not_compile() {
    let mut project = Project::new(SHOP);
    fs::write(project.versions().join("2026_02_02_0000-b2.rs"), "pub fn upgrade(").unwrap();
    let editor = project.path().join("my editor");
    fs::write(&editor, "#!/bin/sh\nprintf '%s\\n' \"$@\" > opened\nexit ${EDITOR_EXIT:-0}\n").unwrap();
    fs::set_permissions(&editor, fs::Permissions::from_mode(0o755)).unwrap();
    project.set("EDITOR", "rectify-no-such-editor");
    let (_, stderr, code) = project.run(&["edit", "login2"]);
    assert!(stderr.contains("error: cannot run the editor `rectify-no-such-editor`\n"), "{stderr}");
    assert!(stderr.ends_with("hint: set `EDITOR` to an editor that is installed\n") && code == 1, "{stderr}");

    project.set("VISUAL", &format!("'{}' --wait", editor.display()));
    assert_eq!(project.run(&["edit", "login2", "network", "login"]).2, 0);
    let opened = fs::read_to_string(project.path().join("opened")).unwrap();
    let folder = "migrations/versions";
    assert_eq!(opened, format!("--wait\n{folder}/2026_01_02_0900-login2.rs\n{folder}/2026_01_03_0900-network1.rs\n"));

    let (_, stderr, code) = project.run(&["edit", "base"]);
    assert!(stderr.contains("error: `base` has no file\n") && code == 1, "{stderr}");
    let (_, stderr, code) = project.run(&["edit", "nope"]);
    assert!(stderr.contains("error: cannot edit the revision\n") && code == 1, "{stderr}");
    project.set("EDITOR_EXIT", "3");
    let (_, stderr, code) = project.run(&["edit", "login2"]);
    assert!(stderr.contains("ended with exit status: 3\n") && code == 1, "{stderr}");
}
