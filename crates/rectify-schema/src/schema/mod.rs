//! What a database holds: tables, columns, constraints, indexes and enum types, as plain data with public fields.
//!
//! The builder that a migration author writes, the catalog reader and the model macro all make these same types. They
//! know nothing of SQL text beyond the expressions they carry.

mod column;
mod column_type;
mod constraint;
mod enum_type;
mod exclude;
mod extension;
mod index;
mod object;
mod sequence;
mod table;
mod table_options;
mod value;

pub(crate) use column::ColumnConstraints;
pub use column::{Column, ColumnNames, Generated, Identity, column, identity};
pub use column_type::{
    ColumnType, array, bigint, binary, blob, boolean, char, custom, date, double, enumeration, integer, json, jsonb,
    named_enum, numeric, numeric_precision, numeric_unlimited, real, smallint, text, time, timestamp, timestamptz,
    timetz, uuid, varchar, varchar_unlimited,
};
pub use constraint::{
    Check, Deferrable, ForeignKey, ForeignKeyAction, OnConflict, PrimaryKey, Unique, check, foreign_key, primary_key,
    unique,
};
pub use enum_type::EnumType;
pub use exclude::{Exclude, ExcludeElement, exclude};
pub use extension::{Extension, extension};
pub use index::{Index, IndexColumn, IndexTarget, Nulls, Order, index, index_column, index_expression};
pub use object::{ObjectKind, SqlObject, function, grant, materialized_view, policy, procedure, trigger, view};
pub(crate) use sequence::sequence_setters;
pub use sequence::{Sequence, SequenceOptions, sequence};
pub use table::{OnCommit, Table, TableOptions, table};
pub use table_options::table_options;
pub use value::{DefaultValue, SqlExpression, Value, sql};

use crate::name::TableName;

/// Everything of a database that Rectify knows of.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Schema {
    /// The tables, in no particular order.
    pub tables: Vec<Table>,
    /// The named enum types (PostgreSQL), in no particular order.
    pub enums: Vec<EnumType>,
    /// The schemas beside the default one, in no particular order.
    pub schemas: Vec<String>,
    /// The extensions (PostgreSQL), in no particular order.
    pub extensions: Vec<Extension>,
    /// The sequences that stand by themselves (PostgreSQL, MariaDB), in no particular order.
    pub sequences: Vec<Sequence>,
    /// The views, functions, triggers and their like, in no particular order.
    pub objects: Vec<SqlObject>,
}

impl Schema {
    /// Finds a table by name.
    #[must_use]
    pub fn table(&self, name: &TableName) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == *name)
    }

    /// Finds a table by name, to change it.
    pub fn table_mut(&mut self, name: &TableName) -> Option<&mut Table> {
        self.tables.iter_mut().find(|table| table.name == *name)
    }

    /// Gives the same schema with everything that has no order of its own sorted, so that two can be compared.
    ///
    /// The order of columns is kept: it is what `SELECT *` gives.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        self.tables.sort_by(|a, b| a.name.cmp(&b.name));
        self.enums.sort_by(|a, b| a.name.cmp(&b.name));
        self.schemas.sort();
        self.extensions.sort_by(|a, b| a.name.cmp(&b.name));
        self.sequences.sort_by(|a, b| a.name.cmp(&b.name));
        self.objects.sort_by(|a, b| (&a.kind, &a.name).cmp(&(&b.kind, &b.name)));
        for table in &mut self.tables {
            table.uniques.sort_by(|a, b| (&a.name, &a.columns).cmp(&(&b.name, &b.columns)));
            table.foreign_keys.sort_by(|a, b| (&a.name, &a.columns).cmp(&(&b.name, &b.columns)));
            table.excludes.sort_by(|a, b| a.name.cmp(&b.name));
            table.checks.sort_by(|a, b| (&a.name, &a.expression).cmp(&(&b.name, &b.expression)));
            table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
        }
        self
    }
}
