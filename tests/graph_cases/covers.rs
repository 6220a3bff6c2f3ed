//! The properties of cases that rules go by: what is asked, what the chain and the rows are, what Alembic did.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::case::Case;
use crate::rules::{Asked, Covers};

pub(crate) fn named(phrase: &str) -> Option<Covers> {
    Some(match phrase {
        "downgrade of a branch to its base" => |asked| branch_to_base(asked).is_some(),
        "an unknown branch" => unknown_branch,
        "downgrade to a revision of another branch" => other_branch,
        "downgrade by steps from several rows" => steps_from_several_rows,
        "steps down from the base" => steps_down_from_base,
        "text after a number of steps" => text_after_steps,
        "a label that reads like steps" => |asked| label_like_steps(asked).is_some(),
        "a row that is no id" => row_that_is_no_id,
        "stamp to targets that include each other" => overlapping_stamp,
        "offline from several revisions" => |asked| offline_starts(asked).is_some_and(|starts| starts.len() > 1),
        "offline range with an end left out" => end_left_out,
        "offline upgrade that leads down" => leads_down,
        "check of heads where one depends on another" => check_of_dependent_heads,
        "history that Alembic falls over" => {
            |asked| asked.case.op == "history" && asked.case.expect.error.as_deref() == Some("AssertionError")
        }
        "history from steps down to the base" => history_from_base,
        "steps down to the base or past it" => steps_past_base,
        "an id that is there twice" => id_twice,
        "a name that cannot be typed" => odd_name,
        "a cycle" => |asked| asked.model.has_cycle(),
        _ => return None,
    })
}

/// The target of an upgrade or downgrade, without the start of an offline range.
pub(crate) fn goal<'a>(asked: &Asked<'a>, ops: &[&str]) -> Option<&'a str> {
    let case = asked.case;
    let targets = case.targets();
    match (ops.iter().any(|op| case.op.strip_suffix("_sql").unwrap_or(&case.op) == *op), &targets[..]) {
        (true, [text]) if case.op.ends_with("_sql") => Some(text.split_once(':').map_or(*text, |(_, target)| target)),
        (true, [text]) => Some(text),
        _ => None,
    }
}

/// The branch and the rest of a downgrade's target, if it is no number of steps from a row.
fn branch_of_downgrade<'a>(asked: &Asked<'a>) -> Option<(&'a str, &'a str)> {
    let (branch, rest) = goal(asked, &["downgrade"])?.rsplit_once('@')?;
    let steps = Steps::in_front(rest).is_some_and(|steps| steps.symbol.is_empty());
    Some((branch, rest)).filter(|_| !branch.is_empty() && !steps && label_like_steps(asked).is_none())
}

/// The revision that the branch of `branch@base` stands for.
pub(crate) fn branch_to_base<'a>(asked: &Asked<'a>) -> Option<&'a str> {
    let (branch, rest) = branch_of_downgrade(asked)?;
    let offline_without_start = asked.case.op.ends_with("_sql") && offline_starts(asked).is_none();
    Some(revision(asked, branch)?).filter(|_| rest == "base" && !offline_without_start)
}

/// The one revision that a name stands for.
fn revision<'a>(asked: &Asked<'a>, name: &str) -> Option<&'a str> {
    asked.graph?.resolve_one(name).ok().flatten()
}

fn unknown_branch(asked: &Asked<'_>) -> bool {
    if asked.graph.is_none() || label_like_steps(asked).is_some() {
        return false;
    }
    let targets = match asked.case.op.strip_suffix("_sql").unwrap_or(&asked.case.op) {
        "upgrade" | "downgrade" | "stamp" | "resolve" | "resolve_one" => asked.case.targets(),
        _ => return false,
    };
    let ends = targets.into_iter().flat_map(|text| text.split(':'));
    let mut branches = ends.filter_map(|end| end.rsplit_once('@')).map(|(branch, _)| branch);
    let is_word = |name: &str| matches!(name, "head" | "heads" | "base");
    branches.any(|branch| !branch.is_empty() && (is_word(branch) || revision(asked, branch).is_none()))
}

