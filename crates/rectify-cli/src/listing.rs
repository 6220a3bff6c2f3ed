//! The chain as commands print it. It may come from a folder or from the program, and it may be broken.

use std::collections::{HashMap, HashSet};

use rectify_chain::Graph;
#[cfg(any(feature = "runner", test))]
use rectify_chain::Node;
use rectify_chain::source::{self, Finding, Folder};

use crate::config::Config;
use crate::error::Error;
use crate::output::{Output, Style};

/// The revisions, how they hang together, and what is wrong with that.
#[derive(Debug)]
pub(crate) struct Listing {
    pub(crate) graph: Graph,
    /// What is wrong with its source, as far as it was read from there.
    pub(crate) findings: Vec<Finding>,
    /// The rows of the version table, where the database was asked.
    pub(crate) rows: Option<HashSet<String>>,
    /// The revisions that were passed over, where the journal was asked.
    pub(crate) elided: Option<HashSet<String>>,
    details: HashMap<String, Details>,
}

/// What the graph does not know of a revision.
#[derive(Debug, Default)]
struct Details {
    /// Its branch labels: its own and those that reach it.
    labels: Vec<String>,
    description: String,
    created: String,
    elidable: Vec<String>,
}

/// One revision as it is listed.
#[cfg(any(feature = "runner", test))]
#[derive(Debug, Default)]
pub(crate) struct Entry {
    pub(crate) node: Node,
    /// Its documentation after the first line.
    pub(crate) description: String,
    /// When it was made; empty where its file does not say.
    pub(crate) created: String,
    /// The tables that it touches, where it changes nothing if they are empty.
    pub(crate) elidable: Vec<String>,
}

impl Listing {
    /// Reads the folders of migration files.
    pub(crate) fn read(config: &Config) -> Result<Listing, Error> {
        let folders: Vec<Folder> = config.versions.iter().map(Folder::new).collect();
        let chain = source::read(&folders, config.recursive).map_err(|error| {
            let hint = match config.versions.contains(&error.path) {
                true => "set `versions` in rectify.toml to the folder of the migration files",
                false => "mend it, or move it out of the folder of the migrations",
            };
            Error::failed("cannot read the migrations").because(error).hint(hint)
        })?;
        let details = chain.graph.nodes().iter().enumerate().map(|(index, _)| {
            let migration = chain.migration(index);
            let created = migration.created.as_ref().map(|created| created.value.clone()).unwrap_or_default();
            let (description, elidable) = (migration.description.clone(), migration.elidable.clone());
            Details { labels: Vec::new(), description, created, elidable }
        });
        let details = details.collect();
        Ok(Listing::of(chain.graph, chain.findings, details))
    }

    /// The migrations that a program was linked with, in load order.
    #[cfg(any(feature = "runner", test))]
    pub(crate) fn new(entries: Vec<Entry>) -> Listing {
        let (mut nodes, mut details) = (Vec::with_capacity(entries.len()), Vec::with_capacity(entries.len()));
        for Entry { node, description, created, elidable } in entries {
            nodes.push(node);
            details.push(Details { labels: Vec::new(), description, created, elidable });
        }
        let (graph, _) = Graph::tolerant(nodes, rectify_chain::Policy::Strict);
        Listing::of(graph, Vec::new(), details)
    }

    /// `details` are in load order, and hold no labels yet.
    fn of(graph: Graph, findings: Vec<Finding>, details: Vec<Details>) -> Listing {
        let labels = graph.shown_labels();
        let own = |text: &&str| (*text).to_owned();
        let all = graph.nodes().iter().zip(details).zip(&labels).map(|((node, details), labels)| {
            (node.id.clone(), Details { labels: labels.iter().map(own).collect(), ..details })
        });
        let details = all.collect();
        Listing { graph, findings, rows: None, elided: None, details }
    }

