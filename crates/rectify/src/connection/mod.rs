//! Connections: [`AnyConnection`], which picks the database from the URL, and the pure-Rust drivers behind it.
//!
//! The only module that knows cargo features. It refuses to know the runner: what the runner needs of a connection
//! is [`Database`](crate::Database), which any Diesel connection fulfils.

#[cfg(feature = "async")]
mod blocking;
#[cfg(feature = "async")]
mod executor;
#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(feature = "async")]
mod tls;
mod url;

#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
mod any;

use std::fmt;

use diesel::pg::{PgMetadataLookup, PgTypeMetadata};

use crate::offline::literals;

#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
pub use any::{AnyConnection, MultiBackend, MultiField, MultiRawValue, MultiRow};
pub use url::{Scheme, masked, sqlite_file};

/// Whether a connection is [`AnyConnection`], which picks its database from the URL.
///
/// ```
/// # #[cfg(feature = "sqlite")]
/// assert!(rectify::is_any_connection::<rectify::AnyConnection>());
/// assert!(!rectify::is_any_connection::<()>());
/// ```
#[must_use]
pub fn is_any_connection<C: 'static>() -> bool {
    #[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
    return std::any::TypeId::of::<C>() == std::any::TypeId::of::<AnyConnection>();
    #[cfg(not(any(feature = "postgres", feature = "mysql", feature = "sqlite")))]
    return false;
}

/// Whether a SQLite database file that does not exist may be created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Create {
    /// Create the file: for commands that change a database.
    IfMissing,
    /// Refuse: for commands that only read.
    Never,
}

/// Why a connection could not be had. Its text never shows a password.
#[derive(Debug)]
pub struct ConnectError {
    /// The URL, with the password masked.
    pub url: String,
    /// What went wrong, with the server's own words where it said any.
    pub reason: String,
    /// What to do next.
    pub hint: Option<String>,
}

impl ConnectError {
    #[cfg_attr(
        not(any(feature = "postgres", feature = "mysql", feature = "sqlite", feature = "testing")),
        expect(dead_code, reason = "no driver, no connection")
    )]
    pub(crate) fn new(url: &str, reason: impl Into<String>) -> Self {
        Self { url: masked(url), reason: reason.into(), hint: None }
    }

    #[cfg_attr(
        not(any(feature = "postgres", feature = "mysql", feature = "sqlite", feature = "testing")),
        expect(dead_code, reason = "no driver, no connection")
    )]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "failed to connect to `{}`: {}", self.url, self.reason)
    }
}

impl std::error::Error for ConnectError {}

/// Stands in for the driver's lookup of custom types, which cannot pass through `Any` (upstream panics there), and which
/// offline has nobody to ask.
///
/// It leaves the type of every such value open (OID 0): PostgreSQL then takes it from where the value stands, as for an
/// enum's label written to a column of that enum.
struct Untyped;

impl PgMetadataLookup for Untyped {
    fn lookup_type(&mut self, _name: &str, _schema: Option<&str>) -> PgTypeMetadata {
        const OPEN: u32 = 0;
        PgTypeMetadata::new(OPEN, OPEN)
    }
}

crate::database::supported_backend!(diesel::pg::Pg, Postgres, &mut Untyped, literals::postgres, literals::measure);
crate::database::supported_backend!(diesel::mysql::Mysql, Mysql, &mut (), literals::mysql, literals::measure);
#[cfg(feature = "sqlite")]
crate::database::supported_backend!(
    diesel::sqlite::Sqlite,
    Sqlite,
    &mut (),
    literals::sqlite,
    literals::measure_sqlite
);
