//! Was a migration edited after it was applied? The journal keeps the checksum of each one's tokens.

use std::collections::HashMap;

use super::journal::Journal;
use super::run::Run;
use super::{RunError, RunErrorKind};

/// How the migrations in this program compare with those that the database was migrated with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    /// The applied migrations whose tokens have changed since.
    pub edited: Vec<Edited>,
    /// The applied revisions that the journal has no checksum of: they were stamped, or another tool applied them.
    pub unrecorded: Vec<String>,
}

impl Verification {
    /// Whether no applied migration was edited.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.edited.is_empty()
    }
}

/// A migration that was edited after it was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    /// The revision.
    pub revision: String,
    /// The first line of its documentation.
    pub message: String,
    /// Its file.
    pub file: String,
    /// The checksum of what was applied.
    pub applied: String,
    /// The checksum of what is in this program.
    pub checksum: String,
}

impl Run<'_> {
    pub(super) fn verify(&mut self) -> Result<Verification, RunError> {
        let server = self.server()?;
        let rows = self.rows(&server)?;
        let graph = self.linked.graph()?;
        let applied = graph.applied(&rows).map_err(|error| {
            let hint = error.hint();
            RunError::new(RunErrorKind::Plan, "cannot tell which revisions are applied").source(error).hint(hint)
        })?;
        let recorded = self.recorded(server.has_journal.then_some(&server.journal_table), server.dialect)?;
        let mut found = Verification::default();
        for revision in graph.nodes().iter().map(|node| node.id.as_str()).filter(|id| applied.contains(id)) {
            let meta = self.linked.meta(revision);
            match recorded.get(revision) {
                None => found.unrecorded.push(revision.to_owned()),
                Some(applied) if applied != meta.checksum => found.edited.push(Edited {
                    revision: revision.to_owned(),
                    message: meta.message.to_owned(),
                    file: meta.file.to_owned(),
                    applied: applied.clone(),
                    checksum: meta.checksum.to_owned(),
                }),
                Some(_) => {}
            }
        }
        Ok(found)
    }

    pub(super) fn accept(&mut self, revisions: &[&str]) -> Result<Vec<String>, RunError> {
        let server = self.server()?;
        let edited: Vec<String> = self.verify()?.edited.into_iter().map(|edited| edited.revision).collect();
        let mut accepted = Vec::new();
        for text in revisions {
            let graph = self.linked.graph()?;
            let found = graph.resolve(text).map_err(|error| {
                let hint = error.hint();
                RunError::new(RunErrorKind::Plan, format!("cannot accept `{text}`")).source(error).hint(hint)
            })?;
            for revision in found {
                if !edited.iter().any(|edited| edited == revision) {
                    return Err(RunError::new(
                        RunErrorKind::Plan,
                        format!("revision `{revision}` was not edited since it was applied"),
                    )
                    .hint("`verify` lists what was"));
                }
                accepted.push(revision.to_owned());
            }
        }
        self.locked(&server, |run, server| {
            let journal = Journal { table: server.journal_table.clone() };
            accepted.iter().try_for_each(|revision| {
                let checksum = run.linked.meta(revision).checksum;
                journal
                    .accept(run.db, server.dialect, revision, checksum)
                    .map_err(|error| RunError::database("write the journal", error))
            })
        })?;
        Ok(accepted)
    }

    /// The checksum under which each revision was last applied.
    fn recorded(
        &mut self,
        journal: Option<&rectify_schema::TableName>,
        dialect: &dyn rectify_schema::dialect::Dialect,
    ) -> Result<HashMap<String, String>, RunError> {
        let Some(table) = journal else { return Ok(HashMap::new()) };
        let journal = Journal { table: table.clone() };
        journal.applied(self.db, dialect).map_err(|error| RunError::database("read the journal", error))
    }
}
