//! Folders of SQL that other tools have run, as migrations of a chain. It reads folders and writes Rust; what a chain needs
//! beyond that is the command's business.

mod diesel;
mod emit;
mod numbered;
mod sections;
mod split;

use std::fs;
use std::path::Path;

use chrono::{DateTime, FixedOffset, NaiveDateTime};
use rectify_chain::revision::check_id;

pub(crate) use diesel::read as read_diesel;
pub(crate) use emit::{Place, body, render};
pub(crate) use numbered::read as read_numbered;
use split::SplitError;
pub(crate) use split::{Flavor, Statement, split};

use crate::config::Config;
use crate::error::Error;

/// A migration as another tool has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Legacy {
    /// What the other tool calls it, which becomes the revision's id.
    pub(crate) revision: String,
    /// What it does, from its name.
    pub(crate) message: String,
    /// The name of its folder or file.
    pub(crate) origin: String,
    /// When it was made, where its number is a date and a time.
    pub(crate) created: Option<DateTime<FixedOffset>>,
    pub(crate) transaction: bool,
    pub(crate) up: Vec<Statement>,
    /// `None` where there is no way back.
    pub(crate) down: Option<Vec<Statement>>,
    /// What a person should know of how it was read.
    pub(crate) remarks: Vec<String>,
}

impl Flavor {
    /// What SQL is written for, as far as the configuration tells.
    pub(crate) fn configured(config: &Config) -> Flavor {
        let scheme =
            config.url.as_ref().ok().map(|url| url.text.split_once(':').map_or("sqlite", |(scheme, _)| scheme));
        match config.dialect.as_deref().or(scheme).unwrap_or_default().to_ascii_lowercase().as_str() {
            "mysql" | "mariadb" => Flavor::Mysql,
            "sqlite" | "file" | "" => Flavor::Sqlite,
            _ => Flavor::Postgres,
        }
    }
}

impl Legacy {
    /// What its description says, by which a later import knows it again.
    pub(crate) fn imported_from(&self) -> String {
        format!("Imported from `{}`.", self.origin)
    }

    /// Says why its number cannot be an id.
    fn checked(self) -> Result<Legacy, Error> {
        check_id(&self.revision).map_err(|reason| {
            Error::failed(format!("`{}` cannot become a revision: its number {reason}", self.origin))
                .hint("give it a shorter number, in the database that it has run on too")
        })?;
        Ok(self)
    }

    /// Takes a `BEGIN` … `COMMIT` around everything away, since a migration is a transaction already, and gives up the
    /// transaction for statements that work in none.
    fn without_own_transaction(mut self) -> Legacy {
        let mut unwrapped = unwrap(&mut self.up);
        if let Some(down) = &mut self.down {
            unwrapped |= unwrap(down);
        }
        if unwrapped && self.transaction {
            self.remarks.push("its own `BEGIN` and `COMMIT` are left out: a migration is a transaction".to_owned());
        }
        let all = self.up.iter().chain(self.down.iter().flatten());
        let odd = all.map(Statement::words).find(|words| !works_in_a_transaction(words));
        if let Some(words) = odd.filter(|_| self.transaction) {
            self.transaction = false;
            let words: Vec<String> = words.into_iter().take(3).collect();
            self.remarks.push(format!("`transaction = false`, because of `{} …`", words.join(" ")));
        }
        self
    }
}

/// Takes `BEGIN` and `COMMIT` away where they stand around everything.
fn unwrap(statements: &mut Vec<Statement>) -> bool {
    let is = |statement: Option<&Statement>, beginnings: &[&[&str]]| {
        let words = statement.map(Statement::words).unwrap_or_default();
        beginnings.iter().any(|beginning| words.iter().eq(beginning.iter()))
    };
    let begins: [&[&str]; 4] = [&["BEGIN"], &["BEGIN", "TRANSACTION"], &["BEGIN", "WORK"], &["START", "TRANSACTION"]];
    let ends: [&[&str]; 5] =
        [&["COMMIT"], &["COMMIT", "TRANSACTION"], &["COMMIT", "WORK"], &["END"], &["END", "TRANSACTION"]];
    let last = statements.iter().rposition(|statement| !statement.sql.is_empty());
    let wraps = is(statements.first(), &begins) && is(last.map(|last| &statements[last]), &ends);
    if let Some(last) = last.filter(|_| wraps) {
        // Their comments stay with what is left.
        for place in [last, 0] {
            let comments = statements.remove(place).comments;
            match statements.get_mut(place) {
                Some(next) => drop(next.comments.splice(0..0, comments)),
                None if comments.is_empty() => {}
                None => statements.push(Statement { comments, sql: String::new() }),
            }
        }
    }
    wraps
}

