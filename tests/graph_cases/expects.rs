//! What Rectify does with the cases of a rule.

use std::collections::BTreeSet;

use rectify_chain::Direction;
use serde_json::{Value, json};

use crate::answer::{self, Answer, Planned};
use crate::case::{Case, Target};
use crate::compare::{set, told};
use crate::covers;
use crate::rules::{Asked, Expects};

pub(crate) fn named(phrase: &str) -> Option<Expects> {
    Some(match phrase {
        "error" => error,
        "only that branch goes down" => only_the_branch,
        "the same as for the revision that declares the label" => as_for_the_revision,
        "as on a database with these rows" => as_on_a_database,
        "the defaults of an upgrade, an error else" => defaults,
        "an error only if a revision is not applied" => error_if_pending,
        "what lies between the ends" => between_the_ends,
        "an error, or the revisions that there are" => error_or_revisions,
        _ => return None,
    })
}

fn error(asked: &Asked<'_>) -> Result<(), String> {
    match asked.answer {
        Answer::Refused(_) => Ok(()),
        other => Err(format!("an error is due, not {}", told(other))),
    }
}

fn plan<'a>(asked: &'a Asked<'_>) -> Result<&'a Planned, String> {
    match asked.answer {
        Answer::Planned(planned) => Ok(planned),
        other => Err(format!("a plan is due, not {}", told(other))),
    }
}

/// Down go the applied revisions of the branch that no applied revision of another branch comes after, and what needs them.
fn only_the_branch(asked: &Asked<'_>) -> Result<(), String> {
    let planned = plan(asked)?;
    let branch = covers::branch_to_base(asked).ok_or("there is no branch")?;
    let applied = asked.model.implied(planned.before.iter().map(String::as_str));
    let lineage = asked.model.lineage(branch);
    let outside: Vec<&String> = applied.iter().filter(|id| !lineage.contains(*id)).collect();
    let shared: BTreeSet<String> = outside.iter().flat_map(|id| asked.model.ancestors(id)).collect();
    let own: BTreeSet<&String> = applied.iter().filter(|id| lineage.contains(*id) && !shared.contains(*id)).collect();
    let goes = |id: &&String| asked.model.implied([id.as_str()]).iter().any(|below| own.contains(below));
    let wanted: BTreeSet<String> = applied.iter().filter(goes).map(|id| format!("down:{id}")).collect();
    let steps: BTreeSet<String> = planned.steps.iter().map(|step| step.name.clone()).collect();
    if steps != wanted {
        return Err(format!("the steps of the branch are {wanted:?}, not {steps:?}"));
    }
    asked.model.follow(planned)
}

fn as_for_the_revision(asked: &Asked<'_>) -> Result<(), String> {
    let label = covers::label_like_steps(asked).ok_or("there is no label")?;
    let declares = |revision: &&crate::case::Revision| revision.labels.iter().any(|other| other == label);
    let revision = asked.case.revisions.iter().find(declares).ok_or("nobody declares the label")?;
    let target = asked.case.target().replacen(label, &revision.id, 1);
    let same = Case { target: Some(Target::One(target)), ..asked.case.without_expectations() };
    let wanted = told(&answer::answer(&same)).replace(&revision.id, "…");
    let found = told(asked.answer).replace(&revision.id, "…").replace(label, "…");
    if found == wanted { Ok(()) } else { Err(format!("with the id it is {wanted}, and here {found}")) }
}

fn as_on_a_database(asked: &Asked<'_>) -> Result<(), String> {
    let starts = covers::offline_starts(asked).ok_or("there is no start")?;
    let rows: Vec<String> = starts.into_iter().map(str::to_owned).collect();
    let overlaps = rows.iter().any(|row| rows.iter().any(|other| row != other && implies(asked, other, row)));
    if overlaps {
        return error(asked);
    }
    let op = asked.case.op.trim_end_matches("_sql").to_owned();
    let after_colon = |text: &str| text.split_once(':').map_or(text, |(_, target)| target).to_owned();
    let targets = asked.case.targets().into_iter().map(after_colon).collect();
    let same = Case { op, current: rows, target: Some(Target::Several(targets)), ..asked.case.without_expectations() };
    let (wanted, found) = (told(&answer::answer(&same)), told(asked.answer));
    if found == wanted { Ok(()) } else { Err(format!("on a database it is {wanted}, and here {found}")) }
}

fn implies(asked: &Asked<'_>, above: &str, below: &str) -> bool {
    asked.model.implied([above]).contains(below)
}

