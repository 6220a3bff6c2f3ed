//! How PostgreSQL spells what is neither table, index nor constraint.

use super::Postgres;
use super::ddl::{ident, one, table_name, text};
use crate::dialect::{Dialect, Refusal, Statement, rows, shared};
use crate::ops::{
    AlterSequence, BulkInsert, CreateExtension, CreateObject, CreateSchema, CreateSequence, DropExtension, DropObject,
    DropSchema, DropSequence, RenameEnumValue, ReplaceObject,
};
use crate::schema::{DefaultValue, ObjectKind, SequenceOptions, SqlObject};

pub(super) fn rename_enum_value(op: &RenameEnumValue) -> Result<Vec<Statement>, Refusal> {
    one(format!("ALTER TYPE {} RENAME VALUE {} TO {}", table_name(&op.name)?, text(&op.from)?, text(&op.to)?))
}

pub(super) fn create_schema(op: &CreateSchema) -> Result<Vec<Statement>, Refusal> {
    one(format!("CREATE SCHEMA {}{}", if_not_exists(op.if_not_exists), ident(&op.name)?))
}

pub(super) fn drop_schema(op: &DropSchema) -> Result<Vec<Statement>, Refusal> {
    let cascade = if op.cascade { " CASCADE" } else { "" };
    one(format!("DROP SCHEMA {}{}{cascade}", if_exists(op.if_exists), ident(&op.name)?))
}

pub(super) fn create_extension(op: &CreateExtension) -> Result<Vec<Statement>, Refusal> {
    let extension = &op.extension;
    let mut sql = format!("CREATE EXTENSION {}{}", if_not_exists(op.if_not_exists), ident(&extension.name)?);
    if let Some(schema) = &extension.schema {
        push!(sql, " SCHEMA {}", ident(schema)?);
    }
    if let Some(version) = &extension.version {
        push!(sql, " VERSION {}", text(version)?);
    }
    one(sql)
}

pub(super) fn drop_extension(op: &DropExtension) -> Result<Vec<Statement>, Refusal> {
    let cascade = if op.cascade { " CASCADE" } else { "" };
    one(format!("DROP EXTENSION {}{}{cascade}", if_exists(op.if_exists), ident(&op.name)?))
}

pub(super) fn create_sequence(op: &CreateSequence) -> Result<Vec<Statement>, Refusal> {
    let name = table_name(&op.sequence.name)?;
    let clauses = sequence_clauses(&op.sequence.options, None)?;
    one(format!("CREATE SEQUENCE {}{name}{clauses}", if_not_exists(op.if_not_exists)))
}

pub(super) fn alter_sequence(op: &AlterSequence) -> Result<Vec<Statement>, Refusal> {
    let mut clauses = sequence_clauses(&op.options, op.restart)?;
    if op.owned_by_none {
        clauses += " OWNED BY NONE";
    }
    if clauses.is_empty() {
        return Ok(Vec::new());
    }
    one(format!("ALTER SEQUENCE {}{clauses}", table_name(&op.name)?))
}

pub(super) fn drop_sequence(op: &DropSequence) -> Result<Vec<Statement>, Refusal> {
    one(format!("DROP SEQUENCE {}{}", if_exists(op.if_exists), table_name(&op.name)?))
}

fn sequence_clauses(options: &SequenceOptions, restart: Option<i64>) -> Result<String, Refusal> {
    let mut sql = shared::sequence_numbers(options, restart, "NO CYCLE");
    if let Some((table, column)) = &options.owned_by {
        push!(sql, " OWNED BY {}.{}", table_name(table)?, ident(column)?);
    }
    Ok(sql)
}

pub(super) fn create_object(op: &CreateObject) -> Result<Vec<Statement>, Refusal> {
    Ok(vec![create(&op.object, "CREATE")?])
}

pub(super) fn replace_object(op: &ReplaceObject) -> Result<Vec<Statement>, Refusal> {
    let (object, existing) = (&op.object, op.existing.as_ref());
    let same = existing.is_none_or(|existing| existing.is(object));
    match object.kind {
        // A trigger can be replaced from PostgreSQL 14 on only.
        ObjectKind::View | ObjectKind::Function { .. } | ObjectKind::Procedure { .. } if same => {
            Ok(vec![create(object, "CREATE OR REPLACE")?])
        }
        // What was granted before is not known, and goes on.
        ObjectKind::Grant { .. } if existing.is_none() => Ok(vec![create(object, "CREATE")?]),
        _ => Ok(vec![drop(existing.unwrap_or(object), false)?, create(object, "CREATE")?]),
    }
}

pub(super) fn drop_object(op: &DropObject) -> Result<Vec<Statement>, Refusal> {
    Ok(vec![drop(&op.object, op.if_exists)?])
}

