//! Database migrations for Diesel, as Rust functions in a chain that the compiler proves.
//!
//! A migration is a function under [`#[migration]`](migration) in a file of the folder that [`versions!`] reads. It gets
//! an [`Op`], whose methods change the schema and run typed Diesel queries. [`upgrade`], [`downgrade`] and [`status`] run
//! a chain over a connection; [`Runner`] does the same with options and events.
//!
//! A chain's connection is [`AnyConnection`] unless it names another: any synchronous Diesel connection to PostgreSQL,
//! MySQL, MariaDB or SQLite.

#[cfg(feature = "tokio")]
pub mod asynchronous;
mod compare;
mod connection;
mod database;
mod error;
mod fnv;
pub mod inspect;
mod migration;
pub mod models;
mod offline;
mod op;
mod registered;
mod runner;
mod scratch;
mod source;
mod sql_enum;
mod test_suite;
#[cfg(feature = "testing")]
pub mod testing;

pub use compare::{Comparison, compare};
#[cfg(feature = "source")]
pub use compare::{PlainComparison, PlainError, compare_plain};
#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
pub use connection::{AnyConnection, MultiBackend, MultiField, MultiRawValue, MultiRow};
pub use connection::{ConnectError, Create, Scheme, is_any_connection, masked, sqlite_file};
pub use database::{Database, Family, Measure, Parametrized, SupportedBackend, TextRow};
pub use error::{DatabaseError, Error, Result, hints};
pub use inspect::inspect;
pub use migration::{Body, Chain, ChainError, InScript, Migration, MigrationOptions, Source, graph};
pub use models::{create_all, drop_all};
pub use op::{Batch, Interrupted, Op, OperationError, record};
#[doc = include_str!("table.md")]
pub use rectify_macros::table;
#[doc = include_str!("tables.md")]
pub use rectify_macros::tables;
pub use rectify_macros::{SqlEnum, migration, versions};
pub use runner::{
    Direction, Edited, Event, LockMode, Offline, Options, Report, RunError, RunErrorKind, Runner, Stamp, Status,
    StepInfo, TransactionMode, Unfinished, Verification, VersionApply, dialect_of, downgrade, status, upgrade,
};

pub use scratch::{Scratch, ScratchError};
pub use source::DieselSource;
pub use sql_enum::SqlEnum;

pub use chrono;
pub use diesel;
pub use rectify_chain as chain;
pub use rectify_schema as schema;
pub use rectify_schema::NamingConvention;

/// What a migration file needs: `use crate::prelude::*;`, where `versions!` adds the `Op` of the chain's connection.
pub mod prelude {
    pub use crate::{Error, Family, Result};
    pub use diesel::prelude::*;
    pub use rectify_macros::migration;
    pub use rectify_schema::build::*;
}

/// What the methods of [`Op`] take besides values: queries, and what is required of them.
pub mod query {
    pub use crate::op::{
        Chunks, Count, InsertableRows, NamedValues, Question, Rows, SqlText, Structs, TypedQuery, YieldsBoolean,
        YieldsCount,
    };
}

/// What the macros' output names. Not for use by hand.
#[doc(hidden)]
pub mod __private {
    pub use crate::migration::{Chain, HasRevision, InScript, Migration, MigrationOptions, Source, parent};
    pub use crate::models::{RECTIFY_MODELS, refers};
    pub use crate::registered::{Registered, Sources, Unpacked, proven_head};
    pub use crate::source::{BackendOf, DieselMigrations, diesel_migrations};
    pub use crate::sql_enum::read as read_enum;
    pub use crate::{__declare as declare, __declare_tables as declare_tables, __sql_enum as sql_enum};
    pub use diesel::migration::MigrationSource;
    pub use linkme;
    pub use rectify_macros::fault;
}
