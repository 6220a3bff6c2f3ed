//! Dropping a sequence.

use std::fmt;

use super::{ApplyError, CreateSequence, Operation, missing};
use crate::name::TableName;
use crate::schema::{Schema, Sequence};

/// Drops a sequence (PostgreSQL, MariaDB): by its name, or with its definition, which makes it reversible. The number that
/// it had reached is lost.
///
/// # Examples
///
/// ```
/// use rectify_schema::{build::*, dialect::POSTGRES, ops::DropSequence};
///
/// let op = DropSequence::from(sequence("invoice_numbers").start(1000)).into();
/// assert_eq!(POSTGRES.render(&op)?[0].sql, "DROP SEQUENCE invoice_numbers");
/// # Ok::<(), rectify_schema::Unsupported>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct DropSequence {
    /// The sequence's name.
    pub name: TableName,
    /// Do nothing where there is none.
    pub if_exists: bool,
    /// What it was, so that the operation can be reversed.
    pub definition: Option<Sequence>,
}

impl DropSequence {
    /// Makes the operation.
    pub fn new(name: impl Into<TableName>) -> Self {
        Self { name: name.into(), if_exists: false, definition: None }
    }

    /// Does nothing where there is no such sequence.
    pub fn if_exists(mut self) -> Self {
        self.if_exists = true;
        self
    }

    pub(super) fn apply(&self, schema: &mut Schema) -> Result<(), ApplyError> {
        let before = schema.sequences.len();
        schema.sequences.retain(|other| other.name != self.name);
        if schema.sequences.len() == before && !self.if_exists {
            return Err(missing(format!("sequence `{}`", self.name)));
        }
        Ok(())
    }

    pub(super) fn reverse(&self) -> Result<Operation, &'static str> {
        let definition = self.definition.clone().ok_or("it does not say how the sequence was made")?;
        Ok(CreateSequence::new(definition).into())
    }
}

impl From<&str> for DropSequence {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl From<(&str, &str)> for DropSequence {
    fn from(name: (&str, &str)) -> Self {
        Self::new(name)
    }
}

impl From<Sequence> for DropSequence {
    fn from(sequence: Sequence) -> Self {
        Self { definition: Some(sequence.clone()), ..Self::new(sequence.name) }
    }
}

impl fmt::Display for DropSequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "drop sequence `{}`", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::super::laws;
    use super::*;
    use crate::build::*;

    #[test]
    fn reverse_restores_with_a_definition() {
        laws::restores(DropSequence::from(sequence("numbers").start(10).increment(5)));
        laws::irreversible(DropSequence::new("numbers"), "does not say how the sequence was made");
        laws::refused(DropSequence::new("nope"), "there is no sequence `nope`");
        DropSequence::new("nope").if_exists().apply(&mut laws::sample()).unwrap();
    }
}
