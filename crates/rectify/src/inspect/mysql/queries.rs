//! The queries of the catalog of MySQL and MariaDB, and their rows.

use rectify_schema::TableName;
use rectify_schema::dialect::Dialect;

use super::Flavor;
use crate::database::TextRow;
use crate::inspect::{Scope, literals, values};
use crate::runner::sql::literal;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TableRow {
    pub(super) table: QualifiedName,
    /// Nothing if it is the default of the server.
    pub(super) engine: Option<String>,
    pub(super) collation: String,
    /// The collation of a table that names none.
    pub(super) default_collation: String,
    pub(super) comment: String,
    /// Whether `Users` and `users` are one table.
    pub(super) case_matters: bool,
    /// The database that the connection uses, which is another one than the table's where that was asked for.
    pub(super) current: String,
    /// `row_format=…`, `partitioned` and others, with blanks between.
    pub(super) options: String,
    /// It is no table but a sequence (MariaDB).
    pub(super) is_sequence: bool,
}

/// The database and the table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct QualifiedName {
    pub(super) schema: String,
    pub(super) name: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ColumnRow {
    pub(super) table: QualifiedName,
    pub(super) name: String,
    /// As `SHOW CREATE TABLE` spells it.
    pub(super) type_name: String,
    pub(super) nullable: bool,
    pub(super) default: Option<String>,
    /// `auto_increment`, `on update …`, `VIRTUAL GENERATED`, `DEFAULT_GENERATED` and others, with blanks between.
    pub(super) extra: String,
    pub(super) generation_expression: String,
    pub(super) collation: Option<String>,
    pub(super) comment: String,
}

/// One column of an index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct IndexRow {
    pub(super) table: QualifiedName,
    pub(super) name: String,
    pub(super) unique: bool,
    /// `BTREE`, `HASH`, `FULLTEXT` or `SPATIAL`.
    pub(super) method: String,
    pub(super) column: Option<String>,
    pub(super) descending: bool,
    /// How many characters of the column.
    pub(super) length: Option<u32>,
    pub(super) expression: Option<String>,
}

/// One column of a foreign key; or what the key does, which comes first and has no column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ForeignKeyRow {
    pub(super) table: QualifiedName,
    pub(super) name: String,
    pub(super) column: Option<String>,
    pub(super) referenced: QualifiedName,
    pub(super) referenced_column: String,
    pub(super) on_update: String,
    pub(super) on_delete: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct CheckRow {
    pub(super) table: QualifiedName,
    pub(super) name: String,
    pub(super) expression: String,
    /// It is part of the definition of the column of its name (MariaDB).
    pub(super) of_column: bool,
}

impl From<TextRow> for TableRow {
    fn from(row: TextRow) -> Self {
        let [schema, name, engine, collation, default_collation, comment, case_matters, current, rest @ ..] =
            values::<10>(row);
        let [options, is_sequence] = rest;
        Self {
            table: QualifiedName::new(schema, name),
            engine,
            collation: collation.unwrap_or_default(),
            default_collation: default_collation.unwrap_or_default(),
            comment: comment.unwrap_or_default(),
            case_matters: is_one(case_matters),
            current: current.unwrap_or_default(),
            options: options.unwrap_or_default(),
            is_sequence: is_one(is_sequence),
        }
    }
}

impl From<TextRow> for ColumnRow {
    fn from(row: TextRow) -> Self {
        let [schema, table, name, type_name, nullable, default, extra, generation_expression, collation, comment] =
            values(row);
        Self {
            table: QualifiedName::new(schema, table),
            name: name.unwrap_or_default(),
            type_name: type_name.unwrap_or_default(),
            nullable: nullable.as_deref() == Some("YES"),
            default,
            extra: extra.unwrap_or_default(),
            generation_expression: generation_expression.unwrap_or_default(),
            collation,
            comment: comment.unwrap_or_default(),
        }
    }
}

impl From<TextRow> for IndexRow {
    fn from(row: TextRow) -> Self {
        let [schema, table, name, unique, method, column, descending, length, expression] = values(row);
        Self {
            table: QualifiedName::new(schema, table),
            name: name.unwrap_or_default(),
            unique: is_one(unique),
            method: method.unwrap_or_default(),
            column,
            descending: is_one(descending),
            length: length.and_then(|length| length.parse().ok()),
            expression,
        }
    }
}

impl From<TextRow> for ForeignKeyRow {
    fn from(row: TextRow) -> Self {
        let [schema, table, name, column, referenced_schema, referenced_table, referenced_column, rest @ ..] =
            values::<9>(row);
        let [on_update, on_delete] = rest;
        Self {
            table: QualifiedName::new(schema, table),
            name: name.unwrap_or_default(),
            column,
            referenced: QualifiedName::new(referenced_schema, referenced_table),
            referenced_column: referenced_column.unwrap_or_default(),
            on_update: on_update.unwrap_or_default(),
            on_delete: on_delete.unwrap_or_default(),
        }
    }
}

impl From<TextRow> for CheckRow {
    fn from(row: TextRow) -> Self {
        let [schema, table, name, expression, of_column] = values(row);
        Self {
            table: QualifiedName::new(schema, table),
            name: name.unwrap_or_default(),
            expression: expression.unwrap_or_default(),
            of_column: is_one(of_column),
        }
    }
}

impl QualifiedName {
    pub(super) fn new(schema: Option<String>, name: Option<String>) -> Self {
        Self { schema: schema.unwrap_or_default(), name: name.unwrap_or_default() }
    }

    pub(super) fn to_table_name(&self, current: &str) -> TableName {
        let schema = Some(self.schema.clone()).filter(|schema| schema != current);
        TableName { schema, name: self.name.clone() }
    }
}