fn other_branch(asked: &Asked<'_>) -> bool {
    let Some((branch, rest)) = branch_of_downgrade(asked) else { return false };
    if matches!(rest, "head" | "heads" | "base") || Steps::in_front(rest).is_some() {
        return false;
    }
    match (revision(asked, branch), revision(asked, rest)) {
        (Some(branch), Some(target)) => !asked.model.lineage(branch).contains(target),
        _ => false,
    }
}

fn steps_from_several_rows(asked: &Asked<'_>) -> bool {
    let rows: BTreeSet<&String> = asked.case.current.iter().collect();
    let steps = |text: &str| text.strip_prefix('-').is_some_and(|number| number.bytes().all(|b| b.is_ascii_digit()));
    asked.case.op == "downgrade" && rows.len() > 1 && goal(asked, &["downgrade"]).is_some_and(steps)
}

fn steps_down_from_base(asked: &Asked<'_>) -> bool {
    let ends = asked.case.targets().into_iter().flat_map(|text| text.split(':'));
    let mut steps = ends.filter_map(Steps::in_front);
    steps.any(|steps| steps.symbol == "base" && (steps.down || steps.number == 0))
}

fn text_after_steps(asked: &Asked<'_>) -> bool {
    let Some(text) = goal(asked, &["upgrade", "downgrade"]) else { return false };
    Steps::in_front(text).is_some_and(|steps| !steps.rest.is_empty()) && label_like_steps(asked).is_none()
}

/// The label before the `@`, or that is the whole target, if Alembic would find a number of steps in it.
pub(crate) fn label_like_steps<'a>(asked: &Asked<'a>) -> Option<&'a str> {
    let text = goal(asked, &["upgrade", "downgrade"])?;
    let name = text.split_once('@').map_or(text, |(branch, _)| branch);
    Steps::in_front(name)?;
    asked.case.revisions.iter().flat_map(|revision| &revision.labels).any(|label| label == name).then_some(name)
}

fn row_that_is_no_id(asked: &Asked<'_>) -> bool {
    let case = asked.case;
    let reads_rows = matches!(case.op.as_str(), "upgrade" | "downgrade" | "stamp" | "current") && !case.purge;
    reads_rows && case.current.iter().any(|row| !case.revisions.iter().any(|revision| revision.id == *row))
}

fn overlapping_stamp(asked: &Asked<'_>) -> bool {
    let Some(graph) = asked.graph.filter(|_| asked.case.op.starts_with("stamp")) else { return false };
    let target = |text: &'_ str| {
        let target = text.split_once(':').map_or(text, |(_, target)| target).to_owned();
        graph.resolve(&target).unwrap_or_default()
    };
    let found: BTreeSet<&str> = asked.case.targets().into_iter().flat_map(target).collect();
    found.iter().any(|above| asked.model.implied([*above]).iter().any(|id| id != above && found.contains(id.as_str())))
}

/// The revisions that an offline range begins at.
pub(crate) fn offline_starts<'a>(asked: &Asked<'a>) -> Option<Vec<&'a str>> {
    let (start, _) = asked.case.targets().into_iter().find_map(|text| text.split_once(':'))?;
    let graph = asked.graph.filter(|_| asked.case.op.ends_with("_sql"))?;
    let mut found = Vec::new();
    for part in start.split(',') {
        found.extend(graph.resolve(part).ok()?);
    }
    Some(found)
}

fn leads_down(asked: &Asked<'_>) -> bool {
    let targets = asked.case.targets();
    let (Some(graph), [text], "upgrade_sql") = (asked.graph, targets.as_slice(), asked.case.op.as_str()) else {
        return false;
    };
    let (Some(starts), Some((_, target))) = (offline_starts(asked), text.split_once(':')) else { return false };
    let rows: Vec<String> = starts.iter().map(|start| (*start).to_owned()).collect();
    let Ok(targets) = graph.resolve(target) else { return false };
    let is_done = graph.plan_upgrade(&rows, target).is_ok_and(|steps| steps.is_empty());
    !starts.is_empty() && is_done && !targets.iter().any(|target| starts.contains(target))
}

