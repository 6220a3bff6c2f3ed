//! From the rows of the version table to a target: ordered steps, and how each changes the rows.
//!
//! It runs nothing and reads no table. All errors come before the first step.

use std::collections::{BTreeSet, HashSet};

use crate::graph::{Graph, unique};
use crate::resolve::{Reached, Relative, ResolveError, list, too_far, without_branch};
use crate::verify::reach;

/// Which half of a migration a step runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// `upgrade`.
    Up,
    /// `downgrade`.
    Down,
}

/// One migration to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Which half of it.
    pub direction: Direction,
    /// Its id.
    pub revision: String,
    /// How the version table changes with it, in this order.
    pub changes: Vec<RowChange>,
}

/// One change of the version table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowChange {
    /// A new row.
    Insert(String),
    /// A row goes.
    Delete(String),
    /// A row moves.
    Update {
        /// What it says before.
        from: String,
        /// What it says after.
        to: String,
    },
}

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// The target names no revision, or too many.
    #[error(transparent)]
    Resolve(#[from] ResolveError),
    /// The version table holds an id that no revision of the chain has.
    #[error("the version table holds `{row}`, which is no revision of this chain")]
    UnknownRow {
        /// The id.
        row: String,
        /// The ids nearest to it.
        nearest: Vec<String>,
    },
    /// Two rows (or two targets), one of which implies the other.
    #[error("revision `{above}` already includes `{below}`, and both are {what}")]
    Overlap {
        /// The later one.
        above: String,
        /// The one that it includes.
        below: String,
        /// Where they were found: rows of the version table or targets.
        what: &'static str,
        /// All that were found there, without those that others include.
        rest: Vec<String>,
    },
    /// Steps were counted from where the database is, and it is in several places.
    #[error("`{text}` counts from the current revision, and there are {}: {}", .rows.len(), list(.rows))]
    SeveralCurrent {
        /// The text.
        text: String,
        /// The places.
        rows: Vec<String>,
    },
    /// The target of a downgrade is not below what is applied.
    #[error("cannot downgrade to `{target}`: nothing that is applied comes after it")]
    NotBelow {
        /// The target.
        target: String,
        /// What the version table says.
        rows: Vec<String>,
        /// Whether the target is applied, as a dependency of something.
        is_applied: bool,
    },
    /// An offline range lacks an end that must be named, or has too many.
    #[error("`{text}` does not say from where to where the offline SQL goes")]
    NoRange {
        /// The text.
        text: String,
        /// What to write instead.
        wanted: String,
    },
    /// The targets of an offline stamp disagree on where the database stands.
    #[error("the targets begin at different revisions: {}", list(.starts))]
    SeveralStarts {
        /// What they say.
        starts: Vec<String>,
    },
    /// A range was given where one target belongs.
    #[error("`{text}` is a range, and one target is needed")]
    Range {
        /// The text.
        text: String,
    },
}

