//! Columns that rows have no value for: filled by a person's statement, and `NOT NULL` only then. New ones are added before.

use super::expression::Statement;
use super::operation::statement;
use crate::name::TableName;
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
            vec![added(add, comments(None)), filled(&Gap::of_new(add), last, to_fill)]
        }
        Operation::AlterColumn(alter) if Gap::of_old(alter).is_some() => {
            let gap = Gap::of_old(alter);
            let written = Statement { comments: comments(None), ..statement(operation) };
            vec![gap.iter().fold(written, |written, gap| filled(gap, written, to_fill))]
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
    let mut statements = Vec::new();
    let mut places = Statement::default();
    for change in &batch.changes {
        match change {
            Operation::AddColumn(add) if needs_filling(&add.column) => {
                statements.push(added(add, Vec::new()));
                places = filled(&Gap::of_new(add), places, to_fill);
            }
            Operation::AlterColumn(alter) => {
                places = Gap::of_old(alter).iter().fold(places, |places, gap| filled(gap, places, to_fill));
            }
            _ => {}
        }
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

/// A column that may not be `NULL` from some statement on, and may have been before.
struct Gap<'a> {
    table: &'a TableName,
    column: &'a str,
    is_new: bool,
}

impl<'a> Gap<'a> {
    fn of_new(add: &'a AddColumn) -> Self {
        Self { table: &add.table, column: &add.column.name, is_new: true }
    }

    fn of_old(alter: &'a AlterColumn) -> Option<Self> {
        let change = &alter.change;
        (change.nullable == Some(false)).then(|| Self { table: &alter.table, column: &change.column, is_new: false })
    }
}

/// Marks the place above a statement.
fn filled(gap: &Gap<'_>, mut statement: Statement, to_fill: &mut Vec<String>) -> Statement {
    let Gap { table, column, is_new } = gap;
    to_fill.push(format!("{table}.{column}"));
    let (rows, which) = match is_new {
        true => ("each row that is there already its".to_owned(), String::new()),
        false => ("each row without one its".to_owned(), format!(" WHERE {column} IS NULL")),
    };
    statement.comments.extend([
        format!("TODO: give {rows} `{column}`, which may not be NULL from here on:"),
        format!("op.sql(\"UPDATE {table} SET {column} = ...{which}\")?;"),
    ]);
    statement
}
