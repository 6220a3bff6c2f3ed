//! Exclusion constraints.

use super::{Deferrable, IndexColumn};
use crate::naming::ConstraintName;

/// An exclusion constraint: of no two rows may all the comparisons hold (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Exclude {
    /// The constraint's name; without one the database invents it.
    pub name: Option<String>,
    /// The access method of its index, such as `gist`; `btree` where none is given, which can only compare by `=`.
    pub method: Option<String>,
    /// What is compared, and how.
    pub elements: Vec<ExcludeElement>,
    /// Only rows for which this condition holds are compared.
    pub predicate: Option<String>,
    /// When it is checked.
    pub deferrable: Option<Deferrable>,
}

/// One comparison of an exclusion constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct ExcludeElement {
    /// The column or expression, with its operator class where it is not the type's own.
    pub column: IndexColumn,
    /// The operator that compares two rows, such as `&&`.
    pub operator: String,
}

/// Makes an exclusion constraint (PostgreSQL), named or (with `None`) not.
///
/// # Examples
///
/// ```
/// use rectify_schema::{build::*, dialect::POSTGRES, ops::CreateExclude};
///
/// let booked_once = exclude("ex_bookings").using("gist").with("room", "=").with("during", "&&").filter("NOT cancelled");
/// assert_eq!(
///     POSTGRES.render(&CreateExclude::new("bookings", booked_once).into())?[0].sql,
///     "ALTER TABLE bookings ADD CONSTRAINT ex_bookings \
///      EXCLUDE USING gist (room WITH =, during WITH &&) WHERE (NOT cancelled)"
/// );
/// # Ok::<(), rectify_schema::Unsupported>(())
/// ```
pub fn exclude(name: impl Into<ConstraintName>) -> Exclude {
    Exclude { name: name.into().0, method: None, elements: Vec::new(), predicate: None, deferrable: None }
}

impl Exclude {
    /// Uses an index of this access method, such as `gist`.
    pub fn using(mut self, method: impl Into<String>) -> Self {
        self.method = Some(method.into());
        self
    }

    /// Compares a column or expression of two rows by this operator.
    pub fn with(mut self, column: impl Into<IndexColumn>, operator: impl Into<String>) -> Self {
        self.elements.push(ExcludeElement { column: column.into(), operator: operator.into() });
        self
    }

    /// Compares only the rows for which the condition holds.
    pub fn filter(mut self, predicate: impl Into<String>) -> Self {
        self.predicate = Some(predicate.into());
        self
    }

    /// Lets the check wait for the end of the transaction.
    pub fn deferrable(mut self, deferrable: Deferrable) -> Self {
        self.deferrable = Some(deferrable);
        self
    }
}
