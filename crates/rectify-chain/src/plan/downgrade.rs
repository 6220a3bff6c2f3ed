//! The way down. What depends on a revision goes with it, what it depends on stays.

use std::collections::HashSet;

use super::target::{refuse_range, wrong_way};
use super::{Direction, PlanError, RowChange, Step};
use crate::graph::Graph;
use crate::resolve::{Reached, Relative, ResolveError, too_far};
use crate::verify::reach;

impl Graph {
    /// The steps from the given version rows down to a target, which stays applied; `base` takes everything down.
    ///
    /// What depends on a revision goes down with it; what it depends on stays.
    ///
    /// # Errors
    ///
    /// Returns [`PlanError`] if the target or a row cannot be resolved, or if nothing applied comes after the target.
    pub fn plan_downgrade(&self, rows: &[String], target: &str) -> Result<Vec<Step>, PlanError> {
        let rows = self.rows(rows)?;
        let Down { branch, to, only_branch } = self.downgrade_target(&rows, target)?;
        let active = self.ancestors(&rows);
        let is_applied = to.is_some_and(|to| active[to]);
        let not_below = || PlanError::NotBelow { target: target.to_owned(), rows: self.owned_names(&rows), is_applied };
        let mut roots = to.map_or_else(|| self.base_indices(), |to| self.children[to].clone());
        if let Some(branch) = branch {
            if only_branch {
                roots = self.not_shared(branch, &active);
            } else if roots.len() > 1 {
                let line = self.parent_line(branch);
                roots.retain(|root| line[*root]);
                if roots.is_empty() {
                    return Err(not_below());
                }
            }
        }
        let mut unwanted = self.descendants(&roots);
        unwanted.iter_mut().zip(&active).for_each(|(unwanted, active)| *unwanted &= active);
        if !unwanted.contains(&true) && to.is_some_and(|to| !rows.contains(&to)) {
            return Err(not_below());
        }
        let order = self.descending(&unwanted, &rows);
        let mut at = Rows { is: self.flags(&rows), count: rows.len() };
        let followers = self.ups.iter().map(|ups| ups.iter().filter(|up| active[**up]).count()).collect();
        let mut applied = Applied { is: active, followers };
        let mut step = |index| self.step(Direction::Down, index, self.row_changes_down(index, &mut at, &mut applied));
        Ok(order.into_iter().map(&mut step).collect())
    }

    fn downgrade_target(&self, rows: &[usize], text: &str) -> Result<Down, PlanError> {
        refuse_range(text)?;
        let Some(Relative { branch, symbol, steps }) = self.relative(text) else {
            return self.absolute_downgrade_target(text);
        };
        let wrong_way = || wrong_way(text, "a downgrade", "`-1`, `base` or a revision");
        if symbol.is_none() && steps >= 0 {
            return Err(wrong_way().into());
        }
        let named = branch;
        let mut branch = branch.map(|branch| self.branch(branch)).transpose()?;
        let start = match symbol {
            Some(symbol) => self.start(named.filter(|_| steps < 0), symbol)?,
            None => {
                let current = self.current_for_downgrade(rows, branch, text).map_err(|error| match error {
                    PlanError::Resolve(ResolveError::TooFar { text, .. }) => too_far(&text, steps, 0).into(),
                    other => other,
                })?;
                branch = branch.or(Some(current));
                Some(current)
            }
        };
        if start.is_none() && steps <= 0 {
            return Err(wrong_way().into());
        }
        let lineage = branch.map(|branch| self.lineage(branch));
        let to = match self.walk(start, steps, lineage.as_deref(), text)? {
            Reached::At(index) => Some(index),
            Reached::Base => None,
            Reached::End { taken, .. } => return Err(too_far(text, steps, taken).into()),
        };
        Ok(Down { branch, to, only_branch: false })
    }