fn create(object: &SqlObject, verb: &str) -> Result<Statement, Refusal> {
    if let ObjectKind::Grant { privileges, to } = &object.kind {
        let (privileges, to) = (shared::sql_text(privileges)?, shared::sql_text(to)?);
        return Ok(Statement::new(format!("GRANT {privileges} ON {} TO {to}", shared::sql_text(&object.name.name)?)));
    }
    let definition = shared::definition(&Postgres, object)?;
    let sql = match &object.kind {
        ObjectKind::View => format!("{verb} VIEW {} {}{definition}", table_name(&object.name)?, word_as(definition)),
        ObjectKind::MaterializedView => {
            format!("{verb} MATERIALIZED VIEW {} {}{definition}", table_name(&object.name)?, word_as(definition))
        }
        ObjectKind::Function { arguments } => {
            format!("{verb} FUNCTION {}({}) {definition}", table_name(&object.name)?, shared::sql_text(arguments)?)
        }
        ObjectKind::Procedure { arguments } => {
            format!("{verb} PROCEDURE {}({}) {definition}", table_name(&object.name)?, shared::sql_text(arguments)?)
        }
        ObjectKind::Trigger { .. } => match definition.strip_prefix("CONSTRAINT ") {
            Some(rest) => format!("{verb} CONSTRAINT TRIGGER {} {rest}", ident(&object.name.name)?),
            None => format!("{verb} TRIGGER {} {definition}", ident(&object.name.name)?),
        },
        ObjectKind::Policy { table } => {
            format!("{verb} POLICY {} ON {} {definition}", ident(&object.name.name)?, table_name(table)?)
        }
        ObjectKind::Grant { .. } => definition.to_owned(),
    };
    Ok(Statement::new(sql))
}

/// `AS `, unless the definition has it behind storage parameters or a tablespace of its own. No query begins like these.
fn word_as(definition: &str) -> &'static str {
    if definition.starts_with("WITH (") || definition.starts_with("TABLESPACE ") { "" } else { "AS " }
}

fn drop(object: &SqlObject, skip_missing: bool) -> Result<Statement, Refusal> {
    let if_exists = if_exists(skip_missing);
    let sql = match &object.kind {
        ObjectKind::View => format!("DROP VIEW {if_exists}{}", table_name(&object.name)?),
        ObjectKind::MaterializedView => format!("DROP MATERIALIZED VIEW {if_exists}{}", table_name(&object.name)?),
        // Functions of one name differ by their arguments.
        ObjectKind::Function { arguments } => {
            format!("DROP FUNCTION {if_exists}{}({})", table_name(&object.name)?, without_defaults(arguments)?)
        }
        ObjectKind::Procedure { arguments } => {
            format!("DROP PROCEDURE {if_exists}{}({})", table_name(&object.name)?, without_defaults(arguments)?)
        }
        ObjectKind::Trigger { table } => {
            format!("DROP TRIGGER {if_exists}{} ON {}", ident(&object.name.name)?, table_name(table)?)
        }
        ObjectKind::Policy { table } => {
            format!("DROP POLICY {if_exists}{} ON {}", ident(&object.name.name)?, table_name(table)?)
        }
        ObjectKind::Grant { privileges, to } => {
            let on = shared::sql_text(&object.name.name)?;
            format!("REVOKE {} ON {on} FROM {}", shared::sql_text(privileges)?, shared::sql_text(to)?)
        }
    };
    Ok(Statement::new(sql))
}

/// The arguments as a `DROP` takes them: each up to its default.
fn without_defaults(arguments: &str) -> Result<String, Refusal> {
    let arguments = shared::sql_text(arguments)?;
    let (mut kept, mut depth, mut quote, mut in_default) = (String::new(), 0_u32, None, false);
    for (at, c) in arguments.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => depth = depth.saturating_sub(1),
            (None, ',') if depth == 0 => in_default = false,
            (None, _) if depth == 0 && begins_default(arguments, at) => {
                in_default = true;
                kept.truncate(kept.trim_end().len());
            }
            _ => {}
        }
        if !in_default {
            kept.push(c);
        }
    }
    Ok(kept)
}

fn begins_default(arguments: &str, at: usize) -> bool {
    let rest = &arguments[at..];
    let word = rest.get(..7).is_some_and(|word| word.eq_ignore_ascii_case("default"));
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let whole = !arguments[..at].ends_with(is_part) && !rest.chars().nth(7).is_some_and(is_part);
    rest.starts_with('=') || rest.starts_with(":=") || (word && whole)
}

/// Well below the gigabyte that a message may have.
const LIMITS: rows::Limits = rows::Limits { bytes: 16 << 20, all_defaults: "DEFAULT VALUES" };

pub(super) fn bulk_insert(op: &BulkInsert) -> Result<Vec<Statement>, Refusal> {
    rows::insert(&Postgres, op, &LIMITS, |value| match value {
        DefaultValue::Literal(value) => Postgres.literal(value),
        DefaultValue::Expression(text) => Ok(shared::sql_text(text)?.to_owned()),
    })
}

fn if_exists(wanted: bool) -> &'static str {
    if wanted { "IF EXISTS " } else { "" }
}

fn if_not_exists(wanted: bool) -> &'static str {
    if wanted { "IF NOT EXISTS " } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(arguments: &str, expected: &str) {
        assert_eq!(without_defaults(arguments).unwrap(), expected);
    }

    #[test]
    fn a_drop_names_arguments_without_their_defaults() {
        check("", "");
        check("a integer, b text", "a integer, b text");
        check("a integer DEFAULT 5, b text = 'x, y', c numeric(3, 1) := 0", "a integer, b text, c numeric(3, 1)");
        check("a integer default coalesce(1, 2), \"b = c\" text", "a integer, \"b = c\" text");
        check("is_default boolean, défaut text", "is_default boolean, défaut text");
    }
}
