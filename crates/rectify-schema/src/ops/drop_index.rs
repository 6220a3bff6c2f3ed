//! Dropping an index.

use std::fmt;

use super::{ApplyError, CreateIndex, Dropped, Operation, missing, quoted};
use crate::name::TableName;
use crate::schema::{Index, Schema};

/// Drops an index. MySQL and MariaDB need its table; PostgreSQL and SQLite need the table's schema at most.
///
/// # Examples
///
/// ```
/// use rectify_schema::{build::*, dialect::{MYSQL, POSTGRES}, ops::DropIndex};
///
/// let op = DropIndex::new("ix_users_email").on("users").into();
/// assert_eq!(POSTGRES.render(&op)?[0].sql, "DROP INDEX ix_users_email");
/// assert_eq!(MYSQL.render(&op)?[0].sql, "DROP INDEX ix_users_email ON users");
/// # Ok::<(), rectify_schema::Unsupported>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct DropIndex {
    /// The index's name; empty as long as the naming convention has not found it by the definition.
    pub name: String,
    /// The table it is on.
    pub table: Option<TableName>,
    /// Do nothing where there is no such index (not on MySQL).
    pub if_exists: bool,
    /// Drop without locking the table (PostgreSQL, outside a transaction); the others ignore it.
    pub concurrently: bool,
    /// What the index was, so that the operation can be reversed.
    pub definition: Option<Index>,
}

impl DropIndex {
    /// Makes the operation, from the index's name or from what it is.
    pub fn new(what: impl Into<Dropped<Index>>) -> Self {
        let Dropped { name, definition } = what.into();
        Self { name, table: None, if_exists: false, concurrently: false, definition }
    }

    /// Says which table it is on.
    pub fn on(mut self, table: impl Into<TableName>) -> Self {
        self.table = Some(table.into());
        self
    }

    /// Does nothing where there is no such index (not on MySQL).
    pub fn if_exists(mut self) -> Self {
        self.if_exists = true;
        self
    }

    /// Drops without locking the table (PostgreSQL, outside a transaction); the others ignore it.
    pub fn concurrently(mut self) -> Self {
        self.concurrently = true;
        self
    }

    /// Says what the index was, so that the operation can be reversed.
    pub fn definition(mut self, definition: Index) -> Self {
        self.definition = Some(definition);
        self
    }

    pub(super) fn apply(&self, schema: &mut Schema) -> Result<(), ApplyError> {
        let mut found = false;
        for table in &mut schema.tables {
            if self.table.as_ref().is_none_or(|name| table.name == *name) {
                let before = table.indexes.len();
                table.indexes.retain(|index| index.name != self.name);
                found |= table.indexes.len() < before;
            }
        }
        if found || self.if_exists { Ok(()) } else { Err(missing(format!("index `{}`", self.name))) }
    }

    pub(super) fn reverse(&self) -> Result<Operation, &'static str> {
        let definition = self.definition.clone().ok_or("it does not say what the index was")?;
        Ok(CreateIndex::new(Index { concurrently: self.concurrently, ..definition }).into())
    }
}

impl From<&str> for DropIndex {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl From<Index> for DropIndex {
    fn from(index: Index) -> Self {
        Self { concurrently: index.concurrently, ..Self::new(&index.name).on(&index.table).definition(index) }
    }
}

impl fmt::Display for DropIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "drop index {}", quoted(&self.name).trim_end())?;
        self.table.as_ref().map_or(Ok(()), |table| write!(f, " on `{table}`"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::laws;
    use super::*;
    use crate::build::*;

    #[test]
    fn reverse_restores_with_a_definition() {
        laws::restores(DropIndex::from(index("ix_users_age").on("users", ["age"])));
        laws::irreversible(DropIndex::new("ix_users_age"), "does not say what the index was");
    }

    #[test]
    fn a_missing_index_is_refused() {
        laws::refused(DropIndex::new("nope"), "there is no index `nope`");
        laws::refused(DropIndex::new("ix_users_age").on("tenants"), "there is no index `ix_users_age`");
        DropIndex::new("nope").if_exists().apply(&mut laws::sample()).unwrap();
    }
}
