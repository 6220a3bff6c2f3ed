//! `rectify.toml`, as written: every key, and what is said about a wrong one. What a missing key means is decided elsewhere.

use std::fs;
use std::ops::Range;
use std::path::Path;
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::file_template::FileTemplate;
use super::value::{
    Mistake, Value, bool_of, lease_of, length_of, lock_of, table_of, text_of, text_or_texts_of, texts_of, time_of,
    transaction_of, word_of,
};
use super::{Lock, Transaction};
use crate::error::Error;

/// The keys above all tables.
pub(super) const KEYS: [&str; 22] = [
    "url",
    "version_table",
    "version_table_schema",
    "transaction",
    "lock_timeout",
    "lock",
    "lock_lease",
    "dialect",
    "databases",
    "versions",
    "recursive",
    "package",
    "file_template",
    "truncate_slug_length",
    "timezone",
    "template",
    "hooks",
    "schemas",
    "include",
    "exclude",
    "schema_rs",
    "chains",
];

/// The keys of `[databases.NAME]`.
pub(super) const DATABASE_KEYS: [&str; 8] =
    ["url", "version_table", "version_table_schema", "transaction", "lock_timeout", "lock", "lock_lease", "dialect"];

/// The keys of `[[hooks]]`.
pub(super) const HOOK_KEYS: [&str; 3] = ["name", "command", "cwd"];

const DIALECTS: [&str; 4] = ["sqlite", "postgres", "mysql", "mariadb"];

/// The whole file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Settings {
    /// What stands above all tables.
    pub(super) top: ChainSettings,
    /// `[chains.NAME]`, in the order of the file.
    pub(super) chains: Vec<(String, ChainSettings)>,
}

/// What is said about one chain.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct ChainSettings {
    /// What is said about its database, or about those that say nothing else.
    pub(super) database: DatabaseSettings,
    pub(super) databases: Databases,
    pub(super) versions: Option<Vec<String>>,
    pub(super) recursive: Option<bool>,
    pub(super) package: Option<String>,
    pub(super) file_template: Option<FileTemplate>,
    pub(super) truncate_slug_length: Option<usize>,
    pub(super) timezone: Option<String>,
    pub(super) template: Option<String>,
    pub(super) hooks: Option<Vec<Hook>>,
    pub(super) schemas: Option<Vec<String>>,
    pub(super) include: Option<Vec<String>>,
    pub(super) exclude: Option<Vec<String>>,
    pub(super) schema_rs: Option<String>,
}

/// The databases that have a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Databases {
    /// `[databases.NAME]`, in the order of the file.
    Own(Vec<(String, DatabaseSettings)>),
    /// `databases = ["NAME"]` of a chain: those of that name above all tables.
    Shared(Vec<String>),
}

/// What is said about one database.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct DatabaseSettings {
    pub(super) url: Option<String>,
    pub(super) version_table: Option<String>,
    pub(super) version_table_schema: Option<String>,
    pub(super) transaction: Option<Transaction>,
    pub(super) lock_timeout: Option<Duration>,
    pub(super) lock: Option<Lock>,
    pub(super) lock_lease: Option<Duration>,
    pub(super) dialect: Option<String>,
}

/// A program that is run on each new file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hook {
    pub(crate) name: String,
    /// The program and its arguments, where `{file}` stands for the path.
    pub(crate) command: Vec<String>,
    pub(crate) cwd: Option<String>,
}

impl Default for Databases {
    fn default() -> Databases {
        Databases::Own(Vec::new())
    }
}

impl Settings {
    /// Reads the file, which messages name as it is given.
    pub(super) fn read(file: &Path) -> Result<Settings, Error> {
        let text = fs::read_to_string(file)
            .map_err(|error| Error::usage(format!("cannot read `{}`", file.display())).because(error))?;
        Settings::parse(&text).map_err(|mistake| {
            let place = format!("{}:{}", file.display(), line_of(&text, mistake.at));
            let error = Error::usage(format!("{place}: {}", mistake.message));
            mistake.hint.into_iter().fold(error, Error::hint)
        })
    }

    pub(super) fn parse(text: &str) -> Result<Settings, Mistake> {
        let table = DeTable::parse(text).map_err(|error| Mistake {
            at: error.span().map_or(0, |span| span.start),
            message: error.message().lines().collect::<Vec<_>>().join(", "),
            hint: None,
        })?;
        let mut settings = Settings::default();
        for (key, span, value) in in_order(table.get_ref()) {
            if key != "chains" && !settings.top.take("", &key, value)? {
                return Err(Mistake::unknown_key(&key, span, "", &KEYS));
            }
        }
        // Chains name databases that may be written below them.
        let Some(chains) = table.get_ref().get("chains") else { return Ok(settings) };
        for (name, at, value) in in_order(table_of("chains", chains)?) {
            check_name(&name, &at)?;
            let table = format!("chains.{name}");
            let chain = ChainSettings::parse(&table, &at, table_of(&table, value)?, &settings.top)?;
            settings.chains.push((name, chain));
        }
        Ok(settings)
    }
}

