//! The handle that a migration's `upgrade` and `downgrade` get: every method is one operation.

mod batch;
mod bulk_insert;
mod carry_out;
pub(crate) mod comments;
mod culprit;
pub(crate) mod foreign_keys;
mod invoke;
mod objects;
mod probe;
mod record;
mod rehearse;
mod require;
mod rows;
mod step;
mod tables;

use std::fmt;
use std::panic::Location;

use diesel::connection::Connection;
use diesel::query_builder::{QueryFragment, QueryId};
use rectify_schema::dialect::Dialect;
use rectify_schema::ops::{CustomOperation, Sql};
use rectify_schema::{Operation, TableName};

pub use batch::Batch;
pub use bulk_insert::{InsertableRows, NamedValues, Structs};
use carry_out::{apply, apply_query, in_journal_transaction, is_completed, leave_transaction, rendered, send};
pub use record::record;
pub(crate) use rehearse::rehearse;
pub use require::{Count, Question, SqlText, TypedQuery, YieldsBoolean, YieldsCount};
pub use rows::{Chunks, Rows};
use step::Mode;
pub use step::{Interrupted, OperationError};
pub(crate) use step::{Place, Resume, Step, StepSettings};

use crate::database::{Database, Family, SupportedBackend};
use crate::error::{DatabaseError, Result};
use crate::offline::{OfflineError, Script};
use crate::runner::sql::family;

/// What a migration works with: each method is one operation, run at once, in the order of the calls.
///
/// An operation that the database cannot do is refused before anything is sent, with the way that works there.
///
/// A migration file gets its `Op` from `crate::prelude`, where `versions!` puts the one for the chain's connection.
///
/// ```
/// use rectify::prelude::*;
/// use rectify::{Database, Op};
///
/// fn upgrade<C: Database>(op: &mut Op<'_, C>) -> Result<()> {
///     op.create_table(
///         table("tags")
///             .column(column("id", bigint()).primary_key().identity())
///             .column(column("name", varchar(80)).not_null()),
///     )?;
///     op.create_index(index("ix_tags_name").on("tags", ["name"]).unique())
/// }
/// ```
pub struct Op<'a, C> {
    sink: Sink<'a, C>,
    step: &'a mut Step,
}

/// Where operations go.
enum Sink<'a, C> {
    Live(&'a mut C),
    Offline(&'a mut Script),
}

impl<C> fmt::Debug for Op<'_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Op").finish_non_exhaustive()
    }
}

impl<'a, C: Database> Op<'a, C> {
    pub(crate) const fn live(connection: &'a mut C, step: &'a mut Step) -> Self {
        Self { sink: Sink::Live(connection), step }
    }

    pub(crate) const fn offline(script: &'a mut Script, step: &'a mut Step) -> Self {
        Self { sink: Sink::Offline(script), step }
    }

    #[track_caller]
    fn parts(&mut self) -> (&mut dyn Database, &mut Step) {
        self.step.called_at = Some(Location::caller());
        match &mut self.sink {
            Sink::Live(connection) => (*connection, self.step),
            Sink::Offline(script) => (*script, self.step),
        }
    }

