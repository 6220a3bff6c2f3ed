//! Operations on tables, and on what belongs to one.

use rectify_schema::ops::{
    AddColumn, AlterColumn, ColumnChange, CreateCheck, CreateExclude, CreateForeignKey, CreateIndex, CreatePrimaryKey,
    CreateTable, CreateUnique, DropCheck, DropColumn, DropExclude, DropForeignKey, DropIndex, DropPrimaryKey,
    DropTable, DropUnique, Dropped, RenameTable, SetTableComment, SetTableOptions, alter,
};
use rectify_schema::{Check, Column, Exclude, ForeignKey, Index, PrimaryKey, Table, TableName, TableOptions, Unique};

use super::Op;
use crate::database::Database;
use crate::error::Result;

impl<C: Database> Op<'_, C> {
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
}
