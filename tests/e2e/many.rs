//! Several deploys at once apply each revision once.

use std::process::Stdio;

use rectify_tests::{Database, on_each_database};

use crate::victim;

#[test]
fn ten_processes_apply_each_revision_once() {
    on_each_database(|database| {
        let children: Vec<_> = (0..10)
            .map(|_| {
                let mut command = victim::command(database, "up", "head");
                command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
            })
            .collect();
        let mut applied = Vec::new();
        for child in children {
            let output = child.wait_with_output().unwrap();
            assert!(output.status.success(), "{}: {}", database.kind, String::from_utf8_lossy(&output.stderr));
            let text = String::from_utf8(output.stdout).unwrap();
            applied.extend(text.lines().filter(|line| line.starts_with("applied ")).map(str::to_owned));
        }
        applied.sort();
        let expected: Vec<String> = (1..=6).map(|number| format!("applied aaaaaaaaaaa{number}")).collect();
        assert_eq!(applied, expected, "{}", database.kind);
        let journal = database.texts("SELECT revision FROM rectify_journal WHERE state = 'done' ORDER BY revision");
        assert_eq!(journal, (1..=6).map(|number| format!("aaaaaaaaaaa{number}")).collect::<Vec<_>>());
        if database.kind == Database::Sqlite {
            let left = std::fs::read_dir(database.folder().unwrap()).unwrap().count();
            assert_eq!(left, 1, "the lock file is gone");
        }
    });
}
