//! Types that PostgreSQL takes for one another, as its catalog reports them.

use crate::dialect::shared;
use crate::schema::ColumnType;

/// Gives the type that the catalog reports for a column of this one.
pub(super) fn normalize(column_type: &ColumnType) -> ColumnType {
    match column_type {
        ColumnType::Array(of) => ColumnType::Array(Box::new(normalize(of))),
        ColumnType::Numeric { precision: Some(precision), scale } => {
            ColumnType::Numeric { precision: Some(*precision), scale: Some(scale.unwrap_or(0)) }
        }
        ColumnType::Custom(text) => named(text),
        ColumnType::Enum(_) => {
            super::types::type_name(column_type).map_or_else(|_| column_type.clone(), |text| named(&text))
        }
        other => other.clone(),
    }
}

fn named(text: &str) -> ColumnType {
    let text = shared::squeezed(text);
    if let Some(of) = text.strip_suffix("[]") {
        return ColumnType::Array(Box::new(named(of)));
    }
    let (name, arguments, rest) = shared::type_parts(&text);
    let spelt = match (name, arguments) {
        ("int" | "int4", None) => "integer".to_owned(),
        ("int8", None) => "bigint".to_owned(),
        ("int2", None) => "smallint".to_owned(),
        ("float4", None) => "real".to_owned(),
        ("float" | "float8", None) => "double precision".to_owned(),
        ("float", Some(digits)) if digits.parse().is_ok_and(|digits: u8| digits < 25) => "real".to_owned(),
        ("float", Some(_)) => "double precision".to_owned(),
        ("bool", None) => "boolean".to_owned(),
        ("char" | "character", None) => "character(1)".to_owned(),
        ("char", Some(length)) => format!("character({length})"),
        ("varchar", None) => "character varying".to_owned(),
        ("varchar", Some(length)) => format!("character varying({length})"),
        ("decimal" | "numeric", None) => "numeric".to_owned(),
        ("decimal" | "numeric", Some(arguments)) if arguments.contains(',') => format!("numeric({arguments})"),
        ("decimal" | "numeric", Some(precision)) => format!("numeric({precision},0)"),
        ("timestamptz" | "timetz", digits) => {
            let digits = digits.map_or(String::new(), |digits| format!("({digits})"));
            format!("{}{digits} with time zone", name.trim_end_matches("tz"))
        }
        ("timestamp" | "time", Some(digits)) if rest.is_empty() => format!("{name}({digits}) without time zone"),
        ("timestamp" | "time", None) if rest.is_empty() => format!("{name} without time zone"),
        _ => text.clone(),
    };
    super::types::parse_type(&spelt)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::*;

    #[track_caller]
    fn check(text: &str, expected: ColumnType) {
        assert_eq!(normalize(&custom(text)), expected, "{text}");
        assert_eq!(normalize(&expected), expected, "{text}");
    }

    #[test]
    fn spellings_of_one_type_are_one() {
        check("INT4RANGE", custom("int4range"));
        check("INT", integer());
        check("FLOAT", double());
        check("float(24)", real());
        check("character varying(9)", varchar(9));
        check("VARCHAR (9)", varchar(9));
        check("decimal(10)", numeric(10, 0));
        check("DECIMAL(10, 2)", numeric(10, 2));
        check("timestamptz", timestamptz());
        check("timestamptz(3)", custom("timestamp(3) with time zone"));
        check("TIMESTAMP(3)", custom("timestamp(3) without time zone"));
        check("INT[]", array(integer()));
        check("ws.\"My Type\"", custom("ws.\"My Type\""));
    }
}
