//! Creating a sequence.

use std::fmt;

use super::{ApplyError, DropSequence, Operation, exists};
use crate::schema::{Schema, Sequence};

/// Creates a sequence (PostgreSQL, MariaDB).
///
/// # Examples
///
/// ```
/// use rectify_schema::{build::*, dialect::POSTGRES, ops::CreateSequence};
///
/// let op = CreateSequence::new(sequence("invoice_numbers").start(1000)).into();
/// assert_eq!(POSTGRES.render(&op)?[0].sql, "CREATE SEQUENCE invoice_numbers START WITH 1000");
/// # Ok::<(), rectify_schema::Unsupported>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct CreateSequence {
    /// The sequence.
    pub sequence: Sequence,
    /// Do nothing where it is there already.
    pub if_not_exists: bool,
}

impl CreateSequence {
    /// Makes the operation.
    pub fn new(sequence: impl Into<Sequence>) -> Self {
        Self { sequence: sequence.into(), if_not_exists: false }
    }

    /// Does nothing where it is there already.
    pub fn if_not_exists(mut self) -> Self {
        self.if_not_exists = true;
        self
    }

    pub(super) fn apply(&self, schema: &mut Schema) -> Result<(), ApplyError> {
        if !schema.sequences.iter().any(|other| other.name == self.sequence.name) {
            schema.sequences.push(self.sequence.clone());
        } else if !self.if_not_exists {
            return Err(exists(format!("a sequence `{}`", self.sequence.name)));
        }
        Ok(())
    }

    #[expect(clippy::unnecessary_wraps, reason = "the same form as every operation")]
    pub(super) fn reverse(&self) -> Result<Operation, &'static str> {
        Ok(DropSequence::from(self.sequence.clone()).into())
    }
}

impl<T: Into<Sequence>> From<T> for CreateSequence {
    fn from(sequence: T) -> Self {
        Self::new(sequence)
    }
}

impl fmt::Display for CreateSequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "create sequence `{}`", self.sequence.name)
    }
}

#[cfg(test)]
mod tests {
    use super::super::laws;
    use super::*;
    use crate::build::*;

    #[test]
    fn reverse_restores() {
        laws::restores(CreateSequence::new(sequence("tickets").start(7)));
        laws::refused(CreateSequence::new("numbers"), "there already is a sequence `numbers`");
        CreateSequence::new("numbers").if_not_exists().apply(&mut laws::sample()).unwrap();
    }
}
