//! Entity-relationship diagrams of a schema, as text that other programs draw.

use crate::dialect::Dialect;
use crate::schema::{Column, ForeignKey, Schema, Table};

/// The tables and their foreign keys as a Mermaid diagram, which Markdown viewers draw.
///
/// # Examples
///
/// ```
/// use rectify_schema::{Schema, build::*, dialect::POSTGRES, erd};
///
/// let users = table("users").column(column("id", bigint()).primary_key());
/// let text = erd::mermaid(&Schema { tables: vec![users], ..Schema::default() }, POSTGRES);
/// assert_eq!(text, "erDiagram\n    users {\n        bigint id PK\n    }\n");
/// ```
#[must_use]
pub fn mermaid(schema: &Schema, dialect: &dyn Dialect) -> String {
    let mut lines = vec!["erDiagram".to_owned()];
    for table in sorted(schema) {
        lines.push(format!("    {} {{", entity(&table.name.to_string())));
        for column in &table.columns {
            let keys = keys(table, column).join(", ");
            let (kind, name) = (attribute(&type_of(column, dialect)), attribute(&column.name));
            let line = format!("        {kind} {name} {keys}");
            lines.push(line.trim_end().to_owned() + &comment_of(column));
        }
        lines.push("    }".to_owned());
    }
    for (table, key) in references(schema) {
        let many = if is_unique(table, key) { "o|" } else { "o{" };
        let one = if is_required(table, key) { "||" } else { "|o" };
        let (parent, child) = (entity(&key.references.to_string()), entity(&table.name.to_string()));
        lines.push(format!("    {parent} {one}--{many} {child} : \"{}\"", key.columns.join(", ").replace('"', "'")));
    }
    lines.join("\n") + "\n"
}

/// The tables and their foreign keys as a graph for Graphviz' `dot`.
///
/// # Examples
///
/// ```
/// use rectify_schema::{Schema, build::*, dialect::POSTGRES, erd};
///
/// let users = table("users").column(column("id", bigint()).primary_key());
/// let text = erd::graphviz(&Schema { tables: vec![users], ..Schema::default() }, POSTGRES);
/// assert!(text.contains("\"users\" [label=\"{users|id: bigint PK\\l}\"];"));
/// ```
#[must_use]
pub fn graphviz(schema: &Schema, dialect: &dyn Dialect) -> String {
    let mut lines = ["digraph schema {", "    rankdir=LR;", "    node [shape=record];"].map(str::to_owned).to_vec();
    for table in sorted(schema) {
        let name = table.name.to_string();
        let columns = table.columns.iter().map(|column| {
            let keys = keys(table, column).join(", ");
            let line = format!("{}: {} {keys}", column.name, type_of(column, dialect));
            record(line.trim_end()) + "\\l"
        });
        let columns: String = columns.collect();
        lines.push(format!("    {} [label=\"{{{}|{columns}}}\"];", quoted(&name), record(&name)));
    }
    for (table, key) in references(schema) {
        let (child, parent) = (quoted(&table.name.to_string()), quoted(&key.references.to_string()));
        lines.push(format!("    {child} -> {parent} [label={}];", quoted(&key.columns.join(", "))));
    }
    lines.join("\n") + "\n}\n"
}

fn sorted(schema: &Schema) -> Vec<&Table> {
    let mut tables: Vec<&Table> = schema.tables.iter().collect();
    tables.sort_by_key(|table| &table.name);
    tables
}

fn references(schema: &Schema) -> impl Iterator<Item = (&Table, &ForeignKey)> {
    sorted(schema).into_iter().flat_map(|table| table.foreign_keys.iter().map(move |key| (table, key)))
}

/// As the database spells it, or as a migration does where the database has no such type.
fn type_of(column: &Column, dialect: &dyn Dialect) -> String {
    let spelled = dialect.type_name(&column.column_type).unwrap_or_else(|_| column.column_type.to_string());
    spelled.to_lowercase()
}

