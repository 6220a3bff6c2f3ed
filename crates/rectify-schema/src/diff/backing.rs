//! Indexes that MySQL and MariaDB make for a foreign key which has none.
//!
//! They come with the key, and the catalog does not show them as indexes of the table; but they stay when the key goes. So
//! what adds a key adds its index, and what drops it drops the index too: then either can be taken back.

use crate::ops::{CreateIndex, DropIndex, Operation};
use crate::schema::{ForeignKey, Index, IndexColumn, IndexTarget, Table};

/// Creates the indexes for new keys, and drops those that are left of old ones.
pub(super) fn compare(dialect: &str, old: &Table, new: &Table, operations: &mut Vec<Operation>) {
    let (were, are) = (backing(old), backing(new));
    let has = |indexes: &[Index], index: &Index| indexes.iter().any(|other| other.columns == index.columns);
    // One that was made for a key stays with it, whatever its name.
    let stays = |index: &Index| {
        let goes = |operation: &Operation| match operation {
            Operation::DropIndex(op) => op.name == index.name && op.table.as_ref() == Some(&old.name),
            _ => false,
        };
        !operations.iter().any(goes)
    };
    let kept: Vec<&Index> = old.indexes.iter().filter(|index| stays(index)).collect();
    let is_kept = |index: &Index| {
        let columns: Vec<String> = index.columns.iter().filter_map(column).cloned().collect();
        kept.iter().any(|other| begins(&columns, other))
    };
    for index in are.iter().filter(|index| !has(&were, index) && !is_kept(index)) {
        operations.push(CreateIndex::new(index.clone()).into());
    }
    for index in were.iter().filter(|index| !has(&are, index)) {
        let drop = DropIndex::from(index.clone());
        let stays = new.foreign_keys.iter().any(|key| begins(&key.columns, index));
        match dialect {
            // The server drops it as soon as there is another one for the key.
            "mariadb" if stays => operations.push(drop.if_exists().into()),
            _ if stays => {}
            _ => operations.push(drop.into()),
        }
    }
}

fn backing(table: &Table) -> Vec<Index> {
    let mut indexes: Vec<Index> = Vec::new();
    for key in &table.foreign_keys {
        let index = crate::build::index(name(table, key)).on(&table.name, key.columns.iter().map(String::as_str));
        if !is_covered(table, key) && !indexes.iter().any(|other| other.columns == index.columns) {
            indexes.push(index);
        }
    }
    indexes
}

/// The name of the key; that of its first column where the server has named the key.
fn name(table: &Table, key: &ForeignKey) -> String {
    let first = || key.columns.first().cloned().unwrap_or_default();
    match &key.name {
        Some(name) if !name.starts_with(&format!("{}_ibfk_", table.name.name)) => name.clone(),
        _ => first(),
    }
}

fn is_covered(table: &Table, key: &ForeignKey) -> bool {
    let starts = |columns: &[String]| columns.starts_with(&key.columns);
    table.primary_key.as_ref().is_some_and(|other| starts(&other.columns))
        || table.uniques.iter().any(|unique| starts(&unique.columns))
        || table.indexes.iter().any(|index| begins(&key.columns, index))
}

fn begins(columns: &[String], index: &Index) -> bool {
    let leading = index.columns.iter().map_while(column);
    index.columns.len() >= columns.len() && leading.zip(columns).filter(|(a, b)| a == b).count() == columns.len()
}

/// The whole column that an index is over.
fn column(of: &IndexColumn) -> Option<&String> {
    match &of.target {
        IndexTarget::Column(name) if of.length.is_none() => Some(name),
        _ => None,
    }
}
