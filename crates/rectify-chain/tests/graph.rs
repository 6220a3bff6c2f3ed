//! The graph by example: chains in the notation `id<parent,parent +dependency #label; …`, as the reference writes them.
#![expect(clippy::unwrap_used, reason = "tests")]

mod notation;

use std::collections::BTreeSet;

use notation::{graph, nodes, words};
use proptest::prelude::*;
use rectify_chain::{Direction, FaultKind, Graph, Literal, Node, Policy, RowChange, Step, verify};

const FORK: &str = "base1; stem<base1; west1<stem #west; west2<west1; east1<stem #east; east2<east1";
const DIAMOND: &str = "top; lft<top; rgt<top; join<lft,rgt; tail<join";
const DEPENDENCY: &str = "a1; a2<a1; a3<a2; b1; b2<b1 +a2; b3<b2";

/// Expects the ids of the steps and the rows after them, or a part of the error.
#[track_caller]
fn up(chain: &str, rows: &str, target: &str, wanted: &str) {
    let graph = graph(chain);
    let plan = graph.plan_upgrade(&words(rows), target).map_err(|error| error.to_string());
    assert_eq!(told(plan, rows, Direction::Up), told_or_error(wanted), "{rows} up {target}");
}

#[track_caller]
fn down(chain: &str, rows: &str, target: &str, wanted: &str) {
    let graph = graph(chain);
    let plan = graph.plan_downgrade(&words(rows), target).map_err(|error| error.to_string());
    assert_eq!(told(plan, rows, Direction::Down), told_or_error(wanted), "{rows} down {target}");
}

#[test]
fn upgrades_run_one_line_after_the_other() {
    up(DIAMOND, "", "head", "top rgt lft join tail | tail");
    up(FORK, "", "heads", "base1 stem east1 east2 west1 west2 | east2 west2");
    up(FORK, "west1", "heads", "east1 east2 west2 | east2 west2");
    up(FORK, "west2", "east@head", "east1 east2 | east2 west2");
    up(FORK, "", "west", "base1 stem west1 | west1");
    up(FORK, "", "west@stem", "base1 stem | stem");
    up("a1; a2<a1; b1; b2<b1; c1", "", "heads", "c1 b1 b2 a1 a2 | a2 b2 c1");
    up(DEPENDENCY, "", "heads", "a1 a2 b1 b2 b3 a3 | a3 b3");
    up(DEPENDENCY, "", "b2", "a1 a2 b1 b2 | b2");
    up("o; p1<o; p2<o; p3<o; p4<o; q1<p1,p2; q2<p3,p4; z<q1,q2; zz<z", "", "head", "o p4 p2 p3 q2 p1 q1 z zz | zz");
    up("a; b<a; c<a; m<a,b,c", "", "m", "a c b m | m");
}

#[test]
fn steps_are_counted_from_where_the_database_is() {
    up(FORK, "", "+2", "base1 stem | stem");
    up(FORK, "stem", "west@+1", "west1 | west1");
    up(FORK, "west1", "east@+2", "east1 east2 | east2 west1");
    up(FORK, "", "east@head-1", "base1 stem east1 | east1");
    up(FORK, "", "west@stem+1", "base1 stem west1 | west1");
    up(DIAMOND, "lft", "+1", "rgt join | join");
    up("a1; a2<a1; a3<a2; b1; b2<b1 +a2", "b2", "a1@+1", "a3 | a3 b2");
    down(FORK, "west2 east2", "west@-1", "west2 | east2 west1");
    down(FORK, "west2 east2", "east@base+2", "east2 east1 | west2");
    down("one1; two2<one1 #feat-2; tri3<two2", "tri3", "feat-2", "tri3 | two2");
}

