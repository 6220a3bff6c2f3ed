//! Files that hold both ways: goose (`-- +goose Up`), sql-migrate (`-- +migrate Up`), dbmate (`-- migrate:up`).

use std::path::Path;

use super::split::{Statement, split};
use super::{Flavor, at};
use crate::error::Error;

/// The two ways of a file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Sections {
    pub(super) up: Vec<Statement>,
    pub(super) down: Option<Vec<Statement>>,
    pub(super) transaction: bool,
}

/// Reads a file that is divided; nothing for one that is not.
pub(super) fn read(file: &Path, text: &str, flavor: Flavor) -> Result<Option<Sections>, Error> {
    if !text.lines().any(|line| matches!(mark(line), Some(Mark::Up { .. } | Mark::Down { .. }))) {
        return Ok(None);
    }
    let mut sections = Sections { transaction: true, ..Sections::default() };
    let mut to = To::Nowhere;
    for Chunk { mark: after, line, text, is_whole } in chunks(text) {
        match after {
            Some(Mark::Up { transaction }) => {
                to = To::Up;
                sections.transaction &= transaction;
            }
            Some(Mark::Down { transaction }) => {
                to = To::Down;
                sections.down.get_or_insert_default();
                sections.transaction &= transaction;
            }
            Some(Mark::NoTransaction) => sections.transaction = false,
            _ => {}
        }
        let found = split(&text, flavor);
        // Many put several statements between the marks, which is why the marks are believed only where they are needed: for
        // a body without `BEGIN`, as MySQL has them.
        let found = if is_whole && flavor == Flavor::Mysql && has_body(&text) { Ok(whole(&text)) } else { found };
        let found = found.map_err(|mut error| {
            error.line += line;
            at(file, error)
        })?;
        match to {
            To::Up => sections.up.extend(found),
            To::Down => sections.down.get_or_insert_default().extend(found),
            To::Nowhere if found.iter().all(|statement| statement.sql.is_empty()) => {}
            To::Nowhere => {
                return Err(Error::failed(format!("`{}` holds SQL above its first section", file.display()))
                    .hint("move it into the section that it belongs to"));
            }
        }
    }
    Ok(Some(sections))
}

enum To {
    Nowhere,
    Up,
    Down,
}

/// Whether it makes something whose body may hold semicolons.
fn has_body(text: &str) -> bool {
    let words = text.split_whitespace().map(str::to_ascii_uppercase).take(8);
    let words: Vec<String> = words.collect();
    let made = ["TRIGGER", "PROCEDURE", "FUNCTION", "EVENT"];
    words.first().is_some_and(|first| first == "CREATE") && words.iter().any(|word| made.contains(&word.as_str()))
}

/// One statement, whatever semicolons it holds.
fn whole(text: &str) -> Vec<Statement> {
    let sql = text.trim().trim_end_matches(';').trim_end().to_owned();
    vec![Statement { comments: Vec::new(), sql }]
}

/// A line that divides a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Up { transaction: bool },
    Down { transaction: bool },
    NoTransaction,
    StatementBegin,
    StatementEnd,
}

fn mark(line: &str) -> Option<Mark> {
    let text = line.trim().strip_prefix("--")?.trim().to_ascii_lowercase();
    let words: Vec<&str> = text.split_whitespace().collect();
    let transaction = !words.iter().any(|word| matches!(*word, "notransaction" | "transaction:false"));
    match words.as_slice() {
        ["+goose" | "+migrate", "up", ..] | ["migrate:up", ..] => Some(Mark::Up { transaction }),
        ["+goose" | "+migrate", "down", ..] | ["migrate:down", ..] => Some(Mark::Down { transaction }),
        ["+goose", "no", "transaction"] => Some(Mark::NoTransaction),
        ["+goose" | "+migrate", "statementbegin"] => Some(Mark::StatementBegin),
        ["+goose" | "+migrate", "statementend"] => Some(Mark::StatementEnd),
        _ => None,
    }
}

/// What stands between two marks.
struct Chunk {
    /// The mark above it.
    mark: Option<Mark>,
    /// How many lines stand above it.
    line: usize,
    text: String,
    is_whole: bool,
}

fn chunks(text: &str) -> Vec<Chunk> {
    let mut chunks = vec![Chunk { mark: None, line: 0, text: String::new(), is_whole: false }];
    for (number, line) in text.lines().enumerate() {
        match mark(line) {
            Some(mark) => {
                let is_whole = mark == Mark::StatementBegin;
                chunks.push(Chunk { mark: Some(mark), line: number + 1, text: String::new(), is_whole });
            }
            None => {
                let chunk = chunks.last_mut().expect("there is one from the start");
                chunk.text += line;
                chunk.text.push('\n');
            }
        }
    }
    chunks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, up: &[&str], down: Option<&[&str]>, transaction: bool) {
        let found = read(Path::new("1_x.sql"), text, Flavor::Postgres).unwrap().unwrap();
        let sql = |statements: &[Statement]| statements.iter().map(|one| one.sql.clone()).collect::<Vec<_>>();
        assert_eq!(sql(&found.up), up);
        assert_eq!(found.down.as_deref().map(sql), down.map(|down| down.iter().map(|sql| (*sql).to_owned()).collect()));
        assert_eq!(found.transaction, transaction);
    }

    #[test]
    fn sections_of_goose() {
        check("-- +goose Up\na;\nb;\n-- +goose Down\nc;\n", &["a", "b"], Some(&["c"]), true);
        check("-- +goose NO TRANSACTION\n-- +goose Up\na;", &["a"], None, false);
        let two = "-- +goose Up\n-- +goose StatementBegin\nCREATE TABLE a;\n-- Why.\nx;\n-- +goose StatementEnd\nb;";
        check(two, &["CREATE TABLE a", "x", "b"], None, true);
        let body = "-- +goose Up\n-- +goose StatementBegin\nCREATE TRIGGER t IF x THEN\n  y;\nEND IF;\n-- +goose StatementEnd\nb;";
        let found = read(Path::new("1_x.sql"), body, Flavor::Mysql).unwrap().unwrap();
        assert_eq!(found.up[0].sql, "CREATE TRIGGER t IF x THEN\n  y;\nEND IF");
        assert_eq!(found.up.len(), 2);
    }

    #[test]
    fn sections_of_dbmate_and_sql_migrate() {
        check("-- migrate:up\na;\n\n-- migrate:down\n", &["a"], Some(&[]), true);
        check("-- migrate:up transaction:false\na;", &["a"], None, false);
        check("-- +migrate Up notransaction\na;\n-- +migrate Down\nb", &["a"], Some(&["b"]), false);
    }

    #[test]
    fn a_plain_file_has_none() {
        assert_eq!(read(Path::new("x"), "-- up we go\nSELECT 1;", Flavor::Postgres).unwrap(), None);
    }

    #[test]
    fn mistakes_are_told_with_the_line_of_the_file() {
        let message = |text: &str| read(Path::new("x.sql"), text, Flavor::Postgres).unwrap_err().to_string();
        let unclosed = message("-- +goose Up\na;\n-- +goose Down\n\nSELECT 'b");
        assert_eq!(unclosed, "cannot read `x.sql`, line 5: a text that begins with ' does not end");
        assert_eq!(message("SELECT 1;\n-- migrate:up\n"), "`x.sql` holds SQL above its first section");
    }
}
