//! Runs the test chain, and stops dead before statement number N when told to, so that a test can kill it there.
//!
//! `rectify-test-victim URL up|down TARGET [N]`: prints `started REVISION` and `applied REVISION` lines, `statements N`
//! at the end, and `stopped at N` before it waits to be killed. Exit code 1 with the error on stderr. With the variable
//! `RECTIFY_TEST_LEASE` it keeps others out by a lease of so many seconds.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for tests")]

use std::cell::Cell;
use std::error::Error as _;
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use diesel::Connection;
use diesel::connection::InstrumentationEvent;
use rectify::{AnyConnection, Create, Event, LockMode, Options, Runner};
use rectify_test_chain_any::Chain;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, direction, target, rest @ ..] = arguments.as_slice() else {
        eprintln!("usage: rectify-test-victim URL up|down TARGET [N]");
        return ExitCode::from(2);
    };
    let stop_at = rest.first().and_then(|text| text.parse().ok());
    match run(url, direction == "up", target, stop_at) {
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

fn run(url: &str, up: bool, target: &str, stop_at: Option<u32>) -> Result<u32, String> {
    let mut connection = AnyConnection::connect(url, Create::IfMissing).map_err(|error| error.to_string())?;
    let sent = Arc::new(AtomicU32::new(0));
    let counter = Arc::clone(&sent);
    connection.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { .. } = event
            && Some(counter.fetch_add(1, Ordering::SeqCst)) == stop_at
        {
            wait_to_be_killed(stop_at.unwrap_or_default());
        }
    });
    let started = Cell::new(0);
    let runner = Runner::<Chain>::new(&mut connection).options(options()).on_event(|event| match event {
        Event::Started(step) => {
            started.set(started.get() + 1);
            println!("started {}", step.revision);
        }
        Event::Finished(step, _) => println!("applied {}", step.revision),
        _ => {}
    });
    let outcome = if up { runner.upgrade(target) } else { runner.downgrade(target) };
    outcome.map(|_| sent.load(Ordering::SeqCst)).map_err(|error| report(&error))
}

fn options() -> Options {
    let lease = std::env::var("RECTIFY_TEST_LEASE").ok().and_then(|seconds| seconds.parse().ok());
    match lease.map(Duration::from_secs) {
        Some(lock_lease) => Options { lock: LockMode::Lease, lock_lease, ..Options::default() },
        None => Options::default(),
    }
}

fn wait_to_be_killed(statement: u32) -> ! {
    println!("stopped at {statement}");
    let _ = std::io::stdout().flush();
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
