//! One branch of a chain put behind another. It says what to change, changes files, and puts them back; which database to ask
//! and what to do then is the command's business.

mod choice;
mod edits;

use std::collections::HashSet;

use rectify_chain::verify::verify;
use rectify_chain::{FaultKind, Graph, Node, Policy};

pub(crate) use choice::Wanted;
pub(crate) use edits::Edits;

use crate::error::Error;
use crate::listing::Listing;

/// Two heads, and which of their branches is put behind the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) moved: Branch,
    pub(crate) onto: Branch,
}

/// What leads to one head and not to the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Branch {
    pub(crate) head: String,
    /// In load order.
    pub(crate) own: Vec<String>,
}

/// Which of the two branches a database has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Applied {
    /// Nothing of what would be moved.
    NotMoved,
    /// Only what would be moved.
    OnlyMoved,
    /// Something of either.
    Both,
}

impl Plan {
    /// The branches of two heads.
    fn of(moved: &str, onto: &str, graph: &Graph) -> Plan {
        let (ours, theirs) = (lineage(moved, graph), lineage(onto, graph));
        let branch = |head: &str, own: &HashSet<&str>, other: &HashSet<&str>| {
            let ids = graph.nodes().iter().map(|node| node.id.as_str());
            let own = ids.filter(|id| own.contains(id) && !other.contains(id)).map(str::to_owned).collect();
            Branch { head: head.to_owned(), own }
        };
        Plan { moved: branch(moved, &ours, &theirs), onto: branch(onto, &theirs, &ours) }
    }

    /// The same with the other branch moved.
    pub(crate) fn swapped(self) -> Plan {
        Plan { moved: self.onto, onto: self.moved }
    }

    /// The revisions of the moved branch that follow none of it, each with the parents that they have now.
    pub(crate) fn firsts<'a>(&'a self, graph: &'a Graph) -> Vec<(&'a str, Vec<&'a str>)> {
        self.moved.firsts(graph).into_iter().map(|id| (id, graph.parents(id))).collect()
    }

    /// The chain as it will be; an error if it would be broken.
    pub(crate) fn result(&self, listing: &Listing) -> Result<Graph, Error> {
        let graph = &listing.graph;
        let before = verify(graph.nodes(), Policy::Strict);
        let mut nodes: Vec<Node> = graph.nodes().to_vec();
        let firsts = self.moved.firsts(graph);
        for node in nodes.iter_mut().filter(|node| firsts.contains(&node.id.as_str())) {
            node.down_revisions = vec![self.onto.head.clone()];
        }
        let (result, after) = Graph::tolerant(nodes, Policy::Strict);
        let is_ends = |kind| matches!(kind, FaultKind::SecondHead | FaultKind::SecondBase);
        let known = |kind, node| before.iter().any(|old| (old.kind, old.node) == (kind, node));
        match after.into_iter().find(|fault| !is_ends(fault.kind) && !known(fault.kind, fault.node)) {
            None => Ok(result),
            Some(fault) => {
                let (moved, onto) = (&self.moved.head, &self.onto.head);
                let error = Error::failed(format!("the branch of `{moved}` cannot follow `{onto}`"));
                Err(error.because(fault.message).hint(format!("`merge {onto} {moved}` joins the two as they are")))
            }
        }
    }

    /// What a database with these rows has of the two; an error if it has a row that is unknown.
    pub(crate) fn applied(&self, rows: &[String], graph: &Graph) -> Result<Applied, Error> {
        if let Some(stranger) = rows.iter().find(|row| graph.node(row).is_none()) {
            let message = format!("the version table holds `{stranger}`, which is no revision of this chain");
            return Err(Error::failed(message).hint("bring the chain and the database together first"));
        }
        let applied = reach(rows.iter().map(String::as_str).collect(), |id| graph.downs(id));
        let has = |branch: &Branch| branch.own.iter().any(|id| applied.contains(id.as_str()));
        Ok(match (has(&self.moved), has(&self.onto)) {
            (false, _) => Applied::NotMoved,
            (true, false) => Applied::OnlyMoved,
            (true, true) => Applied::Both,
        })
    }
}

