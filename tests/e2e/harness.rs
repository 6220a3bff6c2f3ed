//! A chain under Diesel's own harness, `diesel_migrations`.

use diesel::connection::SimpleConnection;
use diesel::migration::MigrationSource;
use diesel::{Connection, PgConnection, SqliteConnection};
use diesel_migrations::MigrationHarness;
use rectify::{Chain, DieselSource, Migration, Op, Source};
use rectify_tests::{Database, TestDatabase, fresh, on_each_database, step, wanted};

const VERSIONS: &str = "SELECT version FROM __diesel_schema_migrations ORDER BY version";

fn version(number: usize) -> String {
    format!("0000{number}.aaaaaaaaaaa{number}")
}

fn sqlite() -> (TestDatabase, SqliteConnection) {
    let database = fresh(Database::Sqlite);
    let connection = SqliteConnection::establish(database.url.strip_prefix("sqlite:").unwrap()).unwrap();
    (database, connection)
}

#[test]
fn the_harness_applies_a_chain_on_diesels_sqlite_connection_and_takes_it_back() {
    use rectify_test_chain_sqlite::Chain;
    let (database, mut connection) = sqlite();
    connection.batch_execute("PRAGMA foreign_keys = OFF").unwrap();
    let run = connection.run_pending_migrations(Chain).unwrap();
    assert_eq!(run.iter().map(ToString::to_string).collect::<Vec<_>>(), (1..=6).map(version).collect::<Vec<_>>());
    assert!(!connection.has_pending_migration(Chain).unwrap());
    assert_eq!(database.texts(VERSIONS).len(), 6);
    assert_eq!(database.texts("SELECT kind FROM accounts ORDER BY id"), ["founder", "person", "person"]);
    assert_eq!(connection.revert_last_migration(Chain).unwrap().to_string(), version(6));
    assert_eq!(connection.revert_all_migrations(Chain).unwrap().len(), 5);
    assert_eq!(database.texts("SELECT name FROM sqlite_master WHERE name = 'accounts'"), Vec::<String>::new());
}

#[test]
fn a_rebuild_in_the_harness_is_refused_while_foreign_keys_are_on() {
    use rectify_test_chain_sqlite::Chain;
    let (database, mut connection) = sqlite();
    connection.batch_execute("PRAGMA foreign_keys = ON").unwrap();
    let error = connection.run_pending_migrations(Chain).unwrap_err().to_string();
    assert!(
        error.starts_with("failed to apply revision aaaaaaaaaaa4 (Require a currency): it rebuilds a table"),
        "{error}"
    );
    assert!(error.contains("hint: run `PRAGMA foreign_keys = OFF` before the harness"), "{error}");
    assert_eq!(database.texts(VERSIONS), (1..=3).map(version).collect::<Vec<_>>());
}

#[test]
fn the_harness_applies_a_chain_on_diesels_postgres_connection_up_to_what_leaves_the_transaction() {
    use rectify_test_chain_pg::Chain;
    if !wanted(Database::Postgres) {
        return;
    }
    let database = fresh(Database::Postgres);
    let mut connection = PgConnection::establish(&database.url).unwrap();
    let error = connection.run_pending_migrations(Chain).unwrap_err().to_string();
    assert!(error.starts_with("failed to apply revision aaaaaaaaaaa6"), "{error}");
    assert!(
        error.contains("Diesel's harness runs the migration in one transaction: declare `transaction = false`"),
        "{error}"
    );
    assert_eq!(database.texts(VERSIONS), (1..=5).map(version).collect::<Vec<_>>());
    let gone = "SELECT table_name::text FROM information_schema.tables WHERE table_name = 'rectify_journal'";
    assert_eq!(database.texts(gone), Vec::<String>::new(), "the harness has no journal");
    assert_eq!(connection.revert_all_migrations(Chain).unwrap().len(), 5);
}

#[test]
fn a_failing_migration_is_told_in_one_line_and_rolled_back() {
    use rectify_test_chain_sqlite::Chain;
    let (database, mut connection) = sqlite();
    connection.batch_execute("CREATE TABLE entries (id INTEGER)").unwrap();
    let error = connection.run_pending_migrations(Chain).unwrap_err().to_string();
    assert!(
        error.contains("failed to apply revision aaaaaaaaaaa2 (Create entries): operation 1, create table `entries`"),
        "{error}"
    );
    assert!(error.ends_with("the database said: table entries already exists"), "{error}");
    assert_eq!(database.texts(VERSIONS), [version(1)]);
}

#[test]
fn the_harness_applies_a_chain_on_the_connection_that_the_url_picks() {
    use rectify_test_chain_any::Chain;
    on_each_database(|database| {
        let mut connection = database.connect();
        for number in 1..=3 {
            assert_eq!(connection.run_next_migration(Chain).unwrap().to_string(), version(number));
        }
        assert_eq!(connection.revert_last_migration(Chain).unwrap().to_string(), version(3));
        assert_eq!(database.texts(VERSIONS), [version(1), version(2)]);
    });
}

/// Two migrations made by hand: the second one runs outside of a transaction and cannot be taken back.
struct ByHand;

static MIGRATIONS: [Migration<SqliteConnection>; 2] = [
    Migration {
        message: "First.",
        downgrade: Some(|op| inside(op, true)),
        ..step("20240101000000", &[], |op| inside(op, true))
    },
    Migration { message: "Second.", transaction: false, ..step("b2", &["20240101000000"], |op| inside(op, false)) },
];

fn inside(op: &mut Op<'_, SqliteConnection>, expected: bool) -> rectify::Result<()> {
    assert_eq!(rectify::Database::in_transaction(op.connection()?), expected);
    Ok(())
}

impl Chain for ByHand {
    type Connection = SqliteConnection;

    fn migrations() -> &'static [Migration<SqliteConnection>] {
        &MIGRATIONS
    }

    fn sources() -> &'static [Source] {
        &[]
    }
}

#[test]
fn a_migration_without_transaction_runs_without_one_and_an_irreversible_one_says_so() {
    let (_database, mut connection) = sqlite();
    let source = DieselSource::<ByHand>::new();
    let run = connection.run_pending_migrations(DieselSource::<ByHand>::new()).unwrap();
    let run: Vec<_> = run.iter().map(ToString::to_string).collect();
    assert_eq!(run, ["20240101000000", "20240101000000.00002.b2"]);
    let error = connection.revert_last_migration(source).unwrap_err();
    assert_eq!(error.to_string(), "failed to take back revision b2 (Second): it is irreversible");
}

#[test]
fn another_connection_than_the_chains_is_refused() {
    let (_database, connection) = sqlite();
    let migrations = DieselSource::<ByHand>::new().migrations().unwrap();
    let mut wrapped = Wrapped(connection);
    let error = migrations[0].run(&mut wrapped).unwrap_err().to_string();
    assert!(error.contains("written for `diesel::sqlite::connection::SqliteConnection`"), "{error}");
    assert!(error.contains("&mut *pooled"), "{error}");
}

/// A connection with the right backend and the wrong type, as a pool hands it out.
struct Wrapped(SqliteConnection);

impl SimpleConnection for Wrapped {
    fn batch_execute(&mut self, query: &str) -> diesel::QueryResult<()> {
        self.0.batch_execute(query)
    }
}

impl diesel::connection::BoxableConnection<diesel::sqlite::Sqlite> for Wrapped {
    fn as_any(&self) -> &dyn std::any::Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn std::any::Any {
        self
    }
}
