//! What `revision --data` is told.

use crate::commands::script::pair;

/// Which tables a data migration is about.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct DataArgs {
    /// Write a migration of rows, with these tables as they are at the parent revision
    #[arg(long, value_name = "TABLE,...", value_delimiter = ',', conflicts_with_all = ["sql", "autogenerate"])]
    pub data: Vec<String>,
    /// A column that the migration itself adds, with its type as Diesel names it; may be repeated
    #[arg(long, value_name = "TABLE.COLUMN:TYPE", requires = "data")]
    pub adding: Vec<String>,
    /// Read the tables from a replay of the chain, also where the database is at the parent revision
    #[arg(long, requires = "data")]
    pub replay: bool,
    /// A value for the migrations of a replay, which read it with `op.x_argument("KEY")`; may be repeated
    #[arg(short = 'x', value_name = "KEY=VALUE", value_parser = pair, requires = "data")]
    pub given: Vec<(String, String)>,
}
