//! Adding an exclusion constraint to a table.

use std::fmt;

use super::{ApplyError, DropExclude, Operation, exists, quoted, table_mut};
use crate::name::TableName;
use crate::schema::{Exclude, Schema};

/// Adds an exclusion constraint to a table (PostgreSQL); fails where two rows break it.
///
/// # Examples
///
/// ```
/// use rectify_schema::{build::*, dialect::POSTGRES, ops::CreateExclude};
///
/// let op = CreateExclude::new("stays", exclude("ex_stays").using("gist").with("during", "&&"));
/// assert_eq!(
///     POSTGRES.render(&op.into())?[0].sql,
///     "ALTER TABLE stays ADD CONSTRAINT ex_stays EXCLUDE USING gist (during WITH &&)"
/// );
/// # Ok::<(), rectify_schema::Unsupported>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct CreateExclude {
    /// The table.
    pub table: TableName,
    /// The exclusion constraint.
    pub exclude: Exclude,
}

impl CreateExclude {
    /// Makes the operation.
    pub fn new(table: impl Into<TableName>, exclude: Exclude) -> Self {
        Self { table: table.into(), exclude }
    }

    pub(super) fn apply(&self, schema: &mut Schema) -> Result<(), ApplyError> {
        let table = table_mut(schema, &self.table)?;
        if self.exclude.name.is_some() && table.excludes.iter().any(|other| other.name == self.exclude.name) {
            let name = self.exclude.name.as_deref().unwrap_or_default();
            return Err(exists(format!("an exclusion constraint `{name}` on `{}`", self.table)));
        }
        table.excludes.push(self.exclude.clone());
        Ok(())
    }

    pub(super) fn reverse(&self) -> Result<Operation, &'static str> {
        if self.exclude.name.is_none() {
            return Err("the database names the exclusion constraint, since the operation does not");
        }
        Ok(DropExclude::new(&self.table, self.exclude.clone()).into())
    }
}

impl fmt::Display for CreateExclude {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = quoted(self.exclude.name.as_deref().unwrap_or_default());
        write!(f, "create exclusion constraint {name}on `{}`", self.table)
    }
}

#[cfg(test)]
mod tests {
    use super::super::laws;
    use super::*;
    use crate::build::*;

    #[test]
    fn reverse_restores() {
        laws::restores(CreateExclude::new("users", exclude("ex_new").with("age", "=")));
        let unnamed = exclude(None).with("age", "=");
        laws::irreversible(CreateExclude::new("users", unnamed), "the database names the exclusion constraint");
    }

    #[test]
    fn a_name_in_use_is_refused() {
        let mut schema = laws::sample();
        let op = CreateExclude::new("users", exclude("ex").with("age", "="));
        op.apply(&mut schema).unwrap();
        let error = op.apply(&mut schema).unwrap_err();
        assert_eq!(error.to_string(), "there already is an exclusion constraint `ex` on `users`");
    }
}
