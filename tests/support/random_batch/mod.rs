//! Random SQLite tables with all that hangs on them, and random batches: what to make, what to change, and what must be
//! there afterwards, written down without the code that is under test.

mod changes;
mod model;
mod tables;

use std::fmt::Write as _;

use crate::step;
use rectify::prelude::*;
use rectify::{AnyConnection, Batch, Migration, Op, Source};

pub use model::Model;

/// Numbers that follow from a seed.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// Begins with a seed.
    pub fn new(seed: u64) -> Self {
        let mut random = Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        (0..8).for_each(|_| _ = random.below(2));
        random
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 11) % u64::try_from(limit).unwrap()).unwrap()
    }

    /// Yes, once in so many times.
    pub fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

type Change = Box<dyn Fn(&mut Batch)>;

/// A table, what hangs on it, and a batch.
pub struct Case {
    /// The table and its surroundings before the batch.
    pub before: Model,
    /// And after it.
    pub after: Model,
    /// The changes in words, for whoever reads that it failed.
    pub said: Vec<String>,
    /// A change that must be refused, so that nothing changes.
    pub refused: Option<String>,
    changes: Vec<Change>,
}

impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.said.join("; "))
    }
}

/// The case of a seed, the same whenever it is asked for.
pub fn case(seed: u64) -> Case {
    let mut random = Random::new(seed);
    let before = tables::random(&mut random);
    let mut after = before.clone();
    let mut case = Case { before, after: after.clone(), said: Vec::new(), refused: None, changes: Vec::new() };
    let wanted = random.below(6);
    for number in 0..=wanted {
        // Places are told by the names after all changes.
        let change = if number < wanted {
            changes::random(&mut random, &mut after)
        } else {
            changes::last(&mut random, &mut after)
        };
        let Some((said, change)) = change else { continue };
        case.said.push(said);
        case.changes.push(change);
    }
    if random.one_in(4) {
        case.said.push("copy in any case".to_owned());
        case.changes.push(Box::new(|batch| batch.recreate(rectify::schema::batch::Recreate::Always)));
    }
    if random.one_in(12)
        && let Some((said, change)) = changes::refused(&after)
    {
        case.refused = Some(said.clone());
        case.said.push(said);
        case.changes.push(change);
    }
    case.after = after;
    case
}

/// A number that an environment variable sets.
pub fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{variable} is no number: {text}")))
}

/// Does the batch of the seed that the argument `seed` gives.
#[derive(Debug)]
pub struct Chain;

impl rectify::Chain for Chain {
    type Connection = AnyConnection;

    fn migrations() -> &'static [Migration<AnyConnection>] {
        static MIGRATIONS: [Migration<AnyConnection>; 1] =
            [Migration { message: "Change the table", ..step("batch", &[], upgrade) }];
        &MIGRATIONS
    }

    fn sources() -> &'static [Source] {
        &[]
    }
}

fn upgrade(op: &mut Op<'_, AnyConnection>) -> Result<()> {
    let seed = op
        .x_argument("seed")
        .ok_or_else(|| Error::message("no seed"))?
        .parse()
        .map_err(|_| Error::message("no number"))?;
    let case = case(seed);
    op.batch_alter_table(case.before.name.as_str(), |batch| case.changes.iter().for_each(|change| change(batch)))
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The names one behind the other, in quotes.
fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut text = String::new();
    for (at, name) in names.into_iter().enumerate() {
        write!(text, "{}{}", if at == 0 { "" } else { ", " }, quoted(name)).unwrap();
    }
    text
}
