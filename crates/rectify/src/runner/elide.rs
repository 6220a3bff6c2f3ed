//! `up --fresh`: a step that only changes rows need not run where there are none.

use std::sync::atomic::Ordering;

use diesel::QueryResult;
use rectify_schema::TableName;
use rectify_schema::dialect::Dialect;

use super::journal::{ELIDED, Journal};
use super::run::{Attempt, Run};
use super::sql::{is_there, one_text, table};
use super::{Event, RunError, RunErrorKind, StepInfo, TransactionMode, trace};
use crate::error::{DatabaseError, Error};

impl Run<'_> {
    /// Passes over a step that may be, and gives it back as it was done; nothing where it has to run.
    ///
    /// What proves that the tables are empty, the row of the version table and the journal are one transaction.
    pub(super) fn elide(&mut self, attempt: &Attempt<'_>) -> Result<Option<StepInfo>, RunError> {
        let Attempt { server, meta, planned, resume, .. } = attempt;
        let may_be = self.options.fresh && planned.info.up && !meta.options.elidable.is_empty();
        // Some of a step that was cut off may stand; and whoever is interrupted passes nothing over.
        if !may_be || resume.is_some() || self.interrupted.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let nested = self.options.transaction == TransactionMode::Run;
        if !nested {
            self.begin(server)?;
        }
        let elided = StepInfo { elided: true, ..planned.info.clone() };
        let in_the_way = match self.in_the_way(server.dialect, meta.options.elidable()) {
            Ok(None) => match self.finish(attempt, &planned.told_as(&elided), ELIDED, None) {
                Ok(()) => return Ok(Some(elided)),
                Err(error) => Err(error),
            },
            Ok(Some(reason)) => Ok(reason),
            Err(error) => Err(Error::from(DatabaseError::from(error))),
        };
        let undone = if nested || !self.db.in_transaction() { Ok(()) } else { self.db.rollback() };
        let undone = undone.map_err(|error| RunError::database("roll back what was asked of the tables", error));
        match in_the_way {
            Ok(reason) => {
                undone?;
                trace::not_elided(planned.info, &reason);
                (self.on_event)(Event::NotElided { step: planned.info, reason: &reason });
                Ok(None)
            }
            Err(error) => {
                let message = format!("failed to pass over revision `{}` ({})", meta.revision, meta.message);
                let failed = RunError::new(RunErrorKind::Migration, message).source(error.into_inner());
                Err(match undone {
                    Ok(()) => failed.note("the version table was not changed"),
                    Err(undo) => failed.note(format!("rolling back failed as well: {undo}")),
                })
            }
        }
    }

    /// The first table that does not prove that there is nothing to do.
    fn in_the_way(
        &mut self,
        dialect: &dyn Dialect,
        tables: impl Iterator<Item = TableName>,
    ) -> QueryResult<Option<String>> {
        for name in tables {
            // A misspelt name must not pass for an empty table.
            if !is_there(self.db, dialect, &name)? {
                return Ok(Some(format!("there is no table `{name}`")));
            }
            if one_text(self.db, &format!("SELECT 'x' FROM {} LIMIT 1", table(dialect, &name)))?.is_some() {
                return Ok(Some(format!("`{name}` holds rows")));
            }
        }
        Ok(None)
    }

    pub(super) fn elided(&mut self) -> Result<Vec<String>, RunError> {
        let server = self.server()?;
        if !server.has_journal {
            return Ok(Vec::new());
        }
        let journal = Journal { table: server.journal_table.clone() };
        let found =
            journal.elided(self.db, server.dialect).map_err(|error| RunError::database("read the journal", error))?;
        let mut found: Vec<String> = found.into_iter().collect();
        found.sort();
        Ok(found)
    }
}
