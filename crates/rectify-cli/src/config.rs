//! What a command is to work on: flags, then environment (`.env` included), then `rectify.toml`.

use std::collections::HashMap;
use std::env;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rectify_chain::nearest::nearest;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::error::Error;

/// The name of the configuration file, in the folder above which nothing is looked for.
const FILE_NAME: &str = "rectify.toml";

/// Flags that every command takes.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct GlobalArgs {
    /// The database, as a URL or the path of a SQLite file
    #[arg(
        long,
        global = true,
        value_name = "URL",
        help = "The database, as a URL or the path of a SQLite file [env: DATABASE_URL]"
    )]
    pub database_url: Option<String>,
    /// The configuration file [default: the nearest rectify.toml, upwards]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// How long to wait for another run to end, such as 30s or 5m
    #[arg(long, global = true, value_name = "TIME", value_parser = parse_time)]
    pub lock_timeout: Option<Duration>,
    /// Print only what was asked for, and errors
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// When to use colour: auto, always, never
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN", hide_possible_values = true)]
    pub color: Color,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Everything that is configured, from all places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Config {
    /// The folder of the configuration file, else the current one.
    pub(crate) root: PathBuf,
    /// The database, where one is named.
    pub(crate) url: Option<Url>,
    pub(crate) version_table: Option<String>,
    pub(crate) version_table_schema: Option<String>,
    pub(crate) transaction: Transaction,
    pub(crate) lock_timeout: Duration,
    /// The folder of migration files.
    pub(crate) versions: PathBuf,
    /// The package of the runner binary.
    pub(crate) package: String,
}

/// Where the database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Url {
    pub(crate) text: String,
    /// The SQLite file that the configuration puts below its own folder, which is made with it.
    pub(crate) file: Option<PathBuf>,
}

/// What one transaction holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Transaction {
    /// Each migration
    #[default]
    Migration,
    /// The whole run, as Alembic has it
    Run,
}

impl Config {
    /// Reads everything for a command that is typed in the current folder.
    pub(crate) fn load(global: &GlobalArgs) -> Result<Config, Error> {
        let current =
            env::current_dir().map_err(|error| Error::failed("cannot tell the current folder").because(error))?;
        let file = match &global.config {
            Some(file) => Some(file.clone()),
            None => current.ancestors().map(|folder| folder.join(FILE_NAME)).find(|file| file.is_file()),
        };
        let root = match &file {
            Some(file) => folder_of(&current.join(file)),
            None => current.clone(),
        };
        let variables = Variables::load(&current, &root)?;
        let settings = match &file {
            Some(file) => Settings::read(file.strip_prefix(&current).unwrap_or(file))?,
            None => Settings::default(),
        };
        settings.into_config(global, &variables, &root, file.is_some(), root == current)
    }
}

#[cfg(feature = "runner")]
impl Config {
    /// The database to work on.
    pub(crate) fn database(&self) -> Result<&Url, Error> {
        self.url.as_ref().ok_or_else(|| {
            Error::usage("no database is named")
                .hint(format!("set `DATABASE_URL`, give `--database-url`, or write `url` in `{FILE_NAME}`"))
        })
    }
}

/// The environment, and what `.env` adds to it.
struct Variables {
    file: HashMap<String, String>,
}

impl Variables {
    /// Reads the nearest `.env` from `current` up to `root`.
    fn load(current: &Path, root: &Path) -> Result<Variables, Error> {
        // With `--config` the root may lie elsewhere.
        let folders = current.ancestors().take_while(|folder| folder.starts_with(root)).chain([root]);
        let found = folders.map(|folder| folder.join(".env")).find(|file| file.is_file());
        let Some(file) = found else { return Ok(Variables { file: HashMap::new() }) };
        let unreadable = |error| {
            Error::usage(format!("cannot read `{}`", file.display()))
                .because(error)
                .hint("write one `NAME=value` a line, and quote values with spaces")
        };
        let pairs = dotenvy::from_path_iter(&file).map_err(unreadable)?;
        Ok(Variables { file: pairs.collect::<Result<_, _>>().map_err(unreadable)? })
    }

