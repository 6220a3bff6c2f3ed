//! Preconditions: what must hold of the rows before a migration changes anything.

use std::fmt;
use std::ops::{Range, RangeFrom, RangeInclusive, RangeTo, RangeToInclusive};
use std::panic::Location;

use diesel::backend::{Backend, DieselReserveSpecialization};
use diesel::connection::LoadConnection;
use diesel::deserialize::FromSql;
use diesel::expression::QueryMetadata;
use diesel::query_builder::{AsQuery, AstPass, Query, QueryFragment, QueryId, SqlQuery};
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, SmallInt, Text, Untyped};
use diesel::{QueryResult, RunQueryDsl};

use super::{Op, Sink, Step};
use crate::database::{Database, Family, SupportedBackend, TextRow};
use crate::error::{DatabaseError, Result};
use crate::offline::require::{Condition, statements};
use crate::runner::sql::family;

impl<C> Op<'_, C>
where
    C: Database + LoadConnection,
    C::Backend: SupportedBackend + QueryMetadata<Untyped> + DieselReserveSpecialization,
    String: FromSql<Text, C::Backend>,
{
    /// Stops the migration unless `query` yields true: a typed Diesel query, or the text of one. `why` says what has to hold.
    ///
    /// It stands first in a migration, so that nothing has been changed where it fails; a run that goes on behind an
    /// interrupted one does not ask again what was asked before the first change. The error shows the query and what it found.
    ///
    /// Offline it is a statement that fails with `why` and so ends the script: a `DO` block on PostgreSQL, a `SIGNAL` on
    /// MariaDB, a check that is violated on SQLite, a subquery of two rows on MySQL.
    ///
    /// # Errors
    ///
    /// Where the query does not yield true, or the database refuses it.
    ///
    /// # Examples
    ///
    /// ```
    /// # use rectify::prelude::*;
    /// # #[cfg(feature = "sqlite")]
    /// # mod demo {
    /// # use rectify::{AnyConnection, Op, prelude::*};
    /// use rectify::diesel::dsl::{exists, not};
    ///
    /// diesel::table! { users (id) { id -> BigInt, email -> Nullable<Text>, } }
    ///
    /// fn upgrade(op: &mut Op<'_, AnyConnection>) -> Result<()> {
    ///     let without = users::table.filter(users::email.is_null());
    ///     op.require(diesel::select(not(exists(without))), "every user has an e-mail address")?;
    ///     op.require_count(users::table.count(), 1.., "there is a user")?;
    ///     op.require("SELECT COUNT(*) < 1000 FROM users", "the table is small")?;
    ///     op.alter_column("users", alter("email").set_not_null())
    /// }
    /// # }
    /// ```
    #[track_caller]
    pub fn require<Q, Form>(&mut self, query: Q, why: &str) -> Result<()>
    where
        Q: Question<C::Backend, Form, Answer: YieldsBoolean>,
    {
        self.ask(query.into_query(), Required::True, why)
    }

    /// Stops the migration unless the number that `query` yields is as required: a number, or a range such as `1..` or `..=9`.
    ///
    /// # Errors
    ///
    /// Where the query yields another number, or the database refuses it.
    ///
    /// # Examples
    ///
    /// See [`Op::require`].
    #[track_caller]
    pub fn require_count<Q, Form>(&mut self, query: Q, required: impl Into<Count>, why: &str) -> Result<()>
    where
        Q: Question<C::Backend, Form, Answer: YieldsCount>,
    {
        self.ask(query.into_query(), Required::Count(required.into()), why)
    }

    #[track_caller]
    fn ask<Q>(&mut self, query: Q, required: Required, why: &str) -> Result<()>
    where
        Q: QueryFragment<C::Backend> + QueryId,
    {
        let doing = format!("require that {why}");
        let step = &mut *self.step;
        step.called_at = Some(Location::caller());
        let kind = family(step.dialect);
        let literal = C::Backend::render_with_literals(kind, &query);
        // It changes nothing.
        if step.keeps(Vec::new) {
            return Ok(());
        }
        match &mut self.sink {
            Sink::Live(connection) => {
                if step.is_behind() {
                    return Ok(());
                }
                step.check_interrupted(&doing)?;
                let shown = literal.or_else(|_| C::Backend::render(kind, &query)).map_err(DatabaseError::from)?;
                let rows: Vec<TextRow> = AsText { query, family: kind }
                    .load(*connection)
                    .map_err(|error| step.refused(&doing, &shown, error))?;
                required.check(rows.first().and_then(|row| row.text(0)), step, &doing, &shown)
            }
            Sink::Offline(script) => {
                let sql = literal.map_err(|error| step.failure(&doing, None, DatabaseError::from(error)))?;
                let sent = statements(step.dialect, &required.condition(), &sql, why)
                    .iter()
                    .try_for_each(|statement| script.run(statement));
                sent.map_err(|error| step.failure(&doing, None, DatabaseError::from(error)))
            }
        }
    }
}

