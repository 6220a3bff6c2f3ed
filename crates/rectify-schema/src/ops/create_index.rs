//! Creating an index.

use std::fmt;

use super::{ApplyError, DropIndex, Operation, exists, table_mut};
use crate::schema::{Index, Schema};

/// Creates an index.
///
/// # Examples
///
/// ```
/// use rectify_schema::{build::*, dialect::POSTGRES, ops::CreateIndex};
///
/// let op = CreateIndex::new(index("ix_users_email").on("users", ["email"]).unique().concurrently());
/// let statements = POSTGRES.render(&op.into())?;
/// assert_eq!(statements[0].sql, "CREATE UNIQUE INDEX CONCURRENTLY ix_users_email ON users (email)");
/// assert!(!statements[0].in_transaction);
/// # Ok::<(), rectify_schema::Unsupported>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct CreateIndex {
    /// The index.
    pub index: Index,
}

impl CreateIndex {
    /// Makes the operation.
    pub const fn new(index: Index) -> Self {
        Self { index }
    }

    pub(super) fn apply(&self, schema: &mut Schema) -> Result<(), ApplyError> {
        let table = table_mut(schema, &self.index.table)?;
        if table.indexes.iter().any(|index| index.name == self.index.name) {
            if self.index.if_not_exists {
                return Ok(());
            }
            return Err(exists(format!("an index `{}`", self.index.name)));
        }
        table.indexes.push(self.index.definition());
        Ok(())
    }

    pub(super) fn reverse(&self) -> Result<Operation, &'static str> {
        let mut drop = DropIndex::from(self.index.definition());
        drop.concurrently = self.index.concurrently;
        Ok(drop.into())
    }
}

impl From<Index> for CreateIndex {
    fn from(index: Index) -> Self {
        Self::new(index)
    }
}

impl fmt::Display for CreateIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "create index `{}` on `{}`", self.index.name, self.index.table)
    }
}

#[cfg(test)]
mod tests {
    use super::super::laws;
    use super::*;
    use crate::build::*;

    #[test]
    fn reverse_restores() {
        laws::restores(CreateIndex::new(index("ix_new").on("users", ["email"]).concurrently()));
    }

    #[test]
    fn a_name_in_use_is_refused() {
        let again = index("ix_users_age").on("users", ["age"]);
        laws::refused(CreateIndex::new(again.clone()), "there already is an index `ix_users_age`");
        CreateIndex::new(again.if_not_exists()).apply(&mut laws::sample()).unwrap();
    }
}
