//! A migration of another tool as the Rust source of one of a chain.

use super::Legacy;
use super::split::Statement;

/// Where a migration stands in the chain.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Place<'a> {
    pub(crate) parent: Option<&'a str>,
    pub(crate) branch_label: Option<&'a str>,
}

/// The whole text of the file.
pub(crate) fn render(legacy: &Legacy, place: Place<'_>) -> String {
    let mut keys = vec![format!("revision = {:?}", legacy.revision)];
    keys.extend(place.parent.map(|parent| format!("down_revision = {parent:?}")));
    keys.extend(place.branch_label.map(|label| format!("branch_labels = [{label:?}]")));
    keys.extend(legacy.created.map(|created| format!("created = \"{}\"", created.format("%Y-%m-%d %H:%M:%S"))));
    if !legacy.transaction {
        keys.push("transaction = false".to_owned());
    }
    if legacy.down.is_none() {
        keys.push("irreversible".to_owned());
    }
    let mut text = format!(
        "use crate::prelude::*;\n\n/// {}.\n///\n/// {}\n#[migration({})]\n{}",
        legacy.message,
        legacy.imported_from(),
        keys.join(", "),
        function("upgrade", &legacy.up)
    );
    if let Some(down) = &legacy.down {
        text.push('\n');
        text += &function("downgrade", down);
    }
    text
}

fn function(name: &str, statements: &[Statement]) -> String {
    format!("pub fn {name}(op: &mut Op) -> Result<()> {{\n    {}\n}}\n", body(statements).join("\n    "))
}

/// The statements of a function that runs the SQL, each with its comments above it.
pub(crate) fn body(statements: &[Statement]) -> Vec<String> {
    let mut lines = Vec::new();
    for statement in statements {
        let comment = |line: &String| format!("// {}", line.replace(turns_direction, "")).trim_end().to_owned();
        lines.extend(statement.comments.iter().map(comment));
        if !statement.sql.is_empty() {
            lines.push(format!("op.sql({})?;", literal(&statement.sql)));
        }
    }
    if statements.iter().all(|statement| statement.sql.is_empty()) {
        lines.push("let _ = op;".to_owned());
    }
    lines.push("Ok(())".to_owned());
    lines
}

/// A literal that a person can read as SQL: raw where the text needs it.
fn literal(sql: &str) -> String {
    let is_odd = |c: char| (c.is_control() && c != '\n' && c != '\t') || turns_direction(c);
    if sql.contains(is_odd) {
        return format!("{sql:?}");
    }
    if !sql.contains(['\n', '\t', '"', '\\']) {
        return format!("\"{sql}\"");
    }
    let mut hashes = String::new();
    while sql.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    format!("r{hashes}\"{sql}\"{hashes}")
}

/// Characters that make a line look like what it is not: the compiler refuses them in source.
fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_hold_what_the_file_holds() {
        for (sql, expected) in [
            ("DROP TABLE a", "\"DROP TABLE a\""),
            ("a\nb", "r\"a\nb\""),
            ("SELECT \"a\"", "r#\"SELECT \"a\"\"#"),
            ("SELECT '\"#'", "r##\"SELECT '\"#'\"##"),
            (r"E'\n'", "r\"E'\\n'\""),
            ("a\rb", "\"a\\rb\""),
            ("a\u{202e}b", "\"a\\u{202e}b\""),
        ] {
            assert_eq!(literal(sql), expected);
        }
    }

    #[test]
    fn a_file_says_where_it_comes_from() {
        let statement = |sql: &str| Statement { comments: vec!["Why.".to_owned()], sql: sql.to_owned() };
        let legacy = Legacy {
            revision: "20200131235900".to_owned(),
            message: "Create users".to_owned(),
            origin: "2020-01-31-235900_create_users".to_owned(),
            created: super::super::moment("20200131235900"),
            transaction: false,
            up: vec![statement("CREATE TABLE users (\n    id INTEGER\n)")],
            down: Some(vec![statement("")]),
            remarks: Vec::new(),
        };
        let expected = "use crate::prelude::*;\n\n/// Create users.\n///\n/// Imported from `2020-01-31-235900_create_users`.\n\
             #[migration(revision = \"20200131235900\", down_revision = \"a1\", created = \"2020-01-31 23:59:00\", transaction = false)]\n\
             pub fn upgrade(op: &mut Op) -> Result<()> {\n    // Why.\n    op.sql(r\"CREATE TABLE users (\n    id INTEGER\n)\")?;\n    Ok(())\n}\n\n\
             pub fn downgrade(op: &mut Op) -> Result<()> {\n    // Why.\n    let _ = op;\n    Ok(())\n}\n";
        assert_eq!(render(&legacy, Place { parent: Some("a1"), branch_label: None }), expected);
        let text = render(&Legacy { down: None, ..legacy }, Place { parent: None, branch_label: Some("old") });
        assert!(text.contains("(revision = \"20200131235900\", branch_labels = [\"old\"], created ="), "{text}");
        assert!(text.contains("transaction = false, irreversible)]") && !text.contains("downgrade"), "{text}");
    }
}
