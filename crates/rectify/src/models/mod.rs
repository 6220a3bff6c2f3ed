//! The models of a program: what `rectify::table!`, `#[derive(rectify::SqlEnum)]` and `rectify::declare!` declared.
//!
//! linkme collects them at link time. [`declared`] is the one function that reads that slice; everything else takes a
//! [`Schema`], so that a test can bring its own.

mod create;

use std::fmt;

pub use create::{CreateError, create_all, drop_all};
use rectify_schema::dialect::Dialect;
use rectify_schema::models::{Item, Problem, schema};
use rectify_schema::{NamingConvention, Schema};

/// Everything that the crates of this program declared, in no particular order.
#[linkme::distributed_slice]
pub static RECTIFY_MODELS: [Item<'static>];

/// Why the models of this program cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ModelsError {
    /// No crate of this program declares a model.
    None,
    /// Some of what is declared means nothing on this database.
    Problems {
        /// The database, by the dialect's name.
        dialect: &'static str,
        /// What is wrong, one after the other.
        problems: Vec<Problem>,
    },
}

/// The schema that the models of this program mean on a database.
///
/// A column's type depends on the database, hence the dialect: `Text` is `TEXT` everywhere, `Uuid` is not.
///
/// # Errors
///
/// [`ModelsError`] where no model is linked, and where a type or a foreign key means nothing on the database.
///
/// # Examples
///
/// ```standalone_crate
/// # fn main() -> Result<(), rectify::models::ModelsError> {
/// rectify::table! {
///     notes (id) {
///         #[identity]
///         id -> BigInt,
///         #[max_length = 80]
///         #[default = "untitled"]
///         title -> Varchar,
///     }
/// }
/// let schema = rectify::models::declared(rectify::schema::dialect::SQLITE)?;
/// assert_eq!(schema.tables[0].columns[1].name, "title");
/// # Ok(())
/// # }
/// ```
pub fn declared(dialect: &dyn Dialect) -> Result<Schema, ModelsError> {
    declared_as(dialect, &NamingConvention::new())
}

/// The same, with the names that a chain's naming convention gives to what has none.
///
/// # Errors
///
/// As [`declared`], and where the convention has no name for something.
pub fn declared_as(dialect: &dyn Dialect, naming: &NamingConvention) -> Result<Schema, ModelsError> {
    if RECTIFY_MODELS.is_empty() {
        return Err(ModelsError::None);
    }
    schema(&RECTIFY_MODELS, dialect, naming)
        .map_err(|problems| ModelsError::Problems { dialect: dialect.name(), problems })
}

impl ModelsError {
    /// What to do next.
    #[must_use]
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::None => vec![
                "declare tables with `rectify::table!`; a crate that nothing names is dropped by the linker with all that it \
                 declares: name the models' crate in the program (`use app_models as _;`)"
                    .to_owned(),
            ],
            Self::Problems { problems, .. } => {
                let mut hints: Vec<String> = problems.iter().map(|problem| problem.hint.clone()).collect();
                hints.dedup();
                hints
            }
        }
    }
}

impl fmt::Display for ModelsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("no model is linked into this program"),
            Self::Problems { dialect, problems } => {
                write!(f, "the models mean no schema of `{dialect}`")?;
                problems.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
            }
        }
    }
}

impl std::error::Error for ModelsError {}

/// Implemented where a column of the type `Self` can refer to a column of the type `Parent`: the same type, either of the
/// two perhaps `Nullable`.
#[diagnostic::on_unimplemented(
    message = "a foreign key of another type than the column that it refers to",
    label = "the referring column is `{Self}`, this one `{Parent}`",
    note = "give both columns one type; `Nullable` makes no difference"
)]
pub trait RefersTo<Parent> {}

impl<T: diesel::sql_types::SingleValue> RefersTo<T> for T {}
impl<T: diesel::sql_types::SingleValue> RefersTo<T> for diesel::sql_types::Nullable<T> where
    T: diesel::sql_types::SqlType<IsNull = diesel::sql_types::is_nullable::NotNull>
{
}
impl<T: diesel::sql_types::SingleValue> RefersTo<diesel::sql_types::Nullable<T>> for T where
    T: diesel::sql_types::SqlType<IsNull = diesel::sql_types::is_nullable::NotNull>
{
}

/// Compiles where the column `Child` can refer to the column `Parent`.
pub const fn refers<Child, Parent>()
where
    Child: diesel::Column,
    Parent: diesel::Column,
    Child::SqlType: RefersTo<Parent::SqlType>,
{
}

/// Registers what a `table!` has read.
#[doc(hidden)]
#[macro_export]
macro_rules! __declare_tables {
    ($text:literal) => {
        $crate::__declare!($crate::schema::models::What::Tables($text));
    };
}

/// Registers something.
#[doc(hidden)]
#[macro_export]
macro_rules! __declare {
    ($what:expr) => {
        const _: () = {
            #[$crate::__private::linkme::distributed_slice($crate::__private::RECTIFY_MODELS)]
            #[linkme(crate = $crate::__private::linkme)]
            #[allow(unsafe_code)] // linkme places it in a link section
            static ITEM: $crate::schema::models::Item<'static> = $crate::schema::models::Item {
                what: $what,
                place: $crate::schema::models::Place { module: module_path!(), file: file!(), line: line!() },
            };
        };
    };
}

/// Declares what a table cannot say: a view, a function, a trigger, a sequence, an extension, in the words of a migration.
///
/// It takes an expression that makes one, and belongs to the models as [`table!`](crate::table) does.
///
/// # Examples
///
/// ```
/// use rectify::schema::build::*;
///
/// rectify::declare!(extension("citext"));
/// rectify::declare!(view("due_today", "SELECT id FROM bills WHERE due = CURRENT_DATE").reads(["bills"]));
/// rectify::declare!(trigger("touch", "bills", "BEFORE UPDATE ON bills FOR EACH ROW EXECUTE FUNCTION touch()"));
/// ```
#[macro_export]
macro_rules! declare {
    ($what:expr $(,)?) => {
        const _: () = {
            fn make() -> $crate::schema::models::Declared {
                ::core::convert::Into::into($what)
            }
            $crate::__declare!($crate::schema::models::What::Other(make));
        };
    };
}
