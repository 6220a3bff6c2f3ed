//! Everything that can be wrong with a chain, each fault with its place in the source.
//!
//! `versions!` calls [`verify`] at compile time and [`Graph::new`](crate::Graph::new) calls it at run time: there is one
//! definition of a broken chain. It does not know files, only which literal of which node is at fault.

use std::collections::HashMap;
use std::fmt;

use crate::graph::Node;
use crate::nearest::nearest;
use crate::revision::{check_id, check_label};

/// How much to ask of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Policy {
    /// What the compiler and the runner ask: each of several heads (or bases) is on a labelled branch of its own, and no
    /// revision depends on its own ancestor.
    #[default]
    Strict,
    /// Only what a graph needs to mean something: several heads and bases without labels are fine, as in Alembic.
    Loose,
}

/// One mistake, at one literal. Only [`verify`] makes them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fault {
    /// Which mistake.
    pub kind: FaultKind,
    /// Index of the node, in the order given to [`verify`].
    pub node: usize,
    /// Which literal of the node.
    pub literal: Literal,
    /// Where the node comes from: its `origin`.
    pub origin: String,
    /// What is wrong: lower case, no full stop, objects in backticks.
    pub message: String,
    /// What to type.
    pub hint: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}\n  hint: {}", self.origin, self.message, self.hint)
    }
}

/// The literal of a `#[migration(…)]` that a fault is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Literal {
    /// `revision`.
    Revision,
    /// The literal of this index in `down_revision`.
    DownRevision(usize),
    /// The literal of this index in `depends_on`.
    DependsOn(usize),
    /// The literal of this index in `branch_labels`.
    Label(usize),
}

/// The kinds of mistakes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FaultKind {
    /// An id that is empty, too long, a reserved word, or holds a character with a meaning.
    MalformedId,
    /// A label of that sort.
    MalformedLabel,
    /// Two nodes with the same id.
    DuplicateRevision,
    /// A label that two nodes declare, or that equals an id.
    DuplicateLabel,
    /// A parent that does not exist.
    UnknownParent,
    /// A parent that is named twice.
    RepeatedParent,
    /// A node that is its own parent.
    SelfParent,
    /// A cycle along parents.
    Cycle,
    /// A dependency that does not exist.
    UnknownDependency,
    /// A dependency on oneself.
    SelfDependency,
    /// A dependency on one's own ancestor.
    AncestorDependency,
    /// A cycle that takes a dependency to close.
    DependencyCycle,
    /// One head too many.
    SecondHead,
    /// One base too many.
    SecondBase,
}

/// A chain that cannot be used, with every reason.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Broken {
    /// The mistakes, in the order of the nodes.
    pub faults: Vec<Fault>,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the chain of revisions is broken")?;
        self.faults.iter().try_for_each(|fault| write!(f, "\n- {fault}"))
    }
}

/// Finds everything that is wrong with a chain, in the order of nodes and literals.
///
/// One mistake gives one fault (or one per literal involved): heads and bases are only counted in a chain whose parents
/// and labels are all sound, because a misspelt parent always leaves a head too many.
pub fn verify(nodes: &[Node], policy: Policy) -> Vec<Fault> {
    let mut check = Check::new(nodes);
    check.ids();
    check.labels();
    check.parents();
    check.dependencies();
    let settled = check.faults.iter().all(|fault| !fault.kind.unsettles_ends());
    check.cycles();
    check.dependency_cycles();
    if policy == Policy::Strict {
        check.ancestor_dependencies();
        if settled && !check.faults.iter().any(|fault| fault.kind == FaultKind::Cycle) {
            check.heads();
            check.bases();
        }
    }
    check.faults.sort_by_key(|fault| (fault.node, fault.literal));
    check.faults
}

impl FaultKind {
    /// Whether such a fault changes which heads and bases there are, or which labels they have.
    fn unsettles_ends(self) -> bool {
        matches!(
            self,
            Self::MalformedId
                | Self::MalformedLabel
                | Self::DuplicateRevision
                | Self::DuplicateLabel
                | Self::UnknownParent
                | Self::SelfParent
                | Self::Cycle
        )
    }
}

