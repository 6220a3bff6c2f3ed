//! Creating a schema.

use std::fmt;

use super::{ApplyError, DropSchema, Operation, exists};
use crate::schema::Schema;

/// Creates a schema. On MySQL and MariaDB that is a database beside the one in use; SQLite has none.
///
/// # Examples
///
/// ```
/// use rectify_schema::{dialect::POSTGRES, ops::CreateSchema};
///
/// let op = CreateSchema::new("reporting").if_not_exists().into();
/// assert_eq!(POSTGRES.render(&op)?[0].sql, "CREATE SCHEMA IF NOT EXISTS reporting");
/// # Ok::<(), rectify_schema::Unsupported>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct CreateSchema {
    /// The schema's name.
    pub name: String,
    /// Do nothing where it is there already.
    pub if_not_exists: bool,
}

impl CreateSchema {
    /// Makes the operation.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), if_not_exists: false }
    }

    /// Does nothing where it is there already.
    pub fn if_not_exists(mut self) -> Self {
        self.if_not_exists = true;
        self
    }

    pub(super) fn apply(&self, schema: &mut Schema) -> Result<(), ApplyError> {
        if !schema.schemas.contains(&self.name) {
            schema.schemas.push(self.name.clone());
        } else if !self.if_not_exists {
            return Err(exists(format!("a schema `{}`", self.name)));
        }
        Ok(())
    }

    #[expect(clippy::unnecessary_wraps, reason = "the same form as every operation")]
    pub(super) fn reverse(&self) -> Result<Operation, &'static str> {
        Ok(DropSchema::new(&self.name).into())
    }
}

impl From<&str> for CreateSchema {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl fmt::Display for CreateSchema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "create schema `{}`", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::super::laws;
    use super::*;

    #[test]
    fn reverse_restores() {
        laws::restores(CreateSchema::new("reporting"));
        laws::refused(CreateSchema::new("workspace"), "there already is a schema `workspace`");
        CreateSchema::new("workspace").if_not_exists().apply(&mut laws::sample()).unwrap();
    }
}
