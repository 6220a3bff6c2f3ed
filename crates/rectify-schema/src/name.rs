//! Names of tables and other objects: what may be one, and how long each database lets it be.
//!
//! Knows nothing of quoting; that is the dialect's business.

use std::fmt;

/// The name of a table, index owner or type, with the schema it lives in if one was given.
///
/// # Examples
///
/// ```
/// use rectify_schema::TableName;
///
/// assert_eq!(TableName::from("users").to_string(), "users");
/// assert_eq!(TableName::from(("workspace", "users")).to_string(), "workspace.users");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TableName {
    /// The schema (MySQL: the database) if it is not the default one.
    pub schema: Option<String>,
    /// The name itself.
    pub name: String,
}

impl TableName {
    /// Gives the name of another object in the same schema.
    #[must_use]
    pub fn sibling(&self, name: impl Into<String>) -> Self {
        Self { schema: self.schema.clone(), name: name.into() }
    }
}

impl From<&str> for TableName {
    fn from(name: &str) -> Self {
        Self { schema: None, name: name.to_owned() }
    }
}

impl From<String> for TableName {
    fn from(name: String) -> Self {
        Self { schema: None, name }
    }
}

impl From<&String> for TableName {
    fn from(name: &String) -> Self {
        name.as_str().into()
    }
}

impl From<(&str, &str)> for TableName {
    fn from((schema, name): (&str, &str)) -> Self {
        Self { schema: Some(schema.to_owned()), name: name.to_owned() }
    }
}

impl From<&Self> for TableName {
    fn from(name: &Self) -> Self {
        name.clone()
    }
}

impl fmt::Display for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(f, "{schema}.")?;
        }
        f.write_str(&self.name)
    }
}

/// How long an identifier may be, in the unit in which the database counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameLimit {
    /// At most this many bytes of UTF-8 (PostgreSQL).
    Bytes(usize),
    /// At most this many characters, none beyond U+FFFF (MySQL, MariaDB).
    Characters(usize),
    /// No limit (SQLite).
    None,
}

impl NameLimit {
    /// Checks that `name` can be an identifier under this limit.
    ///
    /// PostgreSQL would cut a longer name short and only give a notice, so that a later statement looks for a name
    /// that does not exist; hence the check before anything runs.
    ///
    /// # Errors
    ///
    /// Returns [`NameError`] if the name is empty, contains a NUL or another character that it may not have, or is too long.
    ///
    /// # Examples
    ///
    /// ```
    /// use rectify_schema::{NameError, NameLimit};
    ///
    /// assert!(NameLimit::Bytes(63).check(&"x".repeat(63)).is_ok());
    /// assert!(matches!(NameLimit::Bytes(63).check(&"ü".repeat(32)), Err(NameError::TooLong { .. })));
    /// assert_eq!(NameLimit::None.check(""), Err(NameError::Empty));
    /// ```
    pub fn check(self, name: &str) -> Result<(), NameError> {
        if name.is_empty() {
            return Err(NameError::Empty);
        }
        if name.contains('\0') {
            return Err(NameError::Nul { name: name.replace('\0', "\\0") });
        }
        let (length, limit, unit) = match self {
            Self::Bytes(limit) => (name.len(), limit, "bytes"),
            Self::Characters(limit) => (name.chars().count(), limit, "characters"),
            Self::None => return Ok(()),
        };
        let beyond = name.chars().find(|c| u32::from(*c) > 0xFFFF);
        if let (Self::Characters(_), Some(character)) = (self, beyond) {
            return Err(NameError::Character { name: name.to_owned(), character });
        }
        if length > limit {
            return Err(NameError::TooLong { name: name.to_owned(), length, limit, unit });
        }
        Ok(())
    }
}

/// Why a text cannot be an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// The name is empty.
    #[error("an empty name")]
    Empty,
    /// The name contains a NUL character, which no database can store.
    #[error("the name `{name}`, which contains a NUL character")]
    Nul {
        /// The name, with each NUL shown as `\0`.
        name: String,
    },
    /// The name has a character that the database takes in no name: an emoji, on MySQL and MariaDB.
    #[error("the name `{name}`, which has the character `{character}`, beyond U+FFFF")]
    Character {
        /// The name.
        name: String,
        /// The character.
        character: char,
    },
    /// The name is longer than the database allows.
    #[error("the name `{name}`, which has {length} {unit}; the limit is {limit}")]
    TooLong {
        /// The name.
        name: String,
        /// How long it is.
        length: usize,
        /// How long it may be.
        limit: usize,
        /// What is counted: `bytes` or `characters`.
        unit: &'static str,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(limit: NameLimit, name: &str, ok: bool) {
        assert_eq!(limit.check(name).is_ok(), ok, "{limit:?} {name:?}");
    }

    #[test]
    fn limits_count_in_the_unit_of_the_database() {
        check(NameLimit::Bytes(63), &"a".repeat(63), true);
        check(NameLimit::Bytes(63), &"a".repeat(64), false);
        check(NameLimit::Bytes(63), &"é".repeat(31), true);
        check(NameLimit::Bytes(63), &"é".repeat(32), false);
        check(NameLimit::Characters(64), &"é".repeat(64), true);
        check(NameLimit::Characters(64), &"é".repeat(65), false);
        check(NameLimit::None, &"é".repeat(5000), true);
    }

    #[test]
    fn emoji_are_names_where_the_database_takes_them() {
        check(NameLimit::Bytes(63), "a😀", true);
        check(NameLimit::None, "a😀", true);
        check(NameLimit::Characters(64), "a☃", true);
        check(NameLimit::Characters(64), "a😀", false);
    }

    #[test]
    fn empty_and_nul_are_never_names() {
        for limit in [NameLimit::Bytes(63), NameLimit::Characters(64), NameLimit::None] {
            check(limit, "", false);
            check(limit, "a\0b", false);
            check(limit, "a b\"`;%", true);
        }
    }
}
