//! Cases of batch mode: on SQLite by [`rectify_schema::batch`], elsewhere operation by operation.

use rectify_schema::batch::{self, Attached};
use rectify_schema::build::*;
use rectify_schema::ops::{AlterColumn, CreateCheck, DropPrimaryKey, Sql};
use rectify_schema::{Operation, Schema};

use crate::case::Case;
use crate::express::{operation, table_of};
use crate::types::{Expressed, flag, list, text};

pub(crate) fn operations(case: &Case) -> Expressed<Vec<Operation>> {
    let (d, op) = (case.dialect(), &case.op);
    if op.get("partial_reordering").is_some() {
        return Err("the order of columns after a batch".to_owned());
    }
    let mut all = Vec::new();
    for given in list(op, "ops") {
        if given.get("insert_after").is_some() || given.get("insert_before").is_some() {
            return Err("the place of a column that is added".to_owned());
        }
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
        let check = check(text(extra, "name").unwrap_or_default(), text(extra, "expr").unwrap_or_default());
        all.push(CreateCheck::new(table_of(op), check).into());
    }
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
    let table = before.table(&name).ok_or_else(|| format!("there is no table {name}"))?;
    // SQL text runs in its turn, which a rebuild cannot hold.
    let (sql, changes): (Vec<_>, Vec<_>) = ops.iter().cloned().partition(|op| matches!(op, Operation::Sql(_)));
    let rebuild = batch::rebuild(table, &changes, &Attached::default())
        .map_err(|error| format!("{error} (hint: {})", error.hint().unwrap_or("none")))?;
    let texts =
        sql.iter().filter_map(|op| if let Operation::Sql(Sql { sql, .. }) = op { Some(sql.clone()) } else { None });
    Ok(rebuild.statements.into_iter().map(|statement| statement.sql).chain(texts).collect())
}