    /// Lets the revisions that the database is at be marked.
    pub(crate) fn mark_current(&mut self, rows: &[String]) {
        self.rows = Some(rows.iter().cloned().collect());
    }

    /// Lets the revisions that were passed over be marked.
    pub(crate) fn mark_elided(&mut self, revisions: Vec<String>) {
        self.elided = Some(revisions.into_iter().collect());
    }

    /// The branch labels that reach a revision, its own included.
    pub(crate) fn labels(&self, revision: &str) -> &[String] {
        self.details.get(revision).map(|details| details.labels.as_slice()).unwrap_or_default()
    }

    /// The documentation of a revision after its first line.
    pub(crate) fn description(&self, revision: &str) -> &str {
        self.details.get(revision).map(|details| details.description.as_str()).unwrap_or_default()
    }

    /// When a revision was made, where its file says so.
    pub(crate) fn created(&self, revision: &str) -> Option<&str> {
        let created = self.details.get(revision).map(|details| details.created.as_str());
        created.filter(|created| !created.is_empty())
    }

    /// The tables that a revision touches, where it changes nothing if they are empty.
    pub(crate) fn elidable(&self, revision: &str) -> &[String] {
        self.details.get(revision).map(|details| details.elidable.as_slice()).unwrap_or_default()
    }

    /// Whether a revision was passed over when it was applied; `None` where the journal was not asked.
    pub(crate) fn is_elided(&self, revision: &str) -> Option<bool> {
        self.elided.as_ref().map(|elided| elided.contains(revision))
    }

    /// Whether a revision is a row of the version table; `None` where the database was not asked.
    pub(crate) fn is_current(&self, revision: &str) -> Option<bool> {
        self.rows.as_ref().map(|rows| rows.contains(revision))
    }

    /// `9efcc1f82b81 (billing) (head), Add invoices`
    pub(crate) fn line(&self, revision: &str, output: &Output) -> String {
        let short = self.short(revision, output);
        let message = self.graph.node(revision).map(|node| title(&node.message)).unwrap_or_default();
        if message.is_empty() { short } else { format!("{short}, {message}") }
    }

    /// The same without the message.
    pub(crate) fn short(&self, revision: &str, output: &Output) -> String {
        let labels = match self.labels(revision) {
            [] => String::new(),
            labels => format!(" ({})", labels.join(", ")),
        };
        let id = output.style(Style::Revision, revision);
        format!("{id}{labels}{}", marks(&self.marks(revision), output))
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
        let marks = marks(&self.marks_in_full(revision), output);
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
        list("Branch names", self.labels(revision).iter().map(String::as_str).collect());
        list("Elidable if empty", self.elidable(revision).iter().map(String::as_str).collect());
        list("Path", vec![&node.origin]);
        list("Create Date", self.created(revision).into_iter().collect());
        lines.push(String::new());
        lines.push(format!("    {}", node.message));
        let description = self.description(revision);
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
        chosen(&[
            ("head", is_head && !is_dependency),
            ("effective head", is_head && is_dependency),
            ("current", self.is_current(revision).unwrap_or_default()),
            ("elided", self.is_elided(revision).unwrap_or_default()),
            ("branchpoint", graph.is_branch_point(revision)),
            ("mergepoint", graph.is_merge_point(revision)),
        ])
    }

    /// The same for the long form, which has fewer words and another order.
    fn marks_in_full(&self, revision: &str) -> Vec<&'static str> {
        chosen(&[
            ("head", self.graph.is_head(revision)),
            ("branchpoint", self.graph.is_branch_point(revision)),
            ("mergepoint", self.graph.is_merge_point(revision)),
            ("current", self.is_current(revision).unwrap_or_default()),
            ("elided", self.is_elided(revision).unwrap_or_default()),
        ])
    }
}