    /// The environment's own value, else that of `.env`; an empty one is none.
    fn get(&self, name: &str) -> Option<String> {
        let value = env::var(name).ok().or_else(|| self.file.get(name).cloned());
        value.filter(|value| !value.is_empty())
    }
}

/// `rectify.toml`, as written.
#[derive(Debug, Default, PartialEq, Eq)]
struct Settings {
    url: Option<String>,
    version_table: Option<String>,
    version_table_schema: Option<String>,
    transaction: Option<Transaction>,
    lock_timeout: Option<Duration>,
    versions: Option<String>,
    package: Option<String>,
}

const KEYS: [&str; 7] =
    ["url", "version_table", "version_table_schema", "transaction", "lock_timeout", "versions", "package"];

/// The database where `rectify.toml` names none.
const DEFAULT_URL: &str = "sqlite:target/rectify.db";
const DEFAULT_VERSIONS: &str = "migrations/versions";
const DEFAULT_PACKAGE: &str = "migrations";
const DEFAULT_LOCK_TIMEOUT: Duration = Duration::from_secs(60);

impl Settings {
    fn read(file: &Path) -> Result<Settings, Error> {
        let text = fs::read_to_string(file)
            .map_err(|error| Error::usage(format!("cannot read `{}`", file.display())).because(error))?;
        Settings::parse(&text).map_err(|mistake| {
            let place = format!("{}:{}", file.display(), line_of(&text, mistake.at));
            let error = Error::usage(format!("{place}: {}", mistake.message));
            mistake.hint.into_iter().fold(error, Error::hint)
        })
    }

    fn parse(text: &str) -> Result<Settings, Mistake> {
        let table = DeTable::parse(text).map_err(|error| Mistake {
            at: error.span().map_or(0, |span| span.start),
            message: error.message().lines().collect::<Vec<_>>().join(", "),
            hint: None,
        })?;
        let mut settings = Settings::default();
        for (key, value) in table.get_ref() {
            match key.get_ref().as_ref() {
                "url" => settings.url = Some(text_of(key.get_ref(), value)?),
                "version_table" => settings.version_table = Some(text_of(key.get_ref(), value)?),
                "version_table_schema" => settings.version_table_schema = Some(text_of(key.get_ref(), value)?),
                "transaction" => settings.transaction = Some(transaction_of(value)?),
                "lock_timeout" => settings.lock_timeout = Some(time_of(value)?),
                "versions" => settings.versions = Some(text_of(key.get_ref(), value)?),
                "package" => settings.package = Some(text_of(key.get_ref(), value)?),
                unknown => return Err(Mistake::unknown_key(unknown, key.span())),
            }
        }
        Ok(settings)
    }

    fn into_config(
        self,
        global: &GlobalArgs,
        variables: &Variables,
        root: &Path,
        has_file: bool,
        in_root: bool,
    ) -> Result<Config, Error> {
        let typed = global.database_url.clone().or_else(|| variables.get("DATABASE_URL"));
        let url = match typed {
            Some(text) => Some(Url { text, file: None }),
            // Without a configuration file a forgotten DATABASE_URL must not become an empty SQLite database.
            None if !has_file => None,
            None => {
                let text = self.url.unwrap_or_else(|| DEFAULT_URL.to_owned());
                let text = match text.strip_prefix("env:") {
                    Some(name) => variables.get(name).ok_or_else(|| {
                        Error::usage(format!("`url` names the environment variable `{name}`, which is not set"))
                            .hint(format!("set `{name}`, or give `--database-url`"))
                    })?,
                    None => text,
                };
                Some(url_below(root, &text, in_root))
            }
        };
        // Where one stands in the root, short paths in messages.
        let below_root = |path: String| if in_root { PathBuf::from(path) } else { root.join(path) };
        Ok(Config {
            root: root.to_owned(),
            url,
            version_table: self.version_table,
            version_table_schema: self.version_table_schema,
            transaction: self.transaction.unwrap_or_default(),
            lock_timeout: global.lock_timeout.or(self.lock_timeout).unwrap_or(DEFAULT_LOCK_TIMEOUT),
            versions: below_root(self.versions.unwrap_or_else(|| DEFAULT_VERSIONS.to_owned())),
            package: self.package.unwrap_or_else(|| DEFAULT_PACKAGE.to_owned()),
        })
    }
}