struct Check<'a> {
    nodes: &'a [Node],
    ids: HashMap<&'a str, usize>,
    labels: HashMap<&'a str, usize>,
    /// Per node and literal the parent, where there is a sound one.
    parents: Vec<Vec<Option<usize>>>,
    /// Per node and literal the dependency, where there is a sound one.
    depends_on: Vec<Vec<Option<usize>>>,
    faults: Vec<Fault>,
}

impl<'a> Check<'a> {
    fn new(nodes: &'a [Node]) -> Self {
        let mut ids = HashMap::with_capacity(nodes.len());
        let mut labels = HashMap::new();
        for (index, node) in nodes.iter().enumerate() {
            ids.entry(node.id.as_str()).or_insert(index);
            for label in &node.branch_labels {
                labels.entry(label.as_str()).or_insert(index);
            }
        }
        Self { nodes, ids, labels, parents: Vec::new(), depends_on: Vec::new(), faults: Vec::new() }
    }

    fn fault(&mut self, kind: FaultKind, node: usize, literal: Literal, message: String, hint: impl Into<String>) {
        let origin = self.nodes[node].origin.clone();
        self.faults.push(Fault { kind, node, literal, origin, message, hint: hint.into() });
    }

    fn ids(&mut self) {
        let mut same: HashMap<&str, Vec<usize>> = HashMap::new();
        for (index, node) in self.nodes.iter().enumerate() {
            if let Err(error) = check_id(&node.id) {
                let message = format!("`{}` cannot be a revision id: it {error}", node.id);
                let hint = "write 1 to 32 letters, digits, `_` or `.`, for example twelve hex digits";
                self.fault(FaultKind::MalformedId, index, Literal::Revision, message, hint);
            }
            if self.ids.get(node.id.as_str()) != Some(&index) {
                same.entry(&node.id).or_insert_with(|| vec![self.ids[node.id.as_str()]]).push(index);
            }
        }
        for (id, members) in same {
            let files = self.places(&members);
            for index in members {
                let message = format!("{} revisions have the id `{id}`: {files}", files.matches(", ").count() + 1);
                let hint = "give the newer one another `revision`, and name that in the revisions that come after it";
                self.fault(FaultKind::DuplicateRevision, index, Literal::Revision, message, hint);
            }
        }
    }

    fn labels(&mut self) {
        let mut first: HashMap<&str, usize> = HashMap::new();
        for (index, node) in self.nodes.iter().enumerate() {
            for (nth, label) in node.branch_labels.iter().enumerate() {
                let at = Literal::Label(nth);
                if let Err(error) = check_label(label) {
                    let message = format!("`{label}` cannot be a branch label: it {error}");
                    let hint = "write letters, digits, `_`, `-` or `.`";
                    self.fault(FaultKind::MalformedLabel, index, at, message, hint);
                    continue;
                }
                if let Some(same) = self.ids.get(label.as_str()).copied() {
                    let message = format!("the branch label `{label}` is the id of a revision ({})", self.place(same));
                    self.fault(FaultKind::DuplicateLabel, index, at, message, "choose another label");
                } else if let Some(before) = first.insert(label, index) {
                    let message = format!("the branch label `{label}` is already used by {}", self.named(before));
                    self.fault(FaultKind::DuplicateLabel, index, at, message, "choose another label");
                }
            }
        }
    }

    fn parents(&mut self) {
        for (index, node) in self.nodes.iter().enumerate() {
            let mut found: Vec<Option<usize>> = Vec::with_capacity(node.down_revisions.len());
            for (nth, parent) in node.down_revisions.iter().enumerate() {
                let at = Literal::DownRevision(nth);
                let sound = match self.ids.get(parent.as_str()) {
                    _ if *parent == node.id => {
                        let message = format!("revision `{}` is its own parent", node.id);
                        let hint = "name the revision that comes before it, or leave `down_revision` out for a base";
                        self.fault(FaultKind::SelfParent, index, at, message, hint);
                        None
                    }
                    Some(same) if found.contains(&Some(*same)) => {
                        let message = format!("`down_revision` names `{parent}` twice");
                        self.fault(FaultKind::RepeatedParent, index, at, message, "name each parent once");
                        None
                    }
                    Some(parent) => Some(*parent),
                    None => {
                        let (message, hint) = self.unknown("down_revision", parent, index);
                        self.fault(FaultKind::UnknownParent, index, at, message, hint);
                        None
                    }
                };
                found.push(sound);
            }
            self.parents.push(found);
        }
    }

