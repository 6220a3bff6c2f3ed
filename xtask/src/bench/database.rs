//! The databases that are migrated: a SQLite file, and one of a PostgreSQL server.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::Command;

use rectify_test_servers::{Options, Server, postgres};

use super::measure::output;
use crate::report::Failure;

/// What a figure is measured on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Sqlite,
    Postgres,
}

impl Kind {
    pub(super) const ALL: [Kind; 2] = [Kind::Sqlite, Kind::Postgres];

    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Sqlite => "SQLite",
            Kind::Postgres => "PostgreSQL",
        }
    }
}

/// Where databases are made.
#[derive(Debug)]
pub(super) struct Databases {
    folder: PathBuf,
    /// A program that runs one statement: `xtask` has no driver of its own.
    query: PathBuf,
    server_url: String,
    /// A server that was started for the benchmark is stopped with it.
    _server: Option<Server>,
}

impl Databases {
    /// SQLite files in `folder`, and a PostgreSQL server: the one at this URL, else one of our own.
    pub(super) fn open(folder: PathBuf, query: PathBuf, server_url: Option<&str>) -> Result<Databases, Failure> {
        fs::create_dir_all(&folder)
            .map_err(|error| Failure::new("cannot make a folder for databases").because(error))?;
        if let Some(url) = server_url {
            return Ok(Databases { folder, query, server_url: url.to_owned(), _server: None });
        }
        let server = postgres::start(&Options::default())
            .map_err(|error| Failure::new("cannot start PostgreSQL").because(error))?;
        Ok(Databases { folder, query, server_url: server.url.clone(), _server: Some(server) })
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
                Ok(with_database(&self.server_url, &name))
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
        }
    }

    fn ask(&self, sql: &str) -> Result<String, Failure> {
        self.ask_at(&self.server_url, sql)
    }

    fn ask_at(&self, url: &str, sql: &str) -> Result<String, Failure> {
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
