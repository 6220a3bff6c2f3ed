//! The text of a new file: a template, its placeholders, and what is put there.

use std::fs;

use chrono::{DateTime, FixedOffset, SecondsFormat};
use rectify_chain::nearest::nearest;

use super::{Content, NewFile};
use crate::config::Config;
use crate::error::Error;
use crate::import::body;

/// The templates that need no file: name, what it is for, text.
pub(crate) const BUILT_IN: [(&str, &str, &str); 2] = [
    (
        "generic",
        "schema operations; what `revision` writes unless told otherwise",
        include_str!("templates/generic.txt"),
    ),
    ("data", "rows, with typed queries on tables as the revision sees them", include_str!("templates/data.txt")),
];

/// The placeholders, in the order in which the documentation lists them.
const PLACEHOLDERS: [&str; 10] = [
    "message",
    "doc",
    "attribute",
    "revision",
    "down_revision",
    "branch_labels",
    "depends_on",
    "create_date",
    "upgrade",
    "downgrade",
];

/// The bodies of functions that are still to be written.
const EMPTY_UPGRADE: [&str; 3] = [
    "// For example: op.add_column(\"users\", column(\"verified\", boolean()).not_null().server_default(false))?;",
    "let _ = op;",
    "Ok(())",
];
const EMPTY_DOWNGRADE: [&str; 3] =
    ["// The way back, in the opposite order: op.drop_column(\"users\", \"verified\")?;", "let _ = op;", "Ok(())"];

const LONGEST_LINE: usize = 100;

/// A text with placeholders, and what messages call it.
#[derive(Debug)]
pub(super) struct Template {
    name: String,
    text: String,
}

/// What the placeholders stand for.
#[derive(Debug)]
pub(super) struct Filling<'a> {
    values: Vec<(&'static str, Value)>,
    file: &'a NewFile,
}

#[derive(Debug)]
enum Value {
    Text(String),
    /// The statements of a function, each on a line of its own.
    Lines(Vec<String>),
}

/// The template that is configured: one that is built in, or a file.
///
/// The one for rows is for those that a person writes: `file` may bring all of that along.
pub(super) fn load(config: &Config, file: &NewFile) -> Result<Template, Error> {
    let configured =
        config.new_files.template.as_deref().filter(|name| file.items.is_empty() || *name != BUILT_IN[1].0);
    let wanted = configured.unwrap_or(BUILT_IN[0].0);
    if let Some((name, _, text)) = BUILT_IN.iter().find(|(name, ..)| *name == wanted) {
        return Ok(Template { name: (*name).to_owned(), text: (*text).to_owned() });
    }
    let path = config.root.join(wanted);
    let text = fs::read_to_string(&path).map_err(|error| {
        let names = BUILT_IN.map(|(name, ..)| format!("`{name}`")).join(", ");
        Error::usage(format!("cannot read the template `{}`", path.display()))
            .because(error)
            .hint(format!("set `template` in rectify.toml to a file, or to one of {names}"))
    })?;
    Ok(Template { name: wanted.to_owned(), text })
}

impl Template {
    /// Puts the values in.
    pub(super) fn render(&self, filling: &Filling<'_>) -> Result<String, Error> {
        let mut out = String::with_capacity(self.text.len());
        let mut rest = self.text.as_str();
        while let Some(at) = rest.find("{{") {
            let (plain, opened) = rest.split_at(at);
            out += plain;
            let line = self.line_at(opened);
            let Some((name, behind)) = opened[2..].split_once("}}") else {
                return Err(self.wrong(line, "a `{{` has no `}}`"));
            };
            match filling.values.iter().find(|(known, _)| *known == name.trim()) {
                Some((_, Value::Text(text))) => out += text,
                Some((_, Value::Lines(lines))) => out += &lines.join(&format!("\n{}", indentation(&out))),
                None => return Err(self.unknown(line, name.trim())),
            }
            rest = behind;
        }
        out += rest;
        let holds = |name: &str| self.text.split("{{").any(|part| part.trim_start().starts_with(name));
        if filling.file.content.is_some() && !(holds("upgrade") && holds("downgrade")) {
            return Err(Error::usage(format!("the template `{}` has no place for what the functions run", self.name))
                .hint("write `{{ upgrade }}` and `{{ downgrade }}` as the bodies of its functions"));
        }
        let mut text = if filling.file.is_irreversible() { self.without_downgrade(&out)? } else { out };
        if !filling.file.items.is_empty() {
            text = format!("{}\n\n{}", text.trim_end(), filling.file.items);
        }
        Ok(text)
    }

