//! The databases that the cases run on, one after the other: each is made anew for each case.

use rectify::{AnyConnection, Create, Database as _, inspect};
use rectify_schema::Schema;
use rectify_tests::{Database, TestDatabase, fresh, wanted};

use crate::case::Case;

pub(crate) struct Servers {
    postgres: Option<(TestDatabase, AnyConnection)>,
    mariadb: Option<(TestDatabase, AnyConnection)>,
}

/// A database as the statements of a case leave it.
pub(crate) struct Made<'a> {
    connection: Connection<'a>,
    schemas: Vec<&'static str>,
}

enum Connection<'a> {
    Server(&'a mut AnyConnection),
    Own(Box<AnyConnection>),
}

const HERE: &str = "rectify_autogenerate_cases";

impl Servers {
    pub(crate) fn new() -> Servers {
        let open = |kind| wanted(kind).then(|| fresh(kind)).map(|database| (database.connect(), database));
        let open = |kind| open(kind).map(|(connection, database)| (database, connection));
        let mut servers = Servers { postgres: open(Database::Postgres), mariadb: open(Database::Mariadb) };
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
        format!("on databases: {}", names.concat())
    }

    /// Makes the database of a case; none where its server is left out.
    pub(crate) fn make(&mut self, case: &Case) -> Option<Made<'_>> {
        let connection = match case.dialect().name() {
            "postgres" => Connection::Server(&mut self.postgres.as_mut()?.1),
            "mariadb" => Connection::Server(&mut self.mariadb.as_mut()?.1),
            _ => Connection::Own(Box::new(AnyConnection::connect(":memory:", Create::IfMissing).unwrap())),
        };
        let schemas = if case.include_schemas { vec![HERE, "lib"] } else { Vec::new() };
        let mut made = Made { connection, schemas };
        let clean: &[&str] = match case.dialect().name() {
            "postgres" => &[
                "DROP SCHEMA IF EXISTS rectify_autogenerate_cases CASCADE",
                "DROP SCHEMA IF EXISTS lib CASCADE",
                "CREATE SCHEMA rectify_autogenerate_cases",
                "CREATE SCHEMA lib",
                "SET search_path TO rectify_autogenerate_cases",
            ],
            "mariadb" => &[
                "SET foreign_key_checks = 0",
                "CREATE OR REPLACE DATABASE rectify_autogenerate_cases",
                "CREATE OR REPLACE DATABASE lib",
                "USE rectify_autogenerate_cases",
                "SET foreign_key_checks = 1",
            ],
            _ => &["ATTACH ':memory:' AS lib"],
        };
        let setup = clean.iter().copied().chain(case.before.iter().map(String::as_str));
        for sql in setup {
            made.connection().run(sql).unwrap_or_else(|error| panic!("{}: {sql}: {error}", case.id));
        }
        Some(made)
    }

    /// Drops what the last case on each server left.
    pub(crate) fn clear(&mut self) {
        if let Some((_, connection)) = &mut self.mariadb {
            connection.run("SET foreign_key_checks = 0").unwrap();
            for name in [HERE, "lib"] {
                connection.run(&format!("DROP DATABASE IF EXISTS {name}")).unwrap();
            }
        }
    }
}

impl Made<'_> {
    pub(crate) fn connection(&mut self) -> &mut AnyConnection {
        match &mut self.connection {
            Connection::Server(connection) => connection,
            Connection::Own(connection) => connection,
        }
    }

    /// Reads it, without what only the catalog of SQLite keeps.
    pub(crate) fn inspect(&mut self, case: &Case) -> Schema {
        let scope = inspect::Scope::schemas(self.schemas.iter().copied());
        let mut schema = inspect::schema(self.connection(), case.dialect(), &scope)
            .unwrap_or_else(|error| panic!("{}: {error}", case.id))
            .sorted();
        schema.tables.retain(|table| !["alembic_version", "rectify_journal"].contains(&table.name.name.as_str()));
        for table in &mut schema.tables {
            table.indexes.iter_mut().for_each(|index| index.sql = None);
        }
        schema
    }
}
