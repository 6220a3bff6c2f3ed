//! Sequences that stand by themselves.

use std::collections::{HashMap, HashSet};

use super::Sides;
use crate::ops::{AlterSequence, CreateSequence, DropSequence, Operation};
use crate::schema::{DefaultValue, Schema, Sequence, SequenceOptions};

/// Creates the sequences that are new and changes those that differ.
pub(super) fn before(sides: &Sides<'_>, from: &Schema, to: &Schema, operations: &mut Vec<Operation>) {
    let olds: HashMap<_, _> = from.sequences.iter().map(|old| (&old.name, old)).collect();
    for new in covered(sides, to) {
        match olds.get(&new.name) {
            None => create(new, to, operations),
            Some(old) => operations.extend(change(old, new)),
        }
    }
}

/// Drops the sequences that are gone.
pub(super) fn after(sides: &Sides<'_>, from: &Schema, to: &Schema, operations: &mut Vec<Operation>) {
    let news: HashSet<_> = to.sequences.iter().map(|new| &new.name).collect();
    for old in covered(sides, from).filter(|old| !news.contains(&old.name)) {
        let mut old = old.clone();
        if is_circle(&old, from) {
            operations.push(AlterSequence::new(&old.name).owned_by_none().existing(old.clone()).into());
            old.options.owned_by = None;
        }
        operations.push(DropSequence::from(old).into());
    }
}

/// Creates a sequence; it is given to its column afterwards if that column takes its numbers.
fn create(new: &Sequence, to: &Schema, operations: &mut Vec<Operation>) {
    let mut new = new.clone();
    let owner = new.options.owned_by.clone().filter(|_| is_circle(&new, to));
    new.options.owned_by.take_if(|_| owner.is_some());
    operations.push(CreateSequence::new(new.clone()).into());
    if let Some((table, column)) = owner {
        operations.push(AlterSequence::new(&new.name).owned_by(table, column).existing(new).into());
    }
}

/// Tells whether the column that a sequence goes with has a default that speaks of the sequence.
fn is_circle(sequence: &Sequence, schema: &Schema) -> bool {
    let owner = sequence.options.owned_by.as_ref().and_then(|(table, name)| schema.table(table)?.find_column(name));
    match owner.and_then(|column| column.default.as_ref()) {
        Some(DefaultValue::Expression(text)) => text.to_lowercase().contains(&sequence.name.name.to_lowercase()),
        _ => false,
    }
}

fn covered<'a>(sides: &'a Sides<'_>, schema: &'a Schema) -> impl Iterator<Item = &'a Sequence> {
    let compared = sides.knows.sequences && sides.options.sequences;
    schema.sequences.iter().filter(move |one| compared && sides.options.filter.covers(&one.name))
}

/// Each option is said on both sides, so that the change has a reverse.
fn change(old: &Sequence, new: &Sequence) -> Option<Operation> {
    let (was, is) = (full(&old.options), full(&new.options));
    if was == is {
        return None;
    }
    let options = SequenceOptions {
        start: is.start.filter(|_| was.start != is.start),
        increment: is.increment.filter(|_| was.increment != is.increment),
        min_value: is.min_value.filter(|_| was.min_value != is.min_value),
        max_value: is.max_value.filter(|_| was.max_value != is.max_value),
        cache: is.cache.filter(|_| was.cache != is.cache),
        cycle: is.cycle.filter(|_| was.cycle != is.cycle),
        owned_by: is.owned_by.filter(|_| was.owned_by != new.options.owned_by),
    };
    let owned_by_none = was.owned_by.is_some() && new.options.owned_by.is_none();
    let existing = Sequence { name: old.name.clone(), options: was };
    Some(AlterSequence { options, owned_by_none, ..AlterSequence::new(&new.name) }.existing(existing).into())
}

/// The options with what holds where nothing is said.
fn full(options: &SequenceOptions) -> SequenceOptions {
    let increment = options.increment.unwrap_or(1);
    let (lowest, highest) = if increment < 0 { (i64::MIN, -1) } else { (1, i64::MAX) };
    let (min_value, max_value) = (options.min_value.unwrap_or(lowest), options.max_value.unwrap_or(highest));
    let start = options.start.unwrap_or(if increment < 0 { max_value } else { min_value });
    SequenceOptions {
        start: Some(start),
        increment: Some(increment),
        min_value: Some(min_value),
        max_value: Some(max_value),
        cache: Some(options.cache.unwrap_or(1)),
        cycle: Some(options.cycle.unwrap_or(false)),
        owned_by: options.owned_by.clone(),
    }
}
