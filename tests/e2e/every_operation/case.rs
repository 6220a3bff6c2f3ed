//! What is said of one operation: what it needs, where it works, whether it can be taken back.

use rectify::schema::Operation;
use rectify_tests::Database;

/// One operation, and what must come of it on each database.
pub(super) struct Case {
    pub(super) name: &'static str,
    /// What is there before; taken back after the case.
    pub(super) setup: Vec<Operation>,
    pub(super) operation: Operation,
    /// Where the database has no such thing, and says so.
    refused: &'static [Database],
    /// Where it is nothing to the database: there is no statement to send.
    nothing: &'static [Database],
    /// On SQLite it is part of a batch.
    pub(super) in_batch: bool,
    /// It runs outside of a transaction.
    pub(super) outside: bool,
    /// It leaves the catalog as it is: it is about rows.
    pub(super) about_rows: bool,
    /// What stays behind on this database when it is taken back.
    left: Option<(Database, String)>,
    /// Why it cannot be taken back; what takes `setup` back does for it, too.
    pub(super) irreversible: Option<&'static str>,
}

/// What a database makes of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Done,
    Nothing,
    Refused,
}

pub(super) fn case(name: &'static str, setup: Vec<Operation>, operation: impl Into<Operation>) -> Case {
    Case {
        name,
        setup,
        operation: operation.into(),
        refused: &[],
        nothing: &[],
        in_batch: false,
        outside: false,
        about_rows: false,
        left: None,
        irreversible: None,
    }
}

impl Case {
    pub(super) fn on(&self, kind: Database) -> Outcome {
        match kind {
            _ if self.refused.contains(&kind) => Outcome::Refused,
            _ if self.nothing.contains(&kind) => Outcome::Nothing,
            _ => Outcome::Done,
        }
    }

    pub(super) fn refused(self, refused: &'static [Database]) -> Self {
        Self { refused, ..self }
    }

    pub(super) fn nothing(self, nothing: &'static [Database]) -> Self {
        Self { nothing, ..self }
    }

    pub(super) fn in_batch(self) -> Self {
        Self { in_batch: true, ..self }
    }

    pub(super) fn outside(self) -> Self {
        Self { outside: true, ..self }
    }

    pub(super) fn about_rows(self) -> Self {
        Self { about_rows: true, ..self }
    }

    /// What stays behind on this database when it is taken back.
    pub(super) fn leaves(&self, kind: Database) -> Option<&str> {
        self.left.as_ref().filter(|(on, _)| *on == kind).map(|(_, what)| what.as_str())
    }

    pub(super) fn leaving(self, kind: Database, what: String) -> Self {
        Self { left: Some((kind, what)), ..self }
    }

    pub(super) fn irreversible(self, why: &'static str) -> Self {
        Self { irreversible: Some(why), ..self }
    }
}
