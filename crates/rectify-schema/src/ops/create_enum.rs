//! Creating an enum type.

use std::fmt;

use super::{ApplyError, DropEnum, Operation, exists};
use crate::name::TableName;
use crate::schema::{EnumType, Schema};

/// Creates an enum type on PostgreSQL. The other databases keep the values with each column, so nothing is sent to them.
///
/// # Examples
///
/// ```
/// use rectify_schema::{build::*, dialect::{MYSQL, POSTGRES}, ops::CreateEnum};
///
/// let op = CreateEnum::new("mood", ["sad", "happy"]).into();
/// assert_eq!(POSTGRES.render(&op)?[0].sql, "CREATE TYPE mood AS ENUM ('sad', 'happy')");
/// assert!(MYSQL.render(&op)?.is_empty());
/// # Ok::<(), rectify_schema::Unsupported>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct CreateEnum {
    /// The type.
    pub enum_type: EnumType,
}

impl CreateEnum {
    /// Makes the operation.
    pub fn new<V: Into<String>>(name: impl Into<TableName>, values: impl IntoIterator<Item = V>) -> Self {
        Self { enum_type: EnumType::new(name, values) }
    }

    pub(super) fn apply(&self, schema: &mut Schema) -> Result<(), ApplyError> {
        if schema.enums.iter().any(|other| other.name == self.enum_type.name) {
            return Err(exists(format!("an enum `{}`", self.enum_type.name)));
        }
        schema.enums.push(self.enum_type.clone());
        Ok(())
    }

    pub(super) fn reverse(&self) -> Result<Operation, &'static str> {
        Ok(DropEnum::from(self.enum_type.clone()).into())
    }
}

impl From<EnumType> for CreateEnum {
    fn from(enum_type: EnumType) -> Self {
        Self { enum_type }
    }
}

impl fmt::Display for CreateEnum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "create enum `{}`", self.enum_type.name)
    }
}

#[cfg(test)]
mod tests {
    use super::super::laws;
    use super::*;

    #[test]
    fn reverse_restores() {
        laws::restores(CreateEnum::new("status", ["draft"]));
        laws::refused(CreateEnum::new("mood", ["x"]), "there already is an enum `mood`");
    }
}
