//! Adding a foreign key to a table.

use std::fmt;

use super::{ApplyError, DropForeignKey, Operation, exists, table_mut};
use crate::name::TableName;
use crate::schema::{ForeignKey, Schema};

/// Adds a foreign key to a table; fails where a row breaks it. SQLite does it in `op.batch_alter_table` only.
///
/// # Examples
///
/// ```
/// use rectify_schema::{build::*, dialect::POSTGRES, ops::CreateForeignKey};
///
/// let op = CreateForeignKey::new("users", foreign_key("fk_users_boss").on(["boss"]).references("users", ["id"]));
/// assert_eq!(
///     POSTGRES.render(&op.into())?[0].sql,
///     "ALTER TABLE users ADD CONSTRAINT fk_users_boss FOREIGN KEY (boss) REFERENCES users (id)"
/// );
/// # Ok::<(), rectify_schema::Unsupported>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct CreateForeignKey {
    /// The table.
    pub table: TableName,
    /// The foreign key.
    pub foreign_key: ForeignKey,
}

impl CreateForeignKey {
    /// Makes the operation.
    pub fn new(table: impl Into<TableName>, foreign_key: ForeignKey) -> Self {
        Self { table: table.into(), foreign_key }
    }

    pub(super) fn apply(&self, schema: &mut Schema) -> Result<(), ApplyError> {
        let table = table_mut(schema, &self.table)?;
        if self.foreign_key.name.is_some() && table.foreign_keys.iter().any(|other| other.name == self.foreign_key.name)
        {
            let name = self.foreign_key.name.as_deref().unwrap_or_default();
            return Err(exists(format!("a foreign key `{name}` on `{}`", self.table)));
        }
        table.foreign_keys.push(ForeignKey { not_valid: false, ..self.foreign_key.clone() });
        Ok(())
    }

    pub(super) fn reverse(&self) -> Result<Operation, &'static str> {
        let name =
            self.foreign_key.name.as_ref().ok_or("the database names the foreign key, since the operation does not")?;
        Ok(DropForeignKey::new(&self.table, name).definition(self.foreign_key.clone()).into())
    }
}

impl fmt::Display for CreateForeignKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("create foreign key ")?;
        if let Some(name) = &self.foreign_key.name {
            write!(f, "`{name}` ")?;
        }
        write!(f, "on `{}`", self.table)
    }
}

#[cfg(test)]
mod tests {
    use super::super::laws;
    use super::*;
    use crate::build::*;

    #[test]
    fn reverse_restores() {
        laws::restores(CreateForeignKey::new("users", foreign_key("fk_new").on(["age"]).references("users", ["id"])));
        let unnamed = ForeignKey { name: None, ..foreign_key("fk_new").on(["age"]).references("users", ["id"]) };
        laws::irreversible(CreateForeignKey::new("users", unnamed), "the database names the foreign key");
    }

    #[test]
    fn a_name_in_use_is_refused() {
        let again = laws::sample().tables[1].foreign_keys[0].clone();
        laws::refused(
            CreateForeignKey::new("users", again),
            "there already is a foreign key `fk_users_tenant` on `users`",
        );
    }
}
