//! Sequences.

use crate::name::TableName;

/// A sequence of numbers (PostgreSQL, MariaDB). Made by [`sequence`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Sequence {
    /// Its name.
    pub name: TableName,
    /// What was said of it; the rest is as the database has it.
    pub options: SequenceOptions,
}

/// What can be said of a sequence; what is not said is as the database has it, or stays as it was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SequenceOptions {
    /// The first number.
    pub start: Option<i64>,
    /// How far apart two numbers are; negative to count down.
    pub increment: Option<i64>,
    /// The least number.
    pub min_value: Option<i64>,
    /// The greatest number.
    pub max_value: Option<i64>,
    /// How many numbers a session takes at once.
    pub cache: Option<u32>,
    /// Whether it begins again after its last number.
    pub cycle: Option<bool>,
    /// The table and column with which it is dropped (PostgreSQL only).
    pub owned_by: Option<(TableName, String)>,
}

/// Writes each setter once, for what is made and for what is changed.
macro_rules! sequence_setters {
    () => {
        /// Sets the first number.
        pub const fn start(mut self, start: i64) -> Self {
            self.options.start = Some(start);
            self
        }

        /// Sets how far apart two numbers are; negative to count down.
        pub const fn increment(mut self, increment: i64) -> Self {
            self.options.increment = Some(increment);
            self
        }

        /// Sets the least number.
        pub const fn min_value(mut self, value: i64) -> Self {
            self.options.min_value = Some(value);
            self
        }

        /// Sets the greatest number.
        pub const fn max_value(mut self, value: i64) -> Self {
            self.options.max_value = Some(value);
            self
        }

        /// Sets how many numbers a session takes at once.
        pub const fn cache(mut self, numbers: u32) -> Self {
            self.options.cache = Some(numbers);
            self
        }

        /// Says whether it begins again after its last number.
        pub const fn cycle(mut self, cycle: bool) -> Self {
            self.options.cycle = Some(cycle);
            self
        }

        /// Drops it with this column (PostgreSQL only).
        pub fn owned_by(mut self, table: impl Into<crate::name::TableName>, column: impl Into<String>) -> Self {
            self.options.owned_by = Some((table.into(), column.into()));
            self
        }
    };
}

pub(crate) use sequence_setters;

impl Sequence {
    sequence_setters!();
}

impl SequenceOptions {
    /// These options, with those of `over` that say something in their place.
    pub(crate) fn overlaid(&self, over: &Self) -> Self {
        Self {
            start: over.start.or(self.start),
            increment: over.increment.or(self.increment),
            min_value: over.min_value.or(self.min_value),
            max_value: over.max_value.or(self.max_value),
            cache: over.cache.or(self.cache),
            cycle: over.cycle.or(self.cycle),
            owned_by: over.owned_by.clone().or_else(|| self.owned_by.clone()),
        }
    }
}

impl From<&str> for Sequence {
    fn from(name: &str) -> Self {
        sequence(name)
    }
}

/// Makes a sequence.
///
/// # Examples
///
/// ```
/// use rectify_schema::build::*;
///
/// let numbers = sequence("invoice_numbers").start(1000).increment(10).cache(20);
/// # let _ = numbers;
/// ```
pub fn sequence(name: impl Into<TableName>) -> Sequence {
    Sequence { name: name.into(), options: SequenceOptions::default() }
}
