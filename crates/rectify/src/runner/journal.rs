//! `rectify_journal`: what was applied when, by which version, how long it took, and from which source.
//!
//! A step that is one transaction leaves one row, in that transaction. Any other step has its row from the start, which
//! says how far it got: so a run that was cut off can be finished, and none claims to have rolled back what stands.

use std::collections::{HashMap, HashSet};

use diesel::QueryResult;
use rectify_schema::build::{bigint, column, integer, sql, table, text, timestamp, varchar};
use rectify_schema::dialect::Dialect;
use rectify_schema::ops::CreateTable;
use rectify_schema::{Operation, TableName, Unsupported};

use super::sql::{as_text, family, literal};
use crate::database::{Database, Family, TextRow};
use crate::op::{Place, Resume};

/// The journal's name.
pub(crate) const JOURNAL: &str = "rectify_journal";

/// The journal's table.
#[derive(Clone, Debug)]
pub(crate) struct Journal {
    pub(crate) table: TableName,
}

/// A step that did not come to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfinished {
    /// The journal's row.
    pub id: i64,
    /// The revision.
    pub revision: String,
    /// Whether it was an upgrade.
    pub up: bool,
    pub(crate) resume: Resume,
}

/// What is written of a step.
pub(crate) struct Entry<'a> {
    pub(crate) revision: &'a str,
    pub(crate) up: bool,
    pub(crate) state: &'a str,
    pub(crate) checksum: &'a str,
    pub(crate) duration_ms: u128,
}

const RUNNING: &str = "running";
pub(crate) const DONE: &str = "done";
/// Passed over by `up --fresh`, which counts as done.
pub(crate) const ELIDED: &str = "elided";
/// The states of a step that is over.
const OVER: &str = "('done', 'elided')";

/// Whether a step with this state is over.
pub(crate) fn is_over(state: &str) -> bool {
    [DONE, ELIDED].contains(&state)
}

const FAILED: &str = "failed";

/// What is written of each step.
const COLUMNS: &str =
    "(revision, direction, state, operations, statements, fingerprint, checksum, duration_ms, rectify)";

impl Journal {
    fn table_sql(&self, dialect: &dyn Dialect) -> String {
        super::sql::table(dialect, &self.table)
    }

    /// The table's definition.
    pub(crate) fn create(&self, dialect: &dyn Dialect) -> Operation {
        let id = match family(dialect) {
            // Numbered by itself. AUTOINCREMENT would write one page more in each transaction, for ids that never come
            // back, which nobody needs here.
            Family::Sqlite => column("id", integer()).primary_key(),
            Family::Postgres | Family::Mysql => column("id", bigint()).primary_key().identity(),
        };
        let table = table(self.table.clone())
            .column(id)
            .column(column("revision", varchar(32)).not_null())
            .column(column("direction", varchar(4)).not_null())
            .column(column("state", varchar(7)).not_null())
            .column(column("operations", integer()).not_null())
            .column(column("statements", integer()).not_null())
            .column(column("fingerprint", varchar(16)).not_null())
            .column(column("checksum", varchar(64)).not_null())
            .column(column("written_at", timestamp()).not_null().server_default(sql("CURRENT_TIMESTAMP")))
            .column(column("duration_ms", bigint()).not_null())
            .column(column("rectify", varchar(32)).not_null())
            .column(column("error", text()));
        CreateTable::new(table).into()
    }

    /// Writes the row of a step.
    pub(crate) fn add(&self, db: &mut dyn Database, dialect: &dyn Dialect, entry: &Entry<'_>) -> QueryResult<()> {
        db.run(&format!(
            "INSERT INTO {} {COLUMNS} VALUES ({}, '{}', '{}', 0, 0, '', {}, {}, '{}')",
            self.table_sql(dialect),
            literal(dialect, entry.revision),
            direction(entry.up),
            entry.state,
            literal(dialect, entry.checksum),
            entry.duration_ms,
            env!("CARGO_PKG_VERSION"),
        ))
    }

