//! The graph: parents, heads, bases, labels, dependencies. It answers questions and changes nothing.
//!
//! Ids are text outside and indices inside, in load order (the order of the nodes given), which is also what decides
//! between independent lines wherever an order is needed.

use std::collections::{HashMap, HashSet};

use crate::verify::{Broken, Fault, Inherited, Literal, Policy, reach, reversed, shown_labels, verify};

/// One revision, as its migration file states it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Node {
    /// The id.
    pub id: String,
    /// The parents: none for a base, several for a merge.
    pub down_revisions: Vec<String>,
    /// What else must be applied before it: ids or branch labels.
    pub depends_on: Vec<String>,
    /// The branch labels that it declares.
    pub branch_labels: Vec<String>,
    /// The first line of its doc comment.
    pub message: String,
    /// The file that it stands in, for messages.
    pub origin: String,
}

/// A verified chain of revisions.
///
/// # Examples
///
/// ```
/// use rectify_chain::{Graph, Node};
///
/// let node = |id: &str, down: &[&str]| Node {
///     id: id.to_owned(),
///     down_revisions: down.iter().map(|id| id.to_string()).collect(),
///     ..Node::default()
/// };
/// let graph = Graph::new(vec![node("a1", &[]), node("b2", &["a1"])])?;
/// assert_eq!(graph.heads(), ["b2"]);
/// let steps = graph.plan_upgrade(&[], "head")?;
/// assert_eq!(steps.iter().map(|step| step.revision.as_str()).collect::<Vec<_>>(), ["a1", "b2"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Graph {
    nodes: Vec<Node>,
    pub(crate) ids: HashMap<String, usize>,
    pub(crate) labels: HashMap<String, usize>,
    /// `down_revision`, in declared order.
    pub(crate) parents: Vec<Vec<usize>>,
    /// The other way round, in load order.
    pub(crate) children: Vec<Vec<usize>>,
    /// `depends_on` with labels replaced by the revision that declares them.
    dependencies: Vec<Vec<usize>>,
    /// Parents, then dependencies that no ancestor states already: what ordering, ancestors and version rows follow.
    pub(crate) downs: Vec<Vec<usize>>,
    /// `downs` the other way round.
    pub(crate) ups: Vec<Vec<usize>>,
    /// Parents and all dependencies, the other way round: what a downgrade takes along.
    pub(crate) dependents: Vec<Vec<usize>>,
}

impl Graph {
    /// Links the nodes, which must be a sound chain.
    ///
    /// # Errors
    ///
    /// Returns [`Broken`] with everything that [`verify`] finds wrong.
    pub fn new(nodes: Vec<Node>) -> Result<Self, Broken> {
        Self::with_policy(nodes, Policy::Strict)
    }

    /// As [`Graph::new`], with a choice of how much to ask of the chain.
    ///
    /// # Errors
    ///
    /// Returns [`Broken`] with everything that [`verify`] finds wrong.
    pub fn with_policy(nodes: Vec<Node>, policy: Policy) -> Result<Self, Broken> {
        let (graph, faults) = Self::tolerant(nodes, policy);
        if faults.is_empty() { Ok(graph) } else { Err(Broken { faults }) }
    }

    /// Links what can be linked of a chain that may be broken, and says what is wrong with it.
    ///
    /// Edges at fault are left out, so the graph is always free of cycles. For commands that must work when the chain
    /// does not compile, never for changing a database.
    pub fn tolerant(nodes: Vec<Node>, policy: Policy) -> (Self, Vec<Fault>) {
        let faults = verify(&nodes, policy);
        let mut graph = Self { nodes, ..Self::default() };
        graph.index();
        graph.link(&faults);
        (graph, faults)
    }

    /// Where a revision stands among [`Graph::nodes`].
    pub fn position(&self, id: &str) -> Option<usize> {
        self.ids.get(id).copied()
    }

    /// All revisions, in load order.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The revision with this exact id.
    pub fn node(&self, id: &str) -> Option<&Node> {
        self.ids.get(id).map(|index| &self.nodes[*index])
    }

    /// The revisions that no other has as parent, in load order.
    pub fn heads(&self) -> Vec<&str> {
        self.names(&self.head_indices())
    }

    /// The heads that no other revision depends on either: what `heads` means as a target.
    pub fn effective_heads(&self) -> Vec<&str> {
        self.names(&self.effective_head_indices())
    }

    /// The heads that nobody meant to be several: those that show no branch label, if there is more than one.
    pub fn unmerged_heads(&self) -> Vec<&str> {
        let shown = self.shown_labels();
        let mut bare = self.head_indices();
        bare.retain(|head| shown[*head].is_empty());
        if bare.len() > 1 { self.names(&bare) } else { Vec::new() }
    }

    /// The revisions without a parent, in load order.
    pub fn bases(&self) -> Vec<&str> {
        self.names(&self.base_indices())
    }

    /// The revisions that two or more others have as parent, newest first.
    pub fn branch_points(&self) -> Vec<&str> {
        self.history().into_iter().filter(|id| self.is_branch_point(id)).collect()
    }

    /// Whether two or more revisions have this one as parent.
    pub fn is_branch_point(&self, id: &str) -> bool {
        self.ids.get(id).is_some_and(|index| self.children[*index].len() > 1)
    }

    /// Whether the revision has two or more parents.
    pub fn is_merge_point(&self, id: &str) -> bool {
        self.ids.get(id).is_some_and(|index| self.parents[*index].len() > 1)
    }

    /// Whether no revision has this one as parent.
    pub fn is_head(&self, id: &str) -> bool {
        self.ids.get(id).is_some_and(|index| self.children[*index].is_empty())
    }