    /// Which SQL this database speaks: for the rare step that differs by database.
    #[must_use]
    pub fn dialect(&self) -> &'static dyn Dialect {
        self.step.dialect
    }

    /// Which kind of database this is.
    #[must_use]
    pub fn family(&self) -> Family {
        family(self.step.dialect)
    }

    /// Whether there is no database to read from: the migration is being written to a script, or looked through before it runs
    /// where nothing takes it back.
    #[must_use]
    pub const fn is_offline(&self) -> bool {
        matches!(self.sink, Sink::Offline(_))
    }

    /// What was given for `name` on the command line (`-x tenant=acme`) or in [`Options::arguments`], the last one
    /// where it was given several times; an empty text where it has no value.
    ///
    /// ```
    /// # use rectify::prelude::*;
    /// # use rectify::{Database, Op};
    /// fn upgrade<C: Database>(op: &mut Op<'_, C>) -> Result<()> {
    ///     let tenant = op.x_argument("tenant").ok_or_else(|| Error::message("say which: `-x tenant=NAME`"))?.to_owned();
    ///     op.create_table(table((tenant.as_str(), "notes")).column(column("id", bigint()).primary_key()))
    /// }
    /// ```
    ///
    /// [`Options::arguments`]: crate::Options::arguments
    #[must_use]
    pub fn x_argument(&self, name: &str) -> Option<&str> {
        let given = self.step.settings.arguments.iter().rev().find(|(given, _)| given == name);
        given.map(|(_, value)| value.as_str())
    }

    /// The tag of this run (`--tag` on the command line), if it has one: any text that tells runs apart.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        self.step.settings.tag.as_deref()
    }

    /// Carries out `operation`: what every other method comes down to.
    ///
    /// # Errors
    ///
    /// Where the database cannot do it, or refuses it.
    #[track_caller]
    pub fn apply(&mut self, operation: impl Into<Operation>) -> Result<()> {
        let (db, step) = self.parts();
        apply(db, step, operation.into())
    }

    /// Inserts rows, in as few statements as the database takes: rows of named values into the table of a name, or a `Vec` of
    /// structs that are Diesel's `Insertable` into the table of a `diesel::table!`.
    ///
    /// A statement has as many rows as the limits of the database allow: how many values it can bind, how long it may be. What
    /// a row does not give gets the column's default. Where the migration is not one transaction, the rows and the place in the
    /// journal are: an interrupted run has inserted all of them or none.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    ///
    /// # Examples
    ///
    /// ```
    /// # use rectify::prelude::*;
    /// # #[cfg(feature = "sqlite")]
    /// # mod demo {
    /// # use rectify::{AnyConnection, Op, prelude::*};
    /// diesel::table! { kinds (id) { id -> Integer, name -> Text, } }
    ///
    /// #[derive(Insertable)]
    /// struct Kind {
    ///     id: i32,
    ///     name: String,
    /// }
    ///
    /// fn upgrade(op: &mut Op<'_, AnyConnection>) -> Result<()> {
    ///     op.bulk_insert("kinds", [row().set("id", 1).set("name", "invoice"), row().set("id", 2).set("name", "receipt")])?;
    ///     let more = ["offer", "order"].into_iter().zip(3..).map(|(name, id)| Kind { id, name: name.to_owned() });
    ///     op.bulk_insert(kinds::table, more.collect::<Vec<_>>())
    /// }
    /// # }
    /// ```
    #[track_caller]
    pub fn bulk_insert<T, R, Form>(&mut self, table: T, rows: R) -> Result<()>
    where
        R: InsertableRows<C, T, Form>,
    {
        rows.insert_into(table, self)
    }

    /// Carries out an operation of one's own; [`CustomOperation`] has an example.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn invoke(&mut self, operation: impl CustomOperation) -> Result<()> {
        let (db, step) = self.parts();
        invoke::invoke(db, step, &operation)
    }

    /// Takes an operation of one's own back: carries out its reverse.
    ///
    /// # Errors
    ///
    /// Where it has no reverse, and as [`Op::apply`].
    #[track_caller]
    pub fn invoke_reverse(&mut self, operation: impl CustomOperation) -> Result<()> {
        let reverse = invoke::reverse(&operation)?;
        self.invoke(reverse)
    }

    /// Runs SQL text: one statement, sent as it stands.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn sql(&mut self, sql: impl Into<String>) -> Result<()> {
        self.apply(Sql::new(sql))
    }

    /// Runs `body` outside of a transaction, for what PostgreSQL refuses inside one: `CREATE INDEX CONCURRENTLY` and its like.
    ///
    /// What the migration did so far is committed first, and a new transaction is opened behind `body`; the journal keeps
    /// the place, so that a run which fails in between goes on there. Elsewhere `body` simply runs.
    ///
    /// # Errors
    ///
    /// Those of `body`; and on PostgreSQL, in a run that is one transaction, that it cannot be left.
    #[track_caller]
    pub fn autocommit(&mut self, body: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        let (db, step) = self.parts();
        if !(family(step.dialect) == Family::Postgres && db.in_transaction()) {
            return body(self);
        }
        rows::refuse_to_commit(step, &"leave the transaction", "COMMIT")?;
        leave_transaction(db, step)?;
        body(self)?;
        let (db, step) = self.parts();
        db.begin().map_err(|error| step.refused(&"begin a transaction", "BEGIN", error))
    }

    /// Changes a table in a way that SQLite's `ALTER TABLE` has no words for.
    ///
    /// On SQLite the table is built anew with all that the batch changes, its rows are copied, and it takes the old
    /// one's place; where plain `ALTER`s do, they are used. Child rows, indexes, foreign keys, triggers and views are kept.
    /// On the other databases the operations run as they are.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`]; and on SQLite where a rebuild would lose a clause of the table (`DESC` or `COLLATE` in a key),
    /// or leaves a trigger or a view that speaks of a column which is gone.
    ///
    /// # Examples
    ///
    /// ```
    /// # use rectify::prelude::*;
    /// # use rectify::{Database, Op};
    /// fn upgrade<C: Database>(op: &mut Op<'_, C>) -> Result<()> {
    ///     op.batch_alter_table("users", |batch| {
    ///         batch.alter_column(alter("email").set_not_null());
    ///         batch.create_foreign_key(foreign_key("fk_users_team").on(["team_id"]).references("teams", ["id"]));
    ///     })
    /// }
    /// ```
    #[track_caller]
    pub fn batch_alter_table(&mut self, table: impl Into<TableName>, body: impl FnOnce(&mut Batch)) -> Result<()> {
        let mut batch = Batch::new(table.into());
        body(&mut batch);
        let (db, step) = self.parts();
        batch::apply(db, step, batch)
    }
}

