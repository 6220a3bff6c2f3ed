//! Every operation on every database, against what Alembic renders and what real servers say to it.
//!
//! Each case of `tests/cases/ddl` (or of the folder that `RECTIFY_DDL_CASES` names) is said in our own types and rendered.
//! It passes if the texts are one, or if both leave the same catalog, or if the server takes ours alone, or if both are
//! refused. Where Rectify does something else on purpose, `deviations.toml` says what and why.
#![expect(clippy::unwrap_used, reason = "tests")]

mod batch;
mod case;
mod covers;
mod express;
mod keys;
mod naming;
mod rules;
mod servers;
#[path = "../suite/mod.rs"]
mod suite;
mod texts;
mod types;

use case::{Case, Corpus};
use rectify_schema::{Operation, Schema};
use rules::{Asked, Expect, Rule};
use servers::{Outcome, Servers};
use suite::report::{Report, Verdict};

#[test]
fn ddl_cases() {
    let (corpus, rules) = (Corpus::read(), rules::read());
    let mut servers = Servers::new();
    let mut report = Report::new(rules.iter().map(|rule| &rule.text));
    for case in &corpus.cases {
        report.add(&case.id, judge(case, &rules, &mut servers));
    }
    // Other folders need not have a case for each rule.
    if corpus.is_default {
        report.require_use_of_rules();
    }
    report.print("ddl_cases", servers.summary());
    assert!(report.is_good(), "see above");
}

fn judge(case: &Case, rules: &[Rule], servers: &mut Servers) -> Verdict {
    let theirs = match &case.error {
        Some(error) => Outcome::Unsupported(error.clone()),
        // What is one text need not be run.
        None if renders_the_same(case) => Outcome::NotRun(None),
        None => servers.run(case, &mut |_| Ok(case.sql.clone())),
    };
    let rule = rules.iter().position(|rule| (rule.covers)(&Asked { case, theirs: &theirs }));
    let expressed = if case.op_name() == "batch_alter_table" { batch::operations(case) } else { case.operations() };
    let ops = match expressed {
        Ok(ops) => ops,
        Err(_) if case.error.is_some() => return Verdict::Passed { by: "refused by both", rule },
        Err(what) => return Verdict::Failed { why: format!("not expressible: {what}") },
    };
    if renders_the_same(case) {
        return Verdict::Passed { by: "the same text", rule };
    }
    let mut ours = Vec::new();
    let outcome = servers.run(case, &mut |before| {
        ours = statements(case, &ops, before)?;
        Ok(ours.clone())
    });
    match (agreement(case, &theirs, &ours, &outcome), rule) {
        (Some(by), rule) => Verdict::Passed { by, rule },
        (None, Some(rule)) if keeps(rules[rule].expect, &outcome) => Verdict::Deviating { rule },
        (None, _) => Verdict::Failed { why: difference(case, &theirs, &ours, &outcome) },
    }
}

/// Tells whether the texts are one, as far as that can be told without a catalog.
fn renders_the_same(case: &Case) -> bool {
    let ops = match case.op_name() {
        "batch_alter_table" if batch::rebuilds(case) => return false,
        "batch_alter_table" => batch::operations(case),
        _ => case.operations(),
    };
    let ours = ops.and_then(|ops| statements(case, &ops, &Schema::default()));
    case.error.is_none() && ours.is_ok_and(|ours| texts::same(&case.sql, &ours))
}

fn statements(case: &Case, ops: &[Operation], before: &Schema) -> Result<Vec<String>, String> {
    if batch::rebuilds(case) {
        return batch::statements(case, ops, before);
    }
    let mut all = Vec::new();
    for op in ops {
        let op = with_existing(case, &naming::named(case.dialect(), case.convention(), op)?, before);
        let rendered = case.dialect().render(&op).map_err(|error| format!("{error} (hint: {})", error.hint))?;
        all.extend(rendered.into_iter().map(|statement| statement.sql));
    }
    Ok(all)
}

/// Restating a column takes what it is from the catalog, as `op.alter_column` does.
fn with_existing(case: &Case, op: &Operation, before: &Schema) -> Operation {
    let mut op = op.clone();
    if let Operation::AlterColumn(alter) = &mut op
        && alter.existing.is_none()
        && matches!(case.dialect().name(), "mariadb" | "mysql")
        && let Some(column) = before.table(&alter.table).and_then(|table| table.find_column(&alter.change.column))
    {
        alter.existing = Some(column.clone());
    }
    op
}

/// How the case passes, if it does.
fn agreement(case: &Case, theirs: &Outcome, ours: &[String], outcome: &Outcome) -> Option<&'static str> {
    match (theirs, outcome) {
        (Outcome::Unsupported(_) | Outcome::Refused(_), Outcome::Unsupported(_) | Outcome::Refused(_)) => {
            Some("refused by both")
        }
        (Outcome::Left(_) | Outcome::NotRun(_), Outcome::Left(_) | Outcome::NotRun(_))
            if texts::same(&case.sql, ours) =>
        {
            Some("the same text")
        }
        (Outcome::Left(theirs), Outcome::Left(ours)) if theirs == ours => Some("the same catalog"),
        (Outcome::NotRun(Some(theirs)), Outcome::NotRun(Some(ours))) if theirs == ours => {
            Some("the same catalog where MariaDB stands in for MySQL")
        }
        (Outcome::Refused(_), Outcome::Left(_)) => Some("taken by the server, as Alembic's is not"),
        _ => None,
    }
}

fn keeps(expect: Expect, outcome: &Outcome) -> bool {
    match expect {
        Expect::Refusal => matches!(outcome, Outcome::Unsupported(why) if why.contains("hint: ")),
        Expect::Statements => matches!(outcome, Outcome::Left(_) | Outcome::NotRun(_)),
    }
}

fn difference(case: &Case, theirs: &Outcome, ours: &[String], outcome: &Outcome) -> String {
    let tell = |outcome: &Outcome| match outcome {
        Outcome::Unsupported(why) => format!("unsupported: {why}"),
        Outcome::Refused(why) => format!("refused: {why}"),
        Outcome::Left(_) => "taken".to_owned(),
        Outcome::NotRun(stand_in) => format!("not run, taken by MariaDB: {}", stand_in.is_some()),
    };
    let (sql, ours) = (case.sql.join("; "), ours.join("; "));
    let mut text = format!("\n    Alembic ({}): {sql}\n    Rectify ({}): {ours}", tell(theirs), tell(outcome));
    if let (Outcome::Left(theirs) | Outcome::NotRun(Some(theirs)), Outcome::Left(ours) | Outcome::NotRun(Some(ours))) =
        (theirs, outcome)
    {
        let (theirs, ours) = (format!("{theirs:#?}"), format!("{ours:#?}"));
        let only = |left: &str, right: &str| {
            let lines = left.lines().filter(|line| !right.lines().any(|other| other == *line));
            lines.map(str::trim).collect::<Vec<_>>().join(" ")
        };
        let (theirs, ours) = (only(&theirs, &ours), only(&ours, &theirs));
        text = format!("{text}\n    only theirs: {theirs}\n    only ours: {ours}");
    }
    text
}
