//! The only file of `xtask` that prints, and the error that a task ends with.

use std::error::Error;
use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

/// Why a task failed.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    source: Option<Box<dyn Error + Send + Sync>>,
    hint: Option<String>,
    exit_code: u8,
}

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Failure {
        Failure { message: message.into(), source: None, hint: None, exit_code: 1 }
    }

    /// The end by Ctrl-C, with the exit code that shells give it.
    pub(crate) fn interrupted() -> Failure {
        Failure { exit_code: 130, ..Failure::new("interrupted") }
    }

    pub(crate) fn because(self, source: impl Error + Send + Sync + 'static) -> Failure {
        Failure { source: Some(Box::new(source)), ..self }
    }

    pub(crate) fn hint(self, hint: impl Into<String>) -> Failure {
        Failure { hint: Some(hint.into()), ..self }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// Prints the error with its causes and its hint, and gives the exit code.
pub(crate) fn failure(failure: &Failure) -> ExitCode {
    note(&format!("error: {failure}"));
    let mut cause: Option<&dyn Error> = failure.source.as_deref().map(|source| source as &dyn Error);
    while let Some(error) = cause {
        note(&format!("caused by: {error}"));
        cause = error.source();
    }
    if let Some(hint) = &failure.hint {
        note(&format!("hint: {hint}"));
    }
    ExitCode::from(failure.exit_code)
}

/// A line of progress, on stderr.
#[expect(clippy::print_stderr, reason = "the one place that prints")]
pub(crate) fn note(line: &str) {
    eprintln!("{line}");
}

/// A line of the result, on stdout.
#[expect(clippy::print_stdout, reason = "the one place that prints")]
pub(crate) fn line(line: &str) {
    println!("{line}");
}

/// Passes another program's output through.
pub(crate) fn pass_through(bytes: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(bytes)?;
    stdout.flush()
}

/// A time as a person reads it.
pub(crate) fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
