//! What targets of upgrades and downgrades have in common.

use super::PlanError;
use crate::graph::Graph;
use crate::resolve::ResolveError;

impl Graph {
    /// The place that steps are counted from. On the way up the branch says where to go, on the way down where to begin.
    pub(crate) fn start(&self, branch: Option<&str>, symbol: &str) -> Result<Option<usize>, ResolveError> {
        match branch {
            Some(branch) => self.one(&format!("{branch}@{symbol}")),
            None => self.one(symbol),
        }
    }

    pub(super) fn at_most_one(&self, current: &[usize], text: &str) -> Result<Option<usize>, PlanError> {
        match current {
            [] => Ok(None),
            [index] => Ok(Some(*index)),
            _ => Err(PlanError::SeveralCurrent { text: text.to_owned(), rows: self.owned_names(current) }),
        }
    }
}

pub(super) fn refuse_range(text: &str) -> Result<(), PlanError> {
    if text.contains(':') { Err(PlanError::Range { text: text.to_owned() }) } else { Ok(()) }
}

pub(crate) fn wrong_way(text: &str, command: &'static str, wanted: &'static str) -> ResolveError {
    ResolveError::WrongWay { text: text.to_owned(), command, wanted }
}
