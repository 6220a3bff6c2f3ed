//! Runs a chain into a script instead of a database.

use std::fmt;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

use diesel::result::Error as DieselError;
use rectify_chain::{Direction, PlanError, RowChange, Step as Planned};
use rectify_schema::dialect::Dialect;
use rectify_schema::{Operation, TableName};

use super::journal::{self, DONE, Entry, JOURNAL, Journal};
use super::run::place_in;
use super::sql::family;
use super::{Options, RunError, RunErrorKind, TransactionMode, version_table};
use crate::database::{Database, Family};
use crate::error::{DatabaseError, Error, Result, described};
use crate::migration::{Chain, InScript, Linked, Meta};
use crate::offline::Script;
use crate::op::{OperationError, Step, StepSettings, comments};

/// Writes what a run would send as a script of SQL, without a database.
///
/// The script holds the statements of the version table and of the journal too, and its transactions are those of an
/// online run. It is for the database's own client: `psql --set ON_ERROR_STOP=on`, `mariadb`, `sqlite3 -bail`. Where a
/// table has to be rebuilt (SQLite) or a column restated (MySQL, MariaDB), its definition comes from the operations of
/// the chain since its first revision.
///
/// Either the whole script comes back, or none of it.
///
/// ```no_run
/// # fn demo<Chain: rectify::Chain>() -> Result<(), rectify::RunError> {
/// use rectify::{Offline, schema::dialect::POSTGRES};
/// let script = Offline::<Chain>::new(POSTGRES).upgrade("a1b2c3:head")?;
/// # Ok(())
/// # }
/// ```
pub struct Offline<Ch> {
    dialect: &'static dyn Dialect,
    options: Options,
    chain: PhantomData<fn() -> Ch>,
}

impl<Ch> fmt::Debug for Offline<Ch> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Offline").field("dialect", &self.dialect).field("options", &self.options).finish()
    }
}

impl<Ch: Chain> Offline<Ch> {
    /// A writer of scripts in this dialect, with the default options.
    #[must_use]
    pub fn new(dialect: &'static dyn Dialect) -> Self {
        Self { dialect, options: Options::default(), chain: PhantomData }
    }

    /// Sets the options.
    #[must_use]
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// What takes a database to `target`, from the empty one or, where a range `from:to` is given, from there.
    ///
    /// # Errors
    ///
    /// [`RunError`] where the range cannot be planned, or a migration cannot be written down: it reads from the database,
    /// the dialect cannot do it, a value has no literal. The error names the file and the line. [`Options::fresh`] is refused.
    pub fn upgrade(&self, target: &str) -> Result<String, RunError> {
        self.migrate(Direction::Up, target)
    }

    /// What takes a database from one revision down to another: `target` is a range `from:to`.
    ///
    /// # Errors
    ///
    /// As [`Offline::upgrade`].
    pub fn downgrade(&self, target: &str) -> Result<String, RunError> {
        self.migrate(Direction::Down, target)
    }

    /// What makes the version table say `targets`, each of which may be a range `from:to`.
    ///
    /// # Errors
    ///
    /// [`RunError`] where the targets cannot be resolved.
    pub fn stamp(&self, targets: &[&str]) -> Result<String, RunError> {
        let linked = Linked::of::<Ch>();
        let asked = format!("stamp {}", targets.join(" "));
        let plan = linked.graph()?.plan_offline_stamp(targets).map_err(|error| refused(&asked, error))?;
        let mut writer = Writer::new(self.dialect, &self.options, &linked);
        let names = |pick: fn(&RowChange) -> Option<&String>| {
            plan.changes.iter().filter_map(pick).map(String::as_str).collect::<Vec<_>>().join(", ")
        };
        let before = names(|change| match change {
            RowChange::Insert(_) => None,
            RowChange::Delete(row) | RowChange::Update { from: row, .. } => Some(row),
        });
        let after = names(|change| match change {
            RowChange::Delete(_) => None,
            RowChange::Insert(row) | RowChange::Update { to: row, .. } => Some(row),
        });
        writer.head(plan.rows.is_empty())?;
        writer.script.comment(&format!("Running stamp {before} -> {after}"));
        let done = (|| {
            writer.script.begin()?;
            writer.rows(&plan.changes)?;
            writer.script.commit()
        })();
        done.map_err(|error| RunError::database("write the script", error))?;
        Ok(writer.script.into_text())
    }

