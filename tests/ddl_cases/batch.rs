//! Cases of batch mode: on SQLite by [`rectify_schema::batch`], elsewhere operation by operation.

use rectify_schema::batch::{self, Attached, Options, Place};
use rectify_schema::build::*;
use rectify_schema::ops::{AlterColumn, CreateCheck, DropPrimaryKey, Sql};
use rectify_schema::{Operation, Schema, Table};
use serde_json::Value;

use crate::case::Case;
use crate::express::{operation, table_of, table_with_parts};
use crate::types::{Expressed, flag, list, text};
use crate::{keys, naming};

pub(crate) fn operations(case: &Case) -> Expressed<Vec<Operation>> {
    let (d, op) = (case.dialect(), &case.op);
    keys::of_operation(d, op)?;
    naming::convention(case.convention())?;
    let mut all = Vec::new();
    for given in list(op, "ops") {
        let mut given = given.clone();
        for key in ["table", "schema"] {
            if let (Some(value), Some(fields)) = (op.get(key), given.as_object_mut()) {
                fields.insert(key.to_owned(), value.clone());
            }
        }
        if rebuilds(case) && text(&given, "name") == Some("create_primary_key") {
            // Alembic replaces the key that is there; ours are told to.
            all.push(DropPrimaryKey::new(table_of(op)).if_exists().into());
        }
        all.extend(operation(d, &given)?);
    }
    for extra in list(op, "table_args") {
        keys::only(d, extra, "an argument of a table", &["kind", "name", "expr"])?;
        let check = check(naming::check_name(&extra["name"]), text(extra, "expr").unwrap_or_default());
        all.push(CreateCheck::new(table_of(op), check).into());
    }
    keys::only(d, &op["table_kwargs"], "the options of a table", &["sqlite_autoincrement"])?;
    if op.get("table_kwargs").is_some_and(|options| flag(options, "sqlite_autoincrement")) {
        all.push(AlterColumn::new(table_of(op), alter("id").set_identity(identity())).into());
    }
    Ok(all)
}

/// Tells whether the case changes a SQLite table by building it anew, if need be.
pub(crate) fn rebuilds(case: &Case) -> bool {
    case.dialect().name() == "sqlite"
        && case.op_name() == "batch_alter_table"
        && text(&case.op, "recreate") != Some("never")
}

pub(crate) fn statements(case: &Case, ops: &[Operation], before: &Schema) -> Result<Vec<String>, String> {
    let name = table_of(&case.op);
    let found = before.table(&name).ok_or_else(|| format!("there is no table {name}"))?;
    // What the case says the table is may be more than the catalog has.
    let table = given(case, found)?;
    // SQL text runs in its turn, which a rebuild cannot hold.
    let (sql, changes): (Vec<_>, Vec<_>) = ops.iter().cloned().partition(|op| matches!(op, Operation::Sql(_)));
    let changes: Result<Vec<_>, _> =
        changes.iter().map(|change| naming::named(case.dialect(), case.convention(), change)).collect();
    let (changes, places) = (changes?, places(case, &table));
    let recreate = if text(&case.op, "recreate") == Some("always") { Recreate::Always } else { Recreate::Auto };
    let options = Options { recreate, places };
    let rebuild = batch::rebuild_with(&table, &changes, &Attached::default(), &options)
        .map_err(|error| format!("{error} (hint: {})", error.hint().unwrap_or("none")))?;
    let texts =
        sql.iter().filter_map(|op| if let Operation::Sql(Sql { sql, .. }) = op { Some(sql.clone()) } else { None });
    Ok(rebuild.statements.into_iter().map(|statement| statement.sql).chain(texts).collect())
}

/// The table as the catalog has it, with what `copy_from` knows beyond it.
fn given(case: &Case, found: &Table) -> Expressed<Table> {
    let Some(copy_from) = case.op.get("copy_from") else { return Ok(found.clone()) };
    let known = table_with_parts(case.dialect(), copy_from)?;
    let more =
        known.foreign_keys.into_iter().filter(|key| found.foreign_keys.iter().all(|of| of.columns != key.columns));
    Ok(more.fold(found.clone(), Table::foreign_key))
}

/// Where columns go: beside those that the case names, or where Alembic's order by levels puts them.
fn places(case: &Case, table: &Table) -> Vec<(String, Place)> {
    let mut places = Vec::new();
    for given in list(&case.op, "ops") {
        let column = text(&given["column"], "name").unwrap_or_default().to_owned();
        if let Some(beside) = text(given, "insert_after") {
            places.push((column, Place::After(beside.to_owned())));
        } else if let Some(beside) = text(given, "insert_before") {
            places.push((column, Place::Before(beside.to_owned())));
        }
    }
    if let Some(pairs) = case.op.get("partial_reordering").and_then(Value::as_array) {
        let order = by_levels(table, pairs);
        let behind = order.windows(2).map(|pair| (pair[1].clone(), Place::After(pair[0].clone())));
        // The first goes before all that was first.
        let first = order.first().zip(table.columns.first()).filter(|(first, column)| **first != column.name);
        places.extend(first.map(|(first, column)| (first.clone(), Place::Before(column.name.clone()))));
        places.extend(behind);
    }
    places
}

/// First the columns that stand behind no other, then those that stand behind these only, and so on.
fn by_levels(table: &Table, pairs: &[Value]) -> Vec<String> {
    let mut left: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
    let mut order = Vec::new();
    while !left.is_empty() {
        let waits = |name: &String| {
            let before = pairs.iter().filter(|pair| pair[1].as_str() == Some(name));
            before.into_iter().any(|pair| left.iter().any(|other| pair[0].as_str() == Some(other)))
        };
        let (later, level): (Vec<_>, Vec<_>) = left.iter().cloned().partition(waits);
        assert!(!level.is_empty(), "a cycle of columns");
        order.extend(level);
        left = later;
    }
    order
}
