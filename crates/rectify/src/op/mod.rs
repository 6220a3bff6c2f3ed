//! The handle that a migration's `upgrade` and `downgrade` get: every method is one operation.

mod batch;
mod bulk_insert;
pub(crate) mod comments;
mod culprit;
pub(crate) mod foreign_keys;
mod invoke;
mod probe;
mod record;
mod rehearse;
mod require;
mod rows;
mod step;

use std::fmt;
use std::panic::Location;

use diesel::connection::Connection;
use diesel::query_builder::{QueryFragment, QueryId};
use diesel::result::Error as DieselError;
use rectify_schema::dialect::{Dialect, Statement, check_version};
use rectify_schema::ops::{
    AddColumn, AddEnumValue, AlterColumn, AlterEnum, AlterSequence, ColumnChange, CreateCheck, CreateEnum,
    CreateExclude, CreateExtension, CreateForeignKey, CreateIndex, CreateObject, CreatePrimaryKey, CreateSchema,
    CreateSequence, CreateTable, CreateUnique, CustomOperation, DropCheck, DropColumn, DropEnum, DropExclude,
    DropExtension, DropForeignKey, DropIndex, DropObject, DropPrimaryKey, DropSchema, DropSequence, DropTable,
    DropUnique, Dropped, EnumValue, RenameEnumValue, RenameTable, ReplaceObject, SetTableComment, SetTableOptions, Sql,
    alter,
};
use rectify_schema::{
    Check, Column, EnumType, Exclude, ForeignKey, Index, Operation, PrimaryKey, SqlObject, Table, TableName,
    TableOptions, Unique,
};

pub use batch::Batch;
pub use bulk_insert::{InsertableRows, NamedValues, Structs};
pub use record::record;
pub(crate) use rehearse::rehearse;
pub use require::{Count, Question, SqlText, TypedQuery, YieldsBoolean, YieldsCount};
pub use rows::{Chunks, Rows};
use step::Mode;
pub use step::{Interrupted, OperationError};
pub(crate) use step::{Place, Resume, Step, StepSettings};

