//! Operations as the one migration of a chain, so that they run as they would in a project.

use std::cell::RefCell;

use rectify::prelude::*;
use rectify::schema::Operation;
use rectify::{AnyConnection, Chain, Migration, Op, Runner, Source};
use rectify_tests::{step, whole};

/// A migration whose two halves are what was found and its reverse.
struct Found;

thread_local! {
    static OPERATIONS: RefCell<Vec<Operation>> = const { RefCell::new(Vec::new()) };
}

/// Applies the operations, in one migration.
pub(crate) fn upgrade(connection: &mut AnyConnection, operations: Vec<Operation>) -> std::result::Result<(), String> {
    OPERATIONS.set(operations);
    Runner::<Found>::new(connection).upgrade("head").map(drop).map_err(|error| whole(&error))
}

/// Takes the migration back by these operations.
pub(crate) fn downgrade(connection: &mut AnyConnection, operations: Vec<Operation>) -> std::result::Result<(), String> {
    OPERATIONS.set(operations);
    Runner::<Found>::new(connection).downgrade("base").map(drop).map_err(|error| whole(&error))
}

impl Chain for Found {
    type Connection = AnyConnection;

    fn migrations() -> &'static [Migration<AnyConnection>] {
        static MIGRATIONS: [Migration<AnyConnection>; 1] =
            [Migration { message: "What was found", downgrade: Some(apply), ..step("found", &[], apply) }];
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
