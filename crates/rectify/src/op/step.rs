//! The state of one migration while it runs: which operations were carried out, which stand, and where to go on.
//!
//! Operations are counted and folded into a fingerprint. Where a step does not run in one transaction, the journal keeps
//! both, and the place inside the operation that is under way: so a run that was cut off can go on behind what stands.

use std::fmt::{self, Display};
use std::panic::Location;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use diesel::result::Error as DieselError;
use rectify_schema::dialect::{Dialect, ServerVersion};
use rectify_schema::{NamingConvention, Operation, Table};

use super::foreign_keys::Violations;
use crate::database::Database;
use crate::error::{DatabaseError, Error, Result};
use crate::fnv;
use crate::offline::{self, OfflineError};
use crate::runner::journal::Journal;
use crate::runner::lock::lease::Lease;

/// What a migration did so far.
pub(crate) struct Step {
    pub(crate) dialect: &'static dyn Dialect,
    pub(crate) settings: StepSettings,
    /// The journal's row for this step, once it is known that the step is not one transaction.
    pub(crate) journal_row: Option<i64>,
    /// Where in the migration the last call of a method of `op` stands.
    pub(crate) called_at: Option<&'static Location<'static>>,
    /// Set where SQLite must run the step again with foreign keys off.
    pub(crate) wants_foreign_keys_off: bool,
    /// Whether the migration had the connection itself, so that what it did is not all counted.
    connection_was_used: bool,
    /// Set where the migration gives comments to a database that keeps none.
    pub(crate) loses_comments: bool,
    /// Violated foreign keys as they were before the first rebuild.
    pub(super) violations_before: Option<Vec<Violations>>,
    pub(super) mode: Mode,
    /// What keeps other runs out, where it has to be renewed.
    pub(crate) lease: Option<Lease>,
    place: Place,
    /// How many runs through rows are under way, one inside the other: what they do is part of one operation.
    inside: u32,
    resume: Option<Resume>,
    done: Vec<String>,
    /// How many of `done` are safe from a rollback.
    committed: usize,
}

/// What becomes of what a migration asks for.
pub(crate) enum Mode {
    /// It is done, or written to a script.
    CarriedOut,
    /// It is kept.
    Recorded(Vec<Operation>),
    /// It is looked at: whether the database could do it.
    Rehearsed,
}

/// What does not change while a step runs.
pub(crate) struct StepSettings {
    pub(crate) revision: &'static str,
    pub(crate) checksum: &'static str,
    pub(crate) up: bool,
    pub(crate) journal: Journal,
    /// The server's version, where there is one and it is known.
    pub(crate) server_version: Option<ServerVersion>,
    /// The chain's naming convention.
    pub(crate) naming: NamingConvention,
    /// Where the migration is part of a transaction that it must not leave: what to do instead.
    pub(crate) stays_in_transaction: Option<&'static str>,
    pub(crate) interrupted: Arc<AtomicBool>,
    /// What `op.x_argument` gives.
    pub(crate) arguments: Vec<(String, String)>,
    /// What `op.tag` gives.
    pub(crate) tag: Option<String>,
}

/// How far a step has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Operations that were carried out.
    pub(crate) operations: u32,
    /// Statements of the operation behind them that were carried out.
    pub(crate) statements: u32,
    /// A hash of the operations that were carried out.
    pub(crate) fingerprint: u64,
}

impl Place {
    /// What tells how far one place is against another.
    const fn reached(self) -> (u32, u32) {
        (self.operations, self.statements)
    }
}

/// A step that an earlier run left unfinished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Resume {
    pub(crate) place: Place,
    /// Whether the statement at `place` may have been carried out: the run was killed, not refused.
    pub(crate) uncertain: bool,
}

