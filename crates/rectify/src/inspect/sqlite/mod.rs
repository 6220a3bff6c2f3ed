//! SQLite: columns as its pragmas tell them, all else from the statements that it keeps.

mod ddl;
mod parse;
mod queries;

use rectify_schema::batch::{Attached, Program};
use rectify_schema::dialect::{Dialect, SQLITE};
use rectify_schema::ops::CreateObject;
use rectify_schema::schema::ObjectKind;
use rectify_schema::{Schema, SqlObject, TableName};

use self::queries::ObjectRow;
use super::{InspectError, Schemas, Scope, read};
use crate::database::{Database, TextRow};

/// The schema of a name that gives none, as far as it matters to migrations: `temp` comes first, but is nobody's model.
const MAIN: &str = "main";

/// The schemas that there are: the database that was opened, and those attached to it.
pub(super) fn schemas(db: &mut dyn Database) -> Result<Schemas, InspectError> {
    let rows: Vec<TextRow> = read(db, "attached databases", queries::SCHEMAS)?;
    let all = rows.into_iter().filter_map(|row| row.text(0).map(str::to_owned)).collect();
    Ok(Schemas { current: Some(MAIN.to_owned()), all })
}

pub(super) fn schema(db: &mut dyn Database, dialect: &dyn Dialect, scope: &Scope) -> Result<Schema, InspectError> {
    let main = [MAIN.to_owned()];
    let schemas = if scope.schemas.is_empty() { &main } else { scope.schemas.as_slice() };
    let mut found = Schema::default();
    for schema in schemas {
        let objects = read(
            db,
            "tables, indexes, views and triggers",
            &queries::objects(dialect, schema, scope.table.as_deref()),
        )?;
        let columns = read(db, "columns", &queries::columns(dialect, schema, scope.table.as_deref()))?;
        let (objects, programs) = parse::split(objects);
        found.tables.extend(parse::tables(schema, objects, columns)?);
        if scope.table.is_none() {
            let objects: Result<Vec<_>, _> = programs.into_iter().map(|row| parse::object(schema, row)).collect();
            found.objects.extend(objects?);
        }
    }
    Ok(found)
}

pub(super) fn attached(
    db: &mut dyn Database,
    dialect: &dyn Dialect,
    table: &TableName,
) -> Result<Attached, InspectError> {
    let schema = schema_of(table);
    let objects: Vec<_> = read(db, "tables", &queries::objects(dialect, schema, Some(&table.name)))?;
    let clauses = parse::lost_clauses(objects)?;
    let rows = read(db, "triggers and views", &queries::programs(dialect, schema))?;
    Ok(Attached { programs: parse::programs(&table.name, rows)?, clauses })
}

/// As [`attached`], of objects that are known without a catalog.
pub(super) fn attached_among(table: &TableName, objects: &[SqlObject]) -> Result<Vec<Program>, InspectError> {
    let beside = |object: &&SqlObject| object.name.schema.as_deref().unwrap_or(MAIN) == schema_of(table);
    parse::programs(&table.name, objects.iter().filter(beside).filter_map(row_of).collect())
}

/// Whether the text of an object has `name` as a name.
pub(super) fn speaks_of(object: &SqlObject, name: &str) -> bool {
    let text = row_of(object).and_then(|row| row.sql).unwrap_or_default();
    ddl::names(&text).any(|found| found == name.to_ascii_lowercase())
}

/// What the catalog has of an object, if SQLite knows its kind.
fn row_of(object: &SqlObject) -> Option<ObjectRow> {
    let table = match &object.kind {
        ObjectKind::Trigger { table } => table,
        ObjectKind::View => &object.name,
        _ => return None,
    };
    let made = SQLITE.render(&CreateObject::new(object.clone()).into()).ok()?;
    let sql = made.into_iter().next()?.sql;
    let (kind, name) = (object.kind.word().to_owned(), object.name.name.clone());
    Some(ObjectRow { kind, name, table: table.name.clone(), sql: Some(sql) })
}

fn schema_of(table: &TableName) -> &str {
    table.schema.as_deref().unwrap_or(MAIN)
}
