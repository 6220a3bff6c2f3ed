//! The types and columns of cases, as ours.

use rectify_schema::build::*;
use rectify_schema::ops::CreateEnum;
use rectify_schema::{
    Check, Column, ColumnType, DefaultValue, Deferrable, Dialect, ForeignKey, ForeignKeyAction, Identity, TableName,
};
use serde_json::Value;

use crate::{keys, naming};

/// What our vocabulary has no word for.
pub(crate) type Inexpressible = String;
pub(crate) type Expressed<T> = Result<T, Inexpressible>;

pub(crate) fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str)
}

pub(crate) fn flag(value: &Value, key: &str) -> bool {
    value.get(key).and_then(Value::as_bool).unwrap_or(false)
}

pub(crate) fn strings(value: &Value) -> Vec<String> {
    let one = value.as_str().map(|text| vec![text.to_owned()]);
    let list = || value.as_array().into_iter().flatten().filter_map(|item| item.as_str().map(str::to_owned)).collect();
    one.unwrap_or_else(list)
}

pub(crate) fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn number<T: TryFrom<u64>>(value: &Value, key: &str) -> Option<T> {
    value.get(key).and_then(Value::as_u64).and_then(|number| T::try_from(number).ok())
}

fn kind(value: &Value) -> &str {
    value.as_str().or_else(|| text(value, "t")).unwrap_or_default()
}

/// A type of Alembic's is one of ours by what it means, and else the text that Alembic writes for it.
pub(crate) fn column_type(d: &dyn Dialect, value: &Value) -> Expressed<ColumnType> {
    keys::only(d, value, "a type", keys::TYPE)?;
    let (length, zone) = (number::<u32>(value, "length"), flag(value, "timezone"));
    let on = d.name();
    Ok(match kind(value) {
        "integer" => integer(),
        "bigint" => bigint(),
        "smallint" => smallint(),
        "varchar" => ColumnType::Varchar(length),
        "my_varchar" => my_varchar(value, length),
        "char" => char(length.unwrap_or(1)),
        "text" => length.map_or_else(rectify_schema::build::text, |length| custom(format!("TEXT({length})"))),
        "boolean" => boolean(),
        "double" => double(),
        "float" => match number::<u32>(value, "precision").filter(|_| on != "sqlite") {
            Some(precision) => custom(format!("FLOAT({precision})")),
            None => custom("FLOAT"),
        },
        "numeric" => ColumnType::Numeric { precision: number(value, "precision"), scale: number(value, "scale") },
        "date" => date(),
        "datetime" | "timestamp" if on == "postgres" => {
            if zone {
                timestamptz()
            } else {
                timestamp()
            }
        }
        "datetime" if on == "sqlite" => custom("DATETIME"),
        "datetime" => timestamp(),
        "timestamp" => timestamptz(),
        "time" => {
            if zone && on == "postgres" {
                timetz()
            } else {
                time()
            }
        }
        "json" => json(),
        "pg_jsonb" => jsonb(),
        "pg_inet" => custom("INET"),
        "pg_int4range" => custom("INT4RANGE"),
        "my_mediumtext" => custom("MEDIUMTEXT"),
        "my_datetime" => match number::<u32>(value, "fsp") {
            Some(digits) => custom(format!("DATETIME({digits})")),
            None => timestamp(),
        },
        // What Python writes has no hyphens.
        "uuid" => {
            if matches!(on, "mysql" | "sqlite") {
                custom("CHAR(32)")
            } else {
                uuid()
            }
        }
        "blob" => blob(),
        "interval" => custom(if on == "postgres" { "INTERVAL" } else { "DATETIME" }),
        "pg_array" => {
            let item = column_type(d, &value["item"])?;
            (0..number::<u32>(value, "dimensions").unwrap_or(1)).fold(item, |of, _| array(of))
        }
        "enum" | "pg_enum" if is_native(d, value) => enumeration(enum_name(value), strings(&value["values"])),
        "enum" | "pg_enum" => {
            let longest = strings(&value["values"]).iter().map(|value| value.chars().count()).max().unwrap_or(1);
            varchar(length.unwrap_or_else(|| u32::try_from(longest).unwrap_or(u32::MAX)))
        }
        other => return Err(format!("the type {other}")),
    })
}

fn my_varchar(value: &Value, length: Option<u32>) -> ColumnType {
    let clause = |word: &str, key: &str| text(value, key).map_or(String::new(), |name| format!(" {word} {name}"));
    let (charset, collation) = (clause("CHARACTER SET", "charset"), clause("COLLATE", "collation"));
    custom(format!("VARCHAR({}){charset}{collation}", length.unwrap_or(1)))
}

fn is_native(d: &dyn Dialect, value: &Value) -> bool {
    d.name() != "sqlite" && value.get("native_enum").and_then(Value::as_bool) != Some(false)
}

fn enum_name(value: &Value) -> TableName {
    let name = text(value, "name").unwrap_or_default().to_owned();
    TableName { schema: text(value, "schema").map(str::to_owned), name }
}

/// The type that PostgreSQL must have before the table.
pub(crate) fn enum_to_create(d: &dyn Dialect, column: &Value) -> Option<CreateEnum> {
    let of = &column["type"];
    let is_enum = matches!(kind(of), "enum" | "pg_enum") && is_native(d, of) && d.name() == "postgres";
    let create = is_enum && of.get("create_type").and_then(Value::as_bool) != Some(false);
    create.then(|| CreateEnum::new(enum_name(of), strings(&of["values"])))
}

