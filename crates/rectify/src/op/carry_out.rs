//! How an operation is carried out: what comes with it, what it lacks, its statements, its place in the journal.

use std::fmt;

use diesel::result::Error as DieselError;
use rectify_schema::dialect::{Dialect, Statement, check_version};
use rectify_schema::ops::{AlterColumn, CreateEnum, DropEnum, Sql};
use rectify_schema::{Column, EnumType, Operation, Table};

use super::step::Step;
use super::{batch, comments, culprit, probe, rehearse, rows};
use crate::database::{Database, Family};
use crate::error::Result;
use crate::inspect;
use crate::offline;
use crate::runner::sql::family;

/// Carries out an operation, and those that come with it: the enum types of a table on PostgreSQL.
pub(super) fn apply(db: &mut dyn Database, step: &mut Step, operation: Operation) -> Result<()> {
    let mut operation = match operation {
        Operation::BatchAlterTable(batch) => return batch::apply(db, step, batch.into()),
        other => other,
    };
    if step.rehearses() {
        return rehearse::look_at(step, operation);
    }
    if step.keeps(|| vec![operation.clone()]) {
        return Ok(());
    }
    step.name(&mut operation)?;
    let enums = if family(step.dialect) == Family::Postgres { enums_with(&operation) } else { Vec::new() };
    if matches!(operation, Operation::DropTable(_)) {
        apply_one(db, step, operation)?;
        return enums.into_iter().rev().try_for_each(|found| apply_one(db, step, DropEnum::from(found).into()));
    }
    enums.into_iter().try_for_each(|found| apply_one(db, step, CreateEnum::from(found).into()))?;
    apply_one(db, step, operation)
}

/// The enum types that are created or dropped with a table.
fn enums_with(operation: &Operation) -> Vec<EnumType> {
    let table = match operation {
        Operation::CreateTable(create) => Some(&create.table),
        Operation::DropTable(drop) => drop.definition.as_ref(),
        _ => None,
    };
    table.filter(|table| table.with_enums).map(Table::enums).unwrap_or_default()
}

/// Renders an operation and sends its statements.
fn apply_one(db: &mut dyn Database, step: &mut Step, operation: Operation) -> Result<()> {
    let identity = format!("{operation:?}");
    if !step.enter(&operation, &identity)? {
        return Ok(());
    }
    let dialect = step.dialect;
    if step.is_uncertain()
        && probe::was_renamed(db, dialect, &operation).map_err(|error| step.refused(&operation, "", error))?
    {
        return step.leave(db, operation.to_string(), &identity);
    }
    let operation = completed(db, step, operation)?;
    step.loses_comments |= comments::are_lost(dialect, &operation);
    let statements = rendered(step, &operation)?;
    if let Some(script) = offline::script(db) {
        script.note(step.settings.revision, &operation);
    }
    if let Operation::BulkInsert(insert) = &operation {
        return in_journal_transaction(db, step, &operation, |db, step| {
            send(db, step, &operation, &statements, |_, _| Ok(Some(false)))
                .map_err(|error| culprit::named(db, dialect, insert, &statements, error))?;
            step.leave(db, operation.to_string(), &identity)
        });
    }
    let sent =
        send(db, step, &operation, &statements, |db, index| probe::already_there(db, dialect, &operation, index));
    sent.map_err(|error| {
        let Operation::Sql(Sql { sql, .. }) = &operation else { return error };
        match culprit::of_statement(db, dialect, &error, sql) {
            Some(found) => error.with_statement(sql, &found),
            None => error,
        }
    })?;
    step.leave(db, operation.to_string(), &identity)
}

/// Spells an operation, unless the dialect or the server cannot do it.
pub(super) fn rendered(step: &Step, operation: &Operation) -> Result<Vec<Statement>> {
    let refused = |refusal| step.failure(operation, None, refusal);
    if let Some(version) = step.settings.server_version {
        check_version(step.dialect, version, operation).map_err(refused)?;
    }
    step.dialect.render(operation).map_err(refused)
}

