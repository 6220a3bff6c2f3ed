//! What the runner needs of a connection, whatever its type: send one statement, read rows as text, move a transaction.
//!
//! Everything above this file is written once, for `&mut dyn Database`, so that a migrations crate compiles only its
//! own functions and not the runner again.

use std::any::Any;
use std::{fmt, iter};

use diesel::QueryResult;
use diesel::backend::{Backend, DieselReserveSpecialization};
use diesel::connection::{LoadConnection, TransactionManager, TransactionManagerStatus};
use diesel::deserialize::{self, FromSql, QueryableByName};
use diesel::expression::QueryMetadata;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::query_dsl::RunQueryDsl;
use diesel::row::{Field, NamedRow, Row};
use diesel::serialize::ToSql;
use diesel::sql_types::{HasSqlType, Text, Untyped};

/// A kind of database, as the backend type tells it. MySQL and MariaDB are one kind until the server says its version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// SQLite
    Sqlite,
    /// PostgreSQL
    Postgres,
    /// MySQL or MariaDB
    Mysql,
}

/// A Diesel backend that migrations run on.
///
/// Implemented for Diesel's own backends and for the one of [`AnyConnection`](crate::AnyConnection). An enum of one's own
/// under `#[derive(diesel::MultiConnection)]` works as well, once this is implemented for its `MultiBackend`.
pub trait SupportedBackend: Backend {
    /// Which kind of database `connection` leads to.
    fn family(connection: &dyn Any) -> Family;

    /// The SQL text of `query` for a database of this kind, with placeholders for its values.
    ///
    /// # Errors
    /// What Diesel says of a query that this backend cannot express, and where the backend is for another kind.
    fn render(family: Family, query: &dyn QueryFragment<Self>) -> QueryResult<String>;

    /// The same with the values written out, for offline SQL.
    ///
    /// # Errors
    /// As [`SupportedBackend::render`], and where the database has no literal for a value.
    fn render_with_literals(family: Family, query: &dyn QueryFragment<Self>) -> QueryResult<String>;

    /// How much a query sends beside its text.
    ///
    /// # Errors
    /// As [`SupportedBackend::render`].
    fn measure(family: Family, query: &dyn QueryFragment<Self>) -> QueryResult<Measure>;
}

/// How much a query sends beside its text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measure {
    /// How many values are bound.
    pub values: usize,
    /// How many bytes they have together; 0 on SQLite, which sends nothing anywhere.
    pub bytes: usize,
}

/// `supported_backend!(backend, family, its lookup of types, how its collected values become literals, how they are measured)`
macro_rules! supported_backend {
    ($backend:ty, $family:ident, $lookup:expr, $literals:expr, $measure:expr) => {
        impl $crate::database::SupportedBackend for $backend {
            fn family(_: &dyn ::std::any::Any) -> $crate::database::Family {
                $crate::database::Family::$family
            }

            fn render(
                family: $crate::database::Family,
                query: &dyn ::diesel::query_builder::QueryFragment<Self>,
            ) -> ::diesel::QueryResult<String> {
                use ::diesel::query_builder::QueryBuilder;
                $crate::offline::literals::only_for(family, $crate::database::Family::$family)?;
                let mut builder = <Self as ::diesel::backend::Backend>::QueryBuilder::default();
                query.to_sql(&mut builder, &Self::default())?;
                Ok(builder.finish())
            }

            fn render_with_literals(
                family: $crate::database::Family,
                query: &dyn ::diesel::query_builder::QueryFragment<Self>,
            ) -> ::diesel::QueryResult<String> {
                let sql = Self::render(family, query)?;
                let (mut collected, backend) = (Default::default(), Self::default());
                query.collect_binds(&mut collected, $lookup, &backend)?;
                $crate::offline::literals::substitute(&sql, &$literals(&collected)?, family)
            }

            fn measure(
                family: $crate::database::Family,
                query: &dyn ::diesel::query_builder::QueryFragment<Self>,
            ) -> ::diesel::QueryResult<$crate::database::Measure> {
                $crate::offline::literals::only_for(family, $crate::database::Family::$family)?;
                let (mut collected, backend) = (Default::default(), Self::default());
                query.collect_binds(&mut collected, $lookup, &backend)?;
                Ok($measure(&collected))
            }
        }
    };
}
pub(crate) use supported_backend;

