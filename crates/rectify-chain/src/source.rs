//! Migration files -> nodes. It reads folders, the attributes of its migrations and `HEAD`, and nothing else of the code.
//!
//! `versions!` and the command line read with the same functions. Reading is tolerant: a chain that does not compile can
//! still be listed and mended.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use folder::Found;

use crate::graph::{Graph, Node};
use crate::verify::{Fault, FaultKind, Literal, Policy};

mod edit;
mod file;
mod folder;
mod head;

pub use edit::with_parent;
pub use file::{Place, SourceFile, SourceMigration, Text, parse_file, split_doc};
pub use folder::Folder;
pub use head::{HEAD, HeadLine, head_lines, parse_head, read_head, render_head, write_head};

/// A chain of migrations, as far as it can be read.
#[derive(Debug, Clone, Default)]
pub struct SourceChain {
    /// The files, in load order.
    pub files: Vec<SourceFile>,
    /// What `HEAD` holds; `None` if there is none.
    pub head: Option<String>,
    /// Everything that is wrong with it.
    pub findings: Vec<Finding>,
    /// The graph of everything that can be linked.
    pub graph: Graph,
    /// Per node of the graph its file and its place among the migrations of that file.
    pub owners: Vec<(usize, usize)>,
}

/// A mistake, with its place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The file, as it is to be shown.
    pub file: String,
    /// Line and column in it.
    pub place: Place,
    /// What it is about.
    pub at: At,
    /// What is wrong: lower case, no full stop, objects in backticks.
    pub message: String,
    /// What to type.
    pub hint: String,
}

/// What a finding is about.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum At {
    /// A literal of a migration: the graph is wrong there.
    Literal {
        /// Which mistake.
        kind: FaultKind,
        /// Index of the node.
        node: usize,
        /// Which literal.
        literal: Literal,
    },
    /// The attribute of a migration: its `downgrade` is missing, or one too many.
    Attribute {
        /// Index of the node.
        node: usize,
    },
    /// A second migration in a file.
    Second {
        /// Index of the node.
        node: usize,
    },
    /// A file without a migration.
    File,
    /// A file that is not Rust.
    Syntax,
    /// An attribute that cannot be read as it is meant; `#[migration]` itself says why at the key.
    Unclear,
    /// The file `HEAD`.
    Head,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}\n  hint: {}", self.file, self.place, self.message, self.hint)
    }
}

/// Why a folder cannot be read at all.
#[derive(Debug, thiserror::Error)]
#[error("cannot read `{}`", .path.display())]
pub struct ReadError {
    /// The file or folder.
    pub path: PathBuf,
    source: io::Error,
}

impl ReadError {
    pub(crate) fn at(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        |source| Self { path, source }
    }
}

/// Reads the migrations of one or more folders, and of the folders below them where `recursive` says so.
///
/// The load order is that of the folders, and in each that of the file names; folders below come after the files. `HEAD`
/// stands in the first folder.
///
/// # Errors
///
/// Returns [`ReadError`] if a folder or a file in it cannot be read. What is wrong with the chain is in
/// [`SourceChain::findings`].
pub fn read(folders: &[Folder], recursive: bool) -> Result<SourceChain, ReadError> {
    let Some(first) = folders.first() else { return Ok(SourceChain::default()) };
    let mut files = Vec::new();
    for Found { path, name } in folder::files(folders, recursive)? {
        let text = fs::read_to_string(&path).map_err(ReadError::at(&path))?;
        files.push(parse_file(path, name, &text));
    }
    Ok(assemble(files, read_head(&first.path)?, first.shown_as.trim_end_matches('/')))
}

