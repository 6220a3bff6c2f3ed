//! The models beside the database.

use rectify::Comparison;
use rectify::schema::dialect::{Dialect, SQLITE};
use rectify::schema::diff::{Diff, DiffOptions, Filter, Rename, diff, renamed};
use rectify::schema::{Operation, Schema};

use super::models::Models;
use crate::context::Context;
use crate::error::Error;

/// Both sides, and what differs.
pub(crate) struct Compared {
    pub(crate) models: Schema,
    pub(crate) database: Schema,
    pub(crate) dialect: &'static dyn Dialect,
    pub(crate) diff: Diff,
    /// What could not be told for sure.
    notes: Vec<String>,
    /// The database is not asked: it is not there, or is what is wanted.
    is_offline: bool,
}

/// A difference in words, and what is lost where it is carried out.
pub(crate) struct Difference {
    /// The kind of operation, such as `AddColumn`.
    pub(crate) operation: &'static str,
    pub(crate) words: String,
    pub(crate) loses: Option<String>,
}

impl Compared {
    /// Compares; a SQLite file that is not there yet is an empty database.
    pub(crate) fn new(from: &Models, ctx: &Context<'_>) -> Result<Compared, Error> {
        let compared = Compared::with(from, &[], ctx)?;
        compared.notes.iter().for_each(|note| ctx.output.warning(note));
        Ok(compared)
    }

    /// Compares with renamings that are known.
    fn with(from: &Models, renames: &[Rename], ctx: &Context<'_>) -> Result<Compared, Error> {
        let options = DiffOptions { renames: renames.to_vec(), ..options(ctx) };
        if is_missing(ctx)? {
            let database = Schema::default();
            let models = from.beside(&database, SQLITE, ctx)?;
            let diff = diff(&database, &models, SQLITE, &options);
            return Ok(Compared { models, database, dialect: SQLITE, diff, notes: Vec::new(), is_offline: true });
        }
        let Comparison { dialect, database, models, diff, notes } = ctx.chain()?.compare(ctx, from, &options)?;
        Ok(Compared { models, database, dialect, diff, notes, is_offline: false })
    }

    /// Takes what the database holds for what is wanted, from nothing.
    pub(crate) fn become_baseline(&mut self, ctx: &Context<'_>) {
        self.models = std::mem::take(&mut self.database);
        self.diff = diff(&self.database, &self.models, self.dialect, &options(ctx));
        self.is_offline = true;
    }

    /// Compares once more, with renamings that are known by now.
    pub(crate) fn again(&mut self, from: &Models, renames: &[Rename], ctx: &Context<'_>) -> Result<(), Error> {
        if !self.is_offline && from.plain().is_none() {
            let compared = Compared::with(from, renames, ctx)?;
            let news = compared.notes.iter().filter(|note| !self.notes.contains(note));
            news.for_each(|note| ctx.output.warning(note));
            *self = compared;
            return Ok(());
        }
        let options = DiffOptions { renames: renames.to_vec(), ..options(ctx) };
        // What was renamed keeps what a plain file cannot say of it.
        if from.plain().is_some() && !renames.is_empty() {
            self.models = from.beside(&renamed(&self.database, renames), self.dialect, ctx)?;
        }
        self.diff = diff(&self.database, &self.models, self.dialect, &options);
        Ok(())
    }
}

/// What is compared, as it is configured.
fn options(ctx: &Context<'_>) -> DiffOptions {
    let configured = &ctx.config.compared;
    let filter = Filter { include: configured.include.clone(), exclude: configured.exclude.clone() };
    DiffOptions { filter, ..DiffOptions::default() }
}

/// Whether the database is a SQLite file that is not there yet.
pub(crate) fn is_missing(ctx: &Context<'_>) -> Result<bool, Error> {
    Ok(rectify::sqlite_file(&ctx.config.database()?.text).is_some_and(|file| !file.exists()))
}

/// Each change on a line of its own, in the order in which they are carried out.
pub(crate) fn differences(diff: &Diff) -> Vec<Difference> {
    let mut differences = Vec::new();
    for (nth, operation) in diff.operations.iter().enumerate() {
        let mut add = |operation: &Operation, change: Option<usize>| {
            let loss = diff.losses.iter().find(|loss| (loss.operation, loss.change) == (nth, change));
            let loses = loss.map(|loss| loss.lost.to_string());
            differences.push(Difference { operation: operation.name(), words: operation.to_string(), loses });
        };
        match operation {
            Operation::BatchAlterTable(batch) => {
                batch.changes.iter().enumerate().for_each(|(at, change)| add(change, Some(at)));
            }
            other => add(other, None),
        }
    }
    differences
}
