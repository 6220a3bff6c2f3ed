//! Several changes to one table at once: plain `ALTER`s where they do, SQLite's rebuild where they do not.

use std::fmt;

use rectify_schema::batch::{self, Attached, Options, Place, Rebuild, Recreate};
use rectify_schema::ops::{
    AddColumn, AlterColumn, BatchAlterTable, ColumnChange, CreateCheck, CreateExclude, CreateForeignKey, CreateIndex,
    CreatePrimaryKey, CreateUnique, DropCheck, DropColumn, DropExclude, DropForeignKey, DropIndex, DropPrimaryKey,
    DropUnique, Dropped, SetTableOptions,
};
use rectify_schema::{
    Check, Column, Exclude, ForeignKey, Index, Operation, PrimaryKey, Table, TableName, TableOptions, Unique,
};

use super::{Step, comments, foreign_keys};
use crate::database::{Database, Family};
use crate::error::{Error, Result};
use crate::inspect::{self, InspectError};
use crate::offline;
use crate::runner::sql::{family, one_text};

/// The changes of one [`Op::batch_alter_table`](crate::Op::batch_alter_table).
#[derive(Debug)]
pub struct Batch {
    table: TableName,
    changes: Vec<Operation>,
    options: Options,
    copy_from: Option<Table>,
}

impl Batch {
    pub(super) fn new(table: TableName) -> Self {
        Self { table, changes: Vec::new(), options: Options::default(), copy_from: None }
    }

    /// Says when SQLite copies the table (`rectify::schema::batch::Recreate`); the other databases never do.
    pub fn recreate(&mut self, recreate: Recreate) {
        self.options.recreate = recreate;
    }

    /// Begins with this definition instead of the catalog's (SQLite): what it leaves out is not in the new table.
    pub fn copy_from(&mut self, table: Table) {
        self.copy_from = Some(table);
    }

    /// Adds a column before another (SQLite; elsewhere a new column is the last, and this is refused).
    pub fn insert_before(&mut self, beside: impl Into<String>, column: Column) {
        self.options.places.push((column.name.clone(), Place::Before(beside.into())));
        self.add_column(column);
    }

    /// Adds a column behind another (SQLite; elsewhere a new column is the last, and this is refused).
    pub fn insert_after(&mut self, beside: impl Into<String>, column: Column) {
        self.options.places.push((column.name.clone(), Place::After(beside.into())));
        self.add_column(column);
    }

    /// Puts columns one behind the other, in this order (SQLite; elsewhere columns stay where they are, and this is refused).
    /// Columns that it does not name stay where they are, beside the first.
    ///
    /// ```
    /// # use rectify::prelude::*;
    /// # use rectify::{Database, Op};
    /// fn upgrade<C: Database>(op: &mut Op<'_, C>) -> Result<()> {
    ///     op.batch_alter_table("users", |batch| batch.reorder(["id", "name", "email"]))
    /// }
    /// ```
    pub fn reorder<S: Into<String>>(&mut self, columns: impl IntoIterator<Item = S>) {
        let columns: Vec<String> = columns.into_iter().map(Into::into).collect();
        let pairs = columns.windows(2).map(|pair| (pair[1].clone(), Place::After(pair[0].clone())));
        self.options.places.extend(pairs);
    }

    /// Drops a foreign key and adds another in its place.
    pub fn replace_foreign_key(&mut self, what: impl Into<Dropped<ForeignKey>>, key: ForeignKey) {
        self.drop_foreign_key(what);
        self.create_foreign_key(key);
    }

    /// Puts a change to the table in, for one with an option that the other methods do not have.
    pub fn apply(&mut self, change: impl Into<Operation>) {
        self.push(change);
    }

    /// Adds a column.
    pub fn add_column(&mut self, column: Column) {
        self.push(AddColumn::new(self.table.clone(), column));
    }

    /// Drops a column.
    pub fn drop_column(&mut self, column: impl Into<String>) {
        self.push(DropColumn::new(self.table.clone(), column));
    }

    /// Changes a column.
    pub fn alter_column(&mut self, change: ColumnChange) {
        self.push(AlterColumn::new(self.table.clone(), change));
    }

    /// Creates an index; its table is this one.
    pub fn create_index(&mut self, mut index: Index) {
        index.table = self.table.clone();
        self.push(CreateIndex::new(index));
    }

    /// Drops an index.
    pub fn drop_index(&mut self, what: impl Into<Dropped<Index>>) {
        self.push(DropIndex::new(what).on(self.table.clone()));
    }

    /// Gives the table a primary key.
    pub fn create_primary_key(&mut self, key: PrimaryKey) {
        self.push(CreatePrimaryKey::new(self.table.clone(), key));
    }

    /// Takes the primary key away.
    pub fn drop_primary_key(&mut self, what: impl Into<Dropped<PrimaryKey>>) {
        self.push(DropPrimaryKey::new(self.table.clone()).named(what));
    }

