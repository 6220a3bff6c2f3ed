//! Changing a column.

use std::fmt;

use super::{ApplyError, Operation, exists, missing, table_mut};
use crate::name::TableName;
use crate::schema::{Column, ColumnType, DefaultValue, Identity, Index, IndexColumn, IndexTarget, Schema, Table};
use crate::text::replace_identifier;

/// Changes a column: its type, nullability, default, identity, comment or name, several of them at once if need be.
///
/// MySQL and MariaDB restate the whole column, and what is not restated is lost. So they refuse most changes until
/// `existing` says what the column is now; a runner fills it in from the catalog. SQLite renames columns and no more:
/// the rest is for `op.batch_alter_table`.
///
/// # Examples
///
/// ```
/// use rectify_schema::{build::*, dialect::POSTGRES, ops::AlterColumn};
///
/// let op = AlterColumn::new("users", alter("email").set_type(varchar(320)).using("lower(email)").set_not_null());
/// let statements = POSTGRES.render(&op.into())?;
/// assert_eq!(statements[0].sql, "ALTER TABLE users ALTER COLUMN email TYPE VARCHAR(320) USING lower(email)");
/// assert_eq!(statements[1].sql, "ALTER TABLE users ALTER COLUMN email SET NOT NULL");
/// # Ok::<(), rectify_schema::Unsupported>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct AlterColumn {
    /// The table.
    pub table: TableName,
    /// What changes.
    pub change: ColumnChange,
    /// What the column is before the change.
    pub existing: Option<Column>,
    /// How the new values become values of the old type again, for the reverse (PostgreSQL).
    pub using_back: Option<String>,
}

/// What changes in a column. Made by [`alter`].
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct ColumnChange {
    /// The column's name before the change.
    pub column: String,
    /// The new type.
    pub column_type: Option<ColumnType>,
    /// The new collation, or that of the table.
    pub collation: Change<String>,
    /// Whether it may be `NULL` from now on.
    pub nullable: Option<bool>,
    /// The new default, or none.
    pub default: Change<DefaultValue>,
    /// The new numbering, or none.
    pub identity: Change<Identity>,
    /// The new comment, or none.
    pub comment: Change<String>,
    /// The new name.
    pub rename_to: Option<String>,
    /// How the old values become values of the new type (PostgreSQL).
    pub using: Option<String>,
}

/// What happens to something that may be absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Change<T> {
    /// It stays as it is.
    #[default]
    Keep,
    /// It is removed.
    Drop,
    /// It is set.
    Set(T),
}

/// Begins a change to a column.
///
/// # Examples
///
/// ```
/// use rectify_schema::build::*;
///
/// let change = alter("email").set_type(varchar(320)).set_not_null().drop_default().rename_to("mail");
/// # let _ = change;
/// ```
pub fn alter(column: impl Into<String>) -> ColumnChange {
    ColumnChange {
        column: column.into(),
        column_type: None,
        collation: Change::Keep,
        nullable: None,
        default: Change::Keep,
        identity: Change::Keep,
        comment: Change::Keep,
        rename_to: None,
        using: None,
    }
}

impl AlterColumn {
    /// Makes the operation.
    pub fn new(table: impl Into<TableName>, change: ColumnChange) -> Self {
        Self { table: table.into(), change, existing: None, using_back: None }
    }

    /// Says what the column is before the change.
    pub fn existing(mut self, column: Column) -> Self {
        self.existing = Some(column);
        self
    }

    /// Says how the new values become values of the old type again, for the reverse (PostgreSQL).
    pub fn using_back(mut self, expression: impl Into<String>) -> Self {
        self.using_back = Some(expression.into());
        self
    }

    pub(super) fn apply(&self, schema: &mut Schema) -> Result<(), ApplyError> {
        let table = table_mut(schema, &self.table)?;
        let Some(column) = table.find_column_mut(&self.change.column) else {
            return Err(missing(format!("column `{}`.`{}`", self.table, self.change.column)));
        };
        *column = self.change.apply_to(column);
        if let Some(new) = &self.change.rename_to
            && *new != self.change.column
        {
            if table.columns.iter().filter(|column| column.name == *new).count() > 1 {
                return Err(exists(format!("a column `{}`.`{new}`", self.table)));
            }
            rename_in_table(table, &self.change.column, new);
            rename_in_references(schema, &self.table, &self.change.column, new);
        }
        Ok(())
    }

