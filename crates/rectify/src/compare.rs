//! The models against a database: what autogenerate writes down, and what `check` looks for.

use rectify_schema::Schema;
use rectify_schema::dialect::Dialect;
use rectify_schema::diff::{Diff, DiffOptions, diff};

use crate::database::Database;
use crate::inspect::{InspectError, InspectOptions, inspect};
use crate::runner::dialect_of;

/// A database beside the models.
#[derive(Debug)]
pub struct Comparison {
    /// What the database speaks.
    pub dialect: &'static dyn Dialect,
    /// What it holds, without what the runner and Diesel's own keep there.
    pub database: Schema,
    /// What turns the database into what the models say.
    pub diff: Diff,
}

/// Compares a database with models. `scope` says what of the database is looked at, and names the version table, which is no
/// concern of the models.
///
/// Of the database it reads the current schema, the schemas that `scope` names, and each other one that a model is in. What
/// `scope` leaves out of the database is left out of the models by [`DiffOptions::filter`], which the caller sets alike.
///
/// # Errors
///
/// [`InspectError`] if the catalog cannot be read.
///
/// # Examples
///
/// ```no_run
/// # fn demo(connection: &mut rectify::AnyConnection) -> Result<(), Box<dyn std::error::Error>> {
/// use rectify::schema::dialect::POSTGRES;
///
/// let models = rectify::models::declared(POSTGRES)?;
/// let found = rectify::compare(connection, &models, &Default::default(), &Default::default())?;
/// for operation in &found.diff.operations {
///     println!("{operation}");
/// }
/// # Ok(())
/// # }
/// ```
pub fn compare(
    db: &mut dyn Database,
    models: &Schema,
    options: &DiffOptions,
    scope: &InspectOptions,
) -> Result<Comparison, InspectError> {
    let dialect = dialect_of(db).map_err(InspectError::Version)?;
    let mut database = inspect(db, &InspectOptions { schemas: Vec::new(), ..scope.clone() })?;
    let others: Vec<String> = schemas_of(models).into_iter().chain(scope.schemas.iter().cloned()).collect();
    if !others.is_empty() {
        join(&mut database, inspect(db, &InspectOptions { schemas: others, ..scope.clone() })?);
    }
    let diff = diff(&database, models, dialect, options);
    Ok(Comparison { dialect, database, diff })
}

/// The schemas that the models name.
fn schemas_of(models: &Schema) -> Vec<String> {
    let tables = models.tables.iter().map(|table| &table.name);
    let objects = models.objects.iter().map(|object| &object.name);
    let others = models.enums.iter().map(|found| &found.name).chain(models.sequences.iter().map(|found| &found.name));
    let mut schemas: Vec<String> = tables.chain(objects).chain(others).filter_map(|name| name.schema.clone()).collect();
    schemas.sort();
    schemas.dedup();
    schemas
}

/// Puts in what is not there yet: the current schema may be named too.
fn join(schema: &mut Schema, other: Schema) {
    fn add<T: PartialEq>(to: &mut Vec<T>, from: Vec<T>) {
        for item in from {
            if !to.contains(&item) {
                to.push(item);
            }
        }
    }
    add(&mut schema.tables, other.tables);
    add(&mut schema.enums, other.enums);
    add(&mut schema.sequences, other.sequences);
    add(&mut schema.objects, other.objects);
    add(&mut schema.schemas, other.schemas);
    add(&mut schema.extensions, other.extensions);
}