    fn dependencies(&mut self) {
        for (index, node) in self.nodes.iter().enumerate() {
            let mut found = Vec::with_capacity(node.depends_on.len());
            for (nth, name) in node.depends_on.iter().enumerate() {
                let at = Literal::DependsOn(nth);
                let target = self.ids.get(name.as_str()).or_else(|| self.labels.get(name.as_str())).copied();
                let sound = match target {
                    None => {
                        let (message, hint) = self.unknown("depends_on", name, index);
                        self.fault(FaultKind::UnknownDependency, index, at, message, hint);
                        None
                    }
                    Some(target) if target == index => {
                        let message = format!("revision `{}` depends on itself", node.id);
                        self.fault(FaultKind::SelfDependency, index, at, message, "remove it from `depends_on`");
                        None
                    }
                    Some(target) => Some(target),
                };
                found.push(sound);
            }
            self.depends_on.push(found);
        }
    }

    fn cycles(&mut self) {
        let component = components(&flat(&self.parents));
        for index in 0..self.nodes.len() {
            for nth in 0..self.parents[index].len() {
                let Some(parent) = self.parents[index][nth] else { continue };
                if component[parent] != component[index] {
                    continue;
                }
                let message = format!(
                    "the parents of revision `{}` lead back to it: {}",
                    self.nodes[index].id,
                    self.way(index, nth)
                );
                let hint = "one `down_revision` on this way must name an earlier revision";
                self.fault(FaultKind::Cycle, index, Literal::DownRevision(nth), message, hint);
            }
        }
        for index in 0..self.nodes.len() {
            for nth in 0..self.parents[index].len() {
                if self.parents[index][nth].is_some_and(|parent| component[parent] == component[index]) {
                    self.parents[index][nth] = None;
                }
            }
        }
    }

    fn dependency_cycles(&mut self) {
        if self.depends_on.iter().all(Vec::is_empty) {
            return;
        }
        let mut edges = flat(&self.parents);
        for (edges, depends_on) in edges.iter_mut().zip(&self.depends_on) {
            edges.extend(depends_on.iter().flatten());
        }
        let component = components(&edges);
        for index in 0..self.nodes.len() {
            for nth in 0..self.depends_on[index].len() {
                let Some(target) = self.depends_on[index][nth] else { continue };
                if component[target] != component[index] {
                    continue;
                }
                let (id, other) = (&self.nodes[index].id, &self.nodes[target].id);
                let message = format!("revision `{id}` depends on `{other}`, which itself needs `{id}` applied first");
                let hint = "remove one of the two dependencies";
                self.fault(FaultKind::DependencyCycle, index, Literal::DependsOn(nth), message, hint);
                self.depends_on[index][nth] = None;
            }
        }
    }

    fn ancestor_dependencies(&mut self) {
        if self.depends_on.iter().all(Vec::is_empty) {
            return;
        }
        let parents = flat(&self.parents);
        let targets: Vec<Vec<usize>> = self.depends_on.iter().map(|d| d.iter().flatten().copied().collect()).collect();
        let seeds = (0..self.nodes.len()).map(|index| vec![index]).collect::<Vec<_>>();
        let above = Inherited::new(&parents, &seeds, &targets);
        for index in 0..self.nodes.len() {
            for nth in 0..self.depends_on[index].len() {
                let Some(target) = self.depends_on[index][nth].filter(|target| above.holds(index, *target)) else {
                    continue;
                };
                let (id, other) = (&self.nodes[index].id, &self.nodes[target].id);
                let message = format!("revision `{id}` depends on its own ancestor `{other}`");
                let hint = "remove it from `depends_on`: ancestors are always applied first";
                self.fault(FaultKind::AncestorDependency, index, Literal::DependsOn(nth), message, hint);
            }
        }
    }

