//! Enums that are types of their own.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::Sides;
use crate::name::TableName;
use crate::ops::{AddEnumValue, AlterColumn, AlterEnum, CreateEnum, DropEnum, Operation, alter, enum_value};
use crate::schema::{Column, ColumnType, DefaultValue, EnumType, Schema, Value};

/// Creates the types that are new, and gives the others their new values. Where a default stands in the way it is taken
/// from its column before, in `from` too.
pub(super) fn before(sides: &Sides<'_>, from: &mut Cow<'_, Schema>, to: &Schema, operations: &mut Vec<Operation>) {
    let old = all(sides, from);
    let mut changed = Vec::new();
    for (name, new) in all(sides, to) {
        match old.get(name) {
            None => operations.push(CreateEnum::from(new.clone()).into()),
            Some(old) if old.values != new.values => changed.push(((*old).clone(), new)),
            Some(_) => {}
        }
    }
    for (old, new) in changed {
        change(from, to, &old, new, operations);
    }
}

/// The types that are on both sides, as they are on each.
pub(super) fn in_both<'a>(
    sides: &Sides<'_>,
    from: &'a Schema,
    to: &'a Schema,
) -> impl Iterator<Item = (&'a EnumType, &'a EnumType)> {
    let old = all(sides, from);
    all(sides, to).into_iter().filter_map(move |(name, new)| Some((*old.get(name)?, new)))
}

/// Gives a value another name where columns know of it, their defaults too.
pub(super) fn rename_in_columns(schema: &mut Schema, enum_type: &TableName, from: &str, to: &str) {
    for column in schema.tables.iter_mut().flat_map(|table| &mut table.columns) {
        let Some(found) = of_type_mut(&mut column.column_type).filter(|found| found.name == *enum_type) else {
            continue;
        };
        found.values.iter_mut().filter(|value| **value == from).for_each(|value| to.clone_into(value));
        if let Some(DefaultValue::Literal(Value::Text(text))) = &mut column.default
            && text == from
        {
            to.clone_into(text);
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

fn change(from: &mut Cow<'_, Schema>, to: &Schema, old: &EnumType, new: &EnumType, operations: &mut Vec<Operation>) {
    let is_new = |value: &String| !old.values.contains(value);
    let adds_only = is_subsequence(&old.values, &new.values);
    // A value that is added cannot be used before the transaction has ended, one of a type made anew can.
    let used_at_once = || uses(to, new).any(|(_, column)| default_of(column).is_some_and(is_new));
    if adds_only && !used_at_once() {
        let mut values = old.values.clone();
        for (at, value) in new.values.iter().enumerate().filter(|(_, value)| is_new(value)) {
            let before = values.clone();
            values.insert(at, value.clone());
            let added = match (new.values[..at].last(), before.get(at)) {
                (_, None) => enum_value(value),
                (Some(last), Some(_)) => enum_value(value).after(last),
                (None, Some(next)) => enum_value(value).before(next),
            };
            let undo = alter_enum(from, &EnumType { values: before, ..new.clone() }).existing(&values);
            operations.push(AddEnumValue::new(&new.name, added).undo(undo).into());
        }
        return;
    }
    for drop in defaults_in_the_way(from, new) {
        // It drops the default of a column that is there.
        drop.apply(from.to_mut()).expect("the column was found in the same schema");
        operations.push(drop);
    }
    operations.push(alter_enum(from, new).existing(&old.values).into());
}

fn alter_enum(from: &Schema, enum_type: &EnumType) -> AlterEnum {
    let bare = |column: &Column| Column {
        default: column.default.clone(),
        ..crate::build::column(&column.name, without_values(&column.column_type))
    };
    let columns = uses(from, enum_type).map(|(table, column)| (table.clone(), bare(column))).collect();
    AlterEnum { columns, ..AlterEnum::new(&enum_type.name, &enum_type.values) }
}

/// The defaults that the type will no longer have.
fn defaults_in_the_way(from: &Schema, new: &EnumType) -> Vec<Operation> {
    let gone = |value: &String| !new.values.contains(value);
    let drop = |(table, column): (&TableName, &Column)| {
        AlterColumn::new(table, alter(&column.name).drop_default()).existing(column.clone()).into()
    };
    uses(from, new).filter(|(_, column)| default_of(column).is_some_and(gone)).map(drop).collect()
}

fn without_values(column_type: &ColumnType) -> ColumnType {
    match column_type {
        ColumnType::Enum(found) => crate::build::named_enum(&found.name),
        ColumnType::Array(of) => ColumnType::Array(Box::new(without_values(of))),
        other => other.clone(),
    }
}

fn default_of(column: &Column) -> Option<&String> {
    match (&column.default, &column.column_type) {
        (Some(DefaultValue::Literal(Value::Text(text))), ColumnType::Enum(_)) => Some(text),
        _ => None,
    }
}

/// The columns that hold the enum, each with its table.
fn uses<'a>(schema: &'a Schema, enum_type: &EnumType) -> impl Iterator<Item = (&'a TableName, &'a Column)> {
    let columns = schema.tables.iter().flat_map(|table| table.columns.iter().map(|column| (&table.name, column)));
    columns.filter(|(_, column)| of_type(&column.column_type).is_some_and(|found| found.name == enum_type.name))
}

fn is_subsequence(short: &[String], long: &[String]) -> bool {
    let mut rest = long.iter();
    short.iter().all(|value| rest.any(|other| other == value))
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

fn of_type_mut(column_type: &mut ColumnType) -> Option<&mut EnumType> {
    match column_type {
        ColumnType::Enum(found) => Some(found),
        ColumnType::Array(of) => of_type_mut(of),
        _ => None,
    }
}

/// The enum that a column holds, itself or in an array.
pub(super) fn of_type(column_type: &ColumnType) -> Option<&EnumType> {
    match column_type {
        ColumnType::Enum(found) => Some(found),
        ColumnType::Array(of) => of_type(of),
        _ => None,
    }
}
