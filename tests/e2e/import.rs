//! The chain that `import diesel` makes does what Diesel does with the folder, and takes over from it.

use std::path::Path;
use std::process::Command;

use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use rectify::{AnyConnection, Database as _, Runner};
use rectify_test_chain_imported::Chain;
use rectify_tests::{Database, TestDatabase, fresh, on_each_database};

use crate::catalog;

const ALL: [&str; 4] = ["00000000000000", "20200131235900", "20210301120000", "20220615080000"];

/// What Diesel makes of the folder.
fn migrate_with_diesel(database: &TestDatabase) {
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
        let error = rectify::downgrade::<Chain>(&mut other.connect(), "base").unwrap_err();
        assert_eq!(error.to_string(), "revision `20210301120000` is irreversible");
        let mut connection = other.connect();
        assert_eq!(Runner::<Chain>::new(&mut connection).current().unwrap(), [ALL[3]], "nothing was taken back");
        rectify::downgrade::<Chain>(&mut connection, ALL[2]).unwrap();
        assert!(connection.rows("SELECT theme FROM users").is_err());
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

#[test]
fn stamping_takes_over_what_diesel_has_applied_and_may_be_repeated() {
    on_each_database(|database| {
        migrate_with_diesel(database);
        let (stdout, stderr, code) = run(database, &["stamp", "--from-diesel"]);
        assert_eq!(
            (stdout.as_str(), code),
            ("stamped: the database is at 20220615080000, and was at base\n", 0),
            "{stderr}"
        );
        let again = run(database, &["stamp", "--from-diesel"]);
        assert_eq!(again, ("nothing to do: the database is at 20220615080000\n".to_owned(), String::new(), 0));
        assert_eq!(run(database, &["up"]).0, "nothing to do: the database is at 20220615080000\n");
        let refused = "error: revision `20210301120000` is irreversible\nnote: nothing was taken back\n";
        for arguments in [&["down", "base"][..], &["down", "base", "--dry-run"]] {
            let (stdout, stderr, code) = run(database, arguments);
            assert_eq!((stdout.as_str(), code), ("", 1));
            assert!(stderr.starts_with(refused), "{stderr}");
        }
        assert_eq!(run(database, &["down", "-1"]).2, 0);
        assert!(database.connect().rows("SELECT theme FROM users").is_err());
    });
}

#[test]
fn stamping_takes_over_a_database_that_diesel_has_migrated_half_way() {
    on_each_database(|database| {
        migrate_with_diesel(database);
        let mut connection = database.connect();
        assert_eq!(connection.revert_last_migration(Chain).unwrap().to_string(), ALL[3]);
        let stamp = Runner::<Chain>::new(&mut connection).stamp_from_diesel().unwrap();
        assert_eq!((stamp.before.len(), stamp.current), (0, vec![ALL[2].to_owned()]));
        assert_eq!(rectify::upgrade::<Chain>(&mut connection, "head").unwrap().steps.len(), 1);
        // Diesel's table says less now than the version table, which stays as it is.
        let stamp = Runner::<Chain>::new(&mut connection).stamp_from_diesel().unwrap();
        assert_eq!((stamp.before, stamp.current), (vec![ALL[3].to_owned()], vec![ALL[3].to_owned()]));
    });
}

#[test]
fn what_cannot_be_taken_over_is_refused_by_name_and_changes_nothing() {
    on_each_database(|database| {
        let (stdout, stderr, code) = run(database, &["stamp", "--from-diesel"]);
        assert_eq!((stdout.as_str(), code), ("", 1));
        let error = match database.kind {
            Database::Sqlite => "error: cannot connect to the database\n",
            Database::Postgres | Database::Mariadb => "error: failed to read Diesel's table\n",
        };
        assert!(stderr.starts_with(error) && stderr.contains("hint: "), "{stderr}");

        migrate_with_diesel(database);
        let mut connection = database.connect();
        let refused = |connection: &mut AnyConnection, expected: &str| {
            let error = Runner::<Chain>::new(connection).stamp_from_diesel().unwrap_err();
            assert_eq!(error.to_string(), expected);
            assert!(!error.hints.is_empty());
            assert!(connection.rows("SELECT version_num FROM alembic_version").is_err(), "a table was made");
        };
        connection.run("DELETE FROM __diesel_schema_migrations WHERE version = '20200131235900'").unwrap();
        refused(
            &mut connection,
            "Diesel has applied `20210301120000`, and not `20200131235900`, on which it rests in this chain",
        );
        connection
            .run("INSERT INTO __diesel_schema_migrations (version) VALUES ('20301231000000'), ('zebra')")
            .unwrap();
        refused(
            &mut connection,
            "Diesel has applied `20301231000000`, `zebra`, which no revision of this chain stands for",
        );
        connection.run("DELETE FROM __diesel_schema_migrations").unwrap();
        refused(&mut connection, "there is nothing to take over: Diesel has applied no migration here");
    });
    let database = fresh(Database::Sqlite);
    for other in ["head", "--purge", "--sql"] {
        assert_eq!(run(&database, &["stamp", "--from-diesel", other]).2, 2, "{other}");
    }
    assert_eq!(run(&database, &["stamp"]).2, 2);
}

/// Stdout, stderr and exit code of the runner binary of the imported chain.
fn run(database: &TestDatabase, arguments: &[&str]) -> (String, String, i32) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rectify-test-imported"));
    command.args(arguments).current_dir(std::env::temp_dir()).env("DATABASE_URL", &database.url).env("NO_COLOR", "1");
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code().unwrap_or(-1))
}
