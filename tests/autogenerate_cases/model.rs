//! The tables of a case as a schema.

use rectify_schema::{Operation, Schema};
use serde_json::Value;

use crate::case::Case;
use crate::types::Expressed;
use crate::{express, naming};

/// The schema that the case wants. `before` is what is there: what the models of the cases do not speak of is left alone.
pub(crate) fn schema(case: &Case, before: &Schema) -> Expressed<Schema> {
    let mut schema = Schema { schemas: before.schemas.clone(), ..Schema::default() };
    schema.extensions.clone_from(&before.extensions);
    for table in &case.model {
        for operation in express::operation(case.dialect(), &created(table))? {
            match naming::named(case.dialect(), case.naming_convention.as_ref(), &operation)? {
                Operation::CreateEnum(op) => schema.enums.push(op.enum_type),
                Operation::CreateTable(mut op) => {
                    // Alembic has a database number the rows of any key of integers; it compares none of it.
                    for column in &mut op.table.columns {
                        let given = &table["columns"];
                        let is_given = |given: &Value| given["name"] == column.name && given.get("identity").is_some();
                        let given = given.as_array().is_some_and(|columns| columns.iter().any(is_given));
                        column.identity = column.identity.take().filter(|_| given);
                    }
                    schema.tables.push(op.table);
                }
                other => return Err(format!("{other} in a model")),
            }
        }
    }
    Ok(schema)
}

/// The table as the operation that creates it.
fn created(table: &Value) -> Value {
    let mut op = table.clone();
    op["name"] = "create_table".into();
    for key in ["comment", "schema"] {
        if let Some(given) = table["options"].get(key) {
            op[key] = given.clone();
        }
        if let Some(options) = op.get_mut("options").and_then(Value::as_object_mut) {
            options.remove(key);
        }
    }
    op
}
