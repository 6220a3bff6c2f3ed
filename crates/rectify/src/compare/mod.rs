//! The models against a database: what autogenerate writes down, and what `check` looks for.
//!
//! A database prints an expression in words of its own. So what differs in its text alone ([`questions`]) is made once more as
//! the models have it, in a place that nobody else sees ([`scratch`], [`place`]), and read again: what reads like the
//! database's is the same. Where nothing differs nothing is asked. SQLite keeps texts as they were written, so that the
//! comparison of texts is enough there.

mod grants;
mod home;
mod place;
mod questions;
mod scratch;
mod serials;

use rectify_schema::Schema;
use rectify_schema::dialect::Dialect;
use rectify_schema::diff::{Diff, DiffOptions, diff, unchangeable};
#[cfg(feature = "source")]
use rectify_schema::models::Source;

use self::place::NotAsked;
pub(crate) use self::place::SCRATCH;
use self::questions::{Question, questions};
use self::scratch::Scratch;
use crate::database::{Database, Family};
use crate::error::{DatabaseError, described};
use crate::inspect::{InspectError, InspectOptions, current_schema, inspect_all};
#[cfg(feature = "source")]
use crate::models::ModelsError;
use crate::runner::dialect_of;

/// A database beside the models.
#[derive(Debug)]
pub struct Comparison {
    /// What the database speaks.
    pub dialect: &'static dyn Dialect,
    /// What it holds, without what the runner and Diesel's own keep there.
    pub database: Schema,
    /// The models by the names that the database has for them, in its words where it only spells them otherwise.
    pub models: Schema,
    /// What turns the database into what the models say.
    pub diff: Diff,
    /// What could not be told for sure, and what differs and no operation can change; each with why, a line each.
    pub notes: Vec<String>,
}

/// Compares a database with models. `scope` says what of the database is looked at, and names the version table, which is no
/// concern of the models.
///
/// Where types, defaults, checks, indexes or views differ in their texts alone, the database is asked to spell those of the
/// models: PostgreSQL in temporary tables and a transaction that is rolled back, MySQL and MariaDB in a scratch database, which
/// takes the right to create one and no open transaction. Where it refuses, texts are compared as they stand, and
/// [`Comparison::notes`] says so.
///
/// A model in the current schema may say so or not. Of the database it reads the current schema, the schemas that `scope` names, and each other one that a model is in. What
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
/// let found = rectify::compare(connection, models, &Default::default(), &Default::default())?;
/// for operation in &found.diff.operations {
///     println!("{operation}");
/// }
/// # Ok(())
/// # }
/// ```
pub fn compare(
    db: &mut dyn Database,
    mut models: Schema,
    options: &DiffOptions,
    scope: &InspectOptions,
) -> Result<Comparison, InspectError> {
    let dialect = dialect_of(db).map_err(InspectError::Version)?;
    // Such a table is of a session alone, and in no catalog for others to see.
    models.tables.retain(|table| !table.options.temporary);
    let mut named = schemas_of(&models);
    if !named.is_empty()
        && let Some(current) = current_schema(db)?
    {
        home::bring(&mut models, &current);
        named.retain(|schema| *schema != current);
    }
    let database = beside(db, named, scope)?;
    Ok(asking(db, dialect, database, models, options))
}

/// A database beside a plain `schema.rs`.
#[cfg(feature = "source")]
#[derive(Debug)]
pub struct PlainComparison {
    /// What a plain file cannot say, in words.
    pub unsaid: &'static str,
    /// Both sides; that of the models has the database's word on all that the file cannot say.
    pub comparison: Comparison,
}

/// Why a plain `schema.rs` could not be compared.
#[cfg(feature = "source")]
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
/// left as the database has it: [`Source::completed`] says how. With the feature `source`, as all that reads files of Rust.
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
#[cfg(feature = "source")]
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
    Ok(PlainComparison { unsaid, comparison: asking(db, dialect, database, models, options) })
}

/// Reads the current schema, those that the models name, and those of `scope`.
fn beside(db: &mut dyn Database, named: Vec<String>, scope: &InspectOptions) -> Result<Schema, InspectError> {
    let mut scopes = vec![InspectOptions { schemas: Vec::new(), ..scope.clone() }];
    let others: Vec<String> = named.into_iter().chain(scope.schemas.iter().cloned()).collect();
    if !others.is_empty() {
        scopes.push(InspectOptions { schemas: others, ..scope.clone() });
    }
    inspect_all(db, &scopes)
}

/// Compares, and asks the database how it spells what differs in its text.
fn asking(
    db: &mut dyn Database,
    dialect: &'static dyn Dialect,
    mut database: Schema,
    mut models: Schema,
    options: &DiffOptions,
) -> Comparison {
    let mut notes = unchangeable(&database, &models, dialect, options);
    if let Err(error) = grants::bring(db, dialect, &models, &mut database) {
        notes.push(format!(
            "the database could not be asked what is granted, so the grants of the models count as missing: {}",
            described(&DatabaseError::from(error))
        ));
    }
    serials::bring(&mut models, &database);
    let mut found = diff(&database, &models, dialect, options);
    let questions = questions(&found, &models, dialect.name());
    if db.family() != Family::Sqlite && !questions.is_empty() {
        match settle(db, dialect, (&database, &mut models), &questions, &mut notes) {
            Ok(()) => found = diff(&database, &models, dialect, options),
            Err(error) => notes.push(format!(
                "the database could not be asked how it spells what the models say, so some of what differs may be the \
                 same in other words: {}",
                described(&error)
            )),
        }
    }
    Comparison { dialect, database, models, diff: found, notes }
}

/// Gives the models the words of the database for what it only spells otherwise.
fn settle(
    db: &mut dyn Database,
    dialect: &'static dyn Dialect,
    (database, models): (&Schema, &mut Schema),
    questions: &[Question],
    notes: &mut Vec<String>,
) -> Result<(), NotAsked> {
    let scratch = Scratch::new(dialect, (models, database), questions);
    let pieces = scratch.pieces();
    let spelled = match db.family() {
        Family::Postgres => place::on_postgres(db, dialect, &pieces)?,
        Family::Mysql | Family::Sqlite => place::on_mysql(db, dialect, &pieces, notes)?,
    };
    for (question, spelled) in questions.iter().zip(scratch.spelled(&spelled)) {
        question.settle(&spelled, models);
    }
    Ok(())
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
