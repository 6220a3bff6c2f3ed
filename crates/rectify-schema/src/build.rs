//! The free functions that a migration author writes with, in one place for a prelude to re-export.
//!
//! They only make values; nothing reaches a database until an operation is handed to a runner.

pub use crate::ops::{ColumnChange, alter, enum_value, row};
pub use crate::schema::ForeignKeyAction::{Cascade, NoAction, Restrict, SetDefault, SetNull};
pub use crate::schema::{
    array, bigint, binary, blob, boolean, char, check, column, custom, date, double, enumeration, extension,
    foreign_key, function, grant, identity, index, index_column, integer, json, jsonb, materialized_view, named_enum,
    numeric, policy, primary_key, procedure, real, sequence, smallint, sql, table, text, time, timestamp, timestamptz,
    timetz, trigger, unique, uuid, varchar, view,
};
