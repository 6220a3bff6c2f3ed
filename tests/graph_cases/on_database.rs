//! The cases about a database, run on one: on SQLite, with a chain that is made while the test runs.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::error::Error;

use rectify::schema::dialect::SQLITE;
use rectify::{
    AnyConnection, Chain, Create, Database as _, Event, Migration, Offline, Op, RunError, RunErrorKind, Runner, Source,
};
use rectify_chain::{FaultKind, Node, Policy, verify};
use tempfile::TempDir;

use crate::answer::{Answer, Planned};
use crate::case::{Case, Expect};
use rectify_tests::step;

/// A fresh database for each case, and how many there were.
pub(crate) struct Databases {
    folder: TempDir,
    run: usize,
    refused_chains: usize,
}

impl Databases {
    pub(crate) fn new() -> Self {
        Databases { folder: tempfile::tempdir().unwrap(), run: 0, refused_chains: 0 }
    }

    pub(crate) fn summary(&self) -> String {
        format!(
            "{} cases were run on a database too; {} have a chain that does not compile, which the runner refused",
            self.run, self.refused_chains
        )
    }

    /// Runs a case, if the runner has its operation, and compares it with what the graph said.
    pub(crate) fn run(&mut self, case: &Case, answer: &Answer) -> Result<(), String> {
        let run = match case.op.as_str() {
            "upgrade" if case.targets().len() == 1 => migrate,
            "downgrade" => migrate,
            "stamp" => stamp,
            "upgrade_sql" | "downgrade_sql" | "stamp_sql" => run_script,
            _ => return Ok(()),
        };
        let mut nodes = case.nodes();
        label_the_ends(&mut nodes);
        MADE.with(|made| made.set(Made::of(&nodes)));
        let file = self.folder.path().join(format!("{}.db", self.run + self.refused_chains));
        let (outcome, database) = run(case, answer, &format!("sqlite:{}", file.display()));
        if !verify(&nodes, Policy::Strict).is_empty() {
            self.refused_chains += 1;
            // A program that starts up to date builds no graph.
            let nothing_to_do = matches!(answer, Answer::Planned(planned) if planned.steps.is_empty());
            return match outcome {
                Ok(_) if nothing_to_do => Ok(()),
                outcome => refused(outcome, RunErrorKind::Chain, "do not form a chain"),
            };
        }
        self.run += 1;
        match answer {
            Answer::Refused(refusal) => {
                refused(outcome, RunErrorKind::Plan, &refusal.text)?;
                same("rows after a refusal", &database.rows(), &case.current.iter().cloned().collect())
            }
            _ if expects_row_count(&case.expect) => refused(outcome, RunErrorKind::Migration, "met 2 rows, not one"),
            Answer::Planned(planned) => did_as_planned(planned, outcome, &database),
            Answer::Inspected(_) => Err("a plan is due".to_owned()),
        }
    }
}

/// What a run told: each step, and the rows after it; nothing of what tells no steps.
type Outcome = Result<Option<Vec<Finished>>, RunError>;

fn migrate(case: &Case, _: &Answer, url: &str) -> (Outcome, Database) {
    let database = Database::with_rows(url, &case.current);
    CALLED.set(0);
    let steps = RefCell::new(Vec::new());
    let mut connection = database.connect();
    let runner = Runner::<MadeChain>::new(&mut connection).on_event(|event| {
        if let Event::Finished(step, _) = event {
            let way = if step.up { "up" } else { "down" };
            steps.borrow_mut().push((format!("{way}:{}", step.revision), database.rows()));
        }
    });
    let up = case.op == "upgrade";
    let outcome = if up { runner.upgrade(case.target()) } else { runner.downgrade(case.target()) };
    (outcome.map(|_| Some(steps.into_inner())), database)
}

fn stamp(case: &Case, _: &Answer, url: &str) -> (Outcome, Database) {
    let database = Database::with_rows(url, &case.current);
    let mut connection = database.connect();
    let (runner, targets) = (Runner::<MadeChain>::new(&mut connection), case.targets());
    let outcome = if case.purge { runner.purge_and_stamp(&targets) } else { runner.stamp(&targets) };
    (outcome.map(|_| None), database)
}

/// Writes the script, and runs it on a database that stands where the script begins.
fn run_script(case: &Case, answer: &Answer, url: &str) -> (Outcome, Database) {
    let offline = Offline::<MadeChain>::new(SQLITE);
    let script = match case.op.as_str() {
        "upgrade_sql" => offline.upgrade(case.target()),
        "downgrade_sql" => offline.downgrade(case.target()),
        _ => offline.stamp(&case.targets()),
    };
    let before: Vec<String> = match answer {
        Answer::Planned(planned) => planned.before.iter().cloned().collect(),
        _ => Vec::new(),
    };
    let database = Database::with_rows(url, &before);
    let outcome = script.map(|script| {
        if !before.is_empty() {
            Runner::<MadeChain>::new(&mut database.connect()).ensure_version().unwrap();
        }
        database.connect().run(&script).unwrap_or_else(|error| panic!("{}: {error}\n{script}", case.id));
        None
    });
    (outcome, database)
}

/// A step that was run, and the rows after it.
type Finished = (String, BTreeSet<String>);

/// A row is there twice, in a table without a key: no plan can tell.
fn expects_row_count(expect: &Expect) -> bool {
    expect.contains.starts_with("expected to match one row")
}