    fn heads(&mut self) {
        let parents = flat(&self.parents);
        let mut is_parent = vec![false; self.nodes.len()];
        parents.iter().flatten().for_each(|parent| is_parent[*parent] = true);
        let heads: Vec<usize> = (0..self.nodes.len()).filter(|index| !is_parent[*index]).collect();
        for (index, rivals) in self.unlabelled(&heads, &parents) {
            let message = format!("revision `{}` is one of {} heads: {}", self.nodes[index].id, heads.len(), {
                let others = self.named_list(&rivals);
                format!("no later revision joins it with {others}")
            });
            let ids = self.id_list(index, &rivals);
            let hint = format!(
                "type `cargo xtask migrate merge {ids} -m \"merge\"` or let one follow the other, or give each branch a \
                 `branch_labels` of its own"
            );
            self.fault(FaultKind::SecondHead, index, Literal::Revision, message, hint);
        }
    }

    fn bases(&mut self) {
        let parents = flat(&self.parents);
        let bases: Vec<usize> = (0..self.nodes.len()).filter(|index| parents[*index].is_empty()).collect();
        for (index, rivals) in self.unlabelled(&bases, &parents) {
            let others = self.named_list(&rivals);
            let message = format!(
                "revision `{}` is one of {} bases: it has no `down_revision`, like {others}",
                self.nodes[index].id,
                bases.len()
            );
            let hint = "name the revision that comes before it in `down_revision`, or give each base a `branch_labels` of \
                        its own; `cargo xtask migrate merge` joins branches that have heads of their own";
            self.fault(FaultKind::SecondBase, index, Literal::Revision, message, hint);
        }
    }

    /// Of several ends of the graph those that have no label that none of the others has, each with the others.
    fn unlabelled(&self, ends: &[usize], parents: &[Vec<usize>]) -> Vec<(usize, Vec<usize>)> {
        if ends.len() < 2 {
            return Vec::new();
        }
        let shown = shown_labels(self.nodes, parents, &flat(&self.depends_on));
        let mut uses: HashMap<&str, usize> = HashMap::new();
        ends.iter().flat_map(|end| &shown[*end]).for_each(|label| *uses.entry(label).or_default() += 1);
        let bare: Vec<usize> =
            ends.iter().copied().filter(|end| !shown[*end].iter().any(|label| uses[label] == 1)).collect();
        let rivals_of = |end: usize| -> Vec<usize> {
            let among = if bare.len() > 1 { &bare[..] } else { ends };
            among.iter().copied().filter(|other| *other != end).collect()
        };
        bare.iter().map(|end| (*end, rivals_of(*end))).collect()
    }

    fn unknown(&self, key: &str, name: &str, index: usize) -> (String, String) {
        let message = format!("`{key}` names no revision: `{name}`");
        if let Some(label) = self.labels.get(name).filter(|_| key == "down_revision") {
            let hint =
                format!("`{name}` is a branch label; a parent is named by its id, here `{}`", self.nodes[*label].id);
            return (message, hint);
        }
        let own = self.nodes[index].id.as_str();
        let near = nearest(name, self.ids.keys().copied().filter(|id| *id != own));
        let hint = match near.first() {
            Some(id) => format!("did you mean {}?", self.named(self.ids[id])),
            None => match key {
                "down_revision" => {
                    "name the revision that comes before it in full, or leave `down_revision` out for a base"
                }
                _ => "name a revision or a branch label in full, or remove it",
            }
            .to_owned(),
        };
        (message, hint)
    }

