//! The version table: Alembic's own, one row for each tip of what is applied.

use diesel::QueryResult;
use rectify_chain::RowChange;
use rectify_schema::build::{column, primary_key, table, varchar};
use rectify_schema::dialect::Dialect;
use rectify_schema::ops::CreateTable;
use rectify_schema::{Operation, TableName};

use super::journal::{self, Entry, Journal, Unfinished};
use super::sql::{self, literal};
use crate::database::{Database, Parametrized};

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
    met: usize,
}

/// Makes one change; `keep` as in [`Parametrized`]. The outer error is the database's, the inner one is [`RowsMoved`].
pub(crate) fn change(
    db: &mut dyn Database,
    dialect: &dyn Dialect,
    name: &TableName,
    change: &RowChange,
    keep: bool,
) -> QueryResult<Result<(), RowsMoved>> {
    let met = db.change(&statement(dialect, name, change, keep))?;
    Ok(met_one(dialect, name, change, met))
}

/// Makes one change as [`change`] does, and with the same statement writes `entry` to the journal: PostgreSQL only.
pub(crate) fn change_and_record(
    db: &mut dyn Database,
    dialect: &dyn Dialect,
    name: &TableName,
    change: &RowChange,
    keep: bool,
    (journal, entry): (&Journal, &Entry<'_>),
) -> QueryResult<Result<(), RowsMoved>> {
    let mut both = statement(dialect, name, change, keep);
    let duration_ms = entry.duration_ms.to_string();
    let [insert, rest @ ..] = journal.add_for_each_of(dialect, entry, "moved");
    if let [first, .., last] = both.pieces.as_mut_slice() {
        first.insert_str(0, "WITH moved AS (");
        last.push_str(" RETURNING version_num) ");
        last.push_str(&insert);
    }
    both.pieces.extend(rest);
    both.values.extend([entry.revision, entry.checksum, duration_ms.as_str()]);
    let met = db.change(&both)?;
    Ok(met_one(dialect, name, change, met))
}

fn met_one(dialect: &dyn Dialect, name: &TableName, change: &RowChange, met: usize) -> Result<(), RowsMoved> {
    if met == 1 {
        return Ok(());
    }
    let statement = statement(dialect, name, change, false).written_out(|value| literal(dialect, value));
    Err(RowsMoved { statement, met })
}

fn statement<'a>(dialect: &dyn Dialect, name: &TableName, change: &'a RowChange, keep: bool) -> Parametrized<'a> {
    let table = sql::table(dialect, name);
    let (pieces, values): (_, Vec<&str>) = match change {
        RowChange::Insert(revision) => {
            (vec![format!("INSERT INTO {table} (version_num) VALUES ("), ")".to_owned()], vec![revision])
        }
        RowChange::Delete(revision) => {
            (vec![format!("DELETE FROM {table} WHERE version_num = "), String::new()], vec![revision])
        }
        RowChange::Update { from, to } => {
            let set = format!("UPDATE {table} SET version_num = ");
            (vec![set, " WHERE version_num = ".to_owned(), String::new()], vec![to, from])
        }
    };
    Parametrized { pieces, values, keep }
}

/// Deletes all rows, known or not.
pub(crate) fn clear(db: &mut dyn Database, dialect: &dyn Dialect, name: &TableName) -> QueryResult<()> {
    db.run(&format!("DELETE FROM {}", sql::table(dialect, name)))
}

/// A statement that changes nothing but takes SQLite's write lock, so that a transaction waits here and not half-way.
pub(crate) fn take_write_lock(db: &mut dyn Database, dialect: &dyn Dialect, name: &TableName) -> QueryResult<()> {
    db.run(&format!("DELETE FROM {} WHERE 0", sql::table(dialect, name)))
}
