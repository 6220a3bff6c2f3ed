//! The values of a typed query as literals, for a script: what the driver would send, written out.

mod mysql;
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;

use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::query_builder::bind_collector::RawBytesBindCollector;
use diesel::result::Error as DieselError;
use diesel::sql_types::TypeMetadata;

pub(crate) use mysql::mysql;
pub(crate) use postgres::postgres;
#[cfg(feature = "sqlite")]
pub(crate) use sqlite::{measure as measure_sqlite, sqlite};

use crate::database::{Family, Measure};

/// A value that cannot be written as a literal.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LiteralError {
    /// The database has no literal for it.
    #[error("{database} has no literal for {what}")]
    None { database: &'static str, what: String },
    /// The bytes are not what their type says.
    #[error("a value of type {what} has {bytes} bytes, which is not understood")]
    Malformed { what: String, bytes: usize },
    /// The query is typed for another database.
    #[error("the query is written for another database: it can be rendered for {for_} only")]
    OtherDatabase { for_: &'static str },
    /// The number of placeholders and values differ.
    #[error("the query has {values} values, and the placeholder {placeholder}")]
    Placeholder { values: usize, placeholder: String },
}

impl From<LiteralError> for DieselError {
    fn from(error: LiteralError) -> Self {
        DieselError::QueryBuilderError(Box::new(error))
    }
}

/// Refuses a query that is typed for one kind of database and asked for in the words of another.
pub(crate) fn only_for(wanted: Family, own: Family) -> QueryResult<()> {
    let for_ = match own {
        Family::Sqlite => "SQLite",
        Family::Postgres => "PostgreSQL",
        Family::Mysql => "MySQL and MariaDB",
    };
    if wanted == own { Ok(()) } else { Err(LiteralError::OtherDatabase { for_ }.into()) }
}

/// How much the values are that were collected for a server.
pub(crate) fn measure<DB: Backend + TypeMetadata>(collected: &RawBytesBindCollector<DB>) -> Measure {
    let bytes = collected.binds.iter().flatten().map(Vec::len).sum();
    Measure { values: collected.binds.len(), bytes }
}

/// `sql` with its placeholders (`$1` on PostgreSQL, `?` elsewhere) replaced by `literals`.
pub(crate) fn substitute(sql: &str, literals: &[String], family: Family) -> QueryResult<String> {
    let mut out = String::with_capacity(sql.len());
    let mut next = 0;
    let mut rest = sql;
    while let Some(c) = rest.chars().next() {
        let length = quoted(rest, family).unwrap_or(c.len_utf8());
        let (piece, after) = rest.split_at(length);
        let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let index: Option<usize> = match (piece, family) {
            ("$", Family::Postgres) if digits > 0 => after[..digits].parse().ok(),
            ("?", Family::Mysql | Family::Sqlite) => {
                next += 1;
                Some(next)
            }
            _ => None,
        };
        let Some(index) = index else {
            out += piece;
            rest = after;
            continue;
        };
        let skipped = if family == Family::Postgres { digits } else { 0 };
        let literal = index.checked_sub(1).and_then(|index| literals.get(index));
        let unknown = || LiteralError::Placeholder {
            values: literals.len(),
            placeholder: format!("{piece}{}", &after[..skipped]),
        };
        out += literal.ok_or_else(unknown)?;
        rest = &after[skipped..];
    }
    Ok(out)
}

/// The length of the text, quoted name or comment that `sql` begins with.
fn quoted(sql: &str, family: Family) -> Option<usize> {
    let until = |end: &str, from: usize| Some(sql[from..].find(end).map_or(sql.len(), |at| from + at + end.len()));
    match sql.as_bytes() {
        [b'-', b'-', ..] => until("\n", 2),
        [b'/', b'*', ..] => until("*/", 2),
        [quote @ (b'\'' | b'"' | b'`'), ..] => Some(string(sql, *quote, family == Family::Mysql)),
        [b'E' | b'e', b'\'', ..] if family == Family::Postgres => Some(1 + string(&sql[1..], b'\'', true)),
        [b'$', ..] if family == Family::Postgres => {
            let tag = sql[1..].find('$').map(|at| &sql[..at + 2])?;
            let is_tag = |c: char| c.is_alphanumeric() || c == '_';
            let inner = &tag[1..tag.len() - 1];
            (inner.chars().all(is_tag) && !inner.starts_with(|c: char| c.is_ascii_digit()))
                .then(|| until(tag, tag.len()))
                .flatten()
        }
        _ => None,
    }
}

/// The length of a quoted text. A doubled quote is read as two texts side by side, which comes to the same.
fn string(sql: &str, quote: u8, backslash: bool) -> usize {
    let mut escaped = false;
    for (at, byte) in sql.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if backslash => escaped = true,
            byte if byte == quote => return at + 1,
            _ => {}
        }
    }
    sql.len()
}

/// A number, in parentheses where a sign in front of it could make a comment.
fn number(text: String) -> String {
    if text.starts_with('-') { format!("({text})") } else { text }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(family: Family, sql: &str, literals: &[&str], expected: &str) {
        let literals: Vec<String> = literals.iter().map(|text| (*text).to_owned()).collect();
        assert_eq!(substitute(sql, &literals, family).unwrap(), expected);
    }

    #[test]
    fn placeholders_are_replaced_and_texts_are_not() {
        check(Family::Postgres, "a = $1 AND b = $2 -- $1", &["1", "'$1'"], "a = 1 AND b = '$1' -- $1");
        check(Family::Postgres, "'$1' || $$ $1 $$ || \"$1\" || $1", &["x"], "'$1' || $$ $1 $$ || \"$1\" || x");
        check(Family::Postgres, "E'\\'$1' || $t$ $1 $t$ || $1", &["x"], "E'\\'$1' || $t$ $1 $t$ || x");
        check(
            Family::Mysql,
            "`?` = '\\'?' AND x = ? /* ? */ AND y = ?",
            &["1", "2"],
            "`?` = '\\'?' AND x = 1 /* ? */ AND y = 2",
        );
        check(Family::Sqlite, "'it''s ?' || ?", &["'ü?'"], "'it''s ?' || 'ü?'");
    }

    #[test]
    fn a_placeholder_without_a_value_is_refused() {
        for (family, sql) in [(Family::Postgres, "$1 || $2"), (Family::Postgres, "$0"), (Family::Sqlite, "? || ?")] {
            assert!(substitute(sql, &["1".to_owned()], family).is_err(), "{sql}");
        }
    }
}
