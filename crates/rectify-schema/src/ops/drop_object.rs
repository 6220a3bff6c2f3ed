//! Dropping a view, function, trigger or its like.

use std::fmt;

use super::{ApplyError, CreateObject, Operation, missing};
use crate::schema::{ObjectKind, Schema, SqlObject};

/// Drops a view, function, procedure, trigger or policy, or revokes a grant.
///
/// With the whole definition it can be reversed; [`SqlObject::named`] is enough to drop it.
///
/// # Examples
///
/// ```
/// use rectify_schema::{build::*, dialect::{MYSQL, POSTGRES}, ops::DropObject};
///
/// let op = DropObject::new(trigger("touch", "notes", "BEFORE UPDATE ON notes ...")).into();
/// assert_eq!(POSTGRES.render(&op)?[0].sql, "DROP TRIGGER touch ON notes");
/// assert_eq!(MYSQL.render(&op)?[0].sql, "DROP TRIGGER touch");
/// # Ok::<(), rectify_schema::Unsupported>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct DropObject {
    /// The object.
    pub object: SqlObject,
    /// Do nothing where there is none.
    pub if_exists: bool,
}

impl DropObject {
    /// Makes the operation.
    pub const fn new(object: SqlObject) -> Self {
        Self { object, if_exists: false }
    }

    /// Does nothing where there is no such object.
    pub const fn if_exists(mut self) -> Self {
        self.if_exists = true;
        self
    }

    pub(super) fn apply(&self, schema: &mut Schema) -> Result<(), ApplyError> {
        let before = schema.objects.len();
        schema.objects.retain(|other| !other.is(&self.object));
        if schema.objects.len() == before && !self.if_exists {
            return Err(missing(self.object.to_string()));
        }
        if self.object.kind == ObjectKind::View {
            // Its triggers go with it.
            schema.objects.retain(|other| other.kind.on() != Some(&self.object.name));
        }
        Ok(())
    }

    pub(super) fn reverse(&self) -> Result<Operation, &'static str> {
        if !self.object.is_defined() {
            return Err("it does not say how the object was made");
        }
        Ok(CreateObject::new(self.object.clone()).into())
    }
}

impl From<SqlObject> for DropObject {
    fn from(object: SqlObject) -> Self {
        Self::new(object)
    }
}

impl fmt::Display for DropObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "drop {}", self.object)
    }
}

#[cfg(test)]
mod tests {
    use super::super::laws;
    use super::*;
    use crate::build::*;

    #[test]
    fn reverse_restores_with_a_definition() {
        laws::restores(DropObject::new(view("adults", "SELECT * FROM users")));
        let named = || DropObject::new(SqlObject::named(ObjectKind::View, "adults"));
        laws::irreversible(named(), "does not say how the object was made");
        named().apply(&mut laws::sample()).unwrap();
        laws::refused(DropObject::new(materialized_view("adults", "x")), "there is no materialized view `adults`");
        let mut schema = laws::sample();
        schema.objects.push(trigger("instead", "adults", "…"));
        named().apply(&mut schema).unwrap();
        assert!(schema.objects.is_empty());
        DropObject::new(view("nope", "x")).if_exists().apply(&mut laws::sample()).unwrap();
    }
}
