//! Enum types.

use crate::name::TableName;

/// An enum: a type of its own on PostgreSQL, `ENUM(...)` on MySQL and MariaDB, text with a check on SQLite.
///
/// Made by [`enumeration`](super::enumeration) as the type of a column, and by `create_enum` as an operation; the latter
/// does nothing where enums are not types of their own, so that one migration works everywhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EnumType {
    /// The type's name.
    pub name: TableName,
    /// The values in order. Empty where only the name is known, as for [`named_enum`](super::named_enum).
    pub values: Vec<String>,
}

impl EnumType {
    /// Makes an enum of a name and its values.
    pub fn new<V: Into<String>>(name: impl Into<TableName>, values: impl IntoIterator<Item = V>) -> Self {
        Self { name: name.into(), values: values.into_iter().map(Into::into).collect() }
    }
}
