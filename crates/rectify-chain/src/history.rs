//! The chain as a list, newest first. It draws nothing.

use crate::graph::{Graph, unique};
use crate::plan::{PlanError, wrong_way};
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
    /// (the version rows), or a number of steps: `-3:` counts down from the heads and `ae10:+2` up from the start. Steps
    /// that lead too far stop at the end of the chain.
    ///
    /// # Errors
    ///
    /// Returns [`RangeError`] if the text is no range, or an end cannot be resolved or is not below the other.
    pub fn history_range(&self, rows: &[String], text: &str) -> Result<Vec<&str>, RangeError> {
        let form = || RangeError::Form { text: text.to_owned() };
        let (low, high) = text.split_once(':').filter(|(_, high)| !high.contains(':')).ok_or_else(form)?;
        if self.relative(high).is_some_and(|relative| relative.symbol.is_none() && relative.steps <= 0) {
            return Err(wrong_way(high, "the end of a range", "`+1` or a revision").into());
        }
        let steps_down = self.relative(low).filter(|relative| relative.symbol.is_none() && relative.steps < 0);
        let mut lower = match steps_down {
            Some(steps) => self.below_heads(steps, low)?,
            None => Some(self.end(rows, low, Vec::new())?),
        };
        let mut upper = match self.relative(high) {
            Some(relative) => self.above(lower.as_deref().unwrap_or_default(), relative, high)?,
            None => self.end(rows, high, self.effective_head_indices())?,
        };
        if let (None, Some(steps)) = (&lower, steps_down) {
            lower = Some(self.below(&upper, steps, low)?);
        }
        if let Some((branch, _)) = low.split_once('@').filter(|(branch, _)| !branch.is_empty()) {
            let on_branch = self.showing(self.branch(branch)?);
            upper.retain(|index| on_branch[*index]);
        }
        let lower = lower.unwrap_or_default();
        self.refuse_overlap(&upper, "upper ends of the range")?;
        self.refuse_overlap(&lower, "lower ends of the range")?;
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
        match text {
            "" => Ok(absent),
            "current" => Ok(self.rows(rows)?),
            _ => Ok(self.resolve_all(text)?),
        }
    }

    /// The revisions that lie so many steps below the heads (of a branch); nothing if all heads are nearer to the base.
    fn below_heads(&self, relative: Relative<'_>, text: &str) -> Result<Option<Vec<usize>>, RangeError> {
        let on_branch = relative.branch.map(|branch| self.branch(branch)).transpose()?.map(|index| self.showing(index));
        let mut found = Vec::new();
        for head in self.effective_head_indices() {
            if on_branch.as_ref().is_some_and(|on_branch| !on_branch[head]) {
                continue;
            }
            if let Reached::At(index) = self.walk(Some(head), relative.steps, None, text)? {
                found.push(index);
            }
        }
        Ok(Some(unique(found.into_iter())).filter(|found| !found.is_empty()))
    }

    /// The revisions that lie so many steps below the upper end, or before the first revision.
    fn below(&self, upper: &[usize], relative: Relative<'_>, text: &str) -> Result<Vec<usize>, RangeError> {
        let mut found = Vec::new();
        for start in upper {
            match self.walk(Some(*start), relative.steps, None, text)? {
                Reached::At(index) => found.push(index),
                Reached::Base | Reached::End { .. } => {}
            }
        }
        Ok(unique(found.into_iter()))
    }

    /// The revision that lies so many steps above the lower end, or from the revision that they name.
    fn above(&self, lower: &[usize], relative: Relative<'_>, text: &str) -> Result<Vec<usize>, RangeError> {
        let Relative { branch, symbol, steps } = relative;
        let lineage = branch.map(|branch| self.branch(branch)).transpose()?.map(|index| self.lineage(index));
        let start = match symbol {
            Some(symbol) => self.start(branch.filter(|_| steps <= 0), symbol)?,
            None => self.current_for_upgrade(lower, lineage.as_deref(), text)?,
        };
        if start.is_none() && steps <= 0 {
            return Err(wrong_way(text, "the end of a range", "`+1` or a revision").into());
        }
        Ok(match self.walk(start, steps, lineage.as_deref(), text)? {
            Reached::At(index) => vec![index],
            Reached::Base => Vec::new(),
            Reached::End { last, .. } => last.into_iter().collect(),
        })
    }

    /// The revisions that show a label of the given one, its own if it has any; without labels, those that come after it.
    fn showing(&self, revision: usize) -> Vec<bool> {
        let shown = self.shown_labels();
        let own: Vec<&str> = self.nodes()[revision].branch_labels.iter().map(String::as_str).collect();
        let labels = if own.is_empty() { &shown[revision] } else { &own };
        if labels.is_empty() {
            return reach(&self.children, &[revision]);
        }
        shown.iter().map(|shown| labels.iter().any(|label| shown.contains(label))).collect()
    }
}
