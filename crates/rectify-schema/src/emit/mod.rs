//! Operations as the Rust source of a migration, as a person would write it with the builders of the prelude.
//!
//! What is written is laid out as rustfmt leaves it, with the widths of the project's own configuration. Knows nothing of
//! files, templates and revisions: it gives the statements of a function.

mod bare;
mod expression;
mod fill;
mod layout;
mod literal;
mod migration;
mod objects;
mod operation;

pub use layout::{Layout, SmallHeuristics};
pub use migration::{Bodies, bodies};

use crate::ops::Operation;

/// The statements that carry the operations out, for the body of a function that is indented by `indent` columns.
///
/// The first line is not indented: the place where it is put is.
///
/// # Examples
///
/// ```
/// use rectify_schema::{build::*, emit, emit::Layout, ops::AddColumn};
///
/// let operation = AddColumn::new("users", column("phone", varchar(20)).comment("as typed")).into();
/// let source = emit::statements(&[operation], 4, Layout::default());
/// assert_eq!(source, "op.add_column(\"users\", column(\"phone\", varchar(20)).comment(\"as typed\"))?;");
/// ```
#[must_use]
pub fn statements(operations: &[Operation], indent: usize, layout: Layout) -> String {
    let statements: Vec<_> = operations.iter().map(operation::statement).collect();
    layout.statements(&statements, indent)
}
