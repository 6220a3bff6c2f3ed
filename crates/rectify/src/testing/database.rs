//! A database for one test: made empty, brought to a revision, gone with the value.

use std::any::{Any, type_name};
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use diesel::Connection;

use crate::connection::{ConnectError, Scheme};
use crate::database::{Database, Family};
use crate::error::DatabaseError;
use crate::migration::Chain;
use crate::runner::{RunError, Runner};

/// The environment variable with the URL of the server that tests get their databases from.
///
/// It names a database that exists, such as `postgres://postgres@localhost/postgres` or `mariadb://root@localhost/mysql`, as
/// a user who may create others beside it. What that database holds is never touched.
pub const URL_VARIABLE: &str = "RECTIFY_TEST_DATABASE_URL";

/// Where tests get their databases from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    url: Option<String>,
}

/// Why a test got no database.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FreshError {
    /// There is no connection to the server.
    #[error("there is no database to test on")]
    Connect(#[from] ConnectError),
    /// The server made no database.
    #[error("failed to create the database `{name}` for a test")]
    Create {
        /// Its name.
        name: String,
        /// What the server said.
        source: DatabaseError,
    },
    /// A migration on the way to the revision failed.
    #[error("failed to bring the database of a test to `{revision}`")]
    Migrate {
        /// Where it should have been brought.
        revision: String,
        /// What went wrong.
        source: Box<RunError>,
    },
}

impl Server {
    /// The one that [`URL_VARIABLE`] names; SQLite in memory where it is not set, or empty.
    #[must_use]
    pub fn from_environment() -> Self {
        Self { url: std::env::var(URL_VARIABLE).ok().filter(|url| !url.is_empty()) }
    }

    /// The one of a URL, as in [`URL_VARIABLE`].
    #[must_use]
    pub fn of(url: impl Into<String>) -> Self {
        Self { url: Some(url.into()) }
    }

    /// SQLite in memory.
    #[must_use]
    pub const fn sqlite() -> Self {
        Self { url: None }
    }

    /// An empty database.
    ///
    /// # Errors
    ///
    /// [`FreshError`] where the server cannot be reached, or creates no database.
    pub fn fresh<Ch>(&self) -> Result<TestDatabase<Ch>, FreshError>
    where
        Ch: Chain<Connection: Connection>,
    {
        let server = self.url.as_deref().filter(|url| Scheme::of(url) != Some(Scheme::Sqlite));
        let Some(url) = server else {
            return Ok(TestDatabase { connection: Some(connect(":memory:")?), drop: None, chain: PhantomData });
        };
        let mut admin: Ch::Connection = connect(url)?;
        let name = name();
        admin
            .run(&create(admin.family(), &name))
            .map_err(|error| FreshError::Create { name: name.clone(), source: error.into() })?;
        // From here on the database is dropped, whatever happens.
        let drop = Some(ToDrop { server: url.to_owned(), name: name.clone() });
        let mut database = TestDatabase { connection: None, drop, chain: PhantomData };
        database.connection = Some(connect(&beside(url, &name))?);
        Ok(database)
    }

    /// A fresh database at a revision: `base`, `head`, an id.
    ///
    /// # Errors
    ///
    /// As [`Server::fresh`], and where a migration on the way fails.
    pub fn at<Ch>(&self, revision: &str) -> Result<TestDatabase<Ch>, FreshError>
    where
        Ch: Chain<Connection: Connection>,
    {
        let mut database = self.fresh::<Ch>()?;
        if revision != "base" {
            let reached = Runner::<Ch>::new(&mut database).upgrade(revision);
            reached.map_err(|error| FreshError::Migrate { revision: revision.to_owned(), source: Box::new(error) })?;
        }
        Ok(database)
    }
}

/// A connection to a database that is dropped with it. `&mut *conn` is the connection itself.
pub struct TestDatabase<Ch>
where
    Ch: Chain<Connection: Connection>,
{
    /// Taken out only to be closed.
    connection: Option<Ch::Connection>,
    drop: Option<ToDrop>,
    chain: PhantomData<fn() -> Ch>,
}

