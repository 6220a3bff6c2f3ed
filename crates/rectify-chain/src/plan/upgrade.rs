//! The way up.

use super::target::{refuse_range, wrong_way};
use super::{Direction, PlanError, RowChange, Step};
use crate::graph::Graph;
use crate::resolve::{Reached, Relative, too_far};

impl Graph {
    /// The steps from the given version rows up to a target.
    ///
    /// A target that is applied already, or lies below what is, gives no steps.
    ///
    /// # Errors
    ///
    /// Returns [`PlanError`] if the target or a row cannot be resolved, or if two of them overlap.
    pub fn plan_upgrade(&self, rows: &[String], target: &str) -> Result<Vec<Step>, PlanError> {
        self.plan_upgrade_to(rows, &[target])
    }

    /// As [`Graph::plan_upgrade`], to several targets at once, none of which may include another.
    ///
    /// # Errors
    ///
    /// As [`Graph::plan_upgrade`].
    pub fn plan_upgrade_to(&self, rows: &[String], targets: &[&str]) -> Result<Vec<Step>, PlanError> {
        let rows = self.rows(rows)?;
        let mut found = Vec::new();
        for target in targets {
            found.extend(self.upgrade_target(&rows, target)?);
        }
        let targets = found;
        self.refuse_overlap(&targets, "targets")?;
        self.refuse_overlap(&rows, "rows of the version table")?;
        let applied = self.ancestors(&rows);
        let mut wanted = self.ancestors(&targets);
        wanted.iter_mut().zip(&applied).for_each(|(wanted, applied)| *wanted &= !applied);
        let mut order = self.descending(&wanted, &targets);
        order.reverse();
        let mut at = self.flags(&rows);
        Ok(order
            .into_iter()
            .map(|index| self.step(Direction::Up, index, self.row_changes_up(index, &mut at)))
            .collect())
    }

    pub(crate) fn upgrade_target(&self, rows: &[usize], text: &str) -> Result<Vec<usize>, PlanError> {
        refuse_range(text)?;
        let Some(Relative { branch, symbol, steps }) = self.relative(text) else {
            return Ok(self.resolve_all(text)?);
        };
        let wrong_way = || wrong_way(text, "an upgrade", "`+1` or a revision");
        if symbol.is_none() && steps <= 0 {
            return Err(wrong_way().into());
        }
        let lineage = branch.map(|branch| self.branch(branch)).transpose()?.map(|index| self.lineage(index));
        let start = match symbol {
            Some(symbol) => self.start(branch.filter(|_| steps <= 0), symbol)?,
            None => self.current_for_upgrade(rows, lineage.as_deref(), text)?,
        };
        if start.is_none() && steps <= 0 {
            return Err(wrong_way().into());
        }
        match self.walk(start, steps, lineage.as_deref(), text)? {
            Reached::At(index) => Ok(vec![index]),
            Reached::Base => Ok(Vec::new()),
            Reached::End { taken, .. } => Err(too_far(text, steps, taken).into()),
        }
    }

    pub(crate) fn current_for_upgrade(
        &self,
        rows: &[usize],
        lineage: Option<&[bool]>,
        text: &str,
    ) -> Result<Option<usize>, PlanError> {
        let mut current = rows.to_vec();
        if let Some(lineage) = lineage {
            current.retain(|row| lineage[*row]);
            if current.is_empty() {
                let mut implied = self.ancestors(rows);
                implied.iter_mut().zip(lineage).for_each(|(implied, on_branch)| *implied &= on_branch);
                current = self.tips(&implied, &self.ups);
            }
        }
        self.at_most_one(&current, text)
    }

    /// A parent without a row is normal: another row implies it.
    fn row_changes_up(&self, index: usize, at: &mut [bool]) -> Vec<RowChange> {
        let id = self.name(index).to_owned();
        let gone: Vec<usize> = self.downs[index].iter().copied().filter(|down| at[*down]).collect();
        gone.iter().for_each(|down| at[*down] = false);
        at[index] = true;
        let Some((last, others)) = gone.split_last() else { return vec![RowChange::Insert(id)] };
        let mut changes: Vec<RowChange> =
            others.iter().map(|down| RowChange::Delete(self.name(*down).to_owned())).collect();
        changes.push(RowChange::Update { from: self.name(*last).to_owned(), to: id });
        changes
    }
}
