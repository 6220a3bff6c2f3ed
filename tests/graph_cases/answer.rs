//! What Rectify makes of a case: the graph is asked, and nothing is compared here.

use std::collections::BTreeSet;

use rectify_chain::history::RangeError;
use rectify_chain::{Broken, Direction, Fault, FaultKind, Graph, PlanError, Policy, ResolveError, RowChange, Step};
use serde_json::{Map, Value, json};

use crate::case::Case;

/// What came of a case.
#[derive(Debug)]
pub(crate) enum Answer {
    Refused(Refusal),
    Planned(Planned),
    /// The answer of an operation that only inspects the map, in the form of the case files.
    Inspected(Map<String, Value>),
}

#[derive(Debug)]
pub(crate) struct Refusal {
    /// The message, and that it was caused by.
    pub(crate) text: String,
    pub(crate) hint: String,
    /// The classes of Alembic's errors that mean the same, each with a word of its message.
    same_as: Vec<(&'static str, &'static str)>,
}

#[derive(Debug)]
pub(crate) struct Planned {
    pub(crate) before: BTreeSet<String>,
    pub(crate) steps: Vec<Taken>,
}

/// One step of a plan.
#[derive(Debug)]
pub(crate) struct Taken {
    /// `up:ant`, `down:ant`, `stamp:ant,bee->cat`.
    pub(crate) name: String,
    pub(crate) changes: Vec<RowChange>,
    /// The version rows after it.
    pub(crate) rows: BTreeSet<String>,
}

impl Refusal {
    pub(crate) fn is(&self, class: &str, contains: &str) -> bool {
        self.same_as.iter().any(|(same, word)| *same == class && contains.contains(word))
    }
}

impl Planned {
    pub(crate) fn after(&self) -> &BTreeSet<String> {
        self.steps.last().map_or(&self.before, |step| &step.rows)
    }

    pub(crate) fn names(&self) -> Vec<&str> {
        self.steps.iter().map(|step| step.name.as_str()).collect()
    }

    /// The changes of the version table as the case files write them: `update ant->bee`.
    pub(crate) fn sql(&self) -> Vec<String> {
        self.steps.iter().flat_map(Taken::sql).collect()
    }

    pub(crate) fn of_steps(before: &[String], steps: &[Step]) -> Planned {
        let mut rows: BTreeSet<String> = before.iter().cloned().collect();
        let take = |step: &Step| {
            let way = if step.direction == Direction::Up { "up" } else { "down" };
            apply(&mut rows, &step.changes);
            let name = format!("{way}:{}", step.revision);
            Taken { name, changes: step.changes.clone(), rows: rows.clone() }
        };
        Planned { before: before.iter().cloned().collect(), steps: steps.iter().map(take).collect() }
    }

    /// Alembic has a step for each revision that is stamped; rows that go without one are a step each.
    pub(crate) fn of_stamp(before: &[String], changes: &[RowChange]) -> Planned {
        let mut rows: BTreeSet<String> = before.iter().cloned().collect();
        let ends_in_deletes = !changes.iter().any(|change| !matches!(change, RowChange::Delete(_)));
        let mut steps = Vec::new();
        for group in changes.split_inclusive(|change| ends_in_deletes || !matches!(change, RowChange::Delete(_))) {
            apply(&mut rows, group);
            steps.push(Taken { name: stamp_name(group), changes: group.to_vec(), rows: rows.clone() });
        }
        Planned { before: before.iter().cloned().collect(), steps }
    }
}

impl Taken {
    pub(crate) fn sql(&self) -> Vec<String> {
        let told = |change: &RowChange| match change {
            RowChange::Insert(id) => format!("insert {id}"),
            RowChange::Delete(id) => format!("delete {id}"),
            RowChange::Update { from, to } => format!("update {from}->{to}"),
        };
        self.changes.iter().map(told).collect()
    }
}

/// Changes the rows as the database would: what a change names must be there.
fn apply(rows: &mut BTreeSet<String>, changes: &[RowChange]) {
    for change in changes {
        match change {
            RowChange::Insert(id) => assert!(rows.insert(id.clone()), "`{id}` is inserted twice"),
            RowChange::Delete(id) => assert!(rows.remove(id), "`{id}` is deleted and has no row"),
            RowChange::Update { from, to } => {
                assert!(rows.remove(from), "`{from}` is updated and has no row");
                assert!(rows.insert(to.clone()), "`{to}` has a row already");
            }
        }
    }
}

