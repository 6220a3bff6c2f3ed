//! Changing a sequence.

use std::fmt;

use super::{ApplyError, Operation, missing};
use crate::name::TableName;
use crate::schema::{Schema, Sequence, SequenceOptions, sequence_setters};

/// Changes a sequence (PostgreSQL, MariaDB); what is not named stays as it is.
///
/// # Examples
///
/// ```
/// use rectify_schema::{dialect::POSTGRES, ops::AlterSequence};
///
/// let op = AlterSequence::new("invoice_numbers").increment(5).restart(1).into();
/// assert_eq!(POSTGRES.render(&op)?[0].sql, "ALTER SEQUENCE invoice_numbers INCREMENT BY 5 RESTART WITH 1");
/// # Ok::<(), rectify_schema::Unsupported>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct AlterSequence {
    /// The sequence's name.
    pub name: TableName,
    /// What changes.
    pub options: SequenceOptions,
    /// Drop it with no column any more (PostgreSQL).
    pub owned_by_none: bool,
    /// The number that it gives next.
    pub restart: Option<i64>,
    /// What the sequence was, so that the operation can be reversed.
    pub existing: Option<Sequence>,
}

impl AlterSequence {
    /// Makes the operation, which changes nothing yet.
    pub fn new(name: impl Into<TableName>) -> Self {
        let options = SequenceOptions::default();
        Self { name: name.into(), options, owned_by_none: false, restart: None, existing: None }
    }

    sequence_setters!();

    /// Drops it with no column any more (PostgreSQL only).
    pub fn owned_by_none(mut self) -> Self {
        self.owned_by_none = true;
        self.options.owned_by = None;
        self
    }

    /// Sets the number that it gives next.
    pub const fn restart(mut self, number: i64) -> Self {
        self.restart = Some(number);
        self
    }

    /// Says what the sequence was, so that the operation can be reversed.
    pub fn existing(mut self, sequence: Sequence) -> Self {
        self.existing = Some(sequence);
        self
    }

    pub(super) fn apply(&self, schema: &mut Schema) -> Result<(), ApplyError> {
        let found = schema.sequences.iter_mut().find(|other| other.name == self.name);
        let sequence = found.ok_or_else(|| missing(format!("sequence `{}`", self.name)))?;
        sequence.options = self.applied_to(&sequence.options);
        Ok(())
    }

    fn applied_to(&self, before: &SequenceOptions) -> SequenceOptions {
        let mut after = before.overlaid(&self.options);
        after.owned_by.take_if(|_| self.owned_by_none);
        after
    }

    pub(super) fn reverse(&self) -> Result<Operation, &'static str> {
        if self.restart.is_some() {
            return Err("the number that the sequence had reached is not known");
        }
        let existing = self.existing.as_ref().ok_or("it does not say what the sequence was")?;
        let before = &existing.options;
        let unsaid = |now: bool, before: bool| now && !before;
        let now = &self.options;
        if unsaid(now.start.is_some(), before.start.is_some())
            || unsaid(now.increment.is_some(), before.increment.is_some())
            || unsaid(now.min_value.is_some(), before.min_value.is_some())
            || unsaid(now.max_value.is_some(), before.max_value.is_some())
            || unsaid(now.cache.is_some(), before.cache.is_some())
            || unsaid(now.cycle.is_some(), before.cycle.is_some())
        {
            return Err("it does not say what each option was that it changes");
        }
        let back = SequenceOptions {
            start: now.start.and(before.start),
            increment: now.increment.and(before.increment),
            min_value: now.min_value.and(before.min_value),
            max_value: now.max_value.and(before.max_value),
            cache: now.cache.and(before.cache),
            cycle: now.cycle.and(before.cycle),
            owned_by: before.owned_by.clone().filter(|_| self.owned_by_none || now.owned_by.is_some()),
        };
        let owned_by_none = now.owned_by.is_some() && before.owned_by.is_none();
        let after = Sequence { name: self.name.clone(), options: self.applied_to(before) };
        Ok(Self { options: back, owned_by_none, ..Self::new(&self.name).existing(after) }.into())
    }
}

impl fmt::Display for AlterSequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "alter sequence `{}`", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::super::laws;
    use super::*;
    use crate::build::*;

    #[test]
    fn reverse_restores_what_it_was_told() {
        let numbers = || sequence("numbers").start(10).increment(5);
        laws::restores(AlterSequence::new("numbers").increment(7).existing(numbers()));
        laws::restores(AlterSequence::new("numbers").owned_by("users", "id").existing(numbers()));
        laws::irreversible(AlterSequence::new("numbers").increment(7), "does not say what the sequence was");
        laws::irreversible(AlterSequence::new("numbers").cache(7).existing(numbers()), "what each option was");
        laws::irreversible(AlterSequence::new("numbers").restart(1).existing(numbers()), "the number that");
        laws::refused(AlterSequence::new("nope").increment(1), "there is no sequence `nope`");
    }
}
