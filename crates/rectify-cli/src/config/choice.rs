//! Which chain and which database of `rectify.toml` a command is about, and what is meant where nothing is said.

use std::path::PathBuf;
use std::time::Duration;

use rectify_chain::nearest::nearest;

use super::file::{ChainSettings, DatabaseSettings, Databases};
use super::url::{self, NoUrl, Url};
use super::{Compared, Config, FILE_NAME, GlobalArgs, NewFiles, Sources};
use crate::error::Error;

/// The database where `rectify.toml` names none.
const DEFAULT_URL: &str = "sqlite:target/rectify.db";
const DEFAULT_VERSIONS: &str = "migrations/versions";
const DEFAULT_PACKAGE: &str = "migrations";
const DEFAULT_LOCK_TIMEOUT: Duration = Duration::from_secs(60);
const DEFAULT_LOCK_LEASE: Duration = Duration::from_secs(120);
const DEFAULT_SLUG_LENGTH: usize = 40;
const DEFAULT_TIMEZONE: &str = "local";

/// A chain and its name, which the one above all tables has not.
type Chain<'a> = (Option<&'a str>, &'a ChainSettings);

impl Sources {
    /// The one database that is meant.
    pub(super) fn config(&self, global: &GlobalArgs) -> Result<Config, Error> {
        let chain = self.chain(global)?;
        let databases = self.databases(chain);
        let Some(name) = &global.database else { return Ok(self.config_of(chain, None, global)) };
        match databases.iter().find(|(known, _)| known == name) {
            Some(database) => Ok(self.config_of(chain, Some(*database), global)),
            None => Err(unknown("database", name, &databases.iter().map(|(name, _)| *name).collect::<Vec<_>>())),
        }
    }

    /// Every database of the chain that has a name; one at least.
    #[cfg(feature = "runner")]
    pub(super) fn configs(&self, global: &GlobalArgs) -> Result<Vec<Config>, Error> {
        let chain = self.chain(global)?;
        let databases = self.databases(chain);
        if databases.is_empty() {
            let table = chain.0.map(|name| format!("chains.{name}.")).unwrap_or_default();
            return Err(Error::usage("no database has a name")
                .hint(format!("write `[{table}databases.NAME]` with a `url` in `{FILE_NAME}`")));
        }
        let configs: Vec<Config> =
            databases.into_iter().map(|database| self.config_of(chain, Some(database), global)).collect();
        // Better no database than some.
        configs.iter().try_for_each(|config| config.database().map(|_| ()))?;
        Ok(configs)
    }

