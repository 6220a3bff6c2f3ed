//! What a builder takes for a name.

/// The name of a constraint or index: a text, or `None` for one that the naming convention makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConstraintName(pub(crate) Option<String>);

/// The name of a check: a text, `None`, or a [`short`] name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckName {
    pub(crate) name: Option<String>,
    pub(crate) is_short: bool,
}

/// A name that the naming convention completes: what its template for checks has for `{name}`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct ShortName(pub(crate) String);

/// Gives a check a name that the naming convention completes. Where the convention has no template with `{name}`, it is the name.
///
/// # Examples
///
/// ```
/// use rectify_schema::{build::*, dialect::POSTGRES, NamingConvention, ops::CreateCheck};
///
/// let naming = NamingConvention::new().check("ck_{table}_{name}");
/// let mut op = CreateCheck::new("users", check(short("adult"), "age > 17")).into();
/// naming.apply(&mut op, POSTGRES.name_limit())?;
/// assert_eq!(POSTGRES.render(&op)?[0].sql, "ALTER TABLE users ADD CONSTRAINT ck_users_adult CHECK (age > 17)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn short(name: impl Into<String>) -> ShortName {
    ShortName(name.into())
}

impl From<&str> for ConstraintName {
    fn from(name: &str) -> Self {
        Self(Some(name.to_owned()))
    }
}

impl From<&String> for ConstraintName {
    fn from(name: &String) -> Self {
        Self(Some(name.clone()))
    }
}

impl From<String> for ConstraintName {
    fn from(name: String) -> Self {
        Self(Some(name))
    }
}

impl From<Option<String>> for ConstraintName {
    fn from(name: Option<String>) -> Self {
        Self(name)
    }
}

impl From<&str> for CheckName {
    fn from(name: &str) -> Self {
        Some(name.to_owned()).into()
    }
}

impl From<&String> for CheckName {
    fn from(name: &String) -> Self {
        Some(name.clone()).into()
    }
}

impl From<String> for CheckName {
    fn from(name: String) -> Self {
        Some(name).into()
    }
}

impl From<Option<String>> for CheckName {
    fn from(name: Option<String>) -> Self {
        Self { name, is_short: false }
    }
}

impl From<ShortName> for CheckName {
    fn from(ShortName(name): ShortName) -> Self {
        Self { name: Some(name), is_short: true }
    }
}