/// The check that stands for a boolean's or an enum's values.
pub(crate) fn type_check(d: &dyn Dialect, column: &str, of: &Value) -> Option<Check> {
    if !flag(of, "create_constraint") {
        return None;
    }
    let quoted = d.quote(column);
    let expression = match kind(of) {
        "boolean" if d.name() != "postgres" => format!("{quoted} IN (0, 1)"),
        "enum" if !is_native(d, of) => {
            let values: Vec<_> = strings(&of["values"]).iter().map(|value| format!("'{value}'")).collect();
            format!("{quoted} IN ({})", values.join(", "))
        }
        _ => return None,
    };
    Some(check(naming::check_name(&of["name"]), expression).of_column(column))
}

pub(crate) fn default(value: &Value) -> Expressed<DefaultValue> {
    Ok(match value {
        Value::String(text) => text.as_str().into(),
        _ if text(value, "literal").is_some() => text(value, "literal").unwrap_or_default().into(),
        _ if text(value, "expr").is_some() => sql(text(value, "expr").unwrap_or_default()).into(),
        _ if value.get("now").is_some() => sql("now()").into(),
        _ if value.get("true").is_some() => true.into(),
        other => return Err(format!("the default {other}")),
    })
}

pub(crate) fn identity_options(value: &Value) -> Identity {
    let number = |key: &str| value.get(key).and_then(Value::as_i64);
    Identity {
        always: flag(value, "always"),
        start: number("start"),
        increment: number("increment"),
        min_value: number("minvalue"),
        max_value: number("maxvalue"),
        cache: number("cache"),
        cycle: flag(value, "cycle"),
    }
}

pub(crate) fn column_of(d: &dyn Dialect, value: &Value) -> Expressed<Column> {
    keys::only(d, value, "a column", keys::COLUMN)?;
    let name = text(value, "name").unwrap_or_default();
    let mut column = column(name, column_type(d, &value["type"])?);
    if let Some(collation) = text(&value["type"], "collation") {
        column = column.collate(collation);
    }
    if let Some(given) = value.get("server_default").filter(|given| !given.is_null()) {
        column = column.server_default(default(given)?);
    }
    if let Some(computed) = value.get("computed") {
        let expression = text(computed, "expr").unwrap_or_default();
        let stored = flag(computed, "persisted");
        column = if stored { column.generated(expression) } else { column.generated_virtual(expression) };
    }
    if flag(value, "primary_key") {
        column = column.primary_key();
    }
    if let Some(options) = value.get("identity") {
        column = column.identity_with(identity_options(options));
    }
    match value.get("nullable").and_then(Value::as_bool) {
        Some(true) => column = column.nullable(),
        Some(false) => column = column.not_null(),
        None => {}
    }
    (column.unique, column.index) = (flag(value, "unique"), flag(value, "index"));
    column.comment = text(value, "comment").map(str::to_owned);
    if let Some(references) = value.get("references") {
        keys::only(d, references, "a reference", keys::REFERENCE)?;
        let key = reference(references, Vec::new(), text(references, "target").into_iter())?;
        column.foreign_key = Some(Box::new(key));
    }
    if let Some(given) = value.get("check") {
        let expression = text(given, "expr").unwrap_or_default();
        column.check = Some(Box::new(check(naming::check_name(&given["name"]), expression)));
    }
    Ok(column)
}

/// A foreign key of targets such as `lib.shelf.id`.
pub(crate) fn reference<'a>(
    value: &Value,
    columns: Vec<String>,
    targets: impl Iterator<Item = &'a str>,
) -> Expressed<ForeignKey> {
    let mut key = foreign_key(naming::name(&value["name"])).on(columns);
    for target in targets {
        let (table, column) = target.rsplit_once('.').ok_or_else(|| format!("the target {target}"))?;
        let table = table.rsplit_once('.').map_or_else(|| TableName::from(table), TableName::from);
        key.references = table;
        key.referenced_columns.push(column.to_owned());
    }
    key_options(value, key)
}

pub(crate) fn key_options(value: &Value, mut key: ForeignKey) -> Expressed<ForeignKey> {
    let (on_delete, columns) = text(value, "ondelete").map_or((None, ""), |given| match given.split_once(" (") {
        Some((action, columns)) => (Some(action), columns.trim_end_matches(')')),
        None => (Some(given), ""),
    });
    key.on_delete = on_delete.map(action).transpose()?;
    key.on_delete_columns = columns.split(", ").filter(|column| !column.is_empty()).map(str::to_owned).collect();
    key.on_update = text(value, "onupdate").map(action).transpose()?;
    key.deferrable = deferrable(value);
    key.match_full = text(value, "match").is_some_and(|kind| kind.eq_ignore_ascii_case("full"));
    Ok(key)
}

fn action(text: &str) -> Expressed<ForeignKeyAction> {
    Ok(match text.to_ascii_uppercase().as_str() {
        "NO ACTION" => NoAction,
        "RESTRICT" => Restrict,
        "CASCADE" => Cascade,
        "SET NULL" => SetNull,
        "SET DEFAULT" => SetDefault,
        other => return Err(format!("the action {other}")),
    })
}

/// `NOT DEFERRABLE` is what holds anyway.
pub(crate) fn deferrable(value: &Value) -> Option<Deferrable> {
    let deferred = text(value, "initially").is_some_and(|when| when.eq_ignore_ascii_case("deferred"));
    match (flag(value, "deferrable"), deferred) {
        (true, true) => Some(Deferrable::InitiallyDeferred),
        (true, false) => Some(Deferrable::InitiallyImmediate),
        (false, _) => None,
    }
}
