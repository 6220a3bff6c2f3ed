//! How SQLite spells types.
//!
//! SQLite keeps any text as a type and takes an affinity from it. The spellings are chosen so that values stay as they
//! are written, and so that Diesel knows the type again.

use super::Sqlite;
use crate::dialect::{Refusal, shared};
use crate::schema::{ColumnType, EnumType};

pub(super) fn type_name(column_type: &ColumnType) -> Result<String, Refusal> {
    Ok(match column_type {
        ColumnType::SmallInt => "SMALLINT".to_owned(),
        ColumnType::Integer => "INTEGER".to_owned(),
        ColumnType::BigInt => "BIGINT".to_owned(),
        ColumnType::Numeric { precision: Some(precision), scale: Some(scale) } => {
            format!("NUMERIC({precision}, {scale})")
        }
        ColumnType::Numeric { precision: Some(precision), scale: None } => format!("NUMERIC({precision})"),
        ColumnType::Numeric { precision: None, .. } => "NUMERIC".to_owned(),
        ColumnType::Real => "REAL".to_owned(),
        ColumnType::Double => "DOUBLE".to_owned(),
        ColumnType::Boolean => "BOOLEAN".to_owned(),
        ColumnType::Char(length) => format!("CHAR({length})"),
        ColumnType::Varchar(Some(length)) => format!("VARCHAR({length})"),
        ColumnType::Varchar(None) => "VARCHAR".to_owned(),
        ColumnType::Text => "TEXT".to_owned(),
        ColumnType::Binary => "BLOB".to_owned(),
        ColumnType::Date => "DATE".to_owned(),
        // Times are text, which keeps an offset if it has one.
        ColumnType::Time | ColumnType::TimeTz => "TIME".to_owned(),
        ColumnType::Timestamp | ColumnType::TimestampTz => "TIMESTAMP".to_owned(),
        // Text affinity: a UUID of digits and one `e` would become a number in a column declared UUID.
        ColumnType::Uuid => "CHAR(36)".to_owned(),
        ColumnType::Json => "JSON".to_owned(),
        ColumnType::Jsonb => "JSONB".to_owned(),
        ColumnType::Array(_) => return Err(Refusal::new("arrays", "keep the list in a `json()` column or in a table")),
        ColumnType::Enum(enum_type) => {
            shared::enum_values(&Sqlite, enum_type)?;
            "TEXT".to_owned()
        }
        ColumnType::Custom(text) => shared::sql_text(text)?.to_owned(),
    })
}

/// The condition that stands for an enum.
pub(super) fn enum_check(column: &str, enum_type: &EnumType) -> Result<String, Refusal> {
    Ok(format!("{} IN ({})", shared::ident(&Sqlite, column)?, shared::enum_values(&Sqlite, enum_type)?))
}

/// Reads what a `CREATE TABLE` declared. Only our own spellings are read, so that a rebuilt table declares the same.
pub(super) fn parse_type(text: &str) -> ColumnType {
    let parsed = shared::parse_type(&Sqlite, text);
    parsed.unwrap_or_else(|| ColumnType::Custom(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{
        bigint, boolean, char, custom, double, integer, jsonb, numeric, smallint, text, timestamp, varchar,
    };

    #[track_caller]
    fn check(text: &str, expected: &ColumnType) {
        assert_eq!(parse_type(text), *expected, "{text}");
        let spelt = type_name(expected).unwrap();
        assert_eq!(parse_type(&spelt), *expected, "{spelt}");
    }

    #[test]
    fn types_read_back_from_the_catalog() {
        check("SMALLINT", &smallint());
        check("integer", &integer());
        check("BIGINT", &bigint());
        check("NUMERIC(12,2)", &numeric(12, 2));
        check("DOUBLE", &double());
        check("BOOLEAN", &boolean());
        check("varchar(30)", &varchar(30));
        check("CHAR(2)", &char(2));
        check("TEXT", &text());
        check("TIMESTAMP", &timestamp());
        check("CHAR(36)", &char(36));
        check("JSONB", &jsonb());
        check("INT", &custom("INT"));
        check("", &custom(""));
    }
}