#[test]
fn what_cannot_be_planned_is_refused() {
    up(FORK, "", "head", "! `head` means 2 revisions: `west2`, `east2`");
    up(FORK, "", "wets1", "! no revision or branch label is or begins with `wets1`");
    up(FORK, "", "west@east1", "! revision `east1` is not on the branch `west`");
    up(FORK, "", "+3", "! `+3` is ambiguous: the way leads to `west1`, `east1`");
    up(FORK, "west1 east1", "+1", "! `+1` counts from the current revision, and there are 2: `west1`, `east1`");
    up(
        FORK,
        "west2 stem",
        "heads",
        "! revision `west2` already includes `stem`, and both are rows of the version table",
    );
    up(FORK, "zebra", "heads", "! the version table holds `zebra`, which is no revision of this chain");
    up(FORK, "", "+9x", "! no revision or branch label is or begins with `+9x`");
    up(FORK, "stem", "-1", "! `-1` leads nowhere: an upgrade takes `+1` or a revision");
    up(FORK, "stem", "base1:stem", "! `base1:stem` is a range, and one target is needed");
    down(FORK, "west2 east2", "-1", "! `-1` counts from the current revision, and there are 2: `west2`, `east2`");
    down(FORK, "west1", "west2", "! cannot downgrade to `west2`: nothing that is applied comes after it");
    down(FORK, "stem", "-3", "! `-3` leads 3 steps, and the chain goes on for 2");
    down(FORK, "west2", "nolabel@base", "! no branch is named `nolabel`");
    down(DEPENDENCY, "b3", "a2", "! cannot downgrade to `a2`: nothing that is applied comes after it");
}

#[test]
fn downgrades_take_dependents_along_and_leave_what_others_need() {
    down(DIAMOND, "tail", "top", "tail join lft rgt | top");
    down(FORK, "west2 east2", "base", "west2 west1 east2 east1 stem base1 |");
    down(FORK, "west2 east2", "west@stem", "west2 west1 | east2");
    down(FORK, "west2 east2", "west@base", "west2 west1 | east2");
    down(FORK, "west2", "west@base", "west2 west1 stem base1 |");
    down(DEPENDENCY, "b3 a3", "base", "a3 b3 b2 b1 a2 a1 |");
    down(DEPENDENCY, "b3", "b1", "b3 b2 | a2 b1");
    down(DEPENDENCY, "b3", "a1", "b3 b2 a2 | a1 b1");
    down(DEPENDENCY, "b3 a3", "a2", "a3 | b3");
    down("a; b<a; c1<b; c2<b; d1<c1; d2<c1", "c2 d1 d2", "a", "c2 d1 d2 c1 b | a");
}

#[test]
fn rows_change_as_alembic_changes_them() {
    let changes = |chain: &str, rows: &str, target: &str| -> Vec<String> {
        let graph = graph(chain);
        let steps = graph.plan_upgrade(&words(rows), target).unwrap();
        steps.iter().chain(&graph.plan_downgrade(&words(rows), target).unwrap_or_default()).flat_map(shown).collect()
    };
    assert_eq!(changes(DIAMOND, "lft rgt", "join"), ["delete lft", "update rgt->join"]);
    assert_eq!(changes(DIAMOND, "join", "top"), ["insert lft", "update join->rgt", "delete lft", "update rgt->top"]);
    assert_eq!(changes(FORK, "west1", "east1"), ["insert east1"]);
    assert_eq!(changes(DEPENDENCY, "a2 b1", "b2"), ["delete b1", "update a2->b2"]);
    assert_eq!(changes(DEPENDENCY, "b2", "b1"), ["insert b1", "update b2->a2"]);
    assert_eq!(changes("a3; b3; c3; c4<c3; m1<a3,b3,c3", "a3 b3 c4", "m1"), ["delete a3", "update b3->m1"]);
}

#[test]
fn stamps_move_only_the_branches_that_they_name() {
    let stamp = |chain: &str, rows: &str, targets: &str, wanted: &str| {
        let targets: Vec<&str> = targets.split_whitespace().collect();
        let graph = graph(chain);
        let changes = graph.plan_stamp(&words(rows), &targets).unwrap();
        let mut at: BTreeSet<String> = words(rows).into_iter().collect();
        changes.iter().for_each(|change| apply(&mut at, change));
        assert_eq!(at, words(wanted).into_iter().collect(), "{rows} stamp {targets:?}");
    };
    stamp(FORK, "stem", "heads", "east2 west2");
    stamp(FORK, "west2 east1", "stem", "stem");
    stamp(FORK, "west2 east1", "east@head", "east2 west2");
    stamp(FORK, "west2 east1", "west@base", "east1");
    stamp(FORK, "west2 east1", "west1 east2", "east2 west1");
    stamp(FORK, "east1", "base west1", "east1 west1");
    stamp(FORK, "east1", "base", "");
    stamp(DIAMOND, "join", "lft rgt", "lft rgt");
    stamp(DEPENDENCY, "b3", "a1@base", "");
}