    /// The way from a node through its nth parent back to itself, as text.
    fn way(&self, start: usize, nth: usize) -> String {
        let Some(first) = self.parents[start][nth] else { return String::new() };
        let mut came_from: HashMap<usize, usize> = HashMap::from([(first, start)]);
        let mut queue = std::collections::VecDeque::from([first]);
        while let Some(index) = queue.pop_front() {
            if index == start {
                break;
            }
            for parent in self.parents[index].iter().flatten() {
                came_from.entry(*parent).or_insert_with(|| {
                    queue.push_back(*parent);
                    index
                });
            }
        }
        let mut way = vec![start];
        let mut at = came_from.get(&start).copied();
        while let Some(index) = at.filter(|index| *index != start && way.len() <= self.nodes.len()) {
            way.push(index);
            at = came_from.get(&index).copied();
        }
        way.push(start);
        let ids: Vec<String> = way.iter().rev().map(|index| format!("`{}`", self.nodes[*index].id)).collect();
        if ids.len() <= 8 {
            return ids.join(" -> ");
        }
        format!("{} -> … -> {}", ids[..4].join(" -> "), ids[ids.len() - 3..].join(" -> "))
    }

    fn place(&self, index: usize) -> &'a str {
        &self.nodes[index].origin
    }

    fn places(&self, members: &[usize]) -> String {
        members.iter().map(|index| self.place(*index)).collect::<Vec<_>>().join(", ")
    }

    fn named(&self, index: usize) -> String {
        let node = &self.nodes[index];
        if node.origin.is_empty() { format!("`{}`", node.id) } else { format!("`{}` ({})", node.id, node.origin) }
    }

    fn named_list(&self, members: &[usize]) -> String {
        let mut names: Vec<String> = members.iter().take(3).map(|index| self.named(*index)).collect();
        if members.len() > 3 {
            names.push(format!("{} more", members.len() - 3));
        }
        names.join(", ")
    }

    fn id_list(&self, index: usize, others: &[usize]) -> String {
        if others.len() > 3 {
            return "heads".to_owned();
        }
        let mut all: Vec<usize> = others.to_vec();
        all.push(index);
        all.sort_unstable();
        all.iter().map(|index| self.nodes[*index].id.as_str()).collect::<Vec<_>>().join(" ")
    }
}

/// Per node the labels that it shows, in the order of their declarations.
///
/// A label covers all descendants of the node that declares it. It reaches ancestors only where everything above the
/// declaring node is one straight line, and stops before the first branch point or merge point.
pub(crate) fn shown_labels<'a>(nodes: &'a [Node], parents: &[Vec<usize>], deps: &[Vec<usize>]) -> Vec<Vec<&'a str>> {
    let mut shown: Vec<Vec<&str>> = vec![Vec::new(); nodes.len()];
    if nodes.iter().all(|node| node.branch_labels.is_empty()) {
        return shown;
    }
    let children = reversed(parents);
    let mut followers = vec![0_usize; nodes.len()];
    for index in 0..nodes.len() {
        let mut downs: Vec<usize> = parents[index].iter().chain(&deps[index]).copied().collect();
        downs.sort_unstable();
        downs.dedup();
        downs.iter().for_each(|down| followers[*down] += 1);
    }
    let straight = |index: usize| followers[index] <= 1 && parents[index].len() <= 1;
    for (index, node) in nodes.iter().enumerate().filter(|(_, node)| !node.branch_labels.is_empty()) {
        let mut covered = reach(&children, &[index]);
        if covered.iter().enumerate().all(|(member, in_it)| !in_it || straight(member)) {
            let mut at = parents[index].first().copied();
            while let Some(ancestor) = at.filter(|ancestor| straight(*ancestor) && !covered[*ancestor]) {
                covered[ancestor] = true;
                at = parents[ancestor].first().copied();
            }
        }
        for (member, _) in covered.iter().enumerate().filter(|(_, in_it)| **in_it) {
            shown[member].extend(node.branch_labels.iter().map(String::as_str));
        }
    }
    shown
}

/// All nodes that can be reached along the edges, the starts included.
pub(crate) fn reach(edges: &[Vec<usize>], starts: &[usize]) -> Vec<bool> {
    let mut seen = vec![false; edges.len()];
    let mut stack = starts.to_vec();
    while let Some(index) = stack.pop() {
        if !std::mem::replace(&mut seen[index], true) {
            stack.extend(edges[index].iter().filter(|next| !seen[**next]));
        }
    }
    seen
}

