//! What `up`, `down` and `stamp` share: offline SQL, and what is passed on to the migrations.

/// Offline: the SQL instead of the deed.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct ScriptArgs {
    /// Print the SQL instead of running it; no database is asked, so the target may be a range start:end
    #[arg(long)]
    pub sql: bool,
    /// The SQL's dialect: postgres, mysql, mariadb, sqlite [default: that of the configured database]
    #[arg(long, value_name = "DIALECT", requires = "sql", value_parser = ["postgres", "mysql", "mariadb", "sqlite"])]
    #[arg(hide_possible_values = true)]
    pub dialect: Option<String>,
    /// Any text that tells this run from others; migrations read it with `op.tag()`
    #[arg(long)]
    pub tag: Option<String>,
}

/// What migrations can ask for.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct GivenArgs {
    /// A value for the migrations, which read it with `op.x_argument("KEY")`; may be given several times
    #[arg(short = 'x', value_name = "KEY=VALUE", value_parser = pair)]
    pub given: Vec<(String, String)>,
}

/// Without a `=`, the value is empty.
pub(crate) fn pair(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').unwrap_or((text, ""));
    match key.trim() {
        "" => Err("expected KEY=VALUE".to_owned()),
        key => Ok((key.to_owned(), value.to_owned())),
    }
}

#[cfg(feature = "runner")]
pub(crate) use writing::{dialect, named, print};

#[cfg(feature = "runner")]
mod writing {
    use rectify::Scheme;
    use rectify::schema::dialect::{ALL, Dialect};

    use super::ScriptArgs;
    use crate::context::Context;
    use crate::error::Error;

    /// The dialect that was asked for, else the configured one, else that of the configured database.
    pub(crate) fn dialect(args: &ScriptArgs, ctx: &Context<'_>) -> Result<&'static dyn Dialect, Error> {
        named(args.dialect.as_deref(), ctx)
    }

    /// The dialect of that name; without one the configured one, or that of the database.
    pub(crate) fn named(name: Option<&str>, ctx: &Context<'_>) -> Result<&'static dyn Dialect, Error> {
        let known = |name: &str| ALL.iter().copied().find(|dialect| dialect.name() == name);
        let name = match name.or(ctx.config.dialect.as_deref()) {
            Some(name) => name,
            None => of_url(&ctx.config.database()?.text),
        };
        known(name).ok_or_else(|| {
            Error::usage(format!("there is no dialect `{name}`"))
                .hint("give `--dialect` one of postgres, mysql, mariadb, sqlite")
        })
    }

    fn of_url(url: &str) -> &'static str {
        match Scheme::of(url) {
            Some(Scheme::Postgres) => "postgres",
            Some(Scheme::Mysql) if url.to_ascii_lowercase().starts_with("mariadb") => "mariadb",
            Some(Scheme::Mysql) => "mysql",
            Some(Scheme::Sqlite) => "sqlite",
            None => "of that URL",
        }
    }

    /// Prints a script, which may be empty.
    pub(crate) fn print(script: &str, ctx: &Context<'_>) {
        match script.trim_end() {
            "" => ctx.output.progress("nothing to do: the script is empty"),
            script => ctx.output.result(script),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_may_be_empty_and_keys_may_not() {
        let owned = |key: &str, value: &str| Ok((key.to_owned(), value.to_owned()));
        assert_eq!(pair("tenant=a=b"), owned("tenant", "a=b"));
        assert_eq!(pair("dry"), owned("dry", ""));
        assert!(pair("=x").is_err());
    }
}