impl Branch {
    fn firsts<'a>(&'a self, graph: &Graph) -> Vec<&'a str> {
        let is_own = |id: &&str| self.own.iter().any(|own| own == id);
        self.own.iter().map(String::as_str).filter(|id| !graph.parents(id).iter().any(is_own)).collect()
    }
}

/// A revision and its ancestors, dependencies left aside.
fn lineage<'a>(head: &'a str, graph: &'a Graph) -> HashSet<&'a str> {
    reach(vec![head], |id| graph.parents(id))
}

fn reach<'a>(mut ahead: Vec<&'a str>, next: impl Fn(&str) -> Vec<&'a str>) -> HashSet<&'a str> {
    let mut found = HashSet::new();
    while let Some(id) = ahead.pop() {
        if found.insert(id) {
            ahead.extend(next(id));
        }
    }
    found
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::listing::Entry;

    /// Revisions as `id<parent,parent +dependency @created`.
    pub(in crate::rebase) fn listing(text: &str) -> Listing {
        let entry = |line: &str| {
            let mut words = line.split_whitespace();
            let (id, parents) = words.next().unwrap().split_once('<').unwrap_or((line.split(' ').next().unwrap(), ""));
            let mut entry = Entry::default();
            entry.node.id = id.to_owned();
            entry.node.down_revisions = parents.split(',').filter(|id| !id.is_empty()).map(str::to_owned).collect();
            entry.node.origin = format!("versions/{id}.rs");
            for word in words {
                match word.split_at(1) {
                    ("+", dependency) => entry.node.depends_on.push(dependency.to_owned()),
                    ("@", created) => entry.created = created.to_owned(),
                    (_, date) => entry.node.origin = format!("versions/{}{date}-{id}.rs", &word[..1]),
                }
            }
            entry
        };
        Listing::new(text.split(';').map(|line| entry(line.trim())).collect())
    }

    fn rows(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn a_branch_is_what_leads_to_its_head_only() {
        let listing = listing("a; b<a; c<b; x<a; y<x; z<y");
        let plan = Plan::of("z", "c", &listing.graph);
        assert_eq!((plan.moved.own.clone(), plan.onto.own.clone()), (rows("x y z"), rows("b c")));
        assert_eq!(plan.firsts(&listing.graph), [("x", vec!["a"])]);
        assert_eq!(plan.result(&listing).unwrap().heads(), ["z"]);
        assert_eq!(plan.clone().swapped().firsts(&listing.graph), [("b", vec!["a"])]);
    }

    #[test]
    fn every_beginning_of_a_branch_is_moved() {
        let listing = listing("a; b<a; x<a; y<a; z<x,y; n; m<n");
        let firsts = |moved, onto| {
            let plan = Plan::of(moved, onto, &listing.graph);
            plan.firsts(&listing.graph).into_iter().map(|(id, _)| id.to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(firsts("z", "b"), ["x", "y"]);
        assert_eq!(firsts("m", "b"), ["n"]);
    }

    #[test]
    fn a_dependency_that_would_turn_round_is_refused() {
        let listing = listing("a; b<a +x; x<a");
        let error = Plan::of("x", "b", &listing.graph).result(&listing).unwrap_err();
        assert_eq!(error.to_string(), "the branch of `x` cannot follow `b`");
        assert_eq!(error.hints, ["`merge b x` joins the two as they are"]);
    }

    #[test]
    fn what_a_database_has_counts_with_its_ancestors_and_dependencies() {
        let listing = listing("a; b<a; c<b; x<a; y<x; other +x");
        let plan = Plan::of("y", "c", &listing.graph);
        let applied = |text| plan.applied(&rows(text), &listing.graph).unwrap();
        assert_eq!(applied(""), Applied::NotMoved);
        assert_eq!(applied("a"), Applied::NotMoved);
        assert_eq!(applied("c"), Applied::NotMoved);
        assert_eq!(applied("y"), Applied::OnlyMoved);
        assert_eq!(applied("other"), Applied::OnlyMoved);
        assert_eq!(applied("x b"), Applied::Both);
        assert!(plan.applied(&rows("zz"), &listing.graph).is_err());
    }
}