    /// What makes the version table, where it is missing.
    ///
    /// # Errors
    ///
    /// [`RunError`] where the database cannot have a table of that name.
    pub fn ensure_version(&self) -> Result<String, RunError> {
        let linked = Linked::of::<Ch>();
        let mut writer = Writer::new(self.dialect, &self.options, &linked);
        writer.create("the version table", &version_table::create(&writer.version_table))?;
        Ok(writer.script.into_text())
    }

    fn migrate(&self, direction: Direction, target: &str) -> Result<String, RunError> {
        if self.options.fresh {
            return Err(RunError::new(
                RunErrorKind::Plan,
                "a script cannot prove that tables are empty, so it passes nothing over",
            )
            .hint("run `up --fresh` on the database itself, or write the script without it"));
        }
        let linked = Linked::of::<Ch>();
        let graph = linked.graph()?;
        let command = if direction == Direction::Up { "up" } else { "down" };
        let plan = graph
            .plan_offline(direction, target)
            .map_err(|error| refused(&format!("{command} --sql {target}"), error))?;
        let mut writer = Writer::new(self.dialect, &self.options, &linked);
        if plan.steps.is_empty() {
            return Ok(String::new());
        }
        writer.head(plan.rows.is_empty())?;
        writer.learn(&plan.rows)?;
        writer.steps(&plan.steps)?;
        Ok(writer.script.into_text())
    }
}

fn refused(asked: &str, error: PlanError) -> RunError {
    let hint = error.hint();
    RunError::new(RunErrorKind::Plan, format!("cannot plan `{asked}`")).source(error).hint(hint)
}

struct Writer<'a> {
    dialect: &'static dyn Dialect,
    options: &'a Options,
    linked: &'a Linked,
    version_table: TableName,
    journal: Journal,
    script: Script,
    told_of_comments: bool,
}

impl<'a> Writer<'a> {
    fn new(dialect: &'static dyn Dialect, options: &'a Options, linked: &'a Linked) -> Self {
        let schema = options.version_table_schema.clone();
        Self {
            dialect,
            options,
            linked,
            version_table: TableName { schema: schema.clone(), name: options.version_table.clone() },
            journal: Journal { table: TableName { schema, name: JOURNAL.to_owned() } },
            script: Script::new(dialect),
            told_of_comments: false,
        }
    }

    /// How to run it, and the runner's own tables.
    fn head(&mut self, is_new: bool) -> Result<(), RunError> {
        let client = match family(self.dialect) {
            Family::Postgres => "psql --set ON_ERROR_STOP=on --file SCRIPT",
            Family::Mysql => "mariadb DATABASE < SCRIPT",
            Family::Sqlite => "sqlite3 -bail DATABASE < SCRIPT",
        };
        let tag = self.options.tag.as_ref().map(|tag| format!(", tag {tag}")).unwrap_or_default();
        let version = env!("CARGO_PKG_VERSION");
        self.script
            .comment(&format!("Written by Rectify {version} for {}{tag}; run it with: {client}", self.dialect.name()));
        if is_new {
            self.create("the version table", &version_table::create(&self.version_table))?;
        }
        self.create("the journal", &self.journal.create(self.dialect))
    }

    fn create(&mut self, what: &str, operation: &Operation) -> Result<(), RunError> {
        let mut operation = operation.clone();
        if let Operation::CreateTable(create) = &mut operation {
            // A script may be run on a database that Rectify or Alembic has worked on.
            create.table.if_not_exists = true;
        }
        let statements = journal::create_statements(self.dialect, &operation)
            .map_err(|error| RunError::new(RunErrorKind::Database, format!("failed to write {what}")).source(error))?;
        let sent = statements.iter().try_for_each(|statement| self.script.run(statement));
        sent.map_err(|error| RunError::database("write the script", error))
    }

    /// Runs what is applied already for what it says of the schema, where the dialect will have to know.
    fn learn(&mut self, rows: &[String]) -> Result<(), RunError> {
        if family(self.dialect) == Family::Postgres || rows.is_empty() {
            return Ok(());
        }
        let graph = self.linked.graph()?;
        let applied = graph.applied(rows).map_err(|error| refused("the applied revisions", error))?;
        let mut order = graph.history();
        order.retain(|revision| applied.contains(revision));
        for revision in order.into_iter().rev() {
            let meta = self.linked.meta(revision);
            self.script.replay(true);
            if let Err((error, _)) = self.body(meta, true, true) {
                self.script.lose_track(meta.revision, described(error.get()));
            }
        }
        self.script.replay(false);
        Ok(())
    }