impl ChainSettings {
    fn parse(name: &str, at: &Range<usize>, table: &DeTable<'_>, top: &ChainSettings) -> Result<Self, Mistake> {
        let mut chain = ChainSettings::default();
        for (key, span, value) in in_order(table) {
            if !chain.take(name, &key, value)? {
                return Err(Mistake::unknown_key(&key, span, name, &KEYS[..KEYS.len() - 1]));
            }
            if let ("databases", Databases::Shared(names)) = (key.as_str(), &chain.databases) {
                check_shared(names, value, top)?;
            }
        }
        if chain.versions.is_none() {
            let mistake = Mistake::new(at.clone(), format!("`[{name}]` has no `versions`"));
            return Err(
                mistake.hint("write the folder of its migration files, as in `versions = \"billing/versions\"`")
            );
        }
        Ok(chain)
    }

    /// Takes a key, unless it is unknown.
    fn take(&mut self, table: &str, key: &str, value: &Value<'_>) -> Result<bool, Mistake> {
        match key {
            "databases" => self.databases = databases_of(table, value)?,
            "versions" => self.versions = Some(text_or_texts_of(key, value)?),
            "recursive" => self.recursive = Some(bool_of(key, value)?),
            "package" => self.package = Some(text_of(key, value)?),
            "file_template" => self.file_template = Some(file_template_of(value)?),
            "truncate_slug_length" => self.truncate_slug_length = Some(length_of(key, value)?),
            "timezone" => self.timezone = Some(text_of(key, value)?),
            "template" => self.template = Some(text_of(key, value)?),
            "hooks" => self.hooks = Some(hooks_of(value)?),
            "schemas" => self.schemas = Some(texts_of(key, value)?),
            "include" => self.include = Some(texts_of(key, value)?),
            "exclude" => self.exclude = Some(texts_of(key, value)?),
            "schema_rs" => self.schema_rs = Some(text_of(key, value)?),
            _ => return self.database.take(key, value),
        }
        Ok(true)
    }
}

impl DatabaseSettings {
    fn parse(name: &str, at: &Range<usize>, table: &DeTable<'_>) -> Result<Self, Mistake> {
        let mut database = DatabaseSettings::default();
        for (key, span, value) in in_order(table) {
            if !database.take(&key, value)? {
                return Err(Mistake::unknown_key(&key, span, name, &DATABASE_KEYS));
            }
        }
        match database.url {
            Some(_) => Ok(database),
            None => Err(Mistake::new(at.clone(), format!("`[{name}]` has no `url`"))
                .hint("write where it is, as in `url = \"env:STAGING_URL\"`")),
        }
    }

    /// Takes a key, unless it is unknown.
    fn take(&mut self, key: &str, value: &Value<'_>) -> Result<bool, Mistake> {
        match key {
            "url" => self.url = Some(text_of(key, value)?),
            "version_table" => self.version_table = Some(text_of(key, value)?),
            "version_table_schema" => self.version_table_schema = Some(text_of(key, value)?),
            "transaction" => self.transaction = Some(transaction_of(value)?),
            "lock_timeout" => self.lock_timeout = Some(time_of(key, value)?),
            "lock" => self.lock = Some(lock_of(value)?),
            "lock_lease" => self.lock_lease = Some(lease_of(key, value)?),
            "dialect" => self.dialect = Some(word_of(key, value, &DIALECTS)?),
            _ => return Ok(false),
        }
        Ok(true)
    }
}

fn databases_of(table: &str, value: &Value<'_>) -> Result<Databases, Mistake> {
    let table = if table.is_empty() { "databases".to_owned() } else { format!("{table}.databases") };
    if table != "databases" && matches!(value.get_ref(), DeValue::Array(_)) {
        return texts_of("databases", value).map(Databases::Shared);
    }
    let mut databases = Vec::new();
    for (name, at, value) in in_order(table_of(&table, value)?) {
        check_name(&name, &at)?;
        let table = format!("{table}.{name}");
        let database = DatabaseSettings::parse(&table, &at, table_of(&table, value)?)?;
        databases.push((name, database));
    }
    Ok(Databases::Own(databases))
}

