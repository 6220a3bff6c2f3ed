//! Whether an answer is Alembic's, and whether a plan makes sense where Alembic has no answer.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::answer::{Answer, Planned};
use crate::case::{Case, Expect};
use crate::model::Model;

/// Compares an answer with what Alembic did; the error says where they differ.
pub(crate) fn agrees(case: &Case, answer: &Answer) -> Result<(), String> {
    let mut differences = Vec::new();
    for expect in case.expectations() {
        match agrees_with(case, expect, answer) {
            Ok(()) => return Ok(()),
            Err(difference) => differences.push(difference),
        }
    }
    Err(differences.join("; or "))
}

fn agrees_with(case: &Case, expect: &Expect, answer: &Answer) -> Result<(), String> {
    match (&expect.error, answer) {
        (Some(_), Answer::Refused(_)) if expect.crash => Ok(()),
        (Some(class), Answer::Refused(refusal)) => match refusal.is(class, &expect.contains) {
            true => Ok(()),
            false => Err(format!("Alembic refuses with {class} ({}), Rectify with: {}", expect.contains, refusal.text)),
        },
        (Some(_), Answer::Planned(planned)) if expect.crash => makes_sense(case, expect, planned),
        // Alembic notices at the step what only the table shows; the runner is asked about that.
        (Some(_), Answer::Planned(planned)) if expect.contains.starts_with("expected to match one row") => {
            starts_with(planned, &expect.steps_before_error)
        }
        (Some(class), other) => {
            Err(format!("Alembic refuses with {class} ({}), Rectify does not: {}", expect.contains, told(other)))
        }
        (None, Answer::Refused(refusal)) => Err(format!("Alembic does not refuse: {}", refusal.text)),
        (None, Answer::Planned(planned)) => same_plan(case, expect, planned),
        (None, Answer::Inspected(found)) => same_answer(case, expect, found),
    }
}

pub(crate) fn told(answer: &Answer) -> String {
    match answer {
        Answer::Refused(refusal) => refusal.text.clone(),
        Answer::Planned(planned) => format!("{:?} {:?}", planned.names(), planned.after()),
        Answer::Inspected(found) => Value::Object(found.clone()).to_string(),
    }
}

fn same_plan(case: &Case, expect: &Expect, planned: &Planned) -> Result<(), String> {
    let steps = expect.steps.as_ref().ok_or("the case expects no steps")?;
    if case.unordered {
        return same_set_of_steps(case, expect, planned);
    }
    let same_step = |(ours, theirs): (&&str, &String)| *ours == theirs || same_stamp(ours, theirs);
    let names = planned.names();
    if names.len() != steps.len() || !names.iter().zip(steps).all(same_step) {
        return Err(format!("steps: Alembic {steps:?}, Rectify {names:?}"));
    }
    for (taken, trace) in planned.steps.iter().zip(expect.trace.iter().flatten()) {
        if taken.rows != set(&trace.rows) {
            return Err(format!("rows after {}: Alembic {:?}, Rectify {:?}", trace.step, trace.rows, taken.rows));
        }
        if trace.sql.as_ref().is_some_and(|sql| taken.sql() != without_purge(sql)) {
            return Err(format!("statements of {}: Alembic {:?}, Rectify {:?}", trace.step, trace.sql, taken.sql()));
        }
    }
    same_rows_after(expect, planned)?;
    same_sql(expect, planned)
}

/// The second of several targets starts where the first did in Alembic's text; in the table it is a new row.
fn same_stamp(ours: &str, theirs: &str) -> bool {
    ours.strip_prefix("stamp:-->").is_some_and(|to| {
        theirs.strip_prefix("stamp:").and_then(|text| text.rsplit_once("->")).is_some_and(|(_, same)| same == to)
    })
}

fn without_purge(sql: &[String]) -> &[String] {
    sql.strip_prefix(&["delete *".to_owned()][..]).unwrap_or(sql)
}

fn same_rows_after(expect: &Expect, planned: &Planned) -> Result<(), String> {
    match &expect.version_rows_after {
        Some(rows) if *planned.after() != set(rows) => {
            Err(format!("rows at the end: Alembic {rows:?}, Rectify {:?}", planned.after()))
        }
        _ => Ok(()),
    }
}

fn same_sql(expect: &Expect, planned: &Planned) -> Result<(), String> {
    let sql = planned.sql();
    let variants = expect.version_sql.iter().chain(expect.version_sql_any_of.iter().flatten());
    let mut variants = variants.peekable();
    if variants.peek().is_some() && !variants.any(|theirs| *theirs == sql) {
        return Err(format!("statements: Rectify {sql:?}"));
    }
    let creates = usize::from(planned.before.is_empty() && !planned.steps.is_empty());
    match expect.creates_version_table {
        Some(theirs) if theirs != creates => Err(format!("version tables made: Alembic {theirs}, Rectify {creates}")),
        _ => Ok(()),
    }
}

fn same_set_of_steps(case: &Case, expect: &Expect, planned: &Planned) -> Result<(), String> {
    let theirs: BTreeSet<&str> = expect.steps.iter().flatten().map(String::as_str).collect();
    let ours: BTreeSet<&str> = planned.names().into_iter().collect();
    if theirs != ours || ours.len() != planned.steps.len() {
        return Err(format!("steps in any order: Alembic {theirs:?}, Rectify {ours:?}"));
    }
    Model::of(case).follow(planned)?;
    same_rows_after(expect, planned)
}

/// Where Alembic falls over, every step of a plan must still do what it says, and the plan be the one that Alembic began.
fn makes_sense(case: &Case, expect: &Expect, planned: &Planned) -> Result<(), String> {
    if case.op.starts_with("stamp") {
        return Ok(());
    }
    starts_with(planned, &expect.steps_before_error)?;
    Model::of(case).follow(planned)
}

fn starts_with(planned: &Planned, steps: &[String]) -> Result<(), String> {
    let names = planned.names();
    match names.len() >= steps.len() && names.iter().zip(steps).all(|(ours, theirs)| ours == theirs) {
        true => Ok(()),
        false => Err(format!("steps before the error: Alembic {steps:?}, Rectify {names:?}")),
    }
}

fn same_answer(case: &Case, expect: &Expect, found: &Map<String, Value>) -> Result<(), String> {
    for (key, ours) in found {
        let theirs = expect.others.get(key).ok_or_else(|| format!("the case says nothing of `{key}`"))?;
        // The order of a history means something, the others are printed in hash order or sorted in the files.
        let same = if case.op == "history" { theirs == ours } else { sorted(theirs) == sorted(ours) };
        if !same {
            return Err(format!("{key}: Alembic {theirs}, Rectify {ours}"));
        }
    }
    Ok(())
}

/// The value with each of its lists sorted.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => {
            let mut items: Vec<Value> = items.iter().map(sorted).collect();
            items.sort_by_key(Value::to_string);
            Value::Array(items)
        }
        Value::Object(members) => members.iter().map(|(key, value)| (key.clone(), sorted(value))).collect(),
        other => other.clone(),
    }
}

pub(crate) fn set(rows: &[String]) -> BTreeSet<String> {
    rows.iter().cloned().collect()
}
