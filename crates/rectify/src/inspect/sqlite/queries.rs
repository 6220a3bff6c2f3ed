//! The queries of SQLite's catalog, and their rows.

use rectify_schema::dialect::Dialect;

use crate::database::TextRow;
use crate::inspect::values;
use crate::runner::sql::literal;

/// A table, index, trigger or view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ObjectRow {
    /// `table`, `index`, `trigger` or `view`.
    pub(super) kind: String,
    pub(super) name: String,
    /// The table that it belongs to.
    pub(super) table: String,
    /// The statement that made it. An index that a constraint made has none.
    pub(super) sql: Option<String>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ColumnRow {
    pub(super) table: String,
    pub(super) name: String,
    pub(super) type_name: String,
    pub(super) not_null: bool,
    pub(super) default: Option<String>,
    /// Its place in the primary key, from one; zero if it is not in it.
    pub(super) key_position: u32,
}

impl From<TextRow> for ObjectRow {
    fn from(row: TextRow) -> Self {
        let [kind, name, table, sql] = values(row).map(Option::unwrap_or_default);
        Self { kind, name, table, sql: Some(sql).filter(|sql| !sql.is_empty()) }
    }
}

impl From<TextRow> for ColumnRow {
    fn from(row: TextRow) -> Self {
        let [table, name, type_name, not_null, default, key_position] = values(row);
        Self {
            table: table.unwrap_or_default(),
            name: name.unwrap_or_default(),
            type_name: type_name.unwrap_or_default(),
            not_null: not_null.as_deref() == Some("1"),
            default,
            key_position: key_position.and_then(|position| position.parse().ok()).unwrap_or_default(),
        }
    }
}

/// The schemas, without that of temporary tables.
pub(super) const SCHEMAS: &str = "SELECT name FROM pragma_database_list WHERE name <> 'temp' ORDER BY seq";

/// Tables, indexes, views and triggers, in the order in which they were made; or one table with its indexes and triggers.
pub(super) fn objects(dialect: &dyn Dialect, schema: &str, table: Option<&str>) -> String {
    let condition = table.map(|table| format!(" AND tbl_name = {} COLLATE NOCASE", literal(dialect, table)));
    format!(
        "SELECT type, name, tbl_name, sql FROM {}.sqlite_master WHERE type IN ('table', 'index', 'view', 'trigger'){} \
         ORDER BY rowid",
        dialect.quote(schema),
        condition.unwrap_or_default(),
    )
}

/// Triggers and views, which may speak of any table, in the order in which they were made.
pub(super) fn programs(dialect: &dyn Dialect, schema: &str) -> String {
    format!(
        "SELECT type, name, tbl_name, sql FROM {}.sqlite_master WHERE type IN ('trigger', 'view') ORDER BY rowid",
        dialect.quote(schema),
    )
}

/// The columns of tables. `hidden` is one for the columns of a virtual table that `SELECT *` leaves out.
pub(super) fn columns(dialect: &dyn Dialect, schema: &str, table: Option<&str>) -> String {
    let condition = table.map(|table| format!(" AND m.name = {} COLLATE NOCASE", literal(dialect, table)));
    format!(
        "SELECT m.name, c.name, c.type, CAST(c.\"notnull\" AS TEXT), c.dflt_value, CAST(c.pk AS TEXT) \
         FROM {}.sqlite_master m, pragma_table_xinfo(m.name, {}) c \
         WHERE m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL %' AND c.hidden <> 1{} ORDER BY m.rowid, c.cid",
        dialect.quote(schema),
        literal(dialect, schema),
        condition.unwrap_or_default(),
    )
}