pub(super) fn is_one(text: Option<String>) -> bool {
    text.as_deref() == Some("1")
}

/// Compares the columns of a catalog table with what is asked for. With constants alone the server opens only the tables
/// that are meant.
pub(super) fn condition(dialect: &dyn Dialect, scope: &Scope, schema: &str, table: &str) -> String {
    let schemas = match scope.schemas.as_slice() {
        [] => format!("{schema} = DATABASE()"),
        [one] => format!("{schema} = {}", literal(dialect, one)),
        schemas => format!("{schema} IN ({})", literals(dialect, schemas)),
    };
    match &scope.table {
        Some(name) => format!("{schemas} AND {table} = {}", literal(dialect, name)),
        None => schemas,
    }
}

/// The collation of a database is asked for where the table is not in the one that the connection uses.
pub(super) fn tables(dialect: &dyn Dialect, scope: &Scope) -> String {
    format!(
        "SELECT CAST(t.table_schema AS CHAR), CAST(t.table_name AS CHAR), \
         CAST(NULLIF(t.engine, @@default_storage_engine) AS CHAR), CAST(t.table_collation AS CHAR), \
         CAST(s.default_collation_name AS CHAR), CAST(t.table_comment AS CHAR), \
         CAST(@@lower_case_table_names = 0 AS CHAR), CAST(DATABASE() AS CHAR), CAST(t.create_options AS CHAR), \
         CAST(t.table_type = 'SEQUENCE' AS CHAR) \
         FROM information_schema.tables t \
         JOIN information_schema.schemata s ON s.schema_name = t.table_schema \
         WHERE t.table_type IN ('BASE TABLE', 'SYSTEM VERSIONED', 'SEQUENCE') AND {} ORDER BY t.table_schema, t.table_name",
        condition(dialect, scope, "t.table_schema", "t.table_name"),
    )
}

pub(super) fn columns(dialect: &dyn Dialect, scope: &Scope) -> String {
    format!(
        "SELECT CAST(table_schema AS CHAR), CAST(table_name AS CHAR), CAST(column_name AS CHAR), \
         CAST(column_type AS CHAR), CAST(is_nullable AS CHAR), CAST(column_default AS CHAR), CAST(extra AS CHAR), \
         CAST(generation_expression AS CHAR), CAST(collation_name AS CHAR), CAST(column_comment AS CHAR) \
         FROM information_schema.columns WHERE {} ORDER BY table_schema, table_name, ordinal_position",
        condition(dialect, scope, "table_schema", "table_name"),
    )
}

pub(super) fn indexes(dialect: &dyn Dialect, scope: &Scope, flavor: Flavor) -> String {
    // Indexes on expressions came with MySQL 8.0.13; MariaDB has none.
    let expression = match flavor {
        Flavor::Mysql => "CAST(expression AS CHAR)",
        Flavor::Mariadb => "NULL",
    };
    format!(
        "SELECT CAST(table_schema AS CHAR), CAST(table_name AS CHAR), CAST(index_name AS CHAR), \
         CAST(non_unique = 0 AS CHAR), CAST(index_type AS CHAR), CAST(column_name AS CHAR), \
         CAST(collation = 'D' AS CHAR), CAST(sub_part AS CHAR), {expression} \
         FROM information_schema.statistics WHERE {} ORDER BY table_schema, table_name, index_name, seq_in_index",
        condition(dialect, scope, "table_schema", "table_name"),
    )
}

/// The columns of foreign keys, and what these do: one list, since the server would compare each with each to join them.
pub(super) fn foreign_keys(dialect: &dyn Dialect, scope: &Scope) -> String {
    format!(
        "SELECT CAST(table_schema AS CHAR), CAST(table_name AS CHAR), CAST(constraint_name AS CHAR), \
         CAST(column_name AS CHAR), CAST(referenced_table_schema AS CHAR), CAST(referenced_table_name AS CHAR), \
         CAST(referenced_column_name AS CHAR), NULL, NULL, ordinal_position \
         FROM information_schema.key_column_usage WHERE referenced_table_name IS NOT NULL AND {} \
         UNION ALL SELECT CAST(constraint_schema AS CHAR), CAST(table_name AS CHAR), CAST(constraint_name AS CHAR), \
         NULL, NULL, NULL, NULL, CAST(update_rule AS CHAR), CAST(delete_rule AS CHAR), 0 \
         FROM information_schema.referential_constraints WHERE {} ORDER BY 1, 2, 3, 10",
        condition(dialect, scope, "table_schema", "table_name"),
        condition(dialect, scope, "constraint_schema", "table_name"),
    )
}

pub(super) fn checks(dialect: &dyn Dialect, scope: &Scope, flavor: Flavor) -> String {
    match flavor {
        Flavor::Mysql => format!(
            "SELECT CAST(t.table_schema AS CHAR), CAST(t.table_name AS CHAR), CAST(c.constraint_name AS CHAR), \
             CAST(c.check_clause AS CHAR), '0' \
             FROM information_schema.check_constraints c JOIN information_schema.table_constraints t \
             ON t.constraint_schema = c.constraint_schema AND t.constraint_name = c.constraint_name \
             AND t.constraint_type = 'CHECK' WHERE {} ORDER BY t.table_schema, t.table_name, c.constraint_name",
            condition(dialect, scope, "t.table_schema", "t.table_name"),
        ),
        Flavor::Mariadb => format!(
            "SELECT CAST(constraint_schema AS CHAR), CAST(table_name AS CHAR), CAST(constraint_name AS CHAR), \
             CAST(check_clause AS CHAR), CAST(level = 'Column' AS CHAR) \
             FROM information_schema.check_constraints WHERE {} \
             ORDER BY constraint_schema, table_name, constraint_name",
            condition(dialect, scope, "constraint_schema", "table_name"),
        ),
    }
}
