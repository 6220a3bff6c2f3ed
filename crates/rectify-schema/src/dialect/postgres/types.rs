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

/// Reads what `format_type` prints.
pub(super) fn parse_type(text: &str) -> ColumnType {
    if let Some(of) = text.strip_suffix("[]") {
        return ColumnType::Array(Box::new(parse_type(of)));
    }
    let usual = match text.split_once('(') {
        Some(("character varying", rest)) => format!("varchar({rest}"),
        Some(("character", rest)) => format!("char({rest}"),
        _ if text == "character varying" => "varchar".to_owned(),
        _ => text.to_owned(),
    };
    shared::parse_type(&Postgres, &usual).unwrap_or_else(|| ColumnType::Custom(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{
        bigint, boolean, char, custom, double, integer, jsonb, numeric, smallint, text, timestamp, uuid, varchar,
    };

    #[track_caller]
    fn check(text: &str, expected: &ColumnType) {
        assert_eq!(parse_type(text), *expected, "{text}");
        let spelt = type_name(expected).unwrap();
        assert_eq!(parse_type(&spelt), *expected, "{spelt}");
    }

    #[test]
    fn types_read_back_from_the_catalog() {
        check("smallint", &smallint());
        check("integer", &integer());
        check("bigint", &bigint());
        check("numeric(12,2)", &numeric(12, 2));
        check("double precision", &double());
        check("boolean", &boolean());
        check("character varying(30)", &varchar(30));
        check("character(2)", &char(2));
        check("text", &text());
        check("timestamp without time zone", &timestamp());
        check("uuid", &uuid());
        check("jsonb", &jsonb());
        check("text[]", &crate::schema::array(text()));
        check("int4range", &custom("int4range"));
        check("timestamp(3) without time zone", &custom("timestamp(3) without time zone"));
    }
}
