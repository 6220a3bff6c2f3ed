//! Tables: which are new, which are gone, and what differs in those that stay.

use std::borrow::Cow;
use std::collections::HashMap;

use super::{ByName, Sides, by_name, columns, constraints, indexes, invented, order};
use crate::name::TableName;
use crate::ops::{
    AddColumn, CreateForeignKey, CreateTable, DropColumn, DropForeignKey, DropTable, Operation, SetTableComment,
};
use crate::schema::{Column, ForeignKey, Schema, Table};

/// Compares the tables; first come the new ones, then those that are gone, then those that stay, each by name.
pub(super) fn compare(sides: &Sides<'_>, from: &Schema, to: &Schema, operations: &mut Vec<Operation>) {
    let (old, new) = (by_name(from), by_name(to));
    let covered = |table: &&Table| sides.options.filter.covers(&table.name);
    let mut created: Vec<_> = to.tables.iter().filter(covered).filter(|table| !old.contains_key(&table.name)).collect();
    let mut dropped: Vec<_> =
        from.tables.iter().filter(covered).filter(|table| !new.contains_key(&table.name)).collect();
    let mut kept: Vec<_> = to.tables.iter().filter(covered).filter(|table| old.contains_key(&table.name)).collect();
    for tables in [&mut created, &mut dropped, &mut kept] {
        tables.sort_by(|a, b| a.name.cmp(&b.name));
    }
    create(sides, &created, operations);
    drop_all(&dropped, operations);
    for table in kept {
        let was = old[&table.name];
        if was != table {
            change(sides, was, table, &new, operations);
        }
    }
}

/// Creates the tables, with the foreign keys that close a circle after them. SQLite takes a key to a table that is yet
/// to come.
fn create(sides: &Sides<'_>, tables: &[&Table], operations: &mut Vec<Operation>) {
    let cut = of_tables(if sides.knows.alters_in_batches { Vec::new() } else { order::circles(tables) });
    let mut later = Vec::new();
    for table in tables {
        let mut table = table.definition();
        let name = table.name.clone();
        for key in cut.get(&name).into_iter().flatten().copied() {
            table.foreign_keys.retain(|other| other != key);
            let invented = || invented::name(sides, [&table, &table], &key.columns, "fkey");
            let key = ForeignKey { name: Some(key.name.clone().unwrap_or_else(invented)), ..key.clone() };
            later.push(CreateForeignKey::new(&name, key).into());
        }
        operations.push(CreateTable::new(table).into());
    }
    operations.append(&mut later);
}

/// Drops the tables, after the foreign keys that close a circle.
fn drop_all(tables: &[&Table], operations: &mut Vec<Operation>) {
    let cut = order::circles(tables);
    for (of, key) in &cut {
        let name = key.name.clone().unwrap_or_default();
        operations.push(DropForeignKey::new(*of, name).definition((*key).clone()).into());
    }
    let cut = of_tables(cut);
    for table in tables {
        let mut table = table.definition();
        for key in cut.get(&table.name).into_iter().flatten() {
            table.foreign_keys.retain(|other| other != *key);
        }
        operations.push(DropTable::from(table).into());
    }
}

/// The foreign keys of each table.
fn of_tables<'a>(keys: Vec<(&'a TableName, &'a ForeignKey)>) -> HashMap<&'a TableName, Vec<&'a ForeignKey>> {
    let mut found: HashMap<_, Vec<_>> = HashMap::new();
    for (table, key) in keys {
        found.entry(table).or_default().push(key);
    }
    found
}

fn change(sides: &Sides<'_>, old: &Table, new: &Table, to: &ByName<'_>, operations: &mut Vec<Operation>) {
    let (old, new) = (&*compared(sides, old), &*compared(sides, new));
    let mut gone: Vec<&Column> = Vec::new();
    for column in &new.columns {
        if old.find_column(&column.name).is_none_or(|was| columns::is_replaced(was, column)) {
            operations.push(AddColumn::new(&new.name, column.clone()).into());
        }
    }
    for column in &new.columns {
        match old.find_column(&column.name) {
            Some(was) if columns::is_replaced(was, column) => gone.push(was),
            Some(_) => operations.extend(columns::compare(sides, old, new, column)),
            None => {}
        }
    }
    let options = sides.options;
    constraints::primary_key(sides, old, new, operations);
    indexes::compare(sides, old, new, operations);
    if options.foreign_keys {
        constraints::foreign_keys(sides, old, new, to, operations);
    }
    if options.checks {
        constraints::checks(sides, old, new, operations);
    }
    if sides.knows.excludes && options.checks {
        constraints::excludes(sides, old, new, operations);
    }
    if sides.knows.comments && options.comments && text(old.comment.as_ref()) != text(new.comment.as_ref()) {
        let comment = text(new.comment.as_ref());
        operations.push(SetTableComment::new(&new.name, comment).existing(old.comment.as_ref()).into());
    }
    if options.table_options {
        operations.extend(super::options::compare(sides, old, new));
    }
    gone.extend(old.columns.iter().filter(|column| new.find_column(&column.name).is_none()));
    for column in gone {
        operations.push(DropColumn::new(&new.name, &column.name).definition(column.clone()).into());
    }
}

/// The table as it is compared: as a schema holds it, without the parts that are not looked at.
fn compared<'a>(sides: &Sides<'_>, table: &'a Table) -> Cow<'a, Table> {
    let filter = &sides.options.filter;
    if filter.is_empty() && table.is_definition() {
        return Cow::Borrowed(table);
    }
    let mut own = table.definition();
    filter.apply(&mut own);
    Cow::Owned(own)
}

/// An empty comment is none.
pub(super) fn text(comment: Option<&String>) -> Option<&String> {
    comment.filter(|text| !text.is_empty())
}