/// The same edges, the other way round, in the order of the nodes that they come from.
pub(crate) fn reversed(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut back = vec![Vec::new(); edges.len()];
    for (from, targets) in edges.iter().enumerate() {
        targets.iter().for_each(|to| back[*to].push(from));
    }
    back
}

/// What each node inherits from its strict ancestors: which of a set of wanted items one of them holds.
///
/// One bit per wanted item and node, so that a chain of n revisions with d dependencies takes n·d/64 steps.
pub(crate) struct Inherited {
    words: usize,
    bits: Vec<u64>,
    number: HashMap<usize, usize>,
}

impl Inherited {
    /// `holds[i]` are the items that node i holds; only items that occur in `wanted` are followed.
    pub(crate) fn new(parents: &[Vec<usize>], holds: &[Vec<usize>], wanted: &[Vec<usize>]) -> Self {
        let mut number: HashMap<usize, usize> = HashMap::new();
        for item in wanted.iter().flatten() {
            let next = number.len();
            number.entry(*item).or_insert(next);
        }
        let words = number.len().div_ceil(64);
        let mut bits = vec![0_u64; words * parents.len()];
        if words > 0 {
            for index in ancestors_first(parents) {
                for parent in &parents[index] {
                    for word in 0..words {
                        bits[index * words + word] |= bits[parent * words + word];
                    }
                    for item in holds[*parent].iter().filter_map(|item| number.get(item)) {
                        bits[index * words + item / 64] |= 1 << (item % 64);
                    }
                }
            }
        }
        Self { words, bits, number }
    }

    /// Whether a strict ancestor of the node holds the item.
    pub(crate) fn holds(&self, node: usize, item: usize) -> bool {
        self.number.get(&item).is_some_and(|n| self.bits[node * self.words + n / 64] >> (n % 64) & 1 == 1)
    }
}

/// All nodes, each after the nodes that its edges lead to. Nodes on a cycle are left out.
pub(crate) fn ancestors_first(edges: &[Vec<usize>]) -> Vec<usize> {
    let back = reversed(edges);
    let mut missing: Vec<usize> = edges.iter().map(Vec::len).collect();
    let mut order: Vec<usize> = (0..edges.len()).filter(|index| missing[*index] == 0).collect();
    let mut at = 0;
    while at < order.len() {
        for next in &back[order[at]] {
            missing[*next] -= 1;
            if missing[*next] == 0 {
                order.push(*next);
            }
        }
        at += 1;
    }
    order
}

fn flat(edges: &[Vec<Option<usize>>]) -> Vec<Vec<usize>> {
    edges.iter().map(|edges| edges.iter().flatten().copied().collect()).collect()
}

/// The strongly connected components, as a number per node (Tarjan, without recursion: chains are long).
fn components(edges: &[Vec<usize>]) -> Vec<usize> {
    const NONE: usize = usize::MAX;
    let (mut order, mut low, mut component) = (vec![NONE; edges.len()], vec![0; edges.len()], vec![NONE; edges.len()]);
    let (mut open, mut calls, mut time) = (Vec::new(), Vec::new(), 0);
    for start in 0..edges.len() {
        if order[start] == NONE {
            calls.push((start, 0));
        }
        while let Some((index, nth)) = calls.pop() {
            if nth == 0 {
                (order[index], low[index]) = (time, time);
                time += 1;
                open.push(index);
            }
            match edges[index].get(nth) {
                Some(next) if order[*next] == NONE => calls.extend([(index, nth + 1), (*next, 0)]),
                Some(next) => {
                    if component[*next] == NONE {
                        low[index] = low[index].min(order[*next]);
                    }
                    calls.push((index, nth + 1));
                }
                None => {
                    if low[index] == order[index] {
                        while let Some(member) = open.pop() {
                            component[member] = index;
                            if member == index {
                                break;
                            }
                        }
                    }
                    if let Some((caller, _)) = calls.last() {
                        low[*caller] = low[*caller].min(low[index]);
                    }
                }
            }
        }
    }
    component
}