fn end_left_out(asked: &Asked<'_>) -> bool {
    let left_out = |text: &&str| text.matches(':').count() == 1 && (text.starts_with(':') || text.ends_with(':'));
    asked.case.op.ends_with("_sql") && asked.case.targets().iter().any(left_out)
}

fn check_of_dependent_heads(asked: &Asked<'_>) -> bool {
    let Some(graph) = asked.graph else { return false };
    asked.case.op == "current" && asked.case.check_heads && graph.heads() != graph.effective_heads()
}

fn history_from_base(asked: &Asked<'_>) -> bool {
    let low = asked.case.targets().first().and_then(|text| text.split_once(':')).map(|(low, _)| low);
    let Some(steps) = low.filter(|_| asked.case.op == "history").and_then(Steps::in_front) else { return false };
    let heads = asked.graph.map(rectify_chain::Graph::effective_heads).unwrap_or_default();
    let reaches_base = || heads.iter().any(|head| asked.model.height(head) <= steps.number);
    steps.down && steps.symbol.is_empty() && reaches_base()
}

fn steps_past_base(asked: &Asked<'_>) -> bool {
    let none = |value: &Value| value.is_null() || value == "base";
    let found = asked.case.expect.others.get("revisions").and_then(Value::as_array);
    asked.case.op == "resolve" && found.is_some_and(|found| found.iter().any(none)) && {
        asked.case.targets().into_iter().filter_map(Steps::in_front).any(|steps| steps.down && steps.symbol.is_empty())
    }
}

fn id_twice(asked: &Asked<'_>) -> bool {
    let ids: BTreeSet<&String> = asked.case.revisions.iter().map(|revision| &revision.id).collect();
    ids.len() < asked.case.revisions.len()
}

fn odd_name(asked: &Asked<'_>) -> bool {
    let Case { revisions, .. } = asked.case;
    let is_word = |name: &str| matches!(name, "head" | "heads" | "base" | "current" | "");
    let is_odd = |c: char| matches!(c, '@' | ':' | '+' | ',') || c.is_whitespace() || c.is_control();
    let odd = |name: &str| is_word(name) || name.contains(is_odd) || name.starts_with('-');
    let odd_id = |id: &str| odd(id) || id.chars().count() > 32;
    revisions.iter().any(|revision| odd_id(&revision.id) || revision.labels.iter().any(|label| odd(label)))
}

/// A number of steps as Alembic finds it in front of a text: an optional branch, an optional word, a sign, digits.
pub(crate) struct Steps<'a> {
    pub(crate) symbol: &'a str,
    pub(crate) down: bool,
    pub(crate) number: u64,
    /// What stands after it.
    pub(crate) rest: &'a str,
}

impl<'a> Steps<'a> {
    pub(crate) fn in_front(text: &'a str) -> Option<Steps<'a>> {
        let after_branch = text.match_indices('@').filter(|(at, _)| *at > 0).map(|(at, _)| &text[at + 1..]);
        after_branch.chain([text]).find_map(Steps::without_branch)
    }

    fn without_branch(text: &'a str) -> Option<Steps<'a>> {
        let sign = text.find(|c: char| !c.is_alphanumeric() && c != '_')?;
        let (symbol, signed) = text.split_at(sign);
        let unsigned = signed.strip_prefix(['+', '-'])?;
        let digits = unsigned.find(|c: char| !c.is_ascii_digit()).unwrap_or(unsigned.len());
        let (number, rest) = unsigned.split_at(digits);
        let number = if number.is_empty() { return None } else { number.parse().unwrap_or(u64::MAX) };
        Some(Steps { symbol, down: signed.starts_with('-'), number, rest })
    }
}
