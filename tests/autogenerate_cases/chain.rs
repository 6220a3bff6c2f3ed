//! Operations as the one migration of a chain, so that they run as they would in a project.

use std::cell::RefCell;

use rectify::prelude::*;
use rectify::schema::Operation;
use rectify::{AnyConnection, Chain, Migration, Op, Runner, Source};

/// A migration whose two halves are what was found and its reverse.
struct Found;

thread_local! {
    static OPERATIONS: RefCell<Vec<Operation>> = const { RefCell::new(Vec::new()) };
}

/// Applies the operations, in one migration.
pub(crate) fn upgrade(connection: &mut AnyConnection, operations: Vec<Operation>) -> std::result::Result<(), String> {
    OPERATIONS.set(operations);
    Runner::<Found>::new(connection).upgrade("head").map(drop).map_err(|error| described(&error))
}

/// Takes the migration back by these operations.
pub(crate) fn downgrade(connection: &mut AnyConnection, operations: Vec<Operation>) -> std::result::Result<(), String> {
    OPERATIONS.set(operations);
    Runner::<Found>::new(connection).downgrade("base").map(drop).map_err(|error| described(&error))
}

impl Chain for Found {
    type Connection = AnyConnection;

    fn migrations() -> &'static [Migration<AnyConnection>] {
        static MIGRATIONS: [Migration<AnyConnection>; 1] = [Migration {
            revision: "found",
            down_revisions: &[],
            depends_on: &[],
            branch_labels: &[],
            message: "What was found",
            description: "",
            created: "",
            file: "tests/autogenerate_cases/chain.rs",
            transaction: true,
            upgrade: apply,
            downgrade: Some(apply),
            options: rectify::MigrationOptions::DEFAULT,
        }];
        &MIGRATIONS
    }

    fn sources() -> &'static [Source] {
        &[]
    }
}

fn apply(op: &mut Op<'_, AnyConnection>) -> Result<()> {
    // Again with foreign keys off, if SQLite copies a table: so they stay where they are.
    let operations = OPERATIONS.with_borrow(Clone::clone);
    operations.into_iter().try_for_each(|operation| op.apply(operation))
}

fn described(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}
