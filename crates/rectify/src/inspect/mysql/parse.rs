//! Catalog rows of MySQL and MariaDB into a schema.

use std::collections::HashMap;

use rectify_schema::{
    Check, Column, ColumnType, DefaultValue, ForeignKey, ForeignKeyAction, Generated, Identity, Index, IndexColumn,
    IndexTarget, Order, PrimaryKey, Schema, Table, TableOptions, Value,
};

use super::queries::{CheckRow, ColumnRow, IndexRow, KeyColumnRow, QualifiedName, RuleRow, TableRow};
use super::{Flavor, types};
use crate::inspect::defaults::number;
use crate::inspect::tokens::{Kind, MYSQL, tokens, without_parentheses};

#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) tables: Vec<TableRow>,
    pub(super) columns: Vec<ColumnRow>,
    pub(super) indexes: Vec<IndexRow>,
    pub(super) key_columns: Vec<KeyColumnRow>,
    pub(super) rules: Vec<RuleRow>,
    pub(super) checks: Vec<CheckRow>,
}

/// `only` is the one table that was asked for, if one was: the catalog compares names without regard to case even where
/// tables do not.
pub(super) fn schema(rows: Rows, flavor: Flavor, only: Option<&str>) -> Schema {
    let wanted = |row: &TableRow| !row.case_matters || only.is_none_or(|name| row.table.name == name);
    let mut tables = Tables::new(rows.tables.into_iter().filter(wanted).collect());
    let mut checks: HashMap<QualifiedName, Vec<CheckRow>> = HashMap::new();
    for row in rows.checks {
        checks.entry(row.table.clone()).or_default().push(row);
    }
    for row in rows.columns {
        let Some(read) = tables.find(&row.table) else { continue };
        let checks = checks.get_mut(&row.table);
        read.table.columns.push(column(read, row, flavor, checks));
    }
    for (table, checks) in checks {
        if let Some(read) = tables.find(&table) {
            read.table.checks = checks.into_iter().map(|row| check(row, flavor)).collect();
        }
    }
    for row in rows.indexes {
        if let Some(read) = tables.find(&row.table) {
            add_index_column(&mut read.table, row, flavor);
        }
    }
    tables.add_foreign_keys(rows.key_columns, rows.rules, flavor);
    Schema { tables: tables.read.into_iter().map(|read| read.table).collect(), enums: Vec::new() }
}

struct Tables {
    read: Vec<TableRead>,
    by_name: HashMap<QualifiedName, usize>,
    /// The database that the connection uses, if a table in it was read.
    current: String,
}

/// A table as far as it is read.
struct TableRead {
    table: Table,
    collation: String,
}

impl Tables {
    fn new(rows: Vec<TableRow>) -> Self {
        let current = rows.iter().find(|row| row.current).map(|row| row.table.schema.clone()).unwrap_or_default();
        let by_name = rows.iter().enumerate().map(|(at, row)| (row.table.clone(), at)).collect();
        Self { read: rows.into_iter().map(|row| table(row, &current)).collect(), by_name, current }
    }

    fn find(&mut self, name: &QualifiedName) -> Option<&mut TableRead> {
        self.by_name.get(name).map(|&at| &mut self.read[at])
    }

    fn add_foreign_keys(&mut self, rows: Vec<KeyColumnRow>, rules: Vec<RuleRow>, flavor: Flavor) {
        let rules: HashMap<_, _> = rules.iter().map(|rule| ((&rule.table, rule.name.as_str()), rule)).collect();
        for rows in rows.chunk_by(|a, b| a.table == b.table && a.name == b.name) {
            let [first, ..] = rows else { continue };
            let rule = rules.get(&(&first.table, first.name.as_str()));
            let key = ForeignKey {
                name: Some(first.name.clone()),
                columns: rows.iter().map(|row| row.column.clone()).collect(),
                references: first.referenced.to_table_name(&self.current),
                referenced_columns: rows.iter().map(|row| row.referenced_column.clone()).collect(),
                on_delete: rule.and_then(|rule| action(&rule.on_delete, flavor)),
                on_update: rule.and_then(|rule| action(&rule.on_update, flavor)),
                deferrable: None,
            };
            if let Some(read) = self.find(&first.table) {
                read.table.foreign_keys.push(key);
            }
        }
    }
}

fn table(row: TableRow, current: &str) -> TableRead {
    let default = row.collation == row.default_collation;
    // The name of a collation begins with that of its character set.
    let charset = row.collation.split('_').next().unwrap_or_default().to_owned();
    let options = TableOptions {
        engine: row.engine,
        charset: (!default).then_some(charset),
        collation: (!default).then(|| row.collation.clone()),
        ..TableOptions::default()
    };
    let mut table = rectify_schema::build::table(row.table.to_table_name(current)).options(options);
    table.comment = Some(row.comment).filter(|comment| !comment.is_empty());
    TableRead { table, collation: row.collation }
}

fn column(read: &TableRead, row: ColumnRow, flavor: Flavor, checks: Option<&mut Vec<CheckRow>>) -> Column {
    let enum_name = || read.table.name.sibling(format!("{}_{}", read.table.name.name, row.name));
    let mut column_type = types::parse(&row.type_name, enum_name);
    if row.type_name == "longtext" && checks.is_some_and(|checks| take_json_check(&row.name, checks)) {
        column_type = ColumnType::Json;
    }
    let extra = row.extra.to_ascii_lowercase();
    let generated = extra.contains(" generated").then(|| Generated {
        expression: without_parentheses(&printed(&row.generation_expression, flavor), MYSQL),
        stored: extra.contains("stored") || extra.contains("persistent"),
    });
    let default = if generated.is_some() { None } else { default(&column_type, &row, flavor) };
    let own_collation = column_type != ColumnType::Json && row.collation.as_ref() != Some(&read.collation);
    Column {
        nullable: row.nullable,
        default,
        identity: extra.contains("auto_increment").then(Identity::default),
        generated,
        collation: row.collation.filter(|_| own_collation),
        comment: Some(row.comment).filter(|comment| !comment.is_empty()),
        ..rectify_schema::build::column(row.name, column_type)
    }
}