/// What the column is to the table: part of its primary key, a reference, unique by itself.
fn keys(table: &Table, column: &Column) -> Vec<&'static str> {
    let holds = |columns: &[String]| columns.contains(&column.name);
    let in_key = table.primary_key.as_ref().is_some_and(|key| holds(&key.columns));
    let refers = table.foreign_keys.iter().any(|key| holds(&key.columns));
    let is_unique = table.uniques.iter().any(|unique| unique.columns == [column.name.as_str()]);
    [(in_key, "PK"), (refers, "FK"), (is_unique, "UK")].into_iter().filter(|(is, _)| *is).map(|(_, key)| key).collect()
}

/// Whether a row of the parent can have one child at most.
fn is_unique(table: &Table, key: &ForeignKey) -> bool {
    table.primary_key.as_ref().is_some_and(|primary| primary.columns == key.columns)
        || table.uniques.iter().any(|unique| unique.columns == key.columns)
}

/// Whether each child has a parent.
fn is_required(table: &Table, key: &ForeignKey) -> bool {
    let required = |name: &String| table.find_column(name).is_some_and(|column| !column.nullable);
    key.columns.iter().all(required)
}

fn comment_of(column: &Column) -> String {
    let text = column.comment.as_deref().unwrap_or_default().replace('"', "'");
    let text: Vec<&str> = text.split_whitespace().collect();
    if text.is_empty() { String::new() } else { format!(" \"{}\"", text.join(" ")) }
}

/// The name of a Mermaid entity, in quotes where it is not one word.
fn entity(name: &str) -> String {
    if name.chars().all(|c| c.is_alphanumeric() || c == '_') { name.to_owned() } else { quoted(name) }
}

/// A type or a name of a Mermaid attribute, which cannot be quoted.
fn attribute(text: &str) -> String {
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '(' | ')' | '[' | ']');
    let text: String = text.chars().map(|c| if allowed(c) { c } else { '_' }).collect();
    if text.starts_with(|c: char| c.is_alphabetic() || c == '_') { text } else { format!("_{text}") }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A text in a record of Graphviz.
fn record(text: &str) -> String {
    let special = |c: char| matches!(c, '{' | '}' | '|' | '<' | '>' | '"' | '\\');
    text.chars().flat_map(|c| special(c).then_some('\\').into_iter().chain([c])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::*;
    use crate::dialect::POSTGRES;

    fn schema() -> Schema {
        let users = table("users")
            .column(column("id", bigint()).primary_key())
            .column(column("e mail", varchar(255)).unique().comment("as \"typed\""));
        let notes = table("app.notes")
            .column(column("id", bigint()).primary_key())
            .column(column("user_id", bigint()).not_null())
            .column(column("boss", bigint()))
            .foreign_key(foreign_key("fk").on(["user_id"]).references("users", ["id"]))
            .foreign_key(foreign_key("fk_2").on(["boss"]).references("users", ["id"]))
            .unique(unique("uq").on(["boss"]));
        Schema { tables: vec![users, notes], ..Schema::default() }
    }

    #[test]
    fn mermaid_shows_keys_and_how_many_of_each() {
        let wanted = "erDiagram\n    \"app.notes\" {\n        bigint id PK\n        bigint user_id FK\n        bigint boss FK, UK\n    }\n    \
                      users {\n        bigint id PK\n        varchar(255) e_mail UK \"as 'typed'\"\n    }\n    \
                      users ||--o{ \"app.notes\" : \"user_id\"\n    users |o--o| \"app.notes\" : \"boss\"\n";
        assert_eq!(mermaid(&schema(), POSTGRES), wanted);
    }

    #[test]
    fn graphviz_escapes_what_means_something_in_a_record() {
        let text = graphviz(&schema(), POSTGRES);
        assert!(text.contains("    \"app.notes\" -> \"users\" [label=\"user_id\"];\n"), "{text}");
        assert_eq!(record("a|b{c}"), "a\\|b\\{c\\}");
    }
}