fn chosen(marks: &[(&'static str, bool)]) -> Vec<&'static str> {
    marks.iter().filter(|(_, applies)| *applies).map(|(mark, _)| *mark).collect()
}

fn marks(marks: &[&str], output: &Output) -> String {
    marks.iter().map(|mark| output.style(Style::Mark, &format!(" ({mark})"))).collect()
}

/// A message in the middle of a line: without the full stop that a doc comment ends with.
pub(crate) fn title(message: &str) -> &str {
    message.strip_suffix('.').unwrap_or(message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::GlobalArgs;

    /// The example of Alembic's documentation: two trees, a fork, a merge, a dependency.
    fn listing() -> Listing {
        let revisions = [
            ["account", "", "", ""],
            ["login", "account", "", ""],
            ["network", "", "login", "networking"],
            ["basket", "account", "", "cart"],
            ["items", "basket", "", ""],
            ["merge", "login items", "cart", "joined"],
        ];
        let own = |texts: &str| texts.split_whitespace().map(str::to_owned).collect();
        let entry = |[id, down, deps, labels]: [&str; 4]| Entry {
            node: Node {
                id: id.to_owned(),
                down_revisions: own(down),
                depends_on: own(deps),
                branch_labels: own(labels),
                message: format!("Add {id}."),
                origin: format!("versions/{id}.rs"),
            },
            description: if id == "items" { "In two\n\nparts.".to_owned() } else { String::new() },
            created: if id == "items" { "2026-11-21".to_owned() } else { String::new() },
            elidable: if id == "items" { vec!["baskets".to_owned(), "app.items".to_owned()] } else { Vec::new() },
        };
        Listing::new(revisions.map(entry).into())
    }

    fn plain() -> Output {
        Output::new(&GlobalArgs { color: crate::config::Color::Never, ..GlobalArgs::default() })
    }

    #[test]
    fn lines_are_in_the_words_of_alembic() {
        let mut listing = listing();
        listing.mark_current(&["merge".to_owned(), "account".to_owned()]);
        listing.mark_elided(vec!["items".to_owned()]);
        let lines: Vec<String> =
            listing.graph.history().iter().map(|id| listing.line_with_parents(id, &plain())).collect();
        assert_eq!(
            lines,
            [
                "<base> (login) -> network (networking) (head), Add network",
                "login, items (cart) -> merge (cart, joined) (head) (current) (mergepoint), Add merge",
                "basket -> items (cart) (elided), Add items",
                "account -> basket (cart), Add basket",
                "account -> login, Add login",
                "<base> -> account (current) (branchpoint), Add account",
            ]
        );
    }

    #[test]
    fn the_long_form_names_all_that_there_is() {
        let listing = listing();
        assert_eq!(
            listing.in_full("merge", &plain()),
            "Rev: merge (head) (mergepoint)\nMerges: login, items\nAlso depends on: cart\n\
             Branch names: cart, joined\nPath: versions/merge.rs\n\n    Add merge.\n"
        );
        assert_eq!(
            listing.in_full("items", &plain()),
            "Rev: items\nParent: basket\nBranch names: cart\n\
             Elidable if empty: baskets, app.items\nPath: versions/items.rs\nCreate Date: 2026-11-21\n\n    Add items.\n\n\
             \x20   In two\n\n    parts.\n"
        );
        assert!(listing.in_full("account", &plain()).contains("\nBranches into: login, basket\n"));
    }

    #[test]
    fn a_head_that_is_a_dependency_is_called_so_in_the_short_form_only() {
        let node = |id: &str, deps: &[&str]| Entry {
            node: Node {
                id: id.to_owned(),
                depends_on: deps.iter().map(|id| (*id).to_owned()).collect(),
                ..Node::default()
            },
            ..Entry::default()
        };
        let listing = Listing::new(vec![node("a1", &[]), node("b1", &["a1"])]);
        assert_eq!(listing.short("a1", &plain()), "a1 (effective head)");
        assert!(listing.in_full("a1", &plain()).starts_with("Rev: a1 (head)\n"));
        assert_eq!(listing.short("b1", &plain()), "b1 (head)");
    }
}