/// Why an operation of a migration failed.
#[derive(Debug)]
pub struct OperationError {
    /// Which operation of the migration, from one.
    pub number: usize,
    /// What was being done, to what.
    pub operation: String,
    /// The statement that failed, where one had been sent.
    pub statement: Option<String>,
    /// What to do next.
    pub hint: Option<String>,
    source: Box<dyn std::error::Error + Send + Sync>,
}

impl Display for OperationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "operation {}, {}", self.number, self.operation)?;
        match &self.statement {
            Some(sql) => write!(f, ": {sql}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for OperationError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.source)
    }
}

/// The run was asked to stop between two statements.
#[derive(Debug, thiserror::Error)]
#[error("interrupted before operation {number}, {operation}")]
pub struct Interrupted {
    /// Which operation of the migration would have come next, from one.
    pub number: usize,
    /// What it is.
    pub operation: String,
}

/// The first operations of an unfinished step are no longer what they were.
#[derive(Debug, thiserror::Error)]
#[error("the first {operations} operations of the migration are not those that an earlier run carried out")]
struct Diverged {
    operations: u32,
}

/// Whether the last statement of a killed run was carried out cannot be told from the catalog.
#[derive(Debug, thiserror::Error)]
#[error("an earlier run was cut off here, and whether this statement was carried out cannot be told from the catalog")]
struct Uncertain;

/// An unfinished step works with the connection itself, so what it did there is not known.
#[derive(Debug, thiserror::Error)]
#[error(
    "an earlier run was cut off in this migration, and what it changed through `op.connection()` is not in the journal"
)]
struct ConnectionWasUsed;

impl Step {
    pub(crate) fn new(dialect: &'static dyn Dialect, settings: StepSettings, resume: Option<Resume>) -> Self {
        Self {
            dialect,
            settings,
            journal_row: None,
            called_at: None,
            wants_foreign_keys_off: false,
            connection_was_used: false,
            loses_comments: false,
            violations_before: None,
            mode: Mode::CarriedOut,
            lease: None,
            place: Place { operations: 0, statements: 0, fingerprint: fnv::EMPTY },
            inside: 0,
            resume,
            done: Vec::new(),
            committed: 0,
        }
    }

    /// Takes operations that are not carried out now; `false` if they are to be.
    pub(super) fn keeps(&mut self, operations: impl FnOnce() -> Vec<Operation>) -> bool {
        match &mut self.mode {
            Mode::CarriedOut => return false,
            Mode::Recorded(recorded) => recorded.extend(operations()),
            Mode::Rehearsed => self.done.push(String::new()),
        }
        true
    }

    pub(super) const fn rehearses(&self) -> bool {
        matches!(self.mode, Mode::Rehearsed)
    }

    /// The operations that stand, whatever becomes of an open transaction.
    pub(crate) fn standing(&self) -> &[String] {
        &self.done[..self.committed]
    }

    /// Whether it is certain that nothing of the step stands.
    pub(crate) fn left_nothing(&self) -> bool {
        self.resume.is_none() && self.place.operations == 0 && self.place.statements == 0 && !self.connection_was_used
    }

    /// Whether it is still not known if the statement on which an earlier run was killed was carried out.
    pub(crate) fn stays_uncertain(&self) -> bool {
        self.resume.is_some_and(|resume| resume.uncertain && self.place.reached() <= resume.place.reached())
    }

    /// What was done up to here can no longer be rolled back.
    pub(crate) fn mark_committed(&mut self) {
        self.committed = self.done.len();
    }

    /// Names what an operation leaves unnamed, by the chain's naming convention.
    pub(crate) fn name(&self, operation: &mut Operation) -> Result<()> {
        let named = self.settings.naming.apply(operation, self.dialect.name_limit());
        named.map_err(|error| self.failure(operation, None, error))
    }

    /// Names what a table leaves unnamed.
    pub(crate) fn name_table(&self, table: &mut Table) -> Result<()> {
        let named = self.settings.naming.apply_to_table(table, self.dialect.name_limit());
        named.map_err(|error| self.failure(&format!("name the constraints of `{}`", table.name), None, error))
    }

