//! What a run sets in a session of SQLite, and puts back.

use diesel::QueryResult;

use super::sql::one_text;
use crate::database::Database;

/// A pragma as it was before the run.
#[derive(Debug)]
pub(super) struct Pragma {
    name: &'static str,
    before: String,
}

impl Pragma {
    /// How long a statement waits for another connection, in milliseconds.
    pub(super) fn busy_timeout(db: &mut dyn Database, milliseconds: u32) -> QueryResult<Self> {
        let before = one_text(db, "PRAGMA busy_timeout")?;
        let pragma = Self { name: "busy_timeout", before: before.unwrap_or_else(|| "0".to_owned()) };
        db.run(&format!("PRAGMA busy_timeout = {milliseconds}"))?;
        Ok(pragma)
    }

    /// Lets the rollback journal stay from one migration to the next, where SQLite would delete its file and make it again:
    /// a quarter of what a small migration costs, and as safe (<https://www.sqlite.org/pragma.html#pragma_journal_mode>).
    ///
    /// A database in WAL mode, in memory or without a journal stays as it is.
    pub(super) fn persistent_journal(db: &mut dyn Database) -> QueryResult<Option<Self>> {
        let mode = one_text(db, "PRAGMA journal_mode")?;
        let Some(before) = mode.filter(|mode| mode == "delete") else { return Ok(None) };
        db.run("PRAGMA journal_mode = PERSIST")?;
        Ok(Some(Self { name: "journal_mode", before }))
    }

    /// Puts it back; of the journal nothing stays.
    pub(super) fn restore(self, db: &mut dyn Database) -> QueryResult<()> {
        db.run(&format!("PRAGMA {} = {}", self.name, self.before))
    }
}
