//! What a migration's function gives back when it fails, and what all errors of this crate have in common.

use std::error::Error as StdError;
use std::fmt;

use diesel::result::Error as DieselError;

use crate::op::OperationError;
use crate::runner::lock::lease;

/// What a migration's `upgrade` and `downgrade` return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a migration's function stopped: any error at all, so that `?` works on whatever a data migration calls.
///
/// ```
/// fn parse(text: &str) -> rectify::Result<i64> {
///     if text.is_empty() {
///         return Err(rectify::Error::message("a citation without a page"));
///     }
///     Ok(text.parse()?)
/// }
/// assert!(parse("12").is_ok() && parse("x").is_err() && parse("").is_err());
/// ```
pub struct Error(Box<dyn StdError + Send + Sync>);

impl Error {
    /// An error that says `text`.
    #[must_use]
    pub fn message(text: impl Into<String>) -> Self {
        Self(text.into().into())
    }

    /// The error itself.
    #[must_use]
    pub fn get(&self) -> &(dyn StdError + Send + Sync + 'static) {
        &*self.0
    }

    /// The same error, where it is about `statement` shown in other words.
    pub(crate) fn with_statement(mut self, statement: &str, shown: &str) -> Self {
        if let Some(failed) = self.0.downcast_mut::<OperationError>()
            && failed.statement.as_deref() == Some(statement)
        {
            failed.statement = Some(shown.to_owned());
        }
        self
    }

    pub(crate) fn into_inner(self) -> Box<dyn StdError + Send + Sync> {
        self.0
    }
}

// Like `anyhow`'s, this type is not itself a `std::error::Error`: that is what lets it be made from every one of them.
impl<E: StdError + Send + Sync + 'static> From<E> for Error {
    fn from(error: E) -> Self {
        Self(Box::new(error))
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// What the database said to a statement: its message, and where it gave them its details and its hint. Or what Diesel said of a
/// value that it cannot read.
#[derive(Debug, thiserror::Error)]
#[error("{}: {message}", who(.error))]
pub struct DatabaseError {
    /// The message, with the details behind it.
    pub message: String,
    /// The database's own advice.
    pub hint: Option<String>,
    /// The error as Diesel gave it.
    pub error: DieselError,
}

impl From<DieselError> for DatabaseError {
    fn from(error: DieselError) -> Self {
        let (message, hint) = match &error {
            DieselError::DatabaseError(_, said) => {
                let details = said.details().map(|details| format!(" ({details})")).unwrap_or_default();
                (format!("{}{details}", said.message()), said.hint().map(str::to_owned))
            }
            // What is wrong with the value stands behind the name of its column.
            DieselError::DeserializationError(unread) => (described(&**unread), None),
            other => (other.to_string(), None),
        };
        Self { message, hint, error }
    }
}

fn who(error: &DieselError) -> &'static str {
    match error {
        DieselError::DeserializationError(_) => "a value is not what its type in Rust takes",
        _ => "the database said",
    }
}

/// An error with all that caused it, in one line.
pub(crate) fn described(error: &(dyn StdError + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}

/// The advice that an error carries, and that of the errors under it: what to do next, a line each.
#[must_use]
pub fn hints(error: &(dyn StdError + 'static)) -> Vec<String> {
    let mut found = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        found.extend(own_hints(error));
        next = error.source();
    }
    found
}

const NO_TEXT: &str = "the column holds bytes that are no UTF-8: correct them first, or read the column as `Binary`";

fn own_hints(error: &(dyn StdError + 'static)) -> Vec<String> {
    if let Some(error) = error.downcast_ref::<DatabaseError>() {
        if matches!(error.error, DieselError::DeserializationError(_)) && error.message.contains("utf-8") {
            return vec![NO_TEXT.to_owned()];
        }
        return error.hint.iter().map(|hint| format!("{hint} (from the database)")).collect();
    }
    if let Some(error) = error.downcast_ref::<crate::RunError>() {
        return error.hints.clone();
    }
    // A large error is boxed inside others, and a box is an error of its own type.
    if let Some(error) = error.downcast_ref::<Box<crate::RunError>>() {
        return error.hints.clone();
    }
    if let Some(error) = error.downcast_ref::<crate::OperationError>() {
        return error.hint.clone().into_iter().collect();
    }
    if let Some(lease::KeepError::Lost(_)) = error.downcast_ref() {
        return vec![lease::HINT.to_owned()];
    }
    if let Some(error) = error.downcast_ref::<rectify_schema::Unsupported>() {
        return vec![error.hint.clone()];
    }
    if let Some(error) = error.downcast_ref::<rectify_schema::NamingError>() {
        return vec![error.hint.to_owned()];
    }
    if let Some(error) = error.downcast_ref::<rectify_schema::batch::RebuildError>() {
        return error.hint().map(str::to_owned).into_iter().collect();
    }
    if let Some(error) = error.downcast_ref::<crate::models::ModelsError>() {
        return error.hints();
    }
    #[cfg(feature = "testing")]
    if let Some(error) = error.downcast_ref::<crate::testing::SuiteError>() {
        return error.hints();
    }
    if let Some(crate::inspect::InspectError::NoSchema) = error.downcast_ref() {
        return vec![
            "name the schemas to read, or set the search path (MySQL, MariaDB: name a database in the URL)".to_owned(),
        ];
    }
    if let Some(error) = error.downcast_ref::<crate::ConnectError>() {
        return error.hint.clone().into_iter().collect();
    }
    Vec::new()
}
