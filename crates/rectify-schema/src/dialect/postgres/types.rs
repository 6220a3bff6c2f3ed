//! How PostgreSQL spells types.

use super::Postgres;
use crate::dialect::{Refusal, shared};
use crate::schema::ColumnType;

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
        ColumnType::Double => "DOUBLE PRECISION".to_owned(),
        ColumnType::Boolean => "BOOLEAN".to_owned(),
        ColumnType::Char(length) => format!("CHAR({length})"),
        ColumnType::Varchar(Some(length)) => format!("VARCHAR({length})"),
        ColumnType::Varchar(None) => "VARCHAR".to_owned(),
        ColumnType::Text => "TEXT".to_owned(),
        ColumnType::Binary => "BYTEA".to_owned(),
        ColumnType::Date => "DATE".to_owned(),
        ColumnType::Time => "TIME WITHOUT TIME ZONE".to_owned(),
        ColumnType::TimeTz => "TIME WITH TIME ZONE".to_owned(),
        ColumnType::Timestamp => "TIMESTAMP WITHOUT TIME ZONE".to_owned(),
        ColumnType::TimestampTz => "TIMESTAMP WITH TIME ZONE".to_owned(),
        ColumnType::Uuid => "UUID".to_owned(),
        ColumnType::Json => "JSON".to_owned(),
        ColumnType::Jsonb => "JSONB".to_owned(),
        ColumnType::Array(of) => format!("{}[]", type_name(of)?),
        ColumnType::Enum(enum_type) => shared::table_name(&Postgres, &enum_type.name)?,
        ColumnType::Custom(text) if text.is_empty() => {
            return Err(Refusal::new("a column without a type", "give the column a type"));
        }
        ColumnType::Custom(text) => shared::sql_text(text)?.to_owned(),
    })
}