/// Puts files that have been read together to a chain, and finds what is wrong with it.
pub fn assemble(files: Vec<SourceFile>, head: Option<String>, shown_as: &str) -> SourceChain {
    let (mut nodes, mut owners) = (Vec::new(), Vec::new());
    for (index, file) in files.iter().enumerate() {
        for (nth, migration) in file.migrations.iter().enumerate() {
            if let Some(node) = node(file, migration) {
                nodes.push(node);
                owners.push((index, nth));
            }
        }
    }
    let (graph, faults) = Graph::tolerant(nodes, Policy::Strict);
    let mut chain = SourceChain { files, head, findings: Vec::new(), graph, owners };
    let mut findings = chain.file_findings();
    let complete = findings.iter().all(|finding| !matches!(finding.at, At::File | At::Syntax | At::Unclear));
    let is_certain = |fault: &&Fault| complete || !needs_whole_chain(fault.kind);
    findings.extend(faults.iter().filter(is_certain).map(|fault| chain.graph_finding(fault)));
    if complete && faults.is_empty() {
        findings.extend(head::finding(&chain, shown_as));
    }
    chain.findings = findings;
    chain
}

impl SourceChain {
    /// The file that holds a revision.
    pub fn file_of(&self, id: &str) -> Option<&SourceFile> {
        let node = self.graph.nodes().iter().position(|node| node.id == id)?;
        self.owners.get(node).map(|(file, _)| &self.files[*file])
    }

    /// The migration of a node of the graph.
    pub fn migration(&self, node: usize) -> &SourceMigration {
        let (file, nth) = self.owners[node];
        &self.files[file].migrations[nth]
    }

    /// The lines that `HEAD` must hold for this chain.
    pub fn head_lines(&self) -> Vec<HeadLine> {
        head_lines(&self.graph)
    }

    fn file_findings(&self) -> Vec<Finding> {
        let nodes: HashMap<(usize, usize), usize> =
            self.owners.iter().enumerate().map(|(node, owner)| (*owner, node)).collect();
        let mut found = Vec::new();
        for (index, file) in self.files.iter().enumerate() {
            let mut add = |place, at, message: String, hint: &str| {
                found.push(Finding { file: file.name.clone(), place, at, message, hint: hint.to_owned() });
            };
            if let Some((place, error)) = &file.error {
                add(*place, At::Syntax, format!("this is not Rust: {error}"), "mend the file");
            } else if file.migrations.is_empty() {
                let message = "this file has no migration".to_owned();
                let hint =
                    "write `#[migration(revision = \"…\")]` on its `upgrade`, or move the file out of the folder";
                add(file.first_item, At::File, message, hint);
            }
            for (nth, migration) in file.migrations.iter().enumerate() {
                if migration.unclear {
                    let message = "this migration has a key that is unknown or repeated".to_owned();
                    add(migration.attribute, At::Unclear, message, "mend its `#[migration(…)]`");
                }
                let Some(node) = nodes.get(&(index, nth)).copied() else {
                    let message = "this migration has no `revision`".to_owned();
                    add(migration.attribute, At::Unclear, message, "write `revision = \"…\"`");
                    continue;
                };
                let at = At::Attribute { node };
                if nth > 0 {
                    let message = "this file has two migrations".to_owned();
                    add(migration.attribute, At::Second { node }, message, "give each migration a file of its own");
                } else if !migration.irreversible && !file.has_downgrade {
                    let message = "this migration has no `downgrade`".to_owned();
                    let hint = "write `pub fn downgrade(op: &mut Op) -> Result<()>` beside `upgrade`, or declare \
                                `irreversible` in `#[migration(…)]`";
                    add(migration.attribute, at, message, hint);
                } else if migration.irreversible && file.has_downgrade {
                    let message = "this migration is `irreversible` and has a `downgrade`".to_owned();
                    add(migration.attribute, at, message, "remove one of the two");
                }
            }
        }
        found
    }

    fn graph_finding(&self, fault: &Fault) -> Finding {
        let migration = self.migration(fault.node);
        let nth = |texts: &[Text], nth: usize| texts.get(nth).map(|text| text.place);
        let place = match fault.literal {
            Literal::Revision => migration.revision.as_ref().map(|text| text.place),
            Literal::DownRevision(n) => nth(&migration.down_revisions, n),
            Literal::DependsOn(n) => nth(&migration.depends_on, n),
            Literal::Label(n) => nth(&migration.branch_labels, n),
        };
        Finding {
            file: fault.origin.clone(),
            place: place.unwrap_or(migration.attribute),
            at: At::Literal { kind: fault.kind, node: fault.node, literal: fault.literal },
            message: fault.message.clone(),
            hint: fault.hint.clone(),
        }
    }
}

