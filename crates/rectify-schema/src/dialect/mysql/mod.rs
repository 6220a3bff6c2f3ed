//! MySQL and MariaDB: two flavours of one dialect.

mod ddl;
mod normalize;
mod objects;
mod types;

use super::{Dialect, Refusal, Statement, shared};
use crate::name::NameLimit;
use crate::ops::Operation;
use crate::schema::{ColumnType, Value};

/// Which of the two it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavor {
    /// MySQL, 8.0.16 and later.
    Mysql,
    /// MariaDB, 10.7 and later.
    Mariadb,
}

impl Dialect for Flavor {
    fn name(&self) -> &'static str {
        match self {
            Self::Mysql => "mysql",
            Self::Mariadb => "mariadb",
        }
    }

    fn name_limit(&self) -> NameLimit {
        NameLimit::Characters(64)
    }

    // Both commit implicitly before and after DDL, so a failed step leaves the earlier ones applied.
    fn transactional_ddl(&self) -> bool {
        false
    }

    fn quote(&self, name: &str) -> String {
        if shared::is_bare(name, RESERVED) {
            return name.to_owned();
        }
        format!("`{}`", name.replace('`', "``"))
    }

    fn literal(&self, value: &Value) -> Result<String, Refusal> {
        Ok(match value {
            Value::Null => "NULL".to_owned(),
            Value::Bool(value) => value.to_string(),
            Value::Int(value) => value.to_string(),
            Value::Float(value) if value.is_finite() => format!("{value:?}"),
            Value::Float(value) => {
                return Err(Refusal::new(format!("the number {value}"), "use a finite number or NULL"));
            }
            // A backslash escapes here, unless the session's sql_mode has NO_BACKSLASH_ESCAPES.
            Value::Text(text) => shared::text_literal(&text.replace('\\', "\\\\"))?,
            Value::Bytes(bytes) => format!("X'{}'", shared::hex(bytes)),
        })
    }

    fn type_name(&self, column_type: &ColumnType) -> Result<String, Refusal> {
        types::type_name(*self, column_type)
    }

    fn parse_type(&self, text: &str) -> ColumnType {
        types::parse_type(*self, text)
    }

    fn normalize_type(&self, column_type: &ColumnType) -> ColumnType {
        normalize::normalize(*self, column_type)
    }

    fn statements(&self, op: &Operation) -> Result<Vec<Statement>, Refusal> {
        ddl::statements(*self, op)
    }
}

/// Words that cannot name a table or a column without quotes, in either flavour; sorted.
#[rustfmt::skip]
pub(super) const RESERVED: &[&str] = &[
    "accessible", "add", "all", "alter", "analyze", "and", "as", "asc", "asensitive", "before", "between", "bigint", "binary",
    "blob", "both", "by", "call", "cascade", "case", "change", "char", "character", "check", "collate", "column", "condition",
    "constraint", "continue", "convert", "create", "cross", "cube", "cume_dist", "current_date", "current_role",
    "current_time", "current_timestamp", "current_user", "cursor", "database", "databases", "day_hour", "day_microsecond",
    "day_minute", "day_second", "dec", "decimal", "declare", "default", "delayed", "delete", "delete_domain_id", "dense_rank",
    "desc", "describe", "deterministic", "distinct", "distinctrow", "div", "do_domain_ids", "double", "drop", "dual", "each",
    "else", "elseif", "empty", "enclosed", "escaped", "except", "exists", "exit", "explain", "false", "fetch", "first_value",
    "float", "float4", "float8", "for", "force", "foreign", "from", "fulltext", "function", "general", "generated", "get",
    "grant", "group", "grouping", "groups", "having", "high_priority", "hour_microsecond", "hour_minute", "hour_second", "if",
    "ignore", "ignore_domain_ids", "ignore_server_ids", "in", "index", "infile", "inner", "inout", "insensitive", "insert",
    "int", "int1", "int2", "int3", "int4", "int8", "integer", "intersect", "interval", "into", "io_after_gtids",
    "io_before_gtids", "is", "iterate", "join", "json_table", "key", "keys", "kill", "lag", "last_value", "lateral", "lead",
    "leading", "leave", "left", "like", "limit", "linear", "lines", "load", "localtime", "localtimestamp", "lock", "long",
    "longblob", "longtext", "loop", "low_priority", "manual", "master_bind", "master_heartbeat_period",
    "master_ssl_verify_server_cert", "match", "maxvalue", "mediumblob", "mediumint", "mediumtext", "middleint",
    "minute_microsecond", "minute_second", "mod", "modifies", "natural", "no_write_to_binlog", "not", "nth_value", "ntile",
    "null", "numeric", "of", "offset", "on", "optimize", "optimizer_costs", "option", "optionally", "or", "order", "out",
    "outer", "outfile", "over", "page_checksum", "parallel", "parse_vcol_expr", "partition", "percent_rank", "period",
    "position", "precision", "primary", "procedure", "purge", "qualify", "range", "rank", "read", "read_write", "reads",
    "real", "recursive", "ref_system_id", "references", "regexp", "release", "rename", "repeat", "replace", "require",
    "resignal", "restrict", "return", "returning", "revoke", "right", "rlike", "row", "row_number", "rows", "schema",
    "schemas", "second_microsecond", "select", "sensitive", "separator", "set", "show", "signal", "slow", "smallint",
    "spatial", "specific", "sql", "sql_big_result", "sql_calc_found_rows", "sql_small_result", "sqlexception", "sqlstate",
    "sqlwarning", "ssl", "starting", "stats_auto_recalc", "stats_persistent", "stats_sample_pages", "stored",
    "straight_join", "system", "table", "terminated", "then", "tinyblob", "tinyint", "tinytext", "to", "trailing",
    "trigger", "true", "undo", "union", "unique", "unlock", "unsigned", "update", "usage", "use", "using", "utc_date",
    "utc_time", "utc_timestamp", "values", "varbinary", "varchar", "varcharacter", "varying", "virtual", "when", "where",
    "while", "window", "with", "write", "xor", "year_month", "zerofill",
];
