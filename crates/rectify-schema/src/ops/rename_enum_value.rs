//! Renaming a value of an enum type.

use std::fmt;

use super::{ApplyError, Operation, exists, missing};
use crate::name::TableName;
use crate::schema::Schema;

/// Renames a value of an enum type (PostgreSQL); the rows that hold it hold the new one.
///
/// MySQL, MariaDB and SQLite keep the values with each column: there, alter the column to an enumeration with both values,
/// update the rows, and alter it to the one without the old value.
///
/// # Examples
///
/// ```
/// use rectify_schema::{dialect::POSTGRES, ops::RenameEnumValue};
///
/// let op = RenameEnumValue::new("mood", "sad", "blue").into();
/// assert_eq!(POSTGRES.render(&op)?[0].sql, "ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'");
/// # Ok::<(), rectify_schema::Unsupported>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct RenameEnumValue {
    /// The type's name.
    pub name: TableName,
    /// The value as it is.
    pub from: String,
    /// The value as it will be.
    pub to: String,
}

impl RenameEnumValue {
    /// Makes the operation.
    pub fn new(name: impl Into<TableName>, from: impl Into<String>, to: impl Into<String>) -> Self {
        Self { name: name.into(), from: from.into(), to: to.into() }
    }

    pub(super) fn apply(&self, schema: &mut Schema) -> Result<(), ApplyError> {
        let enum_type = schema.enums.iter_mut().find(|other| other.name == self.name);
        let values = &mut enum_type.ok_or_else(|| missing(format!("enum `{}`", self.name)))?.values;
        if values.contains(&self.to) {
            return Err(exists(format!("a value `{}` of enum `{}`", self.to, self.name)));
        }
        let value = values.iter_mut().find(|value| **value == self.from);
        *value.ok_or_else(|| missing(format!("value `{}` of enum `{}`", self.from, self.name)))? = self.to.clone();
        Ok(())
    }

    #[expect(clippy::unnecessary_wraps, reason = "the same form as every operation")]
    pub(super) fn reverse(&self) -> Result<Operation, &'static str> {
        Ok(Self::new(&self.name, &self.to, &self.from).into())
    }
}

impl fmt::Display for RenameEnumValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rename value `{}` of enum `{}` to `{}`", self.from, self.name, self.to)
    }
}

#[cfg(test)]
mod tests {
    use super::super::laws;
    use super::*;

    #[test]
    fn reverse_restores() {
        laws::restores(RenameEnumValue::new("mood", "sad", "blue"));
        laws::refused(RenameEnumValue::new("mood", "blue", "x"), "there is no value `blue` of enum `mood`");
        laws::refused(RenameEnumValue::new("mood", "sad", "happy"), "there already is a value `happy` of enum `mood`");
        laws::refused(RenameEnumValue::new("nope", "a", "b"), "there is no enum `nope`");
    }
}
