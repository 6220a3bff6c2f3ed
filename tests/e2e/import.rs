//! The chain that `import diesel` makes does what Diesel does with the folder, and takes over from it.

use std::path::Path;

use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use rectify::Database as _;
use rectify_test_chain_imported::Chain;
use rectify_tests::{TestDatabase, fresh, on_each_database};

use crate::catalog;

const ALL: [&str; 4] = ["00000000000000", "20200131235900", "20210301120000", "20220615080000"];

/// What Diesel makes of the folder.
pub(crate) fn migrate_with_diesel(database: &TestDatabase) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("legacy/diesel");
    let migrations = FileBasedMigrations::from_path(folder).unwrap();
    let mut connection = database.connect();
    let run = connection.run_pending_migrations(migrations).unwrap();
    assert_eq!(run.iter().map(ToString::to_string).collect::<Vec<_>>(), ALL);
}

#[test]
fn an_imported_chain_does_what_diesel_does_with_the_folder() {
    on_each_database(|database| {
        migrate_with_diesel(database);
        let other = fresh(database.kind);
        let report = rectify::upgrade::<Chain>(&mut other.connect(), "head").unwrap();
        assert_eq!(report.current, [ALL[3]]);
        assert_eq!(catalog::of(&other), catalog::of(database));
        for rows in [
            "SELECT name FROM users ORDER BY id",
            "SELECT motto FROM users ORDER BY id",
            "SELECT theme FROM users ORDER BY id",
        ] {
            assert_eq!(other.texts(rows), database.texts(rows));
        }
        rectify::downgrade::<Chain>(&mut other.connect(), ALL[2]).unwrap();
        assert!(other.connect().rows("SELECT theme FROM users").is_err());
        let error = rectify::downgrade::<Chain>(&mut other.connect(), "base").unwrap_err();
        assert_eq!(error.to_string(), "revision `20210301120000` is irreversible");
    });
}

#[test]
fn diesels_harness_goes_on_with_an_imported_chain_where_it_stopped_with_the_folder() {
    on_each_database(|database| {
        migrate_with_diesel(database);
        let mut connection = database.connect();
        assert!(!connection.has_pending_migration(Chain).unwrap());
        assert_eq!(connection.revert_last_migration(Chain).unwrap().to_string(), ALL[3]);
        assert_eq!(connection.run_pending_migrations(Chain).unwrap().len(), 1);
    });
}
