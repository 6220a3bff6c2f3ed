//! SQL text for a new migration: both ways in one text, with `-- down` between them.

use std::fs;
use std::io::Read;
use std::ops::Range;
use std::path::Path;

use crate::error::Error;
use crate::import::{Flavor, Statement, split};

/// The statements of both ways.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sql {
    pub(crate) up: Vec<Statement>,
    pub(crate) down: Vec<Statement>,
}

impl Sql {
    /// Reads a file, or standard input for `-`.
    pub(crate) fn read(file: &Path, flavor: Flavor) -> Result<Sql, Error> {
        let is_stdin = file == Path::new("-");
        let text = if is_stdin { from_stdin() } else { fs::read_to_string(file) };
        let name = if is_stdin { "standard input".to_owned() } else { format!("`{}`", file.display()) };
        let text = text.map_err(|error| Error::usage(format!("cannot read SQL from {name}")).because(error))?;
        Sql::parse(&text.trim_start_matches('\u{feff}').replace("\r\n", "\n"), &name, flavor)
    }

    fn parse(text: &str, name: &str, flavor: Flavor) -> Result<Sql, Error> {
        let wrong = |what: String| {
            Error::usage(format!("the SQL of {name} has {what}"))
                .hint("write the statements, then a line `-- down`, then those of the way back")
        };
        let lines: Vec<&str> = text.lines().collect();
        let markers: Vec<usize> = (0..lines.len()).filter(|nth| is_marker(lines[*nth], "down")).collect();
        let [down] = markers[..] else {
            return Err(wrong(match markers.len() {
                0 => "no line `-- down`".to_owned(),
                number => format!("{number} lines `-- down`"),
            }));
        };
        let statements = |range: Range<usize>| {
            // A marker leaves an empty line, so that lines are counted right.
            let own = lines[range.clone()].iter().map(|line| if is_marker(line, "up") { "" } else { line });
            split(&own.collect::<Vec<_>>().join("\n"), flavor).map_err(|error| {
                let line = range.start + error.line;
                Error::usage(format!("cannot read the SQL of {name}, line {line}: {}", error.message)).hint(error.hint)
            })
        };
        let sql = Sql { up: statements(0..down)?, down: statements(down + 1..lines.len())? };
        match sql.up.iter().all(|statement| statement.sql.is_empty()) {
            true => Err(wrong("no statement before `-- down`".to_owned())),
            false => Ok(sql),
        }
    }
}

fn is_marker(line: &str, word: &str) -> bool {
    line.trim().strip_prefix("--").is_some_and(|rest| rest.trim().eq_ignore_ascii_case(word))
}

fn from_stdin() -> std::io::Result<String> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Sql, Error> {
        Sql::parse(text, "`x`", Flavor::Postgres)
    }

    #[test]
    fn both_ways_are_read() {
        let sql = parse("-- up\nCREATE TABLE t (a INT);\n--  Down\nDROP TABLE t;\n").unwrap();
        let texts =
            |statements: Vec<Statement>| statements.into_iter().map(|statement| statement.sql).collect::<Vec<_>>();
        assert_eq!(
            (texts(sql.up), texts(sql.down)),
            (vec!["CREATE TABLE t (a INT)".to_owned()], vec!["DROP TABLE t".to_owned()])
        );
        assert_eq!(parse("SELECT 1\n-- down").unwrap().down, []);
    }

    #[test]
    fn what_cannot_be_taken_is_said() {
        for (text, wanted) in [
            ("SELECT 1", "the SQL of `x` has no line `-- down`"),
            ("SELECT 1\n-- down\n-- down", "the SQL of `x` has 2 lines `-- down`"),
            ("-- only a comment\n-- down\n", "the SQL of `x` has no statement before `-- down`"),
        ] {
            assert_eq!(parse(text).unwrap_err().to_string(), wanted, "{text}");
        }
        let error = parse("SELECT 1;\n-- down\nSELECT 'x").unwrap_err();
        assert!(error.to_string().starts_with("cannot read the SQL of `x`, line 3: "), "{error}");
    }
}
