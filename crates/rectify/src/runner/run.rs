//! One run: the plan, the lock, the steps.

use std::panic::Location;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use diesel::QueryResult;
use diesel::result::Error as DieselError;
use rectify_chain::Direction;

use super::error;
use super::journal::{self, DONE, Entry, Journal, Unfinished};
use super::lock::{self, LockError, lease::Lease};
use super::pragma::Pragma;
use super::server::{self, Server};
use super::sql::{counted, family};
use super::{Event, Options, Report, RunError, RunErrorKind, Status, StepInfo, TransactionMode, VersionApply};
use super::{trace, version_table, watch};
use crate::database::{Database, Family};
use crate::error::Error;
use crate::migration::{Linked, Meta};
use crate::offline::Script;
use crate::op::{Interrupted, OperationError, Step, StepSettings, comments, foreign_keys, rehearse};

pub(super) struct Run<'r> {
    pub(super) db: &'r mut dyn Database,
    pub(super) linked: &'r Linked,
    pub(super) options: &'r Options,
    pub(super) on_event: &'r mut dyn FnMut(Event<'_>),
    pub(super) on_version_apply: Option<&'r mut watch::Tell<'r>>,
    pub(super) interrupted: &'r Arc<AtomicBool>,
    /// Whether the connection came in a transaction of the caller's. The run is then part of it.
    pub(super) inside: bool,
    /// Whether it was said that the database keeps no comments.
    pub(super) told_of_comments: bool,
    /// The lease, where that is what keeps others out.
    pub(super) lease: Option<Lease>,
}

type Plan = Vec<rectify_chain::Step>;