    fn steps(&mut self, steps: &[Planned]) -> Result<(), RunError> {
        let whole = self.options.transaction == TransactionMode::Run && self.dialect.transactional_ddl();
        let failed = |error| RunError::database("write the script", error);
        if whole {
            self.script.begin().map_err(failed)?;
        }
        for planned in steps {
            let meta = self.linked.meta(&planned.revision);
            self.migration(planned, meta, whole).map_err(|(error, place)| explain(planned, meta, error, place))?;
        }
        if whole { self.script.commit().map_err(failed) } else { Ok(()) }
    }

    /// One migration, in the transaction that it has online.
    fn migration(&mut self, planned: &Planned, meta: &Meta, whole: bool) -> Result<(), Failed> {
        let up = planned.direction == Direction::Up;
        let failed = |error: DieselError| (DatabaseError::from(error).into(), None);
        let graph = self.linked.graph().map_err(|error| (error.into(), None))?;
        let parents = graph.parents(&planned.revision).join(", ");
        let (from, to) = if up { (parents.as_str(), meta.revision) } else { (meta.revision, parents.as_str()) };
        let verb = if up { "upgrade" } else { "downgrade" };
        self.script.comment(&format!("Running {verb} {from} -> {to}, {}", meta.message));
        if self.dialect.transactional_ddl() && meta.transaction && !whole {
            self.script.begin().map_err(failed)?;
        }
        let loses_comments = self.body(meta, up, whole)?;
        if loses_comments && !std::mem::replace(&mut self.told_of_comments, true) {
            self.script.comment(comments::LOST);
        }
        self.finish(planned, meta, whole).map_err(failed)
    }

    /// What the migration's function does, or what it says that a script has in its place; whether comments are lost.
    fn body(&mut self, meta: &Meta, up: bool, whole: bool) -> Result<bool, Failed> {
        let instead = if up { meta.options.offline } else { meta.options.offline_downgrade };
        match instead {
            InScript::AsItRuns => {
                let mut step = self.step(meta, whole);
                let ran = self.linked.run(meta.revision, up, &mut self.script, &mut step);
                let place = |error: &Error| step.called_at.filter(|_| error.get().is::<OperationError>());
                ran.map(|()| step.loses_comments).map_err(|error| {
                    let place = place(&error);
                    (error, place)
                })
            }
            InScript::Text(text) => {
                self.script.verbatim(meta.revision, text);
                Ok(false)
            }
            InScript::Skipped => {
                let half = if up { "upgrade" } else { "downgrade" };
                self.script.comment(&format!(
                    "Nothing is done here: the {half} of `{}` is left out of scripts",
                    meta.revision
                ));
                self.script.lose_track(meta.revision, "what a script leaves out".to_owned());
                Ok(false)
            }
        }
    }

    fn finish(&mut self, planned: &Planned, meta: &Meta, whole: bool) -> Result<(), DieselError> {
        if !self.script.in_transaction() {
            self.script.begin()?;
        }
        self.rows(&planned.changes)?;
        let up = planned.direction == Direction::Up;
        let entry = Entry { revision: meta.revision, up, state: DONE, checksum: meta.checksum, duration_ms: 0 };
        self.journal.add(&mut self.script, self.dialect, &entry)?;
        if whole { Ok(()) } else { self.script.commit() }
    }

    fn rows(&mut self, changes: &[RowChange]) -> Result<(), DieselError> {
        for change in changes {
            // A script meets as many rows as the one who runs it has; the key of the table refuses a second one.
            drop(version_table::change(&mut self.script, self.dialect, &self.version_table, change, false)?);
        }
        Ok(())
    }

    fn step(&self, meta: &Meta, whole: bool) -> Step {
        let hint = "write the script with `--transaction migration`";
        let settings = StepSettings {
            revision: meta.revision,
            checksum: meta.checksum,
            up: true,
            journal: self.journal.clone(),
            server_version: None,
            naming: self.linked.naming,
            stays_in_transaction: whole.then_some(hint),
            interrupted: Arc::default(),
            arguments: self.options.arguments.clone(),
            tag: self.options.tag.clone(),
        };
        Step::new(self.dialect, settings, None)
    }
}

/// Why a migration cannot be written, and where in it.
type Failed = (Error, Option<&'static Location<'static>>);

fn explain(planned: &Planned, meta: &Meta, error: Error, place: Option<&'static Location<'static>>) -> RunError {
    let verb = if planned.direction == Direction::Up { "upgrade" } else { "downgrade" };
    RunError::new(
        RunErrorKind::Migration,
        format!("cannot write the {verb} of revision `{}` ({}) as SQL", meta.revision, meta.message),
    )
    .note(format!("in {}", place_in(meta, place)))
    .note("nothing of the script was written")
    .source(error.into_inner())
}