fn check_shared(names: &[String], value: &Value<'_>, top: &ChainSettings) -> Result<(), Mistake> {
    let known = match &top.databases {
        Databases::Own(databases) => databases.iter().map(|(name, _)| name.as_str()).collect(),
        Databases::Shared(_) => Vec::new(),
    };
    let Some(unknown) = names.iter().find(|name| !known.contains(&name.as_str())) else { return Ok(()) };
    Err(Mistake::value(value, format!("no database is named `{unknown}`"))
        .hint(format!("write `[databases.{unknown}]` above the chains, or `[…databases.{unknown}]` in this one")))
}

/// A name is typed behind `--database` and `--chain`, and printed.
fn check_name(name: &str, at: &Range<usize>) -> Result<(), Mistake> {
    let is_plain = !name.is_empty() && !name.chars().any(|c| c.is_whitespace() || c.is_control());
    if is_plain && !name.starts_with('-') {
        return Ok(());
    }
    Err(Mistake::new(at.clone(), format!("{name:?} cannot be a name")).hint("write letters, digits, `_` and `-`"))
}

fn file_template_of(value: &Value<'_>) -> Result<FileTemplate, Mistake> {
    let text = text_of("file_template", value)?;
    FileTemplate::parse(&text).map_err(|(message, hint)| {
        let mistake = Mistake::value(value, format!("`file_template`: {message}"));
        mistake.hint(hint)
    })
}

fn hooks_of(value: &Value<'_>) -> Result<Vec<Hook>, Mistake> {
    let wrong = || Mistake::value(value, "`hooks` must be a list of tables").hint("write `[[hooks]]` above each");
    let DeValue::Array(values) = value.get_ref() else { return Err(wrong()) };
    values
        .iter()
        .map(|value| match value.get_ref() {
            DeValue::Table(table) => hook_of(table, value),
            _ => Err(wrong()),
        })
        .collect()
}

fn hook_of(table: &DeTable<'_>, whole: &Value<'_>) -> Result<Hook, Mistake> {
    let (mut name, mut command, mut cwd) = (None, None, None);
    for (key, span, value) in in_order(table) {
        match key.as_str() {
            "name" => name = Some(text_of(&key, value)?),
            "command" => command = Some(texts_of(&key, value)?),
            "cwd" => cwd = Some(text_of(&key, value)?),
            _ => return Err(Mistake::unknown_key(&key, span, "[hooks]", &HOOK_KEYS)),
        }
    }
    let Some(command) = command else {
        return Err(Mistake::value(whole, "a hook has no `command`")
            .hint("write the program and its arguments: `command = [\"rustfmt\", \"{file}\"]`"));
    };
    Ok(Hook { name: name.unwrap_or_else(|| command[0].clone()), command, cwd })
}

