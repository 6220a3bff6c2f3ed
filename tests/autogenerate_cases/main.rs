//! What autogenerate finds on each database, against what Alembic finds.
//!
//! Each case of `tests/cases/autogenerate` (or of the folder that `RECTIFY_AUTOGENERATE_CASES` names) is a database and the
//! tables that it should have. It passes if we find what Alembic finds, in its order, and the reverse is that of Alembic.
//! Where Rectify finds something else on purpose, `deviations.toml` says what and why. In any case what was found is applied
//! as a migration, after which nothing more is found, and taken back, after which the catalog is as it was; and the source
//! that is written for it compiles.
#![expect(clippy::unwrap_used, reason = "tests")]

mod case;
mod chain;
mod compiled;
mod covers;
mod differences;
#[path = "../ddl_cases/express.rs"]
mod express;
#[path = "../ddl_cases/keys.rs"]
mod keys;
mod model;
#[path = "../ddl_cases/naming.rs"]
mod naming;
mod rules;
mod servers;
#[path = "../suite/mod.rs"]
mod suite;
#[path = "../ddl_cases/types.rs"]
mod types;

use case::{Case, Corpus};
use compiled::Written;
use rectify_schema::Schema;
use rectify_schema::diff::{Diff, diff};
use rules::Rule;
use servers::{Made, Servers};
use suite::report::{Report, Verdict};

#[test]
fn autogenerate_cases() {
    let (corpus, rules) = (Corpus::read(), rules::read());
    let mut servers = Servers::new();
    let mut written = Written::default();
    let judged: Vec<_> =
        corpus.cases.iter().map(|case| (&case.id, judge(case, &rules, &mut servers, &mut written))).collect();
    servers.clear();
    let mut refused = written.compile();
    let mut report = Report::new(rules.iter().map(|rule| &rule.text));
    for (id, verdict) in judged {
        let why = refused.remove(id.as_str());
        report.add(id, why.map_or(verdict, |why| Verdict::Failed { why }));
    }
    // Other folders need not have a case for each rule.
    if corpus.is_default {
        report.require_use_of_rules();
    }
    report.print("autogenerate_cases", servers.summary());
    assert!(report.is_good(), "see above");
}

fn judge(case: &Case, rules: &[Rule], servers: &mut Servers, written: &mut Written) -> Verdict {
    let rule = rules.iter().position(|rule| (rule.covers)(case));
    let Some(mut made) = servers.make(case) else {
        return Verdict::Passed { by: "its server is left out", rule };
    };
    let before = made.inspect(case);
    let model = match model::schema(case, &before) {
        Ok(model) => model,
        Err(what) => return Verdict::Failed { why: format!("not expressible: {what}") },
    };
    let found = diff(&before, &model, case.dialect(), &case.options());
    written.add(case, &found);
    if let Err(why) = there_and_back(case, &mut made, &before, &model, &found) {
        let steps: Vec<_> = found.operations.iter().map(ToString::to_string).collect();
        return Verdict::Failed { why: format!("{why}\n    operations: {}", steps.join("; ")) };
    }
    compare(case, rules, rule, &found)
}

fn compare(case: &Case, rules: &[Rule], rule: Option<usize>, found: &Diff) -> Verdict {
    let d = case.dialect();
    let (theirs, ours) = (differences::theirs(d, &case.diffs), differences::ours(d, &found.operations));
    let (theirs_back, ours_back) = (differences::theirs(d, &case.downgrade), differences::ours(d, &found.reverse()));
    if case.error.is_none() && theirs == ours && theirs_back == ours_back {
        let by = if ours.is_empty() { "nothing found by either" } else { "the same differences" };
        return Verdict::Passed { by, rule };
    }
    match rule.filter(|rule| rules[*rule].allows(&theirs, &ours) && rules[*rule].allows(&theirs_back, &ours_back)) {
        Some(rule) => Verdict::Deviating { rule },
        None => Verdict::Failed {
            why: format!(
                "{}\n    Alembic: {}\n    Rectify: {}\n    Alembic back: {}\n    Rectify back: {}",
                case.error.as_deref().unwrap_or_default(),
                theirs.join("; "),
                ours.join("; "),
                theirs_back.join("; "),
                ours_back.join("; ")
            ),
        },
    }
}

/// Applies what was found and finds nothing more; takes it back and finds the catalog as it was.
fn there_and_back(
    case: &Case,
    made: &mut Made<'_>,
    before: &Schema,
    model: &Schema,
    found: &Diff,
) -> Result<(), String> {
    chain::upgrade(made.connection(), found.operations.clone()).map_err(|error| format!("up: {error}"))?;
    let after = made.inspect(case);
    let left = diff(&after, model, case.dialect(), &case.options());
    if !left.is_empty() {
        return Err(format!("still found: {:?}", differences::ours(case.dialect(), &left.operations)));
    }
    chain::downgrade(made.connection(), found.reverse()).map_err(|error| format!("down: {error}"))?;
    let restored = made.inspect(case);
    same(before, &restored)
}

/// The order of columns does not count: one that was dropped comes back as the last.
fn same(before: &Schema, restored: &Schema) -> Result<(), String> {
    let sorted = |schema: &Schema| {
        let mut schema = schema.clone();
        for table in &mut schema.tables {
            table.columns.sort_by(|a, b| a.name.cmp(&b.name));
        }
        format!("{schema:#?}")
    };
    let (before, restored) = (sorted(before), sorted(restored));
    if before == restored {
        return Ok(());
    }
    let only = |these: &str, those: &str| {
        let lines = these.lines().filter(|line| !those.lines().any(|other| other == *line));
        lines.map(str::trim).collect::<Vec<_>>().join(" ")
    };
    Err(format!("not as it was: was {}; is {}", only(&before, &restored), only(&restored, &before)))
}