    /// Begins an operation; `false` if an earlier run has carried it out. `identity` tells it from every other.
    pub(crate) fn enter(&mut self, operation: &dyn Display, identity: &str) -> Result<bool> {
        self.check_interrupted(operation)?;
        let Some(resume) = self.resume.filter(|_| !self.is_inside()) else { return Ok(true) };
        if self.place.operations < resume.place.operations {
            self.advance(operation.to_string(), identity);
            self.mark_committed();
            if self.place.operations == resume.place.operations && self.place.fingerprint != resume.place.fingerprint {
                return Err(self.repair(operation, None, Diverged { operations: resume.place.operations }));
            }
            return Ok(false);
        }
        if self.place.operations == resume.place.operations {
            self.place.statements = resume.place.statements;
        }
        Ok(true)
    }

    /// Sends statement number `index` of an operation, unless an earlier run has carried it out.
    ///
    /// `already_there` answers, for the one statement on which a run was killed, whether it was carried out; nothing
    /// where that cannot be told.
    pub(crate) fn statement<T: Default>(
        &mut self,
        db: &mut dyn Database,
        operation: &dyn Display,
        index: u32,
        sql: &str,
        already_there: impl FnOnce(&mut dyn Database) -> Result<Option<bool>, DieselError>,
        send: impl FnOnce(&mut dyn Database) -> Result<T, DieselError>,
    ) -> Result<T> {
        self.check_interrupted(operation)?;
        if self.is_inside() {
            return send(db).map_err(|error| self.refused(operation, sql, error));
        }
        if index < self.place.statements {
            return Ok(T::default());
        }
        if self.is_uncertain() {
            match already_there(db).map_err(|error| self.refused(operation, sql, error))? {
                Some(true) => {
                    self.place.statements += 1;
                    return Ok(T::default());
                }
                Some(false) => self.resume.iter_mut().for_each(|resume| resume.uncertain = false),
                None => return Err(self.repair(operation, Some(sql), Uncertain)),
            }
        }
        self.keep_lease(db, operation)?;
        let sent = send(db).map_err(|error| self.refused(operation, sql, error))?;
        self.place.statements += 1;
        Ok(sent)
    }

    /// In a transaction the row of the lease is locked, and outlasts any statement.
    fn keep_lease(&self, db: &mut dyn Database, operation: &dyn Display) -> Result<()> {
        let Some(lease) = self.lease.as_ref().filter(|_| !db.in_transaction()) else { return Ok(()) };
        lease.keep_in_time(db).map_err(|error| self.failure(operation, None, error))
    }

    /// Keeps the place inside an operation of several statements.
    pub(crate) fn keep_place(&self, db: &mut dyn Database) -> Result<()> {
        let Some(row) = self.journal_row.filter(|_| !self.is_inside()) else { return Ok(()) };
        self.settings
            .journal
            .keep_place(db, self.dialect, row, &self.place)
            .map_err(|error| self.refused(&"keep the place in the journal", "UPDATE", error))
    }

    /// Ends an operation that was carried out.
    pub(crate) fn leave(&mut self, db: &mut dyn Database, operation: String, identity: &str) -> Result<()> {
        if self.is_inside() {
            return Ok(());
        }
        self.advance(operation, identity);
        self.keep_place(db)?;
        if !db.in_transaction() {
            self.mark_committed();
        }
        Ok(())
    }

    /// Whether a run through rows is under way, all of which is one operation.
    pub(super) const fn is_inside(&self) -> bool {
        self.inside > 0
    }

    /// Begins a run through rows. It is one transaction, so a killed run has done nothing of it. Gives what `come_out` takes.
    pub(super) fn go_inside(&mut self) -> u32 {
        if let Some(resume) = self.resume.as_mut().filter(|_| self.inside == 0) {
            resume.uncertain = false;
        }
        self.inside += 1;
        self.inside - 1
    }

