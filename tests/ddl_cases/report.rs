//! What came of all cases, on standard output: the harness of Rust's tests shows nothing else of a test that passes.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::case::Case;
use crate::rules::Rule;
use crate::servers::Servers;

pub(crate) enum Verdict {
    /// Rectify does what Alembic does; how that was seen.
    Passed { by: &'static str, rule: Option<usize> },
    /// It does something else, which a rule explains.
    Deviating { rule: usize },
    /// It does something else.
    Failed { why: String },
}

pub(crate) struct Report<'a> {
    rules: &'a [Rule],
    /// Per rule how many cases it covers.
    covered: Vec<usize>,
    /// Per rule the cases that deviate by it.
    deviating: Vec<Vec<&'a str>>,
    passed: BTreeMap<&'static str, usize>,
    failed: Vec<String>,
}

impl<'a> Report<'a> {
    pub(crate) fn new(rules: &'a [Rule]) -> Self {
        let (covered, deviating) = (vec![0; rules.len()], vec![Vec::new(); rules.len()]);
        Report { rules, covered, deviating, passed: BTreeMap::new(), failed: Vec::new() }
    }

    pub(crate) fn add(&mut self, case: &'a Case, verdict: Verdict) {
        match verdict {
            Verdict::Passed { by, rule } => {
                *self.passed.entry(by).or_default() += 1;
                rule.into_iter().for_each(|rule| self.covered[rule] += 1);
            }
            Verdict::Deviating { rule } => {
                self.deviating[rule].push(&case.id);
                self.covered[rule] += 1;
            }
            Verdict::Failed { why } => self.failed.push(format!("{}: {why}", case.id)),
        }
    }

    /// A rule that covers nothing is a rule that explains nothing.
    pub(crate) fn require_use_of_rules(&mut self) {
        let unused = self.rules.iter().zip(&self.covered).filter(|(_, covered)| **covered == 0);
        self.failed.extend(unused.map(|(rule, _)| format!("the rule `{}` covers no case", rule.text.name)));
    }

    pub(crate) fn is_good(&self) -> bool {
        self.failed.is_empty()
    }

    pub(crate) fn print(&self, servers: &Servers) {
        let mut lines = vec![String::new(), servers.summary()];
        for ((rule, deviating), covered) in self.rules.iter().zip(&self.deviating).zip(&self.covered) {
            let (count, text) = (deviating.len(), &rule.text);
            lines.push(format!(
                "deviating: {} (section {}): {count} of {covered} that it covers",
                text.name, text.section
            ));
            lines.push(format!("  Alembic: {}", text.alembic));
            lines.push(format!("  Rectify: {}, because {}", text.rectify, text.why));
            lines.extend(deviating.chunks(4).map(|ids| format!("  - {}", ids.join(" "))));
        }
        lines.extend(self.failed.iter().map(|failed| format!("failed: {failed}")));
        lines.extend(self.passed.iter().map(|(by, count)| format!("passed, {by}: {count}")));
        let deviating: usize = self.deviating.iter().map(Vec::len).sum();
        let (passed, failed) = (self.passed.values().sum::<usize>(), self.failed.len());
        lines.push(format!("ddl_cases: {passed} passed, {deviating} deviating, {failed} failed"));
        lines.push(String::new());
        io::stdout().write_all(lines.join("\n").as_bytes()).unwrap();
    }
}
