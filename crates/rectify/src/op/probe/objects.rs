//! Asking the catalog for what is neither table, index nor constraint.

use diesel::result::Error as DieselError;
use rectify_schema::dialect::{Dialect, POSTGRES};
use rectify_schema::schema::ObjectKind;
use rectify_schema::{Operation, SqlObject, TableName};

use crate::database::{Database, Family};
use crate::runner::sql::{family, literal};

/// A question to the catalog, and which answer says that the operation was carried out.
pub(super) struct Exists {
    query: String,
    wanted: bool,
}

pub(super) fn already_there(db: &mut dyn Database, exists: &Exists) -> Result<Option<bool>, DieselError> {
    let rows = db.rows(&exists.query)?;
    // Of routines that only share the name, none may be the one, or any.
    if !rows.is_empty() && rows.iter().all(|row| row.text(0) == Some(OTHER)) {
        return Ok(None);
    }
    Ok(Some(rows.is_empty() != exists.wanted))
}

/// What a query says of a routine that may be the one or not.
const OTHER: &str = "";

/// What the catalog has to say after statement number `index` of `operation`; nothing where it does not tell.
pub(super) fn exists_after(dialect: &dyn Dialect, operation: &Operation, index: u32) -> Option<Exists> {
    let (query, wanted) = match operation {
        Operation::CreateEnum(op) => (enum_type(dialect, &op.enum_type.name), true),
        Operation::DropEnum(op) => (enum_type(dialect, &op.name), false),
        Operation::AddEnumValue(op) => (enum_value(dialect, &op.name, &op.value), true),
        Operation::RenameEnumValue(op) => (enum_value(dialect, &op.name, &op.to), true),
        Operation::CreateSchema(op) => (schema(dialect, &op.name), true),
        Operation::DropSchema(op) => (schema(dialect, &op.name), false),
        Operation::CreateExtension(op) => (extension(dialect, &op.extension.name), true),
        Operation::DropExtension(op) => (extension(dialect, &op.name), false),
        Operation::CreateSequence(op) => (sequence(dialect, &op.sequence.name), true),
        Operation::DropSequence(op) => (sequence(dialect, &op.name), false),
        Operation::CreateObject(op) => (object(dialect, &op.object), true),
        Operation::DropObject(op) => (object(dialect, &op.object), false),
        Operation::ReplaceObject(op) => replaced(dialect, op, index)?,
        _ => return None,
    };
    Some(Exists { query: query?, wanted })
}

/// One that is replaced in two statements is gone after the first, and there after the second.
fn replaced(
    dialect: &dyn Dialect,
    op: &rectify_schema::ops::ReplaceObject,
    index: u32,
) -> Option<(Option<String>, bool)> {
    let statements = dialect.render(&op.clone().into()).ok()?;
    match (statements.len(), index) {
        (2, 0) => Some((object(dialect, op.existing.as_ref().unwrap_or(&op.object)), false)),
        (2, 1) => Some((object(dialect, &op.object), true)),
        _ => None,
    }
}

fn enum_type(dialect: &dyn Dialect, name: &TableName) -> Option<String> {
    let find = |name: &TableName| {
        let (schema, name) = (postgres_schema(name), literal(POSTGRES, &name.name));
        format!(
            "SELECT t.typname::text FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace \
             WHERE n.nspname = {schema} AND t.typname = {name}"
        )
    };
    (family(dialect) == Family::Postgres).then(|| find(name))
}

fn enum_value(dialect: &dyn Dialect, name: &TableName, value: &str) -> Option<String> {
    let find = |name: &TableName| {
        let (schema, name) = (postgres_schema(name), literal(POSTGRES, &name.name));
        let value = literal(POSTGRES, value);
        format!(
            "SELECT e.enumlabel::text FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid \
             JOIN pg_namespace n ON n.oid = t.typnamespace \
             WHERE n.nspname = {schema} AND t.typname = {name} AND e.enumlabel = {value}"
        )
    };
    (family(dialect) == Family::Postgres).then(|| find(name))
}

fn schema(dialect: &dyn Dialect, name: &str) -> Option<String> {
    let name = literal(dialect, name);
    match family(dialect) {
        Family::Postgres => Some(format!("SELECT nspname::text FROM pg_namespace WHERE nspname = {name}")),
        Family::Mysql => Some(format!(
            "SELECT CAST(schema_name AS CHAR) FROM information_schema.schemata WHERE schema_name = {name}"
        )),
        Family::Sqlite => None,
    }
}

