//! Enums that are types of their own.

use std::collections::BTreeMap;

use super::Sides;
use crate::name::TableName;
use crate::ops::{CreateEnum, DropEnum, Operation};
use crate::schema::{ColumnType, EnumType, Schema};

/// Creates the types that are new.
pub(super) fn before(sides: &Sides<'_>, from: &Schema, to: &Schema, operations: &mut Vec<Operation>) {
    let (old, new) = (all(sides, from), all(sides, to));
    for (name, found) in &new {
        if !old.contains_key(name) {
            operations.push(CreateEnum::from((*found).clone()).into());
        }
    }
}

/// Drops the types that are gone.
pub(super) fn after(sides: &Sides<'_>, from: &Schema, to: &Schema, operations: &mut Vec<Operation>) {
    let new = all(sides, to);
    for found in from.enums.iter().filter(|_| sides.knows.enum_types) {
        if sides.options.filter.covers(&found.name) && !new.contains_key(&found.name) {
            operations.push(DropEnum::from(found.clone()).into());
        }
    }
}

/// The types by name: those that the schema lists, and those whose values a column knows.
fn all<'a>(sides: &Sides<'_>, schema: &'a Schema) -> BTreeMap<&'a TableName, &'a EnumType> {
    if !sides.knows.enum_types {
        return BTreeMap::new();
    }
    let columns = schema.tables.iter().flat_map(|table| &table.columns);
    let used = columns.filter_map(|column| of_type(&column.column_type)).filter(|found| !found.values.is_empty());
    let covered = used.chain(&schema.enums).filter(|found| sides.options.filter.covers(&found.name));
    covered.map(|found| (&found.name, found)).collect()
}

/// The enum that a column holds, itself or in an array.
pub(super) fn of_type(column_type: &ColumnType) -> Option<&EnumType> {
    match column_type {
        ColumnType::Enum(found) => Some(found),
        ColumnType::Array(of) => of_type(of),
        _ => None,
    }
}
