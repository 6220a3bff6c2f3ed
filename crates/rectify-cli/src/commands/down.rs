//! `down`: take migrations back.

use super::script::{GivenArgs, ScriptArgs};
use crate::config::Transaction;

/// Take migrations back
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    cargo xtask migrate down -1\n  \
    cargo xtask migrate down a1b2c3\n  \
    cargo xtask migrate down base --dry-run\n  \
    cargo xtask migrate down --sql head:a1b2c3")]
pub struct DownArgs {
    /// How far: -N, a revision (which stays applied) or the beginning of one, base, label@base
    #[arg(allow_negative_numbers = true)]
    pub target: String,
    /// Print what would be taken back, and change nothing
    #[arg(long, conflicts_with = "sql")]
    pub dry_run: bool,
    /// What one transaction holds, where the database has transactional DDL
    #[arg(long, value_name = "WHAT")]
    pub transaction: Option<Transaction>,
    /// Offline SQL.
    #[command(flatten)]
    pub script: ScriptArgs,
    /// What the migrations are given.
    #[command(flatten)]
    pub given: GivenArgs,
}

#[cfg(feature = "runner")]
pub(super) fn run(args: &DownArgs, ctx: &crate::context::Context<'_>) -> Result<(), crate::error::Error> {
    use crate::runner::{Direction, Run, migrate};
    let run = Run {
        target: &args.target,
        dry_run: args.dry_run,
        fresh: false,
        transaction: args.transaction,
        script: &args.script,
        given: &args.given.given,
    };
    migrate(ctx, Direction::Down, &run)
}
