//! Renaming a table.

use std::fmt;

use super::{ApplyError, Operation, exists, table_mut};
use crate::name::TableName;
use crate::schema::{ObjectKind, Schema};

/// Renames a table within its schema. Foreign keys follow; the names of indexes and constraints stay.
///
/// # Examples
///
/// ```
/// use rectify_schema::{build::*, dialect::POSTGRES, ops::RenameTable};
///
/// let op = RenameTable::new("people", "users");
/// assert_eq!(POSTGRES.render(&op.into())?[0].sql, "ALTER TABLE people RENAME TO users");
/// # Ok::<(), rectify_schema::Unsupported>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct RenameTable {
    /// The table.
    pub from: TableName,
    /// Its new name, in the same schema.
    pub to: String,
}

impl RenameTable {
    /// Makes the operation.
    pub fn new(from: impl Into<TableName>, to: impl Into<String>) -> Self {
        Self { from: from.into(), to: to.into() }
    }

    pub(super) fn apply(&self, schema: &mut Schema) -> Result<(), ApplyError> {
        let to = self.from.sibling(&self.to);
        if schema.table(&to).is_some() {
            return Err(exists(format!("a table `{to}`")));
        }
        let table = table_mut(schema, &self.from)?;
        table.name = to.clone();
        for index in &mut table.indexes {
            index.table = to.clone();
            index.sql = None;
        }
        for object in &mut schema.objects {
            if let ObjectKind::Trigger { table } | ObjectKind::Policy { table } = &mut object.kind
                && *table == self.from
            {
                *table = to.clone();
            }
        }
        for foreign_key in schema.tables.iter_mut().flat_map(|table| &mut table.foreign_keys) {
            if foreign_key.references == self.from {
                foreign_key.references = to.clone();
            }
        }
        Ok(())
    }

    pub(super) fn reverse(&self) -> Result<Operation, &'static str> {
        Ok(Self::new(self.from.sibling(&self.to), &self.from.name).into())
    }
}

impl fmt::Display for RenameTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rename table `{}` to `{}`", self.from, self.to)
    }
}

#[cfg(test)]
mod tests {
    use super::super::laws;
    use super::*;

    #[test]
    fn reverse_restores() {
        laws::restores(RenameTable::new("users", "people"));
    }

    #[test]
    fn references_and_triggers_follow() {
        let mut schema = laws::sample();
        schema.objects = vec![crate::build::trigger("t", "tenants", "…")];
        RenameTable::new("tenants", "clients").apply(&mut schema).unwrap();
        let users = schema.table(&"users".into()).unwrap();
        assert_eq!(users.foreign_keys[0].references.name, "clients");
        assert_eq!(schema.objects[0].kind.on(), Some(&"clients".into()));
    }

    #[test]
    fn a_name_in_use_is_refused() {
        laws::refused(RenameTable::new("users", "tenants"), "there already is a table `tenants`");
        laws::refused(RenameTable::new("nope", "x"), "there is no table `nope`");
    }
}
