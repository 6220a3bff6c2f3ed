//! The rows alone: what the version table is made to say.

use super::{PlanError, RowChange};
use crate::graph::Graph;

impl Graph {
    /// How the version rows change so that they say `targets`, without running anything. No target is `base`.
    ///
    /// Only rows on the branches of the targets change; of several that become one, the last given is updated. To forget
    /// rows that the chain does not know, pass no rows and delete them first.
    ///
    /// # Errors
    ///
    /// Returns [`PlanError`] if a target or a row cannot be resolved, or if one target includes another.
    pub fn plan_stamp(&self, rows: &[String], targets: &[&str]) -> Result<Vec<RowChange>, PlanError> {
        let rows = self.rows_as_given(rows)?;
        let mut all_rows = targets.is_empty();
        let (mut related, mut destinations) = (Vec::new(), Vec::new());
        for text in targets {
            let found = self.resolve_all(text)?;
            all_rows |= found.is_empty() && !text.contains('@');
            if let Some((branch, _)) = text.split_once('@').filter(|(branch, _)| !branch.is_empty()) {
                related.push(self.branch(branch)?);
            }
            related.extend(&found);
            destinations.extend(found.into_iter().filter(|index| !destinations.contains(index)).collect::<Vec<_>>());
        }
        self.refuse_overlap(&destinations, "targets")?;
        let is_related = |row: &usize| {
            let (below, above) = (self.ancestors(&[*row]), self.descendants(&[*row]));
            all_rows || related.iter().any(|target| below[*target] || above[*target])
        };
        let moving: Vec<usize> = rows.into_iter().filter(is_related).collect();
        Ok(self.stamp_changes(&moving, &destinations))
    }

    fn stamp_changes(&self, moving: &[usize], destinations: &[usize]) -> Vec<RowChange> {
        let delete = |row: &usize| RowChange::Delete(self.name(*row).to_owned());
        if destinations.is_empty() {
            return moving.iter().map(delete).collect();
        }
        // The first target that needs it uses up all rows, the later ones become new rows.
        let mut left: Vec<usize> = moving.to_vec();
        let mut changes = Vec::new();
        for destination in destinations.iter().filter(|destination| !moving.contains(destination)) {
            let (below, above) = (self.ancestors(&[*destination]), self.descendants(&[*destination]));
            let to = self.name(*destination).to_owned();
            match left.split_last() {
                Some((last, others)) if moving.iter().any(|row| below[*row] || above[*row]) => {
                    changes.extend(others.iter().map(delete));
                    changes.push(RowChange::Update { from: self.name(*last).to_owned(), to });
                    left.clear();
                }
                _ => changes.push(RowChange::Insert(to)),
            }
        }
        changes
    }
}
