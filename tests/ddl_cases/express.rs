//! The operations of cases, as ours.

use rectify_schema::build::*;
use rectify_schema::ops::*;
use rectify_schema::{
    Check, Column, Dialect, Exclude, ForeignKey, Index, IndexColumn, OnCommit, OnConflict, Operation, Table, TableName,
    Unique, Value as Literal,
};
use serde_json::Value;

use crate::types::{
    Expressed, column_of, column_type, default, deferrable, enum_to_create, flag, identity_options, key_options, list,
    reference, strings, text, type_check,
};
use crate::{keys, naming};

/// The operations that say what one of Alembic's says.
pub(crate) fn operation(d: &dyn Dialect, op: &Value) -> Expressed<Vec<Operation>> {
    keys::of_operation(d, op)?;
    let table = table_of(op);
    let name = || naming::name(&op["constraint"]);
    Ok(match text(op, "name").unwrap_or_default() {
        "create_table" => return create_table(d, op),
        "add_column" => return add_column(d, op),
        "drop_table" => vec![DropTable { if_exists: flag(op, "if_exists"), ..DropTable::new(table) }.into()],
        "drop_column" => {
            let drop = DropColumn::new(table, text(op, "column").unwrap_or_default());
            vec![DropColumn { if_exists: flag(op, "if_exists"), ..drop }.into()]
        }
        "alter_column" => return alter_column(d, op),
        "bulk_insert" => return bulk_insert(op),
        "rename_table" => vec![RenameTable::new(table, text(op, "to").unwrap_or_default()).into()],
        "create_index" => vec![CreateIndex::new(index_of(d, op, &table)?).into()],
        "drop_index" => vec![drop_index(op).into()],
        "create_exclude_constraint" => vec![CreateExclude::new(table, exclude_of(op, name())?).into()],
        "create_primary_key" => {
            vec![CreatePrimaryKey::new(table, primary_key(name()).on(strings(&op["columns"]))).into()]
        }
        "create_unique_constraint" => vec![CreateUnique::new(table, unique_of(op, name())).into()],
        "create_check_constraint" => {
            let check = check(naming::check_name(&op["constraint"]), text(op, "expr").unwrap_or_default());
            vec![CreateCheck::new(table, Check { not_valid: flag(op, "postgresql_not_valid"), ..check }).into()]
        }
        "create_foreign_key" => vec![CreateForeignKey::new(table, foreign_key_of(op, name())?).into()],
        "drop_constraint" => vec![drop_constraint(op, table)?],
        "create_table_comment" if op.get("comment").is_none_or(Value::is_null) => {
            vec![SetTableComment::new(table, None::<String>).into()]
        }
        "create_table_comment" => vec![SetTableComment::new(table, text(op, "comment")).into()],
        "drop_table_comment" => vec![SetTableComment::new(table, None::<String>).into()],
        "execute" => vec![Sql::new(execute(d, op)?).into()],
        "execute_update" => vec![Sql::new(update(d, op)?).into()],
        other => return Err(format!("the operation {other}")),
    })
}

pub(crate) fn table_of(op: &Value) -> TableName {
    let name = text(op, "table").unwrap_or_default().to_owned();
    TableName { schema: text(op, "schema").map(str::to_owned), name }
}

fn create_table(d: &dyn Dialect, op: &Value) -> Expressed<Vec<Operation>> {
    let before = list(op, "columns").iter().filter_map(|given| enum_to_create(d, given));
    let mut made = table_with_parts(d, op)?;
    table_options(d, &mut made, op)?;
    number_rows(d, &mut made, op);
    made.if_not_exists = flag(op, "if_not_exists");
    let create = CreateTable::new(made).into();
    Ok(before.map(Operation::from).chain([create]).collect())
}