    /// The parents, in declared order; empty for a base and for an unknown id.
    pub fn parents(&self, id: &str) -> Vec<&str> {
        self.along(&self.parents, id)
    }

    /// The revisions that have this one as parent, in load order.
    pub fn children(&self, id: &str) -> Vec<&str> {
        self.along(&self.children, id)
    }

    /// The dependencies, labels replaced by the revision that declares them.
    pub fn dependencies(&self, id: &str) -> Vec<&str> {
        self.along(&self.dependencies, id)
    }

    /// The parents and then those dependencies that no ancestor states already.
    pub fn downs(&self, id: &str) -> Vec<&str> {
        self.along(&self.downs, id)
    }

    /// The revisions that have this one as parent or depend on it.
    pub fn dependents(&self, id: &str) -> Vec<&str> {
        self.along(&self.dependents, id)
    }

    /// Per revision, in load order, the branch labels that it shows: its own and those that reach it.
    pub fn shown_labels(&self) -> Vec<Vec<&str>> {
        shown_labels(&self.nodes, &self.parents, &self.dependencies)
    }

    /// The branch labels of the chain, each with the revision that declares it, in load order.
    pub fn labels(&self) -> Vec<(&str, &str)> {
        let declared = |node: &'_ Node| node.branch_labels.len();
        let mut found = Vec::with_capacity(self.nodes.iter().map(declared).sum());
        for node in &self.nodes {
            found.extend(node.branch_labels.iter().map(|label| (label.as_str(), node.id.as_str())));
        }
        found
    }

    pub(crate) fn name(&self, index: usize) -> &str {
        &self.nodes[index].id
    }

    pub(crate) fn names(&self, indices: &[usize]) -> Vec<&str> {
        indices.iter().map(|index| self.name(*index)).collect()
    }

    pub(crate) fn head_indices(&self) -> Vec<usize> {
        (0..self.nodes.len()).filter(|index| self.children[*index].is_empty()).collect()
    }

    pub(crate) fn effective_head_indices(&self) -> Vec<usize> {
        (0..self.nodes.len()).filter(|index| self.dependents[*index].is_empty()).collect()
    }

    pub(crate) fn base_indices(&self) -> Vec<usize> {
        (0..self.nodes.len()).filter(|index| self.parents[*index].is_empty()).collect()
    }

    /// Everything that must be applied for the given revisions, themselves included.
    pub(crate) fn ancestors(&self, of: &[usize]) -> Vec<bool> {
        reach(&self.downs, of)
    }

    /// Everything that cannot stay applied without the given revisions, themselves included.
    pub(crate) fn descendants(&self, of: &[usize]) -> Vec<bool> {
        reach(&self.dependents, of)
    }

    /// The revision, its ancestors and its descendants along parents only: its branch, for `label@…`.
    pub(crate) fn lineage(&self, of: usize) -> Vec<bool> {
        let mut found = reach(&self.parents, &[of]);
        let above = reach(&self.children, &[of]);
        found.iter_mut().zip(above).for_each(|(found, above)| *found |= above);
        found
    }

    fn along(&self, edges: &[Vec<usize>], id: &str) -> Vec<&str> {
        self.ids.get(id).map(|index| self.names(&edges[*index])).unwrap_or_default()
    }

    fn index(&mut self) {
        self.ids.reserve(self.nodes.len());
        for (index, node) in self.nodes.iter().enumerate() {
            self.ids.entry(node.id.clone()).or_insert(index);
            for label in &node.branch_labels {
                self.labels.entry(label.clone()).or_insert(index);
            }
        }
    }

    fn link(&mut self, faults: &[Fault]) {
        let faulty: HashSet<(usize, Literal)> = faults.iter().map(|fault| (fault.node, fault.literal)).collect();
        let bad = |node, literal| faulty.contains(&(node, literal));
        for (index, node) in self.nodes.iter().enumerate() {
            let parents =
                node.down_revisions.iter().enumerate().filter(|(nth, _)| !bad(index, Literal::DownRevision(*nth)));
            self.parents.push(parents.filter_map(|(_, id)| self.ids.get(id).copied()).collect());
            let named = node.depends_on.iter().enumerate().filter(|(nth, _)| !bad(index, Literal::DependsOn(*nth)));
            let found = named.filter_map(|(_, name)| self.ids.get(name).or_else(|| self.labels.get(name)).copied());
            self.dependencies.push(unique(found));
        }
        self.children = reversed(&self.parents);
        self.downs = self.normalised();
        self.ups = reversed(&self.downs);
        let all = |index: usize| unique(self.parents[index].iter().chain(&self.dependencies[index]).copied());
        self.dependents = reversed(&(0..self.nodes.len()).map(all).collect::<Vec<_>>());
    }

    /// Parents, then dependencies without those that a strict ancestor states already.
    ///
    /// Only the very same dependency counts: one that is merely an ancestor of another stays, as in Alembic, because the
    /// rows of an existing database are written that way.
    fn normalised(&self) -> Vec<Vec<usize>> {
        let stated = Inherited::new(&self.parents, &self.dependencies, &self.dependencies);
        let downs_of = |index: usize| {
            let new = self.dependencies[index].iter().filter(|dependency| !stated.holds(index, **dependency));
            unique(self.parents[index].iter().chain(new).copied())
        };
        (0..self.nodes.len()).map(downs_of).collect()
    }
}

pub(crate) fn unique(items: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut found = Vec::new();
    for item in items {
        if !found.contains(&item) {
            found.push(item);
        }
    }
    found
}
