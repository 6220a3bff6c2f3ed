//! Creating a table.

use std::fmt;

use super::{ApplyError, DropTable, Operation, exists};
use crate::schema::{Schema, Table};

/// Creates a table with its keys, checks, indexes and comments.
///
/// # Examples
///
/// ```
/// use rectify_schema::{build::*, dialect::POSTGRES, ops::CreateTable};
///
/// let op = CreateTable::new(table("users").column(column("id", bigint()).primary_key()));
/// assert!(POSTGRES.render(&op.into())?[0].sql.starts_with("CREATE TABLE users ("));
/// # Ok::<(), rectify_schema::Unsupported>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct CreateTable {
    /// The table.
    pub table: Table,
}

impl CreateTable {
    /// Makes the operation.
    pub fn new(table: Table) -> Self {
        let if_not_exists = table.if_not_exists;
        Self { table: Table { if_not_exists, ..table.definition() } }
    }

    pub(super) fn apply(&self, schema: &mut Schema) -> Result<(), ApplyError> {
        if schema.table(&self.table.name).is_some() {
            if self.table.if_not_exists {
                return Ok(());
            }
            return Err(exists(format!("a table `{}`", self.table.name)));
        }
        schema.tables.push(Table { with_enums: false, ..self.table.definition() });
        Ok(())
    }

    pub(super) fn reverse(&self) -> Result<Operation, &'static str> {
        Ok(DropTable::new(&self.table.name).definition(self.table.definition()).into())
    }
}

impl From<Table> for CreateTable {
    fn from(table: Table) -> Self {
        Self::new(table)
    }
}

impl fmt::Display for CreateTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "create table `{}`", self.table.name)
    }
}

#[cfg(test)]
mod tests {
    use super::super::laws;
    use super::*;
    use crate::build::*;

    #[test]
    fn reverse_restores() {
        laws::restores(CreateTable::new(table("new").column(column("id", bigint()).primary_key().unique())));
    }

    #[test]
    fn an_existing_table_is_refused() {
        laws::refused(CreateTable::new(table("users")), "there already is a table `users`");
        let mut schema = laws::sample();
        CreateTable::new(table("users").if_not_exists()).apply(&mut schema).unwrap();
        assert_eq!(schema, laws::sample());
    }
}
