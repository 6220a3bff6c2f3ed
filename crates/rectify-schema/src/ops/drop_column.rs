//! Dropping a column.

use std::fmt;

use super::{AddColumn, ApplyError, Operation, missing, table_mut};
use crate::name::TableName;
use crate::schema::{Column, Exclude, Index, IndexColumn, IndexTarget, Schema, Table};
use crate::text::mentions;

/// Drops a column, with the keys, constraints and indexes that use it.
///
/// # Examples
///
/// ```
/// use rectify_schema::{build::*, dialect::MYSQL, ops::DropColumn};
///
/// let op = DropColumn::new("users", "age").definition(column("age", integer()));
/// assert_eq!(MYSQL.render(&op.into())?[0].sql, "ALTER TABLE users DROP COLUMN age");
/// # Ok::<(), rectify_schema::Unsupported>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct DropColumn {
    /// The table.
    pub table: TableName,
    /// The column's name.
    pub column: String,
    /// Do nothing where there is no such column (PostgreSQL, MariaDB).
    pub if_exists: bool,
    /// What the column was, so that the operation can be reversed.
    pub definition: Option<Column>,
}

impl DropColumn {
    /// Makes the operation.
    pub fn new(table: impl Into<TableName>, column: impl Into<String>) -> Self {
        Self { table: table.into(), column: column.into(), if_exists: false, definition: None }
    }

    /// Does nothing where there is no such column (PostgreSQL, MariaDB).
    pub fn if_exists(mut self) -> Self {
        self.if_exists = true;
        self
    }

    /// Says what the column was, so that the operation can be reversed.
    pub fn definition(mut self, definition: Column) -> Self {
        self.definition = Some(definition);
        self
    }

    pub(super) fn apply(&self, schema: &mut Schema) -> Result<(), ApplyError> {
        let table = table_mut(schema, &self.table)?;
        let Some(at) = table.columns.iter().position(|column| column.name == self.column) else {
            if self.if_exists {
                return Ok(());
            }
            return Err(missing(format!("column `{}`.`{}`", self.table, self.column)));
        };
        drop(table.columns.remove(at));
        drop_users(table, &self.column, self.definition.as_ref());
        Ok(())
    }

    pub(super) fn reverse(&self) -> Result<Operation, &'static str> {
        let definition = self.definition.clone().ok_or("it does not say what the column was")?;
        Ok(AddColumn::new(&self.table, definition).into())
    }
}

/// Drops what uses the column, as PostgreSQL does. The text of checks and expressions is searched for its name.
fn drop_users(table: &mut Table, column: &str, definition: Option<&Column>) {
    let uses = |columns: &[String]| columns.iter().any(|name| name == column);
    if table.primary_key.as_ref().is_some_and(|key| uses(&key.columns)) {
        table.primary_key = None;
    }
    table.uniques.retain(|unique| !uses(&unique.columns) && !uses(&unique.include));
    table.excludes.retain(|exclude| !exclude_uses(exclude, column));
    table.foreign_keys.retain(|key| !uses(&key.columns));
    table.indexes.retain(|index| !index_uses(index, column));
    let own = definition.and_then(|column| column.check.as_deref());
    table.checks.retain(|check| Some(check) != own && !mentions(&check.expression, column));
}

fn index_uses(index: &Index, column: &str) -> bool {
    index.columns.iter().any(|of| is_over(of, column))
        || index.include.iter().any(|name| name == column)
        || index.predicate.as_ref().is_some_and(|text| mentions(text, column))
}

fn exclude_uses(exclude: &Exclude, column: &str) -> bool {
    exclude.elements.iter().any(|element| is_over(&element.column, column))
        || exclude.predicate.as_ref().is_some_and(|text| mentions(text, column))
}

fn is_over(of: &IndexColumn, column: &str) -> bool {
    match &of.target {
        IndexTarget::Column(name) => name == column,
        IndexTarget::Expression(text) => mentions(text, column),
    }
}

impl fmt::Display for DropColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "drop column `{}`.`{}`", self.table, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::super::laws;
    use super::*;
    use crate::build::*;

    #[test]
    fn reverse_restores_with_a_definition() {
        // The last column, so that the order is the same again; its index is not the column's.
        let mut schema = laws::sample();
        let op = Operation::from(DropColumn::new("users", "age").definition(column("age", integer())));
        op.apply(&mut schema).unwrap();
        assert!(schema.table(&"users".into()).unwrap().indexes.is_empty());
        op.reverse().unwrap().apply(&mut schema).unwrap();
        let columns = |schema: &Schema| schema.table(&"users".into()).unwrap().columns.clone();
        assert_eq!(columns(&schema), columns(&laws::sample()));
        laws::irreversible(DropColumn::new("users", "age"), "does not say what the column was");
    }

    #[test]
    fn a_missing_column_is_refused() {
        laws::refused(DropColumn::new("users", "x"), "there is no column `users`.`x`");
        DropColumn::new("users", "x").if_exists().apply(&mut laws::sample()).unwrap();
    }
}