/// A connection that migrations can run on: any synchronous Diesel connection whose backend is supported.
///
/// Implemented for all of them; there is nothing to implement by hand. One statement a call: PostgreSQL runs a batch of
/// several as one implicit transaction.
pub trait Database: 'static {
    /// Which kind of database this is.
    fn family(&self) -> Family;
    /// Runs one statement.
    ///
    /// # Errors
    /// What the database said.
    fn run(&mut self, sql: &str) -> QueryResult<()>;
    /// Runs one statement and counts the rows that it changed.
    ///
    /// # Errors
    /// What the database said.
    fn change(&mut self, statement: &Parametrized<'_>) -> QueryResult<usize>;
    /// Reads all rows of a query whose columns are text.
    ///
    /// # Errors
    /// What the database said.
    fn rows(&mut self, sql: &str) -> QueryResult<Vec<TextRow>>;
    /// Opens a transaction, or a savepoint inside one.
    ///
    /// # Errors
    /// What the database said.
    fn begin(&mut self) -> QueryResult<()>;
    /// Commits the innermost transaction or savepoint.
    ///
    /// # Errors
    /// What the database said.
    fn commit(&mut self) -> QueryResult<()>;
    /// Rolls the innermost transaction or savepoint back.
    ///
    /// # Errors
    /// What the database said.
    fn rollback(&mut self) -> QueryResult<()>;
    /// Whether a transaction is open.
    fn in_transaction(&mut self) -> bool;
    /// The connection itself, for who knows its type.
    fn as_any_mut(&mut self) -> &mut dyn Any;
}

impl fmt::Debug for dyn Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Database({:?})", self.family())
    }
}

impl<C> Database for C
where
    C: LoadConnection + 'static,
    C::Backend: SupportedBackend + HasSqlType<Text> + QueryMetadata<Untyped> + DieselReserveSpecialization,
    String: FromSql<Text, C::Backend>,
    str: ToSql<Text, C::Backend>,
{
    fn family(&self) -> Family {
        C::Backend::family(self)
    }

    fn run(&mut self, sql: &str) -> QueryResult<()> {
        self.batch_execute(sql)
    }

    fn change(&mut self, statement: &Parametrized<'_>) -> QueryResult<usize> {
        self.execute_returning_count(statement)
    }

    fn rows(&mut self, sql: &str) -> QueryResult<Vec<TextRow>> {
        diesel::sql_query(sql).load(self)
    }

    fn begin(&mut self) -> QueryResult<()> {
        C::TransactionManager::begin_transaction(self)
    }

    fn commit(&mut self) -> QueryResult<()> {
        C::TransactionManager::commit_transaction(self)
    }

    fn rollback(&mut self) -> QueryResult<()> {
        C::TransactionManager::rollback_transaction(self)
    }

    fn in_transaction(&mut self) -> bool {
        match C::TransactionManager::transaction_manager_status_mut(self) {
            TransactionManagerStatus::Valid(status) => status.transaction_depth().is_some(),
            TransactionManagerStatus::InError => true,
        }
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

/// A statement whose values, all of them text, are sent beside it.
#[derive(Clone, Debug)]
pub struct Parametrized<'a> {
    /// What stands before each value, and what behind the last one.
    pub pieces: Vec<String>,
    /// The values, one less than the pieces.
    pub values: Vec<&'a str>,
    /// Whether it stays prepared for the next time, as Diesel keeps its own queries. A pool that may give each transaction
    /// another connection loses it.
    pub keep: bool,
}

impl From<String> for Parametrized<'_> {
    /// A statement without values, which does not stay prepared.
    fn from(sql: String) -> Self {
        Self { pieces: vec![sql], values: Vec::new(), keep: false }
    }
}

impl Parametrized<'_> {
    /// The statement with its values in it, as `literal` writes them.
    pub fn written_out(&self, literal: impl Fn(&str) -> String) -> String {
        let mut sql = String::new();
        for (piece, value) in self.parts() {
            sql.push_str(piece);
            sql.extend(value.map(&literal));
        }
        sql
    }

    /// Each piece, and the value behind it.
    fn parts(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        let values = self.values.iter().copied().map(Some).chain(iter::once(None));
        self.pieces.iter().map(String::as_str).zip(values)
    }
}

impl QueryId for Parametrized<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<DB> QueryFragment<DB> for Parametrized<'_>
where
    DB: Backend + HasSqlType<Text> + DieselReserveSpecialization,
    str: ToSql<Text, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        if !self.keep {
            out.unsafe_to_cache_prepared();
        }
        for (piece, value) in self.parts() {
            out.push_sql(piece);
            if let Some(value) = value {
                out.push_bind_param::<Text, str>(value)?;
            }
        }
        Ok(())
    }
}

/// A row whose columns were all selected as text; `None` is `NULL`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextRow(pub Vec<Option<String>>);

impl TextRow {
    /// The text in column `index`, or nothing where it is `NULL` or there is no such column.
    #[must_use]
    pub fn text(&self, index: usize) -> Option<&str> {
        self.0.get(index)?.as_deref()
    }
}

impl<DB: Backend> QueryableByName<DB> for TextRow
where
    String: FromSql<Text, DB>,
{
    fn build<'a>(row: &impl NamedRow<'a, DB>) -> deserialize::Result<Self> {
        let mut texts = Vec::with_capacity(row.field_count());
        for index in 0..row.field_count() {
            let field = Row::get(row, index).ok_or("a row is shorter than it said")?;
            texts.push(field.value().map(String::from_sql).transpose()?);
        }
        Ok(Self(texts))
    }
}