use crate::database::{Database, Family, SupportedBackend};
use crate::error::{DatabaseError, Result};
use crate::inspect;
use crate::offline::{self, OfflineError, Script};
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

    /// Whether the migration is being written to a script, with no database to read from.
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

    /// Creates a table with its constraints and indexes; on PostgreSQL also with the enum types of its columns, where
    /// [`Table::with_enums`] says so.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn create_table(&mut self, table: Table) -> Result<()> {
        self.apply(CreateTable::new(table))
    }

    /// Drops a table: its name, or its whole definition.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn drop_table(&mut self, table: impl Into<DropTable>) -> Result<()> {
        self.apply(table.into())
    }

    /// Renames a table; its indexes and constraints keep their names.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn rename_table(&mut self, from: impl Into<TableName>, to: impl Into<String>) -> Result<()> {
        self.apply(RenameTable::new(from, to))
    }

    /// Adds a column.
    ///
    /// A column that is `NOT NULL` needs a default unless the table is empty. SQLite adds no column that is unique, a
    /// key, or `NOT NULL` without a constant default: [`Op::batch_alter_table`] does.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn add_column(&mut self, table: impl Into<TableName>, column: Column) -> Result<()> {
        self.apply(AddColumn::new(table, column))
    }

    /// Drops a column. SQLite does so from 3.35 on, where neither key, index nor constraint uses it.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn drop_column(&mut self, table: impl Into<TableName>, column: impl Into<String>) -> Result<()> {
        self.apply(DropColumn::new(table, column))
    }

    /// Changes a column: `alter("email").set_type(varchar(320)).set_not_null()`.
    ///
    /// MySQL and MariaDB restate the whole column; what the change leaves alone is read from the catalog. SQLite only
    /// renames: [`Op::batch_alter_table`] does the rest.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn alter_column(&mut self, table: impl Into<TableName>, change: ColumnChange) -> Result<()> {
        self.apply(AlterColumn::new(table, change))
    }

    /// Creates an index.
    ///
    /// PostgreSQL creates one `concurrently` only outside a transaction: see [`Op::autocommit`].
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn create_index(&mut self, index: Index) -> Result<()> {
        self.apply(CreateIndex::new(index))
    }

    /// Drops an index of a table: by its name, its columns or its definition.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn drop_index(&mut self, table: impl Into<TableName>, what: impl Into<Dropped<Index>>) -> Result<()> {
        self.apply(DropIndex::new(what).on(table))
    }

    /// Gives a table a primary key.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn create_primary_key(&mut self, table: impl Into<TableName>, key: PrimaryKey) -> Result<()> {
        self.apply(CreatePrimaryKey::new(table, key))
    }

    /// Takes a table's primary key away: by its name, its columns or its definition.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn drop_primary_key(
        &mut self,
        table: impl Into<TableName>,
        what: impl Into<Dropped<PrimaryKey>>,
    ) -> Result<()> {
        self.apply(DropPrimaryKey::new(table).named(what))
    }

    /// Adds a unique constraint.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn create_unique(&mut self, table: impl Into<TableName>, unique: Unique) -> Result<()> {
        self.apply(CreateUnique::new(table, unique))
    }

    /// Drops a unique constraint: by its name, its columns or its definition, for which the naming convention finds the name.
    ///
    /// ```
    /// # use rectify::prelude::*;
    /// # use rectify::{Database, Op};
    /// fn downgrade<C: Database>(op: &mut Op<'_, C>) -> Result<()> {
    ///     op.drop_unique("users", "uq_users_email")?;
    ///     op.drop_unique("users", ["tenant_id", "email"])
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn drop_unique(&mut self, table: impl Into<TableName>, what: impl Into<Dropped<Unique>>) -> Result<()> {
        self.apply(DropUnique::new(table, what))
    }

    /// Adds a foreign key.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn create_foreign_key(&mut self, table: impl Into<TableName>, key: ForeignKey) -> Result<()> {
        self.apply(CreateForeignKey::new(table, key))
    }

    /// Drops a foreign key: by its name or its definition.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn drop_foreign_key(
        &mut self,
        table: impl Into<TableName>,
        what: impl Into<Dropped<ForeignKey>>,
    ) -> Result<()> {
        self.apply(DropForeignKey::new(table, what))
    }

    /// Adds a check.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn create_check(&mut self, table: impl Into<TableName>, check: Check) -> Result<()> {
        self.apply(CreateCheck::new(table, check))
    }

    /// Drops a check: by its name, its `short` name or its definition.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn drop_check(&mut self, table: impl Into<TableName>, what: impl Into<Dropped<Check>>) -> Result<()> {
        self.apply(DropCheck::new(table, what))
    }

    /// Adds an exclusion constraint (PostgreSQL).
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    ///
    /// # Examples
    ///
    /// ```
    /// # use rectify::prelude::*;
    /// # use rectify::{Database, Op};
    /// fn upgrade<C: Database>(op: &mut Op<'_, C>) -> Result<()> {
    ///     op.create_exclude("stays", exclude("ex_stays").using("gist").with("room", "=").with("during", "&&"))
    /// }
    /// ```
    #[track_caller]
    pub fn create_exclude(&mut self, table: impl Into<TableName>, exclude: Exclude) -> Result<()> {
        self.apply(CreateExclude::new(table, exclude))
    }

    /// Drops an exclusion constraint (PostgreSQL): by its name or its definition.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn drop_exclude(&mut self, table: impl Into<TableName>, what: impl Into<Dropped<Exclude>>) -> Result<()> {
        self.apply(DropExclude::new(table, what))
    }

    /// Creates an enum type. Only PostgreSQL has such a thing; elsewhere the columns carry the values, and nothing is done.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn create_enum<V: Into<String>>(
        &mut self,
        name: impl Into<TableName>,
        values: impl IntoIterator<Item = V>,
    ) -> Result<()> {
        self.apply(CreateEnum::new(name, values))
    }

    /// Adds a value to an enum type: `"calm"`, or `enum_value("calm").before("happy").if_not_exists()`.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn add_enum_value(&mut self, name: impl Into<TableName>, value: impl Into<EnumValue>) -> Result<()> {
        self.apply(AddEnumValue::new(name, value))
    }

    /// Renames a value of an enum type; the rows that hold it hold the new one.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn rename_enum_value(
        &mut self,
        name: impl Into<TableName>,
        from: impl Into<String>,
        to: impl Into<String>,
    ) -> Result<()> {
        self.apply(RenameEnumValue::new(name, from, to))
    }

    /// Gives an enum type other values (PostgreSQL): `AlterEnum::new("mood", ["sad", "glad"]).used_by("people", column(..))`.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn alter_enum(&mut self, change: AlterEnum) -> Result<()> {
        self.apply(change)
    }

    /// Drops an enum type, which no column may use any more.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn drop_enum(&mut self, name: impl Into<TableName>) -> Result<()> {
        self.apply(DropEnum::new(name))
    }

    /// Sets the comment of a table, or takes it away with `None`.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn set_table_comment(&mut self, table: impl Into<TableName>, comment: Option<&str>) -> Result<()> {
        self.apply(SetTableComment::new(table, comment))
    }

    /// Changes what only one database knows of a table, such as its storage engine; what is not said stays. SQLite takes it in a
    /// batch.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn set_table_options(&mut self, table: impl Into<TableName>, options: TableOptions) -> Result<()> {
        self.apply(SetTableOptions::new(table, options))
    }

    /// Sets the comment of a column, or takes it away with `None`; all else of the column stays. SQLite has no comments.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn set_column_comment(
        &mut self,
        table: impl Into<TableName>,
        column: impl Into<String>,
        comment: Option<&str>,
    ) -> Result<()> {
        let change = alter(column);
        self.alter_column(
            table,
            comment.map_or_else(|| change.clone().drop_comment(), |text| change.clone().comment(text)),
        )
    }

    /// Creates a schema: its name, or a [`CreateSchema`] with more to say. SQLite has none.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn create_schema(&mut self, schema: impl Into<CreateSchema>) -> Result<()> {
        self.apply(schema.into())
    }

    /// Drops a schema: its name, or a [`DropSchema`] with more to say. MySQL and MariaDB drop all that it holds.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn drop_schema(&mut self, schema: impl Into<DropSchema>) -> Result<()> {
        self.apply(schema.into())
    }

    /// Creates an extension (PostgreSQL only): its name, `extension("pg_trgm").schema("public")`, or a
    /// [`CreateExtension`] with more to say.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn create_extension(&mut self, extension: impl Into<CreateExtension>) -> Result<()> {
        self.apply(extension.into())
    }

    /// Drops an extension (PostgreSQL only).
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn drop_extension(&mut self, extension: impl Into<DropExtension>) -> Result<()> {
        self.apply(extension.into())
    }

    /// Creates a sequence (PostgreSQL, MariaDB): its name, or `sequence("invoice_numbers").start(1000)`.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn create_sequence(&mut self, sequence: impl Into<CreateSequence>) -> Result<()> {
        self.apply(sequence.into())
    }

    /// Changes a sequence (PostgreSQL, MariaDB): `AlterSequence::new("invoice_numbers").increment(5).restart(1)`.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn alter_sequence(&mut self, change: AlterSequence) -> Result<()> {
        self.apply(change)
    }

    /// Drops a sequence (PostgreSQL, MariaDB): its name, or its whole definition.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn drop_sequence(&mut self, sequence: impl Into<DropSequence>) -> Result<()> {
        self.apply(sequence.into())
    }

    /// Creates a view, materialised view, function, procedure, trigger, policy or grant from its SQL text.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    ///
    /// # Examples
    ///
    /// ```
    /// # use rectify::prelude::*;
    /// # use rectify::{Database, Op};
    /// fn adults() -> rectify::schema::SqlObject {
    ///     view("adults", "SELECT id, email FROM users WHERE age > 17")
    /// }
    ///
    /// fn upgrade<C: Database>(op: &mut Op<'_, C>) -> Result<()> {
    ///     op.create_object(adults())
    /// }
    ///
    /// fn downgrade<C: Database>(op: &mut Op<'_, C>) -> Result<()> {
    ///     op.drop_object(adults())
    /// }
    /// ```
    #[track_caller]
    pub fn create_object(&mut self, object: SqlObject) -> Result<()> {
        self.apply(CreateObject::new(object))
    }

    /// Puts another definition in the place of an object's old one: the object, or a [`ReplaceObject`] with what it was.
    ///
    /// PostgreSQL replaces a view in place only by one that begins with the same columns, and a function only by one of
    /// the same result; for any other, drop it and create it.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn replace_object(&mut self, object: impl Into<ReplaceObject>) -> Result<()> {
        self.apply(object.into())
    }

    /// Drops a view, function, procedure, trigger or policy, or revokes a grant: the object as it was created, or a
    /// [`DropObject`] with more to say.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn drop_object(&mut self, object: impl Into<DropObject>) -> Result<()> {
        self.apply(object.into())
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
                // A value in it may be the key of the row that is refused.
                ran.map_err(|error| match C::Backend::render_with_literals(kind, &query) {
                    Ok(text) => error.with_statement(&sql, &culprit::abridged(&text)),
                    Err(_) => error,
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

/// Carries out an operation, and those that come with it: the enum types of a table on PostgreSQL.
fn apply(db: &mut dyn Database, step: &mut Step, operation: Operation) -> Result<()> {
    let mut operation = match operation {
        Operation::BatchAlterTable(batch) => return batch::apply(db, step, batch.into()),
        other => other,
    };
    if step.rehearses() {
        return rehearse::look_at(step, operation);
    }
    if step.keeps(|| vec![operation.clone()]) {
        return Ok(());
    }
    step.name(&mut operation)?;
    let enums = if family(step.dialect) == Family::Postgres { enums_with(&operation) } else { Vec::new() };
    if matches!(operation, Operation::DropTable(_)) {
        apply_one(db, step, operation)?;
        return enums.into_iter().rev().try_for_each(|found| apply_one(db, step, DropEnum::from(found).into()));
    }
    enums.into_iter().try_for_each(|found| apply_one(db, step, CreateEnum::from(found).into()))?;
    apply_one(db, step, operation)
}

/// The enum types that are created or dropped with a table.
fn enums_with(operation: &Operation) -> Vec<EnumType> {
    let table = match operation {
        Operation::CreateTable(create) => Some(&create.table),
        Operation::DropTable(drop) => drop.definition.as_ref(),
        _ => None,
    };
    table.filter(|table| table.with_enums).map(Table::enums).unwrap_or_default()
}

/// Renders an operation and sends its statements.
fn apply_one(db: &mut dyn Database, step: &mut Step, operation: Operation) -> Result<()> {
    let identity = format!("{operation:?}");
    if !step.enter(&operation, &identity)? {
        return Ok(());
    }
    let dialect = step.dialect;
    if step.is_uncertain()
        && probe::was_renamed(db, dialect, &operation).map_err(|error| step.refused(&operation, "", error))?
    {
        return step.leave(db, operation.to_string(), &identity);
    }
    let operation = completed(db, step, operation)?;
    step.loses_comments |= comments::are_lost(dialect, &operation);
    let statements = rendered(step, &operation)?;
    if let Some(script) = offline::script(db) {
        script.note(step.settings.revision, &operation);
    }
    if let Operation::BulkInsert(insert) = &operation {
        return in_journal_transaction(db, step, &operation, |db, step| {
            send(db, step, &operation, &statements, |_, _| Ok(Some(false)))
                .map_err(|error| culprit::named(db, dialect, insert, &statements, error))?;
            step.leave(db, operation.to_string(), &identity)
        });
    }
    send(db, step, &operation, &statements, |db, index| probe::already_there(db, dialect, &operation, index))?;
    step.leave(db, operation.to_string(), &identity)
}

/// Spells an operation, unless the dialect or the server cannot do it.
fn rendered(step: &Step, operation: &Operation) -> Result<Vec<Statement>> {
    let refused = |refusal| step.failure(operation, None, refusal);
    if let Some(version) = step.settings.server_version {
        check_version(step.dialect, version, operation).map_err(refused)?;
    }
    step.dialect.render(operation).map_err(refused)
}

/// Sends the statements of an operation, and keeps the place between them.
fn send(
    db: &mut dyn Database,
    step: &mut Step,
    operation: &dyn fmt::Display,
    statements: &[Statement],
    already_there: impl Fn(&mut dyn Database, u32) -> Result<Option<bool>, DieselError>,
) -> Result<()> {
    let count = statements.len();
    for (index, statement) in (0..).zip(statements) {
        rows::refuse_to_commit(step, operation, &statement.sql)?;
        if !statement.in_transaction && db.in_transaction() {
            return Err(step.failure_with_hint(
                operation,
                &statement.sql,
                InTransaction,
                "wrap it in `op.autocommit(|op| …)`, or declare `transaction = false`",
            ));
        }
        let sent = |db: &mut dyn Database| already_there(db, index);
        step.statement(db, operation, index, &statement.sql, sent, |db| db.run(&statement.sql))?;
        // The last statement is the operation itself, whose place `leave` keeps.
        if usize::try_from(index).is_ok_and(|index| index + 1 < count) {
            step.keep_place(db)?;
        }
    }
    Ok(())
}

/// Runs a query that changes rows. Where the step is not one transaction, the journal moves in the same transaction as
/// the rows, so that a killed run leaves no doubt.
fn apply_query(
    db: &mut dyn Database,
    step: &mut Step,
    sql: &str,
    send: impl FnOnce(&mut dyn Database) -> Result<usize, DieselError>,
) -> Result<usize> {
    let operation = "run a query";
    if step.keeps(|| vec![Sql::new(sql).into()]) {
        return Ok(0);
    }
    if !step.enter(&operation, sql)? {
        return Ok(0);
    }
    in_journal_transaction(db, step, &operation, |db, step| {
        let changed = step.statement(db, &operation, 0, sql, |_| Ok(Some(false)), send)?;
        step.leave(db, format!("run `{sql}`"), sql).map(|()| changed)
    })
}

/// Runs `body` in a transaction of its own where the step is not one.
fn in_journal_transaction<T>(
    db: &mut dyn Database,
    step: &mut Step,
    operation: &dyn fmt::Display,
    body: impl FnOnce(&mut dyn Database, &mut Step) -> Result<T>,
) -> Result<T> {
    let alone = step.journal_row.is_some() && !db.in_transaction();
    if !alone {
        return body(db, step);
    }
    db.begin().map_err(|error| step.refused(operation, "BEGIN", error))?;
    match body(db, step) {
        Ok(done) => {
            db.commit().map_err(|error| step.refused(operation, "COMMIT", error))?;
            step.mark_committed();
            Ok(done)
        }
        Err(error) => {
            db.rollback().map_err(|error| step.refused(operation, "ROLLBACK", error))?;
            Err(error)
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the database refuses this statement inside a transaction")]
struct InTransaction;

/// MySQL and MariaDB restate a whole column: what the change leaves alone comes from the catalog.
fn is_completed(dialect: &dyn Dialect, alter: &AlterColumn) -> bool {
    alter.existing.is_none() && family(dialect) == Family::Mysql
}

/// Adds what comes from the catalog.
fn completed(db: &mut dyn Database, step: &Step, operation: Operation) -> Result<Operation> {
    match operation {
        Operation::AlterColumn(mut alter) if is_completed(step.dialect, &alter) => {
            let table = match offline::script(db) {
                Some(script) => Some(script.table(&alter.table).map_err(|error| step.offline(&alter, error))?),
                None => inspect::table(db, step.dialect, &alter.table)?,
            };
            alter.existing = table.and_then(|table| existing(&table, &alter.change.column));
            Ok(alter.into())
        }
        other => Ok(other),
    }
}

fn existing(table: &Table, name: &str) -> Option<Column> {
    let mut column = table.find_column(name)?.clone();
    // MariaDB has checks that belong to a column; they are the ones without a name.
    let quoted = format!("`{}`", name.replace('`', "``"));
    column.check =
        table.checks.iter().find(|check| check.name.is_none() && check.expression.contains(&quoted)).cloned();
    Some(column)
}

/// Commits what was done so far, and from here on keeps the place in the journal.
fn leave_transaction(db: &mut dyn Database, step: &mut Step) -> Result<()> {
    if let Some(hint) = step.settings.stays_in_transaction {
        return Err(step.failure_with_hint(&"leave the transaction", "COMMIT", InTransaction, hint));
    }
    // A script has no place to keep: whoever runs it sees where it stopped.
    if offline::script(db).is_none() {
        step.open_journal(db)?;
    }
    db.commit().map_err(|error| step.refused(&"commit before `autocommit`", "COMMIT", error))?;
    step.mark_committed();
    Ok(())
}