    /// The text without the function `downgrade`, which an irreversible migration does not have.
    fn without_downgrade(&self, text: &str) -> Result<String, Error> {
        let function = text.find("\npub fn downgrade(").and_then(|start| {
            let end = start + text[start..].find("\n}\n")? + "\n}\n".len();
            Some(format!("{}\n{}", text[..start].trim_end(), &text[end..]))
        });
        function.ok_or_else(|| {
            Error::usage(format!("the template `{}` has no function `downgrade` that can be left out", self.name))
                .hint("begin a line with `pub fn downgrade(`, and end the function with a line `}`")
        })
    }

    /// The line on which the given rest of the text begins.
    fn line_at(&self, rest: &str) -> usize {
        1 + self.text[..self.text.len() - rest.len()].matches('\n').count()
    }

    fn unknown(&self, line: usize, name: &str) -> Error {
        let error = self.wrong(line, &format!("unknown placeholder `{{{{ {name} }}}}`"));
        match nearest(name, PLACEHOLDERS).first() {
            Some(near) => error.hint(format!("did you mean `{{{{ {near} }}}}`?")),
            None => error.hint(format!("known placeholders: {}", PLACEHOLDERS.join(", "))),
        }
    }

    fn wrong(&self, line: usize, message: &str) -> Error {
        Error::usage(format!("{}:{line}: {message}", self.name))
    }
}

