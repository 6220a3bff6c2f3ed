//! Models: what `rectify::table!` declares, read from its text, checked, and made a [`Schema`] for a database.
//!
//! The macro and the reader of a `schema.rs` are one: both read the text with `parse`, so that they cannot differ. What a macro
//! registers is what it has read, an [`Item`] in a short text of its own (`code`); it becomes a schema when somebody asks, for
//! then the database is known. That takes no parser of Rust: what does is behind the feature `source`.

#[cfg(feature = "source")]
mod added;
#[cfg(feature = "source")]
mod arguments;
#[cfg(feature = "source")]
mod attributes;
#[cfg(feature = "source")]
mod built;
#[cfg(feature = "source")]
mod check;
mod code;
#[cfg(feature = "source")]
mod complete;
#[cfg(feature = "source")]
mod declaration;
#[cfg(feature = "source")]
mod enums;
mod foresight;
#[cfg(feature = "source")]
mod kinds;
mod lower;
mod model;
#[cfg(feature = "source")]
mod plain;
#[cfg(feature = "source")]
mod print;
#[cfg(feature = "source")]
mod source;
mod style;
mod types;

use std::fmt;

pub use foresight::{Foresight, Lack, NamedColumn, NamedColumns};
pub use style::Style;

#[cfg(feature = "source")]
pub use self::{
    added::{NoColumn, column},
    declaration::{ColumnDeclaration, ForeignKeyDeclaration, Parent, TableDeclaration},
    enums::{EnumDeclaration, parse_enum},
    print::{Crates, FreezeError, Freezing, Frozen, Printed, Wide, frozen, print},
    source::{Source, read},
};
use crate::dialect::Dialect;
use crate::naming::NamingConvention;
use crate::schema::{EnumType, Extension, Schema, Sequence, SqlObject, Table};

/// Something that was declared, and where.
#[derive(Debug, Clone, Copy)]
pub struct Item<'a> {
    /// What it is.
    pub what: What<'a>,
    /// Where it stands.
    pub place: Place<'a>,
}

/// What an [`Item`] is.
#[derive(Debug, Clone, Copy)]
pub enum What<'a> {
    /// Tables, as `encode` has written them.
    Tables(&'a str),
    /// An enum of Rust that is one in the database.
    Enum {
        /// Its name in Rust.
        rust_name: &'a str,
        /// The schema that its type is in.
        schema: Option<&'a str>,
        /// The name of its type.
        name: &'a str,
        /// The values in order.
        values: &'a [&'a str],
    },
    /// Anything else, by a function that makes it.
    Other(fn() -> Declared),
}

/// Where something stands, for people.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The module's path.
    pub module: &'a str,
    /// The file.
    pub file: &'a str,
    /// The line.
    pub line: u32,
}

/// What can be declared beside tables: what `rectify::declare!` takes.
#[derive(Debug, Clone, PartialEq)]
pub enum Declared {
    /// A table, in the words of a migration.
    Table(Box<Table>),
    /// An enum type (PostgreSQL).
    Enum(EnumType),
    /// A schema.
    Schema(String),
    /// An extension (PostgreSQL).
    Extension(Extension),
    /// A sequence (PostgreSQL, MariaDB).
    Sequence(Sequence),
    /// A view, function, trigger or its like.
    Object(SqlObject),
}

/// Why something that was declared means nothing on a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// File and line.
    pub place: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: String,
}

/// Reads the tables of a `table!`, and finds what is wrong with them.
///
/// # Errors
///
/// Every mistake that the text shows, combined, each at its token.
#[cfg(feature = "source")]
pub fn parse(tokens: proc_macro2::TokenStream) -> syn::Result<Vec<TableDeclaration>> {
    let (tables, errors) = read_tables(tokens);
    match check::combined(errors) {
        Some(error) => Err(error),
        None => Ok(tables),
    }
}

/// The tables that could be read, and every mistake.
#[cfg(feature = "source")]
fn read_tables(tokens: proc_macro2::TokenStream) -> (Vec<TableDeclaration>, Vec<syn::Error>) {
    let (tables, mut errors) = declaration::parse(tokens);
    errors.extend(tables.iter().flat_map(check::check));
    errors.extend(check::check_group(&tables));
    (tables, errors)
}

/// The text of tables that a macro registers: what [`What::Tables`] holds.
#[cfg(feature = "source")]
#[must_use]
pub fn encode(tables: &[TableDeclaration]) -> String {
    let models: Vec<_> = tables.iter().map(TableDeclaration::model).collect();
    code::encode(&models)
}

/// The schema that `items` mean on a database, with the names that a convention gives.
///
/// # Errors
///
/// Everything that means nothing there: a type that the database lacks, a foreign key to a table without a model, a table
/// declared twice, a name that the convention cannot make.
pub fn schema(items: &[Item<'_>], dialect: &dyn Dialect, naming: &NamingConvention) -> Result<Schema, Vec<Problem>> {
    let (schema, problems) = lower::lower(lower::Found::registered(items), dialect, naming);
    if problems.is_empty() { Ok(schema) } else { Err(problems) }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

macro_rules! declared_from {
    ($($from:ty => $variant:ident),+ $(,)?) => { $(
        impl From<$from> for Declared {
            fn from(value: $from) -> Self {
                Self::$variant(value)
            }
        }
    )+ };
}

impl From<Table> for Declared {
    fn from(table: Table) -> Self {
        Self::Table(Box::new(table))
    }
}

declared_from! {
    EnumType => Enum, Extension => Extension, Sequence => Sequence, SqlObject => Object,
}
