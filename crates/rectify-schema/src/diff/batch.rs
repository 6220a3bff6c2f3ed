//! Changes of one table as one batch, where its database copies the table for most of them.

use std::collections::{HashMap, HashSet};

use super::{Sides, order};
use crate::name::TableName;
use crate::ops::{BatchAlterTable, Operation};
use crate::schema::Table;

/// Puts the changes of each table that has to be copied, forth or back, into one operation in the place of the first.
pub(super) fn group(operations: Vec<Operation>, sides: &Sides<'_>) -> Vec<Operation> {
    let circles = Circles::of(&operations);
    let mut batches: HashMap<(TableName, Part), Vec<Operation>> = HashMap::new();
    let mut grouped: Vec<Result<Operation, (TableName, Part)>> = Vec::new();
    for operation in operations {
        match table_of(&operation).cloned() {
            Some(table) => {
                let batch = (table, circles.part(&operation));
                let batch = batches.entry(batch.clone()).or_insert_with(|| {
                    grouped.push(Err(batch));
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
            Err(batch) => {
                let changes = order::sort(batches.remove(&batch).unwrap_or_default(), sides.knows);
                let (table, _) = batch;
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

/// Which of a table's batches an operation is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Part {
    /// Foreign keys that go before the keys of their own table do.
    First,
    Most,
    /// Foreign keys that come after the keys of their own table have.
    Last,
}

/// The foreign keys between a table whose keys change and one that comes or goes, which refers to it in turn: one batch would
/// have to run both before and after that table is made.
struct Circles {
    /// The tables that come, with the tables that they refer to.
    created: HashSet<(TableName, TableName)>,
    dropped: HashSet<(TableName, TableName)>,
    /// The tables that get a key, and those that lose one.
    gains: HashSet<TableName>,
    loses: HashSet<TableName>,
}

impl Circles {
    fn of(operations: &[Operation]) -> Self {
        let referred = |table: &Table| -> Vec<_> {
            table.foreign_keys.iter().map(|key| (table.name.clone(), key.references.clone())).collect()
        };
        let (mut created, mut dropped) = (HashSet::new(), HashSet::new());
        let (mut gains, mut loses) = (HashSet::new(), HashSet::new());
        for operation in operations {
            match operation {
                Operation::CreateTable(op) => created.extend(referred(&op.table)),
                Operation::DropTable(op) => dropped.extend(op.definition.iter().flat_map(referred)),
                Operation::CreatePrimaryKey(_) | Operation::CreateUnique(_) | Operation::CreateIndex(_) => {
                    gains.extend(operation.altered_table().cloned());
                }
                Operation::DropPrimaryKey(_) | Operation::DropUnique(_) | Operation::DropIndex(_) => {
                    loses.extend(operation.altered_table().cloned());
                }
                _ => {}
            }
        }
        Self { created, dropped, gains, loses }
    }

    fn part(&self, operation: &Operation) -> Part {
        let is_in = |circles: &HashSet<(TableName, TableName)>, table: &TableName, references: &TableName| {
            circles.contains(&(references.clone(), table.clone()))
        };
        match operation {
            Operation::CreateForeignKey(op) if self.gains.contains(&op.table) => {
                if is_in(&self.created, &op.table, &op.foreign_key.references) { Part::Last } else { Part::Most }
            }
            Operation::DropForeignKey(op) if self.loses.contains(&op.table) => {
                let refers = op.definition.as_ref().is_some_and(|key| is_in(&self.dropped, &op.table, &key.references));
                if refers { Part::First } else { Part::Most }
            }
            _ => Part::Most,
        }
    }
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