    pub(super) fn reverse(&self) -> Result<Operation, &'static str> {
        let mut back = alter(self.change.rename_to.as_ref().unwrap_or(&self.change.column));
        back.rename_to = self.change.rename_to.as_ref().map(|_| self.change.column.clone());
        if self.change.is_only_rename() {
            return Ok(Self::new(&self.table, back).into());
        }
        let existing = self.existing.as_ref().ok_or("it does not say what the column was")?;
        back.column_type = self.change.column_type.as_ref().map(|_| existing.column_type.clone());
        back.collation = self.change.collation.back_to(existing.collation.as_ref());
        back.nullable = self.change.nullable.map(|_| existing.nullable);
        back.default = self.change.default.back_to(existing.default.as_ref());
        back.identity = self.change.identity.back_to(existing.identity.as_ref());
        back.comment = self.change.comment.back_to(existing.comment.as_ref());
        back.using.clone_from(&self.using_back);
        let existing = self.change.apply_to(existing);
        Ok(Self { using_back: self.change.using.clone(), ..Self::new(&self.table, back).existing(existing) }.into())
    }
}

impl ColumnChange {
    /// Changes the type.
    pub fn set_type(mut self, column_type: ColumnType) -> Self {
        self.column_type = Some(column_type);
        self
    }

    /// Changes the collation.
    pub fn collate(mut self, collation: impl Into<String>) -> Self {
        self.collation = Change::Set(collation.into());
        self
    }

    /// Sorts and compares by the collation of the table again.
    pub fn drop_collation(mut self) -> Self {
        self.collation = Change::Drop;
        self
    }

    /// Refuses `NULL` from now on; fails where a row holds one.
    pub fn set_not_null(mut self) -> Self {
        self.nullable = Some(false);
        self
    }

    /// Allows `NULL` from now on.
    pub fn drop_not_null(mut self) -> Self {
        self.nullable = Some(true);
        self
    }

    /// Sets the default; rows that exist keep their values.
    pub fn set_default(mut self, default: impl Into<DefaultValue>) -> Self {
        self.default = Change::Set(default.into());
        self
    }

    /// Removes the default.
    pub fn drop_default(mut self) -> Self {
        self.default = Change::Drop;
        self
    }

    /// Lets the database number the rows from now on.
    pub fn set_identity(mut self, identity: Identity) -> Self {
        self.identity = Change::Set(identity);
        self
    }

    /// Ends the numbering.
    pub fn drop_identity(mut self) -> Self {
        self.identity = Change::Drop;
        self
    }

    /// Renames the column.
    pub fn rename_to(mut self, name: impl Into<String>) -> Self {
        self.rename_to = Some(name.into());
        self
    }

    /// Sets the comment; SQLite has none.
    pub fn comment(mut self, comment: impl Into<String>) -> Self {
        self.comment = Change::Set(comment.into());
        self
    }

    /// Removes the comment.
    pub fn drop_comment(mut self) -> Self {
        self.comment = Change::Drop;
        self
    }

    /// Says how old values become values of the new type (PostgreSQL; the others convert by their own rules).
    pub fn using(mut self, expression: impl Into<String>) -> Self {
        self.using = Some(expression.into());
        self
    }

    /// Tells whether nothing but the name changes.
    #[must_use]
    pub fn is_only_rename(&self) -> bool {
        let bare = Self { rename_to: self.rename_to.clone(), ..alter(&self.column) };
        self.rename_to.is_some() && *self == bare
    }

    /// Gives the column as it is after the change.
    pub fn apply_to(&self, column: &Column) -> Column {
        Column {
            name: self.rename_to.as_ref().unwrap_or(&column.name).clone(),
            column_type: self.column_type.as_ref().unwrap_or(&column.column_type).clone(),
            collation: self.collation.apply_to(column.collation.as_ref()),
            nullable: self.nullable.unwrap_or(column.nullable),
            default: self.default.apply_to(column.default.as_ref()),
            identity: self.identity.apply_to(column.identity.as_ref()),
            comment: self.comment.apply_to(column.comment.as_ref()),
            ..column.clone()
        }
    }
}

impl<T: Clone> Change<T> {
    /// Gives the value after the change.
    #[must_use]
    pub fn apply_to(&self, before: Option<&T>) -> Option<T> {
        match self {
            Self::Keep => before.cloned(),
            Self::Drop => None,
            Self::Set(value) => Some(value.clone()),
        }
    }

    /// Tells whether nothing changes.
    #[must_use]
    pub const fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }

    fn back_to(&self, before: Option<&T>) -> Self {
        match (self, before) {
            (Self::Keep, _) => Self::Keep,
            (Self::Drop | Self::Set(_), None) => Self::Drop,
            (Self::Drop | Self::Set(_), Some(before)) => Self::Set(before.clone()),
        }
    }
}

