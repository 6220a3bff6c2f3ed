//! Catalog rows of MySQL and MariaDB into a schema.

use std::collections::HashMap;

use rectify_schema::{
    Check, Column, ColumnType, DefaultValue, ForeignKey, ForeignKeyAction, Generated, Identity, Index, IndexColumn,
    IndexTarget, Order, Schema, Table, TableName, TableOptions, Value,
};

use super::partitions::{PartitionRow, partitioning};
use super::queries::{CheckRow, ColumnRow, ForeignKeyRow, IndexRow, QualifiedName, TableRow};
use super::{Flavor, types};
use crate::inspect::defaults::number;
use crate::inspect::tokens::{Kind, MYSQL, tokens, without_parentheses};

#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) tables: Vec<TableRow>,
    pub(super) columns: Vec<ColumnRow>,
    pub(super) indexes: Vec<IndexRow>,
    pub(super) foreign_keys: Vec<ForeignKeyRow>,
    pub(super) checks: Vec<CheckRow>,
    pub(super) partitions: Vec<PartitionRow>,
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
    tables.add_foreign_keys(&rows.foreign_keys, flavor);
    for rows in rows.partitions.chunk_by(|a, b| a.table == b.table) {
        if let Some(read) = rows.first().and_then(|row| tables.find(&row.table)) {
            read.table.options.partitions = partitioning(flavor.dialect(), rows);
        }
    }
    Schema { tables: tables.read.into_iter().map(|read| read.table).collect(), ..Schema::default() }
}

struct Tables {
    read: Vec<TableRead>,
    by_name: HashMap<QualifiedName, usize>,
    /// The database that the connection uses.
    current: String,
}

/// A table as far as it is read.
struct TableRead {
    table: Table,
    collation: String,
}

impl Tables {
    fn new(rows: Vec<TableRow>) -> Self {
        let current = rows.first().map(|row| row.current.clone()).unwrap_or_default();
        let by_name = rows.iter().enumerate().map(|(at, row)| (row.table.clone(), at)).collect();
        Self { read: rows.into_iter().map(|row| table(row, &current)).collect(), by_name, current }
    }

    fn find(&mut self, name: &QualifiedName) -> Option<&mut TableRead> {
        self.by_name.get(name).map(|&at| &mut self.read[at])
    }

