//! Rows read in chunks, while the same transaction changes them.
//!
//! What is read is what the query gave when it began, whatever the migration changes meanwhile. Who keeps it until it is read
//! differs: PostgreSQL has a cursor; MySQL, MariaDB and SQLite put the result into a temporary table. The first two could
//! stream a result as well, but allow no other statement until its end; and SQLite does not say what a query sees of
//! changes that are made while it runs.

use std::fmt;
use std::marker::PhantomData;
use std::panic::Location;

use diesel::backend::{Backend, DieselReserveSpecialization};
use diesel::connection::LoadConnection;
use diesel::deserialize::StaticallySizedRow;
use diesel::query_builder::{AsQuery, AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::CompatibleType;
use diesel::query_dsl::methods::LoadQuery;
use diesel::{QueryResult, RunQueryDsl};

use super::{Op, Sink, Step};
use crate::database::{Database, Family, SupportedBackend};
use crate::error::{DatabaseError, Result};
use crate::offline::OfflineError;
use crate::runner::sql::family;

impl<'a, C> Op<'a, C>
where
    C: Database + LoadConnection,
    C::Backend: SupportedBackend,
{
    /// Reads the rows of a typed Diesel query in chunks, without ever holding the whole result, while the migration changes
    /// rows, those of the same table too.
    ///
    /// All chunks together are one operation: where the migration is not one transaction, this is one, and an interrupted run
    /// has done all of it or none. Schema changes in between would end that transaction on MySQL and MariaDB, and are refused.
    ///
    /// The rows are those that the query gave when it began. Until they are read, PostgreSQL keeps them behind a cursor;
    /// MySQL (from 8), MariaDB and SQLite keep a copy in a temporary table, for which they need room on the disk, and the
    /// first two the right `CREATE TEMPORARY TABLES`.
    ///
    /// # Examples
    ///
    /// ```
    /// # use rectify::prelude::*;
    /// # #[cfg(feature = "sqlite")]
    /// # mod demo {
    /// # use rectify::{AnyConnection, Op, prelude::*};
    /// diesel::table! { users (id) { id -> BigInt, email -> Text, } }
    ///
    /// fn upgrade(op: &mut Op<'_, AnyConnection>) -> Result<()> {
    ///     op.rows(users::table.select((users::id, users::email))).chunks(1000).for_each(|op, chunk: Vec<(i64, String)>| {
    ///         for (id, email) in chunk {
    ///             let tidy = email.trim().to_lowercase();
    ///             op.execute(diesel::update(users::table.find(id)).set(users::email.eq(tidy)))?;
    ///         }
    ///         Ok(())
    ///     })
    /// }
    /// # }
    /// ```
    #[track_caller]
    pub fn rows<Q: AsQuery>(&mut self, query: Q) -> Rows<'_, 'a, C, Q::Query> {
        Rows { op: self, query: query.as_query(), place: Location::caller() }
    }
}

/// The rows of a query, not yet read. Made by [`Op::rows`].
#[must_use = "nothing is read until `.chunks(…).for_each(…)`"]
pub struct Rows<'r, 'a, C, Q> {
    op: &'r mut Op<'a, C>,
    query: Q,
    place: &'static Location<'static>,
}

impl<C, Q> fmt::Debug for Rows<'_, '_, C, Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows").field("place", &self.place).finish_non_exhaustive()
    }
}

impl<'r, 'a, C, Q> Rows<'r, 'a, C, Q> {
    /// So many rows at a time; the last chunk has what is left.
    pub const fn chunks(self, size: usize) -> Chunks<'r, 'a, C, Q> {
        Chunks { rows: self, size }
    }
}

/// The rows of a query in chunks, not yet read. Made by [`Rows::chunks`].
#[must_use = "nothing is read until `.for_each(…)`"]
pub struct Chunks<'r, 'a, C, Q> {
    rows: Rows<'r, 'a, C, Q>,
    size: usize,
}

impl<C, Q> fmt::Debug for Chunks<'_, '_, C, Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chunks").field("size", &self.size).finish_non_exhaustive()
    }
}

/// What one run through the rows of a query is called.
const DOING: &str = "go through the rows of a query";

