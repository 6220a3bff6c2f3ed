//! Foreign keys that stay, and stand in the way of a change: dropped before it and created again after.

use std::collections::HashSet;

use super::Sides;
use crate::name::TableName;
use crate::ops::{CreateForeignKey, DropForeignKey, Operation};
use crate::schema::{ForeignKey, Schema, Table};

/// Releases what is changed of the foreign keys on it.
pub(super) fn add(sides: &Sides<'_>, from: &Schema, operations: &mut Vec<Operation>) {
    // SQLite looks for the columns and keys that are referred to when a row is written.
    if sides.knows.alters_in_batches {
        return;
    }
    let changes = Changes::of(sides, operations);
    if changes.columns.is_empty() && changes.keys.is_empty() {
        return;
    }
    let mut released = Vec::new();
    for table in &from.tables {
        let stays = |key: &&ForeignKey| !changes.gone.contains(&(&table.name, key.name.as_deref().unwrap_or_default()));
        for key in table.foreign_keys.iter().filter(stays).filter(|key| changes.concern(table, key)) {
            released.push((table.name.clone(), key.clone()));
        }
    }
    for (table, key) in released {
        let name = key.name.clone().unwrap_or_default();
        operations.push(DropForeignKey::new(&table, name).definition(key.clone()).into());
        operations.push(CreateForeignKey::new(&table, key).into());
    }
}

/// What a foreign key may stand in the way of.
#[derive(Default)]
struct Changes<'a> {
    /// Columns that get another type.
    columns: HashSet<(&'a TableName, &'a str)>,
    /// Tables that lose a key, with the columns of it.
    keys: HashSet<(&'a TableName, &'a [String])>,
    /// Foreign keys, and tables (under no name), that go.
    gone: HashSet<(&'a TableName, &'a str)>,
    /// The key that a foreign key's own columns begin counts too: it is what the server looks rows up with.
    own_keys: bool,
}

impl<'a> Changes<'a> {
    fn of(sides: &Sides<'_>, operations: &'a [Operation]) -> Self {
        let mysql = sides.knows.foreign_key_indexes;
        let mut changes = Self { own_keys: mysql, ..Self::default() };
        for operation in operations {
            match operation {
                // PostgreSQL checks the keys again by itself, unless the types are too far apart in between.
                Operation::AlterColumn(op)
                    if op.change.column_type.is_some()
                        && (mysql || op.change.using.is_some() || op.using_back.is_some())
                        || mysql && !(op.change.collation.is_keep() && op.change.identity.is_keep()) =>
                {
                    changes.columns.insert((&op.table, &op.change.column));
                }
                Operation::DropPrimaryKey(op) => {
                    changes.keys.extend(op.definition.iter().map(|key| (&op.table, key.columns.as_slice())));
                }
                Operation::DropUnique(op) => {
                    changes.keys.extend(op.definition.iter().map(|key| (&op.table, key.columns.as_slice())));
                }
                Operation::DropForeignKey(op) => {
                    changes.gone.insert((&op.table, &op.name));
                }
                Operation::DropTable(op) => {
                    changes.gone.insert((&op.table, ""));
                }
                _ => {}
            }
        }
        changes
    }

    fn concern(&self, table: &Table, key: &ForeignKey) -> bool {
        if self.gone.contains(&(&table.name, "")) {
            return false;
        }
        let altered = |table: &TableName, columns: &[String]| {
            columns.iter().any(|column| self.columns.contains(&(table, column.as_str())))
        };
        let loses = |table: &TableName, begins: &[String]| {
            self.keys.iter().any(|(of, columns)| *of == table && columns.starts_with(begins))
        };
        altered(&table.name, &key.columns)
            || altered(&key.references, &key.referenced_columns)
            || loses(&key.references, &key.referenced_columns)
            || self.own_keys && loses(&table.name, &key.columns)
    }
}
