//! Types as `format_type` gives them, back into what they mean.

use rectify_schema::dialect::POSTGRES;
use rectify_schema::{ColumnType, EnumType};

/// The type that is spelled like this; `enum_type` is the enum that the column holds, itself or in an array.
pub(super) fn parse(text: &str, enum_type: Option<&EnumType>) -> ColumnType {
    match (enum_type, text.strip_suffix("[]")) {
        (None, _) => POSTGRES.parse_type(text),
        (Some(enum_type), None) => ColumnType::Enum(enum_type.clone()),
        (Some(_), Some(element)) => ColumnType::Array(Box::new(parse(element, enum_type))),
    }
}

#[cfg(test)]
mod tests {
    use rectify_schema::build::{array, custom, enumeration, numeric, timestamptz, timetz, varchar};

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: ColumnType) {
        assert_eq!(parse(text, None), expected, "{text}");
    }

    #[test]
    fn types_as_the_catalog_spells_them() {
        check("character varying(255)", varchar(255));
        check("timestamp with time zone", timestamptz());
        check("time with time zone", timetz());
        check("numeric(3,1)[]", array(numeric(3, 1)));
        for other in ["numeric(3,-2)", "timestamp(3) without time zone", "bpchar", "ws.\"My Type\"", "interval"] {
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
