//! New columns that rows have no value for: added, filled by a person's statement, and `NOT NULL` only then.

use super::expression::Statement;
use super::operation::statement;
use crate::ops::{AddColumn, AlterColumn, BatchAlterTable, Operation, alter};
use crate::schema::Column;

/// The statements of an operation. `comments` gives what to say above it, or above a change of a batch.
pub(super) fn statements(
    operation: &Operation,
    comments: &dyn Fn(Option<usize>) -> Vec<String>,
    to_fill: &mut Vec<String>,
) -> Vec<Statement> {
    match operation {
        Operation::AddColumn(add) if needs_filling(&add.column) => {
            let last = statement(&not_null(add));
            vec![added(add, comments(None)), filled(add, last, to_fill)]
        }
        Operation::BatchAlterTable(batch) => of_batch(batch, comments, to_fill),
        other => vec![Statement { comments: comments(None), ..statement(other) }],
    }
}

/// The columns to be filled come before the batch, which makes them `NOT NULL`.
fn of_batch(
    batch: &BatchAlterTable,
    comments: &dyn Fn(Option<usize>) -> Vec<String>,
    to_fill: &mut Vec<String>,
) -> Vec<Statement> {
    let is_open = |change: &Operation| matches!(change, Operation::AddColumn(add) if needs_filling(&add.column));
    let mut statements = Vec::new();
    let mut places = Statement::default();
    for change in batch.changes.iter().filter(|change| is_open(change)) {
        let Operation::AddColumn(add) = change else { continue };
        statements.push(added(add, Vec::new()));
        places = filled(add, places, to_fill);
    }
    let changes = batch.changes.iter().map(|change| match change {
        Operation::AddColumn(add) if needs_filling(&add.column) => not_null(add),
        other => other.clone(),
    });
    let mut last = statement(&BatchAlterTable::new(&batch.table, changes).into());
    last.comment_changes(|change| comments(Some(change)));
    last.comments = places.comments;
    last.comments.extend(comments(None));
    statements.push(last);
    statements
}

/// Whether a row that is there already can have no value for it.
fn needs_filling(column: &Column) -> bool {
    !column.nullable && column.default.is_none() && column.identity.is_none() && column.generated.is_none()
}

fn added(add: &AddColumn, comments: Vec<String>) -> Statement {
    let column = Column { nullable: true, ..add.column.clone() };
    Statement { comments, ..statement(&AddColumn { column, ..add.clone() }.into()) }
}

fn not_null(add: &AddColumn) -> Operation {
    AlterColumn::new(&add.table, alter(&add.column.name).set_not_null()).into()
}

/// Marks the place above a statement.
fn filled(add: &AddColumn, mut statement: Statement, to_fill: &mut Vec<String>) -> Statement {
    let AddColumn { table, column, .. } = add;
    to_fill.push(format!("{table}.{}", column.name));
    statement.comments.extend([
        format!("TODO: give each row that is there already its `{}`, which may not be NULL from here on:", column.name),
        format!("op.sql(\"UPDATE {table} SET {} = ...\")?;", column.name),
    ]);
    statement
}