/// Whether a fault may only be there because a file could not be read.
fn needs_whole_chain(kind: FaultKind) -> bool {
    matches!(
        kind,
        FaultKind::UnknownParent | FaultKind::UnknownDependency | FaultKind::SecondHead | FaultKind::SecondBase
    )
}

fn node(file: &SourceFile, migration: &SourceMigration) -> Option<Node> {
    let values = |texts: &[Text]| texts.iter().map(|text| text.value.clone()).collect();
    Some(Node {
        id: migration.revision.as_ref()?.value.clone(),
        down_revisions: values(&migration.down_revisions),
        depends_on: values(&migration.depends_on),
        branch_labels: values(&migration.branch_labels),
        message: migration.message.clone(),
        origin: file.name.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes a migration under each name, its revision the last part of it, and gives the names in load order.
    fn loaded(names: &[&str], folders: &[&str], recursive: bool) -> Result<Vec<String>, String> {
        let root = tempfile::tempdir().unwrap();
        for (place, name) in names.iter().enumerate() {
            let path = root.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            let text = format!("#[migration(revision = \"r{place}\")] pub fn upgrade() {{}} pub fn downgrade() {{}}");
            fs::write(path, text).unwrap();
        }
        let folder = |name: &&str| Folder { path: root.path().join(name), shown_as: (*name).to_owned() };
        let folders: Vec<Folder> = folders.iter().map(folder).collect();
        let chain = read(&folders, recursive).map_err(|error| error.to_string())?;
        Ok(chain.graph.nodes().iter().map(|node| node.origin.clone()).collect())
    }

    #[track_caller]
    fn check(names: &[&str], folders: &[&str], recursive: bool, wanted: &[&str]) {
        assert_eq!(loaded(names, folders, recursive).unwrap(), wanted);
    }

    #[test]
    fn folders_are_read_one_after_the_other() {
        let names = ["b/1.rs", "b/2.rs", "a/3.rs", "a/.hidden.rs", "a/note.md"];
        check(&names, &["b", "a"], false, &["b/1.rs", "b/2.rs", "a/3.rs"]);
        check(&names, &["a/", "b"], false, &["a/3.rs", "b/1.rs", "b/2.rs"]);
    }

    #[test]
    fn folders_below_come_after_the_files_and_only_if_they_count() {
        let names = ["v/2026/11/b.rs", "v/2026/a.rs", "v/2025/z.rs", "v/y.rs", "v/.git/x.rs"];
        check(&names, &["v"], false, &["v/y.rs"]);
        check(&names, &["v"], true, &["v/y.rs", "v/2025/z.rs", "v/2026/a.rs", "v/2026/11/b.rs"]);
    }

    #[test]
    fn a_file_that_is_reached_twice_is_read_once() {
        let names = ["v/a.rs", "v/sub/b.rs"];
        check(&names, &["v", "v"], false, &["v/a.rs"]);
        check(&names, &["v/sub", "v"], true, &["v/sub/b.rs", "v/a.rs"]);
        check(&names, &["v", "v/../v/sub"], true, &["v/a.rs", "v/sub/b.rs"]);
    }

    #[test]
    fn a_missing_folder_is_an_error_and_no_folder_an_empty_chain() {
        let error = loaded(&["v/a.rs"], &["v", "gone"], false).unwrap_err();
        assert!(error.starts_with("cannot read `") && error.ends_with("gone`"), "{error}");
        check(&[], &[], true, &[]);
    }

    #[test]
    fn head_stands_in_the_first_folder() {
        let root = tempfile::tempdir().unwrap();
        for folder in ["a", "b"] {
            fs::create_dir(root.path().join(folder)).unwrap();
            fs::write(root.path().join(folder).join(HEAD), format!("of-{folder}\n")).unwrap();
        }
        let chain = read(&[Folder::new(root.path().join("b")), Folder::new(root.path().join("a"))], false).unwrap();
        assert_eq!(chain.head.as_deref(), Some("of-b\n"));
        let [finding] = &chain.findings[..] else { panic!("{:?}", chain.findings) };
        assert!(finding.file.ends_with("/b/HEAD"), "{finding}");
    }
}
