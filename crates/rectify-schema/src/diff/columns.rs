//! Columns that stand on both sides.

use super::{Sides, casts, expressions, tables};
use crate::dialect::Dialect;
use crate::ops::{AlterColumn, Change, ColumnChange, Operation, alter};
use crate::schema::{Column, ColumnType, Identity, Table};

/// Tells whether the column has to be dropped and added, since no database can change how it is computed.
pub(super) fn is_replaced(old: &Column, new: &Column) -> bool {
    match (&old.generated, &new.generated) {
        (None, None) => false,
        (Some(old), Some(new)) => {
            old.stored != new.stored || !expressions::same(Some(&old.expression), Some(&new.expression))
        }
        _ => true,
    }
}

/// Gives the change of a column, if it is one.
pub(super) fn compare(sides: &Sides<'_>, old_table: &Table, new_table: &Table, new: &Column) -> Option<Operation> {
    let old = old_table.find_column(&new.name).filter(|old| *old != new)?;
    let mut change = change(sides, (old_table, old), (new_table, new))?;
    let mut using_back = None;
    if let Some(column_type) = &change.column_type {
        change.using = casts::using(sides.dialect, &new.name, &old.column_type, column_type);
        using_back = casts::using(sides.dialect, &new.name, column_type, &old.column_type);
        // PostgreSQL casts a default by itself only where it casts the values by itself.
        if let Some(default) = new.default.clone().filter(|_| change.using.is_some() || using_back.is_some()) {
            change.default = Change::Set(default);
        }
    }
    Some(AlterColumn { using_back, ..AlterColumn::new(&new_table.name, change).existing(old.clone()) }.into())
}

fn change(
    sides: &Sides<'_>,
    (old_table, old): (&Table, &Column),
    (new_table, new): (&Table, &Column),
) -> Option<ColumnChange> {
    let bare = alter(&new.name);
    let mut change = bare.clone();
    if sides.options.types
        && !same_type(sides.dialect, &old.column_type, &new.column_type)
        && !is_rowid(sides, old, new)
    {
        change.column_type = Some(new.column_type.clone());
    }
    if becomes_rowid(sides, old, new) {
        change.column_type = Some(new.column_type.clone());
    }
    if sides.options.types && old.collation != new.collation {
        change.collation = new.collation.clone().map_or(Change::Drop, Change::Set);
    }
    let keys = in_key(old_table, &old.name) && in_key(new_table, &new.name);
    if old.nullable != new.nullable && !keys && new.generated.is_none() {
        change.nullable = Some(new.nullable);
    }
    if sides.options.defaults && new.generated.is_none() {
        change.default = default(sides, old, new, change.column_type.is_some());
    }
    let identity =
        |column: &Column| column.identity.as_ref().map(|identity| normal(sides, identity, &column.column_type));
    // The bounds that nobody named go with the type, on the server too.
    if sides.options.identities && old.identity != new.identity && identity(old) != identity(new) {
        change.identity = match &new.identity {
            None => Change::Drop,
            Some(wanted) if old.identity.is_some() => Change::Set(full(wanted, &new.column_type)),
            Some(wanted) => Change::Set(wanted.clone()),
        };
    }
    let (was, is) = (tables::text(old.comment.as_ref()), tables::text(new.comment.as_ref()));
    if sides.knows.comments && sides.options.comments && was != is {
        change.comment = is.cloned().map_or(Change::Drop, Change::Set);
    }
    Some(change).filter(|change| *change != bare)
}

/// SQLite numbers the rows of an `INTEGER` alone, whatever integer type was asked for.
fn is_rowid(sides: &Sides<'_>, old: &Column, new: &Column) -> bool {
    let numbered = |column: &Column| column.identity.is_some() && column.column_type.is_integer();
    sides.dialect.name() == "sqlite" && numbered(old) && numbered(new)
}

/// A column of another integer type becomes an `INTEGER` with its numbering, and is to become what it was without it.
fn becomes_rowid(sides: &Sides<'_>, old: &Column, new: &Column) -> bool {
    let numbered = old.identity.is_none() && new.identity.is_some();
    sides.dialect.name() == "sqlite" && numbered && old.column_type != ColumnType::Integer
}

fn in_key(table: &Table, column: &str) -> bool {
    table.primary_key.as_ref().is_some_and(|key| key.columns.iter().any(|name| name == column))
}

/// Defaults of two types are the same only if they are written alike.
fn default(sides: &Sides<'_>, old: &Column, new: &Column, other_type: bool) -> Change<crate::schema::DefaultValue> {
    let canonical = |column: &Column| {
        column.default.as_ref().and_then(|default| expressions::default(sides.dialect, &new.column_type, default))
    };
    if old.default == new.default || !other_type && canonical(old) == canonical(new) {
        return Change::Keep;
    }
    match &new.default {
        Some(default) => Change::Set(default.clone()),
        None => Change::Drop,
    }
}

/// Tells whether the database makes the same of the two types.
pub(super) fn same_type(dialect: &dyn Dialect, old: &ColumnType, new: &ColumnType) -> bool {
    if old == new {
        return true;
    }
    match (old, new) {
        (ColumnType::Array(old), ColumnType::Array(new)) => same_type(dialect, old, new),
        // A type of its own is compared by itself; elsewhere the values are the type.
        (ColumnType::Enum(old), ColumnType::Enum(new)) if dialect.name() == "postgres" => old.name == new.name,
        (ColumnType::Enum(old), ColumnType::Enum(new)) => old.values == new.values,
        _ => dialect.normalize_type(old) == dialect.normalize_type(new),
    }
}

/// An identity that says all: what is left out of a change stays as it was.
fn full(identity: &Identity, column_type: &ColumnType) -> Identity {
    let (lowest, highest) = match column_type {
        ColumnType::SmallInt => (i64::from(i16::MIN), i64::from(i16::MAX)),
        ColumnType::Integer => (i64::from(i32::MIN), i64::from(i32::MAX)),
        _ => (i64::MIN, i64::MAX),
    };
    let down = identity.increment.is_some_and(|increment| increment < 0);
    let min_value = identity.min_value.unwrap_or(if down { lowest } else { 1 });
    let max_value = identity.max_value.unwrap_or(if down { -1 } else { highest });
    Identity {
        start: Some(identity.start.unwrap_or(if down { max_value } else { min_value })),
        increment: Some(identity.increment.unwrap_or(1)),
        min_value: Some(min_value),
        max_value: Some(max_value),
        cache: Some(identity.cache.unwrap_or(1)),
        ..identity.clone()
    }
}

/// An identity as it is compared.
fn normal(sides: &Sides<'_>, identity: &Identity, column_type: &ColumnType) -> Identity {
    if sides.knows.identity_options {
        return full(identity, column_type);
    }
    // Where it begins is no property of the table: it is forgotten with the first row.
    Identity::default()
}