/// A relative SQLite path in the configuration file counts from the folder of that file.
fn url_below(root: &Path, text: &str, in_root: bool) -> Url {
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

fn folder_of(file: &Path) -> PathBuf {
    file.parent().unwrap_or(Path::new("/")).to_owned()
}

/// What is wrong in `rectify.toml`, and at which byte.
#[derive(Debug, PartialEq, Eq)]
struct Mistake {
    at: usize,
    message: String,
    hint: Option<String>,
}

impl Mistake {
    fn unknown_key(key: &str, span: Range<usize>) -> Mistake {
        let hint = match nearest(key, KEYS).first() {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("known keys: {}", KEYS.join(", ")),
        };
        Mistake { at: span.start, message: format!("unknown key `{key}`"), hint: Some(hint) }
    }

    fn value(value: &Spanned<DeValue<'_>>, message: impl Into<String>) -> Mistake {
        Mistake { at: value.span().start, message: message.into(), hint: None }
    }
}

fn text_of(key: &str, value: &Spanned<DeValue<'_>>) -> Result<String, Mistake> {
    match value.get_ref() {
        DeValue::String(text) if !text.is_empty() => Ok(text.clone().into_owned()),
        _ => Err(Mistake::value(value, format!("`{key}` must be a text in quotes, and not empty"))),
    }
}

fn transaction_of(value: &Spanned<DeValue<'_>>) -> Result<Transaction, Mistake> {
    match value.get_ref() {
        DeValue::String(text) if text == "migration" => Ok(Transaction::Migration),
        DeValue::String(text) if text == "run" => Ok(Transaction::Run),
        _ => Err(Mistake::value(value, "`transaction` must be \"migration\" or \"run\"")),
    }
}

fn time_of(value: &Spanned<DeValue<'_>>) -> Result<Duration, Mistake> {
    let text = match value.get_ref() {
        DeValue::String(text) => text.to_string(),
        DeValue::Integer(number) => number.to_string(),
        _ => String::new(),
    };
    parse_time(&text).map_err(|reason| Mistake::value(value, format!("`lock_timeout`: {reason}")))
}

/// A whole number of seconds, or of the unit behind it.
fn parse_time(text: &str) -> Result<Duration, &'static str> {
    const EXPECTED: &str = "expected a time such as 30, 500ms, 30s or 5m";
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number: u64 = text[..digits].parse().map_err(|_| EXPECTED)?;
    match &text[digits..] {
        "ms" => Ok(Duration::from_millis(number)),
        "" | "s" => Ok(Duration::from_secs(number)),
        "m" => Ok(Duration::from_secs(number.saturating_mul(60))),
        _ => Err(EXPECTED),
    }
}

