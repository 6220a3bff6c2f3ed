//! How MySQL and MariaDB spell what is neither table, index nor constraint.

use super::Flavor;
use crate::dialect::{Dialect, Refusal, Statement, rows, shared};
use crate::ops::{
    AlterSequence, BulkInsert, CreateExtension, CreateObject, CreateSchema, CreateSequence, DropExtension, DropObject,
    DropSchema, DropSequence, RenameEnumValue, ReplaceObject,
};
use crate::schema::{DefaultValue, ObjectKind, SequenceOptions, SqlObject};

pub(super) fn rename_enum_value(op: &RenameEnumValue) -> Result<Vec<Statement>, Refusal> {
    Err(Refusal::new(
        format!("changing the enum `{}` by itself", op.name),
        "set each column that uses it to an `enumeration(..)` with both values, update its rows, and set it to the one \
         without the old value",
    ))
}

pub(super) fn create_schema(d: Flavor, op: &CreateSchema) -> Result<Vec<Statement>, Refusal> {
    one(format!("CREATE SCHEMA {}{}", if_not_exists(op.if_not_exists), shared::ident(&d, &op.name)?))
}

pub(super) fn drop_schema(d: Flavor, op: &DropSchema) -> Result<Vec<Statement>, Refusal> {
    // All that it holds goes with it in any case.
    one(format!("DROP SCHEMA {}{}", if_exists(op.if_exists), shared::ident(&d, &op.name)?))
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

pub(super) fn create_sequence(d: Flavor, op: &CreateSequence) -> Result<Vec<Statement>, Refusal> {
    has_sequences(d)?;
    let name = shared::table_name(&d, &op.sequence.name)?;
    let clauses = sequence_clauses(&op.sequence.options, None)?;
    one(format!("CREATE SEQUENCE {}{name}{clauses}", if_not_exists(op.if_not_exists)))
}

pub(super) fn alter_sequence(d: Flavor, op: &AlterSequence) -> Result<Vec<Statement>, Refusal> {
    has_sequences(d)?;
    let clauses = sequence_clauses(&op.options, op.restart)?;
    if clauses.is_empty() {
        return Ok(Vec::new());
    }
    one(format!("ALTER SEQUENCE {}{clauses}", shared::table_name(&d, &op.name)?))
}

pub(super) fn drop_sequence(d: Flavor, op: &DropSequence) -> Result<Vec<Statement>, Refusal> {
    has_sequences(d)?;
    one(format!("DROP SEQUENCE {}{}", if_exists(op.if_exists), shared::table_name(&d, &op.name)?))
}

fn has_sequences(d: Flavor) -> Result<(), Refusal> {
    match d {
        Flavor::Mariadb => Ok(()),
        Flavor::Mysql => Err(Refusal::new(
            "sequences",
            "number the rows of a table with `.identity()`, or keep the next number in a table of one row",
        )),
    }
}

fn sequence_clauses(options: &SequenceOptions, restart: Option<i64>) -> Result<String, Refusal> {
    if options.owned_by.is_some() {
        return Err(Refusal::new("a sequence that belongs to a column", "leave out `.owned_by(..)` on this database"));
    }
    Ok(shared::sequence_numbers(options, restart, "NOCYCLE"))
}

pub(super) fn create_object(d: Flavor, op: &CreateObject) -> Result<Vec<Statement>, Refusal> {
    Ok(vec![create(d, &op.object, "CREATE")?])
}

pub(super) fn replace_object(d: Flavor, op: &ReplaceObject) -> Result<Vec<Statement>, Refusal> {
    let (object, existing) = (&op.object, op.existing.as_ref());
    let same = existing.is_none_or(|existing| existing.is(object));
    match (&object.kind, d) {
        (ObjectKind::View, _) if same => Ok(vec![create(d, object, "CREATE OR REPLACE")?]),
        (ObjectKind::Function { .. } | ObjectKind::Procedure { .. } | ObjectKind::Trigger { .. }, Flavor::Mariadb)
            if same =>
        {
            Ok(vec![create(d, object, "CREATE OR REPLACE")?])
        }
        // What was granted before is not known, and goes on.
        (ObjectKind::Grant { .. }, _) if existing.is_none() => Ok(vec![create(d, object, "CREATE")?]),
        _ => Ok(vec![drop(d, existing.unwrap_or(object), false)?, create(d, object, "CREATE")?]),
    }
}

pub(super) fn drop_object(d: Flavor, op: &DropObject) -> Result<Vec<Statement>, Refusal> {
    Ok(vec![drop(d, &op.object, op.if_exists)?])
}

fn create(d: Flavor, object: &SqlObject, verb: &str) -> Result<Statement, Refusal> {
    check_kind(&object.kind)?;
    if let ObjectKind::Grant { privileges, to } = &object.kind {
        let (privileges, to) = (shared::sql_text(privileges)?, shared::sql_text(to)?);
        return Ok(Statement::new(format!("GRANT {privileges} ON {} TO {to}", shared::sql_text(&object.name.name)?)));
    }
    let definition = shared::definition(&d, object)?;
    let name = name(d, object)?;
    let sql = match &object.kind {
        ObjectKind::View => match definition.strip_prefix("SQL SECURITY INVOKER AS ") {
            Some(query) => format!("{verb} SQL SECURITY INVOKER VIEW {name} AS {query}"),
            None => format!("{verb} VIEW {name} AS {definition}"),
        },
        ObjectKind::Function { arguments } => {
            format!("{verb} FUNCTION {name}({}) {definition}", shared::sql_text(arguments)?)
        }
        ObjectKind::Procedure { arguments } => {
            format!("{verb} PROCEDURE {name}({}) {definition}", shared::sql_text(arguments)?)
        }
        ObjectKind::Trigger { .. } => format!("{verb} TRIGGER {name} {definition}"),
        ObjectKind::MaterializedView | ObjectKind::Policy { .. } | ObjectKind::Grant { .. } => definition.to_owned(),
    };
    Ok(Statement::new(sql))
}

fn drop(d: Flavor, object: &SqlObject, skip_missing: bool) -> Result<Statement, Refusal> {
    check_kind(&object.kind)?;
    if let ObjectKind::Grant { privileges, to } = &object.kind {
        let (privileges, to) = (shared::sql_text(privileges)?, shared::sql_text(to)?);
        return Ok(Statement::new(format!(
            "REVOKE {privileges} ON {} FROM {to}",
            shared::sql_text(&object.name.name)?
        )));
    }
    let word = object.kind.word().to_uppercase();
    Ok(Statement::new(format!("DROP {word} {}{}", if_exists(skip_missing), name(d, object)?)))
}

fn check_kind(kind: &ObjectKind) -> Result<(), Refusal> {
    match kind {
        ObjectKind::MaterializedView => Err(Refusal::new(
            "materialized views",
            "use a plain `view(..)`, or a table that is filled anew from the query",
        )),
        ObjectKind::Policy { .. } => {
            Err(Refusal::new("policies", "give a `view(..)` of the rows that each may see, and a `grant(..)` on it"))
        }
        ObjectKind::View
        | ObjectKind::Function { .. }
        | ObjectKind::Procedure { .. }
        | ObjectKind::Trigger { .. }
        | ObjectKind::Grant { .. } => Ok(()),
    }
}

/// A trigger lives in the schema of its table.
fn name(d: Flavor, object: &SqlObject) -> Result<String, Refusal> {
    match (&object.kind, &object.name.schema) {
        (ObjectKind::Trigger { table }, None) => shared::table_name(&d, &table.sibling(&object.name.name)),
        _ => shared::table_name(&d, &object.name),
    }
}

/// Well below the least `max_allowed_packet` that a server has by default.
const LIMITS: rows::Limits = rows::Limits { bytes: 4_000_000, all_defaults: "() VALUES ()" };

pub(super) fn bulk_insert(d: Flavor, op: &BulkInsert) -> Result<Vec<Statement>, Refusal> {
    rows::insert(&d, op, &LIMITS, |value| match value {
        DefaultValue::Literal(value) => d.literal(value),
        DefaultValue::Expression(text) => Ok(shared::sql_text(text)?.to_owned()),
    })
}

fn if_exists(wanted: bool) -> &'static str {
    if wanted { "IF EXISTS " } else { "" }
}

fn if_not_exists(wanted: bool) -> &'static str {
    if wanted { "IF NOT EXISTS " } else { "" }
}

fn one(sql: impl Into<String>) -> Result<Vec<Statement>, Refusal> {
    Ok(vec![Statement::new(sql)])
}