impl<C> Op<'_, C>
where
    C: Database + Connection,
    C::Backend: SupportedBackend,
{
    /// Runs a typed Diesel query and gives the number of rows that it changed.
    ///
    /// Where an earlier run of the migration has already run it (see the journal), it is not run again, and the number is
    /// 0. Offline the query is written with its values as literals, and the number is 0.
    ///
    /// # Errors
    ///
    /// Where the database refuses it.
    ///
    /// # Examples
    ///
    /// ```
    /// # use rectify::prelude::*;
    /// # #[cfg(feature = "sqlite")]
    /// # mod demo {
    /// # use rectify::{Op, AnyConnection, prelude::*};
    /// diesel::table! { institutions (id) { id -> BigInt, kind -> Text, } }
    ///
    /// fn upgrade(op: &mut Op<'_, AnyConnection>) -> Result<()> {
    ///     let moved = institutions::table.filter(institutions::kind.eq("government_dept"));
    ///     op.execute(diesel::update(moved).set(institutions::kind.eq("university")))?;
    ///     Ok(())
    /// }
    /// # }
    /// ```
    #[track_caller]
    pub fn execute<Q>(&mut self, query: Q) -> Result<usize>
    where
        Q: QueryFragment<C::Backend> + QueryId,
    {
        let step = &mut *self.step;
        step.called_at = Some(Location::caller());
        match &mut self.sink {
            Sink::Live(connection) => {
                let kind = family(step.dialect);
                let sql = C::Backend::render(kind, &query).map_err(DatabaseError::from)?;
                let ran = apply_query(*connection, step, &sql, |db| concrete::<C>(db).execute_returning_count(&query));
                // A value in it may be the key of the row that is refused; if not, the row is looked for.
                ran.map_err(|error| {
                    let Ok(text) = C::Backend::render_with_literals(kind, &query) else { return error };
                    let found = culprit::of_statement(*connection, step.dialect, &error, &text);
                    error.with_statement(&sql, &found.unwrap_or_else(|| culprit::abridged(&text)))
                })
            }
            Sink::Offline(_) if step.rehearses() => {
                // How many rows it changes is for the database to say.
                Err(step.offline(&"run a query", OfflineError::Reads { place: Location::caller() }))
            }
            Sink::Offline(script) => {
                let sql = C::Backend::render_with_literals(family(step.dialect), &query)
                    .map_err(|error| step.failure(&"run a query", None, DatabaseError::from(error)))?;
                apply_query(*script, step, &sql, |db| db.run(&sql).map(|()| 0))
            }
        }
    }

    /// The connection itself: to read, and for what no other method does.
    ///
    /// What is changed through it is not in the journal. So a migration that uses it, and is cut off on a database that
    /// cannot roll it back, is not carried on by itself: the next run says what stands.
    ///
    /// # Errors
    ///
    /// Where an earlier run of the migration was cut off, and what it did through the connection is not known; and
    /// offline, where there is none: the error names this place in the migration.
    #[track_caller]
    pub fn connection(&mut self) -> Result<&mut C> {
        let place = Location::caller();
        self.step.called_at = Some(place);
        self.step.hand_out_connection()?;
        match &mut self.sink {
            Sink::Live(connection) => Ok(connection),
            Sink::Offline(_) => Err(self.step.offline(&"use the connection", OfflineError::Reads { place })),
        }
    }
}

/// The connection again as what it is.
fn concrete<C: 'static>(db: &mut dyn Database) -> &mut C {
    db.as_any_mut().downcast_mut().expect("the connection is the one that was given")
}