/// A question to the database: a typed Diesel query, or SQL text. `Form` is which of the two, and follows from the type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no query that this migration's database can be asked",
    note = "give a typed Diesel query that yields one value, or the text of a SELECT"
)]
pub trait Question<DB: Backend, Form> {
    /// The SQL type of what it yields.
    type Answer;
    /// The query.
    type Query: QueryFragment<DB> + QueryId;
    /// The query itself.
    fn into_query(self) -> Self::Query;
}

/// A [`Question`] as a typed query.
#[derive(Debug)]
pub enum TypedQuery {}

/// A [`Question`] as SQL text.
#[derive(Debug)]
pub enum SqlText {}

impl<DB: Backend, Q> Question<DB, TypedQuery> for Q
where
    Q: AsQuery,
    Q::Query: QueryFragment<DB> + QueryId,
{
    type Answer = Q::SqlType;
    type Query = Q::Query;

    fn into_query(self) -> Q::Query {
        self.as_query()
    }
}

impl<DB: Backend + DieselReserveSpecialization> Question<DB, SqlText> for &str {
    type Answer = Untyped;
    type Query = SqlQuery;

    fn into_query(self) -> SqlQuery {
        diesel::sql_query(self.trim().trim_end_matches(';'))
    }
}

impl<DB: Backend + DieselReserveSpecialization> Question<DB, SqlText> for String {
    type Answer = Untyped;
    type Query = SqlQuery;

    fn into_query(self) -> SqlQuery {
        <&str as Question<DB, SqlText>>::into_query(self.as_str())
    }
}

/// The SQL types of a question that is answered with yes or no.
#[diagnostic::on_unimplemented(
    message = "`op.require` takes a query that yields a boolean, and this one yields `{Self}`",
    note = "for a number of rows there is `op.require_count(query, 0, why)`"
)]
pub trait YieldsBoolean {}
impl YieldsBoolean for Bool {}
impl YieldsBoolean for Nullable<Bool> {}
impl YieldsBoolean for Untyped {}

/// The SQL types of a question that is answered with a number.
#[diagnostic::on_unimplemented(
    message = "`op.require_count` takes a query that yields an integer, and this one yields `{Self}`",
    note = "for yes or no there is `op.require(query, why)`"
)]
pub trait YieldsCount {}
impl YieldsCount for BigInt {}
impl YieldsCount for Integer {}
impl YieldsCount for SmallInt {}
impl YieldsCount for Nullable<BigInt> {}
impl YieldsCount for Nullable<Integer> {}
impl YieldsCount for Nullable<SmallInt> {}
impl YieldsCount for Untyped {}

/// What a number has to be: `0`, `1..`, `..=9`, `2..5`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    least: i64,
    most: i64,
}

impl From<i64> for Count {
    fn from(exactly: i64) -> Self {
        Self { least: exactly, most: exactly }
    }
}

impl From<RangeFrom<i64>> for Count {
    fn from(range: RangeFrom<i64>) -> Self {
        Self { least: range.start, most: i64::MAX }
    }
}

impl From<RangeTo<i64>> for Count {
    fn from(range: RangeTo<i64>) -> Self {
        Self { least: i64::MIN, most: range.end.saturating_sub(1) }
    }
}