    /// Adds a unique constraint.
    pub fn create_unique(&mut self, unique: Unique) {
        self.push(CreateUnique::new(self.table.clone(), unique));
    }

    /// Drops a unique constraint.
    pub fn drop_unique(&mut self, what: impl Into<Dropped<Unique>>) {
        self.push(DropUnique::new(self.table.clone(), what));
    }

    /// Adds a foreign key.
    pub fn create_foreign_key(&mut self, key: ForeignKey) {
        self.push(CreateForeignKey::new(self.table.clone(), key));
    }

    /// Drops a foreign key.
    pub fn drop_foreign_key(&mut self, what: impl Into<Dropped<ForeignKey>>) {
        self.push(DropForeignKey::new(self.table.clone(), what));
    }

    /// Adds a check.
    pub fn create_check(&mut self, check: Check) {
        self.push(CreateCheck::new(self.table.clone(), check));
    }

    /// Drops a check.
    pub fn drop_check(&mut self, what: impl Into<Dropped<Check>>) {
        self.push(DropCheck::new(self.table.clone(), what));
    }

    /// Adds an exclusion constraint (PostgreSQL).
    pub fn create_exclude(&mut self, exclude: Exclude) {
        self.push(CreateExclude::new(self.table.clone(), exclude));
    }

    /// Drops an exclusion constraint (PostgreSQL).
    pub fn drop_exclude(&mut self, what: impl Into<Dropped<Exclude>>) {
        self.push(DropExclude::new(self.table.clone(), what));
    }

    /// Changes what only one database knows of the table; what is not said stays.
    pub fn set_table_options(&mut self, options: TableOptions) {
        self.push(SetTableOptions::new(self.table.clone(), options));
    }

    fn identity(&self) -> String {
        // Without options it is what it was before there were any, for the sake of a run that an older program left.
        let plain = self.options == Options::default() && self.copy_from.is_none();
        if plain { format!("{:?}", self.changes) } else { format!("{self:?}") }
    }

    fn push(&mut self, operation: impl Into<Operation>) {
        self.changes.push(operation.into());
    }
}

impl From<BatchAlterTable> for Batch {
    fn from(op: BatchAlterTable) -> Self {
        Self { changes: op.changes, ..Self::new(op.table) }
    }
}

/// A rebuild, in words.
impl fmt::Display for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rebuild table `{}` (", self.table)?;
        for (index, change) in self.changes.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{change}")?;
        }
        f.write_str(")")
    }
}

pub(super) fn apply(db: &mut dyn Database, step: &mut Step, mut batch: Batch) -> Result<()> {
    // How SQLite carries it out follows from the catalog.
    let whole = !step.rehearses() || family(step.dialect) == Family::Sqlite;
    if whole && step.keeps(|| vec![BatchAlterTable::new(batch.table.clone(), batch.changes.clone()).into()]) {
        return Ok(());
    }
    batch.changes.iter_mut().try_for_each(|change| step.name(change))?;
    if let Some(table) = &mut batch.copy_from {
        step.name_table(table)?;
    }
    if family(step.dialect) != Family::Sqlite {
        if let Some((column, _)) = batch.options.places.first() {
            return Err(step.failure(&batch, None, NoPlace { column: column.clone() }));
        }
        return batch.changes.into_iter().try_for_each(|change| super::apply(db, step, change));
    }
    if !step.enter(&batch, &batch.identity())? {
        return Ok(());
    }
    step.loses_comments |= batch.changes.iter().any(|change| comments::are_lost(step.dialect, change));
    let plan = plan(db, step, &batch, &batch.changes, &batch.options)?;
    if plan.copies { rebuild(db, step, &batch, &plan) } else { send(db, step, &batch, &plan) }
}

fn plan(
    db: &mut dyn Database,
    step: &Step,
    batch: &Batch,
    changes: &[Operation],
    options: &Options,
) -> Result<Rebuild> {
    let by_hand = batch.copy_from.as_ref().map(|table| Table { name: batch.table.clone(), ..table.clone() });
    let refused = |refusal| step.failure(batch, None, refusal);
    if let Some(script) = offline::script(db) {
        let table = match by_hand {
            Some(table) => table,
            None => script.table(&batch.table).map_err(|error| step.offline(batch, error))?,
        };
        let plan = batch::rebuild_with(&table, changes, &Attached::default(), options).map_err(refused)?;
        if !plan.copies {
            return Ok(plan);
        }
        let attached = script.attached(&batch.table).map_err(|error| step.offline(batch, error))?;
        return batch::rebuild_with(&table, changes, &attached, options).map_err(refused);
    }
    let failed = |error: InspectError| step.failure(batch, None, error);
    let table = inspect::table(db, step.dialect, &batch.table).map_err(failed)?;
    let Some(table) = table.map(|found| by_hand.unwrap_or(found)) else {
        return Err(step.failure(batch, None, NoTable { table: batch.table.clone() }));
    };
    let attached = inspect::attached(db, step.dialect, &batch.table).map_err(failed)?;
    batch::rebuild_with(&table, changes, &attached, options).map_err(refused)
}

