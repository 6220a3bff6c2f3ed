//! The chain as commands print it. It may come from a folder or from the program, and it may be broken.

use std::collections::HashMap;
use std::path::Path;

use rectify_chain::source::{self, Finding};
use rectify_chain::{Graph, Node};

use crate::error::Error;
use crate::output::{Output, Style};

/// The revisions, how they hang together, and what is wrong with that.
#[derive(Debug)]
pub(crate) struct Listing {
    pub(crate) graph: Graph,
    /// What is wrong with its source, as far as it was read from there.
    pub(crate) findings: Vec<Finding>,
    descriptions: HashMap<String, String>,
}

/// One revision as it is listed.
#[cfg(feature = "runner")]
#[derive(Debug, Default)]
pub(crate) struct Entry {
    pub(crate) node: Node,
    /// Its documentation after the first line.
    pub(crate) description: String,
}

impl Listing {
    /// Reads a folder of migration files.
    pub(crate) fn read(folder: &Path) -> Result<Listing, Error> {
        let chain = source::read(folder, &folder.display().to_string()).map_err(|error| {
            Error::failed("cannot read the migrations")
                .because(error)
                .hint("set `versions` in rectify.toml to the folder of the migration files")
        })?;
        let description = |(index, node): (usize, &Node)| (node.id.clone(), chain.migration(index).description.clone());
        let descriptions = chain.graph.nodes().iter().enumerate().map(description).collect();
        Ok(Listing { graph: chain.graph, findings: chain.findings, descriptions })
    }

    /// The migrations that a program was linked with.
    #[cfg(feature = "runner")]
    pub(crate) fn new(entries: Vec<Entry>) -> Listing {
        let mut descriptions = HashMap::with_capacity(entries.len());
        let mut nodes = Vec::with_capacity(entries.len());
        for Entry { node, description } in entries {
            descriptions.insert(node.id.clone(), description);
            nodes.push(node);
        }
        let (graph, _) = Graph::tolerant(nodes, rectify_chain::Policy::Strict);
        Listing { graph, findings: Vec::new(), descriptions }
    }

    /// `9efcc1f82b81 (billing) (head), Add invoices`
    pub(crate) fn line(&self, revision: &str, output: &Output) -> String {
        let Some(node) = self.graph.node(revision) else { return output.style(Style::Revision, revision) };
        let labels = match node.branch_labels.is_empty() {
            true => String::new(),
            false => format!(" ({})", node.branch_labels.join(", ")),
        };
        let id = output.style(Style::Revision, revision);
        let marks: String =
            self.marks(revision).iter().map(|mark| output.style(Style::Mark, &format!(" ({mark})"))).collect();
        let message = if node.message.is_empty() { String::new() } else { format!(", {}", title(&node.message)) };
        format!("{id}{labels}{marks}{message}")
    }

    /// `1975ea83b712 -> 9efcc1f82b81 (head), Add invoices`
    pub(crate) fn line_with_parents(&self, revision: &str, output: &Output) -> String {
        let depends_on = match self.graph.node(revision) {
            Some(node) if !node.depends_on.is_empty() => format!(" ({})", node.depends_on.join(", ")),
            _ => String::new(),
        };
        format!("{}{depends_on} -> {}", self.parents(revision), self.line(revision, output))
    }

    /// Everything about a revision, in several lines with an empty one at the end.
    pub(crate) fn in_full(&self, revision: &str, output: &Output) -> String {
        let Some(node) = self.graph.node(revision) else { return output.style(Style::Revision, revision) };
        let marks: String =
            self.marks(revision).iter().map(|mark| output.style(Style::Mark, &format!(" ({mark})"))).collect();
        let mut lines = vec![format!("Rev: {}{marks}", output.style(Style::Revision, revision))];
        let parents = if self.graph.is_merge_point(revision) { "Merges" } else { "Parent" };
        lines.push(format!("{parents}: {}", self.parents(revision)));
        let mut list = |label: &str, names: Vec<&str>| {
            if !names.is_empty() {
                lines.push(format!("{label}: {}", names.join(", ")));
            }
        };
        list("Also depends on", node.depends_on.iter().map(String::as_str).collect());
        if self.graph.is_branch_point(revision) {
            list("Branches into", self.graph.children(revision));
        }
        list("Branch names", node.branch_labels.iter().map(String::as_str).collect());
        list("Path", vec![&node.origin]);
        lines.push(String::new());
        lines.push(format!("    {}", node.message));
        let description = self.descriptions.get(revision).map(String::as_str).unwrap_or_default();
        if !description.is_empty() {
            lines.push(String::new());
            lines.extend(description.lines().map(|line| format!("    {line}").trim_end().to_owned()));
        }
        lines.push(String::new());
        lines.join("\n")
    }

    /// The parents' ids, with a comma between them.
    fn parents(&self, revision: &str) -> String {
        let parents = self.graph.parents(revision);
        if parents.is_empty() { "<base>".to_owned() } else { parents.join(", ") }
    }

    /// Alembic's words for a revision's place in the graph.
    fn marks(&self, revision: &str) -> Vec<&'static str> {
        let graph = &self.graph;
        let is_head = graph.is_head(revision);
        let is_dependency = !graph.dependents(revision).is_empty();
        let marks = [
            ("head", is_head && !is_dependency),
            ("effective head", is_head && is_dependency),
            ("branchpoint", graph.is_branch_point(revision)),
            ("mergepoint", graph.is_merge_point(revision)),
        ];
        marks.into_iter().filter(|(_, applies)| *applies).map(|(mark, _)| mark).collect()
    }
}

/// A message in the middle of a line: without the full stop that a doc comment ends with.
pub(crate) fn title(message: &str) -> &str {
    message.strip_suffix('.').unwrap_or(message)
}