/// A database on a server.
struct ToDrop {
    server: String,
    name: String,
}

impl<Ch: Chain<Connection: Connection>> fmt::Debug for TestDatabase<Ch> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.drop.as_ref().map_or(":memory:", |drop| &drop.name);
        f.debug_struct("TestDatabase").field("name", &name).finish_non_exhaustive()
    }
}

impl<Ch: Chain<Connection: Connection>> Deref for TestDatabase<Ch> {
    type Target = Ch::Connection;

    fn deref(&self) -> &Ch::Connection {
        self.connection.as_ref().expect("it is taken out by `drop` alone")
    }
}

impl<Ch: Chain<Connection: Connection>> DerefMut for TestDatabase<Ch> {
    fn deref_mut(&mut self) -> &mut Ch::Connection {
        self.connection.as_mut().expect("it is taken out by `drop` alone")
    }
}

impl<Ch: Chain<Connection: Connection>> Drop for TestDatabase<Ch> {
    fn drop(&mut self) {
        drop(self.connection.take());
        let Some(ToDrop { server, name }) = &self.drop else { return };
        let dropped = connect::<Ch::Connection>(server).map_err(|error| error.to_string()).and_then(|mut admin| {
            let force = if admin.family() == Family::Postgres { " WITH (FORCE)" } else { "" };
            admin.run(&format!("DROP DATABASE {name}{force}")).map_err(|error| error.to_string())
        });
        if let Err(error) = dropped {
            tell_leftover(name, &error);
        }
    }
}

/// Whoever drops a value hears of no error, and a test that has passed has not failed.
#[expect(clippy::print_stderr, reason = "shows in the output of the test")]
fn tell_leftover(name: &str, error: &str) {
    eprintln!("the database `{name}` of a test was not dropped: {error}");
}

/// No two tests get the same, in whatever process and on whatever machine they run.
fn name() -> String {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    let nanos = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.subsec_nanos());
    format!("rectify_test_{}_{nanos}_{}", process::id(), COUNTER.fetch_add(1, Ordering::Relaxed))
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

/// Opens a connection of whatever type. `AnyConnection` reads more of a URL than Diesel's own way to open one.
fn connect<C: Connection + Any>(url: &str) -> Result<C, ConnectError> {
    #[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
    if std::any::TypeId::of::<C>() == std::any::TypeId::of::<crate::AnyConnection>() {
        let connected = crate::AnyConnection::connect(url, crate::Create::IfMissing).map_err(|error| match url {
            // The driver is missing.
            ":memory:" => error.hint(format!(
                "set {URL_VARIABLE} to the URL of a server on which tests may create databases, or add the feature `sqlite` to \
                 `rectify` in [dev-dependencies]"
            )),
            _ => error,
        });
        let any: Box<dyn Any> = Box::new(connected?);
        return Ok(*any.downcast().expect("the types are the same"));
    }
    refuse_other_database::<C>(url)?;
    C::establish(url).map_err(|error| ConnectError::new(url, error.to_string()))
}

/// A chain that is written for one database cannot be tested on another.
fn refuse_other_database<C: Connection>(url: &str) -> Result<(), ConnectError> {
    // A backend is not known to be `'static`, which a `TypeId` asks for.
    let own = type_name::<C::Backend>();
    let own = if own == type_name::<diesel::pg::Pg>() {
        Scheme::Postgres
    } else if own == type_name::<diesel::mysql::Mysql>() {
        Scheme::Mysql
    } else {
        return Ok(());
    };
    if Scheme::of(url) == Some(own) {
        return Ok(());
    }
    let (name, example) = match own {
        Scheme::Postgres => ("PostgreSQL", "postgres://postgres@localhost/postgres"),
        _ => ("MySQL or MariaDB", "mysql://root@localhost/mysql"),
    };
    Err(ConnectError::new(url, format!("the chain is written for {name}"))
        .hint(format!("set {URL_VARIABLE} to the URL of a server on which tests may create databases: `{example}`")))
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
        assert_ne!(name(), name());
    }
}
