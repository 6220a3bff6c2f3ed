//! Operations without what they only say for the sake of their reverse, which a migration writes down itself.

use crate::dialect::Dialect;
use crate::ops::{
    AddEnumValue, AlterColumn, AlterEnum, AlterSequence, BatchAlterTable, DropCheck, DropColumn, DropEnum,
    DropExtension, DropForeignKey, DropIndex, DropObject, DropPrimaryKey, DropSequence, DropTable, DropUnique,
    Operation, ReplaceObject, SetTableComment,
};
use crate::schema::SqlObject;

/// The same operation, as short as it does the same on this database.
pub(super) fn bare(operation: &Operation, dialect: &dyn Dialect) -> Operation {
    if let Operation::BatchAlterTable(BatchAlterTable { table, changes }) = operation {
        return BatchAlterTable::new(table, changes.iter().map(|change| bare(change, dialect))).into();
    }
    let short = without_history(operation);
    // MySQL and MariaDB restate the whole column, which a run reads from the catalog where the operation does not say it.
    let is_completed = matches!(operation, Operation::AlterColumn(_)) && !dialect.transactional_ddl();
    let is_same = || dialect.render(&short).ok() == dialect.render(operation).ok();
    if is_completed || is_same() { short } else { operation.clone() }
}

fn without_history(operation: &Operation) -> Operation {
    match operation.clone() {
        // Its enum types go with it.
        Operation::DropTable(op) if op.definition.as_ref().is_some_and(|table| table.with_enums) => op.into(),
        Operation::DropTable(op) => DropTable { definition: None, ..op }.into(),
        Operation::DropColumn(op) => DropColumn { definition: None, ..op }.into(),
        Operation::AlterColumn(op) => AlterColumn { existing: None, using_back: None, ..op }.into(),
        Operation::AddEnumValue(op) => AddEnumValue { undo: None, ..op }.into(),
        Operation::AlterEnum(op) => AlterEnum { existing: None, ..op }.into(),
        Operation::DropIndex(op) => DropIndex { definition: None, ..op }.into(),
        Operation::DropPrimaryKey(op) => DropPrimaryKey { definition: None, ..op }.into(),
        // A constraint without a name is found by what it is.
        Operation::DropUnique(op) if !op.name.is_empty() => DropUnique { definition: None, ..op }.into(),
        Operation::DropForeignKey(op) if !op.name.is_empty() => DropForeignKey { definition: None, ..op }.into(),
        Operation::DropCheck(op) if !op.name.is_empty() => DropCheck { definition: None, ..op }.into(),
        Operation::DropEnum(op) => DropEnum { definition: None, ..op }.into(),
        Operation::SetTableOptions(op) => op.short().into(),
        Operation::SetTableComment(op) => SetTableComment { existing: None, ..op }.into(),
        Operation::DropExtension(op) => DropExtension { definition: None, ..op }.into(),
        Operation::AlterSequence(op) => AlterSequence { existing: None, ..op }.into(),
        Operation::DropSequence(op) => DropSequence { definition: None, ..op }.into(),
        Operation::ReplaceObject(op) => ReplaceObject { existing: None, ..op }.into(),
        Operation::DropObject(op) => {
            DropObject { object: SqlObject::named(op.object.kind.clone(), op.object.name), ..op }.into()
        }
        other => other,
    }
}
