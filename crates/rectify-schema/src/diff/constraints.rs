//! Primary keys, foreign keys and checks; and which constraint of the one side is which of the other.

use super::{ByName, Sides, backing, expressions, invented};
use crate::ops::{
    CreateCheck, CreateExclude, CreateForeignKey, CreatePrimaryKey, DropCheck, DropExclude, DropForeignKey,
    DropPrimaryKey, Operation,
};
use crate::schema::{Check, Exclude, ForeignKey, ForeignKeyAction, PrimaryKey, Table};

/// Compares the primary keys.
pub(super) fn primary_key(sides: &Sides<'_>, old: &Table, new: &Table, operations: &mut Vec<Operation>) {
    let same = match (&old.primary_key, &new.primary_key) {
        (None, None) => true,
        (Some(old), Some(new)) => {
            let renamed = sides.knows.key_names && new.name.is_some() && old.name.is_some() && old.name != new.name;
            old.columns == new.columns
                && old.include == new.include
                && (!sides.knows.deferrable || old.deferrable == new.deferrable)
                && !renamed
        }
        _ => false,
    };
    if same {
        return;
    }
    if let Some(key) = &old.primary_key {
        operations.push(drop_primary_key(new, key));
    }
    if let Some(key) = &new.primary_key {
        operations.push(CreatePrimaryKey::new(&new.name, key.clone()).into());
    }
}

fn drop_primary_key(table: &Table, key: &PrimaryKey) -> Operation {
    let drop = DropPrimaryKey::new(table.name.clone()).definition(key.clone());
    match &key.name {
        Some(name) => drop.named(name).into(),
        None => drop.into(),
    }
}

/// Compares the foreign keys: first come those that go.
pub(super) fn foreign_keys(
    sides: &Sides<'_>,
    old: &Table,
    new: &Table,
    to: &ByName<'_>,
    operations: &mut Vec<Operation>,
) {
    let same = |a: &ForeignKey, b: &ForeignKey| same_foreign_key(sides, a, b, to);
    let (dropped, created) = unmatched(&old.foreign_keys, &new.foreign_keys, |key| key.name.as_deref(), same);
    if sides.knows.foreign_key_indexes {
        backing::compare(sides.dialect.name(), old, new, operations);
    }
    for key in dropped {
        let name = key.name.clone().unwrap_or_default();
        operations.push(DropForeignKey::new(&new.name, name).definition(key.clone()).into());
    }
    for key in created {
        let invented = || invented::name(sides, [old, new], &key.columns, "fkey");
        let key = ForeignKey { name: Some(key.name.clone().unwrap_or_else(invented)), ..key.clone() };
        operations.push(CreateForeignKey::new(&new.name, key).into());
    }
}

fn same_foreign_key(sides: &Sides<'_>, old: &ForeignKey, new: &ForeignKey, to: &ByName<'_>) -> bool {
    let action = |action: Option<ForeignKeyAction>| match action {
        Some(ForeignKeyAction::NoAction) => None,
        Some(ForeignKeyAction::Restrict) if !sides.knows.restrict => None,
        other => other,
    };
    old.columns == new.columns
        && old.references == new.references
        && referenced(old, to) == referenced(new, to)
        && action(old.on_delete) == action(new.on_delete)
        && action(old.on_update) == action(new.on_update)
        && (!sides.knows.deferrable || old.deferrable == new.deferrable)
        && old.match_full == new.match_full
        && old.on_delete_columns == new.on_delete_columns
}

/// The columns referred to: the primary key where none are named.
fn referenced<'a>(key: &'a ForeignKey, to: &ByName<'a>) -> &'a [String] {
    if !key.referenced_columns.is_empty() {
        return &key.referenced_columns;
    }
    to.get(&key.references).and_then(|table| table.primary_key.as_ref()).map_or(&[], |key| &key.columns)
}

/// Compares the checks.
pub(super) fn checks(sides: &Sides<'_>, old: &Table, new: &Table, operations: &mut Vec<Operation>) {
    let same = |a: &Check, b: &Check| {
        a.no_inherit == b.no_inherit && expressions::same(Some(&a.expression), Some(&b.expression))
    };
    let (dropped, created) = unmatched(&old.checks, &new.checks, |check| check.name.as_deref(), same);
    for check in dropped {
        let name = check.name.clone().unwrap_or_default();
        operations.push(DropCheck::new(&new.name, name).definition(check.clone()).into());
    }
    for check in created {
        let invented = || invented::check(sides, [old, new], check);
        let check = Check { name: Some(check.name.clone().unwrap_or_else(invented)), ..check.clone() };
        operations.push(CreateCheck::new(&new.name, check).into());
    }
}

/// Compares the exclusion constraints.
pub(super) fn excludes(sides: &Sides<'_>, old: &Table, new: &Table, operations: &mut Vec<Operation>) {
    let same = |a: &Exclude, b: &Exclude| {
        let bare = |exclude: &Exclude| Exclude { name: None, predicate: None, ..exclude.clone() };
        bare(a) == bare(b) && expressions::same(a.predicate.as_ref(), b.predicate.as_ref())
    };
    let (dropped, created) = unmatched(&old.excludes, &new.excludes, |exclude| exclude.name.as_deref(), same);
    operations.extend(dropped.into_iter().map(|exclude| DropExclude::new(&new.name, exclude.clone()).into()));
    for exclude in created {
        let invented = || invented::name(sides, [old, new], &[], "excl");
        let exclude = Exclude { name: Some(exclude.name.clone().unwrap_or_else(invented)), ..exclude.clone() };
        operations.push(CreateExclude::new(&new.name, exclude).into());
    }
}

/// Gives those of `old` that go and those of `new` that come.
///
/// A name finds its like first. What has no name on one side is found by its content: the database has invented one, or
/// keeps none.
pub(super) fn unmatched<'a, T>(
    old: &'a [T],
    new: &'a [T],
    name: impl Fn(&T) -> Option<&str>,
    same: impl Fn(&T, &T) -> bool,
) -> (Vec<&'a T>, Vec<&'a T>) {
    let mut olds: Vec<Option<&T>> = old.iter().map(Some).collect();
    let mut news: Vec<Option<&T>> = new.iter().map(Some).collect();
    let (mut gone, mut made) = (Vec::new(), Vec::new());
    for slot in &mut news {
        let Some(one) = slot.filter(|one| name(one).is_some()) else { continue };
        let Some(at) = olds.iter().position(|old| old.is_some_and(|old| name(old) == name(one))) else { continue };
        let was = olds[at].take();
        *slot = None;
        if let Some(was) = was.filter(|was| !same(was, one)) {
            gone.push(was);
            made.push(one);
        }
    }
    // Which names may be absent, in the order in which pairs are looked for: of the old one, of the new one.
    let rounds: [(bool, bool); 3] = [(false, false), (false, true), (true, false)];
    for (old_named, new_named) in rounds {
        for slot in &mut news {
            let Some(one) = slot.filter(|one| name(one).is_some() == new_named) else { continue };
            let fits = |old: &&T| name(old).is_some() == old_named && same(old, one);
            if let Some(at) = olds.iter().position(|old| old.as_ref().is_some_and(fits)) {
                (olds[at], *slot) = (None, None);
            }
        }
    }
    gone.extend(olds.into_iter().flatten());
    made.extend(news.into_iter().flatten());
    (gone, made)
}