fn line_of(text: &str, at: usize) -> usize {
    1 + text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_mistake(text: &str, line: usize, message: &str, hint: Option<&str>) {
        let mistake = Settings::parse(text).unwrap_err();
        assert_eq!((line_of(text, mistake.at), mistake.message.as_str()), (line, message));
        assert_eq!(mistake.hint.as_deref(), hint);
    }

    #[test]
    fn mistakes_have_a_line_and_a_way_out() {
        check_mistake(
            "url = \"x\"\nversion_tabel = \"v\"",
            2,
            "unknown key `version_tabel`",
            Some("did you mean `version_table`?"),
        );
        check_mistake("\n\ntransaction = \"none\"", 3, "`transaction` must be \"migration\" or \"run\"", None);
        check_mistake("url = 5", 1, "`url` must be a text in quotes, and not empty", None);
        check_mistake(
            "lock_timeout = \"soon\"",
            1,
            "`lock_timeout`: expected a time such as 30, 500ms, 30s or 5m",
            None,
        );
    }

    #[test]
    fn unreadable_text_has_a_line() {
        let text = "url = \"x\"\npackage = = 3";
        assert_eq!(line_of(text, Settings::parse(text).unwrap_err().at), 2);
    }

    #[test]
    fn every_documented_key_is_known() {
        for key in KEYS {
            if let Err(mistake) = Settings::parse(&format!("{key} = []")) {
                assert!(!mistake.message.starts_with("unknown key"), "{key}");
            }
        }
    }

    #[test]
    fn times() {
        for (text, millis) in [("30", 30_000), ("500ms", 500), ("30s", 30_000), ("5m", 300_000), ("0", 0)] {
            assert_eq!(parse_time(text), Ok(Duration::from_millis(millis)), "{text}");
        }
        for text in ["", "s", "-1", "1.5s", "1h", "1 s"] {
            assert!(parse_time(text).is_err(), "{text}");
        }
    }

    fn config(file: Option<&str>, global: &GlobalArgs, variables: &[(&str, &str)]) -> Result<Config, Error> {
        let variables = Variables {
            file: variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        };
        let settings = Settings::parse(file.unwrap_or_default()).unwrap();
        settings.into_config(global, &variables, Path::new("/app"), file.is_some(), false)
    }

    fn url(config: Result<Config, Error>) -> Option<String> {
        config.unwrap().url.map(|url| url.text)
    }

    #[test]
    fn flag_beats_environment_beats_file() {
        let flag = GlobalArgs { database_url: Some("flag.db".to_owned()), ..GlobalArgs::default() };
        let none = GlobalArgs::default();
        let file = Some("url = \"postgres://file\"");
        let variables = [("DATABASE_URL", "postgres://env")];
        assert_eq!(url(config(file, &flag, &variables)).as_deref(), Some("flag.db"));
        assert_eq!(url(config(file, &none, &variables)).as_deref(), Some("postgres://env"));
        assert_eq!(url(config(file, &none, &[])).as_deref(), Some("postgres://file"));
    }

    #[test]
    fn default_database_needs_a_configuration_file() {
        let none = GlobalArgs::default();
        assert_eq!(url(config(Some(""), &none, &[])).as_deref(), Some("sqlite:/app/target/rectify.db"));
        assert_eq!(url(config(None, &none, &[])), None);
    }

    #[test]
    fn url_may_name_a_variable() {
        let none = GlobalArgs::default();
        let file = Some("url = \"env:APP_DB\"");
        assert_eq!(url(config(file, &none, &[("APP_DB", "mysql://x")])).as_deref(), Some("mysql://x"));
        let error = config(file, &none, &[]).unwrap_err();
        assert_eq!(error.to_string(), "`url` names the environment variable `APP_DB`, which is not set");
    }

    #[test]
    fn only_relative_sqlite_paths_move_to_the_root() {
        for text in ["postgres://h/d", ":memory:", "sqlite::memory:", "sqlite:/x/y.db", "sqlite:///x/y.db", "/x/y.db"] {
            assert_eq!(url_below(Path::new("/app"), text, false), Url { text: text.to_owned(), file: None });
        }
        assert_eq!(url_below(Path::new("/app"), "sqlite://data/y.db", false).text, "sqlite:/app/data/y.db");
        assert_eq!(url_below(Path::new("/app"), "y.db", false).text, "/app/y.db");
        assert_eq!(url_below(Path::new("/app"), "sqlite:data/y.db", true).text, "sqlite:data/y.db");
    }
}
