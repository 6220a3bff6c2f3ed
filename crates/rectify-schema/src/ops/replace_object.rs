//! Replacing a view, function, trigger or its like.

use std::fmt;

use super::{ApplyError, Operation, missing};
use crate::schema::{Schema, SqlObject};

/// Puts another definition in the place of an object's old one: in one statement where the database has one, otherwise by
/// dropping and creating it.
///
/// # Examples
///
/// ```
/// use rectify_schema::{build::*, dialect::{POSTGRES, SQLITE}, ops::ReplaceObject};
///
/// let op = ReplaceObject::new(view("adults", "SELECT 2")).existing(view("adults", "SELECT 1")).into();
/// assert_eq!(POSTGRES.render(&op)?[0].sql, "CREATE OR REPLACE VIEW adults AS SELECT 2");
/// assert_eq!(SQLITE.render(&op)?[0].sql, "DROP VIEW adults");
/// assert_eq!(SQLITE.render(&op)?[1].sql, "CREATE VIEW adults AS SELECT 2");
/// # Ok::<(), rectify_schema::Unsupported>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct ReplaceObject {
    /// The object as it will be.
    pub object: SqlObject,
    /// The object as it was, so that the operation can be reversed.
    pub existing: Option<SqlObject>,
}

impl ReplaceObject {
    /// Makes the operation.
    pub const fn new(object: SqlObject) -> Self {
        Self { object, existing: None }
    }

    /// Says what the object was, so that the operation can be reversed.
    pub fn existing(mut self, object: SqlObject) -> Self {
        self.existing = Some(object);
        self
    }

    pub(super) fn apply(&self, schema: &mut Schema) -> Result<(), ApplyError> {
        let replaced = self.existing.as_ref().unwrap_or(&self.object);
        let found = schema.objects.iter_mut().find(|other| other.is(replaced));
        *found.ok_or_else(|| missing(replaced.to_string()))? = self.object.clone();
        Ok(())
    }

    pub(super) fn reverse(&self) -> Result<Operation, &'static str> {
        let existing = self.existing.clone().filter(SqlObject::is_defined);
        let existing = existing.ok_or("it does not say how the object was made")?;
        Ok(Self::new(existing).existing(self.object.clone()).into())
    }
}

impl From<SqlObject> for ReplaceObject {
    fn from(object: SqlObject) -> Self {
        Self::new(object)
    }
}

impl fmt::Display for ReplaceObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "replace {}", self.object)
    }
}

#[cfg(test)]
mod tests {
    use super::super::laws;
    use super::*;
    use crate::build::*;

    #[test]
    fn reverse_restores_with_the_old_definition() {
        let old = || view("adults", "SELECT * FROM users");
        laws::restores(ReplaceObject::new(view("adults", "SELECT 1")).existing(old()));
        laws::irreversible(ReplaceObject::new(view("adults", "SELECT 1")), "does not say how the object was made");
        laws::refused(ReplaceObject::new(view("nope", "SELECT 1")), "there is no view `nope`");
    }
}
