//! The free functions that a migration author writes with, in one place for a prelude to re-export.
//!
//! They only make values; nothing reaches a database until an operation is handed to a runner. The operations that are
//! named here have options that the methods of `op` do not take: `op.apply(DropColumn::new("users", "age").if_exists())`.

pub use crate::batch::Recreate;
pub use crate::naming::{NamingConvention, short};
pub use crate::ops::{
    AddColumn, AddEnumValue, AlterColumn, AlterEnum, AlterSequence, ColumnChange, CreateExtension, CreateSchema,
    CreateSequence, DropCheck, DropColumn, DropEnum, DropExclude, DropExtension, DropForeignKey, DropIndex, DropObject,
    DropPrimaryKey, DropSchema, DropSequence, DropTable, DropUnique, ReplaceObject, SetTableComment, SetTableOptions,
    Sql, alter, enum_value, row,
};
pub use crate::schema::ForeignKeyAction::{Cascade, NoAction, Restrict, SetDefault, SetNull};
pub use crate::schema::{
    Deferrable, EnumType, OnCommit, OnConflict, TableOptions, array, bigint, binary, blob, boolean, char, check,
    column, custom, date, double, enumeration, exclude, extension, foreign_key, function, grant, identity, index,
    index_column, index_expression, integer, json, jsonb, materialized_view, named_enum, numeric, numeric_precision,
    numeric_unlimited, policy, primary_key, procedure, real, sequence, smallint, sql, table, table_options, text, time,
    timestamp, timestamptz, timetz, trigger, unique, uuid, varchar, varchar_unlimited, view,
};