    pub(super) const fn come_out(&mut self, outer: u32) {
        self.inside = outer;
    }

    /// From here on the step is not one transaction: the journal keeps its place.
    pub(crate) fn open_journal(&mut self, db: &mut dyn Database) -> Result<()> {
        if self.journal_row.is_some() {
            return Ok(());
        }
        let StepSettings { revision, checksum, up, journal, .. } = &self.settings;
        let row = journal
            .start(db, self.dialect, revision, *up, checksum)
            .map_err(|error| self.refused(&"open the journal", "INSERT", error))?;
        self.journal_row = Some(row);
        self.keep_place(db)
    }

    /// The connection goes to the migration itself. What it does there is not counted, so an unfinished step that asks
    /// for it is not carried on.
    pub(crate) fn hand_out_connection(&mut self) -> Result<()> {
        self.connection_was_used = true;
        match self.resume {
            Some(_) => Err(self.repair(&"use the connection", None, ConnectionWasUsed)),
            None => Ok(()),
        }
    }

    /// Whether the migration is still at what an earlier run has carried out.
    pub(super) fn is_behind(&self) -> bool {
        self.resume.is_some_and(|resume| self.place.reached() < resume.place.reached())
    }

    /// Whether the next statement is the one on which an earlier run was killed.
    pub(crate) fn is_uncertain(&self) -> bool {
        self.resume.is_some_and(|resume| resume.uncertain && self.place.reached() == resume.place.reached())
    }

    pub(super) fn check_interrupted(&self, operation: &dyn Display) -> Result<()> {
        if self.settings.interrupted.load(Ordering::Relaxed) {
            return Err(Interrupted { number: self.done.len() + 1, operation: operation.to_string() }.into());
        }
        Ok(())
    }

    fn advance(&mut self, operation: String, identity: &str) {
        self.done.push(operation);
        self.place = Place {
            operations: self.place.operations + 1,
            statements: 0,
            fingerprint: fnv::extend(self.place.fingerprint, identity.bytes().chain([0])),
        };
    }

    pub(crate) fn refused(&self, operation: &dyn Display, sql: &str, error: DieselError) -> Error {
        self.failure(operation, Some(sql), DatabaseError::from(error))
    }

    /// A failure that a person has to look at.
    fn repair(
        &self,
        operation: &dyn Display,
        sql: Option<&str>,
        source: impl std::error::Error + Send + Sync + 'static,
    ) -> Error {
        let mut failed = self.operation_error(operation, sql, source);
        let hint = "look at the schema and finish or undo by hand what the migration did; then say with `stamp` where the \
                    database is: this revision if it is finished, else what it was before";
        failed.hint = Some(hint.to_owned());
        failed.into()
    }

    /// What cannot be done without a database.
    pub(crate) fn offline(&self, operation: &dyn Display, error: OfflineError) -> Error {
        let mut failed = self.operation_error(operation, None, error);
        failed.hint = Some(offline::HINT.to_owned());
        failed.into()
    }

    pub(crate) fn failure_with_hint(
        &self,
        operation: &dyn Display,
        sql: &str,
        source: impl std::error::Error + Send + Sync + 'static,
        hint: &str,
    ) -> Error {
        let mut failed = self.operation_error(operation, Some(sql), source);
        failed.hint = Some(hint.to_owned());
        failed.into()
    }

    pub(crate) fn failure(
        &self,
        operation: &dyn Display,
        sql: Option<&str>,
        source: impl std::error::Error + Send + Sync + 'static,
    ) -> Error {
        self.operation_error(operation, sql, source).into()
    }

    fn operation_error(
        &self,
        operation: &dyn Display,
        sql: Option<&str>,
        source: impl std::error::Error + Send + Sync + 'static,
    ) -> OperationError {
        OperationError {
            number: self.done.len() + 1,
            operation: operation.to_string(),
            statement: sql.map(str::to_owned),
            hint: None,
            source: Box::new(source),
        }
    }
}
