//! SQLite.

mod ddl;
mod normalize;
mod objects;
mod types;

use super::{Dialect, Refusal, Statement, shared};
use crate::name::NameLimit;
use crate::ops::Operation;
use crate::schema::{ColumnType, Value};

/// SQLite, 3.35 and later.
#[derive(Debug, Clone, Copy)]
pub struct Sqlite;

impl Dialect for Sqlite {
    fn name(&self) -> &'static str {
        "sqlite"
    }

    fn name_limit(&self) -> NameLimit {
        NameLimit::None
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
            Value::Bool(value) => i32::from(*value).to_string(),
            Value::Int(value) => value.to_string(),
            Value::Float(value) if value.is_finite() => format!("{value:?}"),
            Value::Float(value) => {
                return Err(Refusal::new(format!("the number {value} as a literal"), "use a finite number or NULL"));
            }
            Value::Text(text) => shared::text_literal(text)?,
            Value::Bytes(bytes) => format!("X'{}'", shared::hex(bytes)),
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

/// Words that cannot name a table or a column without quotes, or that SQLite lists as keywords; sorted.
#[rustfmt::skip]
pub(super) const RESERVED: &[&str] = &[
    "abort", "action", "add", "after", "all", "alter", "always", "analyze", "and", "as", "asc", "attach", "autoincrement",
    "before", "begin", "between", "by", "cascade", "case", "cast", "check", "collate", "column", "commit", "conflict",
    "constraint", "create", "cross", "current_date", "current_time", "current_timestamp", "database", "default", "deferrable",
    "deferred", "delete", "desc", "detach", "distinct", "do", "drop", "each", "else", "end", "escape", "except", "exclusive",
    "exists", "explain", "fail", "false", "for", "foreign", "from", "full", "generated", "glob", "group", "having", "if",
    "ignore", "immediate", "in", "index", "indexed", "initially", "inner", "insert", "instead", "intersect", "into", "is",
    "isnull", "join", "key", "left", "like", "limit", "match", "materialized", "natural", "not", "nothing", "notnull", "null",
    "of", "offset", "on", "or", "order", "outer", "over", "plan", "pragma", "primary", "query", "raise", "recursive",
    "references", "reindex", "rename", "replace", "restrict", "returning", "right", "rollback", "row", "select", "set", "table",
    "temp", "temporary", "then", "to", "transaction", "trigger", "true", "union", "unique", "update", "using", "vacuum",
    "values", "view", "virtual", "when", "where", "window", "with", "without",
];
