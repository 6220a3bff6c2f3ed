//! Types as `format_type` gives them, back into what they mean.

use rectify_schema::{ColumnType, EnumType};

/// The type that is spelled like this; `enum_type` is the enum that the column holds, itself or in an array.
pub(super) fn parse(text: &str, enum_type: Option<&EnumType>) -> ColumnType {
    if let Some(element) = text.strip_suffix("[]") {
        return ColumnType::Array(Box::new(parse(element, enum_type)));
    }
    if let Some(enum_type) = enum_type {
        return ColumnType::Enum(enum_type.clone());
    }
    known(text).unwrap_or_else(|| ColumnType::Custom(text.to_owned()))
}

fn known(text: &str) -> Option<ColumnType> {
    let (word, arguments) = match text.split_once('(') {
        Some((word, arguments)) => (word, Some(arguments.strip_suffix(')')?)),
        None => (text, None),
    };
    Some(match (word, arguments) {
        ("numeric", Some(arguments)) => {
            let (precision, scale) = arguments.split_once(',')?;
            ColumnType::Numeric { precision: Some(precision.parse().ok()?), scale: Some(scale.parse().ok()?) }
        }
        ("character", Some(length)) => ColumnType::Char(length.parse().ok()?),
        ("character varying", Some(length)) => ColumnType::Varchar(Some(length.parse().ok()?)),
        (_, Some(_)) => return None,
        ("smallint", None) => ColumnType::SmallInt,
        ("integer", None) => ColumnType::Integer,
        ("bigint", None) => ColumnType::BigInt,
        ("numeric", None) => ColumnType::Numeric { precision: None, scale: None },
        ("real", None) => ColumnType::Real,
        ("double precision", None) => ColumnType::Double,
        ("boolean", None) => ColumnType::Boolean,
        ("character varying", None) => ColumnType::Varchar(None),
        ("text", None) => ColumnType::Text,
        ("bytea", None) => ColumnType::Binary,
        ("date", None) => ColumnType::Date,
        ("time without time zone", None) => ColumnType::Time,
        ("time with time zone", None) => ColumnType::TimeTz,
        ("timestamp without time zone", None) => ColumnType::Timestamp,
        ("timestamp with time zone", None) => ColumnType::TimestampTz,
        ("uuid", None) => ColumnType::Uuid,
        ("json", None) => ColumnType::Json,
        ("jsonb", None) => ColumnType::Jsonb,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use rectify_schema::build::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: ColumnType) {
        assert_eq!(parse(text, None), expected, "{text}");
    }

    #[test]
    fn known_types() {
        check("numeric(12,2)", numeric(12, 2));
        check("character varying(255)", varchar(255));
        check("character(2)", char(2));
        check("timestamp with time zone", timestamptz());
        check("integer[]", array(integer()));
        check("numeric(3,1)[]", array(numeric(3, 1)));
    }

    #[test]
    fn other_types_are_kept_as_they_are() {
        for other in [
            "numeric(3,-2)",
            "timestamp(3) without time zone",
            "bit varying(4)",
            "bpchar",
            "ws.\"My Type\"",
            "interval",
        ] {
            check(other, custom(other));
        }
    }

    #[test]
    fn enums_are_known_by_what_the_catalog_says() {
        let mood = EnumType::new("mood", ["sad"]);
        assert_eq!(parse("mood", Some(&mood)), enumeration("mood", ["sad"]));
        assert_eq!(parse("mood[]", Some(&mood)), array(enumeration("mood", ["sad"])));
    }
}
