//! Writes the chain that is measured, and the programs that it is compared with: a cargo workspace of its own.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rectify_schema::build::{bigint, column, index, primary_key, table, text, varchar};
use rectify_schema::dialect::{Dialect, POSTGRES, SQLITE};
use rectify_schema::ops::{CreateIndex, CreateTable};
use rectify_schema::{Operation, TableName, Unsupported};

use super::root;
use crate::report::Failure;

/// The package of the chain and its runner.
pub(super) const PACKAGE: &str = "bench-chain";
/// The package of the programs that the runner is compared with.
pub(super) const YARDSTICK: &str = "yardstick";
/// The package that times the work on the graph.
pub(super) const GRAPH: &str = "graph";

/// Writes everything into `folder`, which it gives back.
pub(super) fn write(folder: &Path, revisions: u32) -> Result<PathBuf, Failure> {
    let cannot_write = |error| Failure::new("cannot write the chain to measure").because(error);
    let lock = fs::read_to_string(root().join("Cargo.lock")).map_err(cannot_write)?;
    let cannot_render = |error| Failure::new("cannot render the chain to measure").because(error);
    let mut files = packages(&root().join("crates"));
    files.push(("Cargo.lock".to_owned(), lock));
    files.extend((1..=revisions).map(Revision::new).map(|revision| (revision.path(), revision.source())));
    files.push(("versions/HEAD".to_owned(), Revision::new(revisions).id + "\n"));
    for (path, dialect, schema) in [(SQLITE_STATEMENTS, SQLITE, "main"), (POSTGRES_STATEMENTS, POSTGRES, "public")] {
        files.push((path.to_owned(), statements(revisions, dialect, schema).map_err(cannot_render)?));
    }
    for (path, text) in files {
        write_if_changed(&folder.join(path), &text).map_err(cannot_write)?;
    }
    Ok(folder.to_owned())
}

/// What the runner sends to SQLite, without what it sends for itself.
pub(super) const SQLITE_STATEMENTS: &str = "statements/sqlite.sql";
/// What the runner sends to PostgreSQL, without what it sends for itself.
pub(super) const POSTGRES_STATEMENTS: &str = "statements/postgres.sql";
/// The migration that is touched to check the crate again: one in the middle.
pub(super) fn path_in_the_middle(revisions: u32) -> String {
    Revision::new(revisions.div_ceil(2)).path()
}

/// One migration of the chain.
struct Revision {
    number: u32,
    id: String,
}

impl Revision {
    /// `number` counts from one. The ids are twelve hex digits that have nothing in common with their neighbours'.
    fn new(number: u32) -> Revision {
        let id = u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15) & 0xffff_ffff_ffff;
        Revision { number, id: format!("{id:012x}") }
    }

    fn parent(&self) -> Option<Revision> {
        (self.number > 1).then(|| Revision::new(self.number - 1))
    }

    fn path(&self) -> String {
        format!("versions/{:05}-{}_create_{}.rs", self.number, self.id, self.table())
    }

    fn table(&self) -> String {
        format!("bench_{:05}", self.number)
    }

    /// The migration file.
    fn source(&self) -> String {
        let Revision { id, .. } = self;
        let table = self.table();
        let parent = self.parent().map(|parent| format!(", down_revision = \"{}\"", parent.id)).unwrap_or_default();
        format!(
            r#"use crate::prelude::*;

/// Create {table}.
#[migration(revision = "{id}"{parent})]
pub fn upgrade(op: &mut Op) -> Result<()> {{
    op.create_table(
        table("{table}")
            .column(column("id", bigint()).primary_key())
            .column(column("name", varchar(80)).not_null())
            .column(column("note", text())),
    )?;
    op.create_index(index("ix_{table}_name").on("{table}", ["name"]).unique())
}}

pub fn downgrade(op: &mut Op) -> Result<()> {{
    op.drop_table("{table}")
}}
"#
        )
    }

    /// What the migration file does.
    fn operations(&self) -> [Operation; 2] {
        let name = self.table();
        let create_table = table(&name)
            .column(column("id", bigint()).primary_key())
            .column(column("name", varchar(80)).not_null())
            .column(column("note", text()));
        let create_index = index(format!("ix_{name}_name")).on(&name, ["name"]).unique();
        [CreateTable::new(create_table).into(), CreateIndex::new(create_index).into()]
    }

    /// How the version table says that the migration was applied.
    fn version_statement(&self, version_table: &str) -> String {
        let id = &self.id;
        match self.parent() {
            None => format!("INSERT INTO {version_table} (version_num) VALUES ('{id}')"),
            Some(Revision { id: parent, .. }) => {
                format!("UPDATE {version_table} SET version_num = '{id}' WHERE version_num = '{parent}'")
            }
        }
    }
}

/// The statements for all revisions: a paragraph is a transaction, `;` and the end of a line part two statements.
fn statements(revisions: u32, dialect: &dyn Dialect, schema: &str) -> Result<String, Unsupported> {
    let version_table = TableName { schema: Some(schema.to_owned()), name: "alembic_version".to_owned() };
    let mut paragraphs = vec![render(dialect, &[create_version_table(&version_table)])?.join(";\n")];
    for revision in (1..=revisions).map(Revision::new) {
        let mut paragraph = render(dialect, &revision.operations())?;
        paragraph.push(revision.version_statement(&format!("{schema}.alembic_version")));
        paragraphs.push(paragraph.join(";\n"));
    }
    Ok(paragraphs.join("\n\n"))
}

