//! Running a chain: plan from the rows of the version table, take the lock, apply step by step, keep the journal.

mod elide;
mod error;
mod from_diesel;
pub(crate) mod journal;
pub(crate) mod lock;
mod offline;
mod pragma;
mod run;
mod server;
pub(crate) mod sql;
mod stamp;
pub(crate) mod trace;
mod verify;
mod version_table;
mod watch;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

pub use error::{RunError, RunErrorKind};
pub use journal::Unfinished;
pub use lock::LockMode;
pub use offline::Offline;
pub use server::dialect_of;
pub use stamp::Stamp;
pub use verify::{Edited, Verification};
pub use watch::{Direction, VersionApply};

use crate::database::Database;
use crate::migration::{Chain, Linked};
use run::Run;

/// How a chain is run.
///
/// ```
/// use std::time::Duration;
/// let options = rectify::Options { lock_timeout: Duration::from_secs(300), ..Default::default() };
/// assert_eq!(options.version_table, "alembic_version");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The version table's name. Alembic's own by default, so that a database can go from one tool to the other.
    pub version_table: String,
    /// The schema (on MySQL and MariaDB the database) of the version table and the journal; by default the current one.
    pub version_table_schema: Option<String>,
    /// What one transaction holds.
    pub transaction: TransactionMode,
    /// How long to wait for another run to end.
    pub lock_timeout: Duration,
    /// How a run keeps others out.
    pub lock: LockMode,
    /// How long a lease holds unless it is renewed, which happens between statements: more than the longest statement takes
    /// where the database has no transactional DDL. A run that is killed is waited for as long.
    pub lock_lease: Duration,
    /// Names and values for the migrations, which ask for them with [`Op::x_argument`](crate::Op::x_argument).
    pub arguments: Vec<(String, String)>,
    /// Any text that tells this run from others, which migrations ask for with [`Op::tag`](crate::Op::tag).
    pub tag: Option<String>,
    /// Whether an upgrade passes over the data steps of an empty database: a migration that is `elidable` does not run where
    /// each table that it names is there and empty, which is proved in the transaction that moves the version table.
    ///
    /// Where a table holds a row, or is not there, the migration runs as ever, and [`Event::NotElided`] tells of it.
    pub fresh: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            version_table: "alembic_version".to_owned(),
            version_table_schema: None,
            transaction: TransactionMode::Migration,
            lock_timeout: Duration::from_secs(60),
            lock: LockMode::default(),
            lock_lease: Duration::from_secs(120),
            arguments: Vec::new(),
            tag: None,
            fresh: false,
        }
    }
}

/// What one transaction holds, on databases with transactional DDL (PostgreSQL, SQLite).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TransactionMode {
    /// One migration: what was applied before a failure stays.
    #[default]
    Migration,
    /// The whole run, as Alembic does by default: a failure undoes all of it. MySQL and MariaDB cannot, and it is refused there.
    Run,
}

/// What happens while a chain runs.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// Another run holds the lock.
    Waiting {
        /// Who it is.
        holder: &'a str,
    },
    /// Something that the database cannot keep is left out of the migrations. Said once in a run.
    LeftOut {
        /// What it is, in a sentence.
        what: &'a str,
    },
    /// A migration that [`Options::fresh`] might have passed over runs.
    NotElided {
        /// The step.
        step: &'a StepInfo,
        /// What stands in the way, in half a sentence: "`users` holds rows".
        reason: &'a str,
    },
    /// A migration begins.
    Started(&'a StepInfo),
    /// A migration is done, and its change of the version table is made.
    Finished(&'a StepInfo, Duration),
}

/// One step of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepInfo {
    /// The revision.
    pub revision: String,
    /// The first line of its documentation.
    pub message: String,
    /// Whether it is being applied, or taken back.
    pub up: bool,
    /// Whether it was passed over, since the tables that it touches are empty ([`Options::fresh`]). Known when it is done.
    pub elided: bool,
}