fn did_as_planned(planned: &Planned, outcome: Outcome, database: &Database) -> Result<(), String> {
    if let Some(steps) = outcome.map_err(|error| format!("the run failed: {}", told(&error)))? {
        let wanted: Vec<Finished> = planned.steps.iter().map(|step| (step.name.clone(), step.rows.clone())).collect();
        same("steps and rows after each", &steps, &wanted)?;
        same("migrations called", &CALLED.get(), &wanted.len())?;
    }
    same("rows at the end", &database.rows(), planned.after())
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, found: &T, wanted: &T) -> Result<(), String> {
    if found == wanted { Ok(()) } else { Err(format!("{what}: planned {wanted:?}, found {found:?}")) }
}

fn refused(outcome: Outcome, kind: RunErrorKind, text: &str) -> Result<(), String> {
    match outcome {
        Err(error) if error.kind == kind && told(&error).contains(text) => Ok(()),
        Err(error) => Err(format!("`{text}` is due ({kind:?}), not `{}` ({:?})", told(&error), error.kind)),
        Ok(_) => Err(format!("the runner does not refuse it: {text}")),
    }
}

/// The messages of an error and of what caused it.
fn told(error: &dyn Error) -> String {
    let causes = std::iter::successors(Some(error), |error| (*error).source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// Gives heads and bases the labels without which their chain does not compile: names of three characters or less, which
/// change no plan, for nothing is found by the beginning of a short name.
fn label_the_ends(nodes: &mut [Node]) {
    for fault in verify(nodes, Policy::Strict) {
        let label = format!("~{}", fault.node);
        let labels = &mut nodes[fault.node].branch_labels;
        if matches!(fault.kind, FaultKind::SecondHead | FaultKind::SecondBase) && !labels.contains(&label) {
            labels.push(label);
        }
    }
}

/// A database of one case.
struct Database {
    url: String,
}

impl Database {
    /// A database whose version table holds `rows`; without any it has no table yet.
    fn with_rows(url: &str, rows: &[String]) -> Self {
        let database = Database { url: url.to_owned() };
        let is_set = rows.iter().collect::<BTreeSet<_>>().len() == rows.len();
        let key = if is_set { ", CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)" } else { "" };
        let mut connection = database.connect();
        if !rows.is_empty() {
            let columns = format!("version_num VARCHAR(32) NOT NULL{key}");
            connection.run(&format!("CREATE TABLE alembic_version ({columns})")).unwrap();
        }
        for row in rows {
            let row = row.replace('\'', "''");
            connection.run(&format!("INSERT INTO alembic_version (version_num) VALUES ('{row}')")).unwrap();
        }
        database
    }

    fn connect(&self) -> AnyConnection {
        let mut connection = AnyConnection::connect(&self.url, Create::IfMissing).unwrap();
        // The file is thrown away: nobody needs it on the disk.
        connection.run("PRAGMA synchronous = OFF").unwrap();
        connection
    }

    fn rows(&self) -> BTreeSet<String> {
        let mut connection = self.connect();
        let tables = connection.rows("SELECT name FROM sqlite_master WHERE name = 'alembic_version'").unwrap();
        if tables.is_empty() {
            return BTreeSet::new();
        }
        let rows = connection.rows("SELECT version_num FROM alembic_version").unwrap();
        rows.into_iter().map(|row| row.text(0).unwrap().to_owned()).collect()
    }
}

/// The chain of the case that is being run.
struct MadeChain;

#[derive(Clone, Copy)]
struct Made {
    migrations: &'static [Migration<AnyConnection>],
    sources: &'static [Source],
}

thread_local! {
    static MADE: Cell<Made> = const { Cell::new(Made { migrations: &[], sources: &[] }) };
    static CALLED: Cell<usize> = const { Cell::new(0) };
}

impl Chain for MadeChain {
    type Connection = AnyConnection;

    fn migrations() -> &'static [Migration<AnyConnection>] {
        MADE.get().migrations
    }

    fn sources() -> &'static [Source] {
        MADE.get().sources
    }
}

impl Made {
    fn of(nodes: &[Node]) -> Made {
        let migrations: Vec<Migration<AnyConnection>> = nodes.iter().map(migration).collect();
        let source = |migration: &Migration<AnyConnection>| Source {
            revision: migration.revision,
            checksum: "",
            file: migration.file,
        };
        let sources: Vec<Source> = migrations.iter().map(source).collect();
        // A chain lives as long as the program that it is linked into.
        Made { migrations: migrations.leak(), sources: sources.leak() }
    }
}

fn migration(node: &Node) -> Migration<AnyConnection> {
    Migration {
        depends_on: all_leaked(&node.depends_on),
        branch_labels: all_leaked(&node.branch_labels),
        downgrade: Some(called),
        ..step(leaked(&node.id), all_leaked(&node.down_revisions), called)
    }
}

fn called(_: &mut Op<'_, AnyConnection>) -> rectify::Result<()> {
    CALLED.set(CALLED.get() + 1);
    Ok(())
}

fn leaked(text: &str) -> &'static str {
    text.to_owned().leak()
}

fn all_leaked(texts: &[String]) -> &'static [&'static str] {
    texts.iter().map(|text| leaked(text)).collect::<Vec<_>>().leak()
}
