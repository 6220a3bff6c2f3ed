//! Helpers for the end-to-end tests: the databases under test, and a fresh database for each test.
#![expect(clippy::missing_panics_doc, reason = "helpers for tests, which fail by panicking")]
#![expect(clippy::unwrap_used, reason = "helpers for tests, which fail by panicking")]

mod chain;
pub mod elidable;
pub mod objects;
pub mod random_batch;

use std::env;
use std::path::Path;
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

pub use chain::{source, step};
use rectify::schema::{Schema, build};
use rectify::{AnyConnection, Create, Database as _};
pub use rectify_test_servers::Database;
use tempfile::TempDir;

/// Runs `test` on a fresh database of each kind, one after the other.
pub fn on_each_database(test: impl Fn(&TestDatabase)) {
    for database in databases() {
        let fresh = fresh(database);
        eprintln_kind(database);
        test(&fresh);
    }
}

/// An error with all that caused it, each behind the one it caused.
pub fn whole(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}

/// The databases that this run tests on. One that is not asked for is left out aloud.
pub fn databases() -> Vec<Database> {
    Database::ALL.into_iter().filter(|database| wanted(*database)).collect()
}

/// Whether this run tests on `database`.
pub fn wanted(database: Database) -> bool {
    if database.is_left_out() {
        print_left_out(database);
        return false;
    }
    true
}

/// A database of its own for one test, gone when dropped.
#[derive(Debug)]
pub struct TestDatabase {
    /// Which kind it is.
    pub kind: Database,
    /// Its URL.
    pub url: String,
    name: String,
    folder: Option<TempDir>,
}

/// Makes an empty database.
pub fn fresh(kind: Database) -> TestDatabase {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    let name = format!("t{}_{}", process::id(), COUNTER.fetch_add(1, Ordering::Relaxed));
    if kind == Database::Sqlite {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("test.db").display());
        return TestDatabase { kind, url, name, folder: Some(folder) };
    }
    let admin = admin_url(kind);
    // Whatever the server's own default is.
    let charset = if kind == Database::Mariadb { " CHARACTER SET utf8mb4" } else { "" };
    connect(&admin).run(&format!("CREATE DATABASE {name}{charset}")).unwrap();
    let (server, _) = admin.rsplit_once('/').unwrap();
    TestDatabase { kind, url: format!("{server}/{name}"), name, folder: None }
}

impl TestDatabase {
    /// Opens a connection.
    pub fn connect(&self) -> AnyConnection {
        connect(&self.url)
    }

    /// The folder of a SQLite database.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_ref().map(TempDir::path)
    }

    /// The texts in the first column of `sql`, which must select text.
    pub fn texts(&self, sql: &str) -> Vec<String> {
        let rows = self.connect().rows(sql).unwrap();
        rows.into_iter().map(|row| row.text(0).unwrap_or("NULL").to_owned()).collect()
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let drop = match self.kind {
            Database::Sqlite => return,
            Database::Postgres => format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name),
            Database::Mariadb => format!("DROP DATABASE IF EXISTS {}", self.name),
        };
        // The whole server goes after the tests; a database that stays until then is no failure of the test.
        if let Ok(mut admin) = AnyConnection::connect(&admin_url(self.kind), Create::Never) {
            let _ = admin.run(&drop);
        }
    }
}

/// Models whose check a database prints in words of its own.
pub fn goods() -> Schema {
    let goods = build::table("goods").column(build::column("id", build::bigint()));
    Schema { tables: vec![goods.check(build::check("ck", "not (id = 1)"))], ..Schema::default() }
}

/// The URL of the server's administrator.
pub fn admin_url(kind: Database) -> String {
    let variable = kind.url_variable().unwrap();
    env::var(variable).unwrap_or_else(|_| panic!("{variable} is not set: run the tests with `cargo xtask test`"))
}

fn connect(url: &str) -> AnyConnection {
    AnyConnection::connect(url, Create::IfMissing).unwrap_or_else(|error| panic!("{error}"))
}

#[expect(clippy::print_stderr, reason = "shows in the output of a test that fails")]
fn eprintln_kind(database: Database) {
    eprintln!("on {database}:");
}

#[expect(clippy::print_stderr, reason = "a test that leaves something out says so")]
fn print_left_out(database: Database) {
    eprintln!("left out: {database} (see `cargo xtask test --only`)");
}
