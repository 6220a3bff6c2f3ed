//! `up`: apply pending migrations.

use super::script::{GivenArgs, ScriptArgs};
use crate::config::Transaction;

/// Apply pending migrations
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    cargo xtask migrate up\n  \
    cargo xtask migrate up +1\n  \
    cargo xtask migrate up a1b2c3 --dry-run\n  \
    cargo xtask migrate up --fresh                (passes over old data steps, where their tables are empty)\n  \
    cargo xtask migrate up --sql --dialect postgres > up.sql\n  \
    cargo xtask migrate up --sql a1b2c3:head")]
pub struct UpArgs {
    /// How far: head, a revision or the beginning of one, +N, label@head, heads
    #[arg(default_value = "head", allow_negative_numbers = true)]
    pub target: String,
    /// Print what would be applied, and change nothing
    #[arg(long, conflicts_with = "sql")]
    pub dry_run: bool,
    /// Pass over a migration that is `elidable`, once it is proved that the tables it touches are empty
    #[arg(long)]
    pub fresh: bool,
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
pub(super) fn run(args: &UpArgs, ctx: &crate::context::Context<'_>) -> Result<(), crate::error::Error> {
    use crate::runner::{Direction, Run, migrate};
    let run = Run {
        target: &args.target,
        dry_run: args.dry_run,
        fresh: args.fresh,
        transaction: args.transaction,
        script: &args.script,
        given: &args.given.given,
    };
    migrate(ctx, Direction::Up, &run)
}
