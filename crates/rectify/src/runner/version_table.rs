//! The version table: Alembic's own, one row for each tip of what is applied.

use diesel::QueryResult;
use rectify_chain::RowChange;
use rectify_schema::build::{column, primary_key, table, varchar};
use rectify_schema::dialect::Dialect;
use rectify_schema::ops::CreateTable;
use rectify_schema::{Operation, TableName};

use super::journal::{self, Entry, Journal, Unfinished};
use super::sql::{self, literal};
use crate::database::Database;

/// The definition that Alembic gives the table, so that either tool can continue what the other began.
pub(crate) fn create(name: &TableName) -> Operation {
    let key = format!("{}_pkc", name.name);
    CreateTable::new(
        table(name.clone())
            .column(column("version_num", varchar(32)).not_null())
            .primary_key(primary_key(key).on(["version_num"])),
    )
    .into()
}

/// The rows, in a fixed order.
pub(crate) fn rows(db: &mut dyn Database, dialect: &dyn Dialect, name: &TableName) -> QueryResult<Vec<String>> {
    let rows = db.rows(&format!("SELECT version_num FROM {} ORDER BY version_num", sql::table(dialect, name)))?;
    Ok(rows.into_iter().filter_map(|row| row.0.into_iter().next().flatten()).collect())
}

/// The rows, and with them what the journal has unfinished.
pub(crate) fn rows_and_unfinished(
    db: &mut dyn Database,
    dialect: &dyn Dialect,
    name: &TableName,
    journal: &Journal,
) -> QueryResult<(Vec<String>, Vec<Unfinished>)> {
    let read = db.rows(&format!(
        "SELECT version_num, ({}) FROM {} ORDER BY version_num",
        journal.select_last_state(dialect),
        sql::table(dialect, name),
    ))?;
    // Without a row in the version table there is none that tells of the journal.
    let all_over = read.first().is_some_and(|row| row.text(1).is_none_or(journal::is_over));
    let unfinished = if all_over { Vec::new() } else { journal.unfinished(db, dialect)? };
    Ok((read.into_iter().filter_map(|row| row.0.into_iter().next().flatten()).collect(), unfinished))
}

/// The table's rows were changed by somebody else while the migration ran.
#[derive(Debug, thiserror::Error)]
#[error("`{statement}` met {met} rows, not one: somebody else has changed the version table")]
pub(crate) struct RowsMoved {
    statement: String,
    met: String,
}

/// Makes one change. The outer error is the database's, the inner one is [`RowsMoved`].
pub(crate) fn change(
    db: &mut dyn Database,
    dialect: &dyn Dialect,
    name: &TableName,
    change: &RowChange,
) -> QueryResult<Result<(), RowsMoved>> {
    let statement = statement(dialect, name, change);
    let met = db.change(&statement)?;
    Ok(if met == 1 { Ok(()) } else { Err(RowsMoved { statement, met: met.to_string() }) })
}

/// Leaves `revision` in the table as [`change`] does, and writes `entry` to the journal: PostgreSQL only.
///
/// It is one way to the server, where counting the rows that a statement met takes three. So the entry takes its revision from
/// the table, and the journal refuses it where it is not there once.
pub(crate) fn arrive(
    db: &mut dyn Database,
    dialect: &dyn Dialect,
    name: &TableName,
    change: &RowChange,
    journal: &Journal,
    entry: &Entry<'_>,
) -> QueryResult<Result<(), RowsMoved>> {
    let statement = statement(dialect, name, change);
    let revision = literal(dialect, entry.revision);
    let table = sql::table(dialect, name);
    let found = format!("(SELECT MIN(version_num) FROM {table} WHERE version_num = {revision} HAVING COUNT(*) = 1)");
    match db.run(&format!("{statement}; {}", journal.insert(dialect, entry, &found))) {
        Ok(()) => Ok(Ok(())),
        Err(error) if journal::lacks_revision(&error) => {
            Ok(Err(RowsMoved { statement, met: "no or several".to_owned() }))
        }
        Err(error) => Err(error),
    }
}

fn statement(dialect: &dyn Dialect, name: &TableName, change: &RowChange) -> String {
    let table = sql::table(dialect, name);
    match change {
        RowChange::Insert(revision) => {
            format!("INSERT INTO {table} (version_num) VALUES ({})", literal(dialect, revision))
        }
        RowChange::Delete(revision) => {
            format!("DELETE FROM {table} WHERE version_num = {}", literal(dialect, revision))
        }
        RowChange::Update { from, to } => format!(
            "UPDATE {table} SET version_num = {} WHERE version_num = {}",
            literal(dialect, to),
            literal(dialect, from)
        ),
    }
}

/// Deletes all rows, known or not.
pub(crate) fn clear(db: &mut dyn Database, dialect: &dyn Dialect, name: &TableName) -> QueryResult<()> {
    db.run(&format!("DELETE FROM {}", sql::table(dialect, name)))
}

/// A statement that changes nothing but takes SQLite's write lock, so that a transaction waits here and not half-way.
pub(crate) fn take_write_lock(db: &mut dyn Database, dialect: &dyn Dialect, name: &TableName) -> QueryResult<()> {
    db.run(&format!("DELETE FROM {} WHERE 0", sql::table(dialect, name)))
}
