//! The few pieces of SQL that the runner writes itself, for its own tables.

use diesel::QueryResult;
use rectify_schema::TableName;
use rectify_schema::dialect::Dialect;

use crate::database::{Database, Family};

/// `text` as a literal. What the runner writes holds no NUL: it comes from checked ids, hashes and error texts.
pub(crate) fn literal(dialect: &dyn Dialect, text: &str) -> String {
    let doubled = text.replace('\0', "").replace('\'', "''");
    let escaped = if family(dialect) == Family::Mysql { doubled.replace('\\', "\\\\") } else { doubled };
    format!("'{escaped}'")
}

/// `expression` read as text, since rows are read as text.
pub(crate) fn as_text(dialect: &dyn Dialect, expression: &str) -> String {
    match family(dialect) {
        Family::Mysql => format!("CAST({expression} AS CHAR)"),
        Family::Postgres | Family::Sqlite => format!("CAST({expression} AS TEXT)"),
    }
}

/// A table's name, quoted where needed.
pub(crate) fn table(dialect: &dyn Dialect, name: &TableName) -> String {
    match &name.schema {
        Some(schema) => format!("{}.{}", dialect.quote(schema), dialect.quote(&name.name)),
        None => dialect.quote(&name.name),
    }
}

pub(crate) fn family(dialect: &dyn Dialect) -> Family {
    match dialect.name() {
        "postgres" => Family::Postgres,
        "sqlite" => Family::Sqlite,
        _ => Family::Mysql,
    }
}

/// The one text that `sql` yields, if it yields one.
pub(crate) fn one_text(db: &mut dyn Database, sql: &str) -> QueryResult<Option<String>> {
    Ok(db.rows(sql)?.first().and_then(|row| row.text(0)).map(str::to_owned))
}

/// A number of things in words: `1 row`, `2 rows`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("{count} {noun}") } else { format!("{count} {noun}s") }
}
