//! How MySQL and MariaDB spell types.

use super::Flavor;
use crate::dialect::{Refusal, shared};
use crate::schema::ColumnType;

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