    fn chain(&self, global: &GlobalArgs) -> Result<Chain<'_>, Error> {
        let known = || self.settings.chains.iter().map(|(name, chain)| (name.as_str(), chain));
        let Some(name) = &global.chain else {
            // The runner of a chain must never take it to another chain's database.
            let package = global.program.as_deref().filter(|package| *package != self.settings.top.package_of(None));
            let own = package.and_then(|package| known().find(|(name, chain)| chain.package_of(Some(name)) == package));
            return Ok(own.map_or((None, &self.settings.top), |(name, chain)| (Some(name), chain)));
        };
        match known().find(|(known, _)| known == name) {
            Some((name, chain)) => Ok((Some(name), chain)),
            None => Err(unknown("chain", name, &known().map(|(name, _)| name).collect::<Vec<_>>())),
        }
    }

    /// The databases of the chain, in the order of the file.
    fn databases<'a>(&'a self, chain: Chain<'a>) -> Vec<(&'a str, &'a DatabaseSettings)> {
        let own = |databases: &'a [(String, DatabaseSettings)]| {
            databases.iter().map(|(name, database)| (name.as_str(), database)).collect::<Vec<_>>()
        };
        match (&chain.1.databases, &self.settings.top.databases) {
            (Databases::Own(databases), _) => own(databases),
            (Databases::Shared(names), Databases::Own(top)) => {
                own(top).into_iter().filter(|(name, _)| names.iter().any(|shared| shared == name)).collect()
            }
            // Above all tables there is nothing to share from, which reading the file has refused.
            (Databases::Shared(_), Databases::Shared(_)) => Vec::new(),
        }
    }

    fn config_of(&self, chain: Chain<'_>, database: Option<(&str, &DatabaseSettings)>, global: &GlobalArgs) -> Config {
        let (chain_name, own) = chain;
        let top = &self.settings.top;
        let none = DatabaseSettings::default();
        let named = database.map_or(&none, |(_, database)| database);
        // Where a chain stands in its database is for itself to say, how it gets there may be said for all.
        let table = named.version_table.clone().or_else(|| own.database.version_table.clone());
        let schema = named.version_table_schema.clone().or_else(|| own.database.version_table_schema.clone());
        let in_order = [named, &own.database, &top.database];
        let first = |of: fn(&DatabaseSettings) -> Option<Duration>| in_order.into_iter().find_map(of);
        Config {
            root: self.root.clone(),
            chain_name: chain_name.map(str::to_owned),
            database_name: database.map(|(name, _)| name.to_owned()),
            all_databases: global.all_databases,
            flags: global.flags(),
            url: self.url(chain, database, global),
            version_table: table,
            version_table_schema: schema,
            transaction: in_order.into_iter().find_map(|database| database.transaction).unwrap_or_default(),
            lock_timeout: global
                .lock_timeout
                .or_else(|| first(|database| database.lock_timeout))
                .unwrap_or(DEFAULT_LOCK_TIMEOUT),
            lock: in_order.into_iter().find_map(|database| database.lock).unwrap_or_default(),
            lock_lease: first(|database| database.lock_lease).unwrap_or(DEFAULT_LOCK_LEASE),
            dialect: in_order.into_iter().find_map(|database| database.dialect.clone()),
            versions: self.versions(own),
            recursive: own.recursive.or(top.recursive).unwrap_or_default(),
            package: own.package_of(chain_name).to_owned(),
            new_files: new_files(own, top),
            compared: self.compared(own),
        }
    }

    fn versions(&self, chain: &ChainSettings) -> Vec<PathBuf> {
        match &chain.versions {
            Some(folders) => folders.iter().map(|folder| self.below_root(folder)).collect(),
            None => vec![self.below_root(DEFAULT_VERSIONS)],
        }
    }

    fn below_root(&self, path: &str) -> PathBuf {
        if self.in_root { PathBuf::from(path) } else { self.root.join(path) }
    }

    fn compared(&self, own: &ChainSettings) -> Compared {
        let top = &self.settings.top;
        let texts = |of: fn(&ChainSettings) -> &Option<Vec<String>>| of(own).as_ref().or(of(top).as_ref()).cloned();
        Compared {
            schemas: texts(|chain| &chain.schemas).unwrap_or_default(),
            include: texts(|chain| &chain.include).unwrap_or_default(),
            exclude: texts(|chain| &chain.exclude).unwrap_or_default(),
            // Another chain's models are none of this one's.
            schema_rs: own.schema_rs.as_deref().map(|file| self.below_root(file)),
        }
    }

    fn url(
        &self,
        (chain_name, chain): Chain<'_>,
        database: Option<(&str, &DatabaseSettings)>,
        global: &GlobalArgs,
    ) -> Result<Url, NoUrl> {
        if let Some(text) = &global.database_url {
            return Ok(Url { text: text.clone(), file: None });
        }
        let configured = |url: &str, of: &str| url::configured(url, of, &self.variables, &self.root, self.in_root);
        if let Some((name, database)) = database {
            return configured(database.url.as_deref().unwrap_or_default(), &format!(" of the database `{name}`"));
        }
        let names: Vec<&str> = self.databases((chain_name, chain)).into_iter().map(|(name, _)| name).collect();
        // `DATABASE_URL` is of the one database that most workspaces have. A chain that says where its own is means that.
        let is_meant = chain_name.is_none() || (chain.database.url.is_none() && names.is_empty());
        if let Some(text) = self.variables.get("DATABASE_URL").filter(|_| is_meant) {
            return Ok(Url { text, file: None });
        }
        match (&chain.database.url, chain_name) {
            (Some(url), None) => configured(url, ""),
            (Some(url), Some(name)) => configured(url, &format!(" of the chain `{name}`")),
            (None, _) if !names.is_empty() => Err(NoUrl::new(
                format!("no database is chosen from {}", list(&names)),
                format!("give `--database {}`, or `--all-databases`", names[0]),
            )),
            (None, Some(name)) => Err(NoUrl::new(
                format!("no database is named for the chain `{name}`"),
                format!("write `url` in `[chains.{name}]`, set `DATABASE_URL`, or give `--database-url`"),
            )),
            // Without a configuration file a forgotten DATABASE_URL must not become an empty SQLite database.
            (None, None) if !self.has_file => Err(NoUrl::unnamed()),
            (None, None) => configured(DEFAULT_URL, ""),
        }
    }
}

