//! Numbering of rows where a column is numbered only while it begins a key, and while no check and no computed column
//! speaks of it (MySQL, MariaDB): it goes before all else that changes of its table, and comes after it.

use std::collections::HashSet;

use super::{Sides, by_name};
use crate::name::TableName;
use crate::ops::{AlterColumn, Change, ColumnChange, Operation, alter};
use crate::schema::{Column, Identity, IndexTarget, PrimaryKey, Schema, Table};

/// Makes a step of its own of each numbering that comes or goes, and of one whose key is exchanged.
pub(super) fn split(sides: &Sides<'_>, from: &Schema, operations: &mut Vec<Operation>) {
    if !sides.knows.numbered_keys {
        return;
    }
    fold_keys(operations);
    let mut released = released(from, operations);
    let mut split = Vec::with_capacity(operations.len());
    for operation in operations.drain(..) {
        match operation {
            Operation::AlterColumn(op) => {
                let before = released.len();
                released.retain(|(table, column)| op.table != *table || op.change.column != column.name);
                alter_column(op, released.len() < before, &mut split);
            }
            Operation::AddColumn(mut op) if !op.column.primary_key => {
                let identity = op.column.identity.take();
                let (table, column) = (op.table.clone(), op.column.clone());
                split.push(op.into());
                split.extend(identity.map(|identity| begin(&table, column, identity)));
            }
            Operation::DropColumn(mut op) => {
                if let Some(column) = op.definition.as_mut().filter(|column| !column.primary_key)
                    && column.identity.is_some()
                {
                    split.push(end(&op.table, column.clone()));
                    column.identity = None;
                }
                split.push(op.into());
            }
            other => split.push(other),
        }
    }
    for (table, column) in released {
        alter_column(AlterColumn::new(&table, alter(&column.name)).existing(column), true, &mut split);
    }
    *operations = split;
}

/// The numbering that the operation sets (`true`) or takes away, if it does nothing else.
pub(super) fn alone(op: &AlterColumn) -> Option<bool> {
    let bare = ColumnChange { identity: op.change.identity.clone(), ..alter(&op.change.column) };
    match &op.change.identity {
        _ if op.change != bare => None,
        Change::Keep => None,
        Change::Drop => Some(false),
        Change::Set(_) => Some(true),
    }
}

/// Ends the numbering before the change and begins it after, as far as there is one.
fn alter_column(op: AlterColumn, is_released: bool, split: &mut Vec<Operation>) {
    let AlterColumn { table, mut change, existing: Some(mut column), using_back } = op else {
        split.push(op.into());
        return;
    };
    let was = column.identity.clone();
    let is = change.identity.apply_to(was.as_ref());
    if was == is && !is_released {
        split.push(AlterColumn { table, change, existing: Some(column), using_back }.into());
        return;
    }
    if was.is_some() {
        split.push(end(&table, column.clone()));
        column.identity = None;
    }
    change.identity = Change::Keep;
    let changed = change.apply_to(&column);
    if change != alter(&change.column) {
        split.push(AlterColumn { table: table.clone(), change, existing: Some(column), using_back }.into());
    }
    split.extend(is.map(|identity| begin(&table, changed, identity)));
}

fn begin(table: &TableName, column: Column, identity: Identity) -> Operation {
    AlterColumn::new(table, alter(&column.name).set_identity(identity)).existing(column).into()
}

fn end(table: &TableName, column: Column) -> Operation {
    AlterColumn::new(table, alter(&column.name).drop_identity()).existing(column).into()
}

/// Lets a numbered column come and go with the primary key that it is alone: so the rows that are there get numbers.
fn fold_keys(operations: &mut Vec<Operation>) {
    let is_sole = |key: &PrimaryKey, column: &Column| {
        key.columns == [column.name.as_str()] && column.identity.is_some() && key.include.is_empty()
    };
    let mut folded: HashSet<usize> = HashSet::new();
    for at in 0..operations.len() {
        let key = match &operations[at] {
            Operation::AddColumn(op) => operations.iter().position(|other| match other {
                Operation::CreatePrimaryKey(key) => key.table == op.table && is_sole(&key.primary_key, &op.column),
                _ => false,
            }),
            Operation::DropColumn(op) => operations.iter().position(|other| match (other, &op.definition) {
                (Operation::DropPrimaryKey(key), Some(column)) => {
                    key.table == op.table && key.definition.as_ref().is_some_and(|key| is_sole(key, column))
                }
                _ => false,
            }),
            _ => None,
        };
        if let Some(key) = key {
            folded.insert(key);
            match &mut operations[at] {
                Operation::AddColumn(op) => op.column.primary_key = true,
                Operation::DropColumn(op) => op.definition.iter_mut().for_each(|column| column.primary_key = true),
                _ => {}
            }
        }
    }
    let mut at = 0..;
    operations.retain(|_| at.next().is_none_or(|at| !folded.contains(&at)));
}

