//! How MySQL and MariaDB spell types.

use super::Flavor;
use crate::dialect::{Refusal, shared};
use crate::schema::{ColumnType, EnumType};

pub(super) fn type_name(flavor: Flavor, column_type: &ColumnType) -> Result<String, Refusal> {
    Ok(match column_type {
        ColumnType::SmallInt => "SMALLINT".to_owned(),
        ColumnType::Integer => "INTEGER".to_owned(),
        ColumnType::BigInt => "BIGINT".to_owned(),
        ColumnType::Numeric { precision: Some(precision), scale: Some(scale) } => {
            format!("NUMERIC({precision}, {scale})")
        }
        ColumnType::Numeric { precision: Some(precision), scale: None } => format!("NUMERIC({precision})"),
        ColumnType::Numeric { precision: None, .. } => "NUMERIC".to_owned(),
        ColumnType::Real => "FLOAT".to_owned(),
        ColumnType::Double => "DOUBLE".to_owned(),
        ColumnType::Boolean => "BOOL".to_owned(),
        ColumnType::Char(length) => format!("CHAR({length})"),
        ColumnType::Varchar(Some(length)) => format!("VARCHAR({length})"),
        ColumnType::Varchar(None) => {
            return Err(Refusal::new("a varchar without a length", "give a length, or use `text()`"));
        }
        ColumnType::Text => "TEXT".to_owned(),
        ColumnType::Binary => "BLOB".to_owned(),
        ColumnType::Date => "DATE".to_owned(),
        ColumnType::Time => "TIME".to_owned(),
        ColumnType::TimeTz => {
            return Err(Refusal::new(
                "a time of day with an offset",
                "use `time()`, or keep the offset in a column of its own",
            ));
        }
        ColumnType::Timestamp => "DATETIME".to_owned(),
        ColumnType::TimestampTz => "TIMESTAMP".to_owned(),
        ColumnType::Uuid => match flavor {
            Flavor::Mysql => "CHAR(36)".to_owned(),
            Flavor::Mariadb => "UUID".to_owned(),
        },
        ColumnType::Json | ColumnType::Jsonb => "JSON".to_owned(),
        ColumnType::Array(_) => return Err(Refusal::new("arrays", "keep the list in a `json()` column or in a table")),
        ColumnType::Enum(enum_type) => format!("ENUM({})", shared::enum_values(&flavor, enum_type)?),
        ColumnType::Custom(text) if text.is_empty() => {
            return Err(Refusal::new("a column without a type", "give the column a type"));
        }
        ColumnType::Custom(text) => shared::sql_text(text)?.to_owned(),
    })
}

/// Tells whether values are kept outside the row, so that a key needs a length and, on MySQL, a default parentheses.
pub(super) fn is_long(column_type: &ColumnType) -> bool {
    match column_type {
        ColumnType::Text | ColumnType::Binary | ColumnType::Json | ColumnType::Jsonb => true,
        ColumnType::Custom(text) => {
            let text = text.to_ascii_uppercase();
            ["TEXT", "BLOB", "JSON"].iter().any(|word| text.contains(word))
        }
        ColumnType::SmallInt
        | ColumnType::Integer
        | ColumnType::BigInt
        | ColumnType::Numeric { .. }
        | ColumnType::Real
        | ColumnType::Double
        | ColumnType::Boolean
        | ColumnType::Char(_)
        | ColumnType::Varchar(_)
        | ColumnType::Date
        | ColumnType::Time
        | ColumnType::TimeTz
        | ColumnType::Timestamp
        | ColumnType::TimestampTz
        | ColumnType::Uuid
        | ColumnType::Array(_)
        | ColumnType::Enum(_) => false,
    }
}

/// Reads what `information_schema.columns.column_type` holds.
pub(super) fn parse_type(flavor: Flavor, text: &str) -> ColumnType {
    let lower = text.to_ascii_lowercase();
    if lower.starts_with("enum(") {
        // The type has no name here. The values are read from the text as it stands, whose case matters.
        return ColumnType::Enum(EnumType::new("", parse_values(&text["enum(".len()..])));
    }
    let usual = match lower.split_once('(') {
        Some(("tinyint", "1)")) => "bool".to_owned(),
        // The number is a width of display, which MySQL 8 no longer prints.
        Some(("int", rest)) if rest.ends_with(')') => "integer".to_owned(),
        Some((name @ ("smallint" | "bigint"), rest)) if rest.ends_with(')') => name.to_owned(),
        Some(("decimal", rest)) => format!("numeric({rest}"),
        _ if lower == "int" => "integer".to_owned(),
        _ => lower,
    };
    shared::parse_type(&flavor, &usual).unwrap_or_else(|| ColumnType::Custom(text.to_owned()))
}

/// Reads `'a','b''c'`, and stops at the parenthesis after it.
fn parse_values(text: &str) -> Vec<String> {
    let mut values = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('\'') {
        rest = &rest[start + 1..];
        let mut value = String::new();
        while let Some(end) = rest.find('\'') {
            value += &rest[..end];
            rest = &rest[end + 1..];
            match rest.strip_prefix('\'') {
                Some(after) => {
                    value.push('\'');
                    rest = after;
                }
                None => break,
            }
        }
        values.push(value);
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{
        bigint, boolean, char, custom, double, integer, numeric, smallint, text, timestamp, uuid, varchar,
    };

    #[track_caller]
    fn check(text: &str, expected: &ColumnType) {
        assert_eq!(parse_type(Flavor::Mariadb, text), *expected, "{text}");
        let spelt = type_name(Flavor::Mariadb, expected).unwrap();
        assert_eq!(parse_type(Flavor::Mariadb, &spelt), *expected, "{spelt}");
    }

    #[test]
    fn types_read_back_from_the_catalog() {
        check("smallint(6)", &smallint());
        check("int(11)", &integer());
        check("bigint(20)", &bigint());
        check("decimal(12,2)", &numeric(12, 2));
        check("double", &double());
        check("tinyint(1)", &boolean());
        check("varchar(30)", &varchar(30));
        check("char(2)", &char(2));
        check("text", &text());
        check("datetime", &timestamp());
        check("uuid", &uuid());
        check("int(10) unsigned", &custom("int(10) unsigned"));
        check("enum('a','it''s')", &crate::schema::enumeration("", ["a", "it's"]));
    }
}
