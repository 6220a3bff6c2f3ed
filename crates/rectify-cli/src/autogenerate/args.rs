//! What `revision --autogenerate` is told, and where models are read from.

use std::path::PathBuf;

/// How a difference becomes a migration.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct AutogenerateArgs {
    /// Write what takes the database to the models, which the runner binary links
    #[arg(long, conflicts_with = "sql")]
    pub autogenerate: bool,
    /// What was renamed: old:new for a table, table.old:new for a column or a value of an enum; may be repeated
    #[arg(long, value_name = "OLD:NEW", requires = "autogenerate")]
    pub rename: Vec<String>,
    /// Drop and create what looks renamed, instead of asking
    #[arg(long, requires = "autogenerate")]
    pub no_renames: bool,
    /// Write it though it loses data, instead of asking
    #[arg(long, requires = "autogenerate")]
    pub allow_drop: bool,
    /// Write a file though nothing differs
    #[arg(long, requires = "autogenerate")]
    pub allow_empty: bool,
    /// A plain schema.rs of Diesel's to read the models from, instead of those that the runner binary links
    #[arg(long, value_name = "FILE", requires = "autogenerate")]
    pub schema_rs: Option<PathBuf>,
}

/// Where models are read from.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct ModelsFromArgs {
    /// A plain schema.rs of Diesel's to read the models from, instead of those that the runner binary links
    #[arg(long, value_name = "FILE")]
    pub schema_rs: Option<PathBuf>,
}
