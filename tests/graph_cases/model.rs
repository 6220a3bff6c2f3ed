//! What a plan must hold to, said anew in a few lines: independent of the graph that is tested.

use std::collections::{BTreeSet, HashMap};

use crate::answer::Planned;
use crate::case::{Case, Revision};

pub(crate) struct Model<'a> {
    revisions: HashMap<&'a str, &'a Revision>,
    /// The revision that declares each label.
    labels: HashMap<&'a str, &'a str>,
}

impl<'a> Model<'a> {
    pub(crate) fn of(case: &'a Case) -> Self {
        let revisions = case.revisions.iter().map(|revision| (revision.id.as_str(), revision)).collect();
        let declared = |revision: &'a Revision| {
            revision.labels.iter().map(|label| (label.as_str(), revision.id.as_str())).collect::<Vec<_>>()
        };
        let labels = case.revisions.iter().flat_map(declared).collect();
        Model { revisions, labels }
    }

    /// The parents and dependencies of a revision.
    fn needs(&self, id: &str) -> Vec<&'a str> {
        let Some(revision) = self.revisions.get(id) else { return Vec::new() };
        let named = |name: &'a String| self.labels.get(name.as_str()).copied().unwrap_or(name);
        revision.down.iter().map(String::as_str).chain(revision.depends_on.iter().map(named)).collect()
    }

    /// The revisions and everything that they need.
    pub(crate) fn implied<'b>(&self, ids: impl IntoIterator<Item = &'b str>) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut open: Vec<String> = ids.into_iter().map(str::to_owned).collect();
        while let Some(id) = open.pop() {
            if found.insert(id.clone()) {
                open.extend(self.needs(&id).into_iter().map(str::to_owned));
            }
        }
        found
    }

    /// Whether a revision needs itself, over others or at once.
    pub(crate) fn has_cycle(&self) -> bool {
        self.revisions.keys().any(|id| self.implied(self.needs(id)).contains(*id))
    }

    /// The revision and its ancestors, along parents only.
    pub(crate) fn ancestors(&self, id: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut open = vec![id.to_owned()];
        while let Some(id) = open.pop() {
            if found.insert(id.clone()) {
                open.extend(self.revisions.get(id.as_str()).into_iter().flat_map(|revision| revision.down.clone()));
            }
        }
        found
    }

    /// How many steps lead from the revision to before the first one, on the shortest way along parents.
    pub(crate) fn height(&self, id: &'a str) -> u64 {
        let mut level: Vec<&str> = vec![id];
        let mut height = 1;
        while level.iter().all(|id| !self.revisions[id].down.is_empty()) {
            level = level.iter().flat_map(|id| self.revisions[id].down.iter().map(String::as_str)).collect();
            level.sort_unstable();
            level.dedup();
            height += 1;
        }
        height
    }

    /// The revision and its descendants, along parents only.
    pub(crate) fn descendants(&self, id: &str) -> BTreeSet<String> {
        self.revisions.keys().filter(|other| self.ancestors(other).contains(id)).map(|id| (*id).to_owned()).collect()
    }

    /// The revision, its ancestors and its descendants, along parents only.
    pub(crate) fn lineage(&self, id: &str) -> BTreeSet<String> {
        self.ancestors(id).into_iter().chain(self.descendants(id)).collect()
    }

    /// Follows a plan: each step must be possible, and the rows after it must imply what is applied then.
    pub(crate) fn follow(&self, planned: &Planned) -> Result<(), String> {
        let mut applied = self.implied(planned.before.iter().map(String::as_str));
        for taken in &planned.steps {
            let (way, id) = taken.name.split_once(':').ok_or("a step has no direction")?;
            if way == "up" {
                if let Some(missing) = self.needs(id).into_iter().find(|need| !applied.contains(*need)) {
                    return Err(format!("{} before `{missing}`", taken.name));
                }
                if !applied.insert(id.to_owned()) {
                    return Err(format!("{} a second time", taken.name));
                }
            } else {
                if !applied.remove(id) {
                    return Err(format!("{}, which is not applied", taken.name));
                }
                if let Some(above) = applied.iter().find(|other| self.needs(other).contains(&id)) {
                    return Err(format!("{} while `{above}` is applied", taken.name));
                }
            }
            let implied = self.implied(taken.rows.iter().map(String::as_str));
            if implied != applied {
                return Err(format!("after {} the rows imply {implied:?}, and {applied:?} are applied", taken.name));
            }
        }
        Ok(())
    }
}
