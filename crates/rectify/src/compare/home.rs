//! The current schema: a model in it may say so, and the database's side never does.

use rectify_schema::{ColumnType, ObjectKind, Schema, SqlObject, Table, TableName};

/// Leaves the current schema out of all names.
pub(super) fn bring(models: &mut Schema, current: &str) {
    let strip = |name: &mut TableName| {
        name.schema.take_if(|schema| schema == current);
    };
    // This one comes with every database, and is not looked for in it.
    models.schemas.retain(|schema| schema != current && schema != "public");
    models.tables.iter_mut().for_each(|table| bring_table(table, &strip));
    models.enums.iter_mut().for_each(|found| strip(&mut found.name));
    for sequence in &mut models.sequences {
        strip(&mut sequence.name);
        sequence.options.owned_by.iter_mut().for_each(|(table, _)| strip(table));
    }
    models.objects.iter_mut().for_each(|object| bring_object(object, &strip));
    for extension in &mut models.extensions {
        extension.schema.take_if(|schema| schema == current);
    }
}

fn bring_table(table: &mut Table, strip: &impl Fn(&mut TableName)) {
    strip(&mut table.name);
    table.indexes.iter_mut().for_each(|index| strip(&mut index.table));
    table.foreign_keys.iter_mut().for_each(|key| strip(&mut key.references));
    table.options.inherits.iter_mut().for_each(strip);
    for column in &mut table.columns {
        column.foreign_key.iter_mut().for_each(|key| strip(&mut key.references));
        bring_type(&mut column.column_type, strip);
    }
}

fn bring_type(column_type: &mut ColumnType, strip: &impl Fn(&mut TableName)) {
    match column_type {
        ColumnType::Enum(found) => strip(&mut found.name),
        ColumnType::Array(of) => bring_type(of, strip),
        _ => {}
    }
}

fn bring_object(object: &mut SqlObject, strip: &impl Fn(&mut TableName)) {
    match &mut object.kind {
        ObjectKind::Trigger { table } | ObjectKind::Policy { table } => strip(table),
        // What is granted on is SQL text.
        ObjectKind::Grant { .. } => return,
        ObjectKind::View
        | ObjectKind::MaterializedView
        | ObjectKind::Function { .. }
        | ObjectKind::Procedure { .. } => {}
    }
    strip(&mut object.name);
    object.reads.iter_mut().for_each(strip);
}

#[cfg(test)]
mod tests {
    use rectify_schema::build::{
        array, bigint, column, enumeration, foreign_key, index, integer, policy, sequence, table, view,
    };

    use super::*;

    fn models(schema: Option<&str>) -> Schema {
        let name = |name: &str| TableName { schema: schema.map(str::to_owned), name: name.to_owned() };
        let key = foreign_key("fk").on(["a"]).references(name("users"), ["id"]);
        let notes = table(name("notes"))
            .column(column("a", bigint()))
            .column(column("b", array(enumeration(name("mood"), ["sad"]))))
            .foreign_key(key)
            .index(index("ix").on("", ["a"]));
        let far = table(("far", "notes")).column(column("a", integer()));
        Schema {
            tables: vec![notes, far],
            schemas: schema.into_iter().chain(["far"]).map(str::to_owned).collect(),
            sequences: vec![sequence(name("numbers")).owned_by(name("notes"), "a")],
            objects: vec![
                view(name("v"), "SELECT 1").reads([name("notes")]),
                policy("own", name("notes"), "USING (true)"),
            ],
            ..Schema::default()
        }
    }

    #[test]
    fn the_current_schema_is_said_or_not() {
        let mut found = models(Some("app"));
        bring(&mut found, "app");
        assert_eq!(found, models(None));
    }
}
