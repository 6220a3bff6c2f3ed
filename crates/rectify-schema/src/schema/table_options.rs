//! The options of tables, one call each.

use super::{OnCommit, TableOptions};
use crate::name::TableName;

/// Makes options of a table that say nothing yet, for [`Table::options`](super::Table::options).
///
/// # Examples
///
/// ```
/// use rectify_schema::build::*;
///
/// let events = table("events")
///     .column(column("id", bigint()).primary_key())
///     .options(table_options().engine("InnoDB").charset("utf8mb4").strict());
/// # let _ = events;
/// ```
#[must_use]
pub fn table_options() -> TableOptions {
    TableOptions::default()
}

impl TableOptions {
    /// Checks the types of values (SQLite).
    #[must_use]
    pub const fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// Keeps the rows in the primary key (SQLite).
    #[must_use]
    pub const fn without_rowid(mut self) -> Self {
        self.without_rowid = true;
        self
    }

    /// Uses this storage engine (MySQL, MariaDB).
    #[must_use]
    pub fn engine(mut self, engine: impl Into<String>) -> Self {
        self.engine = Some(engine.into());
        self
    }

    /// Keeps texts in this character set (MySQL, MariaDB).
    #[must_use]
    pub fn charset(mut self, charset: impl Into<String>) -> Self {
        self.charset = Some(charset.into());
        self
    }

    /// Sorts and compares texts by this collation (MySQL, MariaDB).
    #[must_use]
    pub fn collate(mut self, collation: impl Into<String>) -> Self {
        self.collation = Some(collation.into());
        self
    }

    /// Keeps rows in this format, such as `DYNAMIC` (MySQL, MariaDB).
    #[must_use]
    pub fn row_format(mut self, row_format: impl Into<String>) -> Self {
        self.row_format = Some(row_format.into());
        self
    }

    /// Begins to number the rows with this, unless the column says so itself (MySQL, MariaDB).
    #[must_use]
    pub const fn auto_increment(mut self, number: u64) -> Self {
        self.auto_increment = Some(number);
        self
    }

    /// Splits the table by what follows `PARTITION BY`, such as `HASH(id) PARTITIONS 4` (MySQL, MariaDB).
    #[must_use]
    pub fn partitions(mut self, partitions: impl Into<String>) -> Self {
        self.partitions = Some(partitions.into());
        self
    }

    /// Makes it a table of the session alone, which goes with it.
    #[must_use]
    pub const fn temporary(mut self) -> Self {
        self.temporary = true;
        self
    }

    /// Says what becomes of a temporary table's rows when a transaction ends (PostgreSQL).
    #[must_use]
    pub const fn on_commit(mut self, what: OnCommit) -> Self {
        self.on_commit = Some(what);
        self
    }

    /// Keeps the table out of the write-ahead log (PostgreSQL).
    #[must_use]
    pub const fn unlogged(mut self) -> Self {
        self.unlogged = true;
        self
    }

    /// Splits the table by what follows `PARTITION BY`, such as `RANGE (id)` (PostgreSQL).
    #[must_use]
    pub fn partition_by(mut self, partition_by: impl Into<String>) -> Self {
        self.partition_by = Some(partition_by.into());
        self
    }

    /// Uses this access method, such as `heap` (PostgreSQL).
    #[must_use]
    pub fn access_method(mut self, access_method: impl Into<String>) -> Self {
        self.access_method = Some(access_method.into());
        self
    }

    /// Puts the table into this tablespace (PostgreSQL).
    #[must_use]
    pub fn tablespace(mut self, tablespace: impl Into<String>) -> Self {
        self.tablespace = Some(tablespace.into());
        self
    }

    /// Takes over the columns of this table too (PostgreSQL).
    #[must_use]
    pub fn inherits(mut self, parent: impl Into<TableName>) -> Self {
        self.inherits.push(parent.into());
        self
    }

    /// Sets a storage parameter, such as `fillfactor` (PostgreSQL).
    #[must_use]
    pub fn storage(mut self, parameter: impl Into<String>, value: impl ToString) -> Self {
        self.storage.push((parameter.into(), value.to_string()));
        self
    }
}
