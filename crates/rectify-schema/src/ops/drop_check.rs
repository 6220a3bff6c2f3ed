//! Dropping a check.

use std::fmt;

use super::{ApplyError, CreateCheck, Dropped, Operation, missing, quoted, table_mut};
use crate::name::TableName;
use crate::schema::{Check, Schema};

/// Drops a check. SQLite does it in `op.batch_alter_table` only.
///
/// # Examples
///
/// ```
/// use rectify_schema::{build::*, dialect::MYSQL, ops::DropCheck};
///
/// let op = DropCheck::new("users", "ck_users_age");
/// assert_eq!(MYSQL.render(&op.into())?[0].sql, "ALTER TABLE users DROP CHECK ck_users_age");
/// # Ok::<(), rectify_schema::Unsupported>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct DropCheck {
    /// The table.
    pub table: TableName,
    /// The constraint's name; empty as long as the naming convention has not found it by the definition.
    pub name: String,
    /// What it was, so that the operation can be reversed, and found where the database keeps no name.
    pub definition: Option<Check>,
    /// Do nothing where it does not exist (PostgreSQL, MariaDB, and a batch on SQLite).
    pub if_exists: bool,
}

impl DropCheck {
    /// Makes the operation, from the constraint's name or from what it is.
    pub fn new(table: impl Into<TableName>, what: impl Into<Dropped<Check>>) -> Self {
        let Dropped { name, definition } = what.into();
        Self { table: table.into(), name, definition, if_exists: false }
    }

    /// Says what it was, so that the operation can be reversed.
    pub fn definition(mut self, definition: Check) -> Self {
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
        let at = table.checks.iter().position(|check| self.is(check));
        let Some(at) = at else {
            let what = format!("check `{}` on `{}`", self.name, self.table);
            return if self.if_exists { Ok(()) } else { Err(missing(what)) };
        };
        drop(table.checks.remove(at));
        Ok(())
    }

    pub(super) fn reverse(&self) -> Result<Operation, &'static str> {
        let definition = self.definition.clone().ok_or("it does not say what the check was")?;
        Ok(CreateCheck::new(&self.table, definition).into())
    }

    fn is(&self, check: &Check) -> bool {
        match &check.name {
            Some(name) if !self.name.is_empty() => *name == self.name,
            _ => self.definition.as_ref().is_some_and(|definition| definition.expression == check.expression),
        }
    }
}

impl fmt::Display for DropCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "drop check {}on `{}`", quoted(&self.name), self.table)
    }
}

#[cfg(test)]
mod tests {
    use super::super::laws;
    use super::*;

    #[test]
    fn reverse_restores_with_a_definition() {
        let check = laws::sample().tables[1].checks[0].clone();
        laws::restores(DropCheck::new("users", "ck_users_age").definition(check));
        laws::irreversible(DropCheck::new("users", "ck_users_age"), "does not say what the check was");
    }

    #[test]
    fn a_missing_one_is_passed_over_if_told_so() {
        let mut schema = laws::sample();
        DropCheck::new("users", "nope").if_exists().apply(&mut schema).unwrap();
        assert_eq!(schema, laws::sample());
    }

    #[test]
    fn a_missing_one_is_refused() {
        laws::refused(DropCheck::new("users", "nope"), "there is no check `nope` on `users`");
    }
}
