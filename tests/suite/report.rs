//! What came of all cases, on standard output: the harness of Rust's tests shows nothing else of a test that passes.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::rules::RuleText;

pub(crate) enum Verdict {
    /// Rectify does what Alembic does; how that was seen.
    Passed { by: &'static str, rule: Option<usize> },
    /// It does something else, which a rule explains.
    Deviating { rule: usize },
    /// It does something else.
    Failed { why: String },
}

pub(crate) struct Report<'a> {
    rules: Vec<&'a RuleText>,
    /// Per rule how many cases it covers.
    covered: Vec<usize>,
    /// Per rule the cases that deviate by it.
    deviating: Vec<Vec<&'a str>>,
    passed: BTreeMap<&'static str, usize>,
    failed: Vec<String>,
}

impl<'a> Report<'a> {
    pub(crate) fn new(rules: impl IntoIterator<Item = &'a RuleText>) -> Self {
        let rules: Vec<_> = rules.into_iter().collect();
        let (covered, deviating) = (vec![0; rules.len()], vec![Vec::new(); rules.len()]);
        Report { rules, covered, deviating, passed: BTreeMap::new(), failed: Vec::new() }
    }

    pub(crate) fn add(&mut self, id: &'a str, verdict: Verdict) {
        match verdict {
            Verdict::Passed { by, rule } => {
                *self.passed.entry(by).or_default() += 1;
                rule.into_iter().for_each(|rule| self.covered[rule] += 1);
            }
            Verdict::Deviating { rule } => {
                self.deviating[rule].push(id);
                self.covered[rule] += 1;
            }
            Verdict::Failed { why } => self.failed.push(format!("{id}: {why}")),
        }
    }

    /// A rule that covers nothing is a rule that explains nothing.
    pub(crate) fn require_use_of_rules(&mut self) {
        let unused = self.rules.iter().zip(&self.covered).filter(|(_, covered)| **covered == 0);
        self.failed.extend(unused.map(|(rule, _)| format!("the rule `{}` covers no case", rule.name)));
    }

    pub(crate) fn is_good(&self) -> bool {
        self.failed.is_empty()
    }

    /// The last line counts, under the name of the suite.
    pub(crate) fn print(&self, suite: &str, summary: String) {
        let mut lines = vec![String::new(), summary];
        for ((rule, deviating), covered) in self.rules.iter().zip(&self.deviating).zip(&self.covered) {
            let count = deviating.len();
            lines.push(format!(
                "deviating: {} (section {}): {count} of {covered} that it covers",
                rule.name, rule.section
            ));
            lines.push(format!("  Alembic: {}", rule.alembic));
            lines.push(format!("  Rectify: {}, because {}", rule.rectify, rule.why));
            lines.extend(deviating.chunks(4).map(|ids| format!("  - {}", ids.join(" "))));
        }
        lines.extend(self.failed.iter().map(|failed| format!("failed: {failed}")));
        lines.extend(self.passed.iter().map(|(by, count)| format!("passed, {by}: {count}")));
        let deviating: usize = self.deviating.iter().map(Vec::len).sum();
        let (passed, failed) = (self.passed.values().sum::<usize>(), self.failed.len());
        lines.push(format!("{suite}: {passed} passed, {deviating} deviating, {failed} failed"));
        lines.push(String::new());
        io::stdout().write_all(lines.join("\n").as_bytes()).unwrap();
    }
}
