//! Was it carried out? For the one statement on which a run was killed, the catalog is asked.

mod objects;

use diesel::result::Error as DieselError;
use rectify_schema::dialect::Dialect;
use rectify_schema::schema::ObjectKind;
use rectify_schema::{Operation, Table, TableName};

use crate::database::{Database, Family};
use crate::inspect;
use crate::runner::sql::{family, literal, one_text};

/// Whether statement number `index` of `operation` was carried out; nothing where that cannot be told.
pub(super) fn already_there(
    db: &mut dyn Database,
    dialect: &dyn Dialect,
    operation: &Operation,
    index: u32,
) -> Result<Option<bool>, DieselError> {
    if let Some(repeatable) = can_be_repeated(dialect, operation) {
        return Ok(repeatable.then_some(false));
    }
    if let Some(exists) = objects::exists_after(dialect, operation, index) {
        return objects::already_there(db, &exists);
    }
    // Only the first statement of an operation is the one that its name stands for.
    if index > 0 {
        return Ok(None);
    }
    let Some(name) = table_of(operation) else { return Ok(None) };
    let table = match inspect::table(db, dialect, name) {
        Ok(table) => table,
        Err(error) => return Err(DieselError::QueryBuilderError(Box::new(error))),
    };
    if let (Operation::CreateIndex(create), Family::Postgres) = (operation, family(dialect))
        && create.index.concurrently
    {
        return drop_invalid_index(db, dialect, name, &create.index.name, table.as_ref());
    }
    Ok(is_done(operation, table.as_ref()))
}

/// Whether `operation` renames a column and was carried out: then the column that it would restate is gone.
pub(super) fn was_renamed(
    db: &mut dyn Database,
    dialect: &dyn Dialect,
    operation: &Operation,
) -> Result<bool, DieselError> {
    match operation {
        Operation::AlterColumn(alter) if alter.change.rename_to.is_some() => {
            Ok(already_there(db, dialect, operation, 0)? == Some(true))
        }
        _ => Ok(false),
    }
}

/// `Some(true)`: sending it again does no harm. `Some(false)`: nothing is known of it. `None`: the catalog tells.
fn can_be_repeated(dialect: &dyn Dialect, operation: &Operation) -> Option<bool> {
    match operation {
        Operation::SetTableComment(_) | Operation::SetTableOptions(_) => Some(true),
        Operation::AlterColumn(alter) if alter.change.rename_to.is_none() => Some(true),
        Operation::CreateSchema(op) if op.if_not_exists => Some(true),
        Operation::DropSchema(op) if op.if_exists => Some(true),
        Operation::CreateExtension(op) if op.if_not_exists => Some(true),
        Operation::DropExtension(op) if op.if_exists => Some(true),
        Operation::CreateSequence(op) if op.if_not_exists => Some(true),
        Operation::DropSequence(op) if op.if_exists => Some(true),
        Operation::AddEnumValue(op) if op.if_not_exists => Some(true),
        // It says what shall be, not by how much.
        Operation::AlterSequence(_) => Some(true),
        // In one statement it is `CREATE OR REPLACE`.
        Operation::ReplaceObject(_) if dialect.render(operation).is_ok_and(|found| found.len() == 1) => Some(true),
        Operation::CreateObject(op) if matches!(op.object.kind, ObjectKind::Grant { .. }) => Some(true),
        Operation::Sql(_) => Some(false),
        _ => None,
    }
}

fn table_of(operation: &Operation) -> Option<&TableName> {
    match operation {
        Operation::CreateTable(op) => Some(&op.table.name),
        Operation::DropTable(op) => Some(&op.table),
        Operation::RenameTable(op) => Some(&op.from),
        other => other.altered_table(),
    }
}

fn is_done(operation: &Operation, table: Option<&Table>) -> Option<bool> {
    if let Operation::CreateTable(_) = operation {
        return Some(table.is_some());
    }
    if let Operation::DropTable(_) | Operation::RenameTable(_) = operation {
        return Some(table.is_none());
    }
    let table = table?;
    let column = |name: &str| table.find_column(name).is_some();
    let index = |name: &str| table.indexes.iter().any(|index| index.name == name);
    let unique = |name: &str| table.uniques.iter().any(|unique| unique.name.as_deref() == Some(name)) || index(name);
    let foreign_key = |name: &str| table.foreign_keys.iter().any(|key| key.name.as_deref() == Some(name));
    let check = |name: &str| table.checks.iter().any(|check| check.name.as_deref() == Some(name));
    let exclude = |name: &str| table.excludes.iter().any(|exclude| exclude.name.as_deref() == Some(name));
    match operation {
        Operation::AddColumn(op) => Some(column(&op.column.name)),
        Operation::DropColumn(op) => Some(!column(&op.column)),
        Operation::AlterColumn(op) => Some(column(op.change.rename_to.as_deref()?) && !column(&op.change.column)),
        Operation::CreateIndex(op) => Some(index(&op.index.name)),
        Operation::DropIndex(op) => Some(!index(&op.name)),
        Operation::CreatePrimaryKey(_) => Some(table.primary_key.is_some()),
        Operation::DropPrimaryKey(_) => Some(table.primary_key.is_none()),
        Operation::CreateUnique(op) => Some(unique(op.unique.name.as_deref()?)),
        Operation::DropUnique(op) => Some(!unique(&op.name)),
        Operation::CreateForeignKey(op) => Some(foreign_key(op.foreign_key.name.as_deref()?)),
        Operation::DropForeignKey(op) => Some(!foreign_key(&op.name)),
        Operation::CreateCheck(op) => Some(check(op.check.name.as_deref()?)),
        Operation::DropCheck(op) => Some(!check(&op.name)),
        Operation::CreateExclude(op) => Some(exclude(op.exclude.name.as_deref()?)),
        Operation::DropExclude(op) => Some(!exclude(&op.name)),
        _ => None,
    }
}

/// A concurrent build that was cut off leaves an index that is never used: it goes, and is built again.
fn drop_invalid_index(
    db: &mut dyn Database,
    dialect: &dyn Dialect,
    table: &TableName,
    name: &str,
    found: Option<&Table>,
) -> Result<Option<bool>, DieselError> {
    if !found.is_some_and(|table| table.indexes.iter().any(|index| index.name == name)) {
        return Ok(Some(false));
    }
    let schema = table.schema.as_deref().map_or("current_schema()".to_owned(), |schema| literal(dialect, schema));
    let valid = one_text(
        db,
        &format!(
            "SELECT i.indisvalid::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid \
             JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = {schema} AND c.relname = {}",
            literal(dialect, name)
        ),
    )?;
    if valid.as_deref() == Some("true") {
        return Ok(Some(true));
    }
    let name = crate::runner::sql::table(dialect, &TableName { schema: table.schema.clone(), name: name.to_owned() });
    db.run(&format!("DROP INDEX CONCURRENTLY {name}"))?;
    Ok(Some(false))
}
