//! Why a run stopped, how far it got, and what to do next.

use std::error::Error as StdError;
use std::fmt;

/// Why a run stopped, and how far it got.
///
/// `Display` gives the first line; [`source`](StdError::source) leads to what the database said; the public fields hold
/// the rest.
#[derive(Debug)]
#[non_exhaustive]
pub struct RunError {
    /// What kind of failure it is.
    pub kind: RunErrorKind,
    /// What was being done, to what.
    pub message: String,
    /// What stands and what was undone, a line each.
    pub notes: Vec<String>,
    /// What to do next, a line each.
    pub hints: Vec<String>,
    /// The revisions that this run applied or took back before the failure; they stay so.
    pub completed: Vec<String>,
    pub(crate) source: Option<Box<dyn StdError + Send + Sync>>,
}

/// The kinds of failure of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RunErrorKind {
    /// The chain that is linked into this program cannot be used.
    Chain,
    /// The target cannot be reached, or a version row names no revision of the chain.
    Plan,
    /// There is no connection to the database.
    Connect,
    /// The database did not do what the runner itself asked of it.
    Database,
    /// Another run holds the lock.
    Locked,
    /// A migration failed.
    Migration,
    /// An earlier run left a migration half done, and it has to be repaired first.
    Unfinished,
    /// The run was asked to stop.
    Interrupted,
}

impl RunError {
    pub(crate) fn new(kind: RunErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            notes: Vec::new(),
            hints: Vec::new(),
            completed: Vec::new(),
            source: None,
        }
    }

    pub(crate) fn source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    pub(crate) fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// A failure of the runner's own statements, while `doing` something.
    pub(crate) fn database(doing: &str, error: diesel::result::Error) -> Self {
        let error = crate::DatabaseError::from(error);
        let hint = advice(&error.message);
        let failed = Self::new(RunErrorKind::Database, format!("failed to {doing}")).source(error);
        match hint {
            Some(hint) => failed.hint(hint),
            None => failed,
        }
    }
}

/// What to do about the failures that have nothing to do with a migration's text.
pub(crate) fn advice(message: &str) -> Option<&'static str> {
    let message = message.to_ascii_lowercase();
    let rules = [
        (
            "readonly database",
            "the database file or its folder may not be written: correct its permissions, or the URL",
        ),
        ("read-only transaction", "this server takes no writes (a replica?): give the URL of the primary"),
        ("read only", "this server takes no writes (a replica?): give the URL of the primary"),
        ("permission denied", "grant this user the right, or run with a user that may change the schema"),
        ("command denied", "grant this user the right, or run with a user that may change the schema"),
        ("database is locked", "another program is writing to the file: wait for it, or raise `--lock-timeout`"),
        ("not a database", "the file is no SQLite database: correct the path"),
    ];
    rules.iter().find(|(part, _)| message.contains(part)).map(|(_, hint)| *hint)
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for RunError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

impl From<crate::ChainError> for RunError {
    fn from(error: crate::ChainError) -> Self {
        let hint = error.hint();
        let failed = Self::new(RunErrorKind::Chain, "the chain in this program cannot be used").source(error);
        match hint {
            Some(hint) => failed.hint(hint),
            None => failed,
        }
    }
}
