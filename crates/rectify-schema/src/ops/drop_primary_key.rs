//! Taking a table's primary key away.

use std::fmt;

use super::{ApplyError, CreatePrimaryKey, Dropped, Operation, missing, table_mut};
use crate::name::TableName;
use crate::schema::{PrimaryKey, Schema};

/// Takes a table's primary key away; the columns stay `NOT NULL`. SQLite does it in `op.batch_alter_table` only.
///
/// PostgreSQL needs the constraint's name, and calls it `<table>_pkey` where nobody named it; that is assumed if none is given.
///
/// # Examples
///
/// ```
/// use rectify_schema::{build::*, dialect::{MYSQL, POSTGRES}, ops::DropPrimaryKey};
///
/// let op = DropPrimaryKey::new("users").into();
/// assert_eq!(POSTGRES.render(&op)?[0].sql, "ALTER TABLE users DROP CONSTRAINT users_pkey");
/// assert_eq!(MYSQL.render(&op)?[0].sql, "ALTER TABLE users DROP PRIMARY KEY");
/// # Ok::<(), rectify_schema::Unsupported>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct DropPrimaryKey {
    /// The table.
    pub table: TableName,
    /// The constraint's name, which only PostgreSQL asks for.
    pub name: Option<String>,
    /// What the key was, so that the operation can be reversed.
    pub definition: Option<PrimaryKey>,
    /// Do nothing where there is none (PostgreSQL, and a batch on SQLite).
    pub if_exists: bool,
}

impl DropPrimaryKey {
    /// Makes the operation.
    pub fn new(table: impl Into<TableName>) -> Self {
        Self { table: table.into(), name: None, definition: None, if_exists: false }
    }

    /// Names the constraint, or says what it is.
    pub fn named(mut self, what: impl Into<Dropped<PrimaryKey>>) -> Self {
        let Dropped { name, definition } = what.into();
        self.name = Some(name).filter(|name| !name.is_empty() || definition.is_none());
        self.definition = definition.or(self.definition);
        self
    }

    /// Says what the key was, so that the operation can be reversed.
    pub fn definition(mut self, definition: PrimaryKey) -> Self {
        self.definition = Some(definition);
        self
    }

    /// Does nothing where there is none (PostgreSQL, and a batch on SQLite).
    pub fn if_exists(mut self) -> Self {
        self.if_exists = true;
        self
    }

    pub(super) fn apply(&self, schema: &mut Schema) -> Result<(), ApplyError> {
        let table = table_mut(schema, &self.table)?;
        if table.primary_key.take().is_none() && !self.if_exists {
            return Err(missing(format!("primary key on `{}`", self.table)));
        }
        Ok(())
    }

    pub(super) fn reverse(&self) -> Result<Operation, &'static str> {
        let definition = self.definition.clone().ok_or("it does not say what the primary key was")?;
        Ok(CreatePrimaryKey::new(&self.table, definition).into())
    }
}

impl fmt::Display for DropPrimaryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "drop primary key on `{}`", self.table)
    }
}

#[cfg(test)]
mod tests {
    use super::super::laws;
    use super::*;

    #[test]
    fn reverse_restores_with_a_definition() {
        let key = laws::sample().tables[1].primary_key.clone().unwrap();
        laws::restores(DropPrimaryKey::new("users").definition(key));
        laws::irreversible(DropPrimaryKey::new("users"), "does not say what the primary key was");
    }

    #[test]
    fn a_table_without_one_is_refused() {
        let mut schema = laws::sample();
        DropPrimaryKey::new("users").apply(&mut schema).unwrap();
        DropPrimaryKey::new("users").if_exists().apply(&mut schema).unwrap();
        let error = DropPrimaryKey::new("users").apply(&mut schema).unwrap_err();
        assert_eq!(error.to_string(), "there is no primary key on `users`");
    }
}
