//! Giving an enum type other values.

use std::fmt;

use super::{ApplyError, Operation, missing};
use crate::name::TableName;
use crate::schema::{Column, EnumType, Schema};

/// Gives an enum type other values, or another order of them (PostgreSQL): makes the type anew, and converts the columns
/// that use it.
///
/// A row that holds a value which is no longer among them makes it fail. A column's default, where it is a value, is set
/// again if the type still has it. Views, checks and indexes with conditions on a column stand in the way: drop them
/// before. The other databases keep the values with each column, so there is nothing to do there.
///
/// # Examples
///
/// ```
/// use rectify_schema::{build::*, dialect::POSTGRES, ops::AlterEnum};
///
/// let people = column("mood", named_enum("mood")).server_default("sad");
/// let op = AlterEnum::new("mood", ["sad", "glad"]).used_by("people", people).into();
/// let sql: Vec<_> = POSTGRES.render(&op)?.into_iter().map(|statement| statement.sql).collect();
/// assert_eq!(sql, [
///     "ALTER TYPE mood RENAME TO mood__old",
///     "CREATE TYPE mood AS ENUM ('sad', 'glad')",
///     "ALTER TABLE people ALTER COLUMN mood DROP DEFAULT",
///     "ALTER TABLE people ALTER COLUMN mood TYPE mood USING mood::text::mood",
///     "ALTER TABLE people ALTER COLUMN mood SET DEFAULT 'sad'",
///     "DROP TYPE mood__old",
/// ]);
/// # Ok::<(), rectify_schema::Unsupported>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct AlterEnum {
    /// The type's name, and its values from now on.
    pub enum_type: EnumType,
    /// The columns that use it, each with its table.
    pub columns: Vec<(TableName, Column)>,
    /// The values before, so that the operation can be reversed.
    pub existing: Option<Vec<String>>,
}

impl AlterEnum {
    /// Makes the operation.
    pub fn new<V: Into<String>>(name: impl Into<TableName>, values: impl IntoIterator<Item = V>) -> Self {
        EnumType::new(name, values).into()
    }

    /// Names a column that uses the type.
    pub fn used_by(mut self, table: impl Into<TableName>, column: Column) -> Self {
        self.columns.push((table.into(), column));
        self
    }

    /// Says which values the type has before, so that the operation can be reversed.
    pub fn existing<V: Into<String>>(mut self, values: impl IntoIterator<Item = V>) -> Self {
        self.existing = Some(values.into_iter().map(Into::into).collect());
        self
    }

    pub(super) fn apply(&self, schema: &mut Schema) -> Result<(), ApplyError> {
        let name = &self.enum_type.name;
        let found = schema.enums.iter_mut().find(|other| other.name == *name);
        found.ok_or_else(|| missing(format!("enum `{name}`")))?.values.clone_from(&self.enum_type.values);
        Ok(())
    }

    pub(super) fn reverse(&self) -> Result<Operation, &'static str> {
        let existing = self.existing.clone().ok_or("it does not say which values the enum had")?;
        let enum_type = EnumType { name: self.enum_type.name.clone(), values: existing };
        let (columns, existing) = (self.columns.clone(), Some(self.enum_type.values.clone()));
        Ok(Self { enum_type, columns, existing }.into())
    }
}

/// From the type as it is to be.
impl From<EnumType> for AlterEnum {
    fn from(enum_type: EnumType) -> Self {
        Self { enum_type, columns: Vec::new(), existing: None }
    }
}

impl fmt::Display for AlterEnum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "change the values of enum `{}`", self.enum_type.name)
    }
}

#[cfg(test)]
mod tests {
    use super::super::laws;
    use super::*;

    #[test]
    fn reverse_restores_with_the_old_values() {
        laws::restores(AlterEnum::new("mood", ["happy", "calm"]).existing(["sad", "happy"]));
        laws::irreversible(AlterEnum::new("mood", ["calm"]), "does not say which values the enum had");
        laws::refused(AlterEnum::new("nope", ["x"]), "there is no enum `nope`");
    }
}