fn stamp_name(group: &[RowChange]) -> String {
    let (mut from, mut to) = (BTreeSet::new(), "-");
    for change in group {
        match change {
            RowChange::Insert(id) => to = id,
            RowChange::Delete(id) => drop(from.insert(id.as_str())),
            RowChange::Update { from: id, to: new } => {
                from.insert(id);
                to = new;
            }
        }
    }
    let from: Vec<&str> = from.into_iter().collect();
    format!("stamp:{}->{to}", if from.is_empty() { "-".to_owned() } else { from.join(",") })
}

/// The graph of a case, or why there is none.
pub(crate) fn graph(case: &Case) -> Result<Graph, Refusal> {
    Graph::with_policy(case.nodes(), Policy::Loose).map_err(Refusal::from)
}

/// Does what the case says.
pub(crate) fn answer(case: &Case) -> Answer {
    let answered = graph(case).and_then(|graph| ask(case, &graph));
    answered.unwrap_or_else(Answer::Refused)
}

fn ask(case: &Case, graph: &Graph) -> Result<Answer, Refusal> {
    let rows = if case.purge { &[][..] } else { &case.current[..] };
    let targets = case.targets();
    Ok(match case.op.as_str() {
        "upgrade" => Answer::Planned(Planned::of_steps(rows, &graph.plan_upgrade_to(rows, &targets)?)),
        "downgrade" => Answer::Planned(Planned::of_steps(rows, &graph.plan_downgrade(rows, case.target())?)),
        "stamp" => Answer::Planned(Planned::of_stamp(rows, &graph.plan_stamp(rows, &targets)?)),
        "upgrade_sql" | "downgrade_sql" => {
            let direction = if case.op == "upgrade_sql" { Direction::Up } else { Direction::Down };
            let plan = graph.plan_offline(direction, case.target())?;
            Answer::Planned(Planned::of_steps(&plan.rows, &plan.steps))
        }
        "stamp_sql" => {
            let stamp = graph.plan_offline_stamp(&targets)?;
            Answer::Planned(Planned::of_stamp(&stamp.rows, &stamp.changes))
        }
        _ => Answer::Inspected(inspect(case, graph)?),
    })
}

fn inspect(case: &Case, graph: &Graph) -> Result<Map<String, Value>, Refusal> {
    let sorted = |mut ids: Vec<&str>| -> Value {
        ids.sort_unstable();
        json!(ids)
    };
    let found = match case.op.as_str() {
        "heads" => json!({ "heads": sorted(graph.heads()), "effective_heads": sorted(graph.effective_heads()) }),
        "bases" => json!({ "bases": sorted(graph.bases()) }),
        "branches" => json!({ "branch_points": sorted(graph.branch_points()) }),
        "labels" => json!({ "labels": labels(graph) }),
        "down_edges" => json!({ "edges": edges(graph) }),
        "resolve" => json!({ "revisions": resolve(case, graph)? }),
        "resolve_one" => json!({ "revision": graph.resolve_one(case.target())? }),
        "history" => json!({ "revisions": history(case, graph)? }),
        "current" => json!({ "lines": current(case, graph)? }),
        other => panic!("{}: the operation `{other}` is unknown to this test", case.id),
    };
    match found {
        Value::Object(found) => Ok(found),
        _ => unreachable!("each operation gives an object"),
    }
}

fn labels(graph: &Graph) -> Map<String, Value> {
    let shown = graph.nodes().iter().zip(graph.shown_labels());
    let pair = |(node, mut labels): (&rectify_chain::Node, Vec<&str>)| {
        labels.sort_unstable();
        (node.id.clone(), json!(labels))
    };
    shown.map(pair).collect()
}

fn edges(graph: &Graph) -> Map<String, Value> {
    let of = |node: &rectify_chain::Node| {
        let all: BTreeSet<&str> = graph.parents(&node.id).into_iter().chain(graph.dependencies(&node.id)).collect();
        let normalized: BTreeSet<&str> = graph.downs(&node.id).into_iter().collect();
        let edges = json!({ "versioned": graph.parents(&node.id), "all": all, "normalized": normalized });
        (node.id.clone(), edges)
    };
    graph.nodes().iter().map(of).collect()
}

fn resolve<'a>(case: &Case, graph: &'a Graph) -> Result<Vec<&'a str>, Refusal> {
    let mut found = Vec::new();
    for target in case.targets() {
        found.extend(graph.resolve_shown(&case.current, target)?);
    }
    Ok(found)
}

