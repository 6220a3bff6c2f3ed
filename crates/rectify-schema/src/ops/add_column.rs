//! Adding a column.

use std::fmt;

use super::{ApplyError, DropColumn, Operation, exists, table_mut};
use crate::name::TableName;
use crate::schema::{Column, Schema};

/// Adds a column at the end of a table, with its unique, foreign key and check if it has them.
///
/// # Examples
///
/// ```
/// use rectify_schema::{build::*, dialect::POSTGRES, ops::AddColumn};
///
/// let op = AddColumn::new("users", column("active", boolean()).not_null().server_default(true));
/// let statements = POSTGRES.render(&op.into())?;
/// assert_eq!(statements[0].sql, "ALTER TABLE users ADD COLUMN active BOOLEAN DEFAULT true NOT NULL");
/// # Ok::<(), rectify_schema::Unsupported>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct AddColumn {
    /// The table.
    pub table: TableName,
    /// The column.
    pub column: Column,
    /// Do nothing where the column exists (PostgreSQL, MariaDB).
    pub if_not_exists: bool,
}

impl AddColumn {
    /// Makes the operation.
    pub fn new(table: impl Into<TableName>, column: Column) -> Self {
        Self { table: table.into(), column, if_not_exists: false }
    }

    /// Does nothing where the column exists (PostgreSQL, MariaDB).
    pub fn if_not_exists(mut self) -> Self {
        self.if_not_exists = true;
        self
    }

    pub(super) fn apply(&self, schema: &mut Schema) -> Result<(), ApplyError> {
        let table = table_mut(schema, &self.table)?;
        if table.find_column(&self.column.name).is_some() {
            if self.if_not_exists {
                return Ok(());
            }
            return Err(exists(format!("a column `{}`.`{}`", self.table, self.column.name)));
        }
        table.add_column(self.column.clone());
        Ok(())
    }

    pub(super) fn reverse(&self) -> Result<Operation, &'static str> {
        Ok(DropColumn::new(&self.table, &self.column.name).definition(self.column.clone()).into())
    }
}

impl fmt::Display for AddColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "add column `{}`.`{}`", self.table, self.column.name)
    }
}

#[cfg(test)]
mod tests {
    use super::super::laws;
    use super::*;
    use crate::build::*;

    #[test]
    fn reverse_restores() {
        laws::restores(AddColumn::new("users", column("phone", text())));
        laws::restores(AddColumn::new(
            "users",
            column("phone", text()).unique().check(check("ck_phone", "phone <> ''")),
        ));
        let foreign_key = foreign_key("fk_boss").references("users", ["id"]);
        laws::restores(AddColumn::new("users", column("boss", bigint()).foreign_key(foreign_key)));
    }

    #[test]
    fn a_name_in_use_is_refused() {
        laws::refused(AddColumn::new("users", column("age", text())), "there already is a column `users`.`age`");
    }
}