fn defaults(asked: &Asked<'_>) -> Result<(), String> {
    let (graph, text) = match (asked.graph, &asked.case.targets()[..]) {
        (Some(graph), [text]) if asked.case.op == "upgrade_sql" => (graph, *text),
        _ => return error(asked),
    };
    let (start, end) = text.split_once(':').ok_or("there is no range")?;
    let spelt_out = |text: &'_ str, default: &str| if text.is_empty() { default.to_owned() } else { text.to_owned() };
    let wanted =
        graph.plan_offline(Direction::Up, &format!("{}:{}", spelt_out(start, "base"), spelt_out(end, "heads")));
    match (wanted, asked.answer) {
        (Ok(wanted), Answer::Planned(found)) => {
            let wanted = Planned::of_steps(&wanted.rows, &wanted.steps);
            match wanted.before == found.before && wanted.names() == found.names() {
                true => Ok(()),
                false => Err(format!("spelt out it is {:?}, and here {:?}", wanted.names(), found.names())),
            }
        }
        (Err(_), Answer::Refused(_)) => Ok(()),
        (wanted, found) => Err(format!("spelt out it is {wanted:?}, and here {}", told(found))),
    }
}

fn error_if_pending(asked: &Asked<'_>) -> Result<(), String> {
    let applied = asked.model.implied(asked.case.current.iter().map(String::as_str));
    let complete = asked.case.revisions.iter().all(|revision| applied.contains(&revision.id));
    match (complete, asked.answer) {
        (true, Answer::Inspected(_)) | (false, Answer::Refused(_)) => Ok(()),
        (_, other) => Err(format!("all is applied: {complete}; and here {}", told(other))),
    }
}

/// The ancestors of the upper end, without those of the lower one, as far as they come after it.
fn between_the_ends(asked: &Asked<'_>) -> Result<(), String> {
    let Answer::Inspected(found) = asked.answer else { return Ok(()) };
    let listed = found.get("revisions").and_then(Value::as_array).into_iter().flatten();
    let listed: Vec<String> = listed.filter_map(|id| id.as_str().map(str::to_owned)).collect();
    let (low, high) = asked.case.target().split_once(':').ok_or("there is no range")?;
    let branch = low.contains('@');
    let (Some(lower), Some(upper), false) = (ends(asked, low, "base"), ends(asked, high, "heads"), branch) else {
        // Where steps lead, and which heads a branch leaves of the upper end, is not said anew here.
        return newest_first(asked, &listed);
    };
    let below = asked.model.implied(lower.iter().map(String::as_str));
    let above: BTreeSet<String> = lower.iter().flat_map(|id| asked.model.descendants(id)).collect();
    let mut wanted = asked.model.implied(upper.iter().map(String::as_str));
    wanted.retain(|id| lower.contains(id) || !below.contains(id));
    wanted.retain(|id| lower.is_empty() || above.contains(id));
    match set(&listed) == wanted {
        true => newest_first(asked, &listed),
        false => Err(format!("between the ends lie {wanted:?}, and here {listed:?}")),
    }
}

/// Each revision stands once, and after all that need it.
fn newest_first(asked: &Asked<'_>, listed: &[String]) -> Result<(), String> {
    for (place, id) in listed.iter().enumerate() {
        if let Some(below) = listed[..place].iter().find(|before| *before == id || implies(asked, id, before)) {
            return Err(format!("`{below}` stands before `{id}`: {listed:?}"));
        }
    }
    Ok(())
}

/// The revisions of an end that is named, `current` or left out.
fn ends(asked: &Asked<'_>, text: &str, absent: &str) -> Option<Vec<String>> {
    let named = match text {
        "current" => return Some(asked.case.current.clone()),
        "" => absent,
        text => text,
    };
    let found = asked.graph?.resolve(named).ok()?;
    Some(found.into_iter().map(str::to_owned).collect())
}

fn error_or_revisions(asked: &Asked<'_>) -> Result<(), String> {
    let theirs = asked.case.expect.others.get("revisions").and_then(Value::as_array).ok_or("no revisions")?;
    let real: Vec<&Value> = theirs.iter().filter(|id| !id.is_null() && *id != "base").collect();
    let past = theirs.iter().any(Value::is_null);
    match asked.answer {
        Answer::Refused(_) if past => Ok(()),
        Answer::Inspected(found) if !past && found.get("revisions") == Some(&json!(real)) => Ok(()),
        other => Err(format!("of {theirs:?} Rectify makes {}", told(other))),
    }
}
