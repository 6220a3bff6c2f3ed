//! Dropping an extension.

use std::fmt;

use super::{ApplyError, CreateExtension, Operation, missing};
use crate::schema::{Extension, Schema};

/// Drops an extension (PostgreSQL only): by its name, or with its definition, which makes it reversible.
///
/// # Examples
///
/// ```
/// use rectify_schema::{build::*, dialect::POSTGRES, ops::DropExtension};
///
/// let op = DropExtension::from(extension("citext")).into();
/// assert_eq!(POSTGRES.render(&op)?[0].sql, "DROP EXTENSION citext");
/// # Ok::<(), rectify_schema::Unsupported>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct DropExtension {
    /// The extension's name.
    pub name: String,
    /// Do nothing where there is none.
    pub if_exists: bool,
    /// Drop what depends on it too.
    pub cascade: bool,
    /// What it was, so that the operation can be reversed.
    pub definition: Option<Extension>,
}

impl DropExtension {
    /// Makes the operation.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), if_exists: false, cascade: false, definition: None }
    }

    /// Does nothing where there is no such extension.
    pub fn if_exists(mut self) -> Self {
        self.if_exists = true;
        self
    }

    /// Drops what depends on it too.
    pub fn cascade(mut self) -> Self {
        self.cascade = true;
        self
    }

    pub(super) fn apply(&self, schema: &mut Schema) -> Result<(), ApplyError> {
        let before = schema.extensions.len();
        schema.extensions.retain(|other| other.name != self.name);
        if schema.extensions.len() == before && !self.if_exists {
            return Err(missing(format!("extension `{}`", self.name)));
        }
        Ok(())
    }

    pub(super) fn reverse(&self) -> Result<Operation, &'static str> {
        if self.cascade {
            return Err("it does not say what depended on the extension");
        }
        let definition = self.definition.clone().ok_or("it does not say how the extension was made")?;
        Ok(CreateExtension::new(definition).into())
    }
}

impl From<&str> for DropExtension {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl From<Extension> for DropExtension {
    fn from(extension: Extension) -> Self {
        Self { definition: Some(extension.clone()), ..Self::new(extension.name) }
    }
}

impl fmt::Display for DropExtension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "drop extension `{}`", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::super::laws;
    use super::*;
    use crate::build::*;

    #[test]
    fn reverse_restores_with_a_definition() {
        laws::restores(DropExtension::from(extension("citext")));
        laws::irreversible(DropExtension::new("citext"), "does not say how the extension was made");
        laws::irreversible(DropExtension::from(extension("citext")).cascade(), "what depended on the extension");
        laws::refused(DropExtension::new("nope"), "there is no extension `nope`");
    }
}
