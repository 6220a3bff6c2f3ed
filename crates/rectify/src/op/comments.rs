//! Comments of tables and columns on a database that keeps none: left out, but not in silence.

use rectify_schema::dialect::Dialect;
use rectify_schema::ops::Change;
use rectify_schema::{Column, Operation};

use crate::database::Family;
use crate::runner::sql::family;

/// What whoever runs the migrations is told, once.
pub(crate) const LOST: &str = "SQLite keeps no comments of tables and columns: those of the migrations are left out";

/// Whether `operation` carries a comment that the database does not keep.
pub(super) fn are_lost(dialect: &dyn Dialect, operation: &Operation) -> bool {
    family(dialect) == Family::Sqlite && has_comment(operation)
}

fn has_comment(operation: &Operation) -> bool {
    let of_column = |column: &Column| column.comment.is_some();
    match operation {
        Operation::CreateTable(op) => op.table.comment.is_some() || op.table.columns.iter().any(of_column),
        Operation::AddColumn(op) => of_column(&op.column),
        Operation::AlterColumn(op) => matches!(op.change.comment, Change::Set(_)),
        Operation::SetTableComment(op) => op.comment.is_some(),
        Operation::BatchAlterTable(op) => op.changes.iter().any(has_comment),
        // No other has one.
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use rectify_schema::build::*;
    use rectify_schema::dialect::{MYSQL, SQLITE};
    use rectify_schema::ops::{AddColumn, AlterColumn, BatchAlterTable, CreateTable, SetTableComment};

    use super::*;

    #[test]
    fn what_carries_a_comment_loses_it_on_sqlite_alone() {
        let users = || table("users").column(column("id", integer()));
        let commented = || column("age", integer()).comment("in years");
        let carrying: [Operation; 6] = [
            CreateTable::new(users().comment("people")).into(),
            CreateTable::new(users().column(commented())).into(),
            AddColumn::new("users", commented()).into(),
            AlterColumn::new("users", alter("age").comment("x")).into(),
            SetTableComment::new("users", Some("people")).into(),
            BatchAlterTable::new("users", [AddColumn::new("users", commented()).into()]).into(),
        ];
        for operation in carrying {
            assert!(are_lost(SQLITE, &operation) && !are_lost(MYSQL, &operation), "{operation}");
        }
        let others: [Operation; 3] = [
            CreateTable::new(users()).into(),
            AlterColumn::new("users", alter("age").drop_comment()).into(),
            SetTableComment::new("users", None::<String>).into(),
        ];
        for operation in others {
            assert!(!are_lost(SQLITE, &operation), "{operation}");
        }
    }
}