/// Sends the statements of an operation, and keeps the place between them.
pub(super) fn send(
    db: &mut dyn Database,
    step: &mut Step,
    operation: &dyn fmt::Display,
    statements: &[Statement],
    already_there: impl Fn(&mut dyn Database, u32) -> Result<Option<bool>, DieselError>,
) -> Result<()> {
    let count = statements.len();
    for (index, statement) in (0..).zip(statements) {
        rows::refuse_to_commit(step, operation, &statement.sql)?;
        if !statement.in_transaction && db.in_transaction() {
            return Err(step.failure_with_hint(
                operation,
                &statement.sql,
                InTransaction,
                "wrap it in `op.autocommit(|op| …)`, or declare `transaction = false`",
            ));
        }
        let sent = |db: &mut dyn Database| already_there(db, index);
        step.statement(db, operation, index, &statement.sql, sent, |db| db.run(&statement.sql))?;
        // The last statement is the operation itself, whose place `leave` keeps.
        if usize::try_from(index).is_ok_and(|index| index + 1 < count) {
            step.keep_place(db)?;
        }
    }
    Ok(())
}

/// Runs a query that changes rows. Where the step is not one transaction, the journal moves in the same transaction as
/// the rows, so that a killed run leaves no doubt.
pub(super) fn apply_query(
    db: &mut dyn Database,
    step: &mut Step,
    sql: &str,
    send: impl FnOnce(&mut dyn Database) -> Result<usize, DieselError>,
) -> Result<usize> {
    let operation = "run a query";
    if step.keeps(|| vec![Sql::new(sql).into()]) {
        return Ok(0);
    }
    if !step.enter(&operation, sql)? {
        return Ok(0);
    }
    in_journal_transaction(db, step, &operation, |db, step| {
        let changed = step.statement(db, &operation, 0, sql, |_| Ok(Some(false)), send)?;
        step.leave(db, format!("run `{sql}`"), sql).map(|()| changed)
    })
}

/// Runs `body` in a transaction of its own where the step is not one.
pub(super) fn in_journal_transaction<T>(
    db: &mut dyn Database,
    step: &mut Step,
    operation: &dyn fmt::Display,
    body: impl FnOnce(&mut dyn Database, &mut Step) -> Result<T>,
) -> Result<T> {
    let alone = step.journal_row.is_some() && !db.in_transaction();
    if !alone {
        return body(db, step);
    }
    db.begin().map_err(|error| step.refused(operation, "BEGIN", error))?;
    match body(db, step) {
        Ok(done) => {
            db.commit().map_err(|error| step.refused(operation, "COMMIT", error))?;
            step.mark_committed();
            Ok(done)
        }
        Err(error) => {
            db.rollback().map_err(|error| step.refused(operation, "ROLLBACK", error))?;
            Err(error)
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the database refuses this statement inside a transaction")]
struct InTransaction;

/// MySQL and MariaDB restate a whole column: what the change leaves alone comes from the catalog.
pub(super) fn is_completed(dialect: &dyn Dialect, alter: &AlterColumn) -> bool {
    alter.existing.is_none() && family(dialect) == Family::Mysql
}

/// Adds what comes from the catalog.
fn completed(db: &mut dyn Database, step: &Step, operation: Operation) -> Result<Operation> {
    match operation {
        Operation::AlterColumn(mut alter) if is_completed(step.dialect, &alter) => {
            let table = match offline::script(db) {
                Some(script) => Some(script.table(&alter.table).map_err(|error| step.offline(&alter, error))?),
                None => inspect::table(db, step.dialect, &alter.table)?,
            };
            alter.existing = table.and_then(|table| existing(&table, &alter.change.column));
            Ok(alter.into())
        }
        other => Ok(other),
    }
}

fn existing(table: &Table, name: &str) -> Option<Column> {
    let mut column = table.find_column(name)?.clone();
    // MariaDB has checks that belong to a column; they are the ones without a name.
    let quoted = format!("`{}`", name.replace('`', "``"));
    let own = table.checks.iter().find(|check| check.name.is_none() && check.expression.contains(&quoted));
    column.check = own.cloned().map(Box::new);
    Some(column)
}

/// Commits what was done so far, and from here on keeps the place in the journal.
pub(super) fn leave_transaction(db: &mut dyn Database, step: &mut Step) -> Result<()> {
    if let Some(hint) = step.settings.stays_in_transaction {
        return Err(step.failure_with_hint(&"leave the transaction", "COMMIT", InTransaction, hint));
    }
    // A script has no place to keep: whoever runs it sees where it stopped.
    if offline::script(db).is_none() {
        step.open_journal(db)?;
    }
    db.commit().map_err(|error| step.refused(&"commit before `autocommit`", "COMMIT", error))?;
    step.mark_committed();
    Ok(())
}
