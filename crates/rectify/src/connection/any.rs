//! The connection that picks its database from the URL.
//!
//! The derive writes an enum's worth of items without documentation or `Debug`, hence the expectations below.
#![expect(
    missing_docs,
    missing_debug_implementations,
    reason = "the items that the derive writes cannot be documented"
)]
#![cfg_attr(
    not(all(feature = "postgres", feature = "mysql", feature = "sqlite")),
    allow(
        unreachable_patterns,
        irrefutable_let_patterns,
        clippy::allow_attributes,
        reason = "with one database the derive's other arms cannot be reached"
    )
)]

use std::any::Any;

use diesel::backend::Backend;
use diesel::query_builder::{QueryBuilder, QueryFragment};
use diesel::{MultiConnection, QueryResult};

#[cfg(feature = "postgres")]
use super::Untyped;
#[cfg(feature = "mysql")]
use super::mysql::Mysql;
#[cfg(feature = "postgres")]
use super::postgres::Postgres;
use super::{ConnectError, Create, Scheme};
use crate::database::{Family, Measure, SupportedBackend};
use crate::offline::literals;

/// A connection to SQLite, PostgreSQL, MySQL or MariaDB: the URL says which.
///
/// The default connection of a chain. Which databases it knows follows from the features `sqlite`, `postgres` and
/// `mysql`. SQLite is bundled; the other two go through drivers in pure Rust, so that a binary needs no client library.
///
/// Custom SQL types (a Rust type for a PostgreSQL enum, say) are sent to PostgreSQL without a type and are given one by
/// the server from where they stand; where it cannot tell, write a cast. A chain on `diesel::PgConnection` looks them up.
#[derive(MultiConnection)]
#[allow(
    clippy::large_enum_variant,
    clippy::allow_attributes,
    reason = "there is one connection, not a list of them; how large which is follows from the features"
)]
pub enum AnyConnection {
    #[cfg(feature = "sqlite")]
    Sqlite(diesel::SqliteConnection),
    #[cfg(feature = "postgres")]
    Postgres(Postgres),
    #[cfg(feature = "mysql")]
    Mysql(Mysql),
}

impl AnyConnection {
    /// Connects to the database that `url` names, which is `sqlite:path`, a plain path, `postgres://…`,
    /// `postgresql://…`, `mysql://…` or `mariadb://…`.
    ///
    /// `sslmode` and `sslrootcert` (PostgreSQL), `ssl-mode` and `ssl-ca` (MySQL, MariaDB) are honoured with the
    /// meaning that the databases' own clients give them. Unless the URL says otherwise, an attempt ends after ten seconds.
    /// On SQLite a statement waits up to five seconds for another process that is just writing (`PRAGMA busy_timeout`).
    ///
    /// # Errors
    ///
    /// [`ConnectError`] for an unknown scheme, a database that this build has no driver for, a missing file or
    /// folder, a server that cannot be reached, a refused password, a certificate that does not verify.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[cfg(feature = "sqlite")] {
    /// use rectify::{AnyConnection, Create};
    /// let conn = AnyConnection::connect(":memory:", Create::IfMissing);
    /// assert!(conn.is_ok());
    /// # }
    /// ```
    pub fn connect(url: &str, create: Create) -> Result<Self, ConnectError> {
        match Scheme::of(url) {
            #[cfg(feature = "sqlite")]
            Some(Scheme::Sqlite) => super::sqlite::connect(url, create).map(Self::Sqlite),
            #[cfg(feature = "postgres")]
            Some(Scheme::Postgres) => super::postgres::connect(url).map(Self::Postgres),
            #[cfg(feature = "mysql")]
            Some(Scheme::Mysql) => super::mysql::connect(url).map(Self::Mysql),
            None => Err(ConnectError::new(url, "the scheme of the URL is not known").hint(
                "use `sqlite:`, `postgres:`, `postgresql:`, `mysql:`, `mariadb:` or the path of a SQLite database",
            )),
            #[cfg(not(all(feature = "postgres", feature = "mysql", feature = "sqlite")))]
            Some(scheme) => {
                let _ = create;
                let feature = match scheme {
                    Scheme::Sqlite => "sqlite",
                    Scheme::Postgres => "postgres",
                    Scheme::Mysql => "mysql",
                };
                Err(ConnectError::new(url, "this program was built without a driver for that database")
                    .hint(format!("add the feature `{feature}` to the dependency `rectify`")))
            }
        }
    }
}

type MultiBuilder = <MultiBackend as Backend>::QueryBuilder;

impl SupportedBackend for MultiBackend {
    fn family(connection: &dyn Any) -> Family {
        match any(connection) {
            #[cfg(feature = "sqlite")]
            AnyConnection::Sqlite(_) => Family::Sqlite,
            #[cfg(feature = "postgres")]
            AnyConnection::Postgres(_) => Family::Postgres,
            #[cfg(feature = "mysql")]
            AnyConnection::Mysql(_) => Family::Mysql,
        }
    }

