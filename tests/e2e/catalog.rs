//! The catalog of a database, without what the runner, or Diesel's, keeps there for itself.

use rectify::inspect;
use rectify_schema::Schema;
use rectify_tests::TestDatabase;

pub(crate) fn of(database: &TestDatabase) -> Schema {
    let mut connection = database.connect();
    let dialect = rectify::dialect_of(&mut connection).unwrap();
    let mut schema = inspect::schema(&mut connection, dialect, &inspect::Scope::default()).unwrap();
    let own = ["alembic_version", "rectify_journal", "__diesel_schema_migrations"];
    schema.tables.retain(|table| !own.contains(&table.name.name.as_str()));
    schema.sorted()
}
