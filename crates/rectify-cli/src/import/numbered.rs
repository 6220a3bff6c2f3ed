//! A folder of numbered SQL files, as most tools have them: `001_create_users.sql`.
//!
//! The way back stands in `001_create_users.down.sql` beside it, in `U1__create_users.sql` beside Flyway's `V1__…`, or in a
//! section of the file itself. The number, as it is written, becomes the revision's id.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::sections::{self, Sections};
use super::{Flavor, Legacy, entries, message, moment, read_text, statements};
use crate::error::Error;

/// Reads the migrations of a folder, in the order of their numbers.
pub(crate) fn read(folder: &Path, flavor: Flavor) -> Result<Vec<Legacy>, Error> {
    let mut ups: BTreeMap<Number, File> = BTreeMap::new();
    let mut downs: BTreeMap<Number, File> = BTreeMap::new();
    for (name, path) in entries(folder)? {
        if path.is_file() && name.to_ascii_lowercase().ends_with(".sql") {
            let file = File::new(&name, path)?;
            let files = if file.is_down { &mut downs } else { &mut ups };
            if let Some(other) = files.get(&file.number) {
                let message = format!("`{}` and `{}` have the same number", other.name, file.name);
                return Err(Error::failed(message).hint("give one of them another number"));
            }
            files.insert(file.number.clone(), file);
        }
    }
    if ups.is_empty() && downs.is_empty() {
        return Err(Error::failed(format!("no numbered SQL file in `{}`", folder.display())).hint(
            "name the folder that holds files such as `001_create_users.sql`; `import diesel` reads Diesel's folders",
        ));
    }
    if let Some(orphan) = downs.iter().find(|(number, _)| !ups.contains_key(number)).map(|(_, down)| down) {
        return Err(Error::failed(format!("`{}` undoes nothing: there is no file with that number", orphan.name))
            .hint("move it out of the folder"));
    }
    ups.into_iter().map(|(number, up)| migration(&up, downs.get(&number), flavor)).collect()
}

fn migration(up: &File, down: Option<&File>, flavor: Flavor) -> Result<Legacy, Error> {
    let text = read_text(&up.path)?;
    let sections = match sections::read(&up.path, &text, flavor)? {
        Some(sections) if down.is_some() && sections.down.is_some() => {
            return Err(Error::failed(format!("`{}` has two ways back", up.name))
                .hint("it has a section for that and a file beside it: remove one of the two"));
        }
        Some(sections) => sections,
        None => Sections { up: statements(&up.path, &text, flavor)?, down: None, transaction: true },
    };
    let beside = down.map(|file| statements(&file.path, &read_text(&file.path)?, flavor)).transpose()?;
    let legacy = Legacy {
        revision: up.number.written.clone(),
        message: message(&up.rest),
        origin: up.name.clone(),
        created: moment(&up.number.written),
        transaction: sections.transaction,
        up: sections.up,
        down: sections.down.or(beside),
        remarks: Vec::new(),
    };
    legacy.without_own_transaction().checked()
}

/// A file, with what its name says.
#[derive(Debug)]
struct File {
    name: String,
    path: PathBuf,
    number: Number,
    rest: String,
    is_down: bool,
}

impl File {
    fn new(name: &str, path: PathBuf) -> Result<File, Error> {
        let stem = &name[..name.len() - ".sql".len()];
        let lower = stem.to_ascii_lowercase();
        let (stem, marked) = match lower.rsplit_once('.') {
            Some((before, "down" | "undo")) => (&stem[..before.len()], Some(true)),
            Some((before, "up" | "do")) => (&stem[..before.len()], Some(false)),
            _ => (stem, None),
        };
        let (body, by_letter) = match stem.chars().next() {
            Some('V' | 'v') => (&stem[1..], Some(false)),
            Some('U' | 'u') => (&stem[1..], Some(true)),
            _ => (stem, None),
        };
        // Flyway writes `V1.2__name` and `V1_2__name`, the others `1_name`.
        let end = match (by_letter, body.split_once("__")) {
            (Some(_), Some((number, _))) => number.len(),
            _ => body.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(body.len()),
        };
        let written = body[..end].trim_end_matches('.').to_owned();
        let number = Number::parse(&written).ok_or_else(|| {
            Error::failed(format!("`{name}` has no number")).hint(match stem.starts_with("R__") {
                true => "a repeatable migration has no place in a chain: move it out, and write a migration that does the same",
                false => "move it out of the folder, or give it one: `001_create_users.sql`",
            })
        })?;
        let rest = body[written.len()..].trim_matches(['_', '-', '.', ' ']).to_owned();
        let is_down = marked.or(by_letter).unwrap_or(false);
        Ok(File { name: name.to_owned(), path, number, rest, is_down })
    }
}

/// A number as it is written, ordered by what it means: 2 comes before 10, and 1.2 before 1.10.
#[derive(Debug, Clone)]
struct Number {
    written: String,
    parts: Vec<u64>,
}

impl Number {
    fn parse(written: &str) -> Option<Number> {
        let parts: Option<Vec<u64>> = written.split(['.', '_']).map(|part| part.parse().ok()).collect();
        parts.map(|parts| Number { written: written.to_owned(), parts })
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Number) -> bool {
        self.parts == other.parts
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Number) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Number) -> Ordering {
        self.parts.cmp(&other.parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, number: &str, rest: &str, is_down: bool) {
        let file = File::new(name, PathBuf::new()).unwrap();
        assert_eq!((file.number.written.as_str(), file.rest.as_str(), file.is_down), (number, rest, is_down), "{name}");
    }

    #[test]
    fn names_of_many_tools() {
        check("001_create_users.sql", "001", "create_users", false);
        check("001_create_users.down.sql", "001", "create_users", true);
        check("0001_x.up.sql", "0001", "x", false);
        check("7-add-thing.SQL", "7", "add-thing", false);
        check("V1__first.sql", "1", "first", false);
        check("V1.2__dotted_name.sql", "1.2", "dotted_name", false);
        check("V1_2__underscore.sql", "1_2", "underscore", false);
        check("U1__first.sql", "1", "first", true);
        check("V001_plain.sql", "001", "plain", false);
        check("20200131235900_x.undo.sql", "20200131235900", "x", true);
        check("003.do.seed.sql", "003", "do.seed", false);
        check("42.sql", "42", "", false);
    }

    #[test]
    fn names_without_a_number_are_refused() {
        for (name, hint) in [
            ("schema.sql", "move it out of the folder"),
            ("R__views.sql", "a repeatable migration"),
            ("V__x.sql", "move it out"),
            ("99999999999999999999999_x.sql", "move it out"),
        ] {
            let error = File::new(name, PathBuf::new()).unwrap_err();
            assert_eq!(error.to_string(), format!("`{name}` has no number"));
            assert!(error.hints[0].starts_with(hint), "{:?}", error.hints);
        }
    }

    #[test]
    fn numbers_are_ordered_by_what_they_mean() {
        let mut numbers: Vec<Number> =
            ["10", "2", "1.10", "1.2", "001"].into_iter().map(|written| Number::parse(written).unwrap()).collect();
        numbers.sort();
        let written: Vec<&str> = numbers.iter().map(|number| number.written.as_str()).collect();
        assert_eq!(written, ["001", "1.2", "1.10", "2", "10"]);
        assert_eq!(Number::parse("01").unwrap(), Number::parse("1").unwrap());
    }
}
