//! What tables live in: schemas and extensions.

use std::collections::HashSet;

use super::Sides;
use crate::ops::{CreateExtension, CreateSchema, DropExtension, DropSchema, Operation};
use crate::schema::{Extension, Schema};

/// Creates the schemas and extensions that are new.
pub(super) fn before(sides: &Sides<'_>, from: &Schema, to: &Schema, operations: &mut Vec<Operation>) {
    let old: HashSet<&String> = from.schemas.iter().collect();
    let mut schemas: Vec<_> = to.schemas.iter().filter(|name| !old.contains(name)).collect();
    schemas.sort();
    operations.extend(schemas.into_iter().map(|name| CreateSchema::new(name).into()));
    let new = missing(sides, &to.extensions, &from.extensions);
    operations.extend(new.map(|extension| CreateExtension::new(extension.clone()).into()));
}

/// Drops those that are gone. A schema that something is left in is not.
pub(super) fn after(sides: &Sides<'_>, from: &Schema, to: &Schema, operations: &mut Vec<Operation>) {
    let gone = missing(sides, &from.extensions, &to.extensions);
    operations.extend(gone.map(|extension| DropExtension::from(extension.clone()).into()));
    let used = used(to);
    let mut schemas: Vec<_> = from.schemas.iter().filter(|name| !used.contains(name)).collect();
    schemas.sort();
    operations.extend(schemas.into_iter().map(|name| DropSchema::new(name).into()));
}

/// The schemas that something names.
fn used(to: &Schema) -> HashSet<&String> {
    let names = to.tables.iter().map(|table| &table.name).chain(to.enums.iter().map(|found| &found.name));
    let names = names.chain(to.sequences.iter().map(|sequence| &sequence.name));
    let names = names.chain(to.objects.iter().map(|object| &object.name));
    names.filter_map(|name| name.schema.as_ref()).chain(&to.schemas).collect()
}

fn missing<'a>(
    sides: &Sides<'_>,
    these: &'a [Extension],
    those: &'a [Extension],
) -> impl Iterator<Item = &'a Extension> {
    let compared = sides.knows.extensions && sides.options.extensions;
    let those: HashSet<&String> = those.iter().map(|other| &other.name).collect();
    these.iter().filter(move |one| compared && !those.contains(&one.name))
}