    fn absolute_downgrade_target(&self, text: &str) -> Result<Down, PlanError> {
        let known = self.ids.contains_key(text) || self.labels.contains_key(text);
        let Some((name, symbol)) = text.rsplit_once('@').filter(|(name, _)| !known && !name.is_empty()) else {
            return Ok(Down { branch: None, to: self.one(text)?, only_branch: false });
        };
        let branch = self.branch(name)?;
        // `west@head` is where the branch ends, never below anything; Alembic reads it as `head`.
        let to = match symbol {
            "head" | "heads" => self.one(symbol)?,
            _ => self.one(text)?,
        };
        Ok(Down { branch: Some(branch), to, only_branch: to.is_none() && symbol == "base" })
    }

    fn current_for_downgrade(&self, rows: &[usize], branch: Option<usize>, text: &str) -> Result<usize, PlanError> {
        let mut current = rows.to_vec();
        if let Some(branch) = branch {
            let lineage = self.lineage(branch);
            current.retain(|row| lineage[*row]);
            if current.is_empty() {
                current = self.tips(&self.ancestors(rows), &self.children);
                current.retain(|tip| lineage[*tip]);
            }
        }
        self.at_most_one(&current, text)?.ok_or_else(|| too_far(text, -1, 0).into())
    }

    /// The applied revisions of a branch, without those that applied revisions outside of it come after.
    fn not_shared(&self, branch: usize, active: &[bool]) -> Vec<usize> {
        let lineage = self.lineage(branch);
        let outside: Vec<usize> = (0..active.len()).filter(|index| active[*index] && !lineage[*index]).collect();
        let shared = reach(&self.parents, &outside);
        (0..active.len()).filter(|index| active[*index] && lineage[*index] && !shared[*index]).collect()
    }

    /// What the revision stood on gets its row back, unless another row implies it.
    ///
    /// Where there are other rows, a parent that only its fellow parent implies gets a row too: that is how Alembic leaves
    /// the table, and the next step down removes it.
    fn row_changes_down(&self, index: usize, at: &mut Rows, applied: &mut Applied) -> Vec<RowChange> {
        let id = self.name(index).to_owned();
        let downs = &self.downs[index];
        applied.is[index] = false;
        downs.iter().for_each(|down| applied.followers[*down] -= 1);
        at.remove(index);
        let alone = at.count == 0;
        let only = downs.len() == 1;
        let implied = |down: usize| applied.followers[down] > 0 && (alone || only || self.row_above(down, at, applied));
        let back: Vec<usize> = downs.iter().copied().filter(|down| !at.is[*down] && !implied(*down)).collect();
        back.iter().for_each(|down| at.insert(*down));
        let Some((last, others)) = back.split_last() else { return vec![RowChange::Delete(id)] };
        let mut changes: Vec<RowChange> =
            others.iter().map(|down| RowChange::Insert(self.name(*down).to_owned())).collect();
        changes.push(RowChange::Update { from: id, to: self.name(*last).to_owned() });
        changes
    }

    /// Whether a row lies above a revision.
    fn row_above(&self, index: usize, at: &Rows, applied: &Applied) -> bool {
        let mut seen = HashSet::from([index]);
        let mut stack = vec![index];
        while let Some(index) = stack.pop() {
            for up in self.ups[index].iter().copied().filter(|up| applied.is[*up]) {
                if at.is[up] {
                    return true;
                }
                if seen.insert(up) {
                    stack.push(up);
                }
            }
        }
        false
    }
}

/// The rows of the version table while steps are planned.
struct Rows {
    is: Vec<bool>,
    count: usize,
}

impl Rows {
    fn insert(&mut self, index: usize) {
        self.count += usize::from(!std::mem::replace(&mut self.is[index], true));
    }

    fn remove(&mut self, index: usize) {
        self.count -= usize::from(std::mem::replace(&mut self.is[index], false));
    }
}

/// What is applied while steps are planned, and per revision how many applied ones stand on it.
struct Applied {
    is: Vec<bool>,
    followers: Vec<usize>,
}

/// Where a downgrade goes.
struct Down {
    branch: Option<usize>,
    /// What stays; `None` is before the first revision.
    to: Option<usize>,
    /// `west@base`: nothing but this branch goes down, and what others stand on stays.
    only_branch: bool,
}
