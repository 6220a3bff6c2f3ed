//! `cargo xtask bench`: the figures that Rectify promises, measured on a generated chain.

mod apply;
mod cargo;
mod chain;
mod check;
mod data;
mod database;
mod graph;
mod idle;
mod inspect;
mod machine;
mod measure;
mod table;

use std::fs;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use crate::report::{self, Failure};
use crate::{install, interrupt};
use cargo::Workspace;
use database::{Databases, Servers};
use table::Row;

/// Measure what Rectify promises, on a generated chain
///
/// Ends with 1 where a target is missed. Continuous integration does not run it, so a busy machine breaks nothing.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    cargo xtask bench\n  \
    cargo xtask bench --write\n  \
    cargo xtask bench --only graph,idle\n  \
    cargo xtask bench --revisions 100")]
pub(crate) struct BenchArgs {
    /// How many revisions the chain has
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=10_000), value_name = "N")]
    revisions: u32,
    /// Measure only these
    #[arg(long, value_enum, value_delimiter = ',', value_name = "PARTS")]
    only: Vec<Part>,
    /// Measure on this PostgreSQL server instead of one that is thrown away; makes databases called `rectify_bench_…`
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
    /// The same for a MariaDB server
    #[arg(long, value_name = "URL")]
    mariadb: Option<String>,
    /// Keep the table in BENCHMARKS.md
    #[arg(long, conflicts_with = "only")]
    write: bool,
}

/// A part of the benchmark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Work on the revision graph
    Graph,
    /// `up` with nothing to do
    Idle,
    /// `up` from empty
    Apply,
    /// Reading a catalog of 3,000 tables
    Inspect,
    /// Rows in bulk and in chunks
    Data,
    /// `cargo check` after touching one file
    Check,
}

/// Where the last table is kept, from the root of this workspace.
const RESULTS: &str = "BENCHMARKS.md";

pub(crate) fn run(args: &BenchArgs) -> Result<(), Failure> {
    interrupt::install()?;
    let parts: Vec<Part> = Part::value_variants().iter().copied().filter(|part| args.measures(*part)).collect();
    let folder = root().join("target/bench");
    let chain = chain::write(&folder.join(format!("chain-{}", args.revisions)), args.revisions)?;
    let workspace = Workspace::open(chain, folder.join("target"))?;
    let databases = args.databases(&parts, &workspace, folder.join("databases"))?;
    let mut rows = Vec::new();
    for part in parts {
        report::note(&format!("measuring: {}", part.name()));
        rows.extend(match (part, &databases) {
            (Part::Graph, _) => graph::measure(&workspace)?,
            (Part::Idle, Some(databases)) => idle::measure(&workspace, databases)?,
            (Part::Apply, Some(databases)) => apply::measure(&workspace, databases)?,
            (Part::Inspect, Some(databases)) => inspect::measure(&workspace, databases)?,
            (Part::Data, Some(databases)) => data::measure(&workspace, databases)?,
            (Part::Check, _) => check::measure(&workspace, args.revisions)?,
            (Part::Idle | Part::Apply | Part::Inspect | Part::Data, None) => {
                unreachable!("these parts have their databases")
            }
        });
        interrupt::check()?;
    }
    let machine = machine::describe(databases.as_ref())?;
    drop(databases);
    conclude(args, &machine, &rows)
}

impl BenchArgs {
    fn measures(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }

    /// The databases, if one of the parts needs them; with them the programs that use them.
    fn databases(&self, parts: &[Part], workspace: &Workspace, folder: PathBuf) -> Result<Option<Databases>, Failure> {
        let need_one = |part: &Part| matches!(part, Part::Idle | Part::Apply | Part::Inspect | Part::Data);
        if !parts.iter().any(need_one) {
            return Ok(None);
        }
        let servers = Servers {
            postgres: self.postgres.as_deref(),
            mariadb: self.mariadb.as_deref(),
            needs_mariadb: parts.contains(&Part::Data),
        };
        if servers.postgres.is_none() {
            install::missing_servers(&[rectify_test_servers::Database::Postgres])?;
        }
        if servers.needs_mariadb && servers.mariadb.is_none() {
            install::missing_servers(&[rectify_test_servers::Database::Mariadb])?;
        }
        let chain = parts.iter().any(|part| matches!(part, Part::Idle | Part::Apply)).then_some(chain::PACKAGE);
        let packages: Vec<_> = chain.into_iter().chain([chain::YARDSTICK]).collect();
        workspace.build(&packages)?;
        Databases::open(folder, workspace.program("query"), &servers).map(Some)
    }
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Part::Graph => "work on the graph",
            Part::Idle => "`up` with nothing to do",
            Part::Apply => "`up` from empty",
            Part::Inspect => "reading a catalog",
            Part::Data => "rows in bulk and in chunks",
            Part::Check => "`cargo check`",
        }
    }
}

fn conclude(args: &BenchArgs, machine: &[(&str, String)], rows: &[Row]) -> Result<(), Failure> {
    for (name, value) in machine {
        report::line(&format!("{name}: {value}"));
    }
    report::line("");
    report::line(table::plain(rows).trim_end());
    if args.write {
        let cannot_write = |error| Failure::new(format!("cannot write {RESULTS}")).because(error);
        fs::write(root().join(RESULTS), table::document(args.revisions, machine, rows)).map_err(cannot_write)?;
    }
    match rows.iter().filter(|row| row.is_missed()).count() {
        0 => Ok(()),
        1 => Err(Failure::new("1 target is missed")),
        missed => Err(Failure::new(format!("{missed} targets are missed"))),
    }
}

/// The root of this workspace.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is a folder of the workspace").to_owned()
}