    /// The statement that writes the row of a step once for each of `rows`: what stands before its revision, its checksum and
    /// its duration, and what behind them.
    pub(crate) fn add_for_each_of(&self, dialect: &dyn Dialect, entry: &Entry<'_>, rows: &str) -> [String; 4] {
        [
            format!("INSERT INTO {} {COLUMNS} SELECT ", self.table_sql(dialect)),
            format!(", '{}', '{}', 0, 0, '', ", direction(entry.up), entry.state),
            ", CAST(".to_owned(),
            format!(" AS BIGINT), '{}' FROM {rows}", env!("CARGO_PKG_VERSION")),
        ]
    }

    /// Opens the row of a step that is not one transaction, and gives its id.
    pub(crate) fn start(
        &self,
        db: &mut dyn Database,
        dialect: &dyn Dialect,
        revision: &str,
        up: bool,
        checksum: &str,
    ) -> QueryResult<i64> {
        self.add(db, dialect, &Entry { revision, up, state: RUNNING, checksum, duration_ms: 0 })?;
        let rows = db.rows(&format!(
            "SELECT {} FROM {} WHERE state = '{RUNNING}' AND revision = {}",
            as_text(dialect, "MAX(id)"),
            self.table_sql(dialect),
            literal(dialect, revision),
        ))?;
        rows.first().and_then(|row| row.text(0)).and_then(|id| id.parse().ok()).ok_or(diesel::result::Error::NotFound)
    }

    /// Records how far a step got.
    pub(crate) fn keep_place(
        &self,
        db: &mut dyn Database,
        dialect: &dyn Dialect,
        id: i64,
        place: &Place,
    ) -> QueryResult<()> {
        let Place { operations, statements, fingerprint } = place;
        db.run(&format!(
            "UPDATE {} SET operations = {operations}, statements = {statements}, fingerprint = '{fingerprint:016x}' WHERE id = {id}",
            self.table_sql(dialect),
        ))
    }

    /// Records that a step which an earlier run left is being carried on.
    pub(crate) fn resume(
        &self,
        db: &mut dyn Database,
        dialect: &dyn Dialect,
        id: i64,
        checksum: &str,
    ) -> QueryResult<()> {
        db.run(&format!(
            "UPDATE {} SET state = '{RUNNING}', checksum = {}, error = NULL WHERE id = {id}",
            self.table_sql(dialect),
            literal(dialect, checksum),
        ))
    }

    /// Records that a step came to its end.
    pub(crate) fn finish(
        &self,
        db: &mut dyn Database,
        dialect: &dyn Dialect,
        id: i64,
        duration_ms: u128,
    ) -> QueryResult<()> {
        db.run(&format!(
            "UPDATE {} SET state = '{DONE}', duration_ms = {duration_ms} WHERE id = {id}",
            self.table_sql(dialect),
        ))
    }

    /// Records that the statement behind the position was refused: so it was not carried out.
    pub(crate) fn fail(&self, db: &mut dyn Database, dialect: &dyn Dialect, id: i64, error: &str) -> QueryResult<()> {
        db.run(&format!(
            "UPDATE {} SET state = '{FAILED}', error = {} WHERE id = {id}",
            self.table_sql(dialect),
            literal(dialect, error),
        ))
    }

    /// Takes back the row of a step that left nothing behind.
    pub(crate) fn forget(&self, db: &mut dyn Database, dialect: &dyn Dialect, id: i64) -> QueryResult<()> {
        db.run(&format!("DELETE FROM {} WHERE id = {id}", self.table_sql(dialect)))
    }