impl<'a> Filling<'a> {
    pub(super) fn new(file: &'a NewFile, created: &DateTime<FixedOffset>) -> Filling<'a> {
        let created = created.to_rfc3339_opts(SecondsFormat::Secs, false);
        let (upgrade, downgrade) = match &file.content {
            Some(Content::Sql(sql)) => (body(&sql.up), body(&sql.down)),
            Some(Content::Source { upgrade, downgrade }) => {
                (vec![upgrade.clone()], vec![downgrade.clone().unwrap_or_default()])
            }
            None => (EMPTY_UPGRADE.map(str::to_owned).to_vec(), EMPTY_DOWNGRADE.map(str::to_owned).to_vec()),
        };
        let value_of = |name| match name {
            "message" => Value::Text(file.message.clone()),
            "doc" => Value::Text(doc(&file.message)),
            "attribute" => Value::Text(attribute(file, &created)),
            "revision" => Value::Text(file.revision.clone()),
            "down_revision" => Value::Text(file.parents.join(", ")),
            "branch_labels" => Value::Text(file.branch_label.clone().unwrap_or_default()),
            "depends_on" => Value::Text(file.depends_on.join(", ")),
            "create_date" => Value::Text(created.clone()),
            "upgrade" => Value::Lines(upgrade.clone()),
            _ => Value::Lines(downgrade.clone()),
        };
        Filling { values: PLACEHOLDERS.map(|name| (name, value_of(name))).into(), file }
    }
}

/// The message as a doc comment, without a line break at its end.
fn doc(message: &str) -> String {
    let lines: Vec<String> = message.lines().map(|line| format!("/// {line}").trim_end().to_owned()).collect();
    lines.join("\n")
}

fn attribute(file: &NewFile, created: &str) -> String {
    let mut keys = vec![format!("revision = {:?}", file.revision)];
    let mut list = |key: &str, values: &[String]| match values {
        [] => {}
        [value] => keys.push(format!("{key} = {value:?}")),
        values => keys.push(format!("{key} = {values:?}")),
    };
    list("down_revision", &file.parents);
    list("depends_on", &file.depends_on);
    if let Some(label) = &file.branch_label {
        keys.push(format!("branch_labels = [{label:?}]"));
    }
    keys.push(format!("created = {created:?}"));
    if file.is_irreversible() {
        keys.push("irreversible".to_owned());
    }
    let line = format!("#[migration({})]", keys.join(", "));
    // rustfmt leaves an attribute with a list in brackets as it is.
    if line.len() > LONGEST_LINE { format!("#[migration(\n    {},\n)]", keys.join(",\n    ")) } else { line }
}

/// The white space that the last line of the text consists of.
fn indentation(text: &str) -> String {
    let line = text.rsplit('\n').next().unwrap_or_default();
    line.chars().take_while(|c| c.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::Sql;
    use super::*;
    use crate::import::Statement;

    fn file() -> NewFile {
        NewFile {
            revision: "b2".to_owned(),
            parents: vec!["a1".to_owned()],
            message: "Add x\n\nWhy \"x\".".to_owned(),
            ..NewFile::default()
        }
    }

    fn rendered(text: &str, file: &NewFile) -> Result<String, Error> {
        let created = DateTime::parse_from_rfc3339("2026-01-28T04:05:06+02:00").unwrap();
        let template = Template { name: "t.rs".to_owned(), text: text.to_owned() };
        template.render(&Filling::new(file, &created))
    }

    #[test]
    fn built_in_templates_are_whole_migrations() {
        for (name, _, text) in BUILT_IN {
            let text = rendered(text, &file()).unwrap();
            let attribute =
                "#[migration(revision = \"b2\", down_revision = \"a1\", created = \"2026-01-28T04:05:06+02:00\")]";
            assert!(
                text.contains(&format!("/// Add x\n///\n/// Why \"x\".\n{attribute}\npub fn upgrade(")),
                "{name}: {text}"
            );
            assert!(text.contains("pub fn downgrade(op: &mut Op) -> Result<()> {\n"), "{name}: {text}");
        }
    }

    #[test]
    fn every_placeholder_has_a_value() {
        let merge = NewFile {
            parents: vec!["a1".to_owned(), "c3".to_owned()],
            depends_on: vec!["d4".to_owned()],
            branch_label: Some("x".to_owned()),
            ..file()
        };
        let text =
            "{{revision}}|{{ down_revision }}|{{ branch_labels }}|{{ depends_on }}|{{ create_date }}|{{ attribute }}";
        let attribute = "#[migration(\n    revision = \"b2\",\n    down_revision = [\"a1\", \"c3\"],\n    depends_on = \"d4\",\n    \
                         branch_labels = [\"x\"],\n    created = \"2026-01-28T04:05:06+02:00\",\n)]";
        let wanted = format!("b2|a1, c3|x|d4|2026-01-28T04:05:06+02:00|{attribute}");
        assert_eq!(rendered(text, &merge).unwrap(), wanted);
        assert_eq!(rendered("{{ down_revision }}|{{ depends_on }}", &NewFile::default()).unwrap(), "|");
        PLACEHOLDERS.iter().for_each(|name| assert!(rendered(&format!("{{{{ {name} }}}}"), &merge).is_ok(), "{name}"));
    }

    #[test]
    fn mistakes_have_a_place() {
        let error = rendered("x\n{{ revison }}", &file()).unwrap_err();
        assert_eq!(error.to_string(), "t.rs:2: unknown placeholder `{{ revison }}`");
        assert_eq!(error.hints, ["did you mean `{{ revision }}`?"]);
        assert_eq!(rendered("{{ doc", &file()).unwrap_err().to_string(), "t.rs:1: a `{{` has no `}}`");
    }

    #[test]
    fn source_is_put_in_and_an_irreversible_migration_has_no_downgrade() {
        let content = |downgrade: Option<&str>| {
            let (upgrade, downgrade) = ("op.x()?;\n    Ok(())".to_owned(), downgrade.map(str::to_owned));
            NewFile { content: Some(Content::Source { upgrade, downgrade }), ..file() }
        };
        let text = rendered(BUILT_IN[0].2, &content(Some("op.y()?;\n    Ok(())"))).unwrap();
        assert!(text.contains("{\n    op.x()?;\n    Ok(())\n}\n\npub fn downgrade"), "{text}");
        assert!(text.ends_with("{\n    op.y()?;\n    Ok(())\n}\n"), "{text}");
        let text = rendered(BUILT_IN[0].2, &content(None)).unwrap();
        assert!(text.contains("    irreversible,\n)]\n"), "{text}");
        assert!(text.ends_with("{\n    op.x()?;\n    Ok(())\n}\n"), "{text}");
        let error = rendered("{{ upgrade }}{{ downgrade }}", &content(None)).unwrap_err();
        assert_eq!(error.to_string(), "the template `t.rs` has no function `downgrade` that can be left out");
    }

    #[test]
    fn statements_become_calls() {
        let statement =
            |comment: &str, sql: &str| Statement { comments: vec![comment.to_owned()], sql: sql.to_owned() };
        let sql = Sql {
            up: vec![statement("Why.", "CREATE TABLE t (\n  a INT)"), statement("More.", "x")],
            down: Vec::new(),
        };
        let file = NewFile { content: Some(Content::Sql(sql)), ..file() };
        let text = rendered("    {{ upgrade }}\n    {{ downgrade }}\n", &file).unwrap();
        let wanted = "    // Why.\n    op.sql(r\"CREATE TABLE t (\n  a INT)\")?;\n    // More.\n    op.sql(\"x\")?;\n    Ok(())\n    \
                      let _ = op;\n    Ok(())\n";
        assert_eq!(text, wanted);
        let error = rendered("{{ upgrade }}", &file).unwrap_err();
        assert_eq!(error.to_string(), "the template `t.rs` has no place for what the functions run");
    }
}