#[test]
fn names_are_resolved() {
    let graph = graph("1f3a9c; 1f3b77<1f3a9c; abc<1f3b77; abcdef<abc #feature");
    let resolve = |text: &str| graph.resolve(text).map_err(|error| error.to_string());
    assert_eq!(resolve("1f3a"), Ok(vec!["1f3a9c"]));
    assert_eq!(resolve("abc"), Ok(vec!["abc"]));
    assert_eq!(resolve("fea"), Ok(vec!["abcdef"]));
    assert_eq!(resolve("feature@1f3b"), Ok(vec!["1f3b77"]));
    assert_eq!(resolve("base"), Ok(vec![]));
    assert_eq!(resolve("1f3"), Err("`1f3` is ambiguous: `1f3a9c`, `1f3b77` begin with it".to_owned()));
    assert_eq!(graph.resolve("abcdeg").unwrap_err().hint(), "did you mean `abcdef`?");
}

#[test]
fn history_is_newest_first() {
    assert_eq!(graph(FORK).history(), words("west2 west1 east2 east1 stem base1"));
    let range = |chain: &str, text: &str| graph(chain).history_range(&words("b"), text).unwrap().join(" ");
    assert_eq!(range("a; b<a; n +b", "a:"), "b a");
    assert_eq!(range("a; b<a; c<b; d<c", "-2:d"), "d c b");
    assert_eq!(range("a; b<a; c<b; d<c", "current:"), "d c b");
}

#[test]
fn each_fault_names_its_literal() {
    let check = |chain: &str, wanted: &[(FaultKind, &str, Literal)]| {
        let nodes = nodes(chain);
        let found = verify(&nodes, Policy::Strict);
        let found: Vec<_> = found.iter().map(|f| (f.kind, nodes[f.node].id.as_str(), f.literal)).collect();
        assert_eq!(found, wanted, "{chain}");
    };
    let (revision, parent, dependency) = (Literal::Revision, Literal::DownRevision(0), Literal::DependsOn(0));
    check("a; b<a; c<a #x; d<b,c", &[]);
    check("a; b<a #x; c<a #y", &[]);
    check("a; b<z", &[(FaultKind::UnknownParent, "b", parent)]);
    check("a; a; b<a", &[(FaultKind::DuplicateRevision, "a", revision), (FaultKind::DuplicateRevision, "a", revision)]);
    check("a; b<a; c<a", &[(FaultKind::SecondHead, "b", revision), (FaultKind::SecondHead, "c", revision)]);
    check("a; b<a #x; c<a", &[(FaultKind::SecondHead, "c", revision)]);
    check("a; b; m<a,b", &[(FaultKind::SecondBase, "a", revision), (FaultKind::SecondBase, "b", revision)]);
    check("a #x; b; m<a,b", &[(FaultKind::SecondBase, "b", revision)]);
    check("a; b<b", &[(FaultKind::SelfParent, "b", parent)]);
    check("a; b<c; c<b", &[(FaultKind::Cycle, "b", parent), (FaultKind::Cycle, "c", parent)]);
    check(
        "a; b<d; c<b; d<a,c",
        &[
            (FaultKind::Cycle, "b", parent),
            (FaultKind::Cycle, "c", parent),
            (FaultKind::Cycle, "d", Literal::DownRevision(1)),
        ],
    );
    check("a; b<a,a", &[(FaultKind::RepeatedParent, "b", Literal::DownRevision(1))]);
    check("a; b<a +z", &[(FaultKind::UnknownDependency, "b", dependency)]);
    check("a; b<a +b", &[(FaultKind::SelfDependency, "b", dependency)]);
    check("a; b<a; c<b +a", &[(FaultKind::AncestorDependency, "c", dependency)]);
    check("a +b; b<a", &[(FaultKind::DependencyCycle, "a", dependency)]);
    check("a #x; b<a #x", &[(FaultKind::DuplicateLabel, "b", Literal::Label(0))]);
    check("a; b<a #a", &[(FaultKind::DuplicateLabel, "b", Literal::Label(0))]);
    check("head", &[(FaultKind::MalformedId, "head", revision)]);
}

