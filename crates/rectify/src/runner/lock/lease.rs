//! A row that says who runs and until when, where a lock of the session does not hold: on each node of a Galera cluster for
//! itself, on CockroachDB not at all, behind PgBouncer in transaction mode for whichever session comes next.
//!
//! The clock is the server's. The run renews its row between statements, and moves the version table only while the row is
//! its own. In a transaction the row stays locked until the commit, so there nobody can take it however long that lasts.

use std::cell::Cell;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};
use std::rc::Rc;
use std::time::{Duration, Instant};
use std::{env, fs, process};

use diesel::QueryResult;
use rectify_schema::build::{bigint, column, table, varchar};
use rectify_schema::dialect::Dialect;
use rectify_schema::ops::CreateTable;
use rectify_schema::{Operation, TableName};

use crate::database::{Database, Family};
use crate::error::DatabaseError;
use crate::runner::journal;
use crate::runner::sql::{self, family, literal, one_text};

/// The table's name.
pub(crate) const TABLE: &str = "rectify_lock";

/// A row of the lock table that is, or shall be, this run's.
#[derive(Clone, Debug)]
pub(crate) struct Lease {
    dialect: &'static dyn Dialect,
    table: TableName,
    key: i64,
    holder: String,
    length: Duration,
    renewed: Rc<Cell<Instant>>,
}

/// The lease ran out while a statement ran, and another run has taken it.
#[derive(Debug, thiserror::Error)]
#[error("the lease on the database ran out, and another run has it: {holder}")]
pub(crate) struct Lost {
    holder: String,
}