fn rename_in_table(table: &mut Table, old: &str, new: &str) {
    if let Some(key) = &mut table.primary_key {
        rename_in_list(&mut key.columns, old, new);
    }
    for unique in &mut table.uniques {
        rename_in_list(&mut unique.columns, old, new);
        rename_in_list(&mut unique.include, old, new);
    }
    for foreign_key in &mut table.foreign_keys {
        rename_in_list(&mut foreign_key.columns, old, new);
        rename_in_list(&mut foreign_key.on_delete_columns, old, new);
    }
    for exclude in &mut table.excludes {
        exclude.elements.iter_mut().for_each(|element| rename_in_index_column(&mut element.column, old, new));
        if let Some(text) = &mut exclude.predicate {
            *text = replace_identifier(text, old, new);
        }
    }
    for check in &mut table.checks {
        check.expression = replace_identifier(&check.expression, old, new);
    }
    for generated in table.columns.iter_mut().filter_map(|column| column.generated.as_mut()) {
        generated.expression = replace_identifier(&generated.expression, old, new);
    }
    for index in &mut table.indexes {
        rename_in_index(index, old, new);
    }
}

fn rename_in_index(index: &mut Index, old: &str, new: &str) {
    rename_in_list(&mut index.include, old, new);
    index.columns.iter_mut().for_each(|column| rename_in_index_column(column, old, new));
    for text in index.predicate.iter_mut().chain(index.sql.iter_mut()) {
        *text = replace_identifier(text, old, new);
    }
}

fn rename_in_index_column(column: &mut IndexColumn, old: &str, new: &str) {
    match &mut column.target {
        IndexTarget::Column(name) if name == old => new.clone_into(name),
        IndexTarget::Column(_) => {}
        IndexTarget::Expression(text) => *text = replace_identifier(text, old, new),
    }
}

fn rename_in_references(schema: &mut Schema, table: &TableName, old: &str, new: &str) {
    for foreign_key in schema.tables.iter_mut().flat_map(|table| &mut table.foreign_keys) {
        if foreign_key.references == *table {
            rename_in_list(&mut foreign_key.referenced_columns, old, new);
        }
    }
}

fn rename_in_list(names: &mut [String], old: &str, new: &str) {
    for name in names.iter_mut().filter(|name| *name == old) {
        new.clone_into(name);
    }
}

impl fmt::Display for AlterColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.change.rename_to {
            Some(to) if self.change.is_only_rename() => {
                write!(f, "rename column `{}`.`{}` to `{to}`", self.table, self.change.column)
            }
            _ => write!(f, "alter column `{}`.`{}`", self.table, self.change.column),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::laws;
    use super::*;
    use crate::build::*;

    #[track_caller]
    fn restores(change: ColumnChange) {
        let existing = laws::sample().table(&"users".into()).unwrap().find_column(&change.column).unwrap().clone();
        laws::restores(AlterColumn::new("users", change).existing(existing));
    }

    #[test]
    fn reverse_restores() {
        restores(alter("email").set_type(text()));
        restores(alter("email").collate("C"));
        restores(alter("email").drop_not_null());
        restores(alter("email").drop_default());
        restores(alter("age").set_default(18).set_not_null());
        restores(alter("age").comment("in years"));
        restores(alter("id").drop_identity());
        restores(alter("age").set_type(bigint()).set_not_null().set_default(1).comment("x").rename_to("years"));
        laws::restores(AlterColumn::new("users", alter("age").rename_to("years")));
        laws::irreversible(AlterColumn::new("users", alter("age").set_not_null()), "does not say what the column was");
    }

    #[test]
    fn a_rename_reaches_keys_checks_and_references() {
        let mut schema = laws::sample();
        AlterColumn::new("users", alter("age").rename_to("years")).apply(&mut schema).unwrap();
        AlterColumn::new("tenants", alter("id").rename_to("key")).apply(&mut schema).unwrap();
        let users = schema.table(&"users".into()).unwrap();
        assert_eq!(users.checks[0].expression, "years > 0");
        assert_eq!(users.indexes[0].columns, ["years".into()]);
        assert_eq!(users.foreign_keys[0].referenced_columns, ["key"]);
        assert!(schema.table(&"tenants".into()).unwrap().is_sole_key("key"));
    }

    #[test]
    fn a_missing_column_and_a_name_in_use_are_refused() {
        laws::refused(AlterColumn::new("users", alter("x").set_not_null()), "there is no column `users`.`x`");
        let clash = AlterColumn::new("users", alter("age").rename_to("email"));
        laws::refused(clash, "there already is a column `users`.`email`");
    }
}