#[derive(Debug, thiserror::Error)]
#[error(
    "`{column}` cannot be put beside another column here: use `batch.add_column`, or put the batch under `op.family()`"
)]
pub(super) struct NoPlace {
    column: String,
}

#[derive(Debug, thiserror::Error)]
#[error("there is no table `{table}`")]
struct NoTable {
    table: TableName,
}

fn rebuild(db: &mut dyn Database, step: &mut Step, batch: &Batch, plan: &Rebuild) -> Result<()> {
    if let Some(script) = offline::script(db) {
        let alone = !script.in_transaction();
        if alone {
            script.begin().map_err(|error| step.refused(batch, "BEGIN", error))?;
        }
        script.rebuild();
        send(script, step, batch, plan)?;
        return if alone { script.commit().map_err(|error| step.refused(batch, "COMMIT", error)) } else { Ok(()) };
    }
    let enforced = foreign_keys_are_on(db).map_err(|error| step.refused(batch, "PRAGMA foreign_keys", error))?;
    if !enforced {
        return rebuild_without_foreign_keys(db, step, batch, plan);
    }
    if db.in_transaction() {
        // Dropping the old table would delete the child rows, and the pragma that prevents it has no effect in here: the
        // runner rolls back and runs the migration again with foreign keys off.
        step.wants_foreign_keys_off = true;
        return Err(Error::message("the migration is run again with foreign keys off"));
    }
    let pragma =
        |db: &mut dyn Database, step: &Step, sql: &str| db.run(sql).map_err(|error| step.refused(batch, sql, error));
    pragma(db, step, "PRAGMA foreign_keys = OFF")?;
    let rebuilt = in_transaction(db, step, batch, plan);
    let restored = pragma(db, step, "PRAGMA foreign_keys = ON");
    // The first error tells why.
    rebuilt.and(restored)
}

fn in_transaction(db: &mut dyn Database, step: &mut Step, batch: &Batch, plan: &Rebuild) -> Result<()> {
    db.begin().map_err(|error| step.refused(batch, "BEGIN", error))?;
    let rebuilt = rebuild_without_foreign_keys(db, step, batch, plan).and_then(|()| foreign_keys::check(db, step));
    match rebuilt {
        Ok(()) => {
            db.commit().map_err(|error| step.refused(batch, "COMMIT", error))?;
            step.mark_committed();
            Ok(())
        }
        Err(error) => {
            db.rollback().map_err(|error| step.refused(batch, "ROLLBACK", error))?;
            Err(error)
        }
    }
}

fn rebuild_without_foreign_keys(db: &mut dyn Database, step: &mut Step, batch: &Batch, plan: &Rebuild) -> Result<()> {
    foreign_keys::remember(db, step).map_err(|error| step.refused(batch, "PRAGMA foreign_key_check", error))?;
    send(db, step, batch, plan)
}

fn send(db: &mut dyn Database, step: &mut Step, batch: &Batch, plan: &Rebuild) -> Result<()> {
    let parts = batch::parts(&batch.changes);
    let mut sent = 0;
    // A table given by hand is not what the catalog says, so it is planned as a whole.
    if plan.copies && parts.len() > 1 && batch.copy_from.is_none() {
        // What SQLite makes of an index, a trigger or a view when it renames a column stands in the catalog only.
        for part in parts {
            let plan = self::plan(db, step, batch, &part, &Options::default())?;
            sent = send_statements(db, step, batch, &plan, sent)?;
            note(db, step, &part, plan);
        }
        if batch.options != Options::default() {
            let plan = self::plan(db, step, batch, &[], &batch.options)?;
            send_statements(db, step, batch, &plan, sent)?;
            note(db, step, &[], plan);
        }
    } else {
        send_statements(db, step, batch, plan, sent)?;
        note(db, step, &batch.changes, plan.clone());
    }
    step.leave(db, batch.to_string(), &batch.identity())
}

/// A script has no catalog to tell it what the table is now.
fn note(db: &mut dyn Database, step: &Step, changes: &[Operation], plan: Rebuild) {
    if let Some(script) = offline::script(db) {
        script.note_rebuild(step.settings.revision, changes, plan.table);
    }
}

/// Sends the statements of a plan, where `sent` were sent before them; gives how many were sent in all.
fn send_statements(db: &mut dyn Database, step: &mut Step, batch: &Batch, plan: &Rebuild, sent: u32) -> Result<u32> {
    let mut sent = sent;
    for statement in &plan.statements {
        // A killed rebuild was rolled back by SQLite: none of it is ever there already.
        step.statement(db, batch, sent, &statement.sql, |_| Ok(Some(false)), |db| db.run(&statement.sql))?;
        sent += 1;
    }
    Ok(sent)
}

fn foreign_keys_are_on(db: &mut dyn Database) -> Result<bool, diesel::result::Error> {
    Ok(one_text(db, "SELECT CAST(foreign_keys AS TEXT) FROM pragma_foreign_keys")?.as_deref() == Some("1"))
}