/// What a run did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The steps, in the order in which they ran.
    pub steps: Vec<StepInfo>,
    /// The rows of the version table at the end.
    pub current: Vec<String>,
}

/// Where a database stands in its chain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// The rows of the version table.
    pub current: Vec<String>,
    /// The heads of the chain.
    pub heads: Vec<String>,
    /// What `up heads` would run, in order.
    pub pending: Vec<StepInfo>,
    /// Steps that an earlier run left unfinished.
    pub unfinished: Vec<Unfinished>,
}

impl Status {
    /// Whether nothing is pending and nothing was left unfinished.
    #[must_use]
    pub fn is_up_to_date(&self) -> bool {
        self.pending.is_empty() && self.unfinished.is_empty()
    }
}

/// Runs the chain `Ch` over a connection.
///
/// ```no_run
/// # fn demo<Ch: rectify::Chain>(conn: &mut Ch::Connection) -> Result<(), rectify::RunError> {
/// let report = rectify::Runner::<Ch>::new(conn)
///     .on_event(|event| if let rectify::Event::Finished(step, took) = event { println!("{} {took:?}", step.revision) })
///     .upgrade("head")?;
/// println!("{} applied", report.steps.len());
/// # Ok(())
/// # }
/// ```
pub struct Runner<'r, Ch: Chain> {
    connection: &'r mut Ch::Connection,
    options: Options,
    on_event: Box<dyn FnMut(Event<'_>) + 'r>,
    on_version_apply: Vec<watch::Callback<'r>>,
    interrupted: Arc<AtomicBool>,
}

impl<Ch: Chain> fmt::Debug for Runner<'_, Ch> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runner").field("options", &self.options).finish_non_exhaustive()
    }
}

impl<'r, Ch: Chain> Runner<'r, Ch> {
    /// A runner with the default options.
    #[must_use]
    pub fn new(connection: &'r mut Ch::Connection) -> Self {
        Self {
            connection,
            options: Options::default(),
            on_event: Box::new(|_| {}),
            on_version_apply: Vec::new(),
            interrupted: Arc::default(),
        }
    }