impl Run<'_> {
    /// Does `action` in a session that waits for other writers as long as for the lock, and leaves the session as it was.
    pub(super) fn in_session<T>(
        &mut self,
        action: impl FnOnce(&mut Self) -> Result<T, RunError>,
    ) -> Result<T, RunError> {
        // A server makes a reader wait for nobody; a SQLite file that is just being committed to refuses it.
        if self.db.family() != Family::Sqlite {
            return action(self);
        }
        let timeout = self.options.lock_timeout.as_millis().try_into().unwrap_or(u32::MAX).min(i32::MAX.unsigned_abs());
        let set = |db: &mut dyn Database| Pragma::busy_timeout(db, timeout).map(Some);
        self.with_pragma("set how long to wait for other writers", set, action)
    }

    /// Does `action` while SQLite keeps the file of its rollback journal. Inside a transaction of the caller's it cannot change
    /// that.
    fn with_persistent_journal<T>(
        &mut self,
        action: impl FnOnce(&mut Self) -> Result<T, RunError>,
    ) -> Result<T, RunError> {
        if self.inside || self.db.family() != Family::Sqlite {
            return action(self);
        }
        self.with_pragma("set how SQLite keeps its rollback journal", Pragma::persistent_journal, action)
    }

    /// Does `action` between what `set` sets and putting it back; the first error tells why.
    fn with_pragma<T>(
        &mut self,
        doing: &str,
        set: impl FnOnce(&mut dyn Database) -> QueryResult<Option<Pragma>>,
        action: impl FnOnce(&mut Self) -> Result<T, RunError>,
    ) -> Result<T, RunError> {
        let failed = |error| RunError::database(doing, error);
        let set = set(self.db).map_err(failed)?;
        let outcome = action(self);
        let restored = set.map_or(Ok(()), |set| set.restore(self.db)).map_err(failed);
        outcome.and_then(|done| restored.map(|()| done))
    }

    pub(super) fn current(&mut self) -> Result<Vec<String>, RunError> {
        let server = self.server()?;
        self.rows(&server)
    }

    pub(super) fn status(&mut self) -> Result<Status, RunError> {
        let server = self.server()?;
        let (current, unfinished) = self.rows_and_unfinished(&server)?;
        let pending = self.plan(true, "heads", &current)?;
        Ok(Status {
            heads: self.linked.graph()?.heads().into_iter().map(str::to_owned).collect(),
            pending: pending.iter().map(|step| self.info(step)).collect(),
            unfinished,
            current,
        })
    }

    pub(super) fn planned(&mut self, up: bool, target: &str) -> Result<Vec<StepInfo>, RunError> {
        let server = self.server()?;
        let rows = self.rows(&server)?;
        let plan = self.plan(up, target, &rows)?;
        self.refuse_irreversible(&plan)?;
        Ok(plan.iter().map(|step| self.info(step)).collect())
    }

    pub(super) fn migrate(&mut self, up: bool, target: &str) -> Result<Report, RunError> {
        let server = self.server()?;
        let (rows, unfinished) = self.rows_and_unfinished(&server)?;
        // The lock is for those who have something to do: a container that starts up to date waits for nobody.
        let at_head = up && matches!(target, "head" | "heads") && self.linked.is_at_its_head(&rows);
        if (at_head || self.plan(up, target, &rows)?.is_empty()) && unfinished.is_empty() {
            return Ok(Report { steps: Vec::new(), current: rows });
        }
        self.refuse_to_end_a_transaction(&server)?;
        let lock = self.lock(&server)?;
        let outcome = self.with_persistent_journal(|run| run.migrate_locked(&server, up, target));
        // A connection that broke in the run cannot give the lock back: the server does, and the first error tells why.
        let released =
            lock.release(self.db).map_err(|error| RunError::database("give the lock back after the run", error));
        outcome.and_then(|report| released.map(|()| report))
    }

    fn migrate_locked(&mut self, before: &Server, up: bool, target: &str) -> Result<Report, RunError> {
        // Whoever held the lock may have made the tables and moved the rows.
        let server = if before.has_version_table && before.has_journal { before.clone() } else { self.server()? };
        self.create_tables(&server)?;
        let mut rows = version_table::rows(self.db, server.dialect, &server.version_table)
            .map_err(|error| RunError::database("read the version table", error))?;
        let plan = self.plan(up, target, &rows)?;
        self.refuse_irreversible(&plan)?;
        let mut resume = self.resumable(&server, &plan)?;
        let journal = Journal { table: server.journal_table.clone() };
        let whole = self.options.transaction == TransactionMode::Run && server.dialect.transactional_ddl();
        if whole {
            self.refuse_in_one_transaction(&plan)?;
            self.begin(&server)?;
        }
        let mut report = Report::default();
        for step in &plan {
            let info = self.info(step);
            let mut after = rows.clone();
            apply(&mut after, &step.changes);
            after.sort();
            let planned = Planned { step, info: &info, rows_after: &after };
            match trace::migration(&info, || self.step(&server, &journal, &planned, resume.take())) {
                Ok(done) => report.steps.push(done),
                Err(error) => return Err(self.stopped(error, &report.steps, whole, up)),
            }
            rows = after;
        }
        if whole {
            self.db.commit().map_err(|error| RunError::database("commit the run", error))?;
        }
        report.current = rows;
        Ok(report)
    }

    /// A failure, with what stands of the run.
    fn stopped(&mut self, mut error: RunError, done: &[StepInfo], whole: bool, up: bool) -> RunError {
        if whole {
            let _ = self.db.rollback();
            return error.note(match self.inside {
                true => "the run was rolled back; what the caller's transaction did before stands",
                false => "the whole run was one transaction: it was rolled back, and nothing has changed",
            });
        }
        error.completed = done.iter().map(|step| step.revision.clone()).collect();
        error.notes.extend(note_of_completed(&error.completed, up));
        error
    }

    /// Does a step, and gives it back as it was done.
    fn step(
        &mut self,
        server: &Server,
        journal: &Journal,
        planned: &Planned<'_>,
        resume: Option<Unfinished>,
    ) -> Result<StepInfo, RunError> {
        let info = planned.info;
        let meta = self.linked.meta(&info.revision);
        (self.on_event)(Event::Started(info));
        let start = Instant::now();
        let attempt = Attempt { server, journal, planned, meta, resume, start };
        if let Some(elided) = self.elide(&attempt)? {
            (self.on_event)(Event::Finished(&elided, start.elapsed()));
            return Ok(elided);
        }
        let outcome = match self.attempt(&attempt, ForeignKeys::AsTheyAre)? {
            // Inside a larger transaction they cannot be turned off.
            Outcome::AgainWithoutForeignKeys if self.options.transaction == TransactionMode::Migration => {
                self.attempt(&attempt, ForeignKeys::Off)?
            }
            outcome => outcome,
        };
        match outcome {
            Outcome::Done => {
                (self.on_event)(Event::Finished(info, start.elapsed()));
                Ok(info.clone())
            }
            Outcome::AgainWithoutForeignKeys => Err(RunError::new(
                RunErrorKind::Database,
                format!("foreign keys could not be turned off to rebuild a table in revision `{}`", info.revision),
            )
            .hint(format!("`PRAGMA foreign_keys` has no effect inside a transaction: {}", self.out_of_it()))),
            Outcome::Failed(error) => Err(*error),
        }
    }

    /// Runs a migration once, with SQLite's foreign keys as they are or off.
    fn attempt(&mut self, attempt: &Attempt<'_>, foreign_keys: ForeignKeys) -> Result<Outcome, RunError> {
        let server = attempt.server;
        let off = foreign_keys == ForeignKeys::Off;
        if off {
            // Has an effect only outside a transaction, so it stands before BEGIN and is undone after COMMIT.
            self.db
                .run("PRAGMA foreign_keys = OFF")
                .map_err(|error| RunError::database("turn foreign keys off", error))?;
        }
        let outcome = self.attempt_inside(attempt);
        let on = if off { self.db.run("PRAGMA foreign_keys = ON") } else { Ok(()) };
        let on = on.map_err(|error| RunError::database("turn foreign keys on again", error));
        debug_assert!(!off || family(server.dialect) == Family::Sqlite, "only SQLite rebuilds tables");
        match (outcome, on) {
            (outcome, Ok(())) => outcome,
            // The first error tells why.
            (Ok(Outcome::Failed(error)), Err(also)) => Ok(Outcome::Failed(Box::new(error.note(also.to_string())))),
            (outcome, Err(error)) => outcome.and(Err(error)),
        }
    }

    fn attempt_inside(&mut self, attempt: &Attempt<'_>) -> Result<Outcome, RunError> {
        let Attempt { server, journal, meta, resume, planned, .. } = attempt;
        let up = planned.info.up;
        let dialect = server.dialect;
        let nested = self.options.transaction == TransactionMode::Run;
        let transactional = dialect.transactional_ddl() && meta.transaction;
        if !transactional && resume.is_none() {
            let run = |script: &mut Script, step: &mut Step| self.linked.run(meta.revision, up, script, step);
            if let Some((refusal, step)) = rehearse(dialect, self.settings(attempt), run) {
                return Ok(Outcome::Failed(Box::new(self.explain(meta, up, &step, refusal, false))));
            }
        }
        let resumed = resume.as_ref().map(|unfinished| unfinished.resume);
        let mut step = Step::new(dialect, self.settings(attempt), resumed);
        step.lease.clone_from(&self.lease);
        if let Some(unfinished) = resume {
            journal
                .resume(self.db, dialect, unfinished.id, meta.checksum)
                .map_err(|error| RunError::database("write the journal", error))?;
            step.journal_row = Some(unfinished.id);
        } else if !transactional {
            let row = journal.start(self.db, dialect, meta.revision, up, meta.checksum);
            step.journal_row = Some(row.map_err(|error| RunError::database("write the journal", error))?);
        }
        if transactional && !nested {
            self.begin(server)?;
        }
        let ran = self.linked.run(meta.revision, up, self.db, &mut step);
        if step.wants_foreign_keys_off {
            self.undo(&step)?;
            return Ok(Outcome::AgainWithoutForeignKeys);
        }
        let ran = ran.and_then(|()| foreign_keys::check(self.db, &mut step));
        let finished = match ran {
            Ok(()) => self.finish(attempt, planned, DONE, step.journal_row),
            Err(error) => Err(error),
        };
        match finished {
            Ok(()) => {
                self.tell_of_comments(&step);
                Ok(Outcome::Done)
            }
            Err(error) => {
                let undone = self.undo(&step);
                self.record_failure(journal, &step, &error);
                let failed = self.explain(meta, up, &step, error, transactional);
                Ok(Outcome::Failed(Box::new(match undone {
                    Ok(()) => failed,
                    Err(undo) => failed.note(format!("rolling back failed as well: {undo}")),
                })))
            }
        }
    }

    fn settings(&self, attempt: &Attempt<'_>) -> StepSettings {
        let Attempt { server, journal, meta, planned, .. } = attempt;
        let nested = self.options.transaction == TransactionMode::Run;
        StepSettings {
            revision: meta.revision,
            checksum: meta.checksum,
            up: planned.info.up,
            stays_in_transaction: (nested && server.dialect.transactional_ddl()).then_some(self.out_of_it()),
            journal: (*journal).clone(),
            server_version: server.version,
            naming: self.linked.naming,
            interrupted: Arc::clone(self.interrupted),
            arguments: self.options.arguments.clone(),
            tag: self.options.tag.clone(),
        }
    }

    /// Moves the rows and writes the journal, in the same transaction as the change where that is possible. `journal_row` is
    /// the row that the step has there already.
    pub(super) fn finish(
        &mut self,
        attempt: &Attempt<'_>,
        planned: &Planned<'_>,
        state: &str,
        journal_row: Option<i64>,
    ) -> Result<(), Error> {
        let Attempt { server, journal, meta, start, .. } = attempt;
        let dialect = server.dialect;
        let nested = self.options.transaction == TransactionMode::Run && dialect.transactional_ddl();
        let failure = |error: DieselError| Error::from(crate::DatabaseError::from(error));
        if !self.db.in_transaction() {
            self.db.begin().map_err(failure)?;
        }
        if let Some(lease) = &self.lease {
            lease.keep(self.db)?;
        }
        let duration_ms = start.elapsed().as_millis();
        let up = planned.info.up;
        let entry = Entry { revision: meta.revision, up, state, checksum: meta.checksum, duration_ms };
        let (version_table, keep) = (&server.version_table, self.lease.is_none());
        match (planned.step.changes.as_slice(), journal_row, family(dialect)) {
            ([change], None, Family::Postgres) => {
                let record = (*journal, &entry);
                version_table::change_and_record(self.db, dialect, version_table, change, keep, record)
                    .map_err(failure)??;
            }
            (changes, ..) => {
                for change in changes {
                    version_table::change(self.db, dialect, version_table, change, keep).map_err(failure)??;
                }
                match journal_row {
                    Some(row) => journal.finish(self.db, dialect, row, duration_ms).map_err(failure)?,
                    None => journal.add(self.db, dialect, &entry).map_err(failure)?,
                }
            }
        }
        self.tell(planned)?;
        if !nested {
            self.db.commit().map_err(failure)?;
        }
        Ok(())
    }

    /// Says that comments are left out, once in a run.
    fn tell_of_comments(&mut self, step: &Step) {
        if step.loses_comments && !self.told_of_comments {
            self.told_of_comments = true;
            trace::left_out(comments::LOST);
            (self.on_event)(Event::LeftOut { what: comments::LOST });
        }
    }

    /// Tells those who watch the version table.
    fn tell(&mut self, planned: &Planned<'_>) -> Result<(), Error> {
        let Some(callback) = &mut self.on_version_apply else { return Ok(()) };
        let revision = &planned.step.revision;
        let below: Vec<String> = self.linked.graph()?.downs(revision).into_iter().map(str::to_owned).collect();
        let own = std::slice::from_ref(revision);
        let (direction, source, destination) = match planned.step.direction {
            Direction::Up => (watch::Direction::Up, below.as_slice(), own),
            Direction::Down => (watch::Direction::Down, own, below.as_slice()),
        };
        let applied = VersionApply { step: planned.info, direction, source, destination, current: planned.rows_after };
        callback(self.db, &applied)
    }

    fn undo(&mut self, step: &Step) -> Result<(), RunError> {
        let nested = self.options.transaction == TransactionMode::Run && step.dialect.transactional_ddl();
        if nested || !self.db.in_transaction() {
            return Ok(());
        }
        self.db.rollback().map_err(|error| RunError::database("roll the migration back", error))
    }

    /// Tells the journal that the statement behind the place was refused, or closes the row of a step of which nothing
    /// stands, so that the next run may go either way. A lost connection cannot be told: then the next
    /// run finds the step as `running`, and takes that statement for uncertain. What was uncertain and still is stays so.
    fn record_failure(&mut self, journal: &Journal, step: &Step, error: &Error) {
        if step.stays_uncertain() {
            return;
        }
        let Some(row) = step.journal_row else { return };
        let _ = match step.left_nothing() {
            true => journal.forget(self.db, step.dialect, row),
            false => journal.fail(self.db, step.dialect, row, &error.to_string()),
        };
    }

    fn explain(&self, meta: &Meta, up: bool, step: &Step, error: Error, transactional: bool) -> RunError {
        let verb = if up { "apply" } else { "take back" };
        let source = error.into_inner();
        let interrupted = source.is::<Interrupted>();
        let kind = if interrupted { RunErrorKind::Interrupted } else { RunErrorKind::Migration };
        let message = match (interrupted, up) {
            (true, _) => format!("interrupted in revision `{}` ({})", meta.revision, meta.message),
            (false, _) => format!("failed to {verb} revision `{}` ({})", meta.revision, meta.message),
        };
        let resumable = source.is::<OperationError>() || source.is::<watch::Stopped>() || interrupted;
        let advice = error::advice(&innermost(&*source));
        // An error of the migration's own came from somewhere behind the last call of `op`.
        let place = step.called_at.filter(|_| source.is::<OperationError>());
        let mut failed = RunError::new(kind, message).note(format!("in {}", place_in(meta, place))).source(source);
        failed.hints.extend(advice.map(str::to_owned));
        let standing = step.standing();
        if transactional && standing.is_empty() {
            return failed.note(format!("revision `{}` was rolled back: it left nothing behind", meta.revision));
        }
        failed = match standing {
            [] => failed.note(format!("none of the operations of revision `{}` was carried out", meta.revision)),
            standing => failed.note(format!(
                "this database keeps what was carried out: {} of revision `{}` stand{}: {}",
                counted(standing.len(), "operation"),
                meta.revision,
                if standing.len() == 1 { "s" } else { "" },
                standing.join("; ")
            )),
        };
        failed = failed.note("the version table was not changed");
        if resumable && !standing.is_empty() {
            let command = if up { "up" } else { "down" };
            failed =
                failed.hint(format!("put right what failed and run `{command}` again: it goes on behind what stands"));
        }
        failed
    }

    pub(super) fn server(&mut self) -> Result<Server, RunError> {
        server::probe(self.db, self.options)
            .map_err(|error| RunError::database("ask the database for its version", error))?
            .map_err(|error| {
                RunError::new(RunErrorKind::Database, "failed to find the version table")
                    .source(error)
                    .hint("name a database in the URL, or set `version_table_schema`")
            })
    }

    pub(super) fn rows(&mut self, server: &Server) -> Result<Vec<String>, RunError> {
        if !server.has_version_table {
            return Ok(Vec::new());
        }
        version_table::rows(self.db, server.dialect, &server.version_table)
            .map_err(|error| RunError::database("read the version table", error))
    }

    /// Both in one query where both tables are there: most programs start up to date, and should be quick about it.
    pub(super) fn rows_and_unfinished(&mut self, server: &Server) -> Result<(Vec<String>, Vec<Unfinished>), RunError> {
        if !(server.has_version_table && server.has_journal) {
            return Ok((self.rows(server)?, self.unfinished(server)?));
        }
        let journal = Journal { table: server.journal_table.clone() };
        version_table::rows_and_unfinished(self.db, server.dialect, &server.version_table, &journal)
            .map_err(|error| RunError::database("read the version table and the journal", error))
    }

    fn plan(&self, up: bool, target: &str, rows: &[String]) -> Result<Plan, RunError> {
        let graph = self.linked.graph()?;
        let planned = if up { graph.plan_upgrade(rows, target) } else { graph.plan_downgrade(rows, target) };
        planned.map_err(|error| {
            let command = if up { "up" } else { "down" };
            let hint = error.hint();
            RunError::new(RunErrorKind::Plan, format!("cannot plan `{command} {target}`")).source(error).hint(hint)
        })
    }

    fn unfinished(&mut self, server: &Server) -> Result<Vec<Unfinished>, RunError> {
        if !server.has_journal {
            return Ok(Vec::new());
        }
        Journal { table: server.journal_table.clone() }
            .unfinished(self.db, server.dialect)
            .map_err(|error| RunError::database("read the journal", error))
    }

    /// The step that an earlier run left unfinished, if the plan begins with it.
    fn resumable(&mut self, server: &Server, plan: &Plan) -> Result<Option<Unfinished>, RunError> {
        let mut unfinished = self.unfinished(server)?;
        let Some(last) = unfinished.pop() else { return Ok(None) };
        let fits =
            |step: &rectify_chain::Step| step.revision == last.revision && (step.direction == Direction::Up) == last.up;
        if unfinished.is_empty() && plan.first().is_some_and(fits) {
            return Ok(Some(last));
        }
        let (command, verb) = if last.up { ("up", "applying") } else { ("down", "taking back") };
        // A downgrade names what stays.
        let parents = self.linked.graph()?.parents(&last.revision);
        let below = parents.first().map_or("base", |parent| *parent);
        let target = if last.up { last.revision.as_str() } else { below };
        Err(RunError::new(
            RunErrorKind::Unfinished,
            format!("an earlier run was cut off while {verb} revision `{}`", last.revision),
        )
        .note(format!("{} of its operations stand", last.resume.place.operations))
        .hint(format!("finish it first: `{command} {target}`"))
        .hint("or undo or finish by hand what stands, and say with `stamp` where the database is"))
    }

    /// How to run without one transaction around everything.
    fn out_of_it(&self) -> &'static str {
        match self.inside {
            true => "the connection is in a transaction: commit it, and run migrations then",
            false => "the run is one transaction: run with `--transaction migration`",
        }
    }

    /// A database that commits each schema change can hold no run in one transaction, and would commit what the caller has done
    /// so far, too.
    pub(super) fn refuse_to_end_a_transaction(&self, server: &Server) -> Result<(), RunError> {
        if server.dialect.transactional_ddl() || self.options.transaction == TransactionMode::Migration {
            return Ok(());
        }
        if !self.inside {
            let name = server.dialect.name();
            let message = format!("the run cannot be one transaction: {name} commits each schema change by itself");
            let hint = "run with `--transaction migration`; where a migration fails, the journal keeps the place";
            return Err(RunError::new(RunErrorKind::Plan, message).hint(hint));
        }
        let message =
            "the connection is in a transaction, which this database would commit with the first schema change";
        Err(RunError::new(RunErrorKind::Plan, message).hint("commit it or roll it back before migrations run"))
    }

    /// Before anything runs: half of a downgrade would leave the database where nobody wanted it.
    fn refuse_irreversible(&self, plan: &Plan) -> Result<(), RunError> {
        let downs = plan.iter().filter(|step| step.direction == Direction::Down);
        let Some(meta) = downs.map(|step| self.linked.meta(&step.revision)).find(|meta| !meta.reversible) else {
            return Ok(());
        };
        Err(RunError::new(RunErrorKind::Migration, format!("revision `{}` is irreversible", meta.revision))
            .note("nothing was taken back")
            .hint("stop above it; to go further restore a backup, or write a new migration that goes on from here"))
    }

    fn refuse_in_one_transaction(&self, plan: &Plan) -> Result<(), RunError> {
        let refused = plan.iter().map(|step| self.linked.meta(&step.revision)).find(|meta| !meta.transaction);
        let Some(meta) = refused else { return Ok(()) };
        Err(RunError::new(
            RunErrorKind::Plan,
            format!(
                "revision `{}` declares `transaction = false`, so the run cannot be one transaction",
                meta.revision
            ),
        )
        .hint(match self.inside {
            true => "commit the transaction that the connection is in before migrations run",
            false => "run with `--transaction migration`, or stop before that revision",
        }))
    }

    pub(super) fn lock(&mut self, server: &Server) -> Result<lock::Lock, RunError> {
        let on_event = &mut *self.on_event;
        let mut waiting = |holder: &str| {
            trace::waiting(holder);
            on_event(Event::Waiting { holder });
        };
        let Options { lock: mode, lock_lease: lease, lock_timeout: timeout, .. } = *self.options;
        let settings = lock::Settings { mode, lease, timeout };
        let lock =
            lock::acquire(self.db, server, settings, self.interrupted, &mut waiting).map_err(|error| match error {
                LockError::Database(error) => RunError::database("take the lock", error),
                LockError::Held { .. } if self.interrupted.load(Ordering::Relaxed) => {
                    RunError::new(RunErrorKind::Interrupted, "interrupted while waiting for another run").source(error)
                }
                LockError::Held { .. } => RunError::new(RunErrorKind::Locked, "the database is locked by another run")
                    .source(error)
                    .hint("wait until it has ended, or wait longer with `--lock-timeout SECONDS`"),
                LockError::File { .. } => RunError::new(RunErrorKind::Database, "failed to take the lock")
                    .source(error)
                    .hint("the folder of the database must be writable: correct its permissions, or the URL"),
                LockError::NoLease => RunError::new(RunErrorKind::Database, "failed to take the lock")
                    .source(error)
                    .hint("leave `lock` at `auto`: the lock file beside the database is enough"),
            })?;
        self.lease = lock.lease().cloned();
        Ok(lock)
    }

    pub(super) fn create_tables(&mut self, server: &Server) -> Result<(), RunError> {
        let journal = Journal { table: server.journal_table.clone() };
        let wanted = [
            (server.has_version_table, "create the version table", version_table::create(&server.version_table)),
            (server.has_journal, "create the journal", journal.create(server.dialect)),
        ];
        for (found, doing, operation) in wanted {
            if found {
                continue;
            }
            let statements = journal::create_statements(server.dialect, &operation)
                .map_err(|error| RunError::new(RunErrorKind::Database, format!("failed to {doing}")).source(error))?;
            for statement in statements {
                self.db.run(&statement).map_err(|error| RunError::database(doing, error))?;
            }
        }
        Ok(())
    }

    pub(super) fn begin(&mut self, server: &Server) -> Result<(), RunError> {
        self.db.begin().map_err(|error| RunError::database("begin a transaction", error))?;
        self.keep_lease()?;
        if family(server.dialect) == Family::Sqlite {
            version_table::take_write_lock(self.db, server.dialect, &server.version_table).map_err(|error| {
                let _ = self.db.rollback();
                RunError::database("begin a transaction that writes", error)
            })?;
        }
        Ok(())
    }

    /// In a transaction this locks the row of the lease until the commit.
    fn keep_lease(&mut self) -> Result<(), RunError> {
        let Some(lease) = &self.lease else { return Ok(()) };
        lease.keep(self.db).map_err(|error| {
            let _ = self.db.rollback();
            RunError::new(RunErrorKind::Locked, "failed to keep the lock").source(error)
        })
    }

    fn info(&self, step: &rectify_chain::Step) -> StepInfo {
        let meta = self.linked.meta(&step.revision);
        StepInfo {
            revision: step.revision.clone(),
            message: meta.message.to_owned(),
            up: step.direction == Direction::Up,
            elided: false,
        }
    }
}

