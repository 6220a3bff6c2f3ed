//! The graph against recorded runs of Alembic.
//!
//! Each case of `tests/cases/graph` (or of the folder that `RECTIFY_GRAPH_CASES` names) is asked of the graph, and those
//! about a database are run on one. Where Rectify does something else on purpose, `deviations.toml` says what and why.
#![expect(clippy::unwrap_used, reason = "tests")]

mod answer;
mod case;
mod compare;
mod covers;
mod expects;
mod model;
mod on_database;
mod report;
mod rules;

use answer::Answer;
use case::{Case, Corpus};
use model::Model;
use on_database::Databases;
use report::{Report, Verdict};
use rules::{Asked, Rule};

#[test]
fn graph_cases() {
    let (corpus, rules) = (Corpus::read(), rules::read());
    let mut databases = Databases::new();
    let mut report = Report::new(&rules);
    for case in &corpus.cases {
        report.add(case, judge(case, &rules, &mut databases));
    }
    // Other folders need not have a case for each rule.
    if corpus.is_default {
        report.require_use_of_rules();
    }
    report.print(&databases);
    assert!(report.is_good(), "see above");
}

fn judge(case: &Case, rules: &[Rule], databases: &mut Databases) -> Verdict {
    let (answer, graph, model) = (answer::answer(case), answer::graph(case).ok(), Model::of(case));
    if let Some(why) = incomplete(&answer) {
        return Verdict::failed(why);
    }
    if let Err(why) = databases.run(case, &answer) {
        return Verdict::failed(format!("on a database: {why}"));
    }
    let asked = Asked { case, graph: graph.as_ref(), model: &model, answer: &answer };
    let rule = rules.iter().position(|rule| (rule.covers)(&asked));
    if let Some(rule) = rule.map(|index| &rules[index])
        && let Err(why) = (rule.expects)(&asked)
    {
        return Verdict::failed(format!("by the rule `{}`: {why}", rule.text.name));
    }
    match (compare::agrees(case, &answer), rule) {
        (Ok(()), rule) => Verdict::Passed { rule },
        (Err(_), Some(rule)) => Verdict::Deviating { rule },
        (Err(why), None) => Verdict::failed(why),
    }
}

/// Each refusal says what is wrong and what to do about it.
fn incomplete(answer: &Answer) -> Option<String> {
    match answer {
        Answer::Refused(refusal) if refusal.text.is_empty() || refusal.hint.is_empty() => {
            Some(format!("the refusal has no message or no hint: {} / {}", refusal.text, refusal.hint))
        }
        _ => None,
    }
}
