//! Dropping a schema.

use std::fmt;

use super::{ApplyError, CreateSchema, Operation, missing};
use crate::schema::Schema;

/// Drops a schema. PostgreSQL drops one that still holds something only with `cascade`; MySQL and MariaDB, where it is a
/// database, drop all that it holds without being asked. SQLite has none.
///
/// # Examples
///
/// ```
/// use rectify_schema::{dialect::POSTGRES, ops::DropSchema};
///
/// let op = DropSchema::new("reporting").into();
/// assert_eq!(POSTGRES.render(&op)?[0].sql, "DROP SCHEMA reporting");
/// # Ok::<(), rectify_schema::Unsupported>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct DropSchema {
    /// The schema's name.
    pub name: String,
    /// Do nothing where there is none.
    pub if_exists: bool,
    /// Drop what it holds too.
    pub cascade: bool,
}

impl DropSchema {
    /// Makes the operation.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), if_exists: false, cascade: false }
    }

    /// Does nothing where there is no such schema.
    pub fn if_exists(mut self) -> Self {
        self.if_exists = true;
        self
    }

    /// Drops what the schema holds too.
    pub fn cascade(mut self) -> Self {
        self.cascade = true;
        self
    }

    pub(super) fn apply(&self, schema: &mut Schema) -> Result<(), ApplyError> {
        let before = schema.schemas.len();
        schema.schemas.retain(|name| *name != self.name);
        if schema.schemas.len() == before && !self.if_exists {
            return Err(missing(format!("schema `{}`", self.name)));
        }
        if self.cascade {
            let outside = |other: Option<&String>| other != Some(&self.name);
            schema.tables.retain(|table| outside(table.name.schema.as_ref()));
            schema.enums.retain(|enum_type| outside(enum_type.name.schema.as_ref()));
            schema.sequences.retain(|sequence| outside(sequence.name.schema.as_ref()));
            schema.objects.retain(|object| outside(object.name.schema.as_ref()));
        }
        Ok(())
    }

    pub(super) fn reverse(&self) -> Result<Operation, &'static str> {
        if self.cascade {
            return Err("it does not say what the schema held");
        }
        Ok(CreateSchema::new(&self.name).into())
    }
}

impl From<&str> for DropSchema {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl fmt::Display for DropSchema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "drop schema `{}`", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::super::laws;
    use super::*;
    use crate::build::*;

    #[test]
    fn reverse_restores_unless_it_cascades() {
        laws::restores(DropSchema::new("workspace"));
        laws::irreversible(DropSchema::new("workspace").cascade(), "does not say what the schema held");
        laws::refused(DropSchema::new("nope"), "there is no schema `nope`");
        DropSchema::new("nope").if_exists().apply(&mut laws::sample()).unwrap();
    }

    #[test]
    fn a_cascade_takes_the_tables_of_the_schema() {
        let mut schema = laws::sample();
        schema.tables.push(table(("workspace", "notes")));
        let before = schema.tables.len();
        DropSchema::new("workspace").cascade().apply(&mut schema).unwrap();
        assert_eq!(schema.tables.len(), before - 1);
    }
}
