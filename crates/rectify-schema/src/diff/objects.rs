//! Schemas, extensions, sequences, and the views, functions and triggers around the tables.

use super::{Sides, expressions};
use crate::name::TableName;
use crate::ops::{
    CreateExtension, CreateObject, CreateSchema, CreateSequence, DropExtension, DropObject, DropSchema, DropSequence,
    Operation,
};
use crate::schema::{Schema, SqlObject};

/// What comes before the tables: objects that go, schemas, extensions and sequences that come.
pub(super) fn before(sides: &Sides<'_>, from: &Schema, to: &Schema, operations: &mut Vec<Operation>) {
    let gone = objects(sides, from).filter(|object| same_object(sides, object, to).is_none());
    let mut drops: Vec<Operation> = gone.map(|object| DropObject::new(object.clone()).into()).collect();
    drops.reverse();
    operations.append(&mut drops);
    let mut schemas: Vec<_> = to.schemas.iter().filter(|name| !from.schemas.contains(name)).collect();
    schemas.sort();
    operations.extend(schemas.into_iter().map(|name| CreateSchema::new(name).into()));
    if sides.knows.extensions && sides.options.extensions {
        let new = to.extensions.iter().filter(|one| from.extensions.iter().all(|other| other.name != one.name));
        operations.extend(new.map(|extension| CreateExtension::new(extension.clone()).into()));
    }
    if sides.knows.sequences && sides.options.sequences {
        let new = to.sequences.iter().filter(|one| covered(sides, &one.name));
        let new = new.filter(|one| from.sequences.iter().all(|other| other.name != one.name));
        operations.extend(new.map(|sequence| CreateSequence::new(sequence.clone()).into()));
    }
}

/// What comes after the tables.
pub(super) fn after(sides: &Sides<'_>, from: &Schema, to: &Schema, operations: &mut Vec<Operation>) {
    let came = objects(sides, to).filter(|object| same_object(sides, object, from).is_none());
    operations.extend(came.map(|object| CreateObject::new(object.clone()).into()));
    if sides.knows.sequences && sides.options.sequences {
        let gone = from.sequences.iter().filter(|one| covered(sides, &one.name));
        let gone = gone.filter(|one| to.sequences.iter().all(|other| other.name != one.name));
        operations.extend(gone.map(|sequence| DropSequence::from(sequence.clone()).into()));
    }
    if sides.knows.extensions && sides.options.extensions {
        let gone = from.extensions.iter().filter(|one| to.extensions.iter().all(|other| other.name != one.name));
        operations.extend(gone.map(|extension| DropExtension::from(extension.clone()).into()));
    }
    let used = |name: &String| {
        to.schemas.contains(name) || to.tables.iter().any(|table| table.name.schema.as_ref() == Some(name))
    };
    let mut schemas: Vec<_> = from.schemas.iter().filter(|name| !used(name)).collect();
    schemas.sort();
    operations.extend(schemas.into_iter().map(|name| DropSchema::new(name).into()));
}

fn covered(sides: &Sides<'_>, name: &TableName) -> bool {
    sides.options.filter.covers(name)
}

fn objects<'a>(sides: &'a Sides<'_>, schema: &'a Schema) -> impl Iterator<Item = &'a SqlObject> {
    schema.objects.iter().filter(|object| sides.options.objects && covered(sides, &object.name))
}

fn same_object<'a>(sides: &Sides<'_>, object: &SqlObject, others: &'a Schema) -> Option<&'a SqlObject> {
    let text = |object: &SqlObject| expressions::canonical(object.definition_on(sides.dialect.name()));
    others.objects.iter().find(|other| other.is(object)).filter(|other| text(other) == text(object))
}
