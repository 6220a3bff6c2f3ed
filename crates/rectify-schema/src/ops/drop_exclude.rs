//! Dropping an exclusion constraint.

use std::fmt;

use super::{ApplyError, CreateExclude, Dropped, Operation, missing, quoted, table_mut};
use crate::name::TableName;
use crate::schema::{Exclude, Schema};

/// Drops an exclusion constraint (PostgreSQL).
///
/// # Examples
///
/// ```
/// use rectify_schema::{build::*, dialect::POSTGRES, ops::DropExclude};
///
/// let op = DropExclude::new("stays", "ex_stays");
/// assert_eq!(POSTGRES.render(&op.into())?[0].sql, "ALTER TABLE stays DROP CONSTRAINT ex_stays");
/// # Ok::<(), rectify_schema::Unsupported>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct DropExclude {
    /// The table.
    pub table: TableName,
    /// The constraint's name; empty as long as the naming convention has not found it by the definition.
    pub name: String,
    /// What it was, so that the operation can be reversed.
    pub definition: Option<Exclude>,
    /// Do nothing where it does not exist.
    pub if_exists: bool,
}

impl DropExclude {
    /// Makes the operation, from the constraint's name or from what it is.
    pub fn new(table: impl Into<TableName>, what: impl Into<Dropped<Exclude>>) -> Self {
        let Dropped { name, definition } = what.into();
        Self { table: table.into(), name, definition, if_exists: false }
    }

    /// Says what it was, so that the operation can be reversed.
    pub fn definition(mut self, definition: Exclude) -> Self {
        self.definition = Some(definition);
        self
    }

    /// Does nothing where it does not exist.
    pub fn if_exists(mut self) -> Self {
        self.if_exists = true;
        self
    }

    pub(super) fn apply(&self, schema: &mut Schema) -> Result<(), ApplyError> {
        let table = table_mut(schema, &self.table)?;
        let Some(at) = table.excludes.iter().position(|exclude| exclude.name.as_ref() == Some(&self.name)) else {
            let what = format!("exclusion constraint `{}` on `{}`", self.name, self.table);
            return if self.if_exists { Ok(()) } else { Err(missing(what)) };
        };
        drop(table.excludes.remove(at));
        Ok(())
    }

    pub(super) fn reverse(&self) -> Result<Operation, &'static str> {
        let definition = self.definition.clone().ok_or("it does not say what the exclusion constraint was")?;
        Ok(CreateExclude::new(&self.table, definition).into())
    }
}

impl fmt::Display for DropExclude {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "drop exclusion constraint {}on `{}`", quoted(&self.name), self.table)
    }
}

#[cfg(test)]
mod tests {
    use super::super::laws;
    use super::*;
    use crate::build::*;

    #[test]
    fn reverse_restores_with_a_definition() {
        let exclude = exclude("ex_users").with("age", "=");
        let mut schema = laws::sample();
        CreateExclude::new("users", exclude.clone()).apply(&mut schema).unwrap();
        let before = schema.clone();
        let op = DropExclude::new("users", "ex_users").definition(exclude);
        op.apply(&mut schema).unwrap();
        assert_ne!(schema, before);
        op.reverse().unwrap().apply(&mut schema).unwrap();
        assert_eq!(schema, before);
        laws::irreversible(DropExclude::new("users", "ex_users"), "does not say what the exclusion constraint was");
    }

    #[test]
    fn a_missing_one_is_refused_unless_told_otherwise() {
        laws::refused(DropExclude::new("users", "nope"), "there is no exclusion constraint `nope` on `users`");
        DropExclude::new("users", "nope").if_exists().apply(&mut laws::sample()).unwrap();
    }
}