/// Takes away the check by which MariaDB makes a `longtext` a `JSON`.
fn take_json_check(column: &str, checks: &mut Vec<CheckRow>) -> bool {
    let expression = format!("json_valid(`{}`)", column.replace('`', "``"));
    let before = checks.len();
    checks.retain(|check| !(check.of_column && check.name == column && check.expression == expression));
    checks.len() < before
}

/// An update that sets the column to the current time has no place of its own: it stands behind the default, as SQL has it.
fn default(column_type: &ColumnType, row: &ColumnRow, flavor: Flavor) -> Option<DefaultValue> {
    let default = row.default.as_deref().and_then(|text| match flavor {
        Flavor::Mariadb => mariadb_default(column_type, text),
        Flavor::Mysql => mysql_default(column_type, text, &row.extra),
    });
    let Some(at) = row.extra.to_ascii_lowercase().find("on update ") else { return default };
    let before = match default {
        Some(DefaultValue::Expression(text)) => text,
        Some(DefaultValue::Literal(Value::Text(text))) => format!("'{}'", text.replace('\'', "''")),
        _ => "NULL".to_owned(),
    };
    Some(DefaultValue::Expression(format!("{before} ON UPDATE {}", &row.extra[at + "on update ".len()..])))
}

/// MariaDB prints a literal in quotes, and a default that is `NULL` as that word.
fn mariadb_default(column_type: &ColumnType, text: &str) -> Option<DefaultValue> {
    let tokens = tokens(text, MYSQL);
    let literal = match tokens.as_slice() {
        [word] if word.is("NULL") => return None,
        [token] if token.kind == Kind::Text => Some(typed(column_type, &types::unescape(token.text))),
        _ => number(column_type, text),
    };
    Some(literal.unwrap_or_else(|| DefaultValue::Expression(text.to_owned())))
}

/// MySQL prints a literal bare, and says of an expression that it is one.
fn mysql_default(column_type: &ColumnType, text: &str, extra: &str) -> Option<DefaultValue> {
    if extra.contains("DEFAULT_GENERATED") || text.starts_with("b'") {
        let expression = without_parentheses(&printed(text, Flavor::Mysql), MYSQL);
        return Some(DefaultValue::Expression(expression));
    }
    Some(typed(column_type, text))
}

fn typed(column_type: &ColumnType, text: &str) -> DefaultValue {
    let is_number = column_type.is_integer()
        || matches!(
            column_type,
            ColumnType::Boolean | ColumnType::Numeric { .. } | ColumnType::Real | ColumnType::Double
        );
    number(column_type, text).filter(|_| is_number).unwrap_or_else(|| text.into())
}

/// An expression as the catalog prints it. MySQL escapes the quotes in it once more.
fn printed(expression: &str, flavor: Flavor) -> String {
    match flavor {
        Flavor::Mysql => expression.replace("\\'", "'"),
        Flavor::Mariadb => expression.to_owned(),
    }
}

/// A check that is part of a column's definition has no name to drop it by.
fn check(row: CheckRow, flavor: Flavor) -> Check {
    let expression = without_parentheses(&printed(&row.expression, flavor), MYSQL);
    Check { name: Some(row.name).filter(|_| !row.of_column), expression }
}

/// The rows of one index stand together.
fn add_index_column(table: &mut Table, row: IndexRow, flavor: Flavor) {
    if row.name == "PRIMARY" {
        let key = table.primary_key.get_or_insert_with(|| PrimaryKey { name: None, columns: Vec::new() });
        key.columns.extend(row.column);
        return;
    }
    if table.indexes.last().is_none_or(|index| index.name != row.name) {
        let index = Index {
            table: table.name.clone(),
            unique: row.unique,
            method: Some(row.method.to_ascii_lowercase()).filter(|method| method != "btree"),
            ..rectify_schema::build::index(row.name.clone())
        };
        table.indexes.push(index);
    }
    let target = match (row.column, row.expression) {
        (None, Some(expression)) => IndexTarget::Expression(without_parentheses(&printed(&expression, flavor), MYSQL)),
        (column, _) => IndexTarget::Column(column.unwrap_or_default()),
    };
    if let Some(index) = table.indexes.last_mut() {
        let order = row.descending.then_some(Order::Desc);
        index.columns.push(IndexColumn { order, length: row.length, ..IndexColumn::new(target) });
    }
}

/// The action, if it is not what the database writes where nothing was said.
fn action(rule: &str, flavor: Flavor) -> Option<ForeignKeyAction> {
    match (rule, flavor) {
        ("CASCADE", _) => Some(ForeignKeyAction::Cascade),
        ("SET NULL", _) => Some(ForeignKeyAction::SetNull),
        ("SET DEFAULT", _) => Some(ForeignKeyAction::SetDefault),
        ("RESTRICT", Flavor::Mysql) => Some(ForeignKeyAction::Restrict),
        ("NO ACTION", Flavor::Mariadb) => Some(ForeignKeyAction::NoAction),
        _ => None,
    }
}
