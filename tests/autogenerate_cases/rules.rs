//! The deviations that are meant, each with the property that its phrase names.

use crate::case::Case;
use crate::covers;
use crate::suite::rules::{self, RuleText};

/// Says whether a case belongs to a rule, by what it asks and what Alembic finds. It does not look at the answer.
pub(crate) type Covers = fn(&Case) -> bool;

pub(crate) struct Rule {
    pub(crate) text: RuleText,
    pub(crate) covers: Covers,
    pub(crate) expect: Expect,
}

/// What Rectify finds in each case that a rule covers. What it finds is always written, applied and taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expect {
    /// All that Alembic finds, and more.
    More,
    /// Less than Alembic, for there is no difference in the rest.
    Less,
    /// The same in other words or another order.
    OtherWords,
}

pub(crate) fn read() -> Vec<Rule> {
    rules::read("autogenerate").into_iter().map(Rule::of).collect()
}

impl Rule {
    fn of(text: RuleText) -> Rule {
        let covers = covers::named(&text.covers)
            .unwrap_or_else(|| panic!("the rule `{}` covers `{}`, which is no property", text.name, text.covers));
        let expect = match text.expect.as_str() {
            "more" => Expect::More,
            "less" => Expect::Less,
            "other-words" => Expect::OtherWords,
            other => panic!("the rule `{}` expects `{other}`", text.name),
        };
        Rule { text, covers, expect }
    }

    /// Tells whether the differences that Rectify finds are what the rule expects beside those of Alembic.
    pub(crate) fn allows(&self, theirs: &[String], ours: &[String]) -> bool {
        let within = |few: &[String], many: &[String]| few.iter().all(|line| many.contains(line));
        match self.expect {
            Expect::More => within(theirs, ours) && ours.len() > theirs.len(),
            Expect::Less => within(ours, theirs) && ours.len() < theirs.len(),
            Expect::OtherWords => !ours.is_empty() && !theirs.is_empty(),
        }
    }
}
