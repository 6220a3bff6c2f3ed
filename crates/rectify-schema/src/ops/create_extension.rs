//! Creating an extension.

use std::fmt;

use super::{ApplyError, DropExtension, Operation, exists};
use crate::schema::{Extension, Schema};

/// Creates an extension (PostgreSQL only).
///
/// # Examples
///
/// ```
/// use rectify_schema::{dialect::POSTGRES, ops::CreateExtension};
///
/// let op = CreateExtension::new("citext").if_not_exists().into();
/// assert_eq!(POSTGRES.render(&op)?[0].sql, "CREATE EXTENSION IF NOT EXISTS citext");
/// # Ok::<(), rectify_schema::Unsupported>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct CreateExtension {
    /// The extension.
    pub extension: Extension,
    /// Do nothing where it is there already.
    pub if_not_exists: bool,
}

impl CreateExtension {
    /// Makes the operation.
    pub fn new(extension: impl Into<Extension>) -> Self {
        Self { extension: extension.into(), if_not_exists: false }
    }

    /// Does nothing where it is there already.
    pub fn if_not_exists(mut self) -> Self {
        self.if_not_exists = true;
        self
    }

    pub(super) fn apply(&self, schema: &mut Schema) -> Result<(), ApplyError> {
        if !schema.extensions.iter().any(|other| other.name == self.extension.name) {
            schema.extensions.push(self.extension.clone());
        } else if !self.if_not_exists {
            return Err(exists(format!("an extension `{}`", self.extension.name)));
        }
        Ok(())
    }

    #[expect(clippy::unnecessary_wraps, reason = "the same form as every operation")]
    pub(super) fn reverse(&self) -> Result<Operation, &'static str> {
        Ok(DropExtension::from(self.extension.clone()).into())
    }
}

impl<T: Into<Extension>> From<T> for CreateExtension {
    fn from(extension: T) -> Self {
        Self::new(extension)
    }
}

impl fmt::Display for CreateExtension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "create extension `{}`", self.extension.name)
    }
}

#[cfg(test)]
mod tests {
    use super::super::laws;
    use super::*;

    #[test]
    fn reverse_restores() {
        laws::restores(CreateExtension::new("pg_trgm"));
        laws::refused(CreateExtension::new("citext"), "there already is an extension `citext`");
        CreateExtension::new("citext").if_not_exists().apply(&mut laws::sample()).unwrap();
    }
}