/// A step of the plan, and where it leads.
pub(super) struct Planned<'a> {
    step: &'a rectify_chain::Step,
    pub(super) info: &'a StepInfo,
    rows_after: &'a [String],
}

impl<'a> Planned<'a> {
    /// The same step, told of in other words.
    pub(super) fn told_as(&self, info: &'a StepInfo) -> Self {
        Self { info, ..*self }
    }
}

pub(super) struct Attempt<'a> {
    pub(super) server: &'a Server,
    journal: &'a Journal,
    pub(super) planned: &'a Planned<'a>,
    pub(super) meta: &'a Meta,
    pub(super) resume: Option<Unfinished>,
    start: Instant,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ForeignKeys {
    AsTheyAre,
    Off,
}

enum Outcome {
    Done,
    /// A table has to be rebuilt, which deletes its child rows while foreign keys are on.
    AgainWithoutForeignKeys,
    Failed(Box<RunError>),
}

pub(super) fn apply(rows: &mut Vec<String>, changes: &[rectify_chain::RowChange]) {
    use rectify_chain::RowChange::{Delete, Insert, Update};
    for change in changes {
        match change {
            Insert(revision) => rows.push(revision.clone()),
            Delete(revision) => rows.retain(|row| row != revision),
            Update { from, to } => {
                for row in rows.iter_mut().filter(|row| *row == from) {
                    row.clone_from(to);
                }
            }
        }
    }
}

fn note_of_completed(completed: &[String], up: bool) -> Option<String> {
    let verb = if up { "applied" } else { "taken back" };
    match completed {
        [] => None,
        [one] => Some(format!("`{one}` was {verb} before that, and stays so")),
        many => Some(format!(
            "{} revisions were {verb} before that, and stay so, the last one `{}`",
            many.len(),
            many[many.len() - 1]
        )),
    }
}

/// What the database said, as far as anybody said anything.
fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

/// Where in a migration a call stands that failed: its line, and its file where that is another one.
pub(super) fn place_in(meta: &Meta, place: Option<&'static Location<'static>>) -> String {
    let file = plain_path(meta.file);
    match place {
        None => file,
        Some(place) if plain_path(place.file()) == file => format!("{file}:{}", place.line()),
        Some(place) => format!("{file}, by way of {}:{}", plain_path(place.file()), place.line()),
    }
}

/// A path as a person would write it: the compiler's may lead up and down again.
pub(super) fn plain_path(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match parts.last() {
            Some(last) if part == ".." && *last != ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    parts.join("/")
}