fn works_in_a_transaction(words: &[String]) -> bool {
    let first = words.first().map(String::as_str).unwrap_or_default();
    // `REFRESH MATERIALIZED VIEW CONCURRENTLY` is the one of its kind that a transaction may hold.
    let moves = matches!(first, "BEGIN" | "COMMIT" | "ROLLBACK" | "VACUUM") || words.starts_with(&["START".to_owned()]);
    !moves && (first == "REFRESH" || !words.iter().any(|word| word == "CONCURRENTLY"))
}

fn read_text(file: &Path) -> Result<String, Error> {
    let text = fs::read_to_string(file)
        .map_err(|error| Error::failed(format!("cannot read `{}`", file.display())).because(error))?;
    Ok(text.trim_start_matches('\u{feff}').replace("\r\n", "\n"))
}

fn statements(file: &Path, text: &str, flavor: Flavor) -> Result<Vec<Statement>, Error> {
    split(text, flavor).map_err(|error| at(file, error))
}

fn at(file: &Path, error: SplitError) -> Error {
    let SplitError { line, message, hint } = error;
    Error::failed(format!("cannot read `{}`, line {line}: {message}", file.display())).hint(hint)
}

/// The entries of a folder that are not hidden, sorted, with their names.
fn entries(folder: &Path) -> Result<Vec<(String, std::path::PathBuf)>, Error> {
    let failed = |error| {
        Error::failed(format!("cannot read the folder `{}`", folder.display()))
            .because(error)
            .hint("name the folder of the migrations")
    };
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !name.starts_with('.') {
            found.push((name, path));
        }
    }
    found.sort();
    Ok(found)
}

/// `create_users` -> `Create users`
fn message(name: &str) -> String {
    let words: Vec<&str> = name.split(['_', '-', ' ', '.']).filter(|word| !word.is_empty()).collect();
    let text = words.join(" ");
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => "Imported SQL".to_owned(),
    }
}

/// The moment that fourteen digits tell, such as `20200131235900`.
fn moment(digits: &str) -> Option<DateTime<FixedOffset>> {
    let digits = digits.get(..14)?;
    NaiveDateTime::parse_from_str(digits, "%Y%m%d%H%M%S").ok().map(|moment| moment.and_utc().fixed_offset())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn unwrapped(text: &str, expected: &[&str]) {
        let mut found = split(text, Flavor::Postgres).unwrap();
        unwrap(&mut found);
        let found: Vec<&str> = found.iter().map(|statement| statement.sql.as_str()).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_transaction_around_everything_is_left_out() {
        unwrapped("BEGIN; a; b; COMMIT;", &["a", "b"]);
        unwrapped("begin transaction;\na;\nend;\n-- done", &["a", ""]);
        unwrapped("START TRANSACTION; COMMIT;", &[]);
        unwrapped("BEGIN; a; COMMIT; b", &["BEGIN", "a", "COMMIT", "b"]);
        unwrapped("a; b", &["a", "b"]);
        let mut found = split("-- First.\nBEGIN; a; COMMIT;", Flavor::Postgres).unwrap();
        unwrap(&mut found);
        assert_eq!(found[0].comments, ["First."]);
    }

    #[test]
    fn what_no_transaction_takes_gives_it_up() {
        let legacy = |text: &str| {
            let up = split(text, Flavor::Postgres).unwrap();
            Legacy { up, transaction: true, ..Legacy::default() }.without_own_transaction()
        };
        assert!(legacy("CREATE INDEX i ON a (b); REFRESH MATERIALIZED VIEW CONCURRENTLY v").transaction);
        for text in ["CREATE INDEX CONCURRENTLY i ON a (b)", "a; COMMIT; b", "VACUUM"] {
            let found = legacy(text);
            assert!(!found.transaction && found.remarks.len() == 1, "{text}");
        }
    }

    #[test]
    fn names_become_messages() {
        assert_eq!(message("create_users"), "Create users");
        assert_eq!(message("add-x.y"), "Add x y");
        assert_eq!(message("_"), "Imported SQL");
    }
}
