//! Dropping a table.

use std::fmt;

use super::{ApplyError, CreateTable, Operation, missing};
use crate::name::TableName;
use crate::schema::{Schema, Table};

/// Drops a table and its rows.
///
/// # Examples
///
/// ```
/// use rectify_schema::{Operation, build::*, ops::DropTable};
///
/// let bare = Operation::from(DropTable::new("users").if_exists());
/// assert!(bare.reverse().is_err());
/// let whole = Operation::from(DropTable::from(table("users").column(column("id", bigint()).primary_key())));
/// assert_eq!(whole.reverse().unwrap().to_string(), "create table `users`");
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct DropTable {
    /// The table's name.
    pub table: TableName,
    /// Do nothing where there is no such table.
    pub if_exists: bool,
    /// What the table was, so that the operation can be reversed.
    pub definition: Option<Table>,
}

impl DropTable {
    /// Makes the operation.
    pub fn new(table: impl Into<TableName>) -> Self {
        Self { table: table.into(), if_exists: false, definition: None }
    }

    /// Does nothing where there is no such table.
    pub fn if_exists(mut self) -> Self {
        self.if_exists = true;
        self
    }

    /// Says what the table was, so that the operation can be reversed.
    pub fn definition(mut self, definition: Table) -> Self {
        self.definition = Some(definition);
        self
    }

    pub(super) fn apply(&self, schema: &mut Schema) -> Result<(), ApplyError> {
        let before = schema.tables.len();
        schema.tables.retain(|table| table.name != self.table);
        if schema.tables.len() == before && !self.if_exists {
            return Err(missing(format!("table `{}`", self.table)));
        }
        // What is on a table goes with it.
        schema.objects.retain(|object| object.kind.on() != Some(&self.table));
        Ok(())
    }

    pub(super) fn reverse(&self) -> Result<Operation, &'static str> {
        let definition = self.definition.clone().ok_or("it does not say what the table was")?;
        Ok(CreateTable::new(definition).into())
    }
}

impl From<&str> for DropTable {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl From<(&str, &str)> for DropTable {
    fn from(name: (&str, &str)) -> Self {
        Self::new(name)
    }
}

impl From<TableName> for DropTable {
    fn from(name: TableName) -> Self {
        Self::new(name)
    }
}

impl From<Table> for DropTable {
    fn from(table: Table) -> Self {
        Self::new(&table.name).definition(table)
    }
}

impl fmt::Display for DropTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "drop table `{}`", self.table)
    }
}

#[cfg(test)]
mod tests {
    use super::super::laws;
    use super::*;
    use crate::build::*;

    #[test]
    fn reverse_restores_with_a_definition() {
        let users = laws::sample().table(&"users".into()).unwrap().clone();
        laws::restores(DropTable::from(users));
        laws::irreversible(DropTable::new("users"), "does not say what the table was");
    }

    #[test]
    fn its_triggers_and_policies_go_with_it() {
        let mut schema = laws::sample();
        let on = |table: &str| [trigger("t", table, "…"), policy("p", table, "…")];
        schema.objects.extend(on("users").into_iter().chain(on("tenants")));
        DropTable::new("users").apply(&mut schema).unwrap();
        let left: Vec<_> = schema.objects.iter().map(ToString::to_string).collect();
        assert_eq!(left, ["view `adults`", "trigger `t` on table `tenants`", "policy `p` on table `tenants`"]);
    }

    #[test]
    fn a_missing_table_is_refused() {
        laws::refused(DropTable::new("nope"), "there is no table `nope`");
        DropTable::new("nope").if_exists().apply(&mut laws::sample()).unwrap();
    }
}