fn history<'a>(case: &Case, graph: &'a Graph) -> Result<Vec<&'a str>, Refusal> {
    match case.target {
        None => Ok(graph.history()),
        Some(_) => Ok(graph.history_range(&case.current, case.target())?),
    }
}

/// The lines of `current`, sorted.
fn current(case: &Case, graph: &Graph) -> Result<Vec<String>, Refusal> {
    let not_at_heads = case.check_heads && !graph.pending(&case.current)?.is_empty();
    if not_at_heads {
        let (text, hint) = ("revisions are pending".to_owned(), "upgrade to `heads`".to_owned());
        return Err(Refusal { text, hint, same_as: vec![("DatabaseNotAtHead", "")] });
    }
    let line = |id: &str| {
        let head = match (graph.is_head(id), graph.dependents(id).is_empty()) {
            (true, true) => " (head)",
            (true, false) => " (effective head)",
            _ => "",
        };
        let fork = if graph.is_branch_point(id) { " (branchpoint)" } else { "" };
        let merge = if graph.is_merge_point(id) { " (mergepoint)" } else { "" };
        format!("{id}{head}{fork}{merge}")
    };
    let mut lines: Vec<String> = graph.current(&case.current)?.into_iter().map(line).collect();
    lines.sort_unstable();
    Ok(lines)
}

impl From<Broken> for Refusal {
    fn from(broken: Broken) -> Self {
        let same_as = broken.faults.iter().flat_map(same_fault).collect();
        let hint = broken.faults.iter().map(|fault| fault.hint.as_str()).collect::<Vec<_>>().join("; ");
        Refusal { text: broken.to_string(), hint, same_as }
    }
}

fn same_fault(fault: &Fault) -> Vec<(&'static str, &'static str)> {
    match fault.kind {
        FaultKind::SelfParent => vec![("LoopDetected", "Self-loop")],
        FaultKind::Cycle => vec![("CycleDetected", "Cycle")],
        // By its own label, Alembic sees a cycle.
        FaultKind::SelfDependency => {
            vec![("DependencyLoopDetected", "Dependency self-loop"), ("DependencyCycleDetected", "Dependency cycle")]
        }
        FaultKind::DependencyCycle => vec![("DependencyCycleDetected", "Dependency cycle")],
        FaultKind::DuplicateLabel => vec![("RevisionError", "already used by revision")],
        _ => Vec::new(),
    }
}

impl From<ResolveError> for Refusal {
    fn from(error: ResolveError) -> Self {
        PlanError::from(error).into()
    }
}

impl From<PlanError> for Refusal {
    fn from(error: PlanError) -> Self {
        Refusal { text: error.to_string(), hint: error.hint(), same_as: same_error(&error) }
    }
}

fn same_error(error: &PlanError) -> Vec<(&'static str, &'static str)> {
    match error {
        PlanError::Resolve(error) => match error {
            ResolveError::MultipleHeads { .. } => vec![("MultipleHeads", "Multiple head")],
            ResolveError::AmbiguousWalk { .. } => vec![("RevisionError", "Ambiguous walk")],
            ResolveError::TooFar { .. } | ResolveError::WrongWay { .. } => {
                vec![("RevisionError", "didn't produce"), ("RevisionError", "Walked too far")]
            }
            _ => vec![("ResolutionError", "Can't locate revision")],
        },
        PlanError::UnknownRow { .. } => vec![("ResolutionError", "Can't locate revision")],
        PlanError::Overlap { .. } => vec![("RevisionError", "overlaps with other requested revisions")],
        PlanError::SeveralCurrent { .. } => vec![("RevisionError", "Ambiguous upgrade")],
        PlanError::NotBelow { .. } => vec![
            ("RangeNotAncestorError", "not a valid downgrade target"),
            ("RevisionError", "Not a valid downgrade target"),
        ],
        PlanError::NoRange { .. } => vec![("CommandError", "requires <fromrev>:<torev>")],
        PlanError::SeveralStarts { .. } => vec![("CommandError", "single starting revision")],
        PlanError::Range { .. } => vec![("CommandError", "Range revision not allowed")],
        _ => Vec::new(),
    }
}

impl From<RangeError> for Refusal {
    fn from(error: RangeError) -> Self {
        let same_as = match &error {
            RangeError::Form { .. } => vec![("CommandError", "History range requires")],
            RangeError::NotAncestor { .. } => vec![("RangeNotAncestorError", "does not refer to")],
            RangeError::Plan(error) => same_error(error),
            _ => Vec::new(),
        };
        Refusal { text: error.to_string(), hint: error.hint(), same_as }
    }
}
