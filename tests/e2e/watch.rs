//! Those who watch a run: callbacks inside its transactions, and `tracing` spans.

use std::cell::RefCell;
use std::fmt::{Debug, Write as _};
use std::sync::{Mutex, Once};

use rectify::{Database as _, Direction, RunErrorKind, Runner};
use rectify_test_chain_any::Chain;
use rectify_tests::{Database, TestDatabase, fresh, on_each_database};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

const DEPLOYS: &str = "CREATE TABLE deploys (revision VARCHAR(32) NOT NULL)";

fn deploys(database: &TestDatabase) -> Vec<String> {
    database.texts("SELECT revision FROM deploys ORDER BY revision")
}

#[test]
fn a_callback_sees_each_step_and_writes_in_its_transaction() {
    on_each_database(|database| {
        let mut connection = database.connect();
        connection.run(DEPLOYS).unwrap();
        let seen = RefCell::new(Vec::new());
        let second = RefCell::new(0);
        Runner::<Chain>::new(&mut connection)
            .on_version_apply(|conn, applied| {
                assert!(conn.in_transaction());
                let rows = conn.rows("SELECT version_num FROM alembic_version").unwrap();
                assert_eq!(rows[0].text(0), Some(applied.current[0].as_str()), "the row is moved already");
                conn.run(&format!("INSERT INTO deploys VALUES ('{}')", applied.step.revision))?;
                seen.borrow_mut().push((applied.direction, applied.source.to_vec(), applied.destination.to_vec()));
                Ok(())
            })
            .on_version_apply(|_, _| {
                *second.borrow_mut() += 1;
                Ok(())
            })
            .upgrade("+2")
            .unwrap();
        let id = |number: u8| format!("aaaaaaaaaaa{number}");
        let expected = [(Direction::Up, vec![], vec![id(1)]), (Direction::Up, vec![id(1)], vec![id(2)])];
        assert_eq!((seen.take(), second.take()), (expected.to_vec(), 2));
        assert_eq!(deploys(database), [id(1), id(2)]);

        let runner = Runner::<Chain>::new(&mut connection).on_version_apply(|_, applied| {
            assert_eq!(
                (applied.direction, applied.source, applied.destination),
                (Direction::Down, &[id(2)][..], &[id(1)][..])
            );
            assert_eq!(applied.current, [id(1)]);
            Ok(())
        });
        runner.downgrade("-1").unwrap();
    });
}

#[test]
fn an_error_of_a_callback_undoes_the_step_and_names_its_revision() {
    on_each_database(|database| {
        let mut connection = database.connect();
        connection.run(DEPLOYS).unwrap();
        let runner = Runner::<Chain>::new(&mut connection).on_version_apply(|conn, applied| {
            conn.run(&format!("INSERT INTO deploys VALUES ('{}')", applied.step.revision))?;
            match applied.step.revision.as_str() {
                "aaaaaaaaaaa2" => Err(rectify::Error::message("no deploys on a Friday")),
                _ => Ok(()),
            }
        });
        let error = runner.upgrade("head").unwrap_err();
        assert_eq!(
            (error.kind, error.to_string().as_str()),
            (RunErrorKind::Migration, "failed to apply revision `aaaaaaaaaaa2` (Create entries)")
        );
        let cause = std::error::Error::source(&error).unwrap();
        assert_eq!(cause.to_string(), "the callback `on_version_apply` stopped the step");
        assert_eq!(cause.source().unwrap().to_string(), "no deploys on a Friday");
        let notes = error.notes.join("\n");
        match database.kind {
            Database::Mariadb => assert!(notes.contains("2 operations of revision `aaaaaaaaaaa2` stand"), "{notes}"),
            _ => assert!(notes.contains("revision `aaaaaaaaaaa2` was rolled back"), "{notes}"),
        }
        assert_eq!(deploys(database), ["aaaaaaaaaaa1"], "what the callback wrote went with its step");
        assert_eq!(Runner::<Chain>::new(&mut connection).current().unwrap(), ["aaaaaaaaaaa1"]);
        // On a database that keeps what was done, the next run goes on behind it.
        assert_eq!(rectify::upgrade::<Chain>(&mut connection, "head").unwrap().current, ["aaaaaaaaaaa6"]);
    });
}

