//! Reads a database's catalog into a [`Schema`]: a fixed number of queries, whatever the number of tables.
//!
//! | database | queries | what |
//! | --- | --- | --- |
//! | PostgreSQL | 9 | schemas and extensions, tables, columns, constraints, exclusion constraints, indexes, enums, sequences, objects |
//! | MySQL, MariaDB | 9 at most | databases, tables, columns, indexes, foreign keys, checks, objects; sequences and partitions if there are any |
//! | SQLite | 1, and 2 for each schema | schemas, `sqlite_master`, columns |
//!
//! What comes back is what the database keeps, names that it invented included. Left out are Rectify's own tables, what
//! extensions made, partitions, the system's schemas, the sequences that number the rows of a column, the indexes behind
//! constraints, and SQLite's virtual tables with the tables behind them.
//!
//! Some things are the same to a database, and come back in one form:
//! - MySQL and MariaDB know no difference between a unique constraint and a unique index: it is an
//!   [`Index`](rectify_schema::Index), and `Table::uniques` is empty.
//! - A PostgreSQL `serial` column is an [`Identity`](rectify_schema::Identity), since it is numbered in the same way, and
//!   its default, which names a sequence of the table's own, makes no sense in another table.
//! - A default or a foreign key action that says what holds anyway (`DEFAULT NULL`, `NO ACTION`) is left out.
//! - A check of one column (MariaDB) has no name; made again it is one of the table, to which the server gives a name.
//! - Outer parentheses of an expression are left out, since whoever writes it puts them around it again.

mod defaults;
mod mysql;
mod names;
mod options;
mod postgres;
mod sqlite;
pub(crate) mod tokens;

use std::collections::HashSet;
use std::hash::Hash;

use rectify_schema::batch::{Attached, Program};
use rectify_schema::dialect::Dialect;
use rectify_schema::{Extension, Schema, SqlObject, Table, TableName};

use crate::database::{Database, Family, TextRow};
use crate::error::DatabaseError;
use crate::runner::dialect_of;
use crate::runner::sql::{family, literal};

pub(crate) use names::{names_in, put_on};
pub use options::InspectOptions;

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
    /// The database refused a transaction to read in.
    #[error("failed to read the catalog in a transaction of its own")]
    Transaction(#[source] DatabaseError),
    /// The connection has no current schema, and none was named.
    #[error("the connection has no current schema to read")]
    NoSchema,
    /// The database did not say which it is.
    #[error("failed to ask the database for its version")]
    Version(#[source] DatabaseError),
    /// The catalog holds a definition that is not understood.
    #[error("the catalog's definition of {what} is not understood: {sql}")]
    NotUnderstood {
        /// The kind and name of the object.
        what: String,
        /// The definition.
        sql: String,
    },
}

/// Reads what `options` ask for: tables with all that belongs to them, enum types, sequences, views, functions and triggers,
/// extensions, and the names of the schemas.
///
/// A name carries its schema unless that is the current one. All queries see the same state where the database can give it:
/// unless a transaction is open already, they run in one of their own, which only reads.
///
/// # Errors
///
/// Returns [`InspectError`] if the database refuses a query, keeps a definition that is not understood, or has no current
/// schema while none is named.
///
/// # Examples
///
/// ```
/// # #[cfg(feature = "sqlite")]
/// # fn main() -> rectify::Result<()> {
/// use rectify::inspect::InspectOptions;
/// use rectify::{AnyConnection, Create, Database};
///
/// let mut connection = AnyConnection::connect("sqlite::memory:", Create::IfMissing)?;
/// connection.run("CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL)")?;
/// let schema = rectify::inspect(&mut connection, &InspectOptions::default())?;
/// assert_eq!(schema.tables[0].columns[1].name, "email");
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "sqlite"))]
/// # fn main() {}
/// ```
pub fn inspect(db: &mut dyn Database, options: &InspectOptions) -> Result<Schema, InspectError> {
    if db.in_transaction() {
        return read_all(db, options);
    }
    if db.family() == Family::Mysql {
        // Its catalog is no part of a transaction.
        return read_all(db, options);
    }
    let refused = |error: diesel::result::Error| InspectError::Transaction(error.into());
    db.begin().map_err(refused)?;
    let read = begin_reading(db).map_err(refused).and_then(|()| read_all(db, options));
    // Nothing was written, so a failed rollback takes nothing away from what was read; a failed read tells more itself.
    let ended = db.rollback().map_err(refused);
    let schema = read?;
    ended.map(|()| schema)
}

