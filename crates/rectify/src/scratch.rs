//! A database for a moment: made empty beside another one, and dropped with the value.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::connection::Scheme;
use crate::database::{Database, Family};
use crate::error::DatabaseError;

/// A connection to a database that is dropped with it: one of a server's, or SQLite in memory.
pub struct Scratch<C, F, E>
where
    C: Database,
    F: Fn(&str) -> Result<C, E>,
    E: fmt::Display,
{
    /// Taken out only to be closed.
    connection: Option<C>,
    drop: Option<ToDrop>,
    connect: F,
    error: PhantomData<fn() -> E>,
}

/// Why there is no such database.
#[derive(Debug)]
pub enum ScratchError<E> {
    /// There is no connection to the server.
    Connect(E),
    /// The server made no database.
    Create {
        /// Its name.
        name: String,
        /// What the server said.
        source: DatabaseError,
    },
}

/// A database on a server.
struct ToDrop {
    server: String,
    name: String,
}

impl<C, F, E> Scratch<C, F, E>
where
    C: Database,
    F: Fn(&str) -> Result<C, E>,
    E: fmt::Display,
{
    /// Makes one beside the database of a URL, of which nothing is touched. What SQLite's URL names does not matter.
    ///
    /// Its name begins with `prefix`, and is no other's in whatever process and on whatever machine.
    ///
    /// # Errors
    ///
    /// [`ScratchError`] where the server cannot be reached, or creates no database.
    pub fn create(url: &str, prefix: &str, connect: F) -> Result<Self, ScratchError<E>> {
        if Scheme::of(url) == Some(Scheme::Sqlite) {
            let connection = connect(":memory:").map_err(ScratchError::Connect)?;
            return Ok(Self { connection: Some(connection), drop: None, connect, error: PhantomData });
        }
        let mut admin = connect(url).map_err(ScratchError::Connect)?;
        let name = unique(prefix);
        admin
            .run(&create(admin.family(), &name))
            .map_err(|error| ScratchError::Create { name: name.clone(), source: error.into() })?;
        // From here on the database is dropped, whatever happens.
        let drop = Some(ToDrop { server: url.to_owned(), name: name.clone() });
        let mut scratch = Self { connection: None, drop, connect, error: PhantomData };
        scratch.connection = Some((scratch.connect)(&beside(url, &name)).map_err(ScratchError::Connect)?);
        Ok(scratch)
    }

    /// The name of the database; nothing for SQLite in memory.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.drop.as_ref().map(|drop| drop.name.as_str())
    }
}

impl<C, F, E> fmt::Debug for Scratch<C, F, E>
where
    C: Database,
    F: Fn(&str) -> Result<C, E>,
    E: fmt::Display,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scratch").field("name", &self.name().unwrap_or(":memory:")).finish_non_exhaustive()
    }
}

impl<C, F, E> Deref for Scratch<C, F, E>
where
    C: Database,
    F: Fn(&str) -> Result<C, E>,
    E: fmt::Display,
{
    type Target = C;

    fn deref(&self) -> &C {
        self.connection.as_ref().expect("it is taken out by `drop` alone")
    }
}

impl<C, F, E> DerefMut for Scratch<C, F, E>
where
    C: Database,
    F: Fn(&str) -> Result<C, E>,
    E: fmt::Display,
{
    fn deref_mut(&mut self) -> &mut C {
        self.connection.as_mut().expect("it is taken out by `drop` alone")
    }
}

impl<C, F, E> Drop for Scratch<C, F, E>
where
    C: Database,
    F: Fn(&str) -> Result<C, E>,
    E: fmt::Display,
{
    fn drop(&mut self) {
        drop(self.connection.take());
        let Some(ToDrop { server, name }) = &self.drop else { return };
        let dropped = (self.connect)(server).map_err(|error| error.to_string()).and_then(|mut admin| {
            let force = if admin.family() == Family::Postgres { " WITH (FORCE)" } else { "" };
            admin.run(&format!("DROP DATABASE {name}{force}")).map_err(|error| error.to_string())
        });
        if let Err(error) = dropped {
            tell_leftover(name, &error);
        }
    }
}

/// Whoever drops a value hears of no error, and what the database was made for is done.
#[expect(clippy::print_stderr, reason = "there is nobody else to tell")]
fn tell_leftover(name: &str, error: &str) {
    eprintln!("warning: the temporary database `{name}` was not dropped: {error}");
}

fn unique(prefix: &str) -> String {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    let nanos = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.subsec_nanos());
    format!("{prefix}_{}_{nanos}_{}", process::id(), COUNTER.fetch_add(1, Ordering::Relaxed))
}

fn create(family: Family, name: &str) -> String {
    let charset = if family == Family::Mysql { " CHARACTER SET utf8mb4" } else { "" };
    format!("CREATE DATABASE {name}{charset}")
}

/// `url` with the name of its database replaced.
fn beside(url: &str, name: &str) -> String {
    let (base, query) = url.split_once('?').map_or((url, String::new()), |(base, query)| (base, format!("?{query}")));
    let host = base.find("://").map_or(0, |at| at + 3);
    let server = base[host..].rfind('/').map_or(base, |at| &base[..host + at]);
    format!("{server}/{name}{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, expected: &str) {
        assert_eq!(beside(url, "x"), expected);
    }

    #[test]
    fn the_database_of_a_url_is_replaced() {
        check("postgres://u:p@h:5/postgres", "postgres://u:p@h:5/x");
        check("postgres://h/postgres?sslmode=disable", "postgres://h/x?sslmode=disable");
        check("postgres://h", "postgres://h/x");
        check("mysql://root@h/", "mysql://root@h/x");
    }

    #[test]
    fn names_differ() {
        assert_ne!(unique("rectify"), unique("rectify"));
    }
}
