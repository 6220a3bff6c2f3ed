//! SQLite's catalog rows into tables.

use std::collections::{HashMap, HashSet};

use rectify_schema::batch::{Program, Trigger};
use rectify_schema::dialect::SQLITE as DIALECT;
use rectify_schema::{
    Check, Column, ColumnType, DefaultValue, EnumType, Identity, Index, ObjectKind, SqlObject, Table, TableName, Value,
};

use super::queries::{ColumnRow, ObjectRow};
use super::{MAIN, ddl};
use crate::inspect::InspectError;
use crate::inspect::defaults::{hex, number};
use crate::inspect::tokens::{Kind, SQLITE, Token, tokens};

pub(super) fn tables(
    schema: &str,
    objects: Vec<ObjectRow>,
    columns: Vec<ColumnRow>,
) -> Result<Vec<Table>, InspectError> {
    let mut columns_of: HashMap<String, Vec<ColumnRow>> = HashMap::new();
    for column in columns {
        match columns_of.get_mut(&column.table) {
            Some(rows) => rows.push(column),
            None => drop(columns_of.insert(column.table.clone(), vec![column])),
        }
    }
    let mut indexes_of: HashMap<String, Vec<ObjectRow>> = HashMap::new();
    let mut tables = Vec::new();
    for object in objects {
        match object.kind.as_str() {
            "index" => indexes_of.entry(object.table.clone()).or_default().push(object),
            _ => tables.push(object),
        }
    }
    let virtual_tables: Vec<_> =
        tables.iter().filter(|table| is_virtual(table)).map(|table| table.name.clone()).collect();
    tables.retain(|table| !is_virtual(table) && !is_internal(&table.name) && !is_shadow(&table.name, &virtual_tables));
    let of_schema = |object: ObjectRow| {
        let rows = columns_of.remove(&object.name).unwrap_or_default();
        let indexes = indexes_of.remove(&object.name).unwrap_or_default();
        table(schema, object, rows, indexes)
    };
    tables.into_iter().map(of_schema).collect()
}

/// Tables and indexes apart from views and triggers.
pub(super) fn split(objects: Vec<ObjectRow>) -> (Vec<ObjectRow>, Vec<ObjectRow>) {
    objects.into_iter().partition(|object| matches!(object.kind.as_str(), "table" | "index"))
}

/// A view or a trigger, with the text that follows its name.
pub(super) fn object(schema: &str, row: ObjectRow) -> Result<SqlObject, InspectError> {
    let sql = row.sql.unwrap_or_default();
    let name = table_name(schema, row.name);
    let kind = match row.kind.as_str() {
        "trigger" => ObjectKind::Trigger { table: name.sibling(row.table) },
        _ => ObjectKind::View,
    };
    match ddl::definition(&sql, kind == ObjectKind::View) {
        Some(definition) => Ok(SqlObject { definition, ..SqlObject::named(kind, name) }),
        None => Err(InspectError::NotUnderstood { what: format!("the {} `{name}`", kind.word()), sql }),
    }
}

/// The clauses of table definitions that a [`Table`] has no place for.
pub(super) fn lost_clauses(objects: Vec<ObjectRow>) -> Result<Vec<String>, InspectError> {
    let mut clauses = Vec::new();
    for object in objects.into_iter().filter(|object| object.kind == "table" && !is_virtual(object)) {
        match object.sql.as_deref().and_then(ddl::parse_table) {
            Some(text) => clauses.extend(text.clauses),
            None => return Err(table_not_understood(object)),
        }
    }
    Ok(clauses)
}

