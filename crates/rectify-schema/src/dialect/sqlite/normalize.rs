//! Types that are one to SQLite, or would be declared alike.

use crate::dialect::shared;
use crate::schema::ColumnType;

/// Gives the type that is read back for a column of this one.
pub(super) fn normalize(column_type: &ColumnType) -> ColumnType {
    match column_type {
        ColumnType::Enum(_) | ColumnType::Array(_) => column_type.clone(),
        ColumnType::Custom(text) => named(text),
        other => super::types::type_name(other).map_or_else(|_| other.clone(), |text| super::types::parse_type(&text)),
    }
}

fn named(text: &str) -> ColumnType {
    let text = shared::squeezed(text);
    let (name, arguments, rest) = shared::type_parts(&text);
    let arguments = arguments.map_or(String::new(), |arguments| format!("({arguments})"));
    let spelt = match name {
        "int" if rest.is_empty() => "integer".to_owned(),
        "decimal" => format!("numeric{arguments}"),
        "character" => format!("char{arguments}"),
        "character varying" => format!("varchar{arguments}"),
        "double precision" => "double".to_owned(),
        "bool" => "boolean".to_owned(),
        _ => text.clone(),
    };
    match super::types::parse_type(&spelt) {
        ColumnType::Custom(text) => ColumnType::Custom(text.to_uppercase()),
        known => known,
    }
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
        check("INT", integer());
        check("DECIMAL(10,2)", numeric(10, 2));
        check("character varying(9)", varchar(9));
        check("datetime", custom("DATETIME"));
        check("", custom(""));
        assert_eq!(normalize(&timestamptz()), timestamp());
        assert_eq!(normalize(&uuid()), char(36));
    }
}
