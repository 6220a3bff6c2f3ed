//! What statements leave behind on the real servers. MySQL is not among them: its cases compare as text.

use std::mem;

use rectify::{AnyConnection, Create, Database as _, inspect};
use rectify_schema::{Schema, dialect};
use rectify_tests::{Database, TestDatabase, fresh, wanted};

use crate::case::Case;

/// What became of the statements of one side.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// There are none: the operation was refused.
    Unsupported(String),
    /// The server refused one.
    Refused(String),
    /// The server took them all.
    Left(Box<State>),
    /// There is no such server here; what MariaDB, its nearest relative, was left with, if it took them.
    NotRun(Option<Box<State>>),
}

/// What is there afterwards.
#[derive(Debug, PartialEq)]
pub(crate) struct State {
    pub(crate) schema: Schema,
    /// The rows of the fixture's table, for operations that write rows.
    rows: Vec<String>,
}

/// The statements of a side, given the catalog before them if they need it.
pub(crate) type Statements<'a> = dyn FnMut(&Schema) -> Result<Vec<String>, String> + 'a;

pub(crate) struct Servers {
    postgres: Option<(TestDatabase, AnyConnection)>,
    mariadb: Option<(TestDatabase, AnyConnection)>,
    runs: usize,
}

impl Servers {
    pub(crate) fn new() -> Servers {
        let open = |kind| wanted(kind).then(|| fresh(kind)).map(|database| (database.connect(), database));
        let open = |kind| open(kind).map(|(connection, database)| (database, connection));
        let mut servers = Servers { postgres: open(Database::Postgres), mariadb: open(Database::Mariadb), runs: 0 };
        if let Some((_, connection)) = &mut servers.mariadb {
            // The cases name a database `lib`, which is there once for all who run them on one server.
            connection.rows("SELECT CAST(GET_LOCK('rectify_ddl_cases', 600) AS CHAR)").unwrap();
        }
        servers
    }

    pub(crate) fn summary(&self) -> String {
        let server = |name, server: bool| if server { name } else { "" };
        let names =
            [server("postgres ", self.postgres.is_some()), server("mariadb ", self.mariadb.is_some()), "sqlite"];
        format!("on databases: {} runs on {}", self.runs, names.concat())
    }

    /// Runs the statements after the case's fixture, and reads what they leave.
    pub(crate) fn run(&mut self, case: &Case, statements: &mut Statements<'_>) -> Outcome {
        self.runs += 1;
        match case.dialect().name() {
            "postgres" => self
                .postgres
                .as_mut()
                .map_or(Outcome::NotRun(None), |(_, connection)| on_postgres(connection, case, statements)),
            "mariadb" => self
                .mariadb
                .as_mut()
                .map_or(Outcome::NotRun(None), |(_, connection)| on_mariadb(connection, case, statements)),
            "sqlite" => on_sqlite(case, statements),
            _ => stand_in(self.mariadb.as_mut(), case, statements),
        }
    }
}

fn stand_in(
    mariadb: Option<&mut (TestDatabase, AnyConnection)>,
    case: &Case,
    statements: &mut Statements<'_>,
) -> Outcome {
    let Some((_, connection)) = mariadb else {
        return statements(&Schema::default()).map_or_else(Outcome::Unsupported, |_| Outcome::NotRun(None));
    };
    match on_mariadb(connection, case, statements) {
        Outcome::Left(state) => Outcome::NotRun(Some(state)),
        // MySQL may take what MariaDB does not.
        Outcome::Refused(_) | Outcome::NotRun(_) => Outcome::NotRun(None),
        Outcome::Unsupported(why) => Outcome::Unsupported(why),
    }
}

/// In a transaction that is rolled back, so that nothing has to be dropped.
fn on_postgres(connection: &mut AnyConnection, case: &Case, statements: &mut Statements<'_>) -> Outcome {
    connection.begin().unwrap();
    for sql in ["CREATE SCHEMA here", "CREATE SCHEMA lib", "SET LOCAL search_path TO here"] {
        connection.run(sql).unwrap();
    }
    let outcome = observe(connection, case, &["here", "lib"], statements);
    connection.rollback().unwrap();
    outcome
}

fn on_mariadb(connection: &mut AnyConnection, case: &Case, statements: &mut Statements<'_>) -> Outcome {
    const HERE: &str = "rectify_ddl_cases";
    for database in [HERE, "lib"] {
        connection.run(&format!("CREATE OR REPLACE DATABASE {database}")).unwrap();
    }
    connection.run(&format!("USE {HERE}")).unwrap();
    let outcome = observe(connection, case, &[HERE, "lib"], statements);
    for database in [HERE, "lib"] {
        connection.run(&format!("DROP DATABASE {database}")).unwrap();
    }
    outcome
}

fn on_sqlite(case: &Case, statements: &mut Statements<'_>) -> Outcome {
    let mut connection = AnyConnection::connect(":memory:", Create::IfMissing).unwrap();
    connection.run("ATTACH ':memory:' AS lib").unwrap();
    observe(&mut connection, case, &["main", "lib"], statements)
}

fn observe(connection: &mut AnyConnection, case: &Case, schemas: &[&str], statements: &mut Statements<'_>) -> Outcome {
    for sql in case.fixture.iter().chain(&case.setup) {
        // Another schema of the setup is there already.
        if !sql.starts_with("CREATE SCHEMA") && !sql.starts_with("CREATE DATABASE") && !sql.starts_with("ATTACH") {
            connection.run(sql).unwrap_or_else(|error| panic!("{}: {sql}: {error}", case.id));
        }
    }
    let dialect = if case.dialect().name() == "mysql" { dialect::MARIADB } else { case.dialect() };
    let read = |connection: &mut AnyConnection| {
        inspect::schema(connection, dialect, &inspect::Scope::schemas(schemas.iter().copied()))
            .unwrap_or_else(|error| panic!("{}: {error}", case.id))
    };
    let before = read(connection);
    let statements = match statements(&before) {
        Ok(statements) => statements,
        Err(why) => return Outcome::Unsupported(why),
    };
    for sql in &statements {
        // Not in a transaction, where PostgreSQL is here; the index is the same.
        if let Err(error) = connection.run(&sql.replace("CONCURRENTLY ", "")) {
            return Outcome::Refused(error.to_string());
        }
    }
    let mut schema = read(connection).sorted();
    for table in &mut schema.tables {
        // SQLite's catalog keeps the statement as it was written.
        table.indexes.iter_mut().for_each(|index| mem::drop(index.sql.take()));
    }
    Outcome::Left(Box::new(State { schema, rows: rows(connection, case) }))
}

fn rows(connection: &mut AnyConnection, case: &Case) -> Vec<String> {
    if !matches!(case.op_name(), "bulk_insert" | "execute" | "execute_update") {
        return Vec::new();
    }
    let sql = match case.dialect().name() {
        "postgres" => "SELECT CAST(book AS text) FROM book ORDER BY id",
        "mariadb" | "mysql" => "SELECT CONCAT_WS('|', id, title, pages, price, sold, added) FROM book ORDER BY id",
        _ => {
            "SELECT id || '|' || ifnull(title, 'NULL') || '|' || ifnull(pages, 'NULL') || ifnull(added, 'NULL') FROM book ORDER BY id"
        }
    };
    let rows = connection.rows(sql).unwrap_or_else(|error| panic!("{}: {error}", case.id));
    rows.iter().map(|row| row.text(0).unwrap_or_default().to_owned()).collect()
}
