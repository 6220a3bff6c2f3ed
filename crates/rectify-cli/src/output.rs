//! The only file that prints: results to stdout, progress, warnings and errors to stderr.

use std::env;
use std::error::Error as StdError;
use std::fmt::{self, Write as _};
use std::io::{self, IsTerminal, Write};

use rectify_chain::source::Finding;
use serde_json::Value;

use crate::config::{Color, GlobalArgs};
use crate::error::Error;

/// Where and how a command prints.
#[derive(Debug, Clone)]
pub(crate) struct Output {
    quiet: bool,
    color_stdout: bool,
    color_stderr: bool,
}

/// How a piece of text looks on a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Revision,
    Mark,
    Error,
    Warning,
    Hint,
    /// A line of a drawing, by its number.
    Line(usize),
}

impl Output {
    pub(crate) fn new(global: &GlobalArgs) -> Output {
        let color = |is_terminal: bool| match global.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => is_terminal && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        };
        Output {
            quiet: global.quiet,
            color_stdout: color(io::stdout().is_terminal()),
            color_stderr: color(io::stderr().is_terminal()),
        }
    }

    /// A line that was asked for.
    pub(crate) fn result(&self, line: impl fmt::Display) {
        // A reader that has seen enough (`history | head`) is no error.
        let _ = writeln!(io::stdout().lock(), "{line}");
    }

    /// A result for programs, laid out for people too.
    pub(crate) fn json(&self, value: &Value) {
        self.result(format_args!("{value:#}"));
    }

    pub(crate) fn warning(&self, message: impl fmt::Display) {
        to_stderr(&format!("{} {message}\n", paint(self.color_stderr, Style::Warning, "warning:")));
    }

    /// A mistake in the source of the chain, which a command that can do without lists as a warning.
    pub(crate) fn finding(&self, finding: &Finding) {
        self.warning(format_args!("{}:{}: {}", finding.file, finding.place, finding.message));
        to_stderr(&format!("{} {}\n", paint(self.color_stderr, Style::Hint, "hint:"), finding.hint));
    }

    /// A line about what is going on, unless `--quiet`.
    pub(crate) fn progress(&self, line: impl fmt::Display) {
        if !self.quiet {
            to_stderr(&format!("{line}\n"));
        }
    }

    /// Asks something that is answered with yes or no; nothing else is taken for yes. `None` where nobody is there to ask.
    #[cfg_attr(not(feature = "runner"), expect(dead_code, reason = "only a comparison asks"))]
    pub(crate) fn ask(&self, question: &str) -> Option<bool> {
        if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
            return None;
        }
        to_stderr(&format!("{} {question} [y/N] ", paint(self.color_stderr, Style::Hint, "question:")));
        let mut answer = String::new();
        let read = io::stdin().read_line(&mut answer);
        read.ok().map(|_| matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
    }

    /// What another program said.
    #[expect(clippy::unused_self, reason = "everything that is printed goes through an output")]
    pub(crate) fn relay(&self, text: &str) {
        to_stderr(text);
    }

    pub(crate) fn error(&self, error: &Error) {
        to_stderr(&self.describe(error));
    }

    /// `text` as it goes to stdout.
    pub(crate) fn style(&self, style: Style, text: &str) -> String {
        paint(self.color_stdout, style, text)
    }

    /// The error, what caused it, what stands, and what to do: one line each.
    fn describe(&self, error: &Error) -> String {
        let mut text = String::new();
        let mut line = |style, label: &str, message: &str| {
            let label = paint(self.color_stderr, style, label);
            // Writing to a string does not fail.
            let _ = writeln!(text, "{label} {message}");
        };
        line(Style::Error, "error:", &error.to_string());
        let mut cause: Option<&dyn StdError> = error.source.as_deref().map(|source| source as &dyn StdError);
        while let Some(source) = cause {
            line(Style::Error, "caused by:", source.to_string().trim_end());
            cause = source.source();
        }
        for note in &error.notes {
            line(Style::Warning, "note:", note);
        }
        for hint in &error.hints {
            line(Style::Hint, "hint:", hint);
        }
        text
    }
}

/// What only the commands about a database print.
#[cfg(feature = "runner")]
impl Output {
    /// A line about what was done, unless `--quiet`.
    pub(crate) fn summary(&self, line: impl fmt::Display) {
        if !self.quiet {
            self.result(line);
        }
    }

    /// `text` as it goes to stderr.
    pub(crate) fn style_progress(&self, style: Style, text: &str) -> String {
        paint(self.color_stderr, style, text)
    }
}

fn to_stderr(text: &str) {
    // There is nobody left to tell that stderr is closed.
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// The colours of a drawing's lines, as git has them.
const LINES: [&str; 6] = ["31", "32", "33", "34", "35", "36"];

fn paint(color: bool, style: Style, text: &str) -> String {
    if !color {
        return text.to_owned();
    }
    let code = match style {
        Style::Revision => "33",
        Style::Mark => "36",
        Style::Error => "1;31",
        Style::Warning => "1;33",
        Style::Hint => "1;36",
        Style::Line(number) => LINES[number % LINES.len()],
    };
    format!("\x1b[{code}m{text}\x1b[0m")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Output = Output { quiet: false, color_stdout: false, color_stderr: false };

    #[test]
    fn error_is_followed_by_causes_and_hints() {
        let cause = io::Error::other("disk full");
        let error = Error::failed("cannot write `x`").because(cause).hint("make room");
        assert_eq!(PLAIN.describe(&error), "error: cannot write `x`\ncaused by: disk full\nhint: make room\n");
    }

    #[test]
    fn color_wraps_only_the_label() {
        let output = Output { color_stderr: true, ..PLAIN };
        assert_eq!(output.describe(&Error::failed("no")), "\x1b[1;31merror:\x1b[0m no\n");
    }
}
