//! Dropping a foreign key.

use std::fmt;

use super::{ApplyError, CreateForeignKey, Dropped, Operation, missing, quoted, table_mut};
use crate::name::TableName;
use crate::schema::{ForeignKey, Schema};

/// Drops a foreign key. SQLite does it in `op.batch_alter_table` only. MySQL and MariaDB keep the index that they made for it,
/// under its name: another key may lean on it by now. `op.drop_index` drops it.
///
/// # Examples
///
/// ```
/// use rectify_schema::{build::*, dialect::MYSQL, ops::DropForeignKey};
///
/// let op = DropForeignKey::new("users", "fk_users_tenant");
/// assert_eq!(MYSQL.render(&op.into())?[0].sql, "ALTER TABLE users DROP FOREIGN KEY fk_users_tenant");
/// # Ok::<(), rectify_schema::Unsupported>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct DropForeignKey {
    /// The table.
    pub table: TableName,
    /// The constraint's name; empty as long as the naming convention has not found it by the definition.
    pub name: String,
    /// What it was, so that the operation can be reversed, and found where the database keeps no name.
    pub definition: Option<ForeignKey>,
    /// Do nothing where it does not exist (PostgreSQL, MariaDB, and a batch on SQLite).
    pub if_exists: bool,
}

impl DropForeignKey {
    /// Makes the operation, from the constraint's name or from what it is.
    pub fn new(table: impl Into<TableName>, what: impl Into<Dropped<ForeignKey>>) -> Self {
        let Dropped { name, definition } = what.into();
        Self { table: table.into(), name, definition, if_exists: false }
    }

    /// Says what it was, so that the operation can be reversed.
    pub fn definition(mut self, definition: ForeignKey) -> Self {
        self.definition = Some(definition);
        self
    }

    /// Does nothing where it does not exist (PostgreSQL, MariaDB, and a batch on SQLite).
    pub fn if_exists(mut self) -> Self {
        self.if_exists = true;
        self
    }

    pub(super) fn apply(&self, schema: &mut Schema) -> Result<(), ApplyError> {
        let table = table_mut(schema, &self.table)?;
        let at = table.foreign_keys.iter().position(|foreign_key| self.is(foreign_key));
        let Some(at) = at else {
            let what = format!("foreign key `{}` on `{}`", self.name, self.table);
            return if self.if_exists { Ok(()) } else { Err(missing(what)) };
        };
        drop(table.foreign_keys.remove(at));
        Ok(())
    }

    pub(super) fn reverse(&self) -> Result<Operation, &'static str> {
        let definition = self.definition.clone().filter(|key| !key.references.name.is_empty());
        let definition = definition.ok_or("it does not say what the foreign key was")?;
        Ok(CreateForeignKey::new(&self.table, definition).into())
    }

    fn is(&self, foreign_key: &ForeignKey) -> bool {
        match &foreign_key.name {
            Some(name) if !self.name.is_empty() => *name == self.name,
            _ => self.definition.as_ref().is_some_and(|definition| {
                definition.columns == foreign_key.columns && definition.references == foreign_key.references
            }),
        }
    }
}

impl fmt::Display for DropForeignKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "drop foreign key {}on `{}`", quoted(&self.name), self.table)
    }
}

#[cfg(test)]
mod tests {
    use super::super::laws;
    use super::*;

    #[test]
    fn reverse_restores_with_a_definition() {
        let foreign_key = laws::sample().tables[1].foreign_keys[0].clone();
        laws::restores(DropForeignKey::new("users", "fk_users_tenant").definition(foreign_key));
        laws::irreversible(DropForeignKey::new("users", "fk_users_tenant"), "does not say what the foreign key was");
    }

    #[test]
    fn a_missing_one_is_passed_over_if_told_so() {
        let mut schema = laws::sample();
        DropForeignKey::new("users", "nope").if_exists().apply(&mut schema).unwrap();
        assert_eq!(schema, laws::sample());
    }

    #[test]
    fn a_missing_one_is_refused() {
        laws::refused(DropForeignKey::new("users", "nope"), "there is no foreign key `nope` on `users`");
    }
}