/// Why a lease was not kept.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeepError {
    #[error(transparent)]
    Database(#[from] DatabaseError),
    #[error(transparent)]
    Lost(#[from] Lost),
}

/// What to do about a lost lease.
pub(crate) const HINT: &str = "set `lock_lease` to more than the longest statement takes, wait until the other run has ended, and look what stands";

impl Lease {
    pub(super) fn new(dialect: &'static dyn Dialect, version_table: &TableName, key: i64, length: Duration) -> Self {
        let renewed = Rc::new(Cell::new(Instant::now()));
        Self { dialect, table: version_table.sibling(TABLE), key, holder: this_run(), length, renewed }
    }

    /// Makes the table, where it is missing.
    pub(super) fn prepare(&self, db: &mut dyn Database) -> QueryResult<()> {
        if sql::is_there(db, self.dialect, &self.table)? {
            return Ok(());
        }
        let statements = journal::create_statements(self.dialect, &create(&self.table))
            .map_err(|error| diesel::result::Error::QueryBuilderError(error.into()))?;
        let made = statements.iter().try_for_each(|statement| db.run(statement));
        // Another run may have been quicker.
        made.or_else(|error| if sql::is_there(db, self.dialect, &self.table)? { Ok(()) } else { Err(error) })
    }

    /// Takes the row if it is free, or its time is over. Returns at once.
    pub(super) fn attempt(&self, db: &mut dyn Database) -> QueryResult<bool> {
        let took = db.change(&self.insert().into())? == 1 || db.change(&self.take_over().into())? == 1;
        self.renewed.set(Instant::now());
        Ok(took)
    }

    /// Who has it.
    pub(super) fn holder(&self, db: &mut dyn Database) -> QueryResult<Option<String>> {
        let text = if self.is_mysql() {
            "CONCAT(holder, ', since ', FROM_UNIXTIME(taken_at DIV 1000), ', at most until ', FROM_UNIXTIME(expires_at DIV 1000))"
        } else {
            "holder || ', since ' || to_timestamp(taken_at / 1000) || ', at most until ' || to_timestamp(expires_at / 1000)"
        };
        let text = sql::as_text(self.dialect, text);
        one_text(db, &format!("SELECT {text} FROM {} WHERE id = {}", self.table_sql(), self.key))
    }

    /// Gives the row back, if it is still this run's.
    pub(super) fn release(&self, db: &mut dyn Database) -> QueryResult<()> {
        db.run(&format!("DELETE FROM {} WHERE {}", self.table_sql(), self.is_mine()))
    }

    /// Makes sure that the row is this run's, for its whole length from now on.
    pub(crate) fn keep(&self, db: &mut dyn Database) -> Result<(), KeepError> {
        let renew = format!("UPDATE {} SET expires_at = {} WHERE {}", self.table_sql(), self.end(), self.is_mine());
        // MySQL does not count a row that is as it was, as when it is renewed twice in a millisecond.
        let kept = db.change(&renew.into()).map_err(DatabaseError::from)? == 1
            || one_text(db, &format!("SELECT holder FROM {} WHERE {}", self.table_sql(), self.is_mine()))
                .map_err(DatabaseError::from)?
                .is_some();
        self.renewed.set(Instant::now());
        if kept {
            return Ok(());
        }
        let holder = self.holder(db).map_err(DatabaseError::from)?;
        Err(Lost { holder: holder.unwrap_or_else(|| "it has ended already".to_owned()) }.into())
    }

    /// As [`Lease::keep`], once a third of its time is over.
    pub(crate) fn keep_in_time(&self, db: &mut dyn Database) -> Result<(), KeepError> {
        if self.renewed.get().elapsed() < self.length / 3 { Ok(()) } else { self.keep(db) }
    }

    fn insert(&self) -> String {
        let (table, key, now, end) = (self.table_sql(), self.key, self.now(), self.end());
        let (into, holder) = ("(id, holder, taken_at, expires_at)", literal(self.dialect, &self.holder));
        if self.is_mysql() {
            return format!("INSERT IGNORE INTO {table} {into} VALUES ({key}, {holder}, {now}, {end})");
        }
        // A conflict alone would be waited for: with a run that is in a transaction and has renewed its row there.
        format!(
            "INSERT INTO {table} {into} SELECT {key}, {holder}, {now}, {end} \
             WHERE NOT EXISTS (SELECT 1 FROM {table} WHERE id = {key}) ON CONFLICT (id) DO NOTHING"
        )
    }

    fn take_over(&self) -> String {
        let (table, key, now, end) = (self.table_sql(), self.key, self.now(), self.end());
        let set = format!("holder = {}, taken_at = {now}, expires_at = {end}", literal(self.dialect, &self.holder));
        if self.is_mysql() {
            return format!("UPDATE {table} SET {set} WHERE id = {key} AND expires_at < {now}");
        }
        // Nor is a locked row waited for here.
        format!(
            "WITH free AS (SELECT id FROM {table} WHERE id = {key} AND expires_at < {now} FOR UPDATE SKIP LOCKED) \
             UPDATE {table} AS lease SET {set} FROM free WHERE lease.id = free.id"
        )
    }

    fn is_mine(&self) -> String {
        format!("id = {} AND holder = {}", self.key, literal(self.dialect, &self.holder))
    }

    fn end(&self) -> String {
        format!("{} + {}", self.now(), self.length.as_millis())
    }

    /// The server's clock in milliseconds.
    fn now(&self) -> &'static str {
        if self.is_mysql() {
            "CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)"
        } else {
            "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)"
        }
    }

    /// MySQL and MariaDB have words of their own, PostgreSQL and CockroachDB the same ones. SQLite has no lease.
    fn is_mysql(&self) -> bool {
        family(self.dialect) == Family::Mysql
    }

    fn table_sql(&self) -> String {
        sql::table(self.dialect, &self.table)
    }
}

fn create(name: &TableName) -> Operation {
    let mut create = CreateTable::new(
        table(name.clone())
            .column(column("id", bigint()).primary_key())
            .column(column("holder", varchar(255)).not_null())
            .column(column("taken_at", bigint()).not_null())
            .column(column("expires_at", bigint()).not_null()),
    );
    create.table.if_not_exists = true;
    create.into()
}

/// What tells this run from all others, and a person where it is.
fn this_run() -> String {
    let host = ["HOSTNAME", "COMPUTERNAME"].iter().find_map(|name| env::var(name).ok());
    let host = host.or_else(|| fs::read_to_string("/etc/hostname").ok()).unwrap_or_default();
    let host: String = host.trim().chars().take(100).collect();
    let place = if host.is_empty() { String::new() } else { format!(" on {host}") };
    // Every `RandomState` has keys of its own: in a container each process has the same number.
    let random = RandomState::new().build_hasher().finish();
    format!("process {}{place} (run {random:016x})", process::id())
}

#[cfg(test)]
mod tests {
    use rectify_schema::dialect::POSTGRES;

    use super::*;

    #[test]
    fn two_runs_of_one_process_are_two_holders() {
        let lease = || Lease::new(POSTGRES, &"alembic_version".into(), 1, Duration::from_secs(1));
        let (one, other) = (lease(), lease());
        assert_ne!(one.holder, other.holder);
        assert!(one.holder.contains(&process::id().to_string()) && one.holder.len() < 255, "{}", one.holder);
    }
}
