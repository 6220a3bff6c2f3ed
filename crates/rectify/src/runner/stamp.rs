//! Stamping: the version table is told where the database stands, and no migration runs.

use super::journal::{Journal, Unfinished};
use super::run::{Run, apply};
use super::server::Server;
use super::watch::{self, VersionApply};
use super::{RunError, RunErrorKind, StepInfo, version_table};
use crate::error::{DatabaseError, Error};

/// What a stamp did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    /// The rows of the version table before it.
    pub before: Vec<String>,
    /// The rows after it.
    pub current: Vec<String>,
    /// Steps that an earlier run had left unfinished, and that nobody waits for any more.
    pub forgotten: Vec<Unfinished>,
}

impl Run<'_> {
    pub(super) fn stamp(&mut self, targets: &[&str], purge: bool) -> Result<Stamp, RunError> {
        // A mistake in a target is told before anything is written.
        let server = self.server()?;
        let rows = if purge { Vec::new() } else { self.rows(&server)? };
        self.plan_stamp(targets, &rows)?;
        self.refuse_to_end_a_transaction(&server)?;
        self.locked(&server, |run, server| run.stamp_locked(server, targets, purge))
    }

    pub(super) fn ensure_version(&mut self) -> Result<(), RunError> {
        let server = self.server()?;
        if server.has_version_table && server.has_journal {
            return Ok(());
        }
        self.locked(&server, |run, server| run.create_tables(server))
    }

    /// Does `action` under the lock, with the tables as whoever held it before has left them.
    pub(super) fn locked<T>(
        &mut self,
        before: &Server,
        action: impl FnOnce(&mut Self, &Server) -> Result<T, RunError>,
    ) -> Result<T, RunError> {
        let lock = self.lock(before)?;
        let outcome = self.server().and_then(|server| action(self, &server));
        // A connection that broke in between cannot give the lock back: the server does, and the first error tells why.
        let released =
            lock.release(self.db).map_err(|error| RunError::database("give the lock back after the run", error));
        outcome.and_then(|done| released.map(|()| done))
    }

    pub(super) fn stamp_locked(&mut self, server: &Server, targets: &[&str], purge: bool) -> Result<Stamp, RunError> {
        self.create_tables(server)?;
        // Their rows are there now.
        let (before, forgotten) =
            self.rows_and_unfinished(&Server { has_version_table: true, has_journal: true, ..server.clone() })?;
        let from = if purge { Vec::new() } else { before.clone() };
        let changes = self.plan_stamp(targets, &from)?;
        let mut current = from;
        apply(&mut current, &changes);
        current.sort();
        let stamp = Stamp { before, current, forgotten };
        self.begin(server)?;
        let done = self.write_stamp(server, &changes, purge, &stamp, targets);
        let failed = |error: Error| {
            RunError::new(RunErrorKind::Database, "failed to write the version table").source(error.into_inner())
        };
        if let Err(error) = done {
            let undone = self.db.rollback();
            let failed = failed(error);
            return Err(match undone {
                Ok(()) => failed.note("the version table is as it was"),
                Err(undo) => failed.note(format!("rolling back failed as well: {undo}")),
            });
        }
        self.db.commit().map_err(|error| RunError::database("commit the stamp", error))?;
        Ok(stamp)
    }

    fn write_stamp(
        &mut self,
        server: &Server,
        changes: &[rectify_chain::RowChange],
        purge: bool,
        stamp: &Stamp,
        targets: &[&str],
    ) -> Result<(), Error> {
        let failure = |error| Error::from(DatabaseError::from(error));
        if purge {
            version_table::clear(self.db, server.dialect, &server.version_table).map_err(failure)?;
        }
        for change in changes {
            version_table::change(self.db, server.dialect, &server.version_table, change, false).map_err(failure)??;
        }
        if !stamp.forgotten.is_empty() {
            let journal = Journal { table: server.journal_table.clone() };
            journal.forget_unfinished(self.db, server.dialect).map_err(failure)?;
        }
        self.tell_of_stamp(stamp, targets)
    }

    fn tell_of_stamp(&mut self, stamp: &Stamp, targets: &[&str]) -> Result<(), Error> {
        let Some(callback) = &mut self.on_version_apply else { return Ok(()) };
        let step = StepInfo { revision: targets.join(" "), message: "stamp".to_owned(), up: true, elided: false };
        let gone: Vec<String> = stamp.before.iter().filter(|row| !stamp.current.contains(row)).cloned().collect();
        let new: Vec<String> = stamp.current.iter().filter(|row| !stamp.before.contains(row)).cloned().collect();
        let direction = watch::Direction::Stamp;
        let applied =
            VersionApply { step: &step, direction, source: &gone, destination: &new, current: &stamp.current };
        callback(self.db, &applied)
    }

    fn plan_stamp(&self, targets: &[&str], rows: &[String]) -> Result<Vec<rectify_chain::RowChange>, RunError> {
        self.linked.graph()?.plan_stamp(rows, targets).map_err(|error| {
            let hint = error.hint();
            let asked = format!("cannot plan `stamp {}`", targets.join(" "));
            RunError::new(RunErrorKind::Plan, asked).source(error).hint(hint)
        })
    }
}
