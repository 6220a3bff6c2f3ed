//! PostgreSQL, 12 and later: from `pg_catalog`, which is faster than `information_schema` and knows all of it.

mod parse;
mod queries;
mod types;

use rectify_schema::Schema;
use rectify_schema::dialect::Dialect;

use super::{InspectError, Scope, read};
use crate::database::Database;

pub(super) fn schema(db: &mut dyn Database, dialect: &dyn Dialect, scope: &Scope) -> Result<Schema, InspectError> {
    let condition = queries::condition(dialect, scope);
    let rows = parse::Rows {
        tables: read(db, "tables", &queries::tables(&condition))?,
        columns: read(db, "columns", &queries::columns(&condition))?,
        constraints: read(db, "constraints", &queries::constraints(&condition))?,
        indexes: read(db, "indexes", &queries::indexes(&condition))?,
        enums: read(db, "enum types", &queries::enums(dialect, scope))?,
    };
    Ok(parse::schema(rows))
}
