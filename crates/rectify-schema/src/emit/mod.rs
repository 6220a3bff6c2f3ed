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

#[cfg(feature = "source")]
use crate::models::Declared;
use crate::ops::Operation;
#[cfg(feature = "source")]
use crate::schema::ColumnType;

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

/// The line that declares something among the models.
#[cfg(feature = "source")]
pub(crate) fn declaration(declared: &Declared) -> String {
    let made = match declared {
        Declared::Table(table) => objects::table(table),
        Declared::Enum(found) => expression::Expr::call(
            "rectify::schema::EnumType::new",
            [objects::name(&found.name), expression::Expr::texts(&found.values)],
        ),
        Declared::Schema(name) => expression::Expr::call(
            "rectify::schema::models::Declared::Schema",
            [expression::Expr::text(name).method("to_owned", [])],
        ),
        Declared::Extension(extension) => objects::extension(extension),
        Declared::Sequence(sequence) => objects::sequence(sequence),
        Declared::Object(object) => objects::object(object),
    };
    let line = expression::Statement::new(expression::Expr::call("rectify::declare!", [made]));
    Layout::default().statements(&[line], 0) + "\n"
}

/// A call with names for arguments, as an item that is indented by `indent` columns.
#[cfg(feature = "source")]
pub(crate) fn call(callee: &str, arguments: &[String], indent: usize, layout: Layout) -> String {
    let arguments = arguments.iter().map(|name| expression::Expr::Text(name.clone()));
    let line = expression::Statement::new(expression::Expr::call(callee, arguments));
    layout.statements(&[line], indent).replace(&format!("\n{}", " ".repeat(indent)), "\n")
}

/// A type in the words of a migration.
#[cfg(feature = "source")]
pub(crate) fn column_type(of: &ColumnType) -> String {
    objects::column_type(of).on_one_line()
}
