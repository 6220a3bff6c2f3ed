//! Setting and removing the comment of a table.

use std::fmt;

use super::{ApplyError, Operation, table_mut};
use crate::name::TableName;
use crate::schema::Schema;

/// Sets or removes the comment of a table. SQLite has no comments, so nothing is sent to it.
///
/// # Examples
///
/// ```
/// use rectify_schema::{dialect::POSTGRES, ops::SetTableComment};
///
/// let op = SetTableComment::new("users", Some("People who sign in")).into();
/// assert_eq!(POSTGRES.render(&op)?[0].sql, "COMMENT ON TABLE users IS 'People who sign in'");
/// # Ok::<(), rectify_schema::Unsupported>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct SetTableComment {
    /// The table.
    pub table: TableName,
    /// The comment; `None` removes it.
    pub comment: Option<String>,
    /// The comment before (`Some(None)`: there was none), so that the operation can be reversed.
    pub existing: Option<Option<String>>,
}

impl SetTableComment {
    /// Makes the operation.
    pub fn new(table: impl Into<TableName>, comment: Option<impl Into<String>>) -> Self {
        Self { table: table.into(), comment: comment.map(Into::into), existing: None }
    }

    /// Says what the comment was, so that the operation can be reversed.
    pub fn existing(mut self, comment: Option<impl Into<String>>) -> Self {
        self.existing = Some(comment.map(Into::into));
        self
    }

    pub(super) fn apply(&self, schema: &mut Schema) -> Result<(), ApplyError> {
        table_mut(schema, &self.table)?.comment = self.comment.clone();
        Ok(())
    }

    pub(super) fn reverse(&self) -> Result<Operation, &'static str> {
        let existing = self.existing.clone().ok_or("it does not say what the comment was")?;
        Ok(Self::new(&self.table, existing).existing(self.comment.clone()).into())
    }
}

impl fmt::Display for SetTableComment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = if self.comment.is_some() { "set" } else { "remove" };
        write!(f, "{verb} comment of table `{}`", self.table)
    }
}

#[cfg(test)]
mod tests {
    use super::super::laws;
    use super::*;

    #[test]
    fn reverse_restores_with_the_old_comment() {
        laws::restores(SetTableComment::new("users", Some("new")).existing(Some("people")));
        laws::restores(SetTableComment::new("users", None::<String>).existing(Some("people")));
        laws::irreversible(SetTableComment::new("users", Some("new")), "does not say what the comment was");
    }
}
