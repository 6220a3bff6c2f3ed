//! A process that is killed at any statement leaves a database that the next run finishes.

use rectify_tests::{Database, TestDatabase, databases, fresh, on_each_database};

use crate::catalog;
use crate::victim::{self, Stopped};

#[test]
fn a_killed_upgrade_is_finished_by_the_next_one() {
    for kind in databases() {
        let whole = fresh(kind);
        assert!(victim::run(&whole, "up", "head").status.success());
        let expected = catalog::of(&whole);
        for number in 0.. {
            let database = fresh(kind);
            let killed = kill_before(&database, "up", "head", number);
            if !killed {
                assert!(number > 20, "{kind}: a run has more than {number} statements");
                break;
            }
            finish(&database, "up", "head", number);
            assert_eq!(catalog::of(&database), expected, "{kind}: killed before statement {number}");
            assert_eq!(versions(&database), ["aaaaaaaaaaa6"]);
            assert_eq!(data(&database), data(&whole), "{kind}: killed before statement {number}");
        }
    }
}

#[test]
fn a_killed_downgrade_is_finished_by_the_next_one() {
    for kind in databases() {
        for number in 0.. {
            let database = fresh(kind);
            assert!(victim::run(&database, "up", "head").status.success());
            if !kill_before(&database, "down", "base", number) {
                break;
            }
            finish(&database, "down", "base", number);
            assert_eq!(catalog::of(&database), catalog::of(&fresh(kind)), "{kind}: killed before statement {number}");
            assert!(versions(&database).is_empty());
        }
    }
}

#[test]
fn a_migration_that_fails_in_its_middle_says_what_stands() {
    on_each_database(|database| {
        assert!(victim::run(database, "up", "aaaaaaaaaaa4").status.success());
        let before = catalog::of(database);
        let failed = victim::command(database, "up", "head").env("RECTIFY_TEST_FAIL", "1").output().unwrap();
        assert!(!failed.status.success());
        let said = String::from_utf8(failed.stderr).unwrap();
        assert!(said.contains("failed to apply revision `aaaaaaaaaaa5` (Add notes)"), "{said}");
        assert!(said.contains("operation 3, "), "{said}");
        assert!(said.contains("INSERT INTO no_such_table"), "{said}");
        assert!(said.contains("the database said: "), "{said}");
        assert_eq!(versions(database), ["aaaaaaaaaaa4"]);
        if database.kind == Database::Mariadb {
            assert!(said.contains("2 operations of revision `aaaaaaaaaaa5` stand: create table `notes`"), "{said}");
            assert!(!said.contains("rolled back"), "{said}");
        } else {
            assert!(said.contains("was rolled back: it left nothing behind"), "{said}");
            assert_eq!(catalog::of(database), before);
        }
        let mended = victim::run(database, "up", "head");
        assert!(mended.status.success(), "{}", String::from_utf8_lossy(&mended.stderr));
        assert_eq!(versions(database), ["aaaaaaaaaaa6"]);
    });
}

fn kill_before(database: &TestDatabase, direction: &str, target: &str, number: u32) -> bool {
    match victim::stop_before(database, direction, target, number) {
        Stopped::Ended => false,
        Stopped::Waiting(mut child) => {
            child.kill().unwrap();
            child.wait().unwrap();
            true
        }
    }
}

fn finish(database: &TestDatabase, direction: &str, target: &str, number: u32) {
    let finished = victim::run(database, direction, target);
    assert!(
        finished.status.success(),
        "{}: killed before statement {number}: {}",
        database.kind,
        String::from_utf8_lossy(&finished.stderr)
    );
}

fn versions(database: &TestDatabase) -> Vec<String> {
    database.texts("SELECT version_num FROM alembic_version ORDER BY version_num")
}

fn data(database: &TestDatabase) -> Vec<String> {
    database.texts("SELECT name FROM accounts WHERE currency = 'EUR' ORDER BY name")
}

#[test]
fn what_was_cut_off_on_the_way_down_is_not_taken_for_done() {
    if !rectify_tests::wanted(Database::Mariadb) {
        return;
    }
    // A downgrade that was killed leaves the version row where it was: at the head, where `up` has nothing to do.
    for number in 0.. {
        let database = fresh(Database::Mariadb);
        assert!(victim::run(&database, "up", "head").status.success());
        assert!(kill_before(&database, "down", "aaaaaaaaaaa5", number), "no statement leaves an unfinished step");
        if database.texts("SELECT revision FROM rectify_journal WHERE state = 'running'").is_empty() {
            continue;
        }
        let up = victim::run(&database, "up", "head");
        let said = String::from_utf8(up.stderr).unwrap();
        assert!(said.contains("an earlier run was cut off while taking back revision `aaaaaaaaaaa6`"), "{said}");
        assert!(said.contains("hint: finish it first: `down aaaaaaaaaaa5`"), "{said}");
        finish(&database, "down", "aaaaaaaaaaa5", number);
        assert_eq!(versions(&database), ["aaaaaaaaaaa5"]);
        return;
    }
}