    /// The rows of one key stand together. Its name alone does not tell it from another table's.
    fn add_foreign_keys(&mut self, rows: &[ForeignKeyRow], flavor: Flavor) {
        for rows in rows.chunk_by(|a, b| a.table == b.table && a.name == b.name) {
            let (rules, rows): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.column.is_none());
            let ([first, ..], rule) = (rows.as_slice(), rules.first()) else { continue };
            let key = ForeignKey {
                name: Some(first.name.clone()),
                columns: rows.iter().filter_map(|row| row.column.clone()).collect(),
                references: first.referenced.to_table_name(&self.current),
                referenced_columns: rows.iter().map(|row| row.referenced_column.clone()).collect(),
                on_delete_columns: Vec::new(),
                on_delete: rule.and_then(|rule| action(&rule.on_delete, flavor)),
                on_update: rule.and_then(|rule| action(&rule.on_update, flavor)),
                deferrable: None,
                match_full: false,
                not_valid: false,
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
        row_format: row.options.split(' ').find_map(|option| option.strip_prefix("row_format=")).map(str::to_owned),
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
    let mut column_type = types::parse(flavor.dialect(), &row.type_name, enum_name);
    let extra = row.extra.to_ascii_lowercase();
    if row.type_name == "longtext" && checks.is_some_and(|checks| take_json_check(&row.name, checks)) {
        column_type = ColumnType::Json;
    }
    if extra.contains("invisible") {
        // It has no place of its own, and a column that is restated without it would become visible.
        column_type = ColumnType::Custom(format!("{} INVISIBLE", row.type_name));
    }
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
    rectify_schema::build::check(Some(row.name).filter(|_| !row.of_column), expression)
}

/// The rows of one index stand together.
fn add_index_column(table: &mut Table, row: IndexRow, flavor: Flavor) {
    if row.name == "PRIMARY" {
        let key = table.primary_key.get_or_insert_default();
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

/// Leaves out the index that the server made for a foreign key, by the name of the key or, where that has none of its own, of
/// its first column.
pub(super) fn leave_out_indexes_of_keys(table: &mut Table) {
    let Table { name: TableName { name: table, .. }, indexes, foreign_keys, .. } = table;
    let invented = format!("{table}_ibfk_");
    indexes.retain(|index| {
        let plain = !index.unique && index.method.is_none();
        !foreign_keys.iter().any(|key| {
            let name = key.name.as_deref().unwrap_or_default();
            let named = index.name == name || (name.starts_with(&invented) && key.columns.first() == Some(&index.name));
            let columns = key.columns.iter().map(|column| IndexColumn::from(column.as_str()));
            named && plain && index.columns.iter().cloned().eq(columns)
        })
    });
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

#[cfg(test)]
mod tests {
    use rectify_schema::TableName;
    use rectify_schema::build::{
        Cascade, Restrict, SetNull, bigint, boolean, column, custom, double, enumeration, foreign_key, index,
        index_column, integer, json, sql, table, text, timestamp, timestamptz, uuid, varchar,
    };

    use super::*;
    use crate::inspect::recorded;

    /// As MariaDB 10.11 gave them.
    fn rows() -> Rows {
        Rows {
            tables: recorded(
                "it|m|MyISAM|latin1_swedish_ci|utf8mb4_general_ci||1|it|row_format=FIXED partitioned|0\n\
                 it|t|\\N|utf8mb4_general_ci|utf8mb4_general_ci|tab'le|1|it||0",
            ),
            columns: recorded(
                "it|m|id|int(11)|YES|NULL||\\N|\\N|\n\
                 it|t|id|bigint(20)|NO|\\N|auto_increment|\\N|\\N|\n\
                 it|t|e|enum('a','it''s')|NO|'it''s'||\\N|utf8mb4_general_ci|\n\
                 it|t|ts|timestamp|YES|current_timestamp()|on update current_timestamp()|\\N|\\N|\n\
                 it|t|j|longtext|YES|'{}'||\\N|utf8mb4_bin|\n\
                 it|t|gv|varchar(40)|YES|NULL|VIRTUAL GENERATED|concat(`e`,'\\'q')|utf8mb4_general_ci|\n\
                 it|t|note|text|YES|NULL||\\N|utf8mb4_bin|co'm\n\
                 it|t|inv|int(11)|YES|3|INVISIBLE|\\N|\\N|",
            ),
            indexes: recorded(
                "it|t|PRIMARY|1|BTREE|id|0|\\N|\\N\n\
                 it|t|ft|0|FULLTEXT|note|\\N|\\N|\\N\n\
                 it|t|k2|1|BTREE|note|0|5|\\N\n\
                 it|t|k2|1|BTREE|id|1|\\N|\\N",
            ),
            foreign_keys: recorded(
                "it|m|fk_far|\\N|\\N|\\N|\\N|RESTRICT|RESTRICT\nit|m|fk_far|id|it|t|id|\\N|\\N\n\
                 it|t|fk_far|\\N|\\N|\\N|\\N|RESTRICT|CASCADE\nit|t|fk_far|id|other|parent|a|\\N|\\N\n\
                 it|t|fk_far|inv|other|parent|b|\\N|\\N",
            ),
            partitions: recorded("it|m|p0|HASH|`id`|\\N|\\N|\\N|\\N"),
            checks: recorded("it|t|ck|`id` > 0|0\nit|t|j|json_valid(`j`)|1\nit|t|inv|`inv` > 0|1"),
        }
    }

    #[test]
    fn tables_as_mariadb_keeps_them() {
        let updated = sql("current_timestamp() ON UPDATE current_timestamp()");
        let m = table("m").column(column("id", integer())).options(TableOptions {
            engine: Some("MyISAM".into()),
            charset: Some("latin1".into()),
            collation: Some("latin1_swedish_ci".into()),
            row_format: Some("FIXED".into()),
            partitions: Some("HASH(id) PARTITIONS 1".into()),
            ..TableOptions::default()
        });
        // A key of another table may have the same name.
        let m = m.foreign_key(foreign_key("fk_far").on(["id"]).references("t", ["id"]));
        let key =
            foreign_key("fk_far").on(["id", "inv"]).references(("other", "parent"), ["a", "b"]).on_delete(Cascade);
        let unnamed = rectify_schema::build::check(None, "`inv` > 0");
        let mut t = table("t")
            .column(column("id", bigint()).primary_key().identity())
            .column(column("e", enumeration("t_e", ["a", "it's"])).not_null().server_default("it's"))
            .column(column("ts", timestamptz()).server_default(updated))
            .column(column("j", json()).server_default("{}"))
            .column(column("gv", varchar(40)).generated_virtual("concat(`e`,'\\'q')"))
            .column(column("note", text()).collate("utf8mb4_bin").comment("co'm"))
            .column(column("inv", custom("int(11) INVISIBLE")).server_default(3_i64))
            .foreign_key(key)
            .check(rectify_schema::build::check("ck", "`id` > 0"))
            .check(unnamed)
            .index(index("ft").on("t", ["note"]).using("fulltext"))
            .index(index("k2").on("t", [index_column("note").length(5), index_column("id").desc()]).unique());
        t.comment = Some("tab'le".into());
        assert_eq!(schema(rows(), Flavor::Mariadb, None).tables, [m, t]);
    }

    #[test]
    fn the_index_that_comes_with_a_foreign_key_is_left_out() {
        let key = |name: &str| foreign_key(name).on(["a", "b"]).references("p", ["a", "b"]);
        let table = table("t")
            .foreign_key(key("fk"))
            .foreign_key(ForeignKey { columns: vec!["c".into()], ..key("t_ibfk_1") })
            .index(index("fk").on("t", ["a", "b"]))
            .index(index("c").on("t", ["c"]))
            .index(index("a").on("t", ["a"]));
        let kept = |table: &Table| table.indexes.iter().map(|index| index.name.clone()).collect::<Vec<_>>();
        let mut left = table.clone();
        leave_out_indexes_of_keys(&mut left);
        assert_eq!(kept(&left), ["a"]);
        let mut other = table;
        other.indexes[0].unique = true;
        other.indexes[1].columns.push("d".into());
        leave_out_indexes_of_keys(&mut other);
        assert_eq!(kept(&other), ["fk", "c", "a"]);
    }

    #[test]
    fn one_table_is_that_of_the_same_case_where_case_matters() {
        assert!(schema(rows(), Flavor::Mariadb, Some("T")).tables.is_empty());
        let mut rows = rows();
        rows.tables.retain(|row| row.table.name == "t");
        rows.tables[0].case_matters = false;
        assert_eq!(schema(rows, Flavor::Mariadb, Some("T")).tables.len(), 1);
    }

    #[track_caller]
    fn check_default(
        flavor: Flavor,
        column_type: ColumnType,
        text: &str,
        extra: &str,
        expected: impl Into<DefaultValue>,
    ) {
        let row = ColumnRow { default: Some(text.into()), extra: extra.into(), ..ColumnRow::default() };
        assert_eq!(default(&column_type, &row, flavor), Some(expected.into()), "{text}");
    }

    #[test]
    fn defaults_as_mariadb_prints_them() {
        let check = |column_type, text, expected: DefaultValue| {
            check_default(Flavor::Mariadb, column_type, text, "", expected);
        };
        check(varchar(9), "'x''y\\\\z'", "x'y\\z".into());
        check(varchar(9), "'NULL'", "NULL".into());
        check(varchar(9), "'5'", "5".into());
        check(boolean(), "1", true.into());
        check(integer(), "-1", (-1_i64).into());
        check(double(), "1.5", 1.5.into());
        check(uuid(), "uuid()", sql("uuid()").into());
        check(custom("bit(3)"), "b'101'", sql("b'101'").into());
        assert_eq!(mariadb_default(&text(), "NULL"), None);
    }

    #[test]
    fn defaults_as_mysql_prints_them() {
        let check = |column_type, text, extra, expected: DefaultValue| {
            check_default(Flavor::Mysql, column_type, text, extra, expected);
        };
        check(varchar(9), "it's", "", "it's".into());
        check(varchar(9), "5", "", "5".into());
        check(integer(), "5", "", 5_i64.into());
        check(boolean(), "1", "", true.into());
        check(timestamp(), "CURRENT_TIMESTAMP", "DEFAULT_GENERATED", sql("CURRENT_TIMESTAMP").into());
        check(
            timestamptz(),
            "CURRENT_TIMESTAMP",
            "DEFAULT_GENERATED on update CURRENT_TIMESTAMP",
            sql("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP").into(),
        );
        check(varchar(9), "concat(_utf8mb4\\'a\\')", "DEFAULT_GENERATED", sql("concat(_utf8mb4'a')").into());
        check(custom("bit(1)"), "b'1'", "", sql("b'1'").into());
    }

    #[test]
    fn actions_that_hold_anyway_are_left_out() {
        assert_eq!(action("RESTRICT", Flavor::Mariadb), None);
        assert_eq!(action("NO ACTION", Flavor::Mysql), None);
        assert_eq!(action("RESTRICT", Flavor::Mysql), Some(Restrict));
        assert_eq!(action("SET NULL", Flavor::Mysql), Some(SetNull));
    }

    #[test]
    fn names_in_the_current_database_have_no_schema() {
        let name = QualifiedName { schema: "it".into(), name: "t".into() };
        assert_eq!(name.to_table_name("it"), TableName::from("t"));
        assert_eq!(name.to_table_name("other"), TableName::from(("it", "t")));
    }
}
