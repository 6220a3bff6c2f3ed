//! What the rows of the version table imply.

use std::collections::BTreeSet;

use super::PlanError;
use crate::graph::{Graph, unique};
use crate::resolve::ResolveError;

impl Graph {
    /// The ids of all revisions that the version rows imply: the rows, their ancestors and what those depend on.
    ///
    /// # Errors
    ///
    /// Returns [`PlanError::UnknownRow`] if a row names no revision.
    pub fn applied(&self, rows: &[String]) -> Result<BTreeSet<&str>, PlanError> {
        let applied = self.ancestors(&self.rows(rows)?);
        Ok((0..applied.len()).filter(|index| applied[*index]).map(|index| self.name(index)).collect())
    }

    /// The ids of all revisions that the version rows do not imply, in the order in which an upgrade to `heads` runs them.
    ///
    /// # Errors
    ///
    /// Returns [`PlanError::UnknownRow`] if a row names no revision.
    pub fn pending(&self, rows: &[String]) -> Result<Vec<&str>, PlanError> {
        let missing: Vec<bool> = self.ancestors(&self.rows(rows)?).into_iter().map(|applied| !applied).collect();
        let mut order = self.descending(&missing, &self.effective_head_indices());
        order.reverse();
        Ok(self.names(&order))
    }

    /// The tips of what the version rows imply, along parents: also a revision applied only as a dependency, which has no
    /// row.
    ///
    /// # Errors
    ///
    /// Returns [`PlanError::UnknownRow`] if a row names no revision.
    pub fn current(&self, rows: &[String]) -> Result<Vec<&str>, PlanError> {
        let applied = self.ancestors(&self.rows(rows)?);
        Ok(self.names(&self.tips(&applied, &self.children)))
    }

    /// The indices of version rows, sorted and without duplicates: a table is read in no particular order.
    pub(crate) fn rows(&self, rows: &[String]) -> Result<Vec<usize>, PlanError> {
        let mut found = self.rows_as_given(rows)?;
        found.sort_unstable();
        Ok(found)
    }

    pub(super) fn rows_as_given(&self, rows: &[String]) -> Result<Vec<usize>, PlanError> {
        let index_of = |row: &String| {
            self.exact(row).map_err(|error| match error {
                ResolveError::Unknown { text, nearest } => PlanError::UnknownRow { row: text, nearest },
                other => PlanError::Resolve(other),
            })
        };
        Ok(unique(rows.iter().map(index_of).collect::<Result<Vec<_>, _>>()?.into_iter()))
    }

    pub(crate) fn refuse_overlap(&self, members: &[usize], what: &'static str) -> Result<(), PlanError> {
        let downs: Vec<usize> = members.iter().flat_map(|index| &self.downs[*index]).copied().collect();
        let strictly_below = self.ancestors(&downs);
        let Some(included) = members.iter().find(|index| strictly_below[**index]) else { return Ok(()) };
        let includes = |index: &&usize| *index != included && self.ancestors(&[**index])[*included];
        let above = members.iter().find(includes).unwrap_or(included);
        let (above, below) = (self.name(*above).to_owned(), self.name(*included).to_owned());
        let rest: Vec<usize> = members.iter().copied().filter(|index| !strictly_below[*index]).collect();
        Err(PlanError::Overlap { above, below, what, rest: self.owned_names(&rest) })
    }
}
