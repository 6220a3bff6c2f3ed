//! What a command is to work on: flags, then environment (`.env` included), then `rectify.toml`.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

mod choice;
mod file;
mod file_template;
mod url;
mod value;
mod variables;

pub(crate) use file::Hook;
pub(crate) use file_template::FileTemplate;
pub(crate) use url::{NoUrl, Url};

use crate::error::Error;
use file::Settings;
use variables::Variables;

/// The name of the configuration file, in the folder above which nothing is looked for.
pub(crate) const FILE_NAME: &str = "rectify.toml";

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
    /// The database of that name in rectify.toml
    #[arg(long, global = true, value_name = "NAME", conflicts_with = "database_url")]
    pub database: Option<String>,
    /// Each database of rectify.toml that has a name, in the order of the file
    #[arg(long, global = true, conflicts_with_all = ["database_url", "database"])]
    pub all_databases: bool,
    /// The chain of that name in rectify.toml
    #[arg(long, global = true, value_name = "NAME")]
    pub chain: Option<String>,
    /// The configuration file [default: the nearest rectify.toml, upwards]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// How long to wait for another run to end, such as 30s or 5m
    #[arg(long, global = true, value_name = "TIME", value_parser = value::parse_time)]
    pub lock_timeout: Option<Duration>,
    /// Print only what was asked for, and errors
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// The name of the runner binary: without `--chain` it works on the chain that it holds
    #[arg(skip)]
    pub program: Option<String>,
    /// When to use colour: auto, always, never
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN", hide_possible_values = true)]
    pub color: Color,
}

impl GlobalArgs {
    /// The flags that say where the configuration is and what is meant of it.
    fn flags(&self) -> Vec<OsString> {
        let texts = [
            ("--database-url", self.database_url.as_ref().map(OsString::from)),
            ("--database", self.database.as_ref().map(OsString::from)),
            ("--chain", self.chain.as_ref().map(OsString::from)),
            ("--config", self.config.as_ref().map(|file| file.clone().into_os_string())),
        ];
        let given = texts.into_iter().filter_map(|(flag, value)| Some([flag.into(), value?]));
        given.flatten().chain(self.all_databases.then(|| "--all-databases".into())).collect()
    }
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

/// Everything that is configured, from all places, for one chain and one database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Config {
    /// The folder of the configuration file, else the current one.
    pub(crate) root: PathBuf,
    /// The name of the chain, unless it is the one above all tables.
    pub(crate) chain_name: Option<String>,
    /// The name of the database, where it was chosen by name.
    pub(crate) database_name: Option<String>,
    /// Whether each database with a name is meant.
    pub(crate) all_databases: bool,
    /// The flags by which another program gets the same configuration.
    pub(crate) flags: Vec<OsString>,
    /// The database, or why none is known.
    pub(crate) url: Result<Url, NoUrl>,
    pub(crate) version_table: Option<String>,
    pub(crate) version_table_schema: Option<String>,
    pub(crate) transaction: Transaction,
    pub(crate) lock_timeout: Duration,
    pub(crate) lock: Lock,
    pub(crate) lock_lease: Duration,
    /// The SQL dialect to write where there is no database to ask.
    pub(crate) dialect: Option<String>,
    /// The folders of migration files: one at least.
    pub(crate) versions: Vec<PathBuf>,
    /// Whether folders below those count too.
    pub(crate) recursive: bool,
    /// The package of the runner binary.
    pub(crate) package: String,
    /// How new files are written.
    pub(crate) new_files: NewFiles,
    /// What of a database is compared with the models.
    pub(crate) compared: Compared,
}

/// What of a database is compared with which models.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Compared {
    /// Schemas beside the current one, and beside those that the models name.
    pub(crate) schemas: Vec<String>,
    pub(crate) include: Vec<String>,
    pub(crate) exclude: Vec<String>,
    /// The file of the models, where they are not linked.
    pub(crate) schema_rs: Option<PathBuf>,
}

/// How new migration files are named and written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewFiles {
    pub(crate) file_template: FileTemplate,
    pub(crate) slug_length: usize,
    /// `local`, `utc`, an offset, or the name of a zone.
    pub(crate) timezone: String,
    /// The name of a template, or the path of one.
    pub(crate) template: Option<String>,
    /// What is run on each new file; rustfmt where nothing is said.
    pub(crate) hooks: Option<Vec<Hook>>,
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

/// How a run keeps others out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Lock {
    #[default]
    Auto,
    Session,
    Lease,
}

impl Config {
    /// Reads everything for a command about one database, or about none, that is typed in the current folder.
    pub(crate) fn load(global: &GlobalArgs) -> Result<Config, Error> {
        Sources::read(global)?.config(global)
    }

    /// The folder of migration files where only one is wanted.
    pub(crate) fn versions_folder(&self) -> &Path {
        &self.versions[0]
    }
}

#[cfg(feature = "runner")]
impl Config {
    /// Reads everything for a command about databases: one for each that it is to work on.
    pub(crate) fn databases(global: &GlobalArgs) -> Result<Vec<Config>, Error> {
        let sources = Sources::read(global)?;
        if global.all_databases { sources.configs(global) } else { Ok(vec![sources.config(global)?]) }
    }

    /// The database to work on.
    pub(crate) fn database(&self) -> Result<&Url, Error> {
        self.url.as_ref().map_err(Error::from)
    }
}

/// What was read, before anything is chosen from it.
struct Sources {
    settings: Settings,
    variables: Variables,
    root: PathBuf,
    has_file: bool,
    /// Whether one stands in the root: then paths in messages are short.
    in_root: bool,
}

impl Sources {
    fn read(global: &GlobalArgs) -> Result<Sources, Error> {
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
        let settings = match &file {
            Some(file) => Settings::read(file.strip_prefix(&current).unwrap_or(file))?,
            None => Settings::default(),
        };
        let variables = Variables::load(&current, &root)?;
        Ok(Sources { settings, variables, has_file: file.is_some(), in_root: root == current, root })
    }
}

fn folder_of(file: &Path) -> PathBuf {
    file.parent().unwrap_or(Path::new("/")).to_owned()
}