impl<C, Q> Chunks<'_, '_, C, Q>
where
    C: Database + LoadConnection,
    C::Backend: SupportedBackend + DieselReserveSpecialization,
    Q: Query + QueryFragment<C::Backend> + QueryId,
{
    /// Calls `body` with each chunk, in the order that the query asks for. No chunk is empty.
    ///
    /// # Errors
    ///
    /// Those of `body`; where the database refuses the query; where a value is not what its Rust type takes, such as a text that
    /// is not UTF-8; and offline, where there is nothing to read: the error names this place in the migration.
    pub fn for_each<U>(self, mut body: impl FnMut(&mut Op<'_, C>, Vec<U>) -> Result<()>) -> Result<()>
    where
        Q::SqlType: CompatibleType<U, C::Backend>,
        U: StaticallySizedRow<<Q::SqlType as CompatibleType<U, C::Backend>>::SqlType, C::Backend>,
        Fetch<Q::SqlType>: for<'q> LoadQuery<'q, C, U>,
    {
        let Self { rows: Rows { op, query, place }, size } = self;
        op.step.called_at = Some(place);
        // What is done with the rows is not known.
        if !op.step.rehearses() && op.step.keeps(Vec::new) {
            return Ok(());
        }
        let Sink::Live(connection) = &mut op.sink else {
            return Err(op.step.offline(&DOING, OfflineError::Reads { place }));
        };
        let step = &mut *op.step;
        let sql = C::Backend::render(family(step.dialect), &query).map_err(DatabaseError::from)?;
        if size == 0 {
            return Err(step.failure(&DOING, Some(&sql), NoRows));
        }
        let identity = format!("rows of {sql}");
        if !step.enter(&DOING, &identity)? {
            return Ok(());
        }
        let alone = !connection.in_transaction();
        if alone {
            connection.begin().map_err(|error| step.refused(&DOING, "BEGIN", error))?;
        }
        let outer = step.go_inside();
        let stored = Stored::new(step, outer, U::FIELD_COUNT, size);
        let open = Open { stored: &stored, query: &query };
        let opened = connection.execute_returning_count(&open).map_err(|error| step.refused(&DOING, &sql, error));
        let read = opened.and_then(|_| each(connection, step, &stored, &sql, &mut body));
        let closed = connection.run(&stored.close()).map_err(|error| step.refused(&DOING, &stored.close(), error));
        step.come_out(outer);
        // A transaction that has failed refuses to close anything, and needs it the least.
        let done = read
            .and(closed)
            .and_then(|()| step.leave(*connection, format!("go through the rows of `{sql}`"), &identity));
        if alone { end(*connection, step, done) } else { done }
    }
}

/// Reads chunk after chunk.
fn each<C, ST, U>(
    connection: &mut C,
    step: &mut Step,
    stored: &Stored<ST>,
    sql: &str,
    body: &mut impl FnMut(&mut Op<'_, C>, Vec<U>) -> Result<()>,
) -> Result<()>
where
    C: Database + LoadConnection,
    Fetch<ST>: for<'q> LoadQuery<'q, C, U>,
{
    for chunk in 0.. {
        step.check_interrupted(&DOING)?;
        let read = stored.fetch(chunk).load(connection);
        let rows: Vec<U> = read.map_err(|error| {
            let (first, last) = stored.numbers(chunk);
            step.refused(&format!("{DOING}, and to read of them those from {first} to {last}"), sql, error)
        })?;
        let is_last = rows.len() < stored.size;
        if !rows.is_empty() {
            body(&mut Op::live(connection, step), rows)?;
        }
        if is_last {
            break;
        }
    }
    Ok(())
}

/// Ends the transaction that was begun for the rows alone.
fn end(db: &mut dyn Database, step: &mut Step, done: Result<()>) -> Result<()> {
    match done {
        Ok(()) => {
            db.commit().map_err(|error| step.refused(&DOING, "COMMIT", error))?;
            step.mark_committed();
            Ok(())
        }
        Err(error) => {
            db.rollback().map_err(|error| step.refused(&DOING, "ROLLBACK", error))?;
            Err(error)
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("a chunk has one row at least, and 0 were asked for")]
struct NoRows;

/// Refuses, inside a run through rows, what would end its transaction.
pub(super) fn refuse_to_commit(step: &Step, operation: &dyn fmt::Display, sql: &str) -> Result<()> {
    let commits = step.is_inside() && !step.dialect.transactional_ddl() && !changes_rows(sql);
    if commits || (step.is_inside() && sql == "COMMIT") {
        let hint = "do it before or behind the rows";
        return Err(step.failure_with_hint(operation, sql, EndsTheTransaction, hint));
    }
    Ok(())
}

/// Whether a statement is for rows: all others commit, on MySQL and MariaDB.
fn changes_rows(sql: &str) -> bool {
    let word: String = sql.trim_start().chars().take_while(char::is_ascii_alphabetic).collect();
    ["select", "insert", "update", "delete", "replace", "with", "set", "do"].contains(&word.to_lowercase().as_str())
}

#[derive(Debug, thiserror::Error)]
#[error("this would commit the transaction in which rows are being read")]
struct EndsTheTransaction;

/// The result of a query where the database keeps it.
struct Stored<ST> {
    name: String,
    family: Family,
    columns: usize,
    size: usize,
    types: PhantomData<fn() -> ST>,
}

impl<ST> Stored<ST> {
    /// A run through rows inside another one has a name of its own.
    fn new(step: &Step, depth: u32, columns: usize, size: usize) -> Self {
        let name = format!("rectify_rows_{depth}");
        Self { name, family: family(step.dialect), columns, size, types: PhantomData }
    }

    /// MySQL and MariaDB refuse a table with two columns of one name, which a join easily gives.
    fn column_names(&self) -> String {
        let names: Vec<_> = (1..=self.columns).map(|number| format!("c{number}")).collect();
        names.join(", ")
    }

    /// The first and the last row of a chunk, counted from one.
    const fn numbers(&self, chunk: usize) -> (usize, usize) {
        (chunk * self.size + 1, (chunk + 1) * self.size)
    }

    fn fetch(&self, chunk: usize) -> Fetch<ST> {
        let (first, last) = self.numbers(chunk);
        let name = &self.name;
        let sql = match self.family {
            Family::Postgres => format!("FETCH FORWARD {} FROM {name}", self.size),
            Family::Mysql => format!(
                "SELECT {} FROM {name} WHERE {name}_number BETWEEN {first} AND {last} ORDER BY {name}_number",
                self.column_names()
            ),
            Family::Sqlite => {
                format!("SELECT * FROM temp.{name} WHERE _rowid_ BETWEEN {first} AND {last} ORDER BY _rowid_")
            }
        };
        Fetch { sql, types: PhantomData }
    }

    fn close(&self) -> String {
        let name = &self.name;
        match self.family {
            Family::Postgres => format!("CLOSE {name}"),
            Family::Mysql => format!("DROP TEMPORARY TABLE IF EXISTS {name}"),
            Family::Sqlite => format!("DROP TABLE IF EXISTS temp.{name}"),
        }
    }
}

/// The statement that has the database keep the result of a query.
struct Open<'q, ST, Q> {
    stored: &'q Stored<ST>,
    query: &'q Q,
}

impl<ST, Q, DB> QueryFragment<DB> for Open<'_, ST, Q>
where
    DB: Backend,
    Q: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.unsafe_to_cache_prepared();
        let name = &self.stored.name;
        match self.stored.family {
            Family::Postgres => {
                out.push_sql(&format!("DECLARE {name} NO SCROLL CURSOR FOR "));
                self.query.walk_ast(out.reborrow())
            }
            Family::Mysql => {
                let names = self.stored.column_names();
                out.push_sql(&format!(
                    "CREATE TEMPORARY TABLE {name} ({name}_number BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY) \
                     WITH {name}_query ({names}) AS (("
                ));
                self.query.walk_ast(out.reborrow())?;
                // Without a limit the order of a query inside another one counts for nothing.
                out.push_sql(&format!(") LIMIT 18446744073709551615) SELECT {names} FROM {name}_query"));
                Ok(())
            }
            Family::Sqlite => {
                out.push_sql(&format!("CREATE TEMP TABLE {name} AS "));
                self.query.walk_ast(out.reborrow())
            }
        }
    }
}

impl<ST, Q> QueryId for Open<'_, ST, Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

/// Reads one chunk. Part of the bounds of [`Chunks::for_each`].
#[doc(hidden)]
pub struct Fetch<ST> {
    sql: String,
    types: PhantomData<fn() -> ST>,
}

impl<ST> fmt::Debug for Fetch<ST> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fetch").field("sql", &self.sql).finish_non_exhaustive()
    }
}

