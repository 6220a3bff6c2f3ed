//! How SQLite spells what is neither table, index nor constraint.

use super::Sqlite;
use crate::dialect::{Dialect, Refusal, Statement, rows, shared};
use crate::ops::{
    AlterSequence, BulkInsert, CreateExtension, CreateObject, CreateSchema, CreateSequence, DropExtension, DropObject,
    DropSchema, DropSequence, RenameEnumValue, ReplaceObject,
};
use crate::schema::{DefaultValue, ObjectKind, SqlObject};

pub(super) fn rename_enum_value(op: &RenameEnumValue) -> Result<Vec<Statement>, Refusal> {
    Err(Refusal::new(
        format!("changing the enum `{}` by itself", op.name),
        "set each column that uses it to an `enumeration(..)` with both values in `op.batch_alter_table`, update its rows, \
         and set it to the one without the old value",
    ))
}

pub(super) fn create_schema(_: &CreateSchema) -> Result<Vec<Statement>, Refusal> {
    no_schemas()
}

pub(super) fn drop_schema(_: &DropSchema) -> Result<Vec<Statement>, Refusal> {
    no_schemas()
}

fn no_schemas() -> Result<Vec<Statement>, Refusal> {
    Err(Refusal::new(
        "schemas",
        "leave it out where `op.family() == Family::Sqlite`, and name the tables without a schema there",
    ))
}

pub(super) fn create_extension(_: &CreateExtension) -> Result<Vec<Statement>, Refusal> {
    no_extensions()
}

pub(super) fn drop_extension(_: &DropExtension) -> Result<Vec<Statement>, Refusal> {
    no_extensions()
}

fn no_extensions() -> Result<Vec<Statement>, Refusal> {
    Err(Refusal::new("extensions", "do it on PostgreSQL only: `if op.family() == Family::Postgres { .. }`"))
}

pub(super) fn create_sequence(_: &CreateSequence) -> Result<Vec<Statement>, Refusal> {
    no_sequences()
}

pub(super) fn alter_sequence(_: &AlterSequence) -> Result<Vec<Statement>, Refusal> {
    no_sequences()
}

pub(super) fn drop_sequence(_: &DropSequence) -> Result<Vec<Statement>, Refusal> {
    no_sequences()
}

fn no_sequences() -> Result<Vec<Statement>, Refusal> {
    Err(Refusal::new(
        "sequences",
        "number the rows of a table with `.identity()`, or keep the next number in a table of one row",
    ))
}

pub(super) fn create_object(op: &CreateObject) -> Result<Vec<Statement>, Refusal> {
    Ok(vec![create(&op.object)?])
}

pub(super) fn replace_object(op: &ReplaceObject) -> Result<Vec<Statement>, Refusal> {
    Ok(vec![drop(op.existing.as_ref().unwrap_or(&op.object), false)?, create(&op.object)?])
}

pub(super) fn drop_object(op: &DropObject) -> Result<Vec<Statement>, Refusal> {
    Ok(vec![drop(&op.object, op.if_exists)?])
}

fn create(object: &SqlObject) -> Result<Statement, Refusal> {
    check_kind(&object.kind)?;
    let definition = shared::definition(&Sqlite, object)?;
    let name = shared::table_name(&Sqlite, &object.name)?;
    let word = object.kind.word().to_uppercase();
    // Before a list of columns there is no `AS`, and no query begins with a parenthesis here.
    let is_query = object.kind == ObjectKind::View && !definition.starts_with('(');
    let between = if is_query { "AS " } else { "" };
    Ok(Statement::new(format!("CREATE {word} {name} {between}{definition}")))
}

fn drop(object: &SqlObject, skip_missing: bool) -> Result<Statement, Refusal> {
    check_kind(&object.kind)?;
    let if_exists = if skip_missing { "IF EXISTS " } else { "" };
    let name = shared::table_name(&Sqlite, &object.name)?;
    Ok(Statement::new(format!("DROP {} {if_exists}{name}", object.kind.word().to_uppercase())))
}

fn check_kind(kind: &ObjectKind) -> Result<(), Refusal> {
    match kind {
        ObjectKind::View | ObjectKind::Trigger { .. } => Ok(()),
        ObjectKind::MaterializedView => Err(Refusal::new(
            "materialized views",
            "use a plain `view(..)`, or a table that is filled anew from the query",
        )),
        ObjectKind::Function { .. } => Err(Refusal::new(
            "functions written in SQL",
            "leave it out where `op.family() == Family::Sqlite`, and register the function on each connection",
        )),
        ObjectKind::Procedure { .. } => Err(Refusal::new(
            "procedures",
            "leave it out where `op.family() == Family::Sqlite`, and send its statements from the application",
        )),
        ObjectKind::Policy { .. } => Err(Refusal::new(
            "policies",
            "leave it out where `op.family() == Family::Sqlite`, and filter the rows in the application",
        )),
        ObjectKind::Grant { .. } => Err(Refusal::new(
            "grants",
            "leave it out where `op.family() == Family::Sqlite`: whoever may open the file may do all",
        )),
    }
}

/// Below `SQLITE_MAX_SQL_LENGTH`, a million bytes.
const LIMITS: rows::Limits = rows::Limits { bytes: 900_000, all_defaults: "DEFAULT VALUES" };

pub(super) fn bulk_insert(op: &BulkInsert) -> Result<Vec<Statement>, Refusal> {
    rows::insert(&Sqlite, op, &LIMITS, |value| match value {
        DefaultValue::Literal(value) => Sqlite.literal(value),
        // As in a default: SQLite has no function `now`.
        DefaultValue::Expression(text) if text.trim().eq_ignore_ascii_case("now()") => {
            Ok("CURRENT_TIMESTAMP".to_owned())
        }
        DefaultValue::Expression(text) => Ok(shared::sql_text(text)?.to_owned()),
    })
}
