//! MySQL (8.0.16 and later) and MariaDB (10.7 and later), from `information_schema`.

mod objects;
mod parse;
mod partitions;
mod queries;
mod types;

use rectify_schema::Schema;
use rectify_schema::dialect::{Dialect, MARIADB, MYSQL};

use super::{InspectError, Schemas, Scope, read};
use crate::database::{Database, TextRow};
use queries::TableRow;

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

/// The databases that there are.
pub(super) fn schemas(db: &mut dyn Database) -> Result<Schemas, InspectError> {
    read(db, "databases", objects::SCHEMAS).map(objects::schemas)
}

fn current(db: &mut dyn Database) -> Result<String, InspectError> {
    let rows: Vec<TextRow> = read(db, "the current database", "SELECT CAST(DATABASE() AS CHAR)")?;
    Ok(rows.first().and_then(|row| row.text(0)).unwrap_or_default().to_owned())
}

pub(super) fn schema(db: &mut dyn Database, dialect: &dyn Dialect, scope: &Scope) -> Result<Schema, InspectError> {
    let flavor = Flavor::of(dialect);
    let tables: Vec<TableRow> = read(db, "tables", &queries::tables(dialect, scope))?;
    let current = match tables.first() {
        Some(row) => row.current.clone(),
        None => current(db)?,
    };
    let (sequences, tables): (Vec<_>, Vec<_>) = tables.into_iter().partition(|row| row.is_sequence);
    let is_partitioned = |row: &TableRow| row.options.split(' ').any(|option| option == "partitioned");
    let partitioned = tables.iter().any(is_partitioned);
    let rows = parse::Rows {
        tables,
        columns: read(db, "columns", &queries::columns(dialect, scope))?,
        indexes: read(db, "indexes", &queries::indexes(dialect, scope, flavor))?,
        foreign_keys: read(db, "foreign keys", &queries::foreign_keys(dialect, scope))?,
        checks: read(db, "checks", &queries::checks(dialect, scope, flavor))?,
        partitions: match partitioned {
            true => read(db, "partitions", &partitions::partitions(dialect, scope))?,
            false => Vec::new(),
        },
    };
    let mut schema = parse::schema(rows, flavor, scope.table.as_deref());
    if scope.table.is_none() {
        schema.tables.iter_mut().for_each(parse::leave_out_indexes_of_keys);
        let sequences: Vec<_> = sequences.into_iter().map(|row| row.table).collect();
        if !sequences.is_empty() {
            let rows: Vec<TextRow> = read(db, "sequences", &objects::sequences(dialect, &sequences))?;
            schema.sequences = rows.into_iter().map(|row| objects::sequence_of(row, &current)).collect();
        }
        let rows = read(db, "views, routines and triggers", &objects::programs(dialect, scope))?;
        schema.objects = objects::objects(dialect, rows, &current);
    }
    Ok(schema)
}
