//! The catalog of a database, without what the runner, or Diesel's, keeps there for itself.

use rectify::inspect;
use rectify::inspect::InspectOptions;
use rectify_schema::Schema;
use rectify_tests::TestDatabase;

pub(crate) fn of(database: &TestDatabase) -> Schema {
    inspect(&mut database.connect(), &InspectOptions::default()).unwrap().sorted()
}