impl From<RangeToInclusive<i64>> for Count {
    fn from(range: RangeToInclusive<i64>) -> Self {
        Self { least: i64::MIN, most: range.end }
    }
}

impl From<Range<i64>> for Count {
    fn from(range: Range<i64>) -> Self {
        Self { least: range.start, most: range.end.saturating_sub(1) }
    }
}

impl From<RangeInclusive<i64>> for Count {
    fn from(range: RangeInclusive<i64>) -> Self {
        Self { least: *range.start(), most: *range.end() }
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.least, self.most) {
            (least, most) if least == most => write!(f, "{least}"),
            (least, i64::MAX) => write!(f, "{least} or more"),
            (i64::MIN, most) => write!(f, "{most} or less"),
            (least, most) => write!(f, "{least} to {most}"),
        }
    }
}

/// What a query has to yield.
#[derive(Clone, Copy, Debug)]
enum Required {
    True,
    Count(Count),
}

impl Required {
    fn condition(self) -> Condition {
        match self {
            Self::True => Condition::True,
            Self::Count(Count { least, most }) => Condition::Between { least, most },
        }
    }

    fn check(self, found: Option<&str>, step: &Step, doing: &dyn fmt::Display, sql: &str) -> Result<()> {
        let holds = match (self, found) {
            (_, None) => false,
            (Self::True, Some(text)) => is_true(text),
            (Self::Count(Count { least, most }), Some(text)) => {
                text.parse::<i64>().is_ok_and(|number| (least..=most).contains(&number))
            }
        };
        if holds {
            return Ok(());
        }
        let found = match (self, found) {
            (_, None) => "NULL, or no row".to_owned(),
            (Self::True, Some("0" | "f")) => "false".to_owned(),
            (_, Some(text)) => text.to_owned(),
        };
        let wanted = match self {
            Self::True => "true".to_owned(),
            Self::Count(count) => count.to_string(),
        };
        let hint = "correct what is in the way, and run again";
        Err(step.failure_with_hint(doing, sql, NotAsRequired { found, wanted }, hint))
    }
}

/// How the databases write a boolean when they are asked for text.
fn is_true(text: &str) -> bool {
    matches!(text, "true" | "t") || text.parse::<f64>().is_ok_and(|number| number != 0.0)
}

#[derive(Debug, thiserror::Error)]
#[error("the query gives {found}, and {wanted} is required")]
struct NotAsRequired {
    found: String,
    wanted: String,
}

/// The one value of a query as text, whatever its type.
struct AsText<Q> {
    query: Q,
    family: Family,
}

impl<Q, DB> QueryFragment<DB> for AsText<Q>
where
    Q: QueryFragment<DB>,
    DB: Backend,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("SELECT CAST((");
        self.query.walk_ast(out.reborrow())?;
        out.push_sql(match self.family {
            Family::Mysql => ") AS CHAR)",
            Family::Postgres | Family::Sqlite => ") AS TEXT)",
        });
        Ok(())
    }
}

impl<Q> QueryId for AsText<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q> Query for AsText<Q> {
    type SqlType = Untyped;
}

impl<Q, C> RunQueryDsl<C> for AsText<Q> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(count: impl Into<Count>, shown: &str, inside: &[i64], outside: &[i64]) {
        let count = count.into();
        assert_eq!(count.to_string(), shown);
        let holds = |number: &i64| (count.least..=count.most).contains(number);
        assert!(inside.iter().all(holds) && !outside.iter().any(holds));
    }

    #[test]
    fn numbers_and_ranges() {
        check(0, "0", &[0], &[-1, 1]);
        check(1.., "1 or more", &[1, 9], &[0]);
        check(..=9, "9 or less", &[0, 9], &[10]);
        check(..9, "8 or less", &[8], &[9]);
        check(2..5, "2 to 4", &[2, 4], &[1, 5]);
        check(2..=5, "2 to 5", &[5], &[6]);
    }

    #[test]
    fn what_databases_write_for_true() {
        for text in ["true", "t", "1", "2"] {
            assert!(is_true(text), "{text}");
        }
        for text in ["false", "f", "0", "0.0", "no"] {
            assert!(!is_true(text), "{text}");
        }
    }
}
