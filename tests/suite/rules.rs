//! The deviations that are meant, as `deviations.toml` says them.

use std::fs;

use serde::Deserialize;

use super::folder;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleText {
    pub(crate) name: String,
    pub(crate) section: String,
    pub(crate) alembic: String,
    pub(crate) rectify: String,
    pub(crate) why: String,
    pub(crate) covers: String,
    pub(crate) expect: String,
}

pub(crate) fn read(suite: &str) -> Vec<RuleText> {
    #[derive(Deserialize)]
    struct Rules {
        #[serde(default)]
        rule: Vec<RuleText>,
    }
    let file = folder::cases(suite).join("deviations.toml");
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("cannot read {}: {error}", file.display()));
    let rules: Rules = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    rules.rule.iter().for_each(RuleText::check);
    rules.rule
}

impl RuleText {
    fn check(&self) {
        for told in [&self.alembic, &self.rectify, &self.why, &self.section] {
            assert!(!told.is_empty(), "the rule `{}` must say what differs, where and why", self.name);
        }
    }
}
