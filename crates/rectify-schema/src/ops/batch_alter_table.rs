//! Several changes to one table at once.

use std::fmt;

use super::{ApplyError, Operation};
use crate::name::TableName;
use crate::schema::Schema;

/// Changes a table in several ways at once: SQLite copies it once for all of them, the other databases alter it one by one.
///
/// Only a runner can copy a table, for it knows what the table is; see [`crate::batch`]. Here SQLite renders what its
/// `ALTER TABLE` can do.
///
/// # Examples
///
/// ```
/// use rectify_schema::{build::*, dialect::POSTGRES, ops::{AlterColumn, BatchAlterTable, DropColumn}};
///
/// let email = AlterColumn::new("users", alter("email").set_not_null());
/// let op = BatchAlterTable::new("users", [email.into(), DropColumn::new("users", "age").into()]);
/// let statements = POSTGRES.render(&op.into())?;
/// assert_eq!(statements[0].sql, "ALTER TABLE users ALTER COLUMN email SET NOT NULL");
/// assert_eq!(statements[1].sql, "ALTER TABLE users DROP COLUMN age");
/// # Ok::<(), rectify_schema::Unsupported>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct BatchAlterTable {
    /// The table.
    pub table: TableName,
    /// The changes, each to this table, in order.
    pub changes: Vec<Operation>,
}

impl BatchAlterTable {
    /// Makes the operation.
    pub fn new(table: impl Into<TableName>, changes: impl IntoIterator<Item = Operation>) -> Self {
        Self { table: table.into(), changes: changes.into_iter().collect() }
    }

    pub(super) fn apply(&self, schema: &mut Schema) -> Result<(), ApplyError> {
        self.changes.iter().try_for_each(|change| change.apply(schema))
    }

    pub(super) fn reverse(&self) -> Result<Operation, &'static str> {
        let changes: Result<Vec<_>, _> = self.changes.iter().rev().map(Operation::reverse).collect();
        let changes = changes.map_err(|_| "one of its changes has no reverse")?;
        Ok(Self::new(&self.table, changes).into())
    }
}

impl fmt::Display for BatchAlterTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "alter table `{}` (", self.table)?;
        for (index, change) in self.changes.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{change}")?;
        }
        f.write_str(")")
    }
}

#[cfg(test)]
mod tests {
    use super::super::{AlterColumn, CreateIndex, DropColumn, laws};
    use super::*;
    use crate::build::*;

    #[test]
    fn reverse_restores_all_changes() {
        let email = laws::sample().table(&"users".into()).unwrap().find_column("email").unwrap().clone();
        laws::restores(BatchAlterTable::new(
            "users",
            [
                AlterColumn::new("users", alter("email").drop_not_null()).existing(email).into(),
                CreateIndex::new(index("ix_users_email").on("users", ["email"])).into(),
            ],
        ));
        laws::irreversible(
            BatchAlterTable::new("users", [DropColumn::new("users", "age").into()]),
            "one of its changes has no reverse",
        );
    }

    #[test]
    fn a_change_that_does_not_fit_is_refused() {
        let drop = DropColumn::new("users", "x").into();
        laws::refused(BatchAlterTable::new("users", [drop]), "there is no column `users`.`x`");
    }
}
