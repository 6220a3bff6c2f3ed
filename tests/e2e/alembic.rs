//! A database that Alembic migrated is taken over, and handed back: the same chain twice, here and in
//! `tests/chains/alembic/python`, and one version table.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use rectify::{Database as _, Report, Runner, Status};
use rectify_test_chain_alembic::Chain;
use rectify_tests::{Database, TestDatabase, databases, fresh};

use crate::python;

#[test]
fn what_alembic_began_goes_on_here_and_there() {
    on_alembics_databases(|database| {
        let mut alembic = Alembic::on(database);
        alembic.run("upgrade b00000000003");
        alembic.run("upgrade b00000000004");
        database.connect().run("INSERT INTO customers (id, name) VALUES (1, 'Ada')").unwrap();
        database.connect().run("INSERT INTO invoices (id, amount) VALUES (7, 300)").unwrap();

        // Two rows, one for each branch.
        let status = status(database);
        assert_eq!(status.current, ["b00000000003", "b00000000004"]);
        assert_eq!(pending(&status), ["b00000000005", "b00000000006", "b00000000007"]);
        assert_eq!(tables(database), ["customers", "invoices", "orders"]);

        assert_eq!(steps(&up(database, "billing@+1")), ["b00000000005"]);
        assert_eq!(alembic.current(), ["b00000000003", "b00000000005"]);
        alembic.run("upgrade b00000000006");
        both_are_at(database, &mut alembic, &["b00000000006"]);
        assert_eq!(steps(&up(database, "head")), ["b00000000007"]);
        alembic.run("current --check-heads");
        assert_eq!(alembic.current(), ["b00000000007"]);

        // And back, by turns.
        alembic.run("downgrade b00000000003");
        both_are_at(database, &mut alembic, &["b00000000003", "b00000000005"]);
        assert_eq!(database.texts("SELECT CAST(amount AS VARCHAR(9)) FROM invoices"), ["300"]);
        assert_eq!(steps(&down(database, "billing@base")), ["b00000000005", "b00000000004"]);
        both_are_at(database, &mut alembic, &["b00000000003"]);
        alembic.run("upgrade heads");
        assert!(self::status(database).is_up_to_date());
        assert_eq!(database.texts("SELECT name FROM customers"), ["Ada"]);
    });
}

#[test]
fn what_began_here_goes_on_in_alembic() {
    on_alembics_databases(|database| {
        let mut alembic = Alembic::on(database);
        up(database, "b00000000002");
        up(database, "b00000000004");
        both_are_at(database, &mut alembic, &["b00000000002", "b00000000004"]);
        // The revision that depends on the other branch takes up its row.
        alembic.run("upgrade b00000000005");
        both_are_at(database, &mut alembic, &["b00000000005"]);
        assert_eq!(steps(&down(database, "billing@-1")), ["b00000000005"]);
        both_are_at(database, &mut alembic, &["b00000000002", "b00000000004"]);
        alembic.run("downgrade base");
        both_are_at(database, &mut alembic, &[]);
        assert_eq!(tables(database), Vec::<String>::new());

        alembic.run("upgrade head");
        let by_alembic = columns(database);
        assert_eq!(steps(&down(database, "base")).len(), 7);
        up(database, "head");
        assert_eq!(columns(database), by_alembic);
        alembic.run("downgrade base");
        assert_eq!(tables(database), Vec::<String>::new());
    });
}

#[test]
fn both_see_the_same_chain_in_the_same_order() {
    let database = fresh(Database::Sqlite);
    let mut alembic = Alembic::on(&database);
    let told = alembic.run("history");
    let graph = rectify::graph::<Chain>().unwrap();
    let ids: Vec<&str> = told.lines().map(|line| id(line.split(" -> ").nth(1).unwrap())).collect();
    assert_eq!(ids, graph.history());
    assert_eq!(id(&alembic.run("heads")), graph.heads()[0]);
}

/// Alembic's own command line, on one database.
struct Alembic {
    process: Child,
    answers: Lines<BufReader<ChildStdout>>,
}

