//! Giving a table a primary key.

use std::fmt;

use super::{ApplyError, DropPrimaryKey, Operation, exists, table_mut};
use crate::name::TableName;
use crate::schema::{PrimaryKey, Schema};

/// Gives a table that has none a primary key. SQLite does it in `op.batch_alter_table` only.
///
/// # Examples
///
/// ```
/// use rectify_schema::{build::*, dialect::POSTGRES, ops::CreatePrimaryKey};
///
/// let op = CreatePrimaryKey::new("users", primary_key("pk_users").on(["id"]));
/// assert_eq!(POSTGRES.render(&op.into())?[0].sql, "ALTER TABLE users ADD CONSTRAINT pk_users PRIMARY KEY (id)");
/// # Ok::<(), rectify_schema::Unsupported>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct CreatePrimaryKey {
    /// The table.
    pub table: TableName,
    /// The primary key.
    pub primary_key: PrimaryKey,
}

impl CreatePrimaryKey {
    /// Makes the operation.
    pub fn new(table: impl Into<TableName>, primary_key: PrimaryKey) -> Self {
        Self { table: table.into(), primary_key }
    }

    pub(super) fn apply(&self, schema: &mut Schema) -> Result<(), ApplyError> {
        let table = table_mut(schema, &self.table)?;
        if table.primary_key.is_some() {
            return Err(exists(format!("a primary key on `{}`", self.table)));
        }
        table.set_primary_key(self.primary_key.clone());
        Ok(())
    }

    pub(super) fn reverse(&self) -> Result<Operation, &'static str> {
        let drop = DropPrimaryKey::new(&self.table).definition(self.primary_key.clone());
        Ok(DropPrimaryKey { name: self.primary_key.name.clone(), ..drop }.into())
    }
}

impl fmt::Display for CreatePrimaryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "create primary key on `{}`", self.table)
    }
}

#[cfg(test)]
mod tests {
    use super::super::laws;
    use super::*;
    use crate::build::*;

    #[test]
    fn reverse_takes_the_key_away_again() {
        // The columns stay NOT NULL, as they do in the databases, so the law holds from a table with such columns.
        let mut schema = laws::sample();
        DropPrimaryKey::new("users").apply(&mut schema).unwrap();
        let before = schema.clone();
        let op = Operation::from(CreatePrimaryKey::new("users", primary_key("pk_users").on(["id"])));
        op.apply(&mut schema).unwrap();
        assert_ne!(schema, before);
        op.reverse().unwrap().apply(&mut schema).unwrap();
        assert_eq!(schema, before);
    }

    #[test]
    fn a_second_key_is_refused() {
        let op = CreatePrimaryKey::new("users", primary_key("pk").on(["email"]));
        laws::refused(op, "there already is a primary key on `users`");
    }
}