impl ChainSettings {
    /// The package of its runner: without a word of its own, that of the chain's name.
    fn package_of<'a>(&'a self, name: Option<&'a str>) -> &'a str {
        self.package.as_deref().or(name).unwrap_or(DEFAULT_PACKAGE)
    }
}

fn new_files(own: &ChainSettings, top: &ChainSettings) -> NewFiles {
    let text = |of: fn(&ChainSettings) -> &Option<String>| of(own).clone().or_else(|| of(top).clone());
    NewFiles {
        file_template: own.file_template.clone().or_else(|| top.file_template.clone()).unwrap_or_default(),
        slug_length: own.truncate_slug_length.or(top.truncate_slug_length).unwrap_or(DEFAULT_SLUG_LENGTH),
        timezone: text(|chain| &chain.timezone).unwrap_or_else(|| DEFAULT_TIMEZONE.to_owned()),
        template: text(|chain| &chain.template),
        hooks: own.hooks.clone().or_else(|| top.hooks.clone()),
    }
}

fn unknown(kind: &str, name: &str, known: &[&str]) -> Error {
    let error = Error::usage(format!("no {kind} is named `{name}`"));
    if known.is_empty() {
        return error.hint(format!("write `[{kind}s.{name}]` in `{FILE_NAME}`"));
    }
    let error = match nearest(name, known.iter().copied()).first() {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error,
    };
    error.hint(format!("`{FILE_NAME}` names {}", list(known)))
}

fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::Lock;
    use super::super::file::Settings;
    use super::super::variables::Variables;
    use super::*;

    const FLEET: &str = r#"
        transaction = "run"
        version_table = "main_version"
        [databases.eu]
        url = "postgres://eu"
        version_table = "eu_version"
        [databases.us]
        url = "env:US_URL"
        transaction = "migration"
        dialect = "postgres"
        lock_timeout = 5
        lock = "lease"
        lock_lease = "10m"
        [chains.billing]
        versions = ["billing/versions", "shared"]
        package = "billing-migrations"
        url = "sqlite:billing.db"
        timezone = "utc"
        [chains.search]
        versions = "search/versions"
        databases = ["us"]
        [chains.plain]
        versions = "plain"
    "#;

    fn sources(file: Option<&str>, variables: &[(&str, &str)]) -> Sources {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Sources {
            settings: Settings::parse(file.unwrap_or_default()).unwrap(),
            variables: Variables { file: variables.iter().map(owned).collect() },
            root: Path::new("/app").to_owned(),
            has_file: file.is_some(),
            in_root: false,
        }
    }

    fn global(chain: &str, database: &str) -> GlobalArgs {
        let name = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        GlobalArgs { chain: name(chain), database: name(database), ..GlobalArgs::default() }
    }

    fn url(file: Option<&str>, global: &GlobalArgs, variables: &[(&str, &str)]) -> String {
        match sources(file, variables).config(global).unwrap().url {
            Ok(url) => url.text,
            Err(none) => Error::from(&none).to_string(),
        }
    }

    #[test]
    fn flag_beats_environment_beats_file() {
        let flag = GlobalArgs { database_url: Some("flag.db".to_owned()), ..GlobalArgs::default() };
        let none = GlobalArgs::default();
        let file = Some("url = \"postgres://file\"\n[databases.eu]\nurl = \"postgres://eu\"");
        let variables = [("DATABASE_URL", "postgres://env")];
        assert_eq!(url(file, &flag, &variables), "flag.db");
        assert_eq!(url(file, &none, &variables), "postgres://env");
        assert_eq!(url(file, &none, &[]), "postgres://file");
        assert_eq!(url(file, &global("", "eu"), &variables), "postgres://eu");
    }

    #[test]
    fn default_database_needs_a_configuration_file() {
        let none = GlobalArgs::default();
        assert_eq!(url(Some(""), &none, &[]), "sqlite:/app/target/rectify.db");
        assert_eq!(url(None, &none, &[]), "no database is named");
    }

    #[test]
    fn url_may_name_a_variable() {
        let none = GlobalArgs::default();
        let file = Some("url = \"env:APP_DB\"");
        assert_eq!(url(file, &none, &[("APP_DB", "mysql://x")]), "mysql://x");
        assert_eq!(url(file, &none, &[]), "`url` names the environment variable `APP_DB`, which is not set");
        let us = "`url` of the database `us` names the environment variable `US_URL`, which is not set";
        assert_eq!(url(Some(FLEET), &global("", "us"), &[]), us);
    }

    #[test]
    fn chains_and_databases_are_chosen_by_name() {
        let env = [("DATABASE_URL", "postgres://env"), ("US_URL", "postgres://us")];
        for (chain, database, wanted) in [
            ("", "", "postgres://env"),
            ("", "eu", "postgres://eu"),
            ("", "us", "postgres://us"),
            ("billing", "", "sqlite:/app/billing.db"),
            ("search", "us", "postgres://us"),
            ("search", "", "no database is chosen from `us`"),
            ("plain", "", "postgres://env"),
        ] {
            assert_eq!(url(Some(FLEET), &global(chain, database), &env), wanted, "{chain} {database}");
        }
        assert_eq!(url(Some(FLEET), &global("", ""), &[]), "no database is chosen from `eu`, `us`");
        assert_eq!(url(Some(FLEET), &global("plain", ""), &[]), "no database is named for the chain `plain`");
    }

    #[test]
    fn a_database_says_more_than_its_chain_and_a_chain_more_than_the_file() {
        use super::super::Transaction::{Migration, Run};
        let config = |chain, database| sources(Some(FLEET), &[]).config(&global(chain, database)).unwrap();
        let eu = config("", "eu");
        assert_eq!((eu.version_table.as_deref(), eu.transaction), (Some("eu_version"), Run));
        let us = config("", "us");
        assert_eq!((us.version_table.as_deref(), us.transaction), (Some("main_version"), Migration));
        assert_eq!((us.lock, us.lock_lease), (Lock::Lease, Duration::from_secs(600)));
        assert_eq!((eu.lock, eu.lock_lease), (Lock::Auto, Duration::from_secs(120)));
        assert_eq!((us.dialect.as_deref(), us.lock_timeout), (Some("postgres"), Duration::from_secs(5)));
        let billing = config("billing", "");
        assert_eq!((billing.version_table, billing.transaction), (None, Run));
        assert_eq!(billing.versions, [Path::new("/app/billing/versions"), Path::new("/app/shared")]);
        assert_eq!((billing.package.as_str(), billing.new_files.timezone.as_str()), ("billing-migrations", "utc"));
        assert_eq!(config("search", "us").package, "search");
    }

    #[test]
    fn unknown_names_list_the_known_ones() {
        let error = |chain, database| {
            let error = sources(Some(FLEET), &[]).config(&global(chain, database)).unwrap_err();
            (error.to_string(), error.hints)
        };
        let (message, hints) = error("biling", "");
        assert_eq!(message, "no chain is named `biling`");
        assert_eq!(hints, ["did you mean `billing`?", "`rectify.toml` names `billing`, `search`, `plain`"]);
        let (message, hints) = error("", "prod");
        assert_eq!(message, "no database is named `prod`");
        assert_eq!(hints, ["`rectify.toml` names `eu`, `us`"]);
        assert_eq!(error("plain", "x").1, ["write `[databases.x]` in `rectify.toml`"]);
    }

    #[test]
    fn a_runner_works_on_its_own_chain() {
        let chain_of = |program: &str| {
            let global = GlobalArgs { program: Some(program.to_owned()), ..GlobalArgs::default() };
            sources(Some(FLEET), &[]).config(&global).unwrap().chain_name
        };
        assert_eq!(chain_of("billing-migrations").as_deref(), Some("billing"));
        assert_eq!(chain_of("plain").as_deref(), Some("plain"));
        assert_eq!((chain_of("migrations"), chain_of("renamed")), (None, None));
    }

    #[cfg(feature = "runner")]
    #[test]
    fn all_databases_need_all_urls() {
        let all = GlobalArgs { all_databases: true, ..GlobalArgs::default() };
        let configs = sources(Some(FLEET), &[("US_URL", "postgres://us")]).configs(&all).unwrap();
        let names: Vec<_> = configs.iter().map(|config| config.database_name.as_deref().unwrap()).collect();
        assert_eq!(names, ["eu", "us"]);
        assert!(sources(Some(FLEET), &[]).configs(&all).unwrap_err().to_string().contains("`US_URL`"));
        assert_eq!(sources(Some(""), &[]).configs(&all).unwrap_err().to_string(), "no database has a name");
    }
}
