//! `file_template`: how a new migration file is named.

use chrono::{DateTime, FixedOffset};
use rectify_chain::nearest::nearest;

/// How files are named where nothing is said.
pub(super) const DEFAULT: &str = "{year}_{month}_{day}_{hour}{minute}-{rev}_{slug}";

const TOKENS: [&str; 9] = ["year", "month", "day", "hour", "minute", "second", "epoch", "rev", "slug"];

/// A file name with tokens, which are known to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileTemplate(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Token(&'static str),
}

impl Default for FileTemplate {
    fn default() -> FileTemplate {
        FileTemplate::parse(DEFAULT).expect("a test reads it")
    }
}

impl FileTemplate {
    /// Cuts the text into tokens. What is wrong with it comes as message and hint.
    pub(super) fn parse(text: &str) -> Result<FileTemplate, (String, String)> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (plain, braces) = rest.split_at(at);
            parts.push(Part::Text(plain.to_owned()));
            let token = braces.strip_prefix('{').and_then(|inner| inner.split_once('}'));
            let Some((name, behind)) = token else {
                return Err((format!("the brace of `{braces}` has no other"), known()));
            };
            parts.push(Part::Token(token_of(name)?));
            rest = behind;
        }
        parts.push(Part::Text(rest.to_owned()));
        check(text, &parts)?;
        Ok(FileTemplate(parts))
    }

    /// The path of a new file, below the folder of migrations and with `/` between folders.
    pub(crate) fn render(&self, created: &DateTime<FixedOffset>, revision: &str, slug: &str) -> String {
        let part = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Token("rev") => revision.to_owned(),
            Part::Token("slug") => slug.to_owned(),
            Part::Token("epoch") => created.timestamp().to_string(),
            Part::Token("year") => created.format("%Y").to_string(),
            Part::Token("month") => created.format("%m").to_string(),
            Part::Token("day") => created.format("%d").to_string(),
            Part::Token("hour") => created.format("%H").to_string(),
            Part::Token("minute") => created.format("%M").to_string(),
            Part::Token(_) => created.format("%S").to_string(),
        };
        let path: String = self.0.iter().map(part).collect();
        // A message without a word leaves nothing for the slug.
        path.trim_end_matches('_').to_owned() + ".rs"
    }
}

fn token_of(name: &str) -> Result<&'static str, (String, String)> {
    match TOKENS.iter().find(|token| **token == name) {
        Some(token) => Ok(token),
        None => Err((
            format!("unknown token `{{{name}}}`"),
            nearest(name, TOKENS).first().map_or_else(known, |near| format!("did you mean `{{{near}}}`?")),
        )),
    }
}

fn known() -> String {
    format!("the tokens are {}", TOKENS.map(|token| format!("`{{{token}}}`")).join(", "))
}

/// Two revisions must not get one file, and a file must lie below the folder of migrations.
fn check(text: &str, parts: &[Part]) -> Result<(), (String, String)> {
    let odd = text.split('/').find(|name| matches!(*name, "" | "." | ".."));
    if odd.is_some() || text.contains('\\') {
        return Err((
            "it is no path below the folder of the migrations".to_owned(),
            format!("write `{DEFAULT}`, or folders with one `/` between them"),
        ));
    }
    if !parts.contains(&Part::Token("rev")) {
        return Err((
            "it has no `{rev}`".to_owned(),
            "write `{rev}`, so that two revisions never share a file".to_owned(),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_replaced() {
        let created = DateTime::parse_from_rfc3339("2026-01-28T04:05:06+02:00").unwrap();
        let check = |template: &str, slug: &str, path: &str| {
            assert_eq!(FileTemplate::parse(template).unwrap().render(&created, "a1", slug), path);
        };
        check(DEFAULT, "add_x", "2026_01_28_0405-a1_add_x.rs");
        check(DEFAULT, "", "2026_01_28_0405-a1.rs");
        check("{year}/{month}/{rev}_{slug}", "add_x", "2026/01/a1_add_x.rs");
        check("{epoch}.{second}.{rev}", "", "1769565906.06.a1.rs");
        assert_eq!(FileTemplate::default(), FileTemplate::parse(DEFAULT).unwrap());
    }

    #[test]
    fn what_makes_no_file_name_is_refused() {
        for (template, message) in [
            ("{rev}_{slag}", "unknown token `{slag}`"),
            ("{rev}_{slug", "the brace of `{slug` has no other"),
            ("rev}", "the brace of `}` has no other"),
            ("{slug}", "it has no `{rev}`"),
            ("/{rev}", "it is no path below the folder of the migrations"),
            ("../{rev}", "it is no path below the folder of the migrations"),
            ("a//{rev}", "it is no path below the folder of the migrations"),
        ] {
            assert_eq!(FileTemplate::parse(template).unwrap_err().0, message, "{template}");
        }
    }
}
