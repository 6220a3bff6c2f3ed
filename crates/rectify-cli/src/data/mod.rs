//! Data migrations: the tables as they are at the parent revision, written into the migration that changes their rows.

#[cfg(feature = "runner")]
mod added;
mod args;
#[cfg(feature = "runner")]
mod crates;
#[cfg(feature = "runner")]
mod lost;
#[cfg(feature = "runner")]
mod tables;
#[cfg(feature = "runner")]
mod write;

pub use args::DataArgs;
#[cfg(feature = "runner")]
pub(crate) use lost::{Lost, lost};
#[cfg(feature = "runner")]
pub(crate) use write::write;