    fn render(family: Family, query: &dyn QueryFragment<Self>) -> QueryResult<String> {
        let (mut builder, backend) = match family {
            #[cfg(feature = "sqlite")]
            Family::Sqlite => (MultiBuilder::Sqlite(Default::default()), Self::Sqlite(Default::default())),
            #[cfg(feature = "postgres")]
            Family::Postgres => (MultiBuilder::Postgres(Default::default()), Self::Postgres(Default::default())),
            #[cfg(feature = "mysql")]
            Family::Mysql => (MultiBuilder::Mysql(Default::default()), Self::Mysql(Default::default())),
            #[cfg(not(all(feature = "postgres", feature = "mysql", feature = "sqlite")))]
            other => return Err(no_driver(other)),
        };
        query.to_sql(&mut builder, &backend)?;
        Ok(builder.finish())
    }

    fn render_with_literals(family: Family, query: &dyn QueryFragment<Self>) -> QueryResult<String> {
        let sql = Self::render(family, query)?;
        let written = match family {
            #[cfg(feature = "sqlite")]
            Family::Sqlite => {
                let (mut collected, backend) =
                    (Collected::Sqlite(Default::default()), Self::Sqlite(Default::default()));
                query.collect_binds(&mut collected, &mut (), &backend)?;
                let Collected::Sqlite(collected) = collected else { return Ok(sql) };
                literals::sqlite(&collected)?
            }
            #[cfg(feature = "postgres")]
            Family::Postgres => {
                let (mut collected, backend) =
                    (Collected::Postgres(Default::default()), Self::Postgres(Default::default()));
                query.collect_binds(&mut collected, &mut Untyped, &backend)?;
                let Collected::Postgres(collected) = collected else { return Ok(sql) };
                literals::postgres(&collected)?
            }
            #[cfg(feature = "mysql")]
            Family::Mysql => {
                let (mut collected, backend) = (Collected::Mysql(Default::default()), Self::Mysql(Default::default()));
                query.collect_binds(&mut collected, &mut (), &backend)?;
                let Collected::Mysql(collected) = collected else { return Ok(sql) };
                literals::mysql(&collected)?
            }
            #[cfg(not(all(feature = "postgres", feature = "mysql", feature = "sqlite")))]
            other => return Err(no_driver(other)),
        };
        literals::substitute(&sql, &written, family)
    }

    fn measure(family: Family, query: &dyn QueryFragment<Self>) -> QueryResult<Measure> {
        match family {
            #[cfg(feature = "sqlite")]
            Family::Sqlite => {
                let (mut collected, backend) =
                    (Collected::Sqlite(Default::default()), Self::Sqlite(Default::default()));
                query.collect_binds(&mut collected, &mut (), &backend)?;
                let Collected::Sqlite(collected) = collected else { return Ok(Measure::default()) };
                Ok(literals::measure_sqlite(&collected))
            }
            #[cfg(feature = "postgres")]
            Family::Postgres => {
                let (mut collected, backend) =
                    (Collected::Postgres(Default::default()), Self::Postgres(Default::default()));
                query.collect_binds(&mut collected, &mut Untyped, &backend)?;
                let Collected::Postgres(collected) = collected else { return Ok(Measure::default()) };
                Ok(literals::measure(&collected))
            }
            #[cfg(feature = "mysql")]
            Family::Mysql => {
                let (mut collected, backend) = (Collected::Mysql(Default::default()), Self::Mysql(Default::default()));
                query.collect_binds(&mut collected, &mut (), &backend)?;
                let Collected::Mysql(collected) = collected else { return Ok(Measure::default()) };
                Ok(literals::measure(&collected))
            }
            #[cfg(not(all(feature = "postgres", feature = "mysql", feature = "sqlite")))]
            other => Err(no_driver(other)),
        }
    }
}

#[cfg(not(all(feature = "postgres", feature = "mysql", feature = "sqlite")))]
fn no_driver(family: Family) -> diesel::result::Error {
    let feature = match family {
        Family::Sqlite => "sqlite",
        Family::Postgres => "postgres",
        Family::Mysql => "mysql",
    };
    let text = format!(
        "this program was built without that database: add the feature `{feature}` to the dependency `rectify`"
    );
    diesel::result::Error::QueryBuilderError(text.into())
}

/// What the derive collects values in, by the database.
type Collected<'a> = <MultiBackend as Backend>::BindCollector<'a>;

fn any(connection: &dyn Any) -> &AnyConnection {
    connection.downcast_ref().expect("only `AnyConnection` has this backend")
}