fn extension(dialect: &dyn Dialect, name: &str) -> Option<String> {
    let find = || format!("SELECT extname::text FROM pg_extension WHERE extname = {}", literal(dialect, name));
    (family(dialect) == Family::Postgres).then(find)
}

fn sequence(dialect: &dyn Dialect, name: &TableName) -> Option<String> {
    match family(dialect) {
        Family::Postgres => Some(relation(name, "S")),
        Family::Mysql => Some(in_information_schema(dialect, name, "tables", "table", "table_type = 'SEQUENCE'")),
        Family::Sqlite => None,
    }
}

fn object(dialect: &dyn Dialect, object: &SqlObject) -> Option<String> {
    match family(dialect) {
        Family::Postgres => postgres_object(object),
        Family::Mysql => mysql_object(dialect, object),
        Family::Sqlite => {
            let (kind, name) = (literal(dialect, object.kind.word()), literal(dialect, &object.name.name));
            Some(format!("SELECT name FROM sqlite_master WHERE type = {kind} AND name = {name} COLLATE NOCASE"))
        }
    }
}

fn postgres_object(object: &SqlObject) -> Option<String> {
    let name = literal(POSTGRES, &object.name.name);
    let of_table = |catalog: &str, column: &str, table: &TableName| {
        let (schema, table) = (postgres_schema(table), literal(POSTGRES, &table.name));
        format!(
            "SELECT o.{column}::text FROM {catalog} o JOIN pg_class c ON c.oid = {} \
             JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE n.nspname = {schema} AND c.relname = {table} AND o.{column} = {name}",
            if catalog == "pg_policy" { "o.polrelid" } else { "o.tgrelid" }
        )
    };
    match &object.kind {
        ObjectKind::View => Some(relation(&object.name, "v")),
        ObjectKind::MaterializedView => Some(relation(&object.name, "m")),
        ObjectKind::Trigger { table } => Some(of_table("pg_trigger", "tgname", table)),
        ObjectKind::Policy { table } => Some(of_table("pg_policy", "polname", table)),
        ObjectKind::Function { arguments } | ObjectKind::Procedure { arguments } => {
            Some(postgres_routine(&object.name, arguments))
        }
        // Privileges are many rows.
        ObjectKind::Grant { .. } => None,
    }
}

/// Routines of one name differ by their arguments, which may be spelt otherwise than the catalog spells them.
fn postgres_routine(name: &TableName, arguments: &str) -> String {
    let (schema, name) = (postgres_schema(name), literal(POSTGRES, &name.name));
    let arguments = literal(POSTGRES, arguments.trim());
    format!(
        "SELECT CASE WHEN lower(pg_get_function_arguments(p.oid)) = lower({arguments}) THEN p.proname::text \
         ELSE '{OTHER}' END FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace \
         WHERE n.nspname = {schema} AND p.proname = {name} ORDER BY 1 DESC"
    )
}

fn mysql_object(dialect: &dyn Dialect, object: &SqlObject) -> Option<String> {
    let find = |table, prefix, filter| in_information_schema(dialect, &object.name, table, prefix, filter);
    match &object.kind {
        ObjectKind::View => Some(find("tables", "table", "table_type = 'VIEW'")),
        ObjectKind::Function { .. } => Some(find("routines", "routine", "routine_type = 'FUNCTION'")),
        ObjectKind::Procedure { .. } => Some(find("routines", "routine", "routine_type = 'PROCEDURE'")),
        ObjectKind::Trigger { table } => {
            let name = table.sibling(&object.name.name);
            Some(in_information_schema(dialect, &name, "triggers", "trigger", "TRUE"))
        }
        ObjectKind::MaterializedView | ObjectKind::Policy { .. } | ObjectKind::Grant { .. } => None,
    }
}

fn relation(name: &TableName, kind: &str) -> String {
    let (schema, name) = (postgres_schema(name), literal(POSTGRES, &name.name));
    format!(
        "SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE n.nspname = {schema} AND c.relname = {name} AND c.relkind = '{kind}'"
    )
}

fn postgres_schema(name: &TableName) -> String {
    name.schema.as_deref().map_or_else(|| "current_schema()".to_owned(), |schema| literal(POSTGRES, schema))
}

fn in_information_schema(dialect: &dyn Dialect, name: &TableName, table: &str, prefix: &str, filter: &str) -> String {
    let schema = name.schema.as_deref().map_or_else(|| "DATABASE()".to_owned(), |schema| literal(dialect, schema));
    format!(
        "SELECT CAST({prefix}_name AS CHAR) FROM information_schema.{table} \
         WHERE {prefix}_schema = {schema} AND {prefix}_name = {} AND {filter}",
        literal(dialect, &name.name)
    )
}