/// The keys of a table in the order in which they are written.
fn in_order<'a, 'v>(table: &'a DeTable<'v>) -> Vec<(String, Range<usize>, &'a Value<'v>)> {
    let entry = |(key, value): (&Spanned<_>, _)| (AsRef::<str>::as_ref(key.get_ref()).to_owned(), key.span(), value);
    let mut entries: Vec<_> = table.iter().map(entry).collect();
    entries.sort_by_key(|(_, span, _)| span.start);
    entries
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
        check_mistake("lock = \"file\"", 1, "`lock` must be \"auto\", \"session\" or \"lease\"", None);
        check_mistake("lock_lease = 0", 1, "`lock_lease` must be one second at least", None);
        check_mistake("url = 5", 1, "`url` must be a text in quotes, and not empty", None);
        check_mistake(
            "lock_timeout = \"soon\"",
            1,
            "`lock_timeout`: expected a time such as 30, 500ms, 30s or 5m",
            None,
        );
        check_mistake("versions = []", 1, "`versions` must be a list of texts, and not empty", None);
        check_mistake("versions = [\"a\", 3]", 1, "`versions` must be a text in quotes, and not empty", None);
        check_mistake("recursive = \"yes\"", 1, "`recursive` must be true or false", None);
        check_mistake("truncate_slug_length = 0", 1, "`truncate_slug_length` must be a number above zero", None);
        check_mistake(
            "dialect = \"postgre\"",
            1,
            "`dialect` must be \"sqlite\", \"postgres\", \"mysql\" or \"mariadb\"",
            Some("did you mean \"postgres\"?"),
        );
        check_mistake(
            "file_template = \"{yaer}_{rev}\"",
            1,
            "`file_template`: unknown token `{yaer}`",
            Some("did you mean `{year}`?"),
        );
    }

    #[test]
    fn mistakes_in_tables_name_the_table() {
        check_mistake(
            "[databases.staging]\nurl = \"x\"\nversion_tabel = \"v\"",
            3,
            "unknown key `version_tabel` in `[databases.staging]`",
            Some("did you mean `version_table`?"),
        );
        check_mistake(
            "\n[databases.staging]\ndialect = \"sqlite\"",
            2,
            "`[databases.staging]` has no `url`",
            Some("write where it is, as in `url = \"env:STAGING_URL\"`"),
        );
        check_mistake(
            "[chains.billing]\npackage = \"b\"",
            1,
            "`[chains.billing]` has no `versions`",
            Some("write the folder of its migration files, as in `versions = \"billing/versions\"`"),
        );
        check_mistake(
            "[chains.billing]\nversions = \"b\"\n[chains.billing.databases.x]\nulr = \"y\"",
            4,
            "unknown key `ulr` in `[chains.billing.databases.x]`",
            Some("did you mean `url`?"),
        );
        check_mistake(
            "[chains.billing]\nversions = \"b\"\ndatabases = [\"main\"]",
            3,
            "no database is named `main`",
            Some("write `[databases.main]` above the chains, or `[…databases.main]` in this one"),
        );
        check_mistake(
            "[databases]\nstaging = \"postgres://x\"",
            2,
            "`databases.staging` must be a table",
            Some("write `[databases.staging]` above it"),
        );
        check_mistake(
            "[[hooks]]\ncommand = [\"x\"]\ncommnd = 3",
            3,
            "unknown key `commnd` in `[[hooks]]`",
            Some("did you mean `command`?"),
        );
        check_mistake(
            "[hooks]\ncommand = [\"x\"]",
            1,
            "`hooks` must be a list of tables",
            Some("write `[[hooks]]` above each"),
        );
        check_mistake(
            "[databases.\"a b\"]\nurl = \"x\"",
            1,
            "\"a b\" cannot be a name",
            Some("write letters, digits, `_` and `-`"),
        );
    }

    #[test]
    fn databases_and_chains_keep_their_order() {
        let text = "[databases.z]\nurl = \"1\"\n[databases.a]\nurl = \"2\"\n\
                    [chains.y]\nversions = \"y\"\ndatabases = [\"z\"]\n[chains.b]\nversions = [\"b\", \"c\"]\n";
        let settings = Settings::parse(text).unwrap();
        let Databases::Own(databases) = &settings.top.databases else { panic!("{settings:?}") };
        assert_eq!(databases.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["z", "a"]);
        let [(y, of_y), (b, of_b)] = &settings.chains[..] else { panic!("{settings:?}") };
        assert_eq!((y.as_str(), b.as_str()), ("y", "b"));
        assert_eq!(of_y.databases, Databases::Shared(vec!["z".to_owned()]));
        assert_eq!(of_b.versions, Some(vec!["b".to_owned(), "c".to_owned()]));
    }

    #[test]
    fn unreadable_text_has_a_line() {
        let text = "url = \"x\"\npackage = = 3";
        assert_eq!(line_of(text, Settings::parse(text).unwrap_err().at), 2);
    }

    #[test]
    fn every_key_is_known() {
        let known = |text: &str| match Settings::parse(text) {
            Err(mistake) => !mistake.message.starts_with("unknown key"),
            Ok(_) => true,
        };
        KEYS.iter().for_each(|key| assert!(known(&format!("{key} = {{}}")), "{key}"));
        DATABASE_KEYS.iter().for_each(|key| assert!(known(&format!("[databases.x]\n{key} = {{}}")), "{key}"));
        HOOK_KEYS.iter().for_each(|key| assert!(known(&format!("[[hooks]]\n{key} = {{}}")), "{key}"));
    }

    #[test]
    fn every_key_is_documented() {
        let docs = include_str!("../../../../docs/configuration.md");
        let example = include_str!("../../../../rectify.toml");
        for key in KEYS.iter().chain(&HOOK_KEYS) {
            assert!(docs.contains(&format!("| `{key}` |")), "`{key}` is not in a table of docs/configuration.md");
        }
        for key in KEYS {
            let written = [format!("{key} = "), format!("[{key}."), format!("[[{key}]]")];
            assert!(written.iter().any(|text| example.contains(text)), "`{key}` is not in rectify.toml");
        }
    }

    #[test]
    fn documented_examples_are_read() {
        let docs = include_str!("../../../../docs/configuration.md");
        let examples: Vec<&str> = docs.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
        assert!(examples.len() > 3, "{examples:?}");
        for example in examples {
            Settings::parse(example).unwrap_or_else(|mistake| panic!("{mistake:?} in\n{example}"));
        }
        // What is commented out in the repository's own file is a setting with a `# ` before it.
        let is_setting = |line: &&str| line.starts_with('[') || line.contains(" = ");
        let commented = include_str!("../../../../rectify.toml").lines().filter_map(|line| line.strip_prefix("# "));
        let text: Vec<&str> = commented.filter(is_setting).filter(|line| !line.ends_with('.')).collect();
        Settings::parse(&text.join("\n")).unwrap_or_else(|mistake| panic!("{mistake:?} in\n{}", text.join("\n")));
    }
}
