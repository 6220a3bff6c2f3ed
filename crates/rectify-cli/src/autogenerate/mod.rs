//! Autogenerate: the models beside the database, and the difference as a migration.

mod args;
#[cfg(feature = "runner")]
mod compared;
#[cfg(feature = "runner")]
pub(crate) mod layout;
#[cfg(feature = "runner")]
mod models;
#[cfg(feature = "runner")]
mod renames;
#[cfg(feature = "runner")]
mod write;

pub use args::{AutogenerateArgs, ModelsFromArgs};
#[cfg(feature = "runner")]
pub(crate) use compared::{Compared, Difference, differences, is_missing};
#[cfg(feature = "runner")]
pub(crate) use models::{Models, models_error};
#[cfg(feature = "runner")]
pub(crate) use write::{check_built, write};
