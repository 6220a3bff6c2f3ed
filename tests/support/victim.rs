//! Runs a test chain, and stops dead before statement number N when told to, so that a test can kill it there.
//!
//! `rectify-test-victim URL up|down TARGET [N]`: prints `started REVISION` and `applied REVISION` lines, `statements N`
//! at the end, and `stopped at N` before it waits to be killed. Exit code 1 with the error on stderr. With the variable
//! `RECTIFY_TEST_LEASE` it keeps others out by a lease of so many seconds.
//! `rectify-test-victim URL compare -` compares the models of [`goods`] with the database, and waits to be killed when it uses a
//! scratch database, whose name it prints as `in NAME`.
//! `RECTIFY_TEST_FRESH` lets it pass over what is elidable, which it tells as `elided REVISION`.
//! `RECTIFY_TEST_CHAIN` names another chain than the usual one, `RECTIFY_TEST_ARGUMENT` (`NAME=VALUE`) is for its migrations.
//! With `RECTIFY_TEST_TELL` it prints `sending N` before each statement and goes on.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for tests")]

use std::cell::Cell;
use std::error::Error as _;
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use diesel::Connection;
use diesel::connection::{InstrumentationEvent, SimpleConnection};
use rectify::inspect::InspectOptions;
use rectify::schema::diff::DiffOptions;
use rectify::{AnyConnection, Create, Event, LockMode, Options, Runner};
use rectify_test_chain_any::Chain;
use rectify_tests::{elidable, goods, objects, random_batch};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, direction, target, rest @ ..] = arguments.as_slice() else {
        eprintln!("usage: rectify-test-victim URL up|down TARGET [N]");
        return ExitCode::from(2);
    };
    let stop_at = rest.first().and_then(|text| text.parse().ok());
    let up = direction == "up";
    if direction == "compare" {
        return comparison(url);
    }
    let outcome = match std::env::var("RECTIFY_TEST_CHAIN").as_deref() {
        Ok("batch") => run::<random_batch::Chain>(url, up, target, stop_at),
        Ok("elidable") => run::<elidable::Chain>(url, up, target, stop_at),
        Ok("objects") => run::<objects::Chain>(url, up, target, stop_at),
        Ok(unknown) => Err(format!("there is no chain `{unknown}`")),
        Err(_) => run::<Chain>(url, up, target, stop_at),
    };
    match outcome {
        Ok(statements) => {
            println!("statements {statements}");
            ExitCode::SUCCESS
        }
        Err(text) => {
            eprintln!("{text}");
            ExitCode::FAILURE
        }
    }
}

fn comparison(url: &str) -> ExitCode {
    let outcome =
        AnyConnection::connect(url, Create::Never).map_err(|error| error.to_string()).and_then(|mut connection| {
            connection.set_instrumentation(|event: InstrumentationEvent<'_>| {
                let InstrumentationEvent::StartQuery { query, .. } = event else { return };
                if let Some(name) = query.to_string().strip_prefix("USE rectify_scratch_") {
                    tell(&format!("in rectify_scratch_{name}"));
                    wait();
                }
            });
            rectify::compare(&mut connection, goods(), &DiffOptions::default(), &InspectOptions::default())
                .map_err(|error| error.to_string())
        });
    match outcome {
        Ok(found) => eprintln!("nobody was asked: {:?}", found.notes),
        Err(text) => eprintln!("{text}"),
    }
    ExitCode::FAILURE
}

fn run<Ch>(url: &str, up: bool, target: &str, stop_at: Option<u32>) -> Result<u32, String>
where
    Ch: rectify::Chain<Connection = AnyConnection>,
{
    let mut connection = AnyConnection::connect(url, Create::IfMissing).map_err(|error| error.to_string())?;
    let sent = Arc::new(AtomicU32::new(0));
    let counter = Arc::clone(&sent);
    if url.starts_with("sqlite:") {
        // What is killed is the process: what it has written is with the system, on the disk or not.
        connection.batch_execute("PRAGMA synchronous = OFF").map_err(|error| error.to_string())?;
    }
    let tells = std::env::var_os("RECTIFY_TEST_TELL").is_some();
    connection.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        let InstrumentationEvent::StartQuery { .. } = event else { return };
        let number = counter.fetch_add(1, Ordering::SeqCst);
        if tells {
            println!("sending {number}");
        }
        if Some(number) == stop_at {
            wait_to_be_killed(number);
        }
    });
    let started = Cell::new(0);
    let runner = Runner::<Ch>::new(&mut connection).options(options()).on_event(|event| match event {
        Event::Started(step) => {
            started.set(started.get() + 1);
            println!("started {}", step.revision);
        }
        Event::Finished(step, _) if step.elided => println!("elided {}", step.revision),
        Event::Finished(step, _) => println!("applied {}", step.revision),
        _ => {}
    });
    let outcome = if up { runner.upgrade(target) } else { runner.downgrade(target) };
    outcome.map(|_| sent.load(Ordering::SeqCst)).map_err(|error| report(&error))
}

fn options() -> Options {
    let argument = std::env::var("RECTIFY_TEST_ARGUMENT").ok();
    let argument = argument.as_ref().and_then(|text| text.split_once('='));
    let arguments = argument.map(|(name, value)| (name.to_owned(), value.to_owned())).into_iter().collect();
    let fresh = std::env::var_os("RECTIFY_TEST_FRESH").is_some();
    let options = Options { arguments, fresh, ..Options::default() };
    let lease = std::env::var("RECTIFY_TEST_LEASE").ok().and_then(|seconds| seconds.parse().ok());
    match lease.map(Duration::from_secs) {
        Some(lock_lease) => Options { lock: LockMode::Lease, lock_lease, ..options },
        None => options,
    }
}

fn wait_to_be_killed(statement: u32) -> ! {
    tell(&format!("stopped at {statement}"));
    wait();
}

fn tell(line: &str) {
    println!("{line}");
    let _ = std::io::stdout().flush();
}

fn wait() -> ! {
    loop {
        std::thread::sleep(Duration::from_secs(60));
    }
}

fn report(error: &rectify::RunError) -> String {
    let mut lines = vec![format!("error: {error}")];
    let mut source = error.source();
    while let Some(cause) = source {
        lines.push(format!("caused by: {cause}"));
        source = cause.source();
    }
    lines.extend(error.notes.iter().map(|note| format!("note: {note}")));
    lines.extend(rectify::hints(error).into_iter().map(|hint| format!("hint: {hint}")));
    lines.join("\n")
}
