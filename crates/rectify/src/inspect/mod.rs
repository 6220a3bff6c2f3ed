//! Reads a database's catalog into a [`Schema`]: a fixed number of queries, whatever the number of tables.
//!
//! | database | queries | what |
//! | --- | --- | --- |
//! | PostgreSQL | 5 | tables, columns, constraints, indexes, enums |
//! | MySQL, MariaDB | 6 | tables, columns, indexes, key columns, foreign key rules, checks |
//! | SQLite | 2 for each schema | `sqlite_master`, columns |
//!
//! What comes back is what the database keeps: Rectify's own tables too, and names that the database invented. Views are
//! left out, and so are partitions, tables of extensions and the tables behind SQLite's virtual tables.
//!
//! Some things are the same to a database, and come back in one form:
//! - MySQL and MariaDB know no difference between a unique constraint and a unique index: it is an
//!   [`Index`](rectify_schema::Index), and `Table::uniques` is empty.
//! - A PostgreSQL `serial` column is an [`Identity`](rectify_schema::Identity), since it is numbered in the same way, and
//!   its default, which names a sequence of the table's own, makes no sense in another table.
//! - A default or a foreign key action that says what holds anyway (`DEFAULT NULL`, `NO ACTION`) is left out.
//! - Outer parentheses of an expression are left out, since whoever writes it puts them around it again.

mod defaults;
mod mysql;
mod postgres;
mod sqlite;
mod tokens;

use rectify_schema::batch::Attached;
use rectify_schema::dialect::Dialect;
use rectify_schema::{Schema, Table, TableName};

use crate::database::{Database, Family, TextRow};
use crate::error::DatabaseError;
use crate::runner::sql::{family, literal};

/// What to read of a database. The default is every table of the current schema.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// The schemas (MySQL and MariaDB: databases; SQLite: attached databases); none is the current one.
    pub schemas: Vec<String>,
    /// One table alone.
    pub table: Option<String>,
}

impl Scope {
    /// The tables of these schemas, the current one only if it is among them.
    #[must_use]
    pub fn schemas<S: Into<String>>(schemas: impl IntoIterator<Item = S>) -> Self {
        Self { schemas: schemas.into_iter().map(Into::into).collect(), table: None }
    }

    fn table(name: &TableName) -> Self {
        Self { schemas: name.schema.iter().cloned().collect(), table: Some(name.name.clone()) }
    }
}

/// Why a catalog could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InspectError {
    /// The database refused a query of its catalog.
    #[error("failed to read {what} from the catalog")]
    Query {
        /// What was being read, in the plural.
        what: &'static str,
        /// What the database said.
        source: DatabaseError,
    },
    /// The catalog holds a definition that is not understood.
    #[error("the catalog's definition of {what} is not understood: {sql}")]
    NotUnderstood {
        /// The kind and name of the object.
        what: String,
        /// The definition.
        sql: String,
    },
}

/// Reads the tables and enum types that `scope` names.
///
/// A name carries its schema unless that is the current one. All queries see the same state of the database only inside
/// a transaction that makes it so.
///
/// # Errors
///
/// Returns [`InspectError`] if the database refuses a query, or keeps a definition that is not understood.
pub fn schema(db: &mut dyn Database, dialect: &dyn Dialect, scope: &Scope) -> Result<Schema, InspectError> {
    match family(dialect) {
        Family::Sqlite => sqlite::schema(db, dialect, scope),
        Family::Postgres => postgres::schema(db, dialect, scope),
        Family::Mysql => mysql::schema(db, dialect, scope),
    }
}

/// Reads one table, if there is one: the table that a statement which says `name` would change.
///
/// It comes back under the schema that `name` gives, and under its own spelling where case does not matter.
///
/// # Errors
///
/// As [`schema`].
pub(crate) fn table(
    db: &mut dyn Database,
    dialect: &dyn Dialect,
    name: &TableName,
) -> Result<Option<Table>, InspectError> {
    let found = schema(db, dialect, &Scope::table(name))?;
    Ok(found.tables.into_iter().next().map(|mut table| {
        table.name.schema.clone_from(&name.schema);
        for index in &mut table.indexes {
            index.table = table.name.clone();
        }
        table
    }))
}

/// Finds what a rebuild of a SQLite table has to carry over: triggers and views that speak of it; and what of its own
/// definition a [`Table`] cannot say, such as `ON CONFLICT REPLACE`.
///
/// # Errors
///
/// As [`schema`].
pub(crate) fn attached(
    db: &mut dyn Database,
    dialect: &dyn Dialect,
    table: &TableName,
) -> Result<Attached, InspectError> {
    sqlite::attached(db, dialect, table)
}

/// Sends a catalog query. `what` names what it reads, in the plural.
fn read<R: From<TextRow>>(db: &mut dyn Database, what: &'static str, sql: &str) -> Result<Vec<R>, InspectError> {
    match db.rows(sql) {
        Ok(rows) => Ok(rows.into_iter().map(R::from).collect()),
        Err(error) => Err(InspectError::Query { what, source: error.into() }),
    }
}

/// The values of a row, for a pattern that names them; a query that gives fewer gives `NULL`s.
fn values<const N: usize>(row: TextRow) -> [Option<String>; N] {
    let mut values = row.0.into_iter();
    std::array::from_fn(|_| values.next().flatten())
}

/// `'a', 'b'`, for `IN`.
fn literals<'a>(dialect: &dyn Dialect, texts: impl IntoIterator<Item = &'a String>) -> String {
    let quoted: Vec<_> = texts.into_iter().map(|text| literal(dialect, text)).collect();
    quoted.join(", ")
}

/// The rows of a catalog as a test has them recorded: a line each, `|` between the values, `\N` for `NULL`.
#[cfg(test)]
fn recorded<R: From<TextRow>>(text: &str) -> Vec<R> {
    let value = |value: &str| (value != "\\N").then(|| value.to_owned());
    text.lines().map(|line| R::from(TextRow(line.split('|').map(value).collect()))).collect()
}
