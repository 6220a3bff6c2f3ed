//! `up`: apply pending migrations.

/// Apply pending migrations
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    cargo xtask migrate up\n  \
    cargo xtask migrate up +1\n  \
    cargo xtask migrate up a1b2c3 --dry-run")]
pub struct UpArgs {
    /// How far: head, a revision or the beginning of one, +N, label@head, heads
    #[arg(default_value = "head")]
    pub target: String,
    /// Print what would be applied, and change nothing
    #[arg(long)]
    pub dry_run: bool,
}

#[cfg(feature = "runner")]
pub(super) fn run(args: &UpArgs, ctx: &crate::context::Context<'_>) -> Result<(), crate::error::Error> {
    use crate::runner::{Direction, migrate};
    migrate(ctx, Direction::Up, &args.target, args.dry_run)
}
