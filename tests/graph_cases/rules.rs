//! The deviations that are meant: read from `deviations.toml`, each with the functions that its two phrases name.

use std::fs;
use std::path::Path;

use rectify_chain::Graph;
use serde::Deserialize;

use crate::answer::Answer;
use crate::case::Case;
use crate::model::Model;
use crate::{covers, expects};

/// A case with what the functions of rules look at.
pub(crate) struct Asked<'a> {
    pub(crate) case: &'a Case,
    /// The graph, unless the chain is broken.
    pub(crate) graph: Option<&'a Graph>,
    pub(crate) model: &'a Model<'a>,
    pub(crate) answer: &'a Answer,
}

/// Says whether a case, by what it asks and what Alembic did, belongs to a rule. It does not look at the answer.
pub(crate) type Covers = fn(&Asked<'_>) -> bool;
/// Says what is wrong with the answer, as the rule has it.
pub(crate) type Expects = fn(&Asked<'_>) -> Result<(), String>;

pub(crate) struct Rule {
    pub(crate) text: RuleText,
    pub(crate) covers: Covers,
    pub(crate) expects: Expects,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleText {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) traps: Vec<u32>,
    #[serde(default)]
    pub(crate) section: String,
    pub(crate) alembic: String,
    pub(crate) rectify: String,
    pub(crate) why: String,
    covers: String,
    expect: String,
}

pub(crate) fn read() -> Vec<Rule> {
    #[derive(Deserialize)]
    struct Rules {
        rule: Vec<RuleText>,
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/graph/deviations.toml");
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("cannot read {}: {error}", file.display()));
    let rules: Rules = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    rules.rule.into_iter().map(Rule::of).collect()
}

impl Rule {
    fn of(text: RuleText) -> Rule {
        for told in [&text.alembic, &text.rectify, &text.why] {
            assert!(!told.is_empty(), "the rule `{}` must say what differs and why", text.name);
        }
        assert!(!text.traps.is_empty() || !text.section.is_empty(), "the rule `{}` names no place", text.name);
        let covers = covers::named(&text.covers)
            .unwrap_or_else(|| panic!("the rule `{}` covers `{}`, which is no property", text.name, text.covers));
        let expects = expects::named(&text.expect)
            .unwrap_or_else(|| panic!("the rule `{}` expects `{}`, which is no check", text.name, text.expect));
        Rule { text, covers, expects }
    }

    /// Where the reference speaks of it: `trap 5`, `section 3.2`.
    pub(crate) fn place(&self) -> String {
        let traps: Vec<String> = self.text.traps.iter().map(|trap| format!("trap {trap}")).collect();
        let section = Some(format!("section {}", self.text.section)).filter(|_| !self.text.section.is_empty());
        traps.into_iter().chain(section).collect::<Vec<_>>().join(", ")
    }
}