/// A table with its columns, constraints and indexes.
pub(crate) fn table_with_parts(d: &dyn Dialect, op: &Value) -> Expressed<Table> {
    let mut made = table(table_of(op));
    let mut checks = Vec::new();
    for given in list(op, "columns") {
        let column = column_of(d, given)?;
        checks.extend(type_check(d, &column.name, &given["type"]));
        made = made.column(column);
    }
    for given in list(op, "constraints") {
        made = constraint(d, made, given)?;
    }
    for given in list(op, "indexes") {
        made = made.index(index_of(d, given, &table_of(op))?);
    }
    Ok(checks.into_iter().fold(made, Table::check))
}

fn constraint(d: &dyn Dialect, table: Table, given: &Value) -> Expressed<Table> {
    let kind = text(given, "kind").unwrap_or_default();
    let known = if kind == "foreign_key" { keys::REFERENCE } else { keys::CONSTRAINT };
    keys::only(d, given, "a constraint", known)?;
    let name = naming::name(&given["name"]);
    Ok(match kind {
        "primary_key" => table.primary_key(primary_key(name).on(strings(&given["columns"]))),
        "unique" => table.unique(unique_of(given, name)),
        "check" => table.check(check(naming::check_name(&given["name"]), text(given, "expr").unwrap_or_default())),
        "exclude" => table.exclude(exclude_of(given, name)?),
        "index" => {
            let index = index_of(d, given, &table.name)?;
            table.index(index)
        }
        "foreign_key" => {
            let targets = strings(&given["targets"]);
            let columns = strings(&given["columns"]);
            table.foreign_key(reference(given, columns, targets.iter().map(String::as_str))?)
        }
        other => return Err(format!("the constraint {other}")),
    })
}

fn table_options(d: &dyn Dialect, table: &mut Table, op: &Value) -> Expressed<()> {
    table.comment = text(op, "comment").map(str::to_owned);
    let Some(given) = op.get("options") else { return Ok(()) };
    keys::only(d, given, "the options of a table", keys::TABLE_OPTIONS)?;
    let word = |key: &str| given.get(key).map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    let mine = |option: &str| match d.name() {
        "mysql" => word(&format!("mysql_{option}")),
        "mariadb" => word(&format!("mariadb_{option}")),
        _ => None,
    };
    let prefixes = strings(&given["prefixes"]);
    let options = &mut table.options;
    options.unlogged = prefixes.iter().any(|prefix| prefix == "UNLOGGED");
    options.temporary = prefixes.iter().any(|prefix| prefix == "TEMPORARY");
    options.inherits = strings(&given["postgresql_inherits"]).into_iter().map(TableName::from).collect();
    options.partition_by = word("postgresql_partition_by");
    options.access_method = word("postgresql_using");
    options.storage = storage(&given["postgresql_with"]);
    options.tablespace = word("postgresql_tablespace");
    options.on_commit = word("postgresql_on_commit").map(|text| match text.as_str() {
        "DROP" => OnCommit::Drop,
        "DELETE ROWS" => OnCommit::DeleteRows,
        _ => OnCommit::PreserveRows,
    });
    (options.engine, options.charset, options.collation) =
        (mine("engine"), mine("charset").or(mine("default_charset")), mine("collate"));
    options.row_format = mine("row_format");
    options.auto_increment = mine("auto_increment").and_then(|number| number.parse().ok());
    options.partitions = mine("partition_by").map(|by| match mine("partitions") {
        Some(number) => format!("{by} PARTITIONS {number}"),
        None => by,
    });
    options.strict = flag(given, "sqlite_strict");
    options.without_rowid = given.get("sqlite_with_rowid").and_then(Value::as_bool) == Some(false);
    table.comment = text(given, "comment").map(str::to_owned).or(table.comment.take());
    Ok(())
}