/// The triggers and views that speak of a table, and what speaks of those views in turn. A name that only looks like the
/// table's counts too: what is dropped and created again without need is as it was.
pub(super) fn programs(table: &str, rows: Vec<ObjectRow>) -> Result<Vec<Program>, InspectError> {
    let mut spoken_of = vec![table.to_ascii_lowercase()];
    let mut taken = vec![false; rows.len()];
    // Where one trigger of a table is created again, all are: they fire in the order in which they were made.
    let mut reordered: Vec<String> = Vec::new();
    loop {
        let mut grew = false;
        for (row, taken) in rows.iter().zip(&mut taken).filter(|(_, taken)| !**taken) {
            let owner = row.table.to_ascii_lowercase();
            let names = ddl::names(row.sql.as_deref().unwrap_or_default());
            let of_table = row.kind == "trigger" && (spoken_of.contains(&owner) || reordered.contains(&owner));
            if !of_table && !names.into_iter().any(|name| spoken_of.contains(&name)) {
                continue;
            }
            (*taken, grew) = (true, true);
            if row.kind == "view" { spoken_of.push(row.name.to_ascii_lowercase()) } else { reordered.push(owner) }
        }
        if !grew {
            break;
        }
    }
    rows.into_iter().zip(taken).filter(|(_, taken)| *taken).map(|(row, _)| program(row)).collect()
}

fn program(row: ObjectRow) -> Result<Program, InspectError> {
    let sql = row.sql.unwrap_or_default();
    let trigger = match row.kind.as_str() {
        "trigger" => match ddl::trigger_event(&sql) {
            Some((event, columns)) => Some(Trigger { table: row.table, event, columns }),
            None => return Err(InspectError::NotUnderstood { what: format!("the trigger `{}`", row.name), sql }),
        },
        _ => None,
    };
    Ok(Program { name: row.name, sql, trigger })
}

fn table(
    schema: &str,
    object: ObjectRow,
    rows: Vec<ColumnRow>,
    indexes: Vec<ObjectRow>,
) -> Result<Table, InspectError> {
    let text = object.sql.as_deref().and_then(ddl::parse_table).filter(|text| same_columns(&text.columns, &rows));
    let Some(mut text) = text else { return Err(table_not_understood(object)) };
    let mut table = rectify_schema::build::table(table_name(schema, object.name));
    let mut enums = take_enum_checks(&rows, &mut text.checks);
    table.columns.reserve_exact(rows.len());
    for (row, column_text) in rows.into_iter().zip(text.columns) {
        let values = enums.remove(&row.name);
        table.columns.push(column(&table.name, row, column_text, values));
    }
    table.primary_key = text.primary_key;
    table.uniques = text.uniques;
    table.foreign_keys = text.foreign_keys;
    table.checks = text.checks;
    table.options = text.options;
    table.indexes =
        indexes.into_iter().filter_map(|row| index_of(&table.name, row).transpose()).collect::<Result<_, _>>()?;
    table.foreign_keys.shrink_to_fit();
    table.indexes.shrink_to_fit();
    Ok(table)
}

fn table_not_understood(object: ObjectRow) -> InspectError {
    InspectError::NotUnderstood { what: format!("the table `{}`", object.name), sql: object.sql.unwrap_or_default() }
}

fn table_name(schema: &str, name: String) -> TableName {
    let schema = Some(schema).filter(|schema| *schema != MAIN).map(str::to_owned);
    TableName { schema, name }
}

/// The two sources on a table's columns must agree, or the text was misread.
fn same_columns(text: &[ddl::ColumnText], rows: &[ColumnRow]) -> bool {
    text.len() == rows.len() && text.iter().zip(rows).all(|(text, row)| text.name == row.name)
}

/// `values` are those of an enum.
fn column(table: &TableName, row: ColumnRow, text: ddl::ColumnText, values: Option<Vec<String>>) -> Column {
    let column_type = match values {
        Some(values) => {
            ColumnType::Enum(EnumType { name: table.sibling(format!("{}_{}", table.name, row.name)), values })
        }
        None => DIALECT.parse_type(&row.type_name),
    };
    let default = row.default.and_then(|default| self::default(&column_type, &default));
    Column {
        // SQLite lets most primary keys be NULL, by an old mistake that nobody relies on.
        nullable: !row.not_null && row.key_position == 0,
        default,
        identity: text.autoincrement.then(Identity::default),
        generated: text.generated,
        not_null_on_conflict: text.not_null_on_conflict,
        collation: text.collation,
        ..rectify_schema::build::column(row.name, column_type)
    }
}

