//! A database for one test: made empty, brought to a revision, gone with the value.

use std::any::{Any, type_name};
use std::fmt;
use std::ops::{Deref, DerefMut};

use diesel::Connection;

use crate::connection::{ConnectError, Scheme};
use crate::error::DatabaseError;
use crate::migration::Chain;
use crate::runner::{RunError, Runner};
use crate::scratch::{Scratch, ScratchError};

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
        let url = self.url.as_deref().unwrap_or(":memory:");
        let scratch = Scratch::create(url, "rectify_test", connect as Connect<Ch>);
        Ok(TestDatabase(scratch.map_err(FreshError::from)?))
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

/// How the connection of a chain is opened.
type Connect<Ch> = fn(&str) -> Result<<Ch as Chain>::Connection, ConnectError>;

/// A connection to a database that is dropped with it. `&mut *conn` is the connection itself.
pub struct TestDatabase<Ch>(Scratch<Ch::Connection, Connect<Ch>, ConnectError>)
where
    Ch: Chain<Connection: Connection>;

impl<Ch: Chain<Connection: Connection>> fmt::Debug for TestDatabase<Ch> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TestDatabase").field(&self.0).finish()
    }
}

impl<Ch: Chain<Connection: Connection>> Deref for TestDatabase<Ch> {
    type Target = Ch::Connection;

    fn deref(&self) -> &Ch::Connection {
        &self.0
    }
}

impl<Ch: Chain<Connection: Connection>> DerefMut for TestDatabase<Ch> {
    fn deref_mut(&mut self) -> &mut Ch::Connection {
        &mut self.0
    }
}

impl From<ScratchError<ConnectError>> for FreshError {
    fn from(error: ScratchError<ConnectError>) -> Self {
        match error {
            ScratchError::Connect(error) => Self::Connect(error),
            ScratchError::Create { name, source } => Self::Create { name, source },
        }
    }
}

/// Opens a connection of whatever type. `AnyConnection` reads more of a URL than Diesel's own way to open one.
fn connect<C: Connection + Any>(url: &str) -> Result<C, ConnectError> {
    #[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
    if crate::is_any_connection::<C>() {
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
