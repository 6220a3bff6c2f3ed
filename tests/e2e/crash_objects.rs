//! A process that is killed at any statement of what makes schemas, sequences, enums, views, functions, triggers and rows
//! leaves a database that the next run finishes, or of which it says that it cannot tell.

use std::process::{Command, Output};

use rectify::{Database as _, Runner};
use rectify_tests::objects::Chain;
use rectify_tests::{Database, TestDatabase, databases, fresh};

use crate::dump;
use crate::victim::{self, Stopped};

struct Bench {
    database: TestDatabase,
    own: String,
}

impl Bench {
    fn new(kind: Database) -> Self {
        let database = fresh(kind);
        let own = format!("{}_objects", database.url.rsplit('/').next().unwrap());
        Self { database, own }
    }

    fn command(&self, direction: &str) -> Command {
        let target = if direction == "up" { "head" } else { "base" };
        let mut command = victim::command(&self.database, direction, target);
        command.env("RECTIFY_TEST_CHAIN", "objects").env("RECTIFY_TEST_ARGUMENT", format!("own={}", self.own));
        command
    }

    fn run(&self, direction: &str) -> Output {
        self.command(direction).output().unwrap()
    }

    /// The catalog and the rows.
    fn found(&self) -> (Vec<String>, Vec<String>) {
        let mut connection = self.database.connect();
        let catalog = dump::of(&mut connection, self.database.kind, &self.own);
        let titles = ["notes", "archive"].map(|table| {
            let rows = connection.rows(&format!("SELECT title FROM {table} ORDER BY id")).unwrap_or_default();
            rows.iter().map(|row| row.text(0).unwrap_or("NULL").to_owned()).collect::<Vec<_>>().join(", ")
        });
        (catalog, titles.into())
    }

    /// Kills a run before a statement, and finishes it; `false` if it has no such statement.
    fn kill(&self, direction: &str, number: u32, told: &mut Vec<String>) -> bool {
        let Stopped::Waiting(mut child) = victim::stop(self.command(direction), number) else { return false };
        child.kill().unwrap();
        child.wait().unwrap();
        let finished = self.run(direction);
        if !finished.status.success() {
            self.finish_by_hand(direction, &String::from_utf8(finished.stderr).unwrap(), told);
        }
        true
    }

    /// What nobody can tell is said: a person looks, finishes or undoes it, and says with `stamp` where the database is.
    fn finish_by_hand(&self, direction: &str, said: &str, told: &mut Vec<String>) {
        assert!(said.contains("cannot be told from the catalog"), "{}: {said}", self.database.kind);
        assert!(said.contains("finish or undo by hand") && said.contains("`stamp`"), "{said}");
        told.push(said.lines().find(|line| line.contains("operation ")).unwrap_or_default().to_owned());
        let mut connection = self.database.connect();
        for sql in [
            "DROP TABLE IF EXISTS archive",
            "CREATE TABLE archive (id integer, title varchar(80))",
            "INSERT INTO archive SELECT * FROM notes",
        ] {
            connection.run(sql).unwrap();
        }
        Runner::<Chain>::new(&mut connection).stamp(&["head"]).unwrap();
        if direction == "down" {
            let again = self.run(direction);
            assert!(again.status.success(), "{}", String::from_utf8_lossy(&again.stderr));
        }
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        // On MariaDB a schema is beside the database, and would outlive it.
        let _ = self.database.connect().run(&format!("DROP SCHEMA IF EXISTS {}", self.own));
    }
}

#[test]
fn a_run_that_is_killed_among_objects_is_finished_by_the_next_one() {
    for kind in databases().into_iter().filter(|kind| *kind != Database::Sqlite) {
        let bench = Bench::new(kind);
        let empty = bench.found();
        assert!(bench.run("up").status.success());
        let whole = bench.found();
        assert_eq!(whole.1, ["it's, it's, it's, TOLD"; 2]);
        assert!(bench.run("down").status.success());
        assert_eq!(bench.found(), empty);
        let mut told = Vec::new();
        for number in 0.. {
            let up = bench.kill("up", number, &mut told);
            assert_eq!(bench.found(), whole, "{kind}: killed before statement {number} of `up`");
            let down = bench.kill("down", number, &mut told);
            assert_eq!(bench.found(), empty, "{kind}: killed before statement {number} of `down`");
            if !up && !down {
                assert!(number > 30, "{kind}: a run has more than {number} statements");
                break;
            }
        }
        // What an operation of one's own does, only its author knows.
        let of_others: Vec<_> = told.iter().filter(|line| !line.contains("archive")).collect();
        assert!(of_others.is_empty() && !told.is_empty(), "{kind}: {told:#?}");
    }
}