/// Takes away the checks that make texts enums, the first of each column, and gives the values.
fn take_enum_checks(rows: &[ColumnRow], checks: &mut Vec<Check>) -> HashMap<String, Vec<String>> {
    let mut enums = HashMap::new();
    if checks.is_empty() {
        return enums;
    }
    let is_text = |row: &&ColumnRow| DIALECT.parse_type(&row.type_name) == ColumnType::Text;
    let texts: HashSet<&str> = rows.iter().filter(is_text).map(|row| row.name.as_str()).collect();
    checks.retain(|check| {
        let found = if check.name.is_none() { ddl::enum_values(&check.expression) } else { None };
        match found {
            Some((column, values)) if texts.contains(column.as_str()) && !enums.contains_key(&column) => {
                enums.insert(column, values);
                false
            }
            _ => true,
        }
    });
    enums
}

/// A default as it was written, without the parentheses of an expression. SQLite takes a word or a name in quotes for a
/// string.
fn default(column_type: &ColumnType, text: &str) -> Option<DefaultValue> {
    let tokens = tokens(text, SQLITE);
    let value = match tokens.as_slice() {
        [word] if word.is("NULL") => return None,
        [token] => literal(column_type, token),
        [sign, token] if sign.is_symbol("-") && token.kind == Kind::Number => {
            number(column_type, &format!("-{}", token.text))
        }
        _ => None,
    };
    Some(value.unwrap_or_else(|| DefaultValue::Expression(text.to_owned())))
}

fn literal(column_type: &ColumnType, token: &Token<'_>) -> Option<DefaultValue> {
    match token.kind {
        Kind::Text | Kind::Name => Some(token.name().into()),
        Kind::Bytes => hex(token.text.get(2..token.text.len() - 1)?).map(|bytes| Value::Bytes(bytes).into()),
        Kind::Number => number(column_type, token.text),
        Kind::Word if token.is("TRUE") => Some(true.into()),
        Kind::Word if token.is("FALSE") => Some(false.into()),
        Kind::Word if ["CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME"].iter().any(|word| token.is(word)) => None,
        Kind::Word => Some(token.text.into()),
        Kind::Symbol => None,
    }
}

/// An index; none if a constraint made it.
fn index_of(table: &TableName, row: ObjectRow) -> Result<Option<Index>, InspectError> {
    let Some(sql) = row.sql else { return Ok(None) };
    match ddl::parse_index(&sql, &row.name, table) {
        Some(index) => Ok(Some(index)),
        None => Err(InspectError::NotUnderstood { what: format!("the index `{}`", row.name), sql }),
    }
}

fn is_virtual(table: &ObjectRow) -> bool {
    let prefix = table.sql.as_deref().and_then(|sql| sql.get(.."CREATE VIRTUAL ".len()));
    prefix.is_some_and(|prefix| prefix.eq_ignore_ascii_case("CREATE VIRTUAL "))
}

fn is_internal(name: &str) -> bool {
    name.get(.."sqlite_".len()).is_some_and(|prefix| prefix.eq_ignore_ascii_case("sqlite_"))
}

/// Whether a virtual table keeps its data there. The pragma that would know came with SQLite 3.37.
fn is_shadow(name: &str, virtual_tables: &[String]) -> bool {
    const SUFFIXES: &[&str] =
        &["config", "content", "data", "docsize", "idx", "node", "parent", "rowid", "segdir", "segments", "stat"];
    name.rsplit_once('_').is_some_and(|(owner, suffix)| {
        SUFFIXES.contains(&suffix) && virtual_tables.iter().any(|table| table.eq_ignore_ascii_case(owner))
    })
}