/// The numbered columns that no key begins any more, until the next one does.
fn released(from: &Schema, operations: &[Operation]) -> Vec<(TableName, Column)> {
    let tables = by_name(from);
    let keys = operations.iter().filter_map(dropped_key).collect::<Vec<_>>();
    let mut found: Vec<(TableName, Column)> = Vec::new();
    for (name, _, leading) in &keys {
        let Some(table) = tables.get(name) else { continue };
        let Some(column) = table.find_column(leading).filter(|column| column.identity.is_some()) else { continue };
        let goes = |key: &str| keys.iter().any(|(of, dropped, _)| of == name && *dropped == key);
        let is_dropped = operations.iter().any(|operation| match operation {
            Operation::DropColumn(op) => op.table == **name && op.column == column.name,
            _ => false,
        });
        let is_known = found.iter().any(|(of, other)| of == *name && other.name == column.name);
        if !is_dropped && !is_known && !leading_keys(table, leading).iter().any(|key| !goes(key)) {
            found.push(((*name).clone(), column.clone()));
        }
    }
    found
}

/// The table, the name and the first column of a key that goes.
fn dropped_key(operation: &Operation) -> Option<(&TableName, &str, &str)> {
    match operation {
        Operation::DropPrimaryKey(op) => Some((&op.table, "PRIMARY", op.definition.as_ref()?.columns.first()?)),
        Operation::DropUnique(op) => Some((&op.table, &op.name, op.definition.as_ref()?.columns.first()?)),
        Operation::DropIndex(op) => match &op.definition.as_ref()?.columns.first()?.target {
            IndexTarget::Column(name) => Some((op.table.as_ref()?, &op.name, name)),
            IndexTarget::Expression(_) => None,
        },
        _ => None,
    }
}

/// The names of the keys that a column begins.
fn leading_keys<'a>(table: &'a Table, column: &str) -> Vec<&'a str> {
    let begins = |columns: &[String]| columns.first().is_some_and(|first| first == column);
    let primary = table.primary_key.iter().filter(|key| begins(&key.columns)).map(|_| "PRIMARY");
    let uniques = table.uniques.iter().filter(|unique| begins(&unique.columns));
    let indexes = table.indexes.iter().filter(
        |index| matches!(index.columns.first().map(|of| &of.target), Some(IndexTarget::Column(name)) if name == column),
    );
    let uniques = uniques.map(|unique| unique.name.as_deref().unwrap_or_default());
    primary.chain(uniques).chain(indexes.map(|index| index.name.as_str())).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{DiffOptions, diff};
    use crate::build::*;
    use crate::dialect::{Dialect, MARIADB, POSTGRES};
    use crate::schema::{Schema, Table};

    #[track_caller]
    fn check(dialect: &dyn Dialect, from: Table, to: Table, expected: &[&str]) {
        let schema = |table| Schema { tables: vec![table], ..Schema::default() };
        let found = diff(&schema(from), &schema(to), dialect, &DiffOptions::default());
        let words =
            |operations: &[crate::ops::Operation]| operations.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(words(&found.operations), expected);
        assert_eq!(found.reverse().len(), expected.len());
    }

    fn notes() -> Table {
        table("notes").column(column("id", bigint()).not_null()).column(column("part", bigint()).not_null())
    }

    fn keyed(columns: &[&str]) -> Table {
        notes().primary_key(primary_key("").on(columns.iter().copied()))
    }

    fn numbered(mut table: Table) -> Table {
        table.columns[0].identity = Some(identity());
        table
    }

    #[test]
    fn numbering_comes_after_the_key_and_goes_before_it() {
        let (key, drop) = ("create primary key on `notes`", "drop primary key on `notes`");
        let alter = "alter column `notes`.`id`";
        check(MARIADB, notes(), numbered(keyed(&["id"])), &[key, alter]);
        check(MARIADB, numbered(keyed(&["id"])), notes(), &[alter, drop]);
    }

    #[test]
    fn a_key_is_exchanged_without_the_numbering_that_needs_it() {
        let (key, drop) = ("create primary key on `notes`", "drop primary key on `notes`");
        let alter = "alter column `notes`.`id`";
        let (old, new) = (|| numbered(keyed(&["id"])), || numbered(keyed(&["id", "part"])));
        check(MARIADB, old(), new(), &[alter, drop, key, alter]);
        let by_unique = |table: Table| table.unique(unique("uq").on(["id"]));
        check(MARIADB, by_unique(old()), by_unique(new()), &[drop, key]);
        check(POSTGRES, old(), new(), &[drop, key]);
    }

    #[test]
    fn what_may_not_speak_of_a_numbered_column_goes_before_it_is_numbered() {
        let checked = keyed(&["id"]).check(check_of_id());
        let (create, drop) = ("create check `ck` on `notes`", "drop check `ck` on `notes`");
        let alter = "alter column `notes`.`id`";
        check(MARIADB, checked.clone(), numbered(keyed(&["id"])), &[drop, alter]);
        check(MARIADB, numbered(keyed(&["id"])), checked, &[alter, create]);
    }

    fn check_of_id() -> crate::schema::Check {
        crate::build::check("ck", "id > 0")
    }

    #[test]
    fn a_new_numbered_column_comes_with_its_key() {
        let bare = || table("notes").column(column("part", bigint()).not_null());
        check(MARIADB, bare(), numbered(keyed(&["id"])), &["add column `notes`.`id`"]);
        check(MARIADB, numbered(keyed(&["id"])), bare(), &["drop column `notes`.`id`"]);
        let steps = ["add column `notes`.`id`", "create primary key on `notes`", "alter column `notes`.`id`"];
        check(MARIADB, bare(), numbered(keyed(&["id", "part"])), &steps);
    }
}
