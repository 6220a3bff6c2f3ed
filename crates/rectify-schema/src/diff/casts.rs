//! How PostgreSQL makes the values of one type those of another, where it has to be told.

use super::enums;
use crate::dialect::Dialect;
use crate::schema::ColumnType;

/// Gives the expression for `USING`, if PostgreSQL does not convert the column by itself.
pub(super) fn using(dialect: &dyn Dialect, column: &str, from: &ColumnType, to: &ColumnType) -> Option<String> {
    if dialect.name() != "postgres" || is_automatic(from, to) {
        return None;
    }
    let (column, name) = (dialect.quote(column), dialect.type_name(to).ok()?);
    // An array of the one value, and the first one of an array.
    let column = match (from, to) {
        (ColumnType::Array(_), ColumnType::Array(_)) => column,
        (_, ColumnType::Array(_)) => format!("array[{column}]"),
        (ColumnType::Array(_), _) => format!("{column}[1]"),
        _ => column,
    };
    let between = match (from, to) {
        // There is no cast from one enum to another, nor between a boolean and any number but an integer; what else has none
        // goes by way of the text.
        _ if enums::of_type(from).is_some() => format!("::text{}", "[]".repeat(dimensions(from))),
        (ColumnType::Boolean, to) if is_number(to) && *to != ColumnType::Integer => "::integer".to_owned(),
        (from, ColumnType::Boolean) if is_number(from) && *from != ColumnType::Integer => "::integer".to_owned(),
        _ if !is_cast(element(from), element(to)) => format!("::text{}", "[]".repeat(dimensions(to))),
        _ => String::new(),
    };
    let name = if is_named(to) { name } else { name.to_lowercase().replace(", ", ",") };
    Some(format!("{column}{between}::{name}"))
}

/// A type whose name has capitals that count.
fn is_named(to: &ColumnType) -> bool {
    enums::of_type(to).is_some() || matches!(to, ColumnType::Custom(_))
}

fn dimensions(column_type: &ColumnType) -> usize {
    match column_type {
        ColumnType::Array(of) => 1 + dimensions(of),
        _ => 0,
    }
}

fn element(column_type: &ColumnType) -> &ColumnType {
    match column_type {
        ColumnType::Array(of) => element(of),
        other => other,
    }
}

const fn is_number(of: &ColumnType) -> bool {
    use ColumnType as T;
    matches!(of, T::SmallInt | T::Integer | T::BigInt | T::Numeric { .. } | T::Real | T::Double)
}

/// Whether `from::to` is a cast. What we know nothing of is taken for one.
fn is_cast(from: &ColumnType, to: &ColumnType) -> bool {
    use ColumnType as T;
    let known = !matches!(from, T::Custom(_)) && !matches!(to, T::Custom(_));
    let text = matches!(from, T::Text | T::Varchar(_) | T::Char(_));
    let truth = matches!((from, to), (T::Boolean, T::Integer) | (T::Integer, T::Boolean));
    !known || text || truth || from == to || is_automatic(from, to)
}

fn is_automatic(from: &ColumnType, to: &ColumnType) -> bool {
    use ColumnType as T;
    let day = |of: &T| matches!(of, T::Date | T::Timestamp | T::TimestampTz);
    match (from, to) {
        (_, T::Text | T::Varchar(_) | T::Char(_)) => !matches!(from, T::Array(_)),
        (T::Array(from), T::Array(to)) => is_automatic(from, to),
        (T::Timestamp | T::TimestampTz, T::Time)
        | (T::TimestampTz, T::TimeTz)
        | (T::Time | T::TimeTz, T::Time | T::TimeTz)
        | (T::Json | T::Jsonb, T::Json | T::Jsonb) => true,
        _ => is_number(from) && is_number(to) || day(from) && day(to),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::*;
    use crate::dialect::{MYSQL, POSTGRES};

    #[track_caller]
    fn check(from: ColumnType, to: ColumnType, expected: Option<&str>) {
        assert_eq!(using(POSTGRES, "a", &from, &to).as_deref(), expected, "{from} to {to}");
        assert_eq!(using(MYSQL, "a", &from, &to), None);
    }

    #[test]
    fn casts_are_written_where_postgres_asks_for_them() {
        check(integer(), bigint(), None);
        check(integer(), text(), None);
        check(timestamptz(), date(), None);
        check(text(), integer(), Some("a::integer"));
        check(text(), numeric(9, 2), Some("a::numeric(9,2)"));
        check(boolean(), smallint(), Some("a::integer::smallint"));
        check(text(), named_enum("Mood"), Some("a::\"Mood\""));
        check(named_enum("mood"), named_enum("temper"), Some("a::text::temper"));
        check(array(text()), array(integer()), Some("a::integer[]"));
        check(integer(), array(bigint()), Some("array[a]::bigint[]"));
        check(array(bigint()), integer(), Some("a[1]::integer"));
        check(varchar(9), uuid(), Some("a::uuid"));
        check(boolean(), integer(), Some("a::integer"));
        check(numeric(9, 2), boolean(), Some("a::integer::boolean"));
        check(custom("citext"), date(), Some("a::date"));
    }

    #[test]
    fn what_has_no_cast_goes_by_way_of_the_text() {
        check(boolean(), timestamp(), Some("a::text::timestamp without time zone"));
        check(integer(), named_enum("mood"), Some("a::text::mood"));
        check(array(integer()), array(date()), Some("a::text[]::date[]"));
        check(integer(), array(date()), Some("array[a]::text[]::date[]"));
        check(array(integer()), date(), Some("a[1]::text::date"));
    }
}
