//! Why there is no plan, and what to type instead.

use crate::resolve::{ResolveError, list, without_branch};

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
    /// An offline upgrade ends below the place where it begins.
    #[error("`{text}` leads down: what it begins at includes what it ends at")]
    LeadsDown {
        /// The range.
        text: String,
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
            Self::LeadsDown { text } => format!("`down --sql {text}` writes the way down"),
            Self::SeveralStarts { starts } => format!(
                "the database stands in one place: write it once, with commas between revisions, as in `{}:…`",
                starts.join(",")
            ),
            Self::Range { .. } => "ranges are for offline SQL (`--sql`) and `history`".to_owned(),
        }
    }
}
