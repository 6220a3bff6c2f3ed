//! Keeps what a migration does instead of doing it.

use std::sync::Arc;

use rectify_schema::dialect::Dialect;
use rectify_schema::{NamingConvention, Operation, TableName};

use super::{Mode, Op, Step, StepSettings};
use crate::database::Database;
use crate::error::Result;
use crate::offline::Script;
use crate::runner::journal::{JOURNAL, Journal};

/// Runs a migration's function without a database, and gives the operations that it asks for.
///
/// A typed query and the SQL of an operation of one's own come as [`Sql`](rectify_schema::ops::Sql). A batch comes without
/// what it says of how the table is copied.
///
/// # Errors
///
/// What the function fails with; it does if it reads from the database, which is not there.
///
/// # Examples
///
/// ```
/// # #[cfg(feature = "sqlite")]
/// # fn main() -> rectify::Result<()> {
/// use rectify::prelude::*;
/// use rectify::{Op, schema::dialect::POSTGRES};
///
/// fn upgrade(op: &mut Op<'_, diesel::SqliteConnection>) -> Result<()> {
///     op.add_column("users", column("phone", varchar(20)))
/// }
///
/// let operations = rectify::record(POSTGRES, upgrade)?;
/// assert_eq!(operations[0].to_string(), "add column `users`.`phone`");
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "sqlite"))]
/// # fn main() {}
/// ```
pub fn record<C: Database>(
    dialect: &'static dyn Dialect,
    body: impl FnOnce(&mut Op<'_, C>) -> Result<()>,
) -> Result<Vec<Operation>> {
    let settings = StepSettings {
        revision: "",
        checksum: "",
        up: true,
        journal: Journal { table: TableName::from(JOURNAL) },
        server_version: None,
        naming: NamingConvention::new(),
        stays_in_transaction: None,
        interrupted: Arc::default(),
        arguments: Vec::new(),
        tag: None,
    };
    let (mut script, mut step) = (Script::new(dialect), Step::new(dialect, settings, None));
    step.mode = Mode::Recorded(Vec::new());
    body(&mut Op::offline(&mut script, &mut step))?;
    Ok(match step.mode {
        Mode::Recorded(recorded) => recorded,
        Mode::CarriedOut | Mode::Rehearsed => Vec::new(),
    })
}
