//! PostgreSQL.

mod ddl;
mod normalize;
mod objects;
mod types;

use super::{Dialect, Refusal, Statement, shared};
use crate::name::NameLimit;
use crate::ops::Operation;
use crate::schema::{ColumnType, Value};

/// PostgreSQL, 12 and later.
#[derive(Debug, Clone, Copy)]
pub struct Postgres;

impl Dialect for Postgres {
    fn name(&self) -> &'static str {
        "postgres"
    }

    fn name_limit(&self) -> NameLimit {
        NameLimit::Bytes(63)
    }

    fn transactional_ddl(&self) -> bool {
        true
    }

    fn quote(&self, name: &str) -> String {
        if shared::is_bare(name, RESERVED) {
            return name.to_owned();
        }
        format!("\"{}\"", name.replace('"', "\"\""))
    }

    fn literal(&self, value: &Value) -> Result<String, Refusal> {
        Ok(match value {
            Value::Null => "NULL".to_owned(),
            Value::Bool(value) => value.to_string(),
            Value::Int(value) => value.to_string(),
            Value::Float(value) if value.is_finite() => format!("{value:?}"),
            Value::Float(value) if value.is_nan() => "'NaN'".to_owned(),
            Value::Float(value) if *value > 0.0 => "'Infinity'".to_owned(),
            Value::Float(_) => "'-Infinity'".to_owned(),
            // Standard strings are assumed, the default since 9.1: a backslash is itself.
            Value::Text(text) => shared::text_literal(text)?,
            Value::Bytes(bytes) => format!("'\\x{}'", shared::hex(bytes)),
        })
    }

    fn type_name(&self, column_type: &ColumnType) -> Result<String, Refusal> {
        types::type_name(column_type)
    }

    fn parse_type(&self, text: &str) -> ColumnType {
        types::parse_type(text)
    }

    fn normalize_type(&self, column_type: &ColumnType) -> ColumnType {
        normalize::normalize(column_type)
    }

    fn statements(&self, op: &Operation) -> Result<Vec<Statement>, Refusal> {
        ddl::statements(op)
    }
}

/// Words that cannot name a table or a column without quotes; sorted.
#[rustfmt::skip]
pub(super) const RESERVED: &[&str] = &[
    "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "authorization", "between", "binary", "both",
    "case", "cast", "check", "collate", "collation", "column", "concurrently", "constraint", "create", "cross",
    "current_catalog", "current_date", "current_role", "current_schema", "current_time", "current_timestamp", "current_user",
    "default", "deferrable", "desc", "distinct", "do", "else", "end", "except", "false", "fetch", "for", "foreign", "freeze",
    "from", "full", "grant", "group", "having", "ilike", "in", "initially", "inner", "intersect", "into", "is", "isnull", "join",
    "lateral", "leading", "left", "like", "limit", "localtime", "localtimestamp", "natural", "new", "not", "notnull", "null",
    "of", "off", "offset", "old", "on", "only", "or", "order", "outer", "over", "overlaps", "placing", "primary", "references",
    "returning", "right", "select", "session_user", "similar", "some", "symmetric", "system_user", "table", "tablesample",
    "then", "to", "trailing", "true", "union", "unique", "user", "using", "variadic", "verbose", "when", "where", "window",
    "with",
];
