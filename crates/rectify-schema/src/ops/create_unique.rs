//! Adding a unique constraint to a table.

use std::fmt;

use super::{ApplyError, DropUnique, Operation, exists, table_mut};
use crate::name::TableName;
use crate::schema::{Schema, Unique};

/// Adds a unique constraint to a table; fails where a row breaks it. SQLite does it in `op.batch_alter_table` only.
///
/// # Examples
///
/// ```
/// use rectify_schema::{build::*, dialect::POSTGRES, ops::CreateUnique};
///
/// let op = CreateUnique::new("users", unique("uq_users_email").on(["email"]));
/// assert_eq!(
///     POSTGRES.render(&op.into())?[0].sql,
///     "ALTER TABLE users ADD CONSTRAINT uq_users_email UNIQUE (email)"
/// );
/// # Ok::<(), rectify_schema::Unsupported>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct CreateUnique {
    /// The table.
    pub table: TableName,
    /// The unique constraint.
    pub unique: Unique,
}

impl CreateUnique {
    /// Makes the operation.
    pub fn new(table: impl Into<TableName>, unique: Unique) -> Self {
        Self { table: table.into(), unique }
    }

    pub(super) fn apply(&self, schema: &mut Schema) -> Result<(), ApplyError> {
        let table = table_mut(schema, &self.table)?;
        if self.unique.name.is_some() && table.uniques.iter().any(|other| other.name == self.unique.name) {
            let name = self.unique.name.as_deref().unwrap_or_default();
            return Err(exists(format!("a unique constraint `{name}` on `{}`", self.table)));
        }
        table.uniques.push(self.unique.clone());
        Ok(())
    }

    pub(super) fn reverse(&self) -> Result<Operation, &'static str> {
        let name = self
            .unique
            .name
            .as_ref()
            .ok_or("the database names the unique constraint, since the operation does not")?;
        Ok(DropUnique::new(&self.table, name).definition(self.unique.clone()).into())
    }
}

impl fmt::Display for CreateUnique {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("create unique constraint ")?;
        if let Some(name) = &self.unique.name {
            write!(f, "`{name}` ")?;
        }
        write!(f, "on `{}`", self.table)
    }
}

#[cfg(test)]
mod tests {
    use super::super::laws;
    use super::*;
    use crate::build::*;

    #[test]
    fn reverse_restores() {
        laws::restores(CreateUnique::new("users", unique("uq_new").on(["age"])));
        let unnamed = unique(None).on(["age"]);
        laws::irreversible(CreateUnique::new("users", unnamed), "the database names the unique constraint");
    }

    #[test]
    fn a_name_in_use_is_refused() {
        let again = laws::sample().tables[1].uniques[0].clone();
        laws::refused(
            CreateUnique::new("users", again),
            "there already is a unique constraint `uq_users_email` on `users`",
        );
    }
}
