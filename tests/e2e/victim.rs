//! Runs the test chain in a process of its own.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};

use rectify_tests::TestDatabase;

pub(crate) fn command(database: &TestDatabase, direction: &str, target: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rectify-test-victim"));
    command.args([&database.url, direction, target]).env_remove("RECTIFY_TEST_FAIL");
    command
}

pub(crate) fn run(database: &TestDatabase, direction: &str, target: &str) -> Output {
    command(database, direction, target).output().unwrap()
}

/// Starts a comparison that waits to be killed in its scratch database, whose name it gives.
pub(crate) fn comparing(database: &TestDatabase) -> (Child, String) {
    let mut child = command(database, "compare", "-").stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let scratch = lines.find_map(|line| line.strip_prefix("in ").map(str::to_owned));
    (child, scratch.unwrap())
}

/// Starts a run that stops before statement `number` and waits there, or comes to its end first.
pub(crate) enum Stopped {
    Waiting(Child),
    Ended,
}

pub(crate) fn stop_before(database: &TestDatabase, direction: &str, target: &str, number: u32) -> Stopped {
    stop(command(database, direction, target), number)
}

pub(crate) fn stop(mut command: Command, number: u32) -> Stopped {
    let mut child = command.arg(number.to_string()).stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    for line in lines.map_while(Result::ok) {
        if line.starts_with("stopped at ") {
            return Stopped::Waiting(child);
        }
    }
    assert!(child.wait().unwrap().success(), "a run that is not stopped comes to its end");
    Stopped::Ended
}
