//! Which of many rows does the database refuse? PostgreSQL says it; of the others, it is found out: of rows that are inserted
//! here, of a statement that changes rows by itself in `changed`.

mod changed;
mod statement;

use std::ops::Range;

use diesel::QueryResult;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use rectify_schema::dialect::{Dialect, Statement};
use rectify_schema::ops::BulkInsert;

use super::OperationError;
use crate::database::{Database, Family};
use crate::error::{DatabaseError, Error};

/// The place of the row that makes a statement fail which inserts all of `rows`. `send` inserts some of them.
///
/// Nothing where the database has said it, where the failure is none of a row's, and where no row fails by itself.
pub(super) fn row(
    db: &mut dyn Database,
    error: &Error,
    rows: Range<usize>,
    mut send: impl FnMut(&mut dyn Database, Range<usize>) -> QueryResult<()>,
) -> Option<usize> {
    if db.family() == Family::Postgres || rows.is_empty() || !is_of_a_row(error) {
        return None;
    }
    undone(db, |db| {
        let Range { mut start, mut end } = rows;
        while end - start > 1 {
            let middle = start.midpoint(end);
            match attempt(db, |db| send(db, start..middle)).ok()? {
                Ok(()) => start = middle,
                Err(_) => end = middle,
            }
        }
        attempt(db, |db| send(db, start..end)).ok()?.is_err().then_some(start)
    })
}

/// Searches, and takes back all that the search has done.
///
/// A constraint of SQLite's may have ended the transaction: then this begins one.
fn undone<T>(db: &mut dyn Database, search: impl FnOnce(&mut dyn Database) -> Option<T>) -> Option<T> {
    let alone = db.family() == Family::Mysql && !db.in_transaction();
    let begun = if alone { db.begin() } else { db.run("SAVEPOINT rectify_row") };
    begun.ok()?;
    let found = search(db);
    let undone = match alone {
        true => db.rollback(),
        false => db.run("ROLLBACK TO SAVEPOINT rectify_row").and_then(|()| db.run("RELEASE SAVEPOINT rectify_row")),
    };
    undone.is_ok().then_some(found).flatten()
}

/// Sends one statement of a search. Where its failure ends the transaction (`ON CONFLICT ROLLBACK` on SQLite) the savepoint is gone,
/// and so must be the search: what came next would stay.
fn attempt(
    db: &mut dyn Database,
    send: impl FnOnce(&mut dyn Database) -> QueryResult<()>,
) -> QueryResult<QueryResult<()>> {
    db.run("SAVEPOINT rectify_part")?;
    let sent = send(db);
    if sent.is_err() {
        db.run("ROLLBACK TO SAVEPOINT rectify_part")?;
    }
    db.run("RELEASE SAVEPOINT rectify_part")?;
    Ok(sent)
}

/// As [`row`], of rows of named values, told in the error.
pub(super) fn named(
    db: &mut dyn Database,
    dialect: &dyn Dialect,
    insert: &BulkInsert,
    statements: &[Statement],
    error: Error,
) -> Error {
    let render = |rows: Range<usize>| {
        dialect.render(&BulkInsert::new(insert.table.clone(), insert.rows[rows].iter().cloned()).into())
    };
    let failed = error.get().downcast_ref::<OperationError>().and_then(|failed| failed.statement.clone());
    let Some(nth) = statements.iter().position(|statement| Some(&statement.sql) == failed.as_ref()) else {
        return error;
    };
    // Statements are filled up one after the other, so so many rows at most are what stands before this one.
    let fits = |count: usize, most: usize| render(0..count).is_ok_and(|statements| statements.len() <= most);
    let counts: Vec<usize> = (0..=insert.rows.len()).collect();
    let begins = |at: usize| counts.partition_point(|count| fits(*count, at)) - 1;
    let (from, to) = (begins(nth), begins(nth + 1));
    let found = row(db, &error, from..to, |db, rows| {
        let statements = render(rows).map_err(|refusal| DieselError::QueryBuilderError(Box::new(refusal)))?;
        statements.iter().try_for_each(|statement| db.run(&statement.sql))
    });
    match found {
        Some(at) => {
            let own = render(at..at + 1).unwrap_or_default();
            tell(error, &failed.unwrap_or_default(), at, own.first().map_or("", |statement| &statement.sql))
        }
        None => error,
    }
}

/// Names the row in the place of `statement`, which inserts many. `sql` inserts it alone.
pub(super) fn tell(error: Error, statement: &str, at: usize, sql: &str) -> Error {
    let text = format!("row {}: {}", at + 1, abridged(&sql.replacen("\n    ", " ", 1)));
    error.with_statement(statement, &text)
}

/// A statement with its values, short enough to be read: the key of an update stands at its end.
pub(super) fn abridged(sql: &str) -> String {
    const FIRST: usize = 600;
    const LAST: usize = 200;
    let count = sql.chars().count();
    if count <= FIRST + LAST {
        return sql.to_owned();
    }
    let first: String = sql.chars().take(FIRST).collect();
    let last: String = sql.chars().skip(count - LAST).collect();
    format!("{first} … {last}")
}

/// A statement that changes many rows, with the one that the database refuses; nothing where that cannot be told.
pub(super) fn of_statement(db: &mut dyn Database, dialect: &dyn Dialect, error: &Error, sql: &str) -> Option<String> {
    let row = changed::row(db, dialect, error, sql)?;
    Some(format!("the row with {row}: {}", abridged(sql)))
}

/// Whether the database has refused a row for what is in it, which undoes the statement and nothing else.
fn is_of_a_row(error: &Error) -> bool {
    let Some(failed) = error.get().downcast_ref::<OperationError>() else { return false };
    let said = std::error::Error::source(failed).and_then(|source| source.downcast_ref::<DatabaseError>());
    said.is_some_and(|said| is_about_a_row(&said.error, &said.message))
}

fn refuses_a_row(error: DieselError) -> bool {
    let said = DatabaseError::from(error);
    is_about_a_row(&said.error, &said.message)
}

fn is_about_a_row(error: &DieselError, message: &str) -> bool {
    let DieselError::DatabaseError(kind, _) = error else { return false };
    match kind {
        DatabaseErrorKind::UniqueViolation
        | DatabaseErrorKind::ForeignKeyViolation
        | DatabaseErrorKind::NotNullViolation
        | DatabaseErrorKind::CheckViolation => true,
        // What MariaDB says of a check, and what it and MySQL say of values that do not fit.
        _ => ["CONSTRAINT `", "Data too long", "Out of range", "Incorrect "]
            .iter()
            .any(|beginning| message.starts_with(beginning)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_long_statement_is_kept() {
        assert_eq!(abridged("UPDATE t SET a = 1"), "UPDATE t SET a = 1");
        let long = abridged(&format!("UPDATE t SET a = '{}' WHERE id = 7", "ü".repeat(2000)));
        assert!(long.starts_with("UPDATE t SET a = 'ü") && long.ends_with("ü' WHERE id = 7"), "{long}");
        assert_eq!(long.chars().count(), 803);
    }
}
