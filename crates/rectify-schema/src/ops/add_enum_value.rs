//! Adding a value to an enum type.

use std::fmt;

use super::{AlterEnum, ApplyError, Operation, exists, missing};
use crate::name::TableName;
use crate::schema::Schema;

/// Adds a value to an enum type (PostgreSQL).
///
/// PostgreSQL cannot use the value before the transaction that adds it has ended. MySQL, MariaDB and SQLite keep the
/// values with each column: there, alter each column to the longer enumeration.
///
/// # Examples
///
/// ```
/// use rectify_schema::{build::enum_value, dialect::POSTGRES, ops::AddEnumValue};
///
/// let op = AddEnumValue::new("mood", enum_value("calm").before("happy")).into();
/// assert_eq!(POSTGRES.render(&op)?[0].sql, "ALTER TYPE mood ADD VALUE 'calm' BEFORE 'happy'");
/// # Ok::<(), rectify_schema::Unsupported>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct AddEnumValue {
    /// The type's name.
    pub name: TableName,
    /// The new value.
    pub value: String,
    /// Where it goes.
    pub place: Place,
    /// Do nothing where the type has the value already.
    pub if_not_exists: bool,
    /// What takes the value away again, so that the operation can be reversed.
    pub undo: Option<AlterEnum>,
}

/// A value for an enum type, and where it goes. Made by [`enum_value`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct EnumValue {
    /// The value.
    pub value: String,
    /// Where it goes.
    pub place: Place,
    /// Do nothing where the type has the value already.
    pub if_not_exists: bool,
}

/// Makes a value for an enum type, which goes after all others.
///
/// # Examples
///
/// ```
/// use rectify_schema::build::*;
///
/// let calm = enum_value("calm").before("happy").if_not_exists();
/// # let _ = calm;
/// ```
pub fn enum_value(value: impl Into<String>) -> EnumValue {
    EnumValue { value: value.into(), place: Place::Last, if_not_exists: false }
}

impl EnumValue {
    /// Puts it before another.
    pub fn before(mut self, value: impl Into<String>) -> Self {
        self.place = Place::Before(value.into());
        self
    }

    /// Puts it after another.
    pub fn after(mut self, value: impl Into<String>) -> Self {
        self.place = Place::After(value.into());
        self
    }

    /// Does nothing where the type has the value already.
    pub const fn if_not_exists(mut self) -> Self {
        self.if_not_exists = true;
        self
    }
}

impl From<&str> for EnumValue {
    fn from(value: &str) -> Self {
        enum_value(value)
    }
}

impl From<String> for EnumValue {
    fn from(value: String) -> Self {
        enum_value(value)
    }
}

/// Where a new value of an enum goes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Place {
    /// After all others.
    #[default]
    Last,
    /// Before this one.
    Before(String),
    /// After this one.
    After(String),
}

impl AddEnumValue {
    /// Makes the operation.
    pub fn new(name: impl Into<TableName>, value: impl Into<EnumValue>) -> Self {
        let EnumValue { value, place, if_not_exists } = value.into();
        Self { name: name.into(), value, place, if_not_exists, undo: None }
    }

    /// Says what takes the value away again, so that the operation can be reversed.
    pub fn undo(mut self, undo: AlterEnum) -> Self {
        self.undo = Some(undo);
        self
    }

    pub(super) fn apply(&self, schema: &mut Schema) -> Result<(), ApplyError> {
        let enum_type = schema.enums.iter_mut().find(|other| other.name == self.name);
        let values = &mut enum_type.ok_or_else(|| missing(format!("enum `{}`", self.name)))?.values;
        if values.contains(&self.value) {
            if self.if_not_exists {
                return Ok(());
            }
            return Err(exists(format!("a value `{}` of enum `{}`", self.value, self.name)));
        }
        let find = |value: &String| {
            let at = values.iter().position(|other| other == value);
            at.ok_or_else(|| missing(format!("value `{value}` of enum `{}`", self.name)))
        };
        let at = match &self.place {
            Place::Last => values.len(),
            Place::Before(value) => find(value)?,
            Place::After(value) => find(value)? + 1,
        };
        values.insert(at, self.value.clone());
        Ok(())
    }

    pub(super) fn reverse(&self) -> Result<Operation, &'static str> {
        let undo = self.undo.clone().ok_or("PostgreSQL cannot remove a value from an enum")?;
        Ok(undo.into())
    }
}

impl fmt::Display for AddEnumValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "add value `{}` to enum `{}`", self.value, self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::super::laws;
    use super::*;

    #[test]
    fn the_value_goes_where_it_was_told() {
        let mut schema = laws::sample();
        AddEnumValue::new("mood", enum_value("calm").before("happy")).apply(&mut schema).unwrap();
        AddEnumValue::new("mood", enum_value("glad").after("happy")).apply(&mut schema).unwrap();
        AddEnumValue::new("mood", "zen").apply(&mut schema).unwrap();
        assert_eq!(schema.enums[0].values, ["sad", "calm", "happy", "glad", "zen"]);
        laws::refused(AddEnumValue::new("mood", "sad"), "there already is a value `sad` of enum `mood`");
        AddEnumValue::new("mood", enum_value("sad").if_not_exists()).apply(&mut schema).unwrap();
        assert_eq!(schema.enums[0].values.len(), 5);
        laws::irreversible(AddEnumValue::new("mood", "x"), "cannot remove a value");
        laws::restores(AddEnumValue::new("mood", "x").undo(AlterEnum::new("mood", ["sad", "happy"])));
    }
}
