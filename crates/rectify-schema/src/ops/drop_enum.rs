//! Dropping an enum type.

use std::fmt;

use super::{ApplyError, CreateEnum, Operation, missing};
use crate::name::TableName;
use crate::schema::{EnumType, Schema};

/// Drops an enum type on PostgreSQL; the other databases have none to drop, so nothing is sent to them.
///
/// # Examples
///
/// ```
/// use rectify_schema::{dialect::POSTGRES, ops::DropEnum};
///
/// let op = DropEnum::new("mood").into();
/// assert_eq!(POSTGRES.render(&op)?[0].sql, "DROP TYPE mood");
/// # Ok::<(), rectify_schema::Unsupported>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct DropEnum {
    /// The type's name.
    pub name: TableName,
    /// Do nothing where there is no such type.
    pub if_exists: bool,
    /// What the type was, so that the operation can be reversed.
    pub definition: Option<EnumType>,
}

impl DropEnum {
    /// Makes the operation.
    pub fn new(name: impl Into<TableName>) -> Self {
        Self { name: name.into(), if_exists: false, definition: None }
    }

    /// Does nothing where there is no such type.
    pub fn if_exists(mut self) -> Self {
        self.if_exists = true;
        self
    }

    pub(super) fn apply(&self, schema: &mut Schema) -> Result<(), ApplyError> {
        let before = schema.enums.len();
        schema.enums.retain(|other| other.name != self.name);
        if schema.enums.len() == before && !self.if_exists {
            return Err(missing(format!("enum `{}`", self.name)));
        }
        Ok(())
    }

    pub(super) fn reverse(&self) -> Result<Operation, &'static str> {
        let definition = self.definition.clone().ok_or("it does not say which values the enum had")?;
        Ok(CreateEnum::from(definition).into())
    }
}

impl From<&str> for DropEnum {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl From<EnumType> for DropEnum {
    fn from(enum_type: EnumType) -> Self {
        Self { name: enum_type.name.clone(), if_exists: false, definition: Some(enum_type) }
    }
}

impl fmt::Display for DropEnum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "drop enum `{}`", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::super::laws;
    use super::*;

    #[test]
    fn reverse_restores_with_a_definition() {
        laws::restores(DropEnum::from(EnumType::new("mood", ["sad", "happy"])));
        laws::irreversible(DropEnum::new("mood"), "does not say which values the enum had");
        laws::refused(DropEnum::new("nope"), "there is no enum `nope`");
        DropEnum::new("nope").if_exists().apply(&mut laws::sample()).unwrap();
    }
}
