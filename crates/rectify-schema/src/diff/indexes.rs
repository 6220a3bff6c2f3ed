//! Indexes and unique constraints, which some databases do not tell apart.

use super::constraints::unmatched;
use super::{Sides, expressions, invented};
use crate::ops::{CreateIndex, CreateUnique, DropIndex, DropUnique, Operation};
use crate::schema::{Index, IndexColumn, IndexTarget, Order, Table, Unique};

/// An index or a unique constraint.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Key<'a> {
    Index(&'a Index),
    Unique(&'a Unique),
}

impl<'a> Key<'a> {
    /// Those that are compared. Where a unique constraint is an index, one is not compared without the other.
    fn all(sides: &Sides<'_>, table: &'a Table) -> Vec<Self> {
        let apart = sides.knows.unique_constraints;
        let (indexes, uniques) = (sides.options.indexes, sides.options.uniques && (apart || sides.options.indexes));
        let found = table.uniques.iter().filter(|_| uniques).map(Self::Unique);
        found.chain(table.indexes.iter().filter(|_| indexes).map(Self::Index)).collect()
    }

    fn name(&self) -> Option<&str> {
        match self {
            Self::Index(index) => Some(&index.name),
            Self::Unique(unique) => unique.name.as_deref(),
        }
    }

    /// The columns from the left, as far as they are whole columns.
    fn leading(&self) -> Vec<&str> {
        match self {
            Self::Unique(unique) => unique.columns.iter().map(String::as_str).collect(),
            Self::Index(index) => index.columns.iter().map_while(whole).collect(),
        }
    }

    fn create(self, sides: &Sides<'_>, old: &Table, new: &Table) -> Operation {
        match self {
            Self::Index(index) => CreateIndex::new(index.clone()).into(),
            Self::Unique(unique) => {
                let invented = || invented::name(sides, [old, new], &unique.columns, "key");
                let unique = Unique { name: Some(unique.name.clone().unwrap_or_else(invented)), ..unique.clone() };
                CreateUnique::new(&new.name, unique).into()
            }
        }
    }

    fn drop(self, table: &Table) -> Operation {
        match self {
            Self::Index(index) => DropIndex::from(index.clone()).into(),
            Self::Unique(unique) => {
                let name = unique.name.clone().unwrap_or_default();
                DropUnique::new(&table.name, name).definition(unique.clone()).into()
            }
        }
    }
}

fn whole(column: &IndexColumn) -> Option<&str> {
    match &column.target {
        IndexTarget::Column(name) if column.length.is_none() => Some(name),
        _ => None,
    }
}

/// Compares indexes and unique constraints: first come those that go, then those that change, then those that come.
pub(super) fn compare(sides: &Sides<'_>, old: &Table, new: &Table, operations: &mut Vec<Operation>) {
    let (olds, news) = (Key::all(sides, old), Key::all(sides, new));
    let (mut dropped, mut created) = unmatched(&olds, &news, Key::name, |a, b| same(sides, a, b));
    if sides.knows.foreign_key_indexes {
        dropped.retain(|key| !is_needed(key, old, new, &news));
    }
    dropped.sort_by_key(|key| (key.name().is_none(), key.name()));
    created.sort_by_key(|key| (key.name().is_none(), key.name()));
    let changed = |key: &Key<'_>, others: &[&Key<'_>]| {
        key.name().is_some() && others.iter().any(|other| other.name() == key.name())
    };
    for key in dropped.iter().filter(|key| !changed(key, &created)) {
        operations.push(key.drop(new));
    }
    for key in dropped.iter().filter(|key| changed(key, &created)) {
        operations.push(key.drop(new));
        let anew = created.iter().filter(|other| other.name() == key.name());
        operations.extend(anew.map(|other| other.create(sides, old, new)));
    }
    for key in created.iter().filter(|key| !changed(key, &dropped)) {
        operations.push(key.create(sides, old, new));
    }
}

fn same(sides: &Sides<'_>, old: &Key<'_>, new: &Key<'_>) -> bool {
    match (old, new) {
        (Key::Index(old), Key::Index(new)) => same_index(old, new),
        (Key::Unique(old), Key::Unique(new)) => {
            let sorted = |unique: &Unique| {
                let mut columns = unique.columns.clone();
                columns.sort();
                columns
            };
            sorted(old) == sorted(new)
                && old.nulls_not_distinct == new.nulls_not_distinct
                && old.include == new.include
                && (!sides.knows.deferrable || old.deferrable == new.deferrable)
        }
        (Key::Index(index), Key::Unique(unique)) | (Key::Unique(unique), Key::Index(index)) => {
            let columns: Option<Vec<_>> = index.columns.iter().map(whole).collect();
            let (mut columns, mut names) = (columns.unwrap_or_default(), unique.columns.clone());
            columns.sort_unstable();
            names.sort();
            !sides.knows.unique_constraints && index.unique && columns == names
        }
    }
}

fn same_index(old: &Index, new: &Index) -> bool {
    let method = |index: &Index| index.method.as_ref().map(|m| m.to_lowercase()).filter(|m| m != "btree");
    let mut storage = (old.storage.clone(), new.storage.clone());
    storage.0.sort();
    storage.1.sort();
    old.unique == new.unique
        && old.columns.len() == new.columns.len()
        && old.columns.iter().zip(&new.columns).all(|(old, new)| same_column(old, new))
        && expressions::same(old.predicate.as_ref(), new.predicate.as_ref())
        && method(old) == method(new)
        && old.include == new.include
        && old.nulls_not_distinct == new.nulls_not_distinct
        && storage.0 == storage.1
        && old.tablespace == new.tablespace
        && old.parser == new.parser
}

fn same_column(old: &IndexColumn, new: &IndexColumn) -> bool {
    let target = match (&old.target, &new.target) {
        (IndexTarget::Column(old), IndexTarget::Column(new)) => old == new,
        (IndexTarget::Expression(old), IndexTarget::Expression(new)) => expressions::same(Some(old), Some(new)),
        _ => false,
    };
    let direction = |column: &IndexColumn| {
        let descending = column.order == Some(Order::Desc);
        let first = column.nulls.map_or(descending, |nulls| nulls == crate::schema::Nulls::First);
        (descending, first)
    };
    target
        && direction(old) == direction(new)
        && old.collation == new.collation
        && old.operator_class == new.operator_class
        && old.length == new.length
}

/// Tells whether a foreign key that stays has no other index to be checked with: MySQL and MariaDB made this one for it,
/// or would refuse to drop it.
fn is_needed(key: &Key<'_>, old: &Table, new: &Table, news: &[Key<'_>]) -> bool {
    let Key::Index(index) = key else { return false };
    let begins = |leading: &[&str], columns: &[String]| {
        leading.len() >= columns.len() && leading.iter().zip(columns).all(|(a, b)| a == b)
    };
    let leading = key.leading();
    !index.unique
        && new.foreign_keys.iter().any(|foreign| {
            let in_key = new.primary_key.as_ref().is_some_and(|key| {
                let columns: Vec<_> = key.columns.iter().map(String::as_str).collect();
                begins(&columns, &foreign.columns)
            });
            old.foreign_keys.iter().any(|other| other.columns == foreign.columns)
                && begins(&leading, &foreign.columns)
                && !in_key
                && !news.iter().any(|other| begins(&other.leading(), &foreign.columns))
        })
}
