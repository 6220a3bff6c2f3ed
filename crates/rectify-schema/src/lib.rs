//! Schema objects, operations and SQL dialects of Rectify.
//!
//! Everything here is a plain value: a [`Schema`] is what a database holds, an [`Operation`] is a change to it, and a
//! [`dialect::Dialect`] spells that change in SQL. The crate never sees a connection, a clock or a file, and never prints.

pub mod batch;
pub mod build;
pub mod dialect;
pub mod diff;
pub mod emit;
pub mod erd;
pub mod models;
pub mod name;
pub mod naming;
pub mod ops;
pub mod pattern;
pub mod schema;
mod text;

pub use dialect::{Dialect, Refusal, Statement, Unsupported};
pub use name::{NameError, NameLimit, TableName};
pub use naming::{NamingConvention, NamingError};
pub use ops::{ApplyError, NotReversible, Operation};
pub use schema::{
    Check, Column, ColumnNames, ColumnType, DefaultValue, Deferrable, EnumType, Exclude, ExcludeElement, Extension,
    ForeignKey, ForeignKeyAction, Generated, Identity, Index, IndexColumn, IndexTarget, Nulls, ObjectKind, OnCommit,
    OnConflict, Order, PrimaryKey, Schema, Sequence, SequenceOptions, SqlExpression, SqlObject, Table, TableOptions,
    Unique, Value,
};
