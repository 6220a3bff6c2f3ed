//! Changes of one table as one batch, where its database copies the table for most of them.

use std::collections::HashMap;

use super::{Sides, order};
use crate::name::TableName;
use crate::ops::{BatchAlterTable, Operation};

/// Puts the changes of each table that has to be copied, forth or back, into one operation in the place of the first.
pub(super) fn group(operations: Vec<Operation>, sides: &Sides<'_>) -> Vec<Operation> {
    let mut batches: HashMap<TableName, Vec<Operation>> = HashMap::new();
    let mut grouped: Vec<Result<Operation, TableName>> = Vec::new();
    for operation in operations {
        match table_of(&operation).cloned() {
            Some(table) => {
                let batch = batches.entry(table.clone()).or_insert_with(|| {
                    grouped.push(Err(table));
                    Vec::new()
                });
                batch.push(operation);
            }
            None => grouped.push(Ok(operation)),
        }
    }
    let mut out = Vec::new();
    for item in grouped {
        match item {
            Ok(operation) => out.push(operation),
            Err(table) => {
                let changes = order::sort(batches.remove(&table).unwrap_or_default(), sides.knows);
                if changes.iter().any(|change| copies(change, sides)) {
                    out.push(BatchAlterTable::new(table, changes).into());
                } else {
                    out.extend(changes);
                }
            }
        }
    }
    out
}

/// Tells whether the table is copied for this change or for its reverse.
fn copies(change: &Operation, sides: &Sides<'_>) -> bool {
    let in_place = |change: &Operation| match change {
        // Its indexes are dropped before; a key, a check or a reference to it is a change of its own, and copies.
        Operation::DropColumn(_) => true,
        other => sides.dialect.render(other).is_ok(),
    };
    let is_enum = match change {
        // An enum's check goes with the column, which the database refuses by itself.
        Operation::AddColumn(op) => matches!(op.column.column_type, crate::schema::ColumnType::Enum(_)),
        Operation::DropColumn(op) => {
            op.definition.as_ref().is_none_or(|column| matches!(column.column_type, crate::schema::ColumnType::Enum(_)))
        }
        _ => false,
    };
    is_enum || !in_place(change) || !change.reverse().is_ok_and(|reverse| in_place(&reverse))
}

/// The table whose changes go together. A name alone is changed in place on every database.
fn table_of(operation: &Operation) -> Option<&TableName> {
    match operation {
        Operation::AlterColumn(op) if op.change.is_only_rename() => None,
        Operation::SetTableComment(_) => None,
        other => other.altered_table(),
    }
}
