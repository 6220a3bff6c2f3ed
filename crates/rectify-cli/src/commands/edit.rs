//! `edit`: open migration files in an editor.

use std::env;
use std::io::{self, ErrorKind};
use std::process::{Command, ExitStatus};

use crate::context::Context;
use crate::error::Error;

/// What is tried, in this order, where the environment names no editor.
const EDITORS: [&str; 5] = ["sensible-editor", "editor", "nano", "vim", "code"];

/// Open migration files in $VISUAL or $EDITOR, also while the chain does not compile
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    cargo xtask migrate edit head\n  \
    cargo xtask migrate edit current")]
pub struct EditArgs {
    /// A revision or the beginning of one, head, heads, label@head, current, -N (down from the head)
    #[arg(required = true, allow_negative_numbers = true, value_name = "REVISION")]
    pub revisions: Vec<String>,
}

impl EditArgs {
    /// Whether it has to ask the database what is current.
    pub(super) fn needs_database(&self) -> bool {
        self.revisions.iter().any(|revision| revision == "current")
    }
}

pub(super) fn run(args: &EditArgs, ctx: &Context<'_>) -> Result<(), Error> {
    // Not the linked chain: only the folder tells where its files are.
    let listing = ctx.listing_before_writing()?;
    let rows = if args.needs_database() { ctx.rows()? } else { Vec::new() };
    let mut files: Vec<&str> = Vec::new();
    for name in &args.revisions {
        let found = listing
            .graph
            .resolve_shown(&rows, name)
            .map_err(|error| Error::failed("cannot edit the revision").hint(error.hint()).because(error))?;
        if found.is_empty() {
            return Err(Error::failed(format!("`{name}` has no file")).hint("`history` lists the revisions"));
        }
        for node in found.into_iter().filter_map(|revision| listing.graph.node(revision)) {
            if !files.contains(&node.origin.as_str()) {
                files.push(&node.origin);
            }
        }
    }
    open(&files)
}

fn open(files: &[&str]) -> Result<(), Error> {
    let named = ["VISUAL", "EDITOR"].into_iter().find_map(|name| {
        let value = env::var(name).ok().filter(|value| !value.trim().is_empty())?;
        Some((name, value))
    });
    let Some((variable, line)) = named else { return open_with_first_of(&EDITORS, files) };
    let words = words(&line).ok_or_else(|| {
        Error::usage(format!("`{variable}` has a quote without an end: {line}")).hint(format!("mend `{variable}`"))
    })?;
    match words.split_first() {
        None => open_with_first_of(&EDITORS, files),
        Some((program, arguments)) => {
            let status = Command::new(program).args(arguments).args(files).status();
            let status = status.map_err(|error| {
                let failed = Error::failed(format!("cannot run the editor `{program}`")).because(error);
                failed.hint(format!("set `{variable}` to an editor that is installed"))
            })?;
            check(program, status)
        }
    }
}

fn open_with_first_of(editors: &[&str], files: &[&str]) -> Result<(), Error> {
    for editor in editors {
        match Command::new(editor).args(files).status() {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(cannot_run(editor, error)),
            Ok(status) => return check(editor, status),
        }
    }
    let hint = format!("set `VISUAL` or `EDITOR`, or install one of {}", editors.join(", "));
    Err(Error::failed("there is no editor").hint(hint))
}

fn cannot_run(editor: &str, error: io::Error) -> Error {
    Error::failed(format!("cannot run the editor `{editor}`")).because(error).hint("set `VISUAL` or `EDITOR`")
}

fn check(editor: &str, status: ExitStatus) -> Result<(), Error> {
    if status.success() { Ok(()) } else { Err(Error::failed(format!("the editor `{editor}` ended with {status}"))) }
}

/// The words of a command line, as a shell cuts it: quotes keep spaces. `None` if a quote does not end.
fn words(line: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut characters = line.chars();
    while let Some(c) = characters.next() {
        match c {
            '"' | '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match characters.next()? {
                        end if end == c => break,
                        inner => word.push(inner),
                    }
                }
            }
            c if c.is_whitespace() => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_editor_may_have_arguments() {
        assert_eq!(words("code --wait").unwrap(), ["code", "--wait"]);
        assert_eq!(words("\"/my programs/ed\" -s 'a b'").unwrap(), ["/my programs/ed", "-s", "a b"]);
        assert_eq!(words("  ").unwrap(), [""; 0]);
        assert_eq!(words("ed 'x"), None);
    }

    #[test]
    fn an_editor_that_is_not_there_is_passed_over() {
        assert!(open_with_first_of(&["rectify-no-such-editor", "true"], &[]).is_ok());
        let error = open_with_first_of(&["rectify-no-such-editor"], &[]).unwrap_err();
        assert_eq!(error.to_string(), "there is no editor");
        assert!(error.hints[0].contains("`VISUAL`"), "{:?}", error.hints);
    }
}
