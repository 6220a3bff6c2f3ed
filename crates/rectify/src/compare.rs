//! The models against a database: what autogenerate writes down, and what `check` looks for.

use std::collections::HashSet;
use std::hash::Hash;

use rectify_schema::Schema;
use rectify_schema::dialect::Dialect;
use rectify_schema::diff::{Diff, DiffOptions, diff};
use rectify_schema::models::Source;

use crate::database::Database;
use crate::inspect::{InspectError, InspectOptions, inspect};
use crate::models::ModelsError;
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
    let database = beside(db, schemas_of(models), scope)?;
    let diff = diff(&database, models, dialect, options);
    Ok(Comparison { dialect, database, diff })
}

/// A database beside a plain `schema.rs`.
#[derive(Debug)]
pub struct PlainComparison {
    /// What the file means, with the database's word on all that it cannot say.
    pub models: Schema,
    /// What a plain file cannot say, in words.
    pub unsaid: &'static str,
    /// Both sides.
    pub comparison: Comparison,
}

/// Why a plain `schema.rs` could not be compared.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlainError {
    /// The catalog could not be read.
    #[error(transparent)]
    Inspect(#[from] InspectError),
    /// Some of the file means nothing on the database.
    #[error(transparent)]
    Models(#[from] ModelsError),
}

/// Compares a database with a plain `schema.rs` of Diesel's. What such a file cannot say (defaults, indexes, checks and more) is
/// left as the database has it: [`Source::completed`] says how.
///
/// # Errors
///
/// [`PlainError`] if the catalog cannot be read, or if a type of the file means nothing on the database.
///
/// # Examples
///
/// ```no_run
/// # fn demo(connection: &mut rectify::AnyConnection) -> Result<(), Box<dyn std::error::Error>> {
/// let text = std::fs::read_to_string("src/schema.rs")?;
/// let source = rectify::schema::models::read("src/schema.rs", &text).map_err(|problems| problems[0].to_string())?;
/// let found = rectify::compare_plain(connection, &source, &Default::default(), &Default::default())?;
/// for operation in &found.comparison.diff.operations {
///     println!("{operation}");
/// }
/// # Ok(())
/// # }
/// ```
pub fn compare_plain(
    db: &mut dyn Database,
    source: &Source,
    options: &DiffOptions,
    scope: &InspectOptions,
) -> Result<PlainComparison, PlainError> {
    let dialect = dialect_of(db).map_err(InspectError::Version)?;
    let database = beside(db, source.schemas(), scope)?;
    let completed = source.completed(&database, dialect);
    let (models, unsaid) = completed.map_err(|problems| ModelsError::Problems { dialect: dialect.name(), problems })?;
    let diff = diff(&database, &models, dialect, options);
    Ok(PlainComparison { models, unsaid, comparison: Comparison { dialect, database, diff } })
}

/// Reads the current schema, those that the models name, and those of `scope`.
fn beside(db: &mut dyn Database, named: Vec<String>, scope: &InspectOptions) -> Result<Schema, InspectError> {
    let mut database = inspect(db, &InspectOptions { schemas: Vec::new(), ..scope.clone() })?;
    let others: Vec<String> = named.into_iter().chain(scope.schemas.iter().cloned()).collect();
    if !others.is_empty() {
        join(&mut database, inspect(db, &InspectOptions { schemas: others, ..scope.clone() })?);
    }
    Ok(database)
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
    fn add<T, K: Eq + Hash>(to: &mut Vec<T>, from: Vec<T>, key: impl Fn(&T) -> K) {
        let mut known: HashSet<K> = to.iter().map(&key).collect();
        to.extend(from.into_iter().filter(|item| known.insert(key(item))));
    }
    add(&mut schema.tables, other.tables, |table| table.name.clone());
    add(&mut schema.enums, other.enums, |found| found.name.clone());
    add(&mut schema.sequences, other.sequences, |sequence| sequence.name.clone());
    add(&mut schema.objects, other.objects, |object| (object.kind.clone(), object.name.clone()));
    add(&mut schema.schemas, other.schemas, String::clone);
    add(&mut schema.extensions, other.extensions, |extension| extension.name.clone());
}
