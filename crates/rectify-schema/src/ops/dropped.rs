//! What a constraint or an index is dropped by.

use crate::naming::{ShortName, short};
use crate::schema::{Check, Exclude, ForeignKey, Index, PrimaryKey, Unique, check, index, primary_key, unique};

/// What to drop: its name, or what it is. From what it is, the naming convention finds its name where it was given none, and the
/// operation can be reversed. Unique constraints, primary keys and indexes are told by their columns alone.
///
/// # Examples
///
/// ```
/// use rectify_schema::{build::*, ops::DropUnique};
///
/// let by_name = DropUnique::new("users", "uq_users_email");
/// let by_columns = DropUnique::new("users", ["email"]);
/// let by_definition = DropUnique::new("users", unique(None).on(["email"]));
/// assert_eq!(by_columns, by_definition);
/// # let _ = by_name;
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dropped<T> {
    pub(super) name: String,
    pub(super) definition: Option<T>,
}

impl<T> From<&str> for Dropped<T> {
    fn from(name: &str) -> Self {
        Self { name: name.to_owned(), definition: None }
    }
}

impl<T> From<&String> for Dropped<T> {
    fn from(name: &String) -> Self {
        name.as_str().into()
    }
}

impl<T> From<String> for Dropped<T> {
    fn from(name: String) -> Self {
        Self { name, definition: None }
    }
}

impl From<ShortName> for Dropped<Check> {
    fn from(ShortName(name): ShortName) -> Self {
        check(short(name), "").into()
    }
}

impl From<Check> for Dropped<Check> {
    fn from(check: Check) -> Self {
        let name = check.name.clone().filter(|_| !check.is_short).unwrap_or_default();
        Self { name, definition: Some(check) }
    }
}

macro_rules! by_definition {
    ($($of:ident),+) => {
        $(impl From<$of> for Dropped<$of> {
            fn from(definition: $of) -> Self {
                Self { name: definition.name.clone().unwrap_or_default(), definition: Some(definition) }
            }
        })+
    };
}

by_definition!(Unique, ForeignKey, Exclude, PrimaryKey);

impl From<Index> for Dropped<Index> {
    fn from(definition: Index) -> Self {
        Self { name: definition.name.clone(), definition: Some(definition) }
    }
}

impl<C: Into<String>, const N: usize> From<[C; N]> for Dropped<Unique> {
    fn from(columns: [C; N]) -> Self {
        unique(None).on(columns).into()
    }
}

impl<C: Into<String>, const N: usize> From<[C; N]> for Dropped<PrimaryKey> {
    fn from(columns: [C; N]) -> Self {
        primary_key(None).on(columns).into()
    }
}

impl<C: Into<String>, const N: usize> From<[C; N]> for Dropped<Index> {
    fn from(columns: [C; N]) -> Self {
        index(None).on("", columns.map(Into::<String>::into)).into()
    }
}
