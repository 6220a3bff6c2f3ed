//! Creating a view, function, trigger or its like.

use std::fmt;

use super::{ApplyError, DropObject, Operation, exists};
use crate::schema::{Schema, SqlObject};

/// Creates a view, function, procedure, trigger, policy or grant from its SQL text.
///
/// # Examples
///
/// ```
/// use rectify_schema::{Operation, build::*, ops::CreateObject};
///
/// let op = Operation::from(CreateObject::new(view("adults", "SELECT * FROM users WHERE age > 17")));
/// assert_eq!(op.reverse().unwrap().to_string(), "drop view `adults`");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct CreateObject {
    /// The object.
    pub object: SqlObject,
}

impl CreateObject {
    /// Makes the operation.
    pub const fn new(object: SqlObject) -> Self {
        Self { object }
    }

    pub(super) fn apply(&self, schema: &mut Schema) -> Result<(), ApplyError> {
        if schema.objects.iter().any(|other| other.is(&self.object)) {
            return Err(exists(format!("a {}", self.object)));
        }
        schema.objects.push(self.object.clone());
        Ok(())
    }

    #[expect(clippy::unnecessary_wraps, reason = "the same form as every operation")]
    pub(super) fn reverse(&self) -> Result<Operation, &'static str> {
        Ok(DropObject::new(self.object.clone()).into())
    }
}

impl fmt::Display for CreateObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "create {}", self.object)
    }
}

#[cfg(test)]
mod tests {
    use super::super::laws;
    use super::*;
    use crate::build::*;

    #[test]
    fn reverse_restores() {
        laws::restores(CreateObject::new(view("young", "SELECT 1")));
        laws::restores(CreateObject::new(trigger("t", "users", "BEFORE INSERT ON users")));
        laws::restores(CreateObject::new(grant("SELECT", "users", "reader")));
        laws::refused(CreateObject::new(view("adults", "SELECT 2")), "there already is a view `adults`");
    }
}