#[test]
fn a_broken_chain_can_still_be_listed() {
    let (graph, faults) = Graph::tolerant(nodes("a; b<a; c<z; d<e; e<d"), Policy::Strict);
    assert_eq!(faults.len(), 3);
    assert_eq!(graph.history().len(), 5);
    assert_eq!(graph.heads(), ["b", "c", "d", "e"]);
}

proptest! {
    /// Up to the heads and down to the base in any graph: every revision once each way, never before what it needs.
    #[test]
    fn there_and_back(edges in prop::collection::vec((0_usize..1000, 0_usize..1000, 0_usize..4), 1..40)) {
        let graph = Graph::with_policy(random(&edges), Policy::Loose).unwrap();
        let mut rows = BTreeSet::new();
        let mut applied: BTreeSet<&str> = BTreeSet::new();
        let up = graph.plan_upgrade(&[], "heads").unwrap();
        for step in &up {
            prop_assert!(graph.downs(&step.revision).iter().all(|down| applied.contains(down)));
            applied.insert(&step.revision);
            step.changes.iter().for_each(|change| apply(&mut rows, change));
        }
        prop_assert_eq!(applied.len(), graph.nodes().len());
        let heads: BTreeSet<String> = graph.effective_heads().into_iter().map(str::to_owned).collect();
        prop_assert_eq!(&rows, &heads);
        let all: Vec<String> = rows.iter().cloned().collect();
        for step in graph.plan_downgrade(&all, "base").unwrap() {
            prop_assert!(graph.dependents(&step.revision).iter().all(|above| !applied.contains(above)));
            applied.remove(step.revision.as_str());
            step.changes.iter().for_each(|change| apply(&mut rows, change));
            let implied = graph.applied(&rows.iter().cloned().collect::<Vec<_>>()).unwrap();
            prop_assert_eq!(&implied, &applied);
        }
        prop_assert!(rows.is_empty());
    }
}

/// Each revision names one or two earlier ones as parents, and sometimes one as a dependency.
fn random(edges: &[(usize, usize, usize)]) -> Vec<Node> {
    let id = |index: usize| format!("r{index}");
    let node = |(index, (a, b, kind)): (usize, &(usize, usize, usize))| {
        let earlier = |pick: usize| id(pick % index.max(1));
        let (down_revisions, depends_on) = match kind {
            _ if index == 0 => (vec![], vec![]),
            0 => (vec![], vec![earlier(*b)]),
            1 => (vec![earlier(*a)], vec![earlier(*b)]),
            2 if earlier(*a) != earlier(*b) => (vec![earlier(*a), earlier(*b)], vec![]),
            _ => (vec![earlier(*a)], vec![]),
        };
        Node { id: id(index), down_revisions, depends_on, ..Node::default() }
    };
    edges.iter().enumerate().map(node).collect()
}

/// The ids of the steps, a bar, and the rows after them, sorted.
fn told(plan: Result<Vec<Step>, String>, rows: &str, direction: Direction) -> Result<String, String> {
    let mut at: BTreeSet<String> = words(rows).into_iter().collect();
    let mut ids = Vec::new();
    for step in plan? {
        assert_eq!(step.direction, direction);
        step.changes.iter().for_each(|change| apply(&mut at, change));
        ids.push(step.revision);
    }
    Ok(format!("{} | {}", ids.join(" "), at.into_iter().collect::<Vec<_>>().join(" ")).trim().to_owned())
}

fn told_or_error(wanted: &str) -> Result<String, String> {
    wanted.strip_prefix("! ").map_or_else(|| Ok(wanted.to_owned()), |error| Err(error.to_owned()))
}

/// Changes rows; a change that finds no row to change is a fault of the plan.
fn apply(rows: &mut BTreeSet<String>, change: &RowChange) {
    match change {
        RowChange::Insert(id) => assert!(rows.insert(id.clone()), "{id} is there"),
        RowChange::Delete(id) => assert!(rows.remove(id), "{id} is not there"),
        RowChange::Update { from, to } => {
            assert!(rows.remove(from), "{from} is not there");
            assert!(rows.insert(to.clone()), "{to} is there");
        }
    }
}

fn shown(step: &Step) -> Vec<String> {
    let shown = |change: &RowChange| match change {
        RowChange::Insert(id) => format!("insert {id}"),
        RowChange::Delete(id) => format!("delete {id}"),
        RowChange::Update { from, to } => format!("update {from}->{to}"),
    };
    step.changes.iter().map(shown).collect()
}
