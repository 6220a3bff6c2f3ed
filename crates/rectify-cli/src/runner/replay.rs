//! The chain once more, in a database that is there for as long as that takes.

use std::collections::BTreeSet;
use std::error::Error as StdError;

use rectify::schema::Operation;
use rectify::schema::dialect::MARIADB;
use rectify::{Chain, Create, Database as _, Family, Options, Runner, Scratch, ScratchError};

use super::{Replay, Replayed, catalog, interrupt_flag, run_error, settings};
use crate::config::Config;
use crate::error::Error;
use crate::output::Output;

/// Runs the chain as far as it is asked for, and reads what is there then.
pub(super) fn run<C: Chain>(
    connect: &impl Fn(&str, Create) -> Result<C::Connection, Box<dyn StdError + Send + Sync>>,
    config: &Config,
    output: &Output,
    asked: &Replay<'_>,
) -> Result<Replayed, Error> {
    let Replay { revisions, scopes, given } = *asked;
    let url = &config.database()?.text;
    let open = |url: &str| connect(url, Create::IfMissing);
    let mut scratch = Scratch::create(url, "rectify_replay", open).map_err(|error| no_scratch(error, revisions))?;
    let name = scratch.name().map(str::to_owned);
    if scratch.family() == Family::Mysql {
        refuse_other_databases::<C>(revisions)?;
    }
    // The version table goes where the tables go, whatever is configured: nothing but the new database is touched.
    let options = Options { version_table_schema: None, arguments: given.to_vec(), ..settings(config) };
    let flag = interrupt_flag(output)?;
    for revision in revisions {
        let runner = Runner::<C>::new(&mut *scratch).options(options.clone()).interrupted_by(flag.clone());
        runner.upgrade(revision).map_err(|error| {
            let cause = run_error(error);
            let mut failed = Error::failed(format!("cannot replay the chain up to `{revision}` to read its tables"));
            failed.notes = cause.notes.clone();
            failed.notes.push(match &name {
                Some(name) => format!("it ran in the temporary database `{name}`, which is dropped again"),
                None => "it ran in SQLite in memory".to_owned(),
            });
            failed.hints = cause.hints.clone();
            failed.because(Caused(cause)).hint(way_out(revisions))
        })?;
    }
    let (schema, dialect) = catalog(&mut *scratch, config, scopes)?;
    Ok(Replayed { schema, dialect, database: name })
}

fn no_scratch(error: ScratchError<Box<dyn StdError + Send + Sync>>, revisions: &[String]) -> Error {
    let failed = Error::failed("cannot replay the chain: there is no database for it");
    let failed = match error {
        ScratchError::Connect(error) => {
            let hints = rectify::hints(&*error);
            hints.into_iter().fold(failed.because(error), Error::hint)
        }
        ScratchError::Create { name, source } => {
            let hint = source.hint.clone();
            let failed = failed.because(format!("failed to create the database `{name}`: {source}"));
            hint.into_iter()
                .fold(failed, |failed, hint| failed.hint(format!("{hint} (from the database)")))
                .hint("connect as a user who may create databases")
        }
    };
    failed.hint(way_out(revisions))
}

fn way_out(revisions: &[String]) -> String {
    format!("or bring the connected database there, and it is read instead: `up {}`", revisions.join("`, `up "))
}

/// On MySQL a schema is a database: what names one would change that one, and not the one of the replay.
fn refuse_other_databases<C: Chain>(revisions: &[String]) -> Result<(), Error> {
    let graph = rectify::graph::<C>().map_err(|error| Error::failed("the chain cannot be used").because(error))?;
    let steps = revisions.iter().filter_map(|revision| graph.plan_upgrade(&[], revision).ok()).flatten();
    let wanted: BTreeSet<String> = steps.map(|step| step.revision).collect();
    for migration in C::migrations().iter().filter(|migration| wanted.contains(migration.revision)) {
        // One that reads rows cannot tell what it does without them: SQL text and rows are not looked into.
        let Ok(operations) = rectify::record(MARIADB, migration.upgrade) else { continue };
        if let Some(database) = operations.iter().find_map(database) {
            return Err(Error::failed("cannot replay the chain in a database of its own")
                .because(format!(
                    "revision `{}` names the database `{database}`, which it would change",
                    migration.revision
                ))
                .hint(way_out(revisions)));
        }
    }
    Ok(())
}

/// The database that an operation names.
fn database(operation: &Operation) -> Option<&String> {
    let table = match operation {
        Operation::CreateSchema(create) => return Some(&create.name),
        Operation::DropSchema(drop) => return Some(&drop.name),
        Operation::CreateTable(create) => &create.table.name,
        Operation::DropTable(drop) => &drop.table,
        Operation::RenameTable(rename) => &rename.from,
        Operation::BulkInsert(insert) => &insert.table,
        other => other.altered_table()?,
    };
    table.schema.as_ref()
}

/// An error of a command as the cause of another one.
#[derive(Debug)]
struct Caused(Error);

impl std::fmt::Display for Caused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl StdError for Caused {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let source: &(dyn StdError + 'static) = self.0.source.as_deref()?;
        Some(source)
    }
}