    /// The steps that did not come to their end.
    pub(crate) fn unfinished(&self, db: &mut dyn Database, dialect: &dyn Dialect) -> QueryResult<Vec<Unfinished>> {
        let rows = db.rows(&format!(
            "SELECT {}, revision, direction, {}, {}, fingerprint, state FROM {} WHERE state NOT IN {OVER} ORDER BY id",
            as_text(dialect, "id"),
            as_text(dialect, "operations"),
            as_text(dialect, "statements"),
            self.table_sql(dialect),
        ))?;
        Ok(rows.iter().map(unfinished).collect())
    }

    /// The checksum under which each revision was last applied.
    pub(crate) fn applied(&self, db: &mut dyn Database, dialect: &dyn Dialect) -> QueryResult<HashMap<String, String>> {
        let rows = db.rows(&format!(
            "SELECT revision, checksum FROM {} WHERE state IN {OVER} AND direction = 'up' ORDER BY id",
            self.table_sql(dialect),
        ))?;
        let pair = |row: TextRow| {
            let mut values = row.0.into_iter();
            Some((values.next()??, values.next()??))
        };
        Ok(rows.into_iter().filter_map(pair).collect())
    }

    /// The revisions of which the last that was done is that `up --fresh` passed over them.
    pub(crate) fn elided(&self, db: &mut dyn Database, dialect: &dyn Dialect) -> QueryResult<HashSet<String>> {
        let table = self.table_sql(dialect);
        let rows = db.rows(&format!(
            "SELECT revision FROM {table} AS step WHERE state = '{ELIDED}' AND NOT EXISTS (SELECT 1 FROM {table} AS later \
             WHERE later.revision = step.revision AND later.id > step.id AND later.state IN {OVER})",
        ))?;
        Ok(rows.into_iter().filter_map(|row| row.0.into_iter().next()?).collect())
    }

    /// Records that what was applied as `revision` may be what it is now.
    pub(crate) fn accept(
        &self,
        db: &mut dyn Database,
        dialect: &dyn Dialect,
        revision: &str,
        checksum: &str,
    ) -> QueryResult<()> {
        db.run(&format!(
            "UPDATE {} SET checksum = {} WHERE revision = {} AND direction = 'up' AND state IN {OVER}",
            self.table_sql(dialect),
            literal(dialect, checksum),
            literal(dialect, revision),
        ))
    }

    /// Steps that were left unfinished are over, however they stand: somebody has said where the database is.
    pub(crate) fn forget_unfinished(&self, db: &mut dyn Database, dialect: &dyn Dialect) -> QueryResult<()> {
        db.run(&format!("DELETE FROM {} WHERE state NOT IN {OVER}", self.table_sql(dialect)))
    }

    /// A query for the state of the youngest row. No step begins while another is unfinished, so it tells whether one is, and
    /// the journal need not be read from end to end.
    pub(crate) fn select_last_state(&self, dialect: &dyn Dialect) -> String {
        format!("SELECT state FROM {} ORDER BY id DESC LIMIT 1", self.table_sql(dialect))
    }
}

fn unfinished(row: &TextRow) -> Unfinished {
    let number = |column| row.text(column).and_then(|text| text.parse().ok()).unwrap_or_default();
    let fingerprint = u64::from_str_radix(row.text(5).unwrap_or_default(), 16).unwrap_or_default();
    Unfinished {
        id: row.text(0).and_then(|id| id.parse().ok()).unwrap_or_default(),
        revision: row.text(1).unwrap_or_default().to_owned(),
        up: row.text(2) == Some("up"),
        resume: Resume {
            place: Place { operations: number(3), statements: number(4), fingerprint },
            uncertain: row.text(6) == Some(RUNNING),
        },
    }
}

fn direction(up: bool) -> &'static str {
    if up { "up" } else { "down" }
}

/// The statements that make a table of the runner's own.
pub(crate) fn create_statements(dialect: &dyn Dialect, operation: &Operation) -> Result<Vec<String>, Unsupported> {
    Ok(dialect.render(operation)?.into_iter().map(|statement| statement.sql).collect())
}
