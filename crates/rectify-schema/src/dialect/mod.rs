//! SQL dialects: how each database spells an operation, and what it cannot do.
//!
//! A dialect only renders text. It never decides what should change, and never sees a connection.

/// Appends formatted text to a `String`.
macro_rules! push {
    ($to:expr, $($format:tt)+) => {{
        use std::fmt::Write as _;
        write!($to, $($format)+).expect("writing to a String cannot fail");
    }};
}

mod rows;
mod shared;
mod version;

pub mod mysql;
pub mod postgres;
pub mod sqlite;

use std::fmt;

pub use version::{ServerVersion, check_version};

use crate::name::{NameError, NameLimit};
use crate::ops::Operation;
use crate::schema::{ColumnType, Value};

/// PostgreSQL, 12 and later.
pub static POSTGRES: &dyn Dialect = &postgres::Postgres;
/// MySQL, 8.0.16 and later.
pub static MYSQL: &dyn Dialect = &mysql::Flavor::Mysql;
/// MariaDB, 10.7 and later.
pub static MARIADB: &dyn Dialect = &mysql::Flavor::Mariadb;
/// SQLite, 3.35 and later.
pub static SQLITE: &dyn Dialect = &sqlite::Sqlite;
/// Every dialect.
pub static ALL: &[&dyn Dialect] =
    &[&postgres::Postgres, &mysql::Flavor::Mysql, &mysql::Flavor::Mariadb, &sqlite::Sqlite];

/// How a database spells operations.
pub trait Dialect: fmt::Debug + Send + Sync {
    /// Gives the name: `postgres`, `mysql`, `mariadb` or `sqlite`.
    fn name(&self) -> &'static str;

    /// Says how long an identifier may be.
    fn name_limit(&self) -> NameLimit;

    /// Tells whether a transaction that is rolled back takes DDL back too.
    fn transactional_ddl(&self) -> bool;

    /// Quotes an identifier if it needs it: a reserved word, capitals, odd characters.
    ///
    /// Does not check it: [`Dialect::name_limit`] does, and [`Dialect::render`] asks it for every name.
    fn quote(&self, name: &str) -> String;

    /// Writes a value as a literal.
    ///
    /// # Errors
    ///
    /// Returns [`Refusal`] if the database has no literal for it: a text with a NUL, a number that is not finite.
    fn literal(&self, value: &Value) -> Result<String, Refusal>;

    /// Spells a type.
    ///
    /// # Errors
    ///
    /// Returns [`Refusal`] if the database has no such type.
    fn type_name(&self, column_type: &ColumnType) -> Result<String, Refusal>;

    /// Reads a type as the database's catalog spells it; what is not known becomes [`ColumnType::Custom`], as it stands.
    ///
    /// Spelling the result again gives the same type, though not always in the same words. Where two of our types share a
    /// spelling, the plainer one is read: `DATETIME` is a timestamp, SQLite's `CHAR(36)` a text.
    fn parse_type(&self, text: &str) -> ColumnType;

    /// Gives the type that the catalog reports for a column which was made with this one.
    ///
    /// What the database cannot spell stays as it is.
    ///
    /// # Examples
    ///
    /// ```
    /// use rectify_schema::{build::*, dialect::POSTGRES};
    ///
    /// assert_eq!(POSTGRES.normalize_type(&custom("character varying(9)")), varchar(9));
    /// ```
    fn normalize_type(&self, column_type: &ColumnType) -> ColumnType;

    /// Spells an operation; what [`Dialect::render`] is made of.
    ///
    /// # Errors
    ///
    /// Returns [`Refusal`] if the database cannot do it.
    fn statements(&self, op: &Operation) -> Result<Vec<Statement>, Refusal>;

    /// Renders an operation as the statements to send, one by one. There may be none: SQLite has no comments, for example.
    ///
    /// # Errors
    ///
    /// Returns [`Unsupported`] if the database cannot do it; it says what to do instead.
    fn render(&self, op: &Operation) -> Result<Vec<Statement>, Unsupported> {
        self.statements(op).map_err(|refusal| Unsupported {
            dialect: self.name(),
            operation: op.to_string(),
            what: refusal.what,
            hint: refusal.hint,
        })
    }
}

/// One SQL statement, without a closing semicolon.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Statement {
    /// The text.
    pub sql: String,
    /// Whether it can run in a transaction; `CREATE INDEX CONCURRENTLY` cannot.
    pub in_transaction: bool,
}

impl Statement {
    /// Makes a statement that can run in a transaction.
    pub fn new(sql: impl Into<String>) -> Self {
        Self { sql: sql.into(), in_transaction: true }
    }

    /// Makes a statement that must run outside a transaction.
    pub fn outside_transaction(sql: impl Into<String>) -> Self {
        Self { sql: sql.into(), in_transaction: false }
    }
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sql)
    }
}

/// What a database cannot do, and what to do instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot {operation}: {dialect} does not support {what}")]
#[non_exhaustive]
pub struct Unsupported {
    /// The dialect's name.
    pub dialect: &'static str,
    /// The operation, on one line.
    pub operation: String,
    /// What is not supported, to follow `does not support`.
    pub what: String,
    /// What to do instead, in the imperative.
    pub hint: String,
}

/// What a dialect cannot spell, without the operation that asked for it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} is not supported")]
pub struct Refusal {
    /// What is not supported, to follow `does not support`.
    pub what: String,
    /// What to do instead, in the imperative.
    pub hint: String,
}

impl Refusal {
    /// Makes a refusal.
    pub fn new(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { what: what.into(), hint: hint.into() }
    }
}

impl From<NameError> for Refusal {
    fn from(error: NameError) -> Self {
        let hint = match error {
            NameError::Empty => "give a name",
            NameError::Nul { .. } => "remove the NUL character",
            NameError::Character { .. } => "choose a name without it",
            NameError::TooLong { .. } => "choose a shorter name",
        };
        Self::new(error.to_string(), hint)
    }
}