#[test]
fn each_run_and_each_migration_is_a_span_with_revision_and_duration() {
    let database = fresh(Database::Sqlite);
    let lines = traced(|| drop(rectify::upgrade::<Chain>(&mut database.connect(), "+2").unwrap()));
    assert_eq!(
        lines,
        [
            "new rectify::run direction=\"up\" target=\"+2\"",
            "new migration revision=\"aaaaaaaaaaa1\" direction=\"up\"",
            "recorded in migration duration_ms=N",
            "new migration revision=\"aaaaaaaaaaa2\" direction=\"up\"",
            "recorded in migration duration_ms=N",
        ]
    );
}

#[test]
fn a_failure_is_an_event_in_the_span_of_its_migration_and_in_that_of_the_run() {
    let database = fresh(Database::Sqlite);
    let lines = traced(|| {
        let mut connection = database.connect();
        connection.run("CREATE TABLE accounts (id INTEGER)").unwrap();
        rectify::upgrade::<Chain>(&mut connection, "head").unwrap_err();
    });
    let events: Vec<_> = lines.iter().filter(|line| line.starts_with("event")).collect();
    assert_eq!(events.len(), 2, "{lines:?}");
    assert!(
        events[0].starts_with("event in migration message=the migration failed revision=\"aaaaaaaaaaa1\""),
        "{events:?}"
    );
    assert!(
        events[0].contains("table `accounts` already exists") || events[0].contains("table accounts already exists")
    );
    assert!(events[1].starts_with("event in rectify::run message=the run failed"), "{events:?}");
}

/// What a subscriber sees on this thread while `action` runs, a line each.
fn traced(action: impl FnOnce()) -> Vec<String> {
    // One for the whole program: tracing asks the subscriber of whichever thread first comes by a span whether it is wanted, so
    // one that belongs to a thread would miss what another test met before.
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| tracing::subscriber::set_global_default(Recorder::default()).unwrap());
    LINES.set(Some(Vec::new()));
    action();
    LINES.take().unwrap()
}

thread_local! {
    /// What was seen; nothing while nobody asks.
    static LINES: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
    static ENTERED: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
}

#[derive(Default)]
struct Recorder {
    names: Mutex<Vec<&'static str>>,
}

impl Recorder {
    fn name(&self, id: u64) -> &'static str {
        self.names.lock().unwrap()[usize::try_from(id).unwrap() - 1]
    }
}

fn push(line: String) {
    LINES.with_borrow_mut(|lines| lines.iter_mut().for_each(|lines| lines.push(line.clone())));
}

impl Subscriber for Recorder {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("rectify")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut fields = Fields::default();
        span.record(&mut fields);
        push(format!("new {}{}", span.metadata().name(), fields.0));
        let mut names = self.names.lock().unwrap();
        names.push(span.metadata().name());
        Id::from_u64(u64::try_from(names.len()).unwrap())
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        let mut fields = Fields::default();
        values.record(&mut fields);
        push(format!("recorded in {}{}", self.name(span.into_u64()), fields.0));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let inside = ENTERED.with_borrow(|entered| entered.last().map_or("nothing", |id| self.name(*id)));
        push(format!("event in {inside}{}", fields.0));
    }

    fn enter(&self, span: &Id) {
        ENTERED.with_borrow_mut(|entered| entered.push(span.into_u64()));
    }

    fn exit(&self, _: &Id) {
        ENTERED.with_borrow_mut(Vec::pop);
    }
}

#[derive(Default)]
struct Fields(String);

impl Visit for Fields {
    fn record_u64(&mut self, field: &Field, _: u64) {
        write!(self.0, " {field}=N").unwrap();
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }
}
