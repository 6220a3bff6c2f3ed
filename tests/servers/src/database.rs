//! The databases that tests run on, and the environment variables that tell a test program which of them to use.

use std::env;
use std::fmt;
use std::str::FromStr;

/// The databases that were asked for, separated by commas; unset means all.
pub const ONLY_VARIABLE: &str = "RECTIFY_TEST_ONLY";

/// A database that tests run on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Database {
    /// SQLite, embedded.
    Sqlite,
    /// PostgreSQL.
    Postgres,
    /// MariaDB.
    Mariadb,
}

impl Database {
    /// Every database.
    pub const ALL: [Database; 3] = [Database::Sqlite, Database::Postgres, Database::Mariadb];

    /// The name, as a user types it.
    pub fn name(self) -> &'static str {
        match self {
            Database::Sqlite => "sqlite",
            Database::Postgres => "postgres",
            Database::Mariadb => "mariadb",
        }
    }

    /// The environment variable that hands an administrator's URL to the tests; SQLite needs none.
    pub fn url_variable(self) -> Option<&'static str> {
        match self {
            Database::Sqlite => None,
            Database::Postgres => Some("RECTIFY_TEST_POSTGRES_URL"),
            Database::Mariadb => Some("RECTIFY_TEST_MARIADB_URL"),
        }
    }

    /// Whether this run of the tests leaves the database out (`cargo xtask test --only …`).
    ///
    /// # Panics
    ///
    /// Panics if the environment variable names a database that does not exist: a test must not guess.
    pub fn is_left_out(self) -> bool {
        let Ok(only) = env::var(ONLY_VARIABLE) else { return false };
        let wanted = parse_list(&only).unwrap_or_else(|error| panic!("{ONLY_VARIABLE}: {error}"));
        !wanted.contains(&self)
    }
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Database {
    type Err = UnknownDatabase;

    fn from_str(text: &str) -> Result<Database, UnknownDatabase> {
        let found = Database::ALL.into_iter().find(|database| database.name() == text);
        found.ok_or_else(|| UnknownDatabase(text.to_owned()))
    }
}

/// A name that no [`Database`] has.
#[derive(Debug, thiserror::Error)]
#[error("unknown database `{0}`; there are sqlite, postgres and mariadb")]
pub struct UnknownDatabase(String);

fn parse_list(text: &str) -> Result<Vec<Database>, UnknownDatabase> {
    text.split(',').map(str::parse).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_parse_back() {
        for database in Database::ALL {
            assert_eq!(database.name().parse::<Database>().unwrap(), database);
        }
    }

    #[test]
    fn a_list_with_an_unknown_name_is_refused_with_the_known_ones() {
        let error = parse_list("sqlite,oracle").unwrap_err();
        assert_eq!(error.to_string(), "unknown database `oracle`; there are sqlite, postgres and mariadb");
    }
}
