//! Inserting rows.

use std::fmt;

use super::{ApplyError, Operation};
use crate::name::TableName;
use crate::schema::{DefaultValue, Schema};

/// Inserts rows of named values, in as few statements as the database takes.
///
/// The values are written as literals, so the same statements are sent and put into a script. Rows that name the same
/// columns and follow one another share a statement; what a row does not name gets the column's default.
///
/// # Examples
///
/// ```
/// use rectify_schema::{build::*, dialect::POSTGRES, ops::BulkInsert};
///
/// let rows = [row().set("id", 1).set("name", "it's"), row().set("id", 2).set("name", sql("upper('b')"))];
/// let op = BulkInsert::new("tags", rows).into();
/// let expected = "INSERT INTO tags (id, name) VALUES\n    (1, 'it''s'),\n    (2, upper('b'))";
/// assert_eq!(POSTGRES.render(&op)?[0].sql, expected);
/// # Ok::<(), rectify_schema::Unsupported>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct BulkInsert {
    /// The table.
    pub table: TableName,
    /// The rows, in the order in which they are inserted.
    pub rows: Vec<Row>,
}

/// A row to insert. Made by [`row`].
#[derive(Debug, Clone, Default, PartialEq)]
#[must_use]
pub struct Row {
    /// The columns with their values or SQL expressions.
    pub values: Vec<(String, DefaultValue)>,
}

/// Makes a row without values, which is all defaults.
///
/// # Examples
///
/// ```
/// use rectify_schema::build::*;
///
/// let first = row().set("id", 1).set("name", "admin").set("seen_at", sql("now()")).set("boss", None::<i64>);
/// # let _ = first;
/// ```
pub fn row() -> Row {
    Row::default()
}

impl Row {
    /// Gives a column a value, or an SQL expression.
    pub fn set(mut self, column: impl Into<String>, value: impl Into<DefaultValue>) -> Self {
        self.values.push((column.into(), value.into()));
        self
    }
}

impl BulkInsert {
    /// Makes the operation.
    pub fn new(table: impl Into<TableName>, rows: impl IntoIterator<Item = Row>) -> Self {
        Self { table: table.into(), rows: rows.into_iter().collect() }
    }

    #[expect(clippy::unnecessary_wraps, clippy::unused_self, reason = "the same form as every operation")]
    pub(super) const fn apply(&self, _schema: &mut Schema) -> Result<(), ApplyError> {
        Ok(())
    }

    #[expect(clippy::unused_self, reason = "the same form as every operation")]
    pub(super) const fn reverse(&self) -> Result<Operation, &'static str> {
        Err("which rows to delete is for the migration to say")
    }
}

impl fmt::Display for BulkInsert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = if self.rows.len() == 1 { "row" } else { "rows" };
        write!(f, "insert {} {rows} into table `{}`", self.rows.len(), self.table)
    }
}

#[cfg(test)]
mod tests {
    use super::super::laws;
    use super::*;

    #[test]
    fn it_has_no_reverse() {
        let op = BulkInsert::new("users", [row().set("id", 1)]);
        assert_eq!(op.to_string(), "insert 1 row into table `users`");
        laws::irreversible(op, "which rows to delete");
    }
}