#[cfg(test)]
mod tests {
    use rectify_schema::build::{
        binary, boolean, column, custom, enumeration, index, index_column, integer, numeric, real, smallint, sql,
        table, text, timestamp, unique,
    };

    use super::*;

    fn made(kind: &str, name: &str, table: &str, sql: &str) -> ObjectRow {
        let sql = Some(sql.to_owned()).filter(|sql| !sql.is_empty());
        ObjectRow { kind: kind.into(), name: name.into(), table: table.into(), sql }
    }

    fn row(
        table: &str,
        name: &str,
        type_name: &str,
        not_null: bool,
        default: Option<&str>,
        key_position: u32,
    ) -> ColumnRow {
        let default = default.map(str::to_owned);
        ColumnRow {
            table: table.into(),
            name: name.into(),
            type_name: type_name.into(),
            not_null,
            default,
            key_position,
        }
    }

    #[test]
    fn a_table_with_its_index() {
        let create = "CREATE TABLE users (\n    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,\n    \
                      status TEXT DEFAULT 'new' NOT NULL CHECK (status IN ('new', 'old')),\n    age SMALLINT,\n    \
                      CONSTRAINT uq_users_age UNIQUE (age)\n)";
        let by_age = "CREATE INDEX ix_age ON users (age DESC)";
        let objects = vec![
            made("table", "users", "users", create),
            made("index", "sqlite_autoindex_users_1", "users", ""),
            made("table", "sqlite_sequence", "sqlite_sequence", "CREATE TABLE sqlite_sequence(name,seq)"),
            made("index", "ix_age", "users", by_age),
        ];
        let columns = vec![
            row("users", "id", "INTEGER", true, None, 1),
            row("users", "status", "TEXT", true, Some("'new'"), 0),
            row("users", "age", "SMALLINT", false, None, 0),
            row("sqlite_sequence", "name", "", false, None, 0),
        ];
        let mut expected = table("users")
            .column(column("id", integer()).primary_key().identity())
            .column(column("status", enumeration("users_status", ["new", "old"])).not_null().server_default("new"))
            .column(column("age", smallint()))
            .unique(unique("uq_users_age").on(["age"]))
            .index(index("ix_age").on("users", [index_column("age").desc()]));
        expected.indexes[0].sql = Some(by_age.into());
        assert_eq!(tables("main", objects, columns).unwrap(), [expected]);
    }

    #[test]
    fn virtual_tables_and_their_data_are_left_out() {
        let objects = vec![
            made("table", "notes", "notes", "CREATE VIRTUAL TABLE notes USING fts5(text)"),
            made("table", "notes_content", "notes_content", "CREATE TABLE 'notes_content'(id INTEGER PRIMARY KEY, c0)"),
            made("table", "notes_old", "notes_old", "CREATE TABLE notes_old (a)"),
        ];
        let found = tables("extra", objects, vec![row("notes_old", "a", "", false, None, 0)]).unwrap();
        assert_eq!(found, [table(("extra", "notes_old")).column(column("a", custom("")))]);
    }

    #[test]
    fn a_definition_that_differs_from_the_columns_is_refused() {
        let objects = vec![made("table", "t", "t", "CREATE TABLE t (a, b)")];
        let error = tables("main", objects, vec![row("t", "a", "", false, None, 0)]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the catalog's definition of the table `t` is not understood: CREATE TABLE t (a, b)"
        );
    }

