//! The free functions that a migration author writes with, in one place for a prelude to re-export.
//!
//! They only make values; nothing reaches a database until an operation is handed to a runner.

pub use crate::ops::{ColumnChange, alter};
pub use crate::schema::ForeignKeyAction::{Cascade, NoAction, Restrict, SetDefault, SetNull};
pub use crate::schema::{
    array, bigint, binary, blob, boolean, char, check, column, custom, date, double, enumeration, foreign_key,
    identity, index, index_column, integer, json, jsonb, named_enum, numeric, primary_key, real, smallint, sql, table,
    text, time, timestamp, timestamptz, timetz, unique, uuid, varchar,
};
