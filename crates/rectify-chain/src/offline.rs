//! Plans without a database to ask: the range `from:to` says where it stands and where it goes. It writes no SQL.

use crate::graph::Graph;
use crate::plan::{Direction, PlanError, RowChange, Step};

/// The steps of an offline upgrade or downgrade.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfflinePlan {
    /// What the version table is taken to say before. Without any, the table does not exist yet.
    pub rows: Vec<String>,
    /// The steps, in order.
    pub steps: Vec<Step>,
}

/// The changes of an offline stamp.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfflineStamp {
    /// What the version table is taken to say before. Without any, the table does not exist yet.
    pub rows: Vec<String>,
    /// How it changes, in this order.
    pub changes: Vec<RowChange>,
}

impl Graph {
    /// The steps of `to`, or of a range `from:to`, for a database that cannot be asked.
    ///
    /// What stands before the colon is what the version table says: one revision, several with commas between them
    /// (`west2,east1:head`), `heads`, or `base` for an empty database. An upgrade that does not say begins at `base`, and
    /// one that names no end goes up to `heads`; a downgrade must name both ends. Steps are counted from the start:
    /// `ae10:+2`, `ae10:-1`.
    ///
    /// # Errors
    ///
    /// Returns [`PlanError`] if an end is missing that must be named, if an upgrade leads down, if the start names revisions that imply each other,
    /// and as [`Graph::plan_upgrade`] and [`Graph::plan_downgrade`].
    ///
    /// # Examples
    ///
    /// ```
    /// use rectify_chain::{Direction, Graph, Node};
    ///
    /// let node = |id: &str, down: &[&str]| Node {
    ///     id: id.to_owned(),
    ///     down_revisions: down.iter().map(|id| id.to_string()).collect(),
    ///     ..Node::default()
    /// };
    /// let graph = Graph::new(vec![node("a1", &[]), node("b2", &["a1"]), node("c3", &["b2"])])?;
    /// let plan = graph.plan_offline(Direction::Up, "a1:head")?;
    /// assert_eq!(plan.rows, ["a1"]);
    /// assert_eq!(plan.steps.iter().map(|step| step.revision.as_str()).collect::<Vec<_>>(), ["b2", "c3"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn plan_offline(&self, direction: Direction, text: &str) -> Result<OfflinePlan, PlanError> {
        let (start, target) = ends(text)?;
        let (start, target) = match direction {
            Direction::Up => (start.unwrap_or("base"), if target.is_empty() { "heads" } else { target }),
            Direction::Down => downgrade_ends(text, start, target)?,
        };
        let rows = self.start_rows(start)?;
        let steps = match direction {
            Direction::Up => self.plan_upgrade(&rows, target)?,
            Direction::Down => self.plan_downgrade(&rows, target)?,
        };
        if direction == Direction::Up && steps.is_empty() && self.ends_below(&rows, target)? {
            return Err(PlanError::LeadsDown { text: text.to_owned() });
        }
        Ok(OfflinePlan { rows, steps })
    }

    /// As [`Graph::plan_stamp`], for a database that cannot be asked: each target is `to` or `from:to`.
    ///
    /// All targets that say where the database stands must say the same; where none does, it is at `base`.
    ///
    /// # Errors
    ///
    /// Returns [`PlanError`] if the targets disagree on the start, and as [`Graph::plan_stamp`].
    pub fn plan_offline_stamp(&self, texts: &[&str]) -> Result<OfflineStamp, PlanError> {
        let (mut starts, mut targets): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
        for text in texts {
            let (start, target) = ends(text)?;
            if target.is_empty() {
                return Err(no_range(text, format!("what to stamp after the colon, as in `{text}head`")));
            }
            starts.extend(start);
            targets.push(target);
        }
        let rows = starts.first().map(|start| self.start_rows(start)).transpose()?.unwrap_or_default();
        for other in starts.iter().skip(1) {
            if self.start_rows(other)? != rows {
                let starts = vec![starts[0].to_owned(), (*other).to_owned()];
                return Err(PlanError::SeveralStarts { starts });
            }
        }
        let changes = self.plan_stamp(&rows, &targets)?;
        Ok(OfflineStamp { rows, changes })
    }

    /// Whether every revision that an upgrade goes to lies below those that it begins at.
    fn ends_below(&self, rows: &[String], target: &str) -> Result<bool, PlanError> {
        let rows = self.rows(rows)?;
        let targets = self.upgrade_target(&rows, target)?;
        Ok(!rows.is_empty() && !targets.iter().any(|target| rows.contains(target)))
    }

    /// The version rows that the text before the colon stands for.
    fn start_rows(&self, text: &str) -> Result<Vec<String>, PlanError> {
        let mut found = Vec::new();
        for part in text.split(',') {
            found.extend(self.resolve_all(part)?);
        }
        found.sort_unstable();
        found.dedup();
        self.refuse_overlap(&found, "starting revisions")?;
        Ok(self.owned_names(&found))
    }
}

/// What stands before the colon, if anything does, and what stands after it.
fn ends(text: &str) -> Result<(Option<&str>, &str), PlanError> {
    match text.split_once(':') {
        None => Ok((None, text)),
        Some((_, target)) if target.contains(':') => Err(no_range(text, "`from:to`, with one colon".to_owned())),
        Some((start, target)) => Ok((Some(start).filter(|start| !start.is_empty()), target)),
    }
}

/// Both ends of a downgrade, which has no defaults: it is the one that destroys.
fn downgrade_ends<'a>(text: &str, start: Option<&'a str>, target: &'a str) -> Result<(&'a str, &'a str), PlanError> {
    match start {
        Some(start) if !target.is_empty() => Ok((start, target)),
        Some(_) => Err(no_range(text, format!("where to stop after the colon, as in `{text}base`"))),
        None => Err(no_range(text, format!("what the database is at before the colon, as in `heads:{target}`"))),
    }
}

