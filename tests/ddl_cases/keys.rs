//! What a case may say: a key that nobody reads would make a case pass for less than it asks.

use rectify_schema::Dialect;
use serde_json::Value;

use crate::types::Expressed;

/// What dialects call themselves in the keys that only they read.
const PREFIXES: [&str; 6] = ["postgresql_", "mysql_", "mariadb_", "sqlite_", "mssql_", "oracle_"];

/// Keys that say nothing about the database: what was there before, for Alembic's own use; what the database does not see.
const IDLE: [&str; 5] = ["info", "quote", "key", "system", "_constraint_name"];

/// Refuses an object with a key that is not among `known`. The keys of other dialects are theirs.
pub(crate) fn only(d: &dyn Dialect, of: &Value, what: &str, known: &[&str]) -> Expressed<()> {
    let own = if d.name() == "postgres" { "postgresql_".to_owned() } else { format!("{}_", d.name()) };
    let is_read = |key: &&String| {
        let foreign = PREFIXES.iter().any(|prefix| key.starts_with(prefix)) && !key.starts_with(&own);
        foreign || IDLE.contains(&key.as_str()) || known.contains(&key.as_str())
    };
    match of.as_object().and_then(|fields| fields.keys().find(|key| !is_read(key))) {
        Some(key) => Err(format!("the key `{key}` of {what}")),
        None => Ok(()),
    }
}

/// The keys of each operation, beside its name, table and schema.
pub(crate) fn of_operation(d: &dyn Dialect, op: &Value) -> Expressed<()> {
    let name = op["name"].as_str().unwrap_or_default();
    let known: &[&str] = match name {
        "create_table" => &["columns", "constraints", "indexes", "options", "if_not_exists", "comment"],
        "drop_table" => &["if_exists"],
        "rename_table" => &["to"],
        "add_column" => {
            &["column", "if_not_exists", "inline_references", "inline_primary_key", "insert_after", "insert_before"]
        }
        "drop_column" => &["column", "if_exists"],
        "alter_column" => &[
            "column",
            "nullable",
            "type_",
            "server_default",
            "comment",
            "autoincrement",
            "new_column_name",
            "existing_type",
            "existing_nullable",
            "existing_server_default",
            "existing_comment",
            "existing_autoincrement",
            "postgresql_using",
        ],
        "create_index" => &[
            "index",
            "columns",
            "unique",
            "if_not_exists",
            "postgresql_where",
            "postgresql_using",
            "postgresql_include",
            "postgresql_nulls_not_distinct",
            "postgresql_concurrently",
            "postgresql_with",
            "postgresql_tablespace",
            "postgresql_ops",
            "mysql_length",
            "mysql_using",
            "mysql_prefix",
            "mysql_with_parser",
            "mariadb_length",
            "mariadb_using",
            "mariadb_prefix",
            "mariadb_with_parser",
            "sqlite_where",
        ],
        "drop_index" => &["index", "if_exists", "postgresql_concurrently"],
        "create_primary_key" => &["constraint", "columns"],
        "create_unique_constraint" => &[
            "constraint",
            "columns",
            "deferrable",
            "initially",
            "postgresql_nulls_not_distinct",
            "postgresql_include",
            "sqlite_on_conflict",
        ],
        "create_check_constraint" => &["constraint", "expr", "postgresql_not_valid"],
        "create_foreign_key" => &[
            "constraint",
            "columns",
            "ref_table",
            "ref_columns",
            "referent_schema",
            "source_schema",
            "ondelete",
            "onupdate",
            "deferrable",
            "initially",
            "match",
            "postgresql_not_valid",
        ],
        "create_exclude_constraint" => &["constraint", "elements", "using", "where", "deferrable", "initially", "ops"],
        "drop_constraint" => &["constraint", "type_", "if_exists"],
        "create_table_comment" | "drop_table_comment" => &["comment", "existing_comment"],
        "bulk_insert" => &["columns", "rows", "multiinsert"],
        "execute" => &["sql", "params"],
        "execute_update" => &["columns", "set", "where"],
        "batch_alter_table" => {
            &["ops", "copy_from", "recreate", "partial_reordering", "table_args", "table_kwargs", "naming_convention"]
        }
        // What is no operation is said where it is read.
        _ => return Ok(()),
    };
    let known: Vec<&str> = known.iter().copied().chain(["name", "table", "schema"]).collect();
    only(d, op, name, &known)
}

pub(crate) const COLUMN: &[&str] = &[
    "name",
    "type",
    "primary_key",
    "autoincrement",
    "references",
    "nullable",
    "server_default",
    "unique",
    "index",
    "check",
    "computed",
    "identity",
    "comment",
];

pub(crate) const TYPE: &[&str] = &[
    "fsp",
    "t",
    "length",
    "precision",
    "scale",
    "timezone",
    "collation",
    "values",
    "name",
    "native_enum",
    "create_constraint",
    "schema",
    "create_type",
    "item",
    "dimensions",
    "charset",
];

pub(crate) const REFERENCE: &[&str] = &[
    "kind",
    "name",
    "columns",
    "target",
    "targets",
    "ondelete",
    "onupdate",
    "deferrable",
    "initially",
    "match",
    "use_alter",
    "postgresql_not_valid",
];

pub(crate) const CONSTRAINT: &[&str] = &[
    "kind",
    "name",
    "columns",
    "expr",
    "elements",
    "using",
    "where",
    "deferrable",
    "initially",
    "unique",
    "postgresql_nulls_not_distinct",
    "postgresql_include",
    "postgresql_not_valid",
    "postgresql_where",
    "sqlite_where",
    "sqlite_on_conflict",
];

pub(crate) const TABLE_OPTIONS: &[&str] = &[
    "comment",
    "prefixes",
    "postgresql_partition_by",
    "postgresql_inherits",
    "postgresql_tablespace",
    "postgresql_with",
    "postgresql_using",
    "postgresql_on_commit",
    "mysql_engine",
    "mysql_charset",
    "mysql_default_charset",
    "mysql_collate",
    "mysql_row_format",
    "mysql_auto_increment",
    "mysql_partition_by",
    "mysql_partitions",
    "mariadb_engine",
    "mariadb_charset",
    "mariadb_default_charset",
    "mariadb_collate",
    "mariadb_row_format",
    "mariadb_auto_increment",
    "mariadb_partition_by",
    "mariadb_partitions",
    "sqlite_autoincrement",
    "sqlite_strict",
    "sqlite_with_rowid",
];
