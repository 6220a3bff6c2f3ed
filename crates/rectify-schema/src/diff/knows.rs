//! What a database has a notion of, as far as two schemas can differ in it.

use crate::dialect::Dialect;

/// What a database has a notion of.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a notion of its own")]
pub(super) struct Knows {
    /// Comments on tables and columns.
    pub comments: bool,
    /// Enums that are types of their own.
    pub enum_types: bool,
    /// Enums that are the list of values of a column.
    pub enum_columns: bool,
    /// Sequences that stand by themselves.
    pub sequences: bool,
    /// Extensions.
    pub extensions: bool,
    /// Names of primary keys.
    pub key_names: bool,
    /// A unique constraint as something other than a unique index.
    pub unique_constraints: bool,
    /// An `ALTER TABLE` so short that most changes copy the table.
    pub alters_in_batches: bool,
    /// An index that each foreign key needs, and gets by itself.
    pub foreign_key_indexes: bool,
    /// A column that is numbered only while it begins a key.
    pub numbered_keys: bool,
    /// `RESTRICT` as something other than `NO ACTION`.
    pub restrict: bool,
    /// Options of an identity, besides where it begins.
    pub identity_options: bool,
    /// Deferred constraints.
    pub deferrable: bool,
    /// Exclusion constraints.
    pub excludes: bool,
    /// Names of columns that differ in case alone.
    pub column_case: bool,
}

impl Knows {
    pub(super) fn of(dialect: &dyn Dialect) -> Self {
        let (postgres, sqlite) = (dialect.name() == "postgres", dialect.name() == "sqlite");
        let mysql = !postgres && !sqlite;
        Self {
            comments: !sqlite,
            enum_types: postgres,
            enum_columns: mysql,
            sequences: postgres || dialect.name() == "mariadb",
            extensions: postgres,
            key_names: postgres,
            unique_constraints: !mysql,
            alters_in_batches: sqlite,
            foreign_key_indexes: mysql,
            numbered_keys: mysql,
            restrict: !mysql,
            identity_options: postgres,
            deferrable: !mysql,
            excludes: postgres,
            column_case: postgres,
        }
    }
}
