//! Operations that lose data.

use std::fmt;

use crate::name::TableName;
use crate::ops::{AlterColumn, Operation};
use crate::schema::ColumnType;

/// An operation that loses data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    /// The place of the operation in [`Diff::operations`](super::Diff::operations).
    pub operation: usize,
    /// The place of the change in a [`BatchAlterTable`](crate::ops::BatchAlterTable), if the operation is one.
    pub change: Option<usize>,
    /// What is lost.
    pub lost: Lost,
}

/// What is lost.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lost {
    /// The rows of a table.
    Rows {
        /// The table.
        table: TableName,
    },
    /// The values of a column.
    Values {
        /// The table.
        table: TableName,
        /// The column.
        column: String,
    },
    /// Values of a column that do not fit its new type: they are cut short, or make the operation fail.
    Narrowed {
        /// The table.
        table: TableName,
        /// The column.
        column: String,
        /// The type before.
        from: ColumnType,
        /// The type after.
        to: ColumnType,
    },
}

/// Shows what is lost, on one line.
impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rows { table } => write!(f, "the rows of table `{table}`"),
            Self::Values { table, column } => write!(f, "the values of column `{table}`.`{column}`"),
            Self::Narrowed { table, column, from, to } => {
                write!(f, "values of column `{table}`.`{column}` that fit {from} and not {to}")
            }
        }
    }
}

/// Finds the operations that lose data.
pub(super) fn find(operations: &[Operation]) -> Vec<Loss> {
    let mut losses = Vec::new();
    for (operation, op) in operations.iter().enumerate() {
        if let Operation::BatchAlterTable(batch) = op {
            let found = batch.changes.iter().enumerate().filter_map(|(at, change)| Some((at, lost(change)?)));
            losses.extend(found.map(|(at, lost)| Loss { operation, change: Some(at), lost }));
        } else if let Some(lost) = lost(op) {
            losses.push(Loss { operation, change: None, lost });
        }
    }
    losses
}

fn lost(operation: &Operation) -> Option<Lost> {
    match operation {
        Operation::DropTable(op) => Some(Lost::Rows { table: op.table.clone() }),
        Operation::DropColumn(op) => {
            // A computed column has no values of its own.
            let computed = op.definition.as_ref().is_some_and(|column| column.generated.is_some());
            (!computed).then(|| Lost::Values { table: op.table.clone(), column: op.column.clone() })
        }
        Operation::AlterColumn(op) => narrowed(op),
        _ => None,
    }
}

fn narrowed(op: &AlterColumn) -> Option<Lost> {
    let (from, to) = (&op.existing.as_ref()?.column_type, op.change.column_type.as_ref()?);
    is_narrower(from, to).then(|| Lost::Narrowed {
        table: op.table.clone(),
        column: op.change.column.clone(),
        from: from.clone(),
        to: to.clone(),
    })
}

/// Tells whether the new type may not hold each value of the old one. What is not known is taken to be narrower.
pub(super) fn is_narrower(from: &ColumnType, to: &ColumnType) -> bool {
    use ColumnType as T;
    match (from, to) {
        (_, T::Text) => matches!(from, T::Binary),
        (T::SmallInt, T::Integer | T::BigInt)
        | (T::Integer, T::BigInt)
        | (T::Real, T::Double)
        | (T::SmallInt | T::Integer | T::BigInt, T::Numeric { precision: None, .. })
        | (T::SmallInt | T::Integer, T::Double)
        | (T::SmallInt, T::Real)
        | (T::Boolean, T::SmallInt | T::Integer | T::BigInt)
        | (T::Date, T::Timestamp | T::TimestampTz)
        | (T::Timestamp, T::TimestampTz)
        | (T::Json, T::Jsonb)
        | (T::Jsonb, T::Json)
        | (T::Char(_) | T::Varchar(_), T::Varchar(None)) => false,
        (T::Char(from) | T::Varchar(Some(from)), T::Char(to) | T::Varchar(Some(to))) => to < from,
        (T::Uuid, T::Char(to) | T::Varchar(Some(to))) => *to < 36,
        (T::Enum(from), T::Varchar(Some(to)) | T::Char(to)) => {
            from.values.iter().any(|value| value.chars().count() > usize::try_from(*to).unwrap_or(usize::MAX))
        }
        (T::Enum(from), T::Enum(to)) => !from.values.iter().all(|value| to.values.contains(value)),
        (T::Enum(_), T::Varchar(None)) => false,
        (T::Numeric { precision: from, scale: from_scale }, T::Numeric { precision: to, scale: to_scale }) => {
            match (from, to) {
                (_, None) => false,
                (None, Some(_)) => true,
                (Some(from), Some(to)) => {
                    let (from_scale, to_scale) = (from_scale.unwrap_or(0), to_scale.unwrap_or(0));
                    to_scale < from_scale
                        || i32::from(*to) - i32::from(to_scale) < i32::from(*from) - i32::from(from_scale)
                }
            }
        }
        (T::Array(from), T::Array(to)) => is_narrower(from, to),
        _ => from != to,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::*;

    #[track_caller]
    fn check(from: ColumnType, to: ColumnType, narrower: bool) {
        assert_eq!(is_narrower(&from, &to), narrower, "{from} to {to}");
    }

    #[test]
    fn a_type_that_may_not_hold_all_values_is_narrower() {
        check(varchar(20), varchar(30), false);
        check(varchar(30), varchar(20), true);
        check(varchar(30), text(), false);
        check(text(), varchar(30), true);
        check(integer(), bigint(), false);
        check(bigint(), integer(), true);
        check(numeric(10, 2), numeric(12, 2), false);
        check(numeric(10, 2), numeric(12, 6), true);
        check(numeric(10, 2), numeric(10, 1), true);
        check(integer(), text(), false);
        check(date(), timestamp(), false);
        check(timestamp(), date(), true);
        check(array(integer()), array(bigint()), false);
        check(enumeration("m", ["a"]), enumeration("m", ["a", "b"]), false);
        check(enumeration("m", ["a", "b"]), enumeration("m", ["a"]), true);
        check(uuid(), varchar(36), false);
        check(custom("inet"), text(), false);
    }
}