impl<ST, DB: Backend> QueryFragment<DB> for Fetch<ST> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.unsafe_to_cache_prepared();
        out.push_sql(&self.sql);
        Ok(())
    }
}

impl<ST> QueryId for Fetch<ST> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<ST> Query for Fetch<ST> {
    type SqlType = ST;
}

impl<ST, C> RunQueryDsl<C> for Fetch<ST> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_for_rows_are_told_from_those_that_commit() {
        for sql in ["UPDATE t SET a = 'drop'", "  insert INTO t VALUES (1)", "WITH x AS (SELECT 1) DELETE FROM t"] {
            assert!(changes_rows(sql), "{sql}");
        }
        for sql in ["ALTER TABLE t ADD a INT", "CREATE INDEX i ON t (a)", "(SELECT 1)", ""] {
            assert!(!changes_rows(sql), "{sql}");
        }
    }

    #[test]
    fn chunks_follow_one_another_without_a_gap() {
        let stored = |family| Stored::<()> { name: "r".to_owned(), family, columns: 2, size: 10, types: PhantomData };
        let sql = |family, chunk| stored(family).fetch(chunk).sql;
        assert_eq!(sql(Family::Postgres, 3), "FETCH FORWARD 10 FROM r");
        assert_eq!(sql(Family::Sqlite, 0), "SELECT * FROM temp.r WHERE _rowid_ BETWEEN 1 AND 10 ORDER BY _rowid_");
        let expected = "SELECT c1, c2 FROM r WHERE r_number BETWEEN 11 AND 20 ORDER BY r_number";
        assert_eq!(sql(Family::Mysql, 1), expected);
    }
}
