//! The deviations that are meant: read from `deviations.toml`, each with the property that its phrase names.

use serde::Deserialize;
use serde::de::value::StrDeserializer;

use crate::case::Case;
use crate::covers;
use crate::servers::Outcome;
use crate::suite::rules::{self, RuleText};

/// Says whether a case, by what it asks and what Alembic and the server did, belongs to a rule. It does not look at the
/// answer.
pub(crate) type Covers = fn(&Asked<'_>) -> bool;

/// A case with what functions of rules look at.
pub(crate) struct Asked<'a> {
    pub(crate) case: &'a Case,
    /// What became of Alembic's statements.
    pub(crate) theirs: &'a Outcome,
}

pub(crate) struct Rule {
    pub(crate) text: RuleText,
    pub(crate) covers: Covers,
    pub(crate) expect: Expect,
}

/// What Rectify does with each case that a rule covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Expect {
    /// It refuses, with a hint.
    Refusal,
    /// It renders statements, which the server takes where there is one.
    Statements,
}

pub(crate) fn read() -> Vec<Rule> {
    rules::read("ddl").into_iter().map(Rule::of).collect()
}

impl Rule {
    fn of(text: RuleText) -> Rule {
        let covers = covers::named(&text.covers)
            .unwrap_or_else(|| panic!("the rule `{}` covers `{}`, which is no property", text.name, text.covers));
        let expect = Expect::deserialize(StrDeserializer::<serde::de::value::Error>::new(&text.expect))
            .unwrap_or_else(|error| panic!("the rule `{}`: {error}", text.name));
        Rule { text, covers, expect }
    }
}