/// Reads what each of `scopes` asks for, and puts it together: the current schema beside others, say.
///
/// # Errors
///
/// As [`inspect`].
pub fn inspect_all(db: &mut dyn Database, scopes: &[InspectOptions]) -> Result<Schema, InspectError> {
    let mut schema = Schema::default();
    for options in scopes {
        join(&mut schema, inspect(db, options)?);
    }
    Ok(schema)
}

/// Puts in what is not there yet: the current schema may be named too.
fn join(schema: &mut Schema, other: Schema) {
    fn add<T, K: Eq + Hash>(to: &mut Vec<T>, from: Vec<T>, key: impl Fn(&T) -> K) {
        let mut known: HashSet<K> = to.iter().map(&key).collect();
        to.extend(from.into_iter().filter(|item| known.insert(key(item))));
    }
    add(&mut schema.tables, other.tables, |table| table.name.clone());
    add(&mut schema.enums, other.enums, |found| found.name.clone());
    add(&mut schema.sequences, other.sequences, |sequence| sequence.name.clone());
    add(&mut schema.objects, other.objects, |object| (object.kind.clone(), object.name.clone()));
    add(&mut schema.schemas, other.schemas, String::clone);
    add(&mut schema.extensions, other.extensions, |extension| extension.name.clone());
}

/// Catalog queries of one transaction see one state only if they are told to.
fn begin_reading(db: &mut dyn Database) -> Result<(), diesel::result::Error> {
    match db.family() {
        Family::Postgres => db.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"),
        Family::Mysql | Family::Sqlite => Ok(()),
    }
}

fn read_all(db: &mut dyn Database, options: &InspectOptions) -> Result<Schema, InspectError> {
    let dialect = dialect_of(db).map_err(InspectError::Version)?;
    let (schemas, extensions) = schemas(db)?;
    if options.schemas.is_empty() && schemas.current.is_none() {
        return Err(InspectError::NoSchema);
    }
    let chosen: Vec<String> = options.choose(&schemas.all, schemas.current.as_ref()).into_iter().cloned().collect();
    let mut found = Schema::default();
    if !chosen.is_empty() {
        found = schema(db, dialect, &Scope::schemas(&chosen))?;
        options.filter(&mut found, schemas.current.as_deref().unwrap_or_default());
    }
    found.extensions = extensions;
    // This one comes with every database.
    let is_made = |name: &String| Some(name) != schemas.current.as_ref() && name != "public";
    found.schemas = chosen.into_iter().filter(is_made).collect();
    Ok(found)
}

/// The schema that a bare name means, if there is one.
pub(crate) fn current_schema(db: &mut dyn Database) -> Result<Option<String>, InspectError> {
    Ok(schemas(db)?.0.current)
}

fn schemas(db: &mut dyn Database) -> Result<(Schemas, Vec<Extension>), InspectError> {
    match db.family() {
        Family::Sqlite => Ok((sqlite::schemas(db)?, Vec::new())),
        Family::Postgres => postgres::schemas(db),
        Family::Mysql => Ok((mysql::schemas(db)?, Vec::new())),
    }
}

/// The schemas of a database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Schemas {
    /// The one that a bare name means, if there is one.
    current: Option<String>,
    /// All but the system's.
    all: Vec<String>,
}

/// Reads what lives in the schemas that `scope` names.
///
/// Leaves nothing out, and all queries see the same state of the database only inside a transaction that makes it so:
/// [`inspect`] does both.
///
/// # Errors
///
/// As [`inspect`].
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
/// As [`inspect`].
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
/// definition a [`Table`] cannot say, such as `DESC` in a key.
///
/// # Errors
///
/// As [`inspect`].
pub(crate) fn attached(
    db: &mut dyn Database,
    dialect: &dyn Dialect,
    table: &TableName,
) -> Result<Attached, InspectError> {
    sqlite::attached(db, dialect, table)
}

/// As [`attached`], of the objects that a script knows.
pub(crate) fn attached_among(table: &TableName, objects: &[SqlObject]) -> Result<Vec<Program>, InspectError> {
    sqlite::attached_among(table, objects)
}

/// Whether the text of an object on SQLite has `name` as a name.
pub(crate) fn speaks_of(object: &SqlObject, name: &str) -> bool {
    sqlite::speaks_of(object, name)
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
