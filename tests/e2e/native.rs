//! The same migrations on Diesel's own connections, and the functions for applications that migrate at start.

use diesel::{Connection, PgConnection, SqliteConnection};
use rectify::{Chain, Status};
use rectify_tests::{Database, fresh, wanted};

#[test]
fn a_chain_runs_on_diesels_sqlite_connection() {
    let database = fresh(Database::Sqlite);
    let path = database.url.strip_prefix("sqlite:").unwrap();
    up_and_down::<rectify_test_chain_sqlite::Chain>(&mut SqliteConnection::establish(path).unwrap());
}

#[test]
fn a_chain_runs_on_diesels_postgres_connection() {
    if wanted(Database::Postgres) {
        let database = fresh(Database::Postgres);
        up_and_down::<rectify_test_chain_pg::Chain>(&mut PgConnection::establish(&database.url).unwrap());
    }
}

fn up_and_down<Ch: Chain>(connection: &mut Ch::Connection) {
    let before = rectify::status::<Ch>(connection).unwrap();
    assert_eq!(ids(&before), (1..=6).map(|number| format!("aaaaaaaaaaa{number}")).collect::<Vec<_>>());
    assert!(before.current.is_empty() && !before.is_up_to_date());

    let planned = rectify::Runner::<Ch>::new(connection).plan_upgrade("+2").unwrap();
    assert_eq!(planned, before.pending[..2]);
    assert!(rectify::Runner::<Ch>::new(connection).plan_downgrade("base").unwrap().is_empty());

    let report = rectify::upgrade::<Ch>(connection, "head").unwrap();
    let back = rectify::Runner::<Ch>::new(connection).plan_downgrade("-2").unwrap();
    let back: Vec<_> = back.iter().map(|step| (step.revision.as_str(), step.up)).collect();
    assert_eq!(back, [("aaaaaaaaaaa6", false), ("aaaaaaaaaaa5", false)]);
    assert_eq!(report.steps.len(), 6);
    assert_eq!(report.current, ["aaaaaaaaaaa6"]);
    let after = rectify::status::<Ch>(connection).unwrap();
    assert!(after.is_up_to_date());
    assert_eq!((after.current, after.heads), (vec!["aaaaaaaaaaa6".to_owned()], vec!["aaaaaaaaaaa6".to_owned()]));
    assert_eq!(rectify::upgrade::<Ch>(connection, "head").unwrap().steps, []);

    let back = rectify::downgrade::<Ch>(connection, "-2").unwrap();
    assert_eq!(back.current, ["aaaaaaaaaaa4"]);
    rectify::downgrade::<Ch>(connection, "base").unwrap();
    assert!(rectify::status::<Ch>(connection).unwrap().current.is_empty());
}

fn ids(status: &Status) -> Vec<String> {
    status.pending.iter().map(|step| step.revision.clone()).collect()
}
