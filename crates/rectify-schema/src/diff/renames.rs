//! Tables and columns that have another name on the other side.

use std::borrow::Cow;
use std::fmt;

use super::{Sides, by_name};
use crate::name::TableName;
use crate::ops::{AlterColumn, Operation, RenameTable, alter};
use crate::schema::{Column, Schema, Table};

/// A table or a column that has another name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Rename {
    /// A table, in its schema.
    Table {
        /// Its name before.
        from: TableName,
        /// Its name after.
        to: TableName,
    },
    /// A column.
    Column {
        /// The table, by its name after all renamings.
        table: TableName,
        /// The column's name before.
        from: String,
        /// The column's name after.
        to: String,
    },
}

/// Shows the old and the new name, as `--rename` takes them.
impl fmt::Display for Rename {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Table { from, to } => write!(f, "{from}:{to}"),
            Self::Column { table, from, to } => write!(f, "{table}.{from}:{to}"),
        }
    }
}

/// Gives the operations for the renamings that fit, tables first, and the schema after them.
pub(super) fn accept<'a>(sides: &Sides<'_>, from: &'a Schema, to: &Schema) -> (Vec<Operation>, Cow<'a, Schema>) {
    let (mut operations, mut schema) = (Vec::new(), Cow::Borrowed(from));
    let renames = &sides.options.renames;
    let (tables, columns): (Vec<_>, Vec<_>) = renames.iter().partition(|rename| matches!(rename, Rename::Table { .. }));
    for rename in tables.into_iter().chain(columns) {
        rename.accept(&mut schema, &mut operations);
    }
    if !sides.knows.column_case {
        for rename in other_case(&schema, to) {
            rename.accept(&mut schema, &mut operations);
        }
    }
    (operations, schema)
}

impl Rename {
    fn operation(&self) -> Option<Operation> {
        match self {
            Self::Table { from, to } if from.schema == to.schema => Some(RenameTable::new(from, &to.name).into()),
            Self::Table { .. } => None,
            Self::Column { table, from, to } => Some(AlterColumn::new(table, alter(from).rename_to(to)).into()),
        }
    }

    fn accept(&self, schema: &mut Cow<'_, Schema>, operations: &mut Vec<Operation>) {
        let Some(operation) = self.operation() else { return };
        let mut renamed = schema.clone().into_owned();
        if operation.apply(&mut renamed).is_ok() {
            *schema = Cow::Owned(renamed);
            operations.push(operation);
        }
    }
}

/// Columns whose names differ in case alone: the database takes both for one, so there is no doubt.
fn other_case(from: &Schema, to: &Schema) -> Vec<Rename> {
    let (old, mut found) = (by_name(from), Vec::new());
    for table in &to.tables {
        let Some(was) = old.get(&table.name) else { continue };
        for column in table.columns.iter().filter(|column| was.find_column(&column.name).is_none()) {
            let alike = |other: &&Column| {
                table.find_column(&other.name).is_none() && other.name.to_lowercase() == column.name.to_lowercase()
            };
            if let Some(other) = was.columns.iter().find(alike) {
                let (from, to) = (other.name.clone(), column.name.clone());
                found.push(Rename::Column { table: table.name.clone(), from, to });
            }
        }
    }
    found
}

/// Finds what is gone on the one side and came on the other with most of its features.
pub(super) fn likely(sides: &Sides<'_>, from: &Schema, to: &Schema) -> Vec<Rename> {
    let (old, new) = (by_name(from), by_name(to));
    let covered = |table: &&Table| sides.options.filter.covers(&table.name);
    let gone: Vec<_> = from.tables.iter().filter(covered).filter(|table| !new.contains_key(&table.name)).collect();
    let came: Vec<_> = to.tables.iter().filter(covered).filter(|table| !old.contains_key(&table.name)).collect();
    let mut found = Vec::new();
    for table in &came {
        let candidates = gone.iter().filter(|other| other.name.schema == table.name.schema);
        let best = candidates.map(|other| (likeness(other, table), other)).max_by_key(|(likeness, _)| *likeness);
        if let Some((_, other)) = best.filter(|(likeness, _)| *likeness >= 60) {
            found.push(Rename::Table { from: other.name.clone(), to: table.name.clone() });
        }
    }
    for table in to.tables.iter().filter(covered) {
        if let Some(was) = old.get(&table.name) {
            columns(was, table, &mut found);
        }
    }
    found
}

/// How much of a hundred the columns of two tables have in common.
fn likeness(old: &Table, new: &Table) -> usize {
    let common = new
        .columns
        .iter()
        .filter(|column| old.find_column(&column.name).is_some_and(|other| other.column_type == column.column_type));
    let all = old.columns.len() + new.columns.len();
    (200 * common.count()).checked_div(all).unwrap_or(0)
}

fn columns(old: &Table, new: &Table, found: &mut Vec<Rename>) {
    let mut gone: Vec<_> = old.columns.iter().filter(|column| new.find_column(&column.name).is_none()).collect();
    for column in new.columns.iter().filter(|column| old.find_column(&column.name).is_none()) {
        let alike = gone.iter().position(|other| {
            other.column_type == column.column_type
                && other.nullable == column.nullable
                && other.generated == column.generated
        });
        if let Some(at) = alike {
            let (table, from) = (new.name.clone(), gone.remove(at).name.clone());
            found.push(Rename::Column { table, from, to: column.name.clone() });
        }
    }
}
