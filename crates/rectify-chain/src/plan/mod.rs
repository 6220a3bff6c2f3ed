//! From the rows of the version table to a target: ordered steps, and how each changes the rows.
//!
//! It runs nothing and reads no table. All errors come before the first step.

mod downgrade;
mod error;
mod order;
mod rows;
mod stamp;
mod target;
mod upgrade;

pub use error::PlanError;
pub(crate) use target::wrong_way;

use crate::graph::Graph;

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

impl Graph {
    pub(super) fn step(&self, direction: Direction, index: usize, changes: Vec<RowChange>) -> Step {
        Step { direction, revision: self.name(index).to_owned(), changes }
    }

    pub(super) fn flags(&self, indices: &[usize]) -> Vec<bool> {
        let mut flags = vec![false; self.nodes().len()];
        indices.iter().for_each(|index| flags[*index] = true);
        flags
    }
}