    #[test]
    fn triggers_and_views_that_speak_of_a_table_are_attached() {
        let rows = vec![
            made(
                "trigger",
                "on_it",
                "Users",
                "CREATE TRIGGER on_it AFTER UPDATE OF a, [b] ON Users BEGIN SELECT 1; END",
            ),
            made(
                "trigger",
                "elsewhere",
                "logs",
                "CREATE TRIGGER elsewhere AFTER INSERT ON logs BEGIN DELETE FROM [users]; END",
            ),
            made("trigger", "beside", "logs", "CREATE TRIGGER beside DELETE ON logs BEGIN SELECT 'superusers'; END"),
            made("trigger", "other", "more", "CREATE TRIGGER other DELETE ON more BEGIN SELECT 'superusers'; END"),
            made("view", "x", "x", "CREATE VIEW x AS SELECT * FROM V"),
            made("view", "v", "v", "CREATE VIEW v AS SELECT * FROM \"users\" -- more"),
            made("view", "w", "w", "CREATE VIEW w AS SELECT * FROM logs -- users"),
            made("trigger", "into_x", "x", "CREATE TRIGGER into_x INSTEAD OF INSERT ON x BEGIN SELECT 1; END"),
        ];
        let found = programs("users", rows).unwrap();
        let names: Vec<_> = found.iter().map(|program| program.name.as_str()).collect();
        assert_eq!(names, ["on_it", "elsewhere", "beside", "x", "v", "into_x"]);
        let columns = vec!["a".into(), "b".into()];
        assert_eq!(found[0].trigger, Some(Trigger { table: "Users".into(), event: "UPDATE".into(), columns }));
        assert_eq!(found[5].trigger.as_ref().unwrap().event, "INSERT");
        assert_eq!(found[3].trigger, None);
    }

    #[test]
    fn views_and_triggers_have_the_text_behind_their_name() {
        use rectify_schema::build::{trigger, view};

        let found = object("main", made("view", "v", "v", "CREATE VIEW v AS SELECT 1 -- all")).unwrap();
        assert_eq!(found, view("v", "SELECT 1 -- all"));
        let found =
            object("far", made("view", "a b", "a b", "CREATE VIEW [a b] /* x */ (c, d)\nas SELECT 1, 2")).unwrap();
        assert_eq!(found, view(("far", "a b"), "(c, d)\nas SELECT 1, 2"));
        let sql = "CREATE TRIGGER \"on it\" AFTER INSERT ON t BEGIN SELECT 1; END";
        let found = object("main", made("trigger", "on it", "t", sql)).unwrap();
        assert_eq!(found, trigger("on it", "t", "AFTER INSERT ON t BEGIN SELECT 1; END"));
        let error = object("main", made("view", "v", "v", "CREATE VIEW v")).unwrap_err();
        assert_eq!(error.to_string(), "the catalog's definition of the view `v` is not understood: CREATE VIEW v");
    }

    #[test]
    fn a_trigger_that_is_not_understood_is_refused() {
        let error = programs("t", vec![made("trigger", "x", "t", "CREATE TRIGGER x")]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the catalog's definition of the trigger `x` is not understood: CREATE TRIGGER x"
        );
    }

    #[track_caller]
    fn check_default(column_type: ColumnType, text: &str, expected: impl Into<DefaultValue>) {
        assert_eq!(default(&column_type, text), Some(expected.into()), "{text}");
    }

    #[test]
    fn defaults_are_literals_or_expressions() {
        check_default(text(), "'it''s'", "it's");
        check_default(text(), "\"old style\"", "old style");
        check_default(text(), "word", "word");
        check_default(integer(), "-5", -5_i64);
        check_default(boolean(), "1", true);
        check_default(boolean(), "FALSE", false);
        check_default(real(), "1.5", 1.5);
        check_default(numeric(3, 2), "1.50", sql("1.50"));
        check_default(binary(), "X'00ff'", vec![0, 255]);
        check_default(timestamp(), "CURRENT_TIMESTAMP", sql("CURRENT_TIMESTAMP"));
        check_default(text(), "'a' || 'b'", sql("'a' || 'b'"));
        assert_eq!(default(&text(), "NULL"), None);
    }
}
