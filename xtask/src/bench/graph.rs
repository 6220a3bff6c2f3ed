//! The work on the revision graph, which must grow with the number of revisions and no faster.

use std::process::Command;
use std::time::Duration;

use super::cargo::Workspace;
use super::chain;
use super::measure::{output, shown};
use super::table::Row;
use crate::report::Failure;

/// How much longer a revision may take in a chain of ten times as many. Memory that the caches do not hold costs some;
/// work that grew with the square would cost ten times as much.
const LIMIT: f64 = 2.0;

/// How long 10,000 revisions with branches and merges may take to be built and planned, in milliseconds: nobody notices.
const NOTICEABLE: f64 = 50.0;

pub(super) fn measure(workspace: &Workspace) -> Result<Vec<Row>, Failure> {
    workspace.build(&[chain::GRAPH])?;
    let text = output(&mut Command::new(workspace.program(chain::GRAPH)))?;
    let lines: Option<Vec<Line>> = text.lines().map(Line::parse).collect();
    let Some([hundred, thousand, ten_thousand, branched]) = lines.and_then(|lines| <[Line; 4]>::try_from(lines).ok())
    else {
        return Err(Failure::new("the program that times the graph did not tell its figures as it should"));
    };
    let mut rows: Vec<Row> = [&hundred, &thousand, &ten_thousand, &branched].map(Line::row).into();
    let grows = |line: &Line| line.per_revision() / thousand.per_revision();
    rows.push(Row::at_most("graph: time per revision, 10000 against 1000", grows(&ten_thousand), LIMIT, "times"));
    rows.push(Row::at_most("graph: the same with 100 branches and merges", grows(&branched), LIMIT, "times"));
    let median = branched.median.as_secs_f64() * 1000.0;
    rows.push(Row::at_most(
        "graph: 10000 revisions with 100 branches and merges, built and planned",
        median,
        NOTICEABLE,
        "ms",
    ));
    Ok(rows)
}

/// What the program tells of a chain.
struct Line {
    shape: String,
    revisions: u32,
    minimum: Duration,
    median: Duration,
    parts: [Duration; 3],
}

impl Line {
    fn parse(line: &str) -> Option<Line> {
        let mut words = line.split(' ');
        let (shape, revisions) = (words.next()?.to_owned(), words.next()?.parse().ok()?);
        let mut time = || words.next()?.parse().ok().map(Duration::from_nanos);
        Some(Line { shape, revisions, minimum: time()?, median: time()?, parts: [time()?, time()?, time()?] })
    }

    fn row(&self) -> Row {
        let figure = format!("graph, {}, {} revisions: minimum / median", self.shape, self.revisions);
        let [new, plan, nothing] = self.parts.map(|part| shown(&[part]));
        let times = shown(&[self.minimum, self.median]);
        Row::shown(figure, format!("{times} (build {new}, plan all {plan}, plan nothing {nothing})"))
    }

    /// From the minimum: nothing here waits, so whatever is longer is the machine's other work.
    fn per_revision(&self) -> f64 {
        self.minimum.as_secs_f64() / f64::from(self.revisions)
    }
}
