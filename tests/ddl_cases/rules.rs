//! The deviations that are meant: read from `deviations.toml`, each with the property that its phrase names.

use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::case::Case;
use crate::covers;
use crate::servers::Outcome;

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
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleText {
    pub(crate) name: String,
    pub(crate) section: String,
    pub(crate) alembic: String,
    pub(crate) rectify: String,
    pub(crate) why: String,
    covers: String,
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
    #[derive(Deserialize)]
    struct Rules {
        #[serde(default)]
        rule: Vec<RuleText>,
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/ddl/deviations.toml");
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("cannot read {}: {error}", file.display()));
    let rules: Rules = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    rules.rule.into_iter().map(Rule::of).collect()
}

impl Rule {
    fn of(text: RuleText) -> Rule {
        for told in [&text.alembic, &text.rectify, &text.why, &text.section] {
            assert!(!told.is_empty(), "the rule `{}` must say what differs, where and why", text.name);
        }
        let covers = covers::named(&text.covers)
            .unwrap_or_else(|| panic!("the rule `{}` covers `{}`, which is no property", text.name, text.covers));
        Rule { text, covers }
    }
}
