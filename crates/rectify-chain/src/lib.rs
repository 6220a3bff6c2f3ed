//! The revision graph of Rectify: read from source, verified, resolved, planned.
//!
//! The macros, the command line and the runner all use this crate, so that they agree on what a chain is and on what is
//! wrong with one. It knows nothing of databases, connections, clocks or terminals, and it never prints; only the module
//! `source` (behind the feature of that name) touches files.

pub mod graph;
pub mod history;
pub mod nearest;
pub mod offline;
pub mod plan;
pub mod resolve;
pub mod revision;
#[cfg(feature = "source")]
pub mod source;
pub mod verify;

pub use graph::{Graph, Node};
pub use offline::{OfflinePlan, OfflineStamp};
pub use plan::{Direction, PlanError, RowChange, Step};
pub use resolve::ResolveError;
pub use revision::{MalformedId, RevisionId};
pub use verify::{Broken, Fault, FaultKind, Literal, Policy, verify};