fn create_version_table(name: &TableName) -> Operation {
    let key = primary_key("alembic_version_pkc").on(["version_num"]);
    CreateTable::new(table(name.clone()).column(column("version_num", varchar(32)).not_null()).primary_key(key)).into()
}

fn render(dialect: &dyn Dialect, operations: &[Operation]) -> Result<Vec<String>, Unsupported> {
    let mut texts = Vec::new();
    for operation in operations {
        texts.extend(dialect.render(operation)?.into_iter().map(|statement| statement.sql));
    }
    Ok(texts)
}

/// The files of the packages, but for the revisions. The yardsticks are a package of their own, so that the chain is no
/// bigger than a user's.
fn packages(crates: &Path) -> Vec<(String, String)> {
    let crates = crates.display();
    let package = |name: &str| format!("[package]\nname = \"{name}\"\nedition = \"2024\"\npublish = false\n");
    let rectify =
        format!("rectify = {{ path = \"{crates}/rectify\", features = [\"postgres\", \"mysql\", \"sqlite\"] }}");
    let chain = format!(
        "{}\n[workspace]\nmembers = [\"{YARDSTICK}\", \"{GRAPH}\"]\nresolver = \"3\"\n\n[lib]\npath = \"lib.rs\"\n\n\
         [[bin]]\nname = \"runner\"\npath = \"main.rs\"\n\n\
         [dependencies]\n{rectify}\nrectify-cli = {{ path = \"{crates}/rectify-cli\", features = [\"runner\"] }}\n\n{}",
        package(PACKAGE),
        optimised()
    );
    let diesel = "diesel = { version = \"2.3\", default-features = false }";
    let with_source = rectify.replace("\"sqlite\"", "\"sqlite\", \"source\"");
    let yardstick = format!("{}\n[dependencies]\n{diesel}\n{with_source}\n", package(YARDSTICK));
    let graph =
        format!("{}\n[dependencies]\nrectify-chain = {{ path = \"{crates}/rectify-chain\" }}\n", package(GRAPH));
    let files = [
        ("Cargo.toml", chain.as_str()),
        ("rectify.toml", "versions = \"versions\"\n"),
        ("build.rs", "fn main() {\n    println!(\"cargo:rerun-if-changed=versions\");\n}\n"),
        ("lib.rs", "rectify::versions!(\"versions\");\n"),
        ("main.rs", include_str!("template/runner.rs")),
        ("memory.rs", include_str!("template/memory.rs")),
        ("yardstick/Cargo.toml", yardstick.as_str()),
        ("yardstick/src/bin/baseline/main.rs", include_str!("template/baseline.rs")),
        ("yardstick/src/bin/baseline/memory.rs", include_str!("template/memory.rs")),
        ("yardstick/src/bin/bare/main.rs", include_str!("template/bare.rs")),
        ("yardstick/src/bin/bare/memory.rs", include_str!("template/memory.rs")),
        ("yardstick/src/bin/inspect/main.rs", include_str!("template/inspect.rs")),
        ("yardstick/src/bin/inspect/memory.rs", include_str!("template/memory.rs")),
        ("yardstick/src/bin/data/main.rs", include_str!("template/data.rs")),
        ("yardstick/src/bin/data/memory.rs", include_str!("template/memory.rs")),
        ("yardstick/src/bin/query.rs", include_str!("template/query.rs")),
        ("graph/Cargo.toml", graph.as_str()),
        ("graph/src/main.rs", include_str!("template/graph.rs")),
    ];
    files.map(|(path, text)| (path.to_owned(), text.to_owned())).to_vec()
}

/// What the README tells a user to write, so that the macros read the chain with optimised code.
fn optimised() -> String {
    let packages = ["linkme-impl", "proc-macro2", "quote", "rectify-chain", "rectify-macros", "syn"];
    packages.map(|package| format!("[profile.dev.package.{package}]\nopt-level = 2\n\n")).concat()
}

/// Leaves a file alone that is as it should be, for cargo builds again what is newer.
fn write_if_changed(path: &Path, text: &str) -> io::Result<()> {
    if fs::read(path).is_ok_and(|found| found == text.as_bytes()) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn revisions_follow_each_other() {
        let (first, second) = (Revision::new(1), Revision::new(2));
        assert!(first.source().contains(&format!("#[migration(revision = \"{}\")]", first.id)));
        let attribute = format!("#[migration(revision = \"{}\", down_revision = \"{}\")]", second.id, first.id);
        assert!(second.source().contains(&attribute));
    }

    #[test]
    fn statements_stand_in_one_paragraph_a_transaction() {
        let text = statements(2, SQLITE, "main").unwrap();
        let paragraphs: Vec<Vec<&str>> = text.split("\n\n").map(|text| text.split(";\n").collect()).collect();
        assert_eq!(paragraphs.iter().map(Vec::len).collect::<Vec<_>>(), [1, 3, 3]);
        assert!(paragraphs[0][0].starts_with("CREATE TABLE main.alembic_version ("), "{}", paragraphs[0][0]);
        assert_eq!(paragraphs[2][1], "CREATE UNIQUE INDEX ix_bench_00002_name ON bench_00002 (name)");
        assert!(paragraphs[2][2].starts_with("UPDATE main.alembic_version SET version_num = "));
    }
}
