//! Tests of migrations: databases that live as long as a test, and the laws that every chain should obey.
//!
//! The feature `testing` of the crate, for `[dev-dependencies]`: a production build carries none of it. What every chain
//! should be held to is one line in the root module of the migrations crate, [`test_suite!`](crate::test_suite):
//!
//! ```text
//! rectify::versions!("versions");
//! rectify::test_suite!();
//! ```
//!
//! A migration of rows is tested as rows in, upgrade, rows out. [`at`] gives a database at the revision before it:
//!
//! ```no_run
//! # fn demo<Chain: rectify::Chain<Connection: rectify::diesel::Connection>>() -> Result<(), Box<dyn std::error::Error>> {
//! use rectify::Database as _;
//!
//! let mut conn = rectify::testing::at::<Chain>("9efcc1f82b81");
//! conn.run("INSERT INTO users (id, email) VALUES (1, 'ada@hills.example')")?;
//! rectify::upgrade::<Chain>(&mut conn, "+1")?;
//! assert_eq!(conn.rows("SELECT CAST(email_verified AS CHAR(5)) FROM users")?.len(), 1);
//! # Ok(())
//! # }
//! ```
//!
//! The databases are SQLite's, in memory, unless the environment variable [`URL_VARIABLE`] names a server.

mod database;
mod snapshot;
mod suite;

pub use database::{FreshError, Server, TestDatabase, URL_VARIABLE};
pub use suite::{Suite, SuiteError};

use crate::error::hints;
use crate::migration::Chain;

/// A fresh database at a revision, on the server that [`URL_VARIABLE`] names or else SQLite in memory. It is dropped with
/// the value.
///
/// `base` is the empty database, `head` the newest one.
///
/// # Panics
///
/// Where there is no such database or revision, or a migration on the way fails: the test fails with the whole message.
/// [`Server::at`] gives the error back instead.
#[must_use]
#[track_caller]
pub fn at<Ch>(revision: &str) -> TestDatabase<Ch>
where
    Ch: Chain<Connection: diesel::Connection>,
{
    match Server::from_environment().at(revision) {
        Ok(database) => database,
        Err(error) => panic!("{}", told(&error)),
    }
}

/// Fails the test that calls it, where `result` is an error. Part of the output of `test_suite!`.
#[doc(hidden)]
#[track_caller]
pub fn passed(result: Result<(), SuiteError>) {
    if let Err(error) = result {
        panic!("{}", told(&error));
    }
}

/// An error with what caused it and what to do next, as the command line shows it.
fn told(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = format!("{text}\ncaused by: {cause}");
        next = cause.source();
    }
    hints(error).iter().fold(text, |text, hint| format!("{text}\nhint: {hint}"))
}