    /// Sets the options.
    #[must_use]
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Calls `callback` as the run goes on.
    #[must_use]
    pub fn on_event(mut self, callback: impl FnMut(Event<'_>) + 'r) -> Self {
        self.on_event = Box::new(callback);
        self
    }

    /// Calls `callback` after each step, with its rows of the version table moved and its transaction still open: what it
    /// writes through the connection is kept or rolled back together with the step. It may be called several times, to add
    /// several callbacks. A callback commits nothing.
    ///
    /// An error that it gives back stops the run and undoes the step, as far as the database can undo it.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # fn demo<Ch: rectify::Chain>(conn: &mut Ch::Connection) -> Result<(), rectify::RunError> {
    /// use rectify::Database as _;
    /// rectify::Runner::<Ch>::new(conn)
    ///     .on_version_apply(|conn, applied| {
    ///         conn.run(&format!("INSERT INTO deploys (revision) VALUES ('{}')", applied.step.revision))?;
    ///         Ok(())
    ///     })
    ///     .upgrade("head")?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn on_version_apply(
        mut self,
        callback: impl FnMut(&mut Ch::Connection, &VersionApply<'_>) -> crate::Result<()> + 'r,
    ) -> Self {
        self.on_version_apply.push(watch::on_any_connection(callback));
        self
    }

    /// Stops before the next statement once `flag` is true: for Ctrl-C.
    #[must_use]
    pub fn interrupted_by(mut self, flag: Arc<AtomicBool>) -> Self {
        self.interrupted = flag;
        self
    }

    /// Applies what is missing up to `target`: `head`, `heads`, a revision, `+2`, `label@head`.
    ///
    /// Where nothing is missing, nothing is written and no lock is taken.
    ///
    /// In a transaction of the caller's, the run is one transaction inside it (a savepoint): nothing is kept unless the
    /// caller commits. MySQL and MariaDB refuse that, for there the first schema change would commit.
    ///
    /// # Errors
    ///
    /// [`RunError`], which says what was being done, what stands, and what to do next.
    pub fn upgrade(self, target: &str) -> Result<Report, RunError> {
        self.with(|run| trace::run("up", target, || run.migrate(true, target)))
    }

    /// Takes back what lies above `target`: `base`, a revision, `-1`, `label@base`.
    ///
    /// # Errors
    ///
    /// [`RunError`], which says what was being done, what stands, and what to do next.
    pub fn downgrade(self, target: &str) -> Result<Report, RunError> {
        self.with(|run| trace::run("down", target, || run.migrate(false, target)))
    }

    /// What [`Runner::upgrade`] would run, in order. Reads only.
    ///
    /// # Errors
    ///
    /// [`RunError`] where the target cannot be reached, or the database does not answer.
    pub fn plan_upgrade(self, target: &str) -> Result<Vec<StepInfo>, RunError> {
        self.with(|run| run.planned(true, target))
    }

    /// What [`Runner::downgrade`] would take back, in order. Reads only.
    ///
    /// # Errors
    ///
    /// [`RunError`] where the target cannot be reached, or a revision on the way is irreversible, or the database does not
    /// answer.
    pub fn plan_downgrade(self, target: &str) -> Result<Vec<StepInfo>, RunError> {
        self.with(|run| run.planned(false, target))
    }

    /// Makes the version table say `targets`, and runs no migration; no target is `base`.
    ///
    /// Only rows on the branches of the targets change. Steps that an earlier run left unfinished are forgotten: whoever
    /// stamps says where the database stands.
    ///
    /// # Errors
    ///
    /// [`RunError`] where a target or a row of the version table cannot be resolved; nothing has changed then.
    pub fn stamp(self, targets: &[&str]) -> Result<Stamp, RunError> {
        self.with(|run| trace::run("stamp", &targets.join(" "), || run.stamp(targets, false)))
    }

    /// As [`Runner::stamp`], with all rows deleted first, known to the chain or not: the way out of a version table that
    /// speaks of another chain.
    ///
    /// # Errors
    ///
    /// As [`Runner::stamp`].
    pub fn purge_and_stamp(self, targets: &[&str]) -> Result<Stamp, RunError> {
        self.with(|run| trace::run("stamp", &targets.join(" "), || run.stamp(targets, true)))
    }

    /// Takes over from Diesel: what its table `__diesel_schema_migrations` says is applied is stamped, besides what the version
    /// table says already. A version of Diesel's is the revision of that id, which is what `import diesel` makes.
    ///
    /// May be repeated: where the version table covers all that Diesel has applied, nothing is written.
    ///
    /// # Errors
    ///
    /// [`RunError`] where Diesel's table is missing or empty, holds a version that is no revision of the chain, or leaves out
    /// one on which another rests; nothing has changed then.
    pub fn stamp_from_diesel(self) -> Result<Stamp, RunError> {
        self.with(|run| trace::run("stamp", "what Diesel has applied", || run.stamp_from_diesel()))
    }

    /// Makes the version table and the journal where they are missing: for a database whose application user may not.
    ///
    /// # Errors
    ///
    /// [`RunError`] where the database refuses them.
    pub fn ensure_version(self) -> Result<(), RunError> {
        self.with(|run| run.ensure_version())
    }

    /// Compares the applied migrations with the journal's checksums. Formatting and comments do not matter. Reads only.
    ///
    /// # Errors
    ///
    /// [`RunError`] where the database does not answer, or holds a version that is not in the chain.
    pub fn verify(self) -> Result<Verification, RunError> {
        self.with(|run| run.verify())
    }

    /// Records the present checksum of migrations that were edited after they were applied, and gives their ids.
    ///
    /// # Errors
    ///
    /// [`RunError`] where a text names no revision, or one that was not edited; nothing is recorded then.
    pub fn accept(self, revisions: &[&str]) -> Result<Vec<String>, RunError> {
        self.with(|run| run.accept(revisions))
    }

    /// Where the database stands. Reads only: no table is made, and no right to make one is needed.
    ///
    /// # Errors
    ///
    /// [`RunError`] where the database does not answer, or holds a version that is not in the chain.
    pub fn status(self) -> Result<Status, RunError> {
        self.with(|run| run.status())
    }

    /// The rows of the version table, whether the chain knows them or not. Reads only.
    ///
    /// # Errors
    ///
    /// [`RunError`] where the database does not answer.
    pub fn current(self) -> Result<Vec<String>, RunError> {
        self.with(|run| run.current())
    }

    /// The revisions that did not run when they were last applied, since the tables that they touch were empty
    /// ([`Options::fresh`]). Reads only.
    ///
    /// # Errors
    ///
    /// [`RunError`] where the database does not answer.
    pub fn elided(self) -> Result<Vec<String>, RunError> {
        self.with(|run| run.elided())
    }

    fn with<T>(mut self, action: impl FnOnce(&mut Run<'_>) -> Result<T, RunError>) -> Result<T, RunError> {
        let linked = Linked::of::<Ch>();
        let inside = self.connection.in_transaction();
        if inside {
            // A step of its own could not be committed in there.
            self.options.transaction = TransactionMode::Run;
        }
        let watched = !self.on_version_apply.is_empty();
        let mut tell =
            |db: &mut dyn Database, applied: &VersionApply<'_>| watch::tell(&mut self.on_version_apply, db, applied);
        let mut run = Run {
            db: self.connection,
            linked: &linked,
            options: &self.options,
            on_event: &mut self.on_event,
            on_version_apply: watched.then_some(&mut tell),
            interrupted: &self.interrupted,
            inside,
            told_of_comments: false,
            lease: None,
        };
        run.in_session(action)
    }
}

/// Applies what is missing up to `target`, with the default options.
///
/// # Errors
///
/// As [`Runner::upgrade`].
///
/// # Examples
///
/// ```no_run
/// # fn start<Chain: rectify::Chain>(mut conn: Chain::Connection) -> Result<(), rectify::RunError> {
/// rectify::upgrade::<Chain>(&mut conn, "head")?;
/// # Ok(())
/// # }
/// ```
pub fn upgrade<Ch: Chain>(connection: &mut Ch::Connection, target: &str) -> Result<Report, RunError> {
    Runner::<Ch>::new(connection).upgrade(target)
}

/// Takes back what lies above `target`, with the default options.
///
/// # Errors
///
/// As [`Runner::downgrade`].
///
/// # Examples
///
/// ```no_run
/// # fn back<Chain: rectify::Chain>(mut conn: Chain::Connection) -> Result<(), rectify::RunError> {
/// rectify::downgrade::<Chain>(&mut conn, "-1")?;
/// # Ok(())
/// # }
/// ```
pub fn downgrade<Ch: Chain>(connection: &mut Ch::Connection, target: &str) -> Result<Report, RunError> {
    Runner::<Ch>::new(connection).downgrade(target)
}

/// Where the database stands: for a health check. Reads only.
///
/// # Errors
///
/// As [`Runner::status`].
///
/// # Examples
///
/// ```no_run
/// # fn healthy<Chain: rectify::Chain>(mut conn: Chain::Connection) -> Result<bool, rectify::RunError> {
/// Ok(rectify::status::<Chain>(&mut conn)?.is_up_to_date())
/// # }
/// ```
pub fn status<Ch: Chain>(connection: &mut Ch::Connection) -> Result<Status, RunError> {
    Runner::<Ch>::new(connection).status()
}