fn no_range(text: &str, wanted: String) -> PlanError {
    PlanError::NoRange { text: text.to_owned(), wanted }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Node;
    use crate::verify::Policy;

    /// `base1 - stem - west1 - west2` and `stem - east1 - east2`.
    fn fork() -> Graph {
        let node = |(id, parent): &(&str, &str)| Node {
            id: (*id).to_owned(),
            down_revisions: parent.split_whitespace().map(str::to_owned).collect(),
            ..Node::default()
        };
        let nodes = [
            ("base1", ""),
            ("stem", "base1"),
            ("west1", "stem"),
            ("west2", "west1"),
            ("east1", "stem"),
            ("east2", "east1"),
        ];
        Graph::with_policy(nodes.iter().map(node).collect(), Policy::Loose).unwrap()
    }

    /// Expects the starting rows and the steps.
    #[track_caller]
    fn check(direction: Direction, text: &str, wanted: &str) {
        let plan = fork().plan_offline(direction, text).unwrap();
        let steps: Vec<&str> = plan.steps.iter().map(|step| step.revision.as_str()).collect();
        assert_eq!(format!("{} | {}", plan.rows.join(" "), steps.join(" ")), wanted, "{text}");
    }

    #[track_caller]
    fn refused(direction: Direction, text: &str, message: &str, hint: &str) {
        let error = fork().plan_offline(direction, text).unwrap_err();
        assert_eq!((error.to_string().as_str(), error.hint().as_str()), (message, hint), "{text}");
    }

    #[test]
    fn an_upgrade_goes_from_the_base_to_the_heads_unless_told() {
        check(Direction::Up, "west1", " | base1 stem west1");
        check(Direction::Up, "base:west1", " | base1 stem west1");
        check(Direction::Up, ":west1", " | base1 stem west1");
        check(Direction::Up, "west1:", "west1 | east1 east2 west2");
        check(Direction::Up, "base1:+1", "base1 | stem");
        check(Direction::Up, "west1,east1:heads", "west1 east1 | east2 west2");
        check(Direction::Up, "heads:heads", "west2 east2 | ");
    }

    #[test]
    fn an_upgrade_does_not_lead_down() {
        for text in ["west2:stem", "west2:base", "west1,east1:stem"] {
            let message = format!("`{text}` leads down: what it begins at includes what it ends at");
            refused(Direction::Up, text, &message, &format!("`down --sql {text}` writes the way down"));
        }
        for text in ["west2:west2", "heads:heads", "west2,east1:west2", "base:base"] {
            assert!(fork().plan_offline(Direction::Up, text).unwrap().steps.is_empty(), "{text}");
        }
    }

    #[test]
    fn a_downgrade_names_both_ends() {
        check(Direction::Down, "west2:stem", "west2 | west2 west1");
        check(Direction::Down, "west2:-1", "west2 | west2");
        check(Direction::Down, "heads:stem", "west2 east2 | west2 west1 east2 east1");
        let message = |text| format!("`{text}` does not say from where to where the offline SQL goes");
        let hint = "write what the database is at before the colon, as in `heads:stem`";
        refused(Direction::Down, "stem", &message("stem"), hint);
        refused(Direction::Down, ":stem", &message(":stem"), hint);
        let hint = "write where to stop after the colon, as in `west2:base`";
        refused(Direction::Down, "west2:", &message("west2:"), hint);
        refused(
            Direction::Down,
            "stem:west2",
            "cannot downgrade to `west2`: nothing that is applied comes after it",
            "the database is at `stem`; `upgrade` goes up",
        );
    }

    #[test]
    fn a_range_that_means_nothing_is_refused() {
        refused(
            Direction::Up,
            "stem:west1:west2",
            "`stem:west1:west2` does not say from where to where the offline SQL goes",
            "write `from:to`, with one colon",
        );
        refused(
            Direction::Up,
            "stem,west1:heads",
            "revision `west1` already includes `stem`, and both are starting revisions",
            "name only `west1`",
        );
        refused(
            Direction::Up,
            "+1:+2",
            "`+1` is a number of steps, and a revision must be named here",
            "name the revision by its id or branch label",
        );
        refused(
            Direction::Up,
            "wets1:heads",
            "no revision or branch label is or begins with `wets1`",
            "did you mean `west1`?",
        );
    }

    #[test]
    fn stamps_begin_where_they_say() {
        let stamp =
            |texts: &[&str]| fork().plan_offline_stamp(texts).map_err(|error| (error.to_string(), error.hint()));
        let update = |from: &str, to: &str| RowChange::Update { from: from.to_owned(), to: to.to_owned() };
        assert_eq!(stamp(&["stem"]).unwrap().changes, [RowChange::Insert("stem".to_owned())]);
        assert_eq!(stamp(&["base1:stem"]).unwrap().changes, [update("base1", "stem")]);
        let both = stamp(&["stem:west2", "stem:east2"]).unwrap();
        assert_eq!(both.rows, ["stem"]);
        assert_eq!(both.changes, [update("stem", "west2"), RowChange::Insert("east2".to_owned())]);
        assert_eq!(stamp(&["stem:west2", "east2"]).unwrap(), both);
        let (message, hint) = stamp(&["west1:west2", "east1:east2"]).unwrap_err();
        assert_eq!(message, "the targets begin at different revisions: `west1`, `east1`");
        assert_eq!(
            hint,
            "the database stands in one place: write it once, with commas between revisions, as in `west1,east1:…`"
        );
        let (message, _) = stamp(&["stem:"]).unwrap_err();
        assert_eq!(message, "`stem:` does not say from where to where the offline SQL goes");
    }
}
