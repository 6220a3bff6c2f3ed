//! SQL text.

use std::fmt;

use super::{ApplyError, Operation};
use crate::schema::Schema;

/// Runs SQL text as it stands, on every database alike.
///
/// # Examples
///
/// ```
/// use rectify_schema::{Operation, ops::Sql};
///
/// let op = Operation::from(Sql::new("CREATE VIEW adults AS SELECT * FROM users").reverse_with("DROP VIEW adults"));
/// assert_eq!(op.reverse().unwrap().to_string(), "run `DROP VIEW adults`");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Sql {
    /// One statement.
    pub sql: String,
    /// The statement that takes it back.
    pub reverse: Option<String>,
}

impl Sql {
    /// Makes the operation.
    pub fn new(sql: impl Into<String>) -> Self {
        Self { sql: sql.into(), reverse: None }
    }

    /// Says how to take it back.
    pub fn reverse_with(mut self, sql: impl Into<String>) -> Self {
        self.reverse = Some(sql.into());
        self
    }

    #[expect(clippy::unnecessary_wraps, clippy::unused_self, reason = "the same form as every operation")]
    pub(super) const fn apply(&self, _schema: &mut Schema) -> Result<(), ApplyError> {
        Ok(())
    }

    pub(super) fn reverse(&self) -> Result<Operation, &'static str> {
        let reverse = self.reverse.as_ref().ok_or("the SQL text comes without its reverse")?;
        Ok(Self::new(reverse).reverse_with(&self.sql).into())
    }
}

impl From<&str> for Sql {
    fn from(sql: &str) -> Self {
        Self::new(sql)
    }
}

impl From<String> for Sql {
    fn from(sql: String) -> Self {
        Self::new(sql)
    }
}

/// Shows the first line of the text, cut after 60 characters.
impl fmt::Display for Sql {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.sql.trim();
        let line = text.lines().next().unwrap_or_default();
        let shown: String = line.chars().take(60).collect();
        let rest = if shown.len() < text.len() { " ..." } else { "" };
        write!(f, "run `{}{rest}`", shown.trim_end())
    }
}

#[cfg(test)]
mod tests {
    use super::super::laws;
    use super::*;

    #[test]
    fn it_is_reversed_by_its_own_text_only() {
        laws::irreversible(Sql::new("SELECT 1"), "comes without its reverse");
        let op = Operation::from(Sql::new("A").reverse_with("B"));
        assert_eq!(op.reverse().unwrap().reverse().unwrap(), op);
    }

    #[test]
    fn it_is_shown_by_its_first_line() {
        assert_eq!(Sql::new("\n  SELECT 1;\n  SELECT 2").to_string(), "run `SELECT 1; ...`");
    }
}
