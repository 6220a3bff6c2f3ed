//! The chain as a list, newest first. It draws nothing.

use crate::graph::Graph;
use crate::plan::PlanError;
use crate::resolve::{Reached, Relative, ResolveError};
use crate::verify::reach;

/// Why a range lists nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RangeError {
    /// The text has no colon, or two.
    #[error("`{text}` is not a range")]
    Form {
        /// The text.
        text: String,
    },
    /// The lower end is not below the upper one.
    #[error("the range `{text}` is empty: `{lower}` is not an ancestor of its upper end")]
    NotAncestor {
        /// The text.
        text: String,
        /// The lower end.
        lower: String,
    },
    /// An end names no revision, or too many.
    #[error(transparent)]
    Plan(#[from] PlanError),
}

impl RangeError {
    /// What to type instead.
    pub fn hint(&self) -> String {
        match self {
            Self::Form { .. } => "write `start:end`, `start:` or `:end`".to_owned(),
            Self::NotAncestor { .. } => "put the older revision before the colon".to_owned(),
            Self::Plan(error) => error.hint(),
        }
    }
}

impl From<ResolveError> for RangeError {
    fn from(error: ResolveError) -> Self {
        Self::Plan(PlanError::Resolve(error))
    }
}

impl Graph {
    /// All revisions from the newest to the oldest, each after everything that needs it.
    pub fn history(&self) -> Vec<&str> {
        self.names(&self.descending(&vec![true; self.nodes().len()], &self.effective_head_indices()))
    }

    /// The revisions of a range `start:end`, both included, newest first. Either end may be left out, or be `current`
    /// (the version rows), or a number of steps from the other end.
    ///
    /// # Errors
    ///
    /// Returns [`RangeError`] if the text is no range, or an end cannot be resolved or is not below the other.
    pub fn history_range(&self, rows: &[String], text: &str) -> Result<Vec<&str>, RangeError> {
        let form = || RangeError::Form { text: text.to_owned() };
        let (low, high) = text.split_once(':').filter(|(_, high)| !high.contains(':')).ok_or_else(form)?;
        let low_is_relative = matches!(self.relative(low), Some(Relative { symbol: None, .. }));
        let mut lower = if low_is_relative { Vec::new() } else { self.end(rows, low, Vec::new())? };
        let mut upper = match self.relative(high) {
            Some(relative) => self.from(&lower, relative, high)?,
            None => self.end(rows, high, self.effective_head_indices())?,
        };
        if let Some(relative) = self.relative(low).filter(|_| low_is_relative) {
            lower = self.from(&upper, relative, low)?;
        }
        if let Some((branch, _)) = low.rsplit_once('@').filter(|(branch, _)| !branch.is_empty()) {
            let lineage = reach(&self.children, &[self.branch(branch)?]);
            upper.retain(|index| lineage[*index]);
        }
        self.between(&lower, &upper, text)
    }

    fn between(&self, lower: &[usize], upper: &[usize], text: &str) -> Result<Vec<&str>, RangeError> {
        let mut set = self.ancestors(upper);
        if let Some(outside) = lower.iter().find(|index| !set[**index]) {
            let lower = self.name(*outside).to_owned();
            return Err(RangeError::NotAncestor { text: text.to_owned(), lower });
        }
        if !lower.is_empty() {
            let (below, above) = (self.ancestors(lower), reach(&self.children, lower));
            for index in 0..set.len() {
                set[index] &= above[index] && (!below[index] || lower.contains(&index));
            }
        }
        Ok(self.names(&self.descending(&set, &self.tips(&set, &self.ups))))
    }

    fn end(&self, rows: &[String], text: &str, absent: Vec<usize>) -> Result<Vec<usize>, RangeError> {
        match (text, self.relative(text)) {
            ("", _) => Ok(absent),
            ("current", _) => Ok(self.rows(rows)?),
            (_, Some(relative)) => self.from(&[], relative, text),
            _ => Ok(self.resolve_all(text)?),
        }
    }

    /// Steps from the other end of the range, or from the revision that they name; they stop at the end of the chain.
    fn from(&self, other: &[usize], relative: Relative<'_>, text: &str) -> Result<Vec<usize>, RangeError> {
        let branch = relative.branch.map(|branch| self.branch(branch)).transpose()?.map(|index| self.lineage(index));
        let starts: Vec<Option<usize>> = match (relative.symbol, other) {
            (Some(symbol), _) => vec![self.one(symbol)?],
            (None, []) => vec![None],
            (None, others) => others.iter().copied().map(Some).collect(),
        };
        let mut found = Vec::new();
        for start in starts {
            match self.walk(start, relative.steps, branch.as_deref(), text)? {
                Reached::At(index) => found.push(index),
                Reached::Base => {}
                Reached::End { last, .. } => found.extend(last),
            }
        }
        Ok(found)
    }
}
