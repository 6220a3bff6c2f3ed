//! Which server this is, and which of the runner's tables are there: one query.

use diesel::QueryResult;
use rectify_schema::TableName;
use rectify_schema::dialect::{Dialect, MARIADB, MYSQL, POSTGRES, SQLITE, ServerVersion};

use super::Options;
use super::journal::JOURNAL;
use super::sql::{if_there, literal, one_text};
use crate::database::{Database, Family, TextRow};
use crate::error::DatabaseError;

/// What one query tells about the other side.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    pub(crate) dialect: &'static dyn Dialect,
    /// Nothing where it is not known, and where it makes no difference.
    pub(crate) version: Option<ServerVersion>,
    pub(crate) version_table: TableName,
    pub(crate) journal_table: TableName,
    pub(crate) has_version_table: bool,
    pub(crate) has_journal: bool,
    /// CockroachDB speaks as PostgreSQL does, but for a few things.
    pub(crate) is_cockroach: bool,
}

/// The session names no schema to put the version table in.
#[derive(Debug, thiserror::Error)]
#[error("the connection has no current schema or database, so there is no place for the version table")]
pub(crate) struct NoSchema;

/// Asks the server. The version table is always named with its schema, since a migration may change the search path.
pub(crate) fn probe(db: &mut dyn Database, options: &Options) -> QueryResult<Result<Server, NoSchema>> {
    let family = db.family();
    let rows = db.rows(&question(family, options))?;
    let row = rows.first().cloned().unwrap_or(TextRow(Vec::new()));
    let version = row.text(0).unwrap_or_default();
    let Some(schema) = row.text(1).map(str::to_owned) else { return Ok(Err(NoSchema)) };
    let found = |column: usize| row.text(column).is_some();
    Ok(Ok(Server {
        dialect: dialect(family, version),
        version: ServerVersion::parse(version).filter(|_| family != Family::Sqlite),
        version_table: TableName { schema: Some(schema.clone()), name: options.version_table.clone() },
        journal_table: TableName { schema: Some(schema), name: JOURNAL.to_owned() },
        has_version_table: found(2),
        has_journal: found(3),
        is_cockroach: row.text(4).is_some_and(|version| version.contains("CockroachDB")),
    }))
}

/// Which SQL the database behind `db` speaks. Asks a server of the MySQL family for its version.
///
/// # Errors
///
/// What the database said.
pub fn dialect_of(db: &mut dyn Database) -> Result<&'static dyn Dialect, DatabaseError> {
    let family = db.family();
    let version = match family {
        Family::Mysql => one_text(db, "SELECT VERSION()")?.unwrap_or_default(),
        Family::Postgres | Family::Sqlite => String::new(),
    };
    Ok(dialect(family, &version))
}

fn dialect(family: Family, version: &str) -> &'static dyn Dialect {
    match family {
        Family::Sqlite => SQLITE,
        Family::Postgres => POSTGRES,
        Family::Mysql if version.contains("MariaDB") => MARIADB,
        Family::Mysql => MYSQL,
    }
}

fn question(family: Family, options: &Options) -> String {
    let schema = options.version_table_schema.as_deref();
    let table = &options.version_table;
    let (dialect, version, current, besides) = match family {
        Family::Postgres => (POSTGRES, "current_setting('server_version')", "current_schema()::text", "version()"),
        Family::Mysql => (MYSQL, "VERSION()", "DATABASE()", "NULL"),
        Family::Sqlite => (SQLITE, "sqlite_version()", "'main'", "NULL"),
    };
    let schema = schema.map_or(current.to_owned(), |schema| literal(dialect, schema));
    let found = |table: &str| if_there(dialect, Some(&schema), table);
    format!("SELECT {version}, {schema}, {}, {}, {besides}", found(table), found(JOURNAL))
}
