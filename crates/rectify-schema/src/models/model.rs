//! A table as it was declared, without its places in the text and before the database is known.
//!
//! The names are the database's already, but for tables elsewhere, which only the whole program knows. What the database
//! decides is kept as it was said: types, texts that differ, foreign keys to tables of Rust.

use super::types::{DieselType, Size};
use crate::schema::{Column, ColumnType, ForeignKey, Table};

/// One table of a `table!`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TableModel {
    /// The name in Rust, where it is another than the table's.
    pub(super) alias: Option<String>,
    /// All but columns and foreign keys. The indexes do not name the table.
    pub(super) table: Table,
    pub(super) columns: Vec<ColumnModel>,
    pub(super) foreign_keys: Vec<KeyModel>,
    pub(super) view: Option<ViewModel>,
}

/// One column.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ColumnModel {
    /// The name in Rust, where it is another than the column's.
    pub(super) alias: Option<String>,
    /// All but the type.
    pub(super) column: Column,
    /// The type as Diesel names it, without `Nullable` around it.
    pub(super) diesel_type: DieselType,
    pub(super) size: Size,
    pub(super) given_type: Option<GivenType>,
}

/// A type that was given beside Diesel's.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum GivenType {
    /// In the words of the database: for all, or by the dialect's name.
    Sql(ByDialect),
    /// In the words of a migration.
    Built(ColumnType),
}

/// A text for all databases, and texts for some, by the dialect's name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct ByDialect {
    pub(super) all: Option<String>,
    pub(super) each: Vec<(String, String)>,
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct KeyModel {
    /// The table that it refers to, by the words of its path in Rust; empty where the key has the database's names.
    pub(super) path: Vec<String>,
    /// The key. Where there is a path, it names no table, and its referenced columns as Rust does.
    pub(super) key: ForeignKey,
}

/// What makes a table a view.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct ViewModel {
    pub(super) materialized: bool,
    pub(super) query: ByDialect,
    /// The paths of the tables that it reads.
    pub(super) reads: Vec<Vec<String>>,
}

impl TableModel {
    /// The name in Rust.
    pub(super) fn rust_name(&self) -> &str {
        self.alias.as_deref().unwrap_or(&self.table.name.name)
    }

    /// The database's name of a column that Rust calls so.
    pub(super) fn column_name(&self, rust_name: &str) -> String {
        let found = self.columns.iter().find(|column| column.rust_name() == rust_name);
        found.map_or(rust_name, |column| &column.column.name).to_owned()
    }
}

impl ColumnModel {
    /// The name in Rust.
    pub(super) fn rust_name(&self) -> &str {
        self.alias.as_deref().unwrap_or(&self.column.name)
    }
}
