//! Those who watch a run from inside its transactions: what [`Runner::on_version_apply`](crate::Runner) is told.

use std::error::Error as StdError;

use super::StepInfo;
use crate::database::Database;
use crate::error::{Error, Result};

/// Which way the version table moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Direction {
    /// A migration is applied.
    Up,
    /// A migration is taken back.
    Down,
    /// The rows are set, and no migration runs.
    Stamp,
}

/// A step whose rows of the version table have just been moved, while its transaction is still open.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct VersionApply<'a> {
    /// The step.
    pub step: &'a StepInfo,
    /// Which way it goes.
    pub direction: Direction,
    /// The revisions that it starts from: going up, the parents and dependencies of its revision.
    pub source: &'a [String],
    /// The revisions that it leads to: going up, its revision.
    pub destination: &'a [String],
    /// The rows of the version table after it.
    pub current: &'a [String],
}

/// A callback as the run knows it, which does not know the connection's type.
pub(super) type Tell<'r> = dyn FnMut(&mut dyn Database, &VersionApply<'_>) -> Result<()> + 'r;

pub(super) type Callback<'r> = Box<Tell<'r>>;

/// Forgets the type of the connection that `callback` works on.
pub(super) fn on_any_connection<'r, C: 'static>(
    mut callback: impl FnMut(&mut C, &VersionApply<'_>) -> Result<()> + 'r,
) -> Callback<'r> {
    Box::new(move |db, applied| {
        let connection = db.as_any_mut().downcast_mut();
        callback(connection.expect("a run is only started with a connection of the chain's own type"), applied)
    })
}

/// A callback refused a step.
#[derive(Debug, thiserror::Error)]
#[error("the callback `on_version_apply` stopped the step")]
pub(super) struct Stopped {
    source: Box<dyn StdError + Send + Sync>,
}

/// Tells every callback, in the order in which they were added, until one refuses.
pub(super) fn tell(callbacks: &mut [Callback<'_>], db: &mut dyn Database, applied: &VersionApply<'_>) -> Result<()> {
    callbacks
        .iter_mut()
        .try_for_each(|callback| callback(db, applied))
        .map_err(|error| Error::from(Stopped { source: error.into_inner() }))
}
