//! The databases that are migrated: a SQLite file, and those of a PostgreSQL and a MariaDB server.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::Command;

use rectify_test_servers::{Options, Server, StartError, mariadb, postgres};

use super::measure::output;
use crate::report::Failure;

/// What a figure is measured on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Sqlite,
    Postgres,
    Mariadb,
}

impl Kind {
    pub(super) const ALL: [Kind; 3] = [Kind::Sqlite, Kind::Postgres, Kind::Mariadb];
    /// Those with transactional DDL, where a chain can be measured against its statements in as many transactions.
    pub(super) const TRANSACTIONAL: [Kind; 2] = [Kind::Sqlite, Kind::Postgres];

    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Sqlite => "SQLite",
            Kind::Postgres => "PostgreSQL",
            Kind::Mariadb => "MariaDB",
        }
    }

    /// The database's own client, about to read a script for the database at `url`.
    pub(super) fn client(self, url: &str) -> Command {
        match self {
            Kind::Sqlite => {
                let mut command = Command::new("sqlite3");
                command.args(["-bail", url.strip_prefix("sqlite:").unwrap_or(url)]);
                command
            }
            Kind::Postgres => {
                let mut command = Command::new("psql");
                command.args(["--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=on", url]);
                command
            }
            Kind::Mariadb => {
                let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
                let (account, place) = rest.split_once('@').unwrap_or(("root", rest));
                let (user, password) = account.split_once(':').unwrap_or((account, ""));
                let (address, name) = place.split_once('/').unwrap_or((place, ""));
                let (host, port) = address.split_once(':').unwrap_or((address, "3306"));
                let mut command = Command::new("mariadb");
                command.args(["--no-defaults", "--default-character-set=utf8mb4"]);
                command.args(["-h", host, "-P", port, "-u", user, name]).env("MYSQL_PWD", password);
                command
            }
        }
    }
}

/// Where databases are made.
#[derive(Debug)]
pub(super) struct Databases {
    folder: PathBuf,
    /// A program that runs one statement: `xtask` has no driver of its own.
    query: PathBuf,
    /// The URLs of the servers.
    postgres: String,
    mariadb: Option<String>,
    /// The servers that were started for the benchmark are stopped with it.
    _servers: Vec<Server>,
}

/// Which servers there are already, and which are needed.
#[derive(Debug)]
pub(super) struct Servers<'a> {
    pub(super) postgres: Option<&'a str>,
    pub(super) mariadb: Option<&'a str>,
    pub(super) needs_mariadb: bool,
}

impl Databases {
    /// SQLite files in `folder`, and servers: the ones at these URLs, else some of our own.
    pub(super) fn open(folder: PathBuf, query: PathBuf, given: &Servers<'_>) -> Result<Databases, Failure> {
        fs::create_dir_all(&folder)
            .map_err(|error| Failure::new("cannot make a folder for databases").because(error))?;
        let mut servers = Vec::new();
        let mut start = |name: &str, started: Result<Server, StartError>| {
            let server = started.map_err(|error| Failure::new(format!("cannot start {name}")).because(error))?;
            servers.push(server);
            Ok::<String, Failure>(servers[servers.len() - 1].url.clone())
        };
        let postgres = match given.postgres {
            Some(url) => url.to_owned(),
            None => start("PostgreSQL", postgres::start(&Options::default()))?,
        };
        let mariadb = match given.mariadb {
            Some(url) => Some(url.to_owned()),
            None if given.needs_mariadb => Some(start("MariaDB", mariadb::start(&Options::default()))?),
            None => None,
        };
        Ok(Databases { folder, query, postgres, mariadb, _servers: servers })
    }

    /// Makes an empty database, in place of the one of the same name, and gives its URL.
    pub(super) fn fresh(&self, kind: Kind, name: &str) -> Result<String, Failure> {
        let name = format!("rectify_bench_{name}");
        match kind {
            Kind::Sqlite => self.fresh_file(&name),
            Kind::Postgres => {
                self.ask(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))?;
                self.ask(&format!("CREATE DATABASE {name} TEMPLATE template0"))?;
                // What is still to be written of the runs before is not for this one to wait for.
                self.ask("CHECKPOINT")?;
                Ok(with_database(&self.postgres, &name))
            }
            Kind::Mariadb => {
                let server = self.mariadb()?;
                self.ask_at(server, &format!("DROP DATABASE IF EXISTS {name}"))?;
                self.ask_at(server, &format!("CREATE DATABASE {name} CHARACTER SET utf8mb4"))?;
                Ok(with_database(server, &name))
            }
        }
    }

    fn fresh_file(&self, name: &str) -> Result<String, Failure> {
        let file = self.folder.join(name).with_extension("db");
        match fs::remove_file(&file) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(Failure::new(format!("cannot remove `{}`", file.display())).because(error))
            }
            _ => Ok(format!("sqlite:{}", file.display())),
        }
    }

    /// The version of what is measured on, and what decides how durable a commit is.
    pub(super) fn describe(&self, kind: Kind) -> Result<String, Failure> {
        match kind {
            Kind::Sqlite => self.ask_at("sqlite::memory:", "SELECT sqlite_version()"),
            Kind::Postgres => self.ask(
                "SELECT concat(split_part(current_setting('server_version'), ' ', 1), \
                 ', fsync=', current_setting('fsync'), \
                 ', synchronous_commit=', current_setting('synchronous_commit'), \
                 ', full_page_writes=', current_setting('full_page_writes'))",
            ),
            Kind::Mariadb => self.ask_at(self.mariadb()?, "SELECT VERSION()"),
        }
    }

    pub(super) fn has(&self, kind: Kind) -> bool {
        kind != Kind::Mariadb || self.mariadb.is_some()
    }

    fn mariadb(&self) -> Result<&str, Failure> {
        self.mariadb.as_deref().ok_or_else(|| Failure::new("there is no MariaDB server to measure on"))
    }

    fn ask(&self, sql: &str) -> Result<String, Failure> {
        self.ask_at(&self.postgres, sql)
    }

    /// The answer to one statement, at any URL.
    pub(super) fn ask_at(&self, url: &str, sql: &str) -> Result<String, Failure> {
        output(Command::new(&self.query).args([url, sql]))
    }
}

/// The URL of another database of the same server.
fn with_database(url: &str, name: &str) -> String {
    let (address, parameters) = url.split_once('?').map_or((url, None), |(address, rest)| (address, Some(rest)));
    let server = address.rsplit_once('/').map_or(address, |(server, _)| server);
    match parameters {
        Some(parameters) => format!("{server}/{name}?{parameters}"),
        None => format!("{server}/{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_database_of_a_url_changes() {
        assert_eq!(with_database("postgres://u:p@h:5/postgres", "x"), "postgres://u:p@h:5/x");
        assert_eq!(with_database("postgres://h/a?sslmode=disable", "x"), "postgres://h/x?sslmode=disable");
    }
}