impl Alembic {
    fn on(database: &TestDatabase) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("chains/alembic/python");
        let mut command = Command::new(python::programs().join("python"));
        command.arg("drive.py").current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::piped());
        command.env("DATABASE_URL", sqlalchemy_url(database)).env("PYTHONDONTWRITEBYTECODE", "1");
        let mut process = command.spawn().unwrap();
        let answers = BufReader::new(process.stdout.take().unwrap()).lines();
        Alembic { process, answers }
    }

    /// Runs `alembic` with these arguments and gives back what it printed.
    #[track_caller]
    fn run(&mut self, arguments: &str) -> String {
        writeln!(self.process.stdin.as_mut().unwrap(), "{arguments}").unwrap();
        let mut told = String::new();
        for line in self.answers.by_ref() {
            let line = line.unwrap();
            match line.strip_prefix("done ") {
                Some("0") => return told,
                Some(code) => panic!("`alembic {arguments}` ended with {code}: {told}"),
                None => told.extend([&line, "\n"]),
            }
        }
        panic!("`alembic {arguments}` ended before its time: {told}");
    }

    /// The revisions that `current` prints, sorted.
    #[track_caller]
    fn current(&mut self) -> Vec<String> {
        let ids: BTreeSet<String> = self.run("current").lines().map(|line| id(line).to_owned()).collect();
        ids.into_iter().collect()
    }
}

impl Drop for Alembic {
    fn drop(&mut self) {
        // It ends with its input.
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// The id that a line begins with.
fn id(line: &str) -> &str {
    line.split_whitespace().next().unwrap_or_default()
}

fn sqlalchemy_url(database: &TestDatabase) -> String {
    let (_, rest) = database.url.split_once(':').unwrap();
    match database.kind {
        Database::Sqlite => format!("sqlite:///{rest}"),
        Database::Postgres => format!("postgresql+psycopg:{rest}"),
        Database::Mariadb => unreachable!("the chain is run on SQLite and PostgreSQL"),
    }
}

fn on_alembics_databases(test: impl Fn(&TestDatabase)) {
    for kind in databases().into_iter().filter(|kind| *kind != Database::Mariadb) {
        test(&fresh(kind));
    }
}

fn up(database: &TestDatabase, target: &str) -> Report {
    Runner::<Chain>::new(&mut database.connect()).upgrade(target).unwrap()
}

fn down(database: &TestDatabase, target: &str) -> Report {
    Runner::<Chain>::new(&mut database.connect()).downgrade(target).unwrap()
}

fn status(database: &TestDatabase) -> Status {
    rectify::status::<Chain>(&mut database.connect()).unwrap()
}

#[track_caller]
fn both_are_at(database: &TestDatabase, alembic: &mut Alembic, revisions: &[&str]) {
    assert_eq!(status(database).current, revisions, "{}", database.kind);
    assert_eq!(database.texts("SELECT version_num FROM alembic_version ORDER BY version_num"), revisions);
    let shown = alembic.current();
    assert!(revisions.iter().all(|revision| shown.iter().any(|id| id == revision)), "{shown:?}");
}

fn steps(report: &Report) -> Vec<&str> {
    report.steps.iter().map(|step| step.revision.as_str()).collect()
}

fn pending(status: &Status) -> Vec<&str> {
    status.pending.iter().map(|step| step.revision.as_str()).collect()
}

/// The tables of the chain, sorted.
fn tables(database: &TestDatabase) -> Vec<String> {
    let tables: BTreeSet<String> = columns(database).into_iter().map(|(table, _)| table).collect();
    tables.into_iter().collect()
}

/// The columns of the chain's tables, as pairs of table and column.
fn columns(database: &TestDatabase) -> BTreeSet<(String, String)> {
    let schema = crate::catalog::of(database);
    let columns = schema
        .tables
        .iter()
        .flat_map(|table| table.columns.iter().map(|column| (table.name.to_string(), column.name.clone())));
    columns.collect()
}
