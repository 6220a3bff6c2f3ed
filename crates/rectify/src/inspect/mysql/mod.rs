//! MySQL (8.0.16 and later) and MariaDB (10.7 and later), from `information_schema`.

mod parse;
mod queries;
mod types;

use rectify_schema::Schema;
use rectify_schema::dialect::{Dialect, MARIADB, MYSQL};

use super::{InspectError, Scope, read};
use crate::database::Database;

/// Which of the two it is: they spell defaults, checks and indexes on expressions in their own ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flavor {
    Mysql,
    Mariadb,
}

impl Flavor {
    fn of(dialect: &dyn Dialect) -> Self {
        if dialect.name() == MYSQL.name() { Self::Mysql } else { Self::Mariadb }
    }

    fn dialect(self) -> &'static dyn Dialect {
        match self {
            Self::Mysql => MYSQL,
            Self::Mariadb => MARIADB,
        }
    }
}

pub(super) fn schema(db: &mut dyn Database, dialect: &dyn Dialect, scope: &Scope) -> Result<Schema, InspectError> {
    let flavor = Flavor::of(dialect);
    let rows = parse::Rows {
        tables: read(db, "tables", &queries::tables(dialect, scope))?,
        columns: read(db, "columns", &queries::columns(dialect, scope))?,
        indexes: read(db, "indexes", &queries::indexes(dialect, scope, flavor))?,
        key_columns: read(db, "foreign keys", &queries::key_columns(dialect, scope))?,
        rules: read(db, "foreign key rules", &queries::rules(dialect, scope))?,
        checks: read(db, "checks", &queries::checks(dialect, scope, flavor))?,
    };
    Ok(parse::schema(rows, flavor, scope.table.as_deref()))
}
