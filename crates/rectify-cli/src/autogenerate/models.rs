//! The models: those that this program links, or those in a `schema.rs`.

use std::fs;
use std::path::Path;
use std::sync::Once;

use rectify::models::{ModelsError, RECTIFY_MODELS, declared_as};
use rectify::schema::Schema;
use rectify::schema::dialect::Dialect;
use rectify::schema::models::{Problem, Source, read};

use crate::context::Context;
use crate::error::Error;

/// Where the models are.
pub(crate) enum Models {
    /// This program links them.
    Linked,
    /// A file has them.
    File {
        /// Its path, as it is printed.
        name: String,
        /// What it declares.
        source: Source,
    },
}

impl Models {
    /// Reads the file, where one is given or configured.
    pub(crate) fn of(given: Option<&Path>, ctx: &Context<'_>) -> Result<Models, Error> {
        let Some(file) = given.or(ctx.config.compared.schema_rs.as_deref()) else { return Ok(Models::Linked) };
        let name = file.display().to_string();
        let text = fs::read_to_string(file)
            .map_err(|error| Error::failed(format!("cannot read the models in `{name}`")).because(error))?;
        let source = read(&name, &text).map_err(|problems| unreadable(&name, &problems))?;
        for left in &source.not_read {
            ctx.output.warning(format_args!("{left} is left out, for only the compiler can read it"));
        }
        Ok(Models::File { name, source })
    }

    /// Whether there are any: without a file, only the program can say.
    pub(crate) fn are_there(&self) -> bool {
        matches!(self, Models::File { .. }) || !RECTIFY_MODELS.is_empty()
    }

    /// The file, if it is a plain one, which the database completes.
    pub(crate) fn plain(&self) -> Option<&Source> {
        match self {
            Models::File { source, .. } if source.is_plain() => Some(source),
            _ => None,
        }
    }

    /// What they mean by themselves.
    pub(crate) fn alone(&self, dialect: &'static dyn Dialect, ctx: &Context<'_>) -> Result<Schema, Error> {
        let naming = ctx.chain()?.naming();
        match self {
            Models::Linked => declared_as(dialect, &naming).map_err(|error| models_error(&error)),
            Models::File { source, .. } => {
                source.schema(dialect, &naming).map_err(|problems| meaningless(dialect, problems))
            }
        }
    }

    /// What a plain file means beside a database.
    pub(crate) fn beside(
        &self,
        database: &Schema,
        dialect: &'static dyn Dialect,
        ctx: &Context<'_>,
    ) -> Result<Schema, Error> {
        let Some(source) = self.plain() else { return self.alone(dialect, ctx) };
        let completed = source.completed(database, dialect);
        let (schema, unsaid) = completed.map_err(|problems| meaningless(dialect, problems))?;
        self.say_once(unsaid, ctx);
        Ok(schema)
    }

    /// Says what a plain file is silent on, once in the process, which may go through several databases.
    pub(crate) fn say_once(&self, unsaid: &str, ctx: &Context<'_>) {
        static SAID: Once = Once::new();
        if let Models::File { name, .. } = self {
            SAID.call_once(|| {
                let what = format!("`{name}` cannot say {unsaid}: these stay as the database has them");
                ctx.output.progress(what);
            });
        }
    }
}

fn unreadable(name: &str, problems: &[Problem]) -> Error {
    let error = Error::failed(format!("cannot read the models in `{name}`"));
    let mut error = with_hints(error, problems.iter().map(|problem| problem.hint.clone()));
    error.notes = problems.iter().map(ToString::to_string).collect();
    error
}

fn meaningless(dialect: &dyn Dialect, problems: Vec<Problem>) -> Error {
    models_error(&ModelsError::Problems { dialect: dialect.name(), problems })
}

/// What is wrong with the models, and what to do about it.
pub(crate) fn models_error(error: &ModelsError) -> Error {
    with_hints(Error::failed(error.to_string()), error.hints().into_iter())
}

fn with_hints(error: Error, hints: impl Iterator<Item = String>) -> Error {
    let mut seen: Vec<String> = hints.filter(|hint| !hint.is_empty()).collect();
    seen.dedup();
    seen.into_iter().fold(error, Error::hint)
}
