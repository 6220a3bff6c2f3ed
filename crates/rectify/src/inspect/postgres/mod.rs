//! PostgreSQL, 12 and later: from `pg_catalog`, which is faster than `information_schema` and knows all of it.

mod objects;
mod parse;
mod queries;
mod types;

use rectify_schema::dialect::Dialect;
use rectify_schema::{Extension, Schema};

use super::{InspectError, Schemas, Scope, read};
use crate::database::Database;

/// The schemas that there are; extensions are the database's as a whole.
pub(super) fn schemas(db: &mut dyn Database) -> Result<(Schemas, Vec<Extension>), InspectError> {
    read(db, "schemas and extensions", objects::SCHEMAS_AND_EXTENSIONS).map(objects::schemas_and_extensions)
}

pub(super) fn schema(db: &mut dyn Database, dialect: &dyn Dialect, scope: &Scope) -> Result<Schema, InspectError> {
    let condition = queries::condition(dialect, scope);
    let rows = parse::Rows {
        tables: read(db, "tables", &queries::tables(&condition))?,
        columns: read(db, "columns", &queries::columns(&condition))?,
        constraints: read(db, "constraints", &queries::constraints(&condition, scope))?,
        indexes: read(db, "indexes", &queries::indexes(&condition))?,
        excludes: read(db, "exclusion constraints", &queries::excludes(&condition))?,
        enums: read(db, "enum types", &queries::enums(dialect, scope))?,
    };
    let mut schema = parse::schema(rows);
    if scope.table.is_none() {
        let sequences = read(db, "sequences", &objects::sequences(dialect, scope))?;
        schema.sequences = sequences.into_iter().map(objects::sequence_of).collect();
        let programs = read(db, "views, functions and triggers", &objects::programs(dialect, scope))?;
        schema.objects = programs.into_iter().map(objects::program).collect::<Result<_, _>>()?;
    }
    Ok(schema)
}
