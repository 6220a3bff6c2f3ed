//! What a command fails with: the kind picks the exit code.

use std::error::Error as StdError;
use std::fmt;
use std::process::ExitCode;

/// Why a command did not do what it was asked to.
#[derive(Debug)]
pub(crate) struct Error {
    kind: Kind,
    message: String,
    pub(crate) source: Option<Box<dyn StdError + Send + Sync>>,
    /// What stands and what was undone, a line each.
    pub(crate) notes: Vec<String>,
    /// What to do next, a line each.
    pub(crate) hints: Vec<String>,
}

/// What sort of end it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It was attempted and failed.
    Failed,
    /// What was typed, or a configuration file, makes no sense.
    Usage,
    /// A check found what it looks for.
    #[cfg_attr(not(feature = "runner"), expect(dead_code, reason = "checks need a database"))]
    Found,
}

impl Error {
    pub(crate) fn failed(message: impl Into<String>) -> Error {
        Error::new(Kind::Failed, message.into())
    }

    pub(crate) fn usage(message: impl Into<String>) -> Error {
        Error::new(Kind::Usage, message.into())
    }

    #[cfg(feature = "runner")]
    pub(crate) fn found(message: impl Into<String>) -> Error {
        Error::new(Kind::Found, message.into())
    }

    pub(crate) fn because(self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Error {
        Error { source: Some(source.into()), ..self }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Error {
        self.hints.push(hint.into());
        self
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        match self.kind {
            Kind::Failed => ExitCode::from(1),
            Kind::Usage => ExitCode::from(2),
            Kind::Found => ExitCode::from(3),
        }
    }

    fn new(kind: Kind, message: String) -> Error {
        Error { kind, message, source: None, notes: Vec::new(), hints: Vec::new() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
