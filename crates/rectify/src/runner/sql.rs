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

/// Whether there is such a table.
pub(crate) fn is_there(db: &mut dyn Database, dialect: &dyn Dialect, name: &TableName) -> QueryResult<bool> {
    let schema = name.schema.as_ref().map(|schema| literal(dialect, schema));
    let found = if_there(dialect, schema.as_deref(), &name.name);
    Ok(one_text(db, &format!("SELECT {found}"))?.is_some())
}

/// An expression that is the name of a table, or NULL where there is none. `schema` is an expression as well; without it the
/// table is looked for where the session looks.
pub(crate) fn if_there(dialect: &dyn Dialect, schema: Option<&str>, name: &str) -> String {
    let name = literal(dialect, name);
    match (family(dialect), schema) {
        (Family::Postgres, None) => format!("to_regclass(quote_ident({name}))::text"),
        (Family::Postgres, Some(schema)) => {
            format!("to_regclass(quote_ident({schema}) || '.' || quote_ident({name}))::text")
        }
        (Family::Mysql, schema) => format!(
            "(SELECT MIN(table_name) FROM information_schema.tables WHERE table_schema = {} AND table_name = {name})",
            schema.unwrap_or("DATABASE()"),
        ),
        // By its name, where `sqlite_master` would be read from end to end.
        (Family::Sqlite, None) => format!("(SELECT MIN(name) FROM pragma_table_info({name}))"),
        (Family::Sqlite, Some(schema)) => format!("(SELECT MIN(name) FROM pragma_table_info({name}, {schema}))"),
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
