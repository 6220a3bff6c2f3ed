//! Runs from a tokio runtime of one thread: it goes on ticking while they work, and dropping the future stops them.

use std::future::Future;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use diesel::{Connection, SqliteConnection};
use rectify::{AnyConnection, Chain, Family, Migration, Op, Options, RunErrorKind, Source, asynchronous};
use rectify_tests::{Database, TestDatabase, fresh, on_each_database, step, whole};
use tokio::runtime::{Builder, Runtime};

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_time().build().unwrap()
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    runtime().block_on(future)
}

/// A chain of one migration, made by hand.
macro_rules! chain_of {
    ($chain:ident, $revision:literal, $upgrade:expr) => {
        struct $chain;

        impl Chain for $chain {
            type Connection = AnyConnection;

            fn migrations() -> &'static [Migration<AnyConnection>] {
                static MIGRATIONS: [Migration<AnyConnection>; 1] =
                    [Migration { message: "By hand.", ..step($revision, &[], $upgrade) }];
                &MIGRATIONS
            }

            fn sources() -> &'static [Source] {
                &[]
            }
        }
    };
}

/// Waits on the thread of a migration; not for ever, so that a runtime that stands still fails the test.
fn wait_for(what: &str, is_there: impl Fn() -> bool) -> rectify::Result<()> {
    let start = Instant::now();
    while !is_there() {
        if start.elapsed() > Duration::from_secs(20) {
            return Err(rectify::Error::message(format!("waited in vain for {what}")));
        }
        thread::sleep(Duration::from_millis(1));
    }
    Ok(())
}

static TICKS: AtomicU32 = AtomicU32::new(0);

/// Ends only if the runtime ticks meanwhile: once in the database, once in the migration itself.
fn slow(op: &mut Op<'_, AnyConnection>) -> rectify::Result<()> {
    let before = TICKS.load(Ordering::SeqCst);
    match op.family() {
        Family::Postgres => op.sql("SELECT pg_sleep(0.2)")?,
        Family::Mysql => op.sql("DO SLEEP(0.2)")?,
        Family::Sqlite => op.sql("SELECT 1")?,
    }
    if op.family() != Family::Sqlite && TICKS.load(Ordering::SeqCst) < before + 5 {
        return Err(rectify::Error::message("the runtime stood still while the database worked"));
    }
    let before = TICKS.load(Ordering::SeqCst);
    wait_for("the runtime to tick", || TICKS.load(Ordering::SeqCst) >= before + 5)
}

chain_of!(Slow, "51000000", slow);

#[test]
fn the_runtime_goes_on_while_a_migration_is_slow() {
    on_each_database(|database| {
        let url = database.url.clone();
        let report = block_on(async {
            let ticker = tokio::spawn(async {
                loop {
                    tokio::time::sleep(Duration::from_millis(2)).await;
                    TICKS.fetch_add(1, Ordering::SeqCst);
                }
            });
            let report = asynchronous::upgrade::<Slow>(url, "head").await.unwrap();
            ticker.abort();
            report
        });
        assert_eq!(report.current, ["51000000"]);
    });
}

static BEGUN: AtomicBool = AtomicBool::new(false);
static DROPPED: AtomicBool = AtomicBool::new(false);

fn cancelled(op: &mut Op<'_, AnyConnection>) -> rectify::Result<()> {
    op.sql("CREATE TABLE one (id INTEGER)")?;
    // MariaDB looks through it first, without its database.
    if !op.is_offline() {
        BEGUN.store(true, Ordering::SeqCst);
        wait_for("the future to be dropped", || DROPPED.load(Ordering::SeqCst))?;
    }
    op.sql("CREATE TABLE two (id INTEGER)")
}

chain_of!(Cancelled, "ca", cancelled);

