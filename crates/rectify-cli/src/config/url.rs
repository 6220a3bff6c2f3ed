//! Where the database is: the URL as written, or why there is none.

use std::path::{Path, PathBuf};

use super::FILE_NAME;
use super::variables::Variables;
use crate::error::Error;

/// Where the database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Url {
    pub(crate) text: String,
    /// The SQLite file that the configuration puts below its own folder, which is made with it.
    pub(crate) file: Option<PathBuf>,
}

/// Why no database is known, for a command that needs one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NoUrl {
    message: String,
    hint: String,
}

impl NoUrl {
    pub(super) fn new(message: impl Into<String>, hint: impl Into<String>) -> NoUrl {
        NoUrl { message: message.into(), hint: hint.into() }
    }

    pub(super) fn unnamed() -> NoUrl {
        let hint = format!("set `DATABASE_URL`, give `--database-url`, or write `url` in `{FILE_NAME}`");
        NoUrl::new("no database is named", hint)
    }
}

impl From<&NoUrl> for Error {
    fn from(none: &NoUrl) -> Error {
        Error::usage(&none.message).hint(&none.hint)
    }
}

/// The URL that a key `url` of the file stands for. `of` names the table of the key in messages: ` of …`, or nothing.
pub(super) fn configured(
    text: &str,
    of: &str,
    variables: &Variables,
    root: &Path,
    in_root: bool,
) -> Result<Url, NoUrl> {
    let text = match text.strip_prefix("env:") {
        None => text.to_owned(),
        Some(name) => variables.get(name).ok_or_else(|| {
            let message = format!("`url`{of} names the environment variable `{name}`, which is not set");
            NoUrl::new(message, format!("set `{name}`, or give `--database-url`"))
        })?,
    };
    Ok(below(root, &text, in_root))
}

/// A relative SQLite path in the configuration file counts from the folder of that file.
fn below(root: &Path, text: &str, in_root: bool) -> Url {
    let (scheme, path) = match text.split_once(':') {
        Some(("sqlite", rest)) => ("sqlite:", rest.strip_prefix("//").unwrap_or(rest)),
        // A Windows drive, a driver's URL, or SQLite's own `file:` and `:memory:`.
        Some(_) => return Url { text: text.to_owned(), file: None },
        None => ("", text),
    };
    if path.is_empty() || path.starts_with(':') || Path::new(path).is_absolute() {
        return Url { text: text.to_owned(), file: None };
    }
    let file = root.join(path);
    let text = if in_root { text.to_owned() } else { format!("{scheme}{}", file.display()) };
    Url { text, file: Some(file) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_relative_sqlite_paths_move_to_the_root() {
        for text in ["postgres://h/d", ":memory:", "sqlite::memory:", "sqlite:/x/y.db", "sqlite:///x/y.db", "/x/y.db"] {
            assert_eq!(below(Path::new("/app"), text, false), Url { text: text.to_owned(), file: None });
        }
        assert_eq!(below(Path::new("/app"), "sqlite://data/y.db", false).text, "sqlite:/app/data/y.db");
        assert_eq!(below(Path::new("/app"), "y.db", false).text, "/app/y.db");
        assert_eq!(below(Path::new("/app"), "sqlite:data/y.db", true).text, "sqlite:data/y.db");
    }
}