impl PlanError {
    /// What to type instead.
    pub fn hint(&self) -> String {
        match self {
            Self::Resolve(error) => error.hint(),
            Self::UnknownRow { nearest, .. } if !nearest.is_empty() => {
                format!("did the chain have it as {}? `stamp --purge <revision>` writes the rows anew", list(nearest))
            }
            Self::UnknownRow { .. } => {
                "check that this is the right database and that the chain is up to date; `stamp --purge <revision>` \
                 writes the rows anew"
                    .to_owned()
            }
            Self::Overlap { what, rest, .. } if what.starts_with("row") => {
                format!("`stamp --purge {}` writes the rows without it", rest.join(" "))
            }
            Self::Overlap { rest, .. } => format!("name only {}", list(rest)),
            Self::SeveralCurrent { text, rows } => match rows.first() {
                Some(row) => format!("say which branch, as in `{row}@{}`, or name the revision", without_branch(text)),
                None => "name the revision".to_owned(),
            },
            Self::NotBelow { rows, .. } if rows.is_empty() => {
                "nothing is applied; `upgrade` applies revisions".to_owned()
            }
            Self::NotBelow { target, rows, is_applied: true } => format!(
                "the database is at {}, and `{target}` is applied because something depends on it; name a revision below {}",
                list(rows),
                list(rows)
            ),
            Self::NotBelow { rows, .. } => format!("the database is at {}; `upgrade` goes up", list(rows)),
            Self::NoRange { wanted, .. } => format!("write {wanted}"),
            Self::SeveralStarts { starts } => format!(
                "the database stands in one place: write it once, with commas between revisions, as in `{}:…`",
                starts.join(",")
            ),
            Self::Range { .. } => "ranges are for offline SQL (`--sql`) and `history`".to_owned(),
        }
    }
}

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

    fn rows_as_given(&self, rows: &[String]) -> Result<Vec<usize>, PlanError> {
        let index_of = |row: &String| {
            self.exact(row).map_err(|error| match error {
                ResolveError::Unknown { text, nearest } => PlanError::UnknownRow { row: text, nearest },
                other => PlanError::Resolve(other),
            })
        };
        Ok(unique(rows.iter().map(index_of).collect::<Result<Vec<_>, _>>()?.into_iter()))
    }

    /// The members of a set from the newest to the oldest, each after everything in the set that needs it.
    ///
    /// One line is followed as long as possible; a common ancestor waits for all lines above it; at a merge the parent
    /// declared first comes first; between independent lines the load order decides. The order is Alembic's, step by
    /// step, so that a database sees the same sequence whichever of the two runs it.
    pub(crate) fn descending(&self, set: &[bool], starts: &[usize]) -> Vec<usize> {
        let waiting_for = |index: usize| self.ups[index].iter().filter(|up| set[**up]).count();
        let mut waits: Vec<usize> =
            (0..set.len()).map(|index| if set[index] { waiting_for(index) } else { 0 }).collect();
        let mut cursors: Vec<usize> = starts.iter().copied().filter(|index| set[*index]).collect();
        cursors.sort_unstable();
        cursors.dedup();
        let mut is_cursor = self.flags(&cursors);
        let mut emitted = vec![false; set.len()];
        let mut seen = vec![0; set.len()];
        let (mut order, mut i, mut round) = (Vec::new(), 0, 0);
        while let Some(cursor) = cursors.get(i).copied() {
            if waits[cursor] > 0 {
                round += 1;
                let first = cursors.iter().copied().find(|other| *other != cursor);
                self.look_above(cursor, first, |up| set[up] && !emitted[up], &mut seen, round);
                if let Some(position) = cursors.iter().position(|other| seen[*other] == round) {
                    i = position;
                    continue;
                }
            }
            emitted[cursor] = true;
            is_cursor[cursor] = false;
            order.push(cursor);
            self.downs[cursor].iter().filter(|down| set[**down]).for_each(|down| waits[*down] -= 1);
            let free = |down: &&usize| set[**down] && !emitted[**down] && !is_cursor[**down];
            let next: Vec<usize> = self.downs[cursor].iter().filter(free).copied().collect();
            next.iter().for_each(|down| is_cursor[*down] = true);
            match next.split_first() {
                None => {
                    cursors.remove(i);
                    i = i.saturating_sub(1);
                }
                Some((first, others)) => {
                    cursors[i] = *first;
                    cursors.extend(others);
                }
            }
        }
        order
    }

    /// Marks with `round` what lies above a cursor that waits, until the first of the cursors is found.
    fn look_above(
        &self,
        cursor: usize,
        first: Option<usize>,
        open: impl Fn(usize) -> bool,
        seen: &mut [usize],
        round: usize,
    ) {
        let mut stack = vec![cursor];
        while let Some(index) = stack.pop() {
            if Some(index) == first {
                return;
            }
            // The earliest comes off the stack first: it is the likeliest to lead to the first cursor.
            for up in self.ups[index].iter().rev() {
                if open(*up) && std::mem::replace(&mut seen[*up], round) != round {
                    stack.push(*up);
                }
            }
        }
    }

    fn upgrade_target(&self, rows: &[usize], text: &str) -> Result<Vec<usize>, PlanError> {
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

    /// The place that steps are counted from. On the way up the branch says where to go, on the way down where to begin.
    pub(crate) fn start(&self, branch: Option<&str>, symbol: &str) -> Result<Option<usize>, ResolveError> {
        match branch {
            Some(branch) => self.one(&format!("{branch}@{symbol}")),
            None => self.one(symbol),
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

    fn at_most_one(&self, current: &[usize], text: &str) -> Result<Option<usize>, PlanError> {
        match current {
            [] => Ok(None),
            [index] => Ok(Some(*index)),
            _ => Err(PlanError::SeveralCurrent { text: text.to_owned(), rows: self.owned_names(current) }),
        }
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

    /// The applied revisions of a branch, without those that applied revisions outside of it come after.
    fn not_shared(&self, branch: usize, active: &[bool]) -> Vec<usize> {
        let lineage = self.lineage(branch);
        let outside: Vec<usize> = (0..active.len()).filter(|index| active[*index] && !lineage[*index]).collect();
        let shared = reach(&self.parents, &outside);
        (0..active.len()).filter(|index| active[*index] && lineage[*index] && !shared[*index]).collect()
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

    fn step(&self, direction: Direction, index: usize, changes: Vec<RowChange>) -> Step {
        Step { direction, revision: self.name(index).to_owned(), changes }
    }

    fn flags(&self, indices: &[usize]) -> Vec<bool> {
        let mut flags = vec![false; self.nodes().len()];
        indices.iter().for_each(|index| flags[*index] = true);
        flags
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

fn refuse_range(text: &str) -> Result<(), PlanError> {
    if text.contains(':') { Err(PlanError::Range { text: text.to_owned() }) } else { Ok(()) }
}

pub(crate) fn wrong_way(text: &str, command: &'static str, wanted: &'static str) -> ResolveError {
    ResolveError::WrongWay { text: text.to_owned(), command, wanted }
}