#[test]
fn dropping_the_future_stops_the_run_before_its_next_statement() {
    on_each_database(|database| {
        BEGUN.store(false, Ordering::SeqCst);
        DROPPED.store(false, Ordering::SeqCst);
        let url = database.url.clone();
        let runtime = runtime();
        runtime.block_on(async {
            let run = tokio::spawn(asynchronous::upgrade::<Cancelled>(url, "head"));
            while !BEGUN.load(Ordering::SeqCst) {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            run.abort();
            assert!(run.await.unwrap_err().is_cancelled());
            DROPPED.store(true, Ordering::SeqCst);
        });
        // Waits for the thread on which the run comes to its end.
        drop(runtime);
        let mut connection = database.connect();
        let rows = |connection: &mut AnyConnection, table: &str| {
            rectify::Database::rows(connection, &format!("SELECT 1 FROM {table}")).is_ok()
        };
        assert!(!rows(&mut connection, "two"), "{}: the second statement was sent", database.kind);
        let keeps = database.kind == Database::Mariadb;
        assert_eq!(rows(&mut connection, "one"), keeps, "{}: rolled back where the database can", database.kind);
        let status = rectify::status::<Cancelled>(&mut connection).unwrap();
        assert_eq!((status.current.len(), status.unfinished.len()), (0, usize::from(keeps)));
        // The lock is free again, and what was begun is finished.
        let options = Options { lock_timeout: Duration::ZERO, ..Options::default() };
        let url = database.url.clone();
        block_on(asynchronous::run::<Cancelled, _>(url, |runner| runner.options(options).upgrade("head"))).unwrap();
        assert!(rows(&mut connection, "one") && rows(&mut connection, "two"));
    });
}

#[test]
fn every_call_has_an_asynchronous_twin() {
    use rectify_test_chain_any::Chain;
    on_each_database(|database: &TestDatabase| {
        let url = || database.url.clone();
        block_on(async {
            assert_eq!(asynchronous::status::<Chain>(url()).await.unwrap().pending.len(), 6);
            assert_eq!(asynchronous::upgrade::<Chain>(url(), "+2").await.unwrap().steps.len(), 2);
            assert_eq!(asynchronous::current::<Chain>(url()).await.unwrap(), ["aaaaaaaaaaa2"]);
            assert_eq!(asynchronous::downgrade::<Chain>(url(), "-1").await.unwrap().current, ["aaaaaaaaaaa1"]);
            let stamp = asynchronous::stamp::<Chain>(url(), ["aaaaaaaaaaa3"]).await.unwrap();
            assert_eq!(
                (stamp.before, stamp.current),
                (vec!["aaaaaaaaaaa1".to_owned()], vec!["aaaaaaaaaaa3".to_owned()])
            );
            let error = asynchronous::upgrade::<Chain>(url(), "nope").await.unwrap_err();
            assert_eq!(error.kind, RunErrorKind::Plan);
        });
    });
}

#[test]
fn a_synchronous_call_works_in_an_asynchronous_task_too() {
    use rectify_test_chain_any::Chain;
    on_each_database(|database: &TestDatabase| {
        block_on(async {
            let mut connection = database.connect();
            assert_eq!(rectify::upgrade::<Chain>(&mut connection, "head").unwrap().steps.len(), 6);
            let status = rectify::status::<Chain>(&mut connection).unwrap();
            assert!(status.is_up_to_date());
        });
    });
}

#[test]
fn a_chain_on_another_connection_gives_a_function_that_opens_it() {
    use rectify_test_chain_sqlite::Chain;
    let database = fresh(Database::Sqlite);
    let path = database.url.strip_prefix("sqlite:").unwrap().to_owned();
    let connect = move || SqliteConnection::establish(&path);
    assert_eq!(block_on(asynchronous::upgrade::<Chain>(connect, "head")).unwrap().steps.len(), 6);
}

#[test]
fn no_connection_and_no_runtime_are_errors() {
    use rectify_test_chain_any::Chain;
    let error = block_on(asynchronous::upgrade::<Chain>("sqlite:no/such/folder/x.db", "head")).unwrap_err();
    assert_eq!((error.kind, error.to_string().as_str()), (RunErrorKind::Connect, "cannot connect to the database"));
    assert!(rectify::hints(&error)[0].starts_with("make it (`mkdir -p"), "{:?}", rectify::hints(&error));
    let mut future = Box::pin(asynchronous::upgrade::<Chain>(":memory:", "head"));
    let outcome = future.as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop()));
    let std::task::Poll::Ready(Err(error)) = outcome else { panic!("it waits for a runtime that is not there") };
    assert_eq!(error.to_string(), "cannot run outside of a tokio runtime");
}

fn panics(_: &mut Op<'_, AnyConnection>) -> rectify::Result<()> {
    panic!("a migration may have a bug");
}

chain_of!(Panics, "0b06", panics);

#[test]
fn a_panic_of_a_migration_is_a_failure_and_one_of_the_caller_goes_on_in_it() {
    let error = block_on(asynchronous::upgrade::<Panics>(":memory:", "head")).unwrap_err();
    assert!(whole(&error).contains("the migration panicked: a migration may have a bug"), "{error}");
    let run = || block_on(asynchronous::run::<Panics, _>(":memory:", |_| panic!("a caller may have a bug")));
    let run = || drop::<Result<rectify::Report, _>>(run());
    let panic = std::panic::catch_unwind(run).unwrap_err();
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"a caller may have a bug"));
}
