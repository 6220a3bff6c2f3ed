//! The tables of the models, made and removed at once: for tests and for databases to throw away.

use rectify_schema::dialect::Dialect;
use rectify_schema::diff::{DiffOptions, diff};
use rectify_schema::{Operation, Schema, TableName, Unsupported};

use super::{ModelsError, declared};
use crate::database::Database;
use crate::error::DatabaseError;
use crate::inspect::{InspectError, InspectOptions, inspect};
use crate::runner::dialect_of;

/// Why the models' tables could not be made or removed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CreateError {
    /// There are no models, or they mean nothing on this database.
    #[error("failed to read the models")]
    Models(#[from] ModelsError),
    /// The database did not say which it is.
    #[error("failed to ask the database for its version")]
    Version(#[source] DatabaseError),
    /// The catalog could not be read.
    #[error("failed to see what the database holds")]
    Inspect(#[from] InspectError),
    /// The database cannot do it.
    #[error("the models ask for what the database cannot do")]
    Unsupported(#[from] Unsupported),
    /// The database refused a statement. What was done before it stands, unless a transaction was open.
    #[error("failed to {operation}")]
    Statement {
        /// The operation.
        operation: String,
        /// The statement.
        sql: String,
        /// What the database said.
        source: Box<DatabaseError>,
    },
}

/// Makes what the models of this program declare and the database lacks: tables in the order of their foreign keys, enum types
/// before them, views after. What is there by name is left as it is.
///
/// For tests and for databases to throw away: a database that is to stay is made by its migrations.
///
/// # Errors
///
/// [`CreateError`] where there are no models, where they ask for what the database cannot do, where the database refuses a
/// statement.
///
/// # Examples
///
/// ```standalone_crate
/// rectify::table! {
///     guests (id) {
///         #[identity]
///         id -> BigInt,
///         name -> Text,
///     }
/// }
///
/// # #[cfg(not(feature = "sqlite"))]
/// # fn main() {}
/// # #[cfg(feature = "sqlite")]
/// # fn main() -> rectify::Result<()> {
/// use diesel::prelude::*;
///
/// let mut connection = rectify::AnyConnection::connect(":memory:", rectify::Create::IfMissing)?;
/// rectify::create_all(&mut connection)?;
/// diesel::insert_into(guests::table).values(guests::name.eq("Ada")).execute(&mut connection)?;
/// rectify::drop_all(&mut connection)?;
/// # Ok(())
/// # }
/// ```
pub fn create_all(db: &mut dyn Database) -> Result<(), CreateError> {
    let dialect = dialect_of(db).map_err(CreateError::Version)?;
    let mut missing = declared(dialect)?;
    let there = there(db, &missing)?;
    retain(&mut missing, |kind, name| !holds(&there, kind, name));
    run(db, dialect, diff(&Schema::default(), &missing, dialect, &DiffOptions::default()).operations)
}

/// Removes what the models of this program declare and the database holds by name, with all rows.
///
/// # Errors
///
/// As [`create_all`].
pub fn drop_all(db: &mut dyn Database) -> Result<(), CreateError> {
    let dialect = dialect_of(db).map_err(CreateError::Version)?;
    let mut doomed = declared(dialect)?;
    let there = there(db, &doomed)?;
    retain(&mut doomed, |kind, name| holds(&there, kind, name));
    // An extension or a schema may be somebody else's too.
    doomed.extensions.clear();
    doomed.schemas.clear();
    run(db, dialect, diff(&doomed, &Schema::default(), dialect, &DiffOptions::default()).operations)
}

/// What the database holds in the schemas that the models name.
fn there(db: &mut dyn Database, models: &Schema) -> Result<Schema, InspectError> {
    let tables = models.tables.iter().map(|table| &table.name).chain(models.enums.iter().map(|found| &found.name));
    let mut names = tables.chain(models.objects.iter().map(|object| &object.name));
    let elsewhere = names.any(|name| name.schema.is_some());
    let options = InspectOptions::default();
    inspect(db, &if elsewhere { options.schemas(["*"]) } else { options })
}

#[derive(Clone, Copy)]
enum Kind {
    Table,
    Enum,
    Sequence,
    Object,
    Extension,
    Schema,
}

fn retain(schema: &mut Schema, keep: impl Fn(Kind, &TableName) -> bool) {
    schema.tables.retain(|table| keep(Kind::Table, &table.name));
    schema.enums.retain(|found| keep(Kind::Enum, &found.name));
    schema.sequences.retain(|sequence| keep(Kind::Sequence, &sequence.name));
    schema.objects.retain(|object| keep(Kind::Object, &object.name));
    schema.extensions.retain(|extension| keep(Kind::Extension, &extension.name.as_str().into()));
    schema.schemas.retain(|name| keep(Kind::Schema, &name.as_str().into()));
}

fn holds(schema: &Schema, kind: Kind, name: &TableName) -> bool {
    match kind {
        Kind::Table => schema.tables.iter().any(|table| table.name == *name),
        Kind::Enum => schema.enums.iter().any(|found| found.name == *name),
        Kind::Sequence => schema.sequences.iter().any(|sequence| sequence.name == *name),
        Kind::Object => schema.objects.iter().any(|object| object.name == *name),
        Kind::Extension => schema.extensions.iter().any(|extension| extension.name == name.name),
        Kind::Schema => schema.schemas.contains(&name.name),
    }
}

fn run(db: &mut dyn Database, dialect: &dyn Dialect, operations: Vec<Operation>) -> Result<(), CreateError> {
    for operation in operations {
        for statement in dialect.render(&operation)? {
            let refused = |error: diesel::result::Error| CreateError::Statement {
                operation: operation.to_string(),
                sql: statement.sql.clone(),
                source: Box::new(error.into()),
            };
            db.run(&statement.sql).map_err(refused)?;
        }
    }
    Ok(())
}
