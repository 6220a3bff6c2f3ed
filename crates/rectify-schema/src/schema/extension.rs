//! Extensions of PostgreSQL.

/// An extension. Made by [`extension`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Extension {
    /// Its name, such as `citext`.
    pub name: String,
    /// The schema that its objects go into, if it is not the current one.
    pub schema: Option<String>,
    /// The version, if it is not the server's default.
    pub version: Option<String>,
}

impl Extension {
    /// Puts its objects into a schema.
    pub fn schema(mut self, schema: impl Into<String>) -> Self {
        self.schema = Some(schema.into());
        self
    }

    /// Asks for a version.
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = Some(version.into());
        self
    }
}

impl From<&str> for Extension {
    fn from(name: &str) -> Self {
        extension(name)
    }
}

/// Makes an extension.
///
/// # Examples
///
/// ```
/// use rectify_schema::build::*;
///
/// let trigrams = extension("pg_trgm").schema("public");
/// # let _ = trigrams;
/// ```
pub fn extension(name: impl Into<String>) -> Extension {
    Extension { name: name.into(), schema: None, version: None }
}
