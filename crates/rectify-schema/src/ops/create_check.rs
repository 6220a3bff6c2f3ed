//! Adding a check to a table.

use std::fmt;

use super::{ApplyError, DropCheck, Operation, exists, table_mut};
use crate::name::TableName;
use crate::schema::{Check, Schema};

/// Adds a check to a table; fails where a row breaks it. SQLite does it in `op.batch_alter_table` only.
///
/// # Examples
///
/// ```
/// use rectify_schema::{build::*, dialect::POSTGRES, ops::CreateCheck};
///
/// let op = CreateCheck::new("users", check("ck_users_age", "age > 0"));
/// assert_eq!(
///     POSTGRES.render(&op.into())?[0].sql,
///     "ALTER TABLE users ADD CONSTRAINT ck_users_age CHECK (age > 0)"
/// );
/// # Ok::<(), rectify_schema::Unsupported>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct CreateCheck {
    /// The table.
    pub table: TableName,
    /// The check.
    pub check: Check,
}

impl CreateCheck {
    /// Makes the operation.
    pub fn new(table: impl Into<TableName>, check: Check) -> Self {
        Self { table: table.into(), check }
    }

    pub(super) fn apply(&self, schema: &mut Schema) -> Result<(), ApplyError> {
        let table = table_mut(schema, &self.table)?;
        if self.check.name.is_some() && table.checks.iter().any(|other| other.name == self.check.name) {
            let name = self.check.name.as_deref().unwrap_or_default();
            return Err(exists(format!("a check `{name}` on `{}`", self.table)));
        }
        table.checks.push(self.check.definition());
        Ok(())
    }

    pub(super) fn reverse(&self) -> Result<Operation, &'static str> {
        let name = self.check.name.as_ref().ok_or("the database names the check, since the operation does not")?;
        Ok(DropCheck::new(&self.table, name).definition(self.check.clone()).into())
    }
}

impl fmt::Display for CreateCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("create check ")?;
        if let Some(name) = &self.check.name {
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
        laws::restores(CreateCheck::new("users", check("ck_new", "age < 200")));
        let unnamed = Check { name: None, ..check("ck_new", "age < 200") };
        laws::irreversible(CreateCheck::new("users", unnamed), "the database names the check");
    }

    #[test]
    fn a_name_in_use_is_refused() {
        let again = laws::sample().tables[1].checks[0].clone();
        laws::refused(CreateCheck::new("users", again), "there already is a check `ck_users_age` on `users`");
    }
}