fn storage(value: &Value) -> Vec<(String, String)> {
    let parameters = value.as_object().into_iter().flatten();
    parameters
        .map(|(name, value)| (name.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        .collect()
}

/// What Alembic numbers by itself: the only column of the key, if it is an integer without a default or a reference.
fn number_rows(d: &dyn Dialect, table: &mut Table, op: &Value) {
    let key = table.primary_key.as_ref().map(|key| key.columns.clone()).unwrap_or_default();
    let asked = op.get("options").is_some_and(|options| flag(options, "sqlite_autoincrement"));
    for given in list(op, "columns") {
        let name = text(given, "name").unwrap_or_default();
        let told = given.get("autoincrement").and_then(Value::as_bool);
        let refers = table.foreign_keys.iter().any(|foreign_key| foreign_key.columns == [name]);
        let Some(column) = table.find_column_mut(name).filter(|column| column.column_type.is_integer()) else {
            continue;
        };
        let auto = key == [name] && !refers && column.default.is_none() && column.identity.is_none();
        let numbered = key.iter().any(|of| of == name) && told.unwrap_or(auto);
        if numbered && (d.name() != "sqlite" || asked || told == Some(true)) {
            column.identity = Some(identity());
        }
    }
}

fn add_column(d: &dyn Dialect, op: &Value) -> Expressed<Vec<Operation>> {
    let (table, given) = (table_of(op), &op["column"]);
    let mut column = column_of(d, given)?;
    if column.primary_key && column.column_type.is_integer() && d.name() != "sqlite" {
        column.identity = Some(identity());
    }
    let by_type = type_check(d, &column.name, &given["type"]);
    if column.check.is_none() {
        column.check = by_type.map(Box::new);
    }
    Ok(vec![AddColumn { if_not_exists: flag(op, "if_not_exists"), ..AddColumn::new(table, column) }.into()])
}

/// A change, between the checks that types bring along.
fn alter_column(d: &dyn Dialect, op: &Value) -> Expressed<Vec<Operation>> {
    let (table, name) = (table_of(op), text(op, "column").unwrap_or_default());
    let changed = op.get("type_").is_some();
    let before = type_check(d, name, &op["existing_type"]).filter(|_| changed).and_then(|check| check.name);
    let after = op.get("type_").and_then(|of| type_check(d, name, of));
    // Of the one that was there the case knows no more than its type.
    let drop = before.map(|name| DropCheck { if_exists: d.name() != "mysql", ..DropCheck::new(&table, name) }.into());
    let create = after.map(|check| CreateCheck::new(&table, check).into());
    Ok(drop.into_iter().chain([change_of(d, op, name)?.into()]).chain(create).collect())
}

fn change_of(d: &dyn Dialect, op: &Value, name: &str) -> Expressed<AlterColumn> {
    let mut change = alter(name);
    if let Some(given) = op.get("type_") {
        change.column_type = Some(column_type(d, given)?);
    }
    change.nullable = op.get("nullable").and_then(Value::as_bool);
    let (given, before) = (op.get("server_default"), &op["existing_server_default"]);
    match given {
        Some(value) if value.get("computed").is_some() => return Err("a column that becomes computed".to_owned()),
        Some(Value::Null) if before.get("computed").is_some() => return Err("a column no longer computed".to_owned()),
        Some(Value::Null) if before.get("identity").is_some() => change.identity = Change::Drop,
        Some(Value::Null) => change.default = Change::Drop,
        Some(value) if value.get("identity").is_some() => {
            change.identity = Change::Set(identity_options(&value["identity"]));
        }
        Some(value) => change.default = Change::Set(default(value)?),
        None => {}
    }
    match op.get("comment") {
        Some(Value::Null) => change.comment = Change::Drop,
        Some(_) => change.comment = Change::Set(text(op, "comment").unwrap_or_default().to_owned()),
        None => {}
    }
    if flag(op, "autoincrement") && matches!(d.name(), "mysql" | "mariadb") {
        change.identity = Change::Set(identity());
    }
    change.rename_to = text(op, "new_column_name").map(str::to_owned);
    change.using = text(op, "postgresql_using").map(str::to_owned);
    let mut alter = AlterColumn::new(table_of(op), change);
    alter.existing = existing(d, op, name)?;
    Ok(alter)
}

/// What the case says that the column is.
fn existing(d: &dyn Dialect, op: &Value, name: &str) -> Expressed<Option<Column>> {
    let Some(given) = op.get("existing_type").or(op.get("type_")) else { return Ok(None) };
    let mut column = column(name, column_type(d, given)?);
    column.nullable = op.get("existing_nullable").and_then(Value::as_bool).unwrap_or(true);
    match op.get("existing_server_default").filter(|value| !value.is_null()) {
        Some(value) if value.get("identity").is_some() => column.identity = Some(identity()),
        Some(value) if value.get("computed").is_none() => column.default = Some(default(value)?),
        _ => {}
    }
    if flag(op, "existing_autoincrement") {
        column.identity = Some(identity());
    }
    column.comment = text(op, "existing_comment").map(str::to_owned);
    Ok(Some(column))
}

fn index_of(d: &dyn Dialect, op: &Value, table: &TableName) -> Expressed<Index> {
    let on = match d.name() {
        "postgres" => "postgresql",
        other => other,
    };
    let mine = |option: &str| op.get(format!("{on}_{option}"));
    let word = |option: &str| mine(option).and_then(Value::as_str).map(str::to_owned);
    let mut columns = Vec::new();
    for given in list(op, "columns") {
        let mut column = index_column_of(given)?;
        if let Some(name) = given.as_str() {
            let length = mine("length").map(|lengths| lengths.get(name).unwrap_or(lengths));
            column.length = length.and_then(Value::as_u64).and_then(|length| u32::try_from(length).ok());
            column.operator_class = mine("ops").and_then(|ops| text(ops, name)).map(str::to_owned);
        }
        columns.push(column);
    }
    let name = op.get("index").or_else(|| op.get("name")).and_then(naming::name);
    Ok(Index {
        unique: flag(op, "unique"),
        predicate: word("where"),
        method: word("using").or_else(|| word("prefix").map(|prefix| prefix.to_lowercase())),
        include: mine("include").map(strings).unwrap_or_default(),
        nulls_not_distinct: mine("nulls_not_distinct").and_then(Value::as_bool).unwrap_or(false),
        concurrently: mine("concurrently").and_then(Value::as_bool).unwrap_or(false),
        if_not_exists: flag(op, "if_not_exists"),
        storage: mine("with").map(storage).unwrap_or_default(),
        tablespace: word("tablespace"),
        parser: word("with_parser"),
        ..index(name).on(table, columns)
    })
}

fn index_column_of(given: &Value) -> Expressed<IndexColumn> {
    // We write the parentheses ourselves.
    let bare = |text: &str| text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(text).to_owned();
    if let Some(name) = given.as_str() {
        return Ok(index_column(name));
    }
    if let Some(name) = text(given, "desc") {
        return Ok(index_column(name).desc());
    }
    match (text(given, "expr"), text(given, "func"), text(given, "col")) {
        (Some(expression), _, _) => Ok(sql(bare(expression)).into()),
        (_, Some(function), Some(column)) => Ok(sql(format!("{function}({column})")).into()),
        _ => Err(format!("the index column {given}")),
    }
}

fn drop_index(op: &Value) -> DropIndex {
    let mut drop = DropIndex::new(text(op, "index").unwrap_or_default());
    if op.get("table").is_some() {
        drop = drop.on(table_of(op));
    }
    drop.if_exists = flag(op, "if_exists");
    drop.concurrently = flag(op, "postgresql_concurrently");
    drop
}

fn unique_of(given: &Value, name: Option<String>) -> Unique {
    Unique {
        name,
        deferrable: deferrable(given),
        nulls_not_distinct: flag(given, "postgresql_nulls_not_distinct"),
        include: strings(&given["postgresql_include"]),
        on_conflict: text(given, "sqlite_on_conflict").and_then(OnConflict::parse),
        ..unique(None).on(strings(&given["columns"]))
    }
}

fn exclude_of(given: &Value, name: Option<String>) -> Expressed<Exclude> {
    let mut made = Exclude {
        method: text(given, "using").map(str::to_owned),
        predicate: text(given, "where").map(str::to_owned),
        deferrable: deferrable(given),
        ..exclude(name)
    };
    for element in list(given, "elements") {
        let mut column = index_column_of(&element[0])?;
        let name = element[0].as_str().unwrap_or_default();
        column.operator_class = given.get("ops").and_then(|ops| text(ops, name)).map(str::to_owned);
        made = made.with(column, element[1].as_str().unwrap_or_default());
    }
    Ok(made)
}

fn foreign_key_of(op: &Value, name: Option<String>) -> Expressed<ForeignKey> {
    let schema = text(op, "referent_schema").map(str::to_owned);
    let references = TableName { schema, name: text(op, "ref_table").unwrap_or_default().to_owned() };
    let key = foreign_key("").on(strings(&op["columns"])).references(references, strings(&op["ref_columns"]));
    let key = key_options(op, ForeignKey { name, ..key })?;
    Ok(ForeignKey { not_valid: flag(op, "postgresql_not_valid"), ..key })
}

fn drop_constraint(op: &Value, table: TableName) -> Expressed<Operation> {
    let (given, if_exists) = (&op["constraint"], flag(op, "if_exists"));
    let name = naming::name(given);
    // Without a name there is nothing to find one by either: the case says no columns.
    Ok(match text(op, "type_") {
        Some("foreignkey") => DropForeignKey { if_exists, ..DropForeignKey::new(table, foreign_key(name)) }.into(),
        Some("primary") => {
            let name = name.ok_or("dropping a primary key without its name")?;
            DropPrimaryKey { if_exists, ..DropPrimaryKey::new(table).named(name) }.into()
        }
        Some("unique") => DropUnique { if_exists, ..DropUnique::new(table, unique(name)) }.into(),
        // Ours always say the kind; the cases that do not are about checks.
        Some("check") | None => {
            DropCheck { if_exists, ..DropCheck::new(table, check(naming::check_name(given), "")) }.into()
        }
        Some(other) => return Err(format!("a constraint of the kind {other}")),
    })
}

fn bulk_insert(op: &Value) -> Expressed<Vec<Operation>> {
    let order: Vec<_> = list(op, "columns").iter().filter_map(|column| column[0].as_str()).collect();
    let mut rows = Vec::new();
    for given in list(op, "rows") {
        let mut made = row();
        for name in order.iter().filter(|name| given.get(**name).is_some()) {
            made = made.set(*name, value_of(&given[*name])?);
        }
        rows.push(made);
    }
    Ok(vec![BulkInsert::new(table_of(op), rows).into()])
}

/// A text with its parameters, which a query of Diesel's writes as literals.
fn execute(d: &dyn Dialect, op: &Value) -> Expressed<String> {
    let mut sql = text(op, "sql").unwrap_or_default().to_owned();
    for (name, value) in op.get("params").and_then(Value::as_object).into_iter().flatten() {
        sql = sql.replace(&format!(":{name}"), &literal(d, value)?);
    }
    Ok(sql)
}

fn update(d: &dyn Dialect, op: &Value) -> Expressed<String> {
    let table = d.quote(text(op, "table").unwrap_or_default());
    let value = |value: &Value| literal(d, value.get("inline").unwrap_or(value));
    let sets = op["set"].as_object().into_iter().flatten();
    let sets: Expressed<Vec<_>> = sets.map(|(name, to)| Ok(format!("{}={}", d.quote(name), value(to)?))).collect();
    let column = d.quote(op["where"][0].as_str().unwrap_or_default());
    Ok(format!("UPDATE {table} SET {} WHERE {table}.{column} = {}", sets?.join(", "), value(&op["where"][1])?))
}

fn literal(d: &dyn Dialect, value: &Value) -> Expressed<String> {
    d.literal(&value_of(value)?).map_err(|refusal| refusal.to_string())
}

fn value_of(value: &Value) -> Expressed<Literal> {
    Ok(match value {
        Value::Null => Literal::Null,
        Value::Bool(value) => Literal::Bool(*value),
        Value::Number(number) => {
            number.as_i64().map_or_else(|| Literal::Float(number.as_f64().unwrap_or(0.0)), Literal::Int)
        }
        Value::String(text) => Literal::Text(text.clone()),
        other => Literal::Text(text(other, "date").ok_or_else(|| format!("the value {other}"))?.to_owned()),
    })
}
