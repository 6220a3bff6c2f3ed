//! `status`: where the database stands in the chain.

/// Print where the database stands: current revisions, heads, what is pending
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    cargo xtask migrate status\n  \
    cargo xtask migrate status --check   (exit code 3 unless the database is up to date)")]
pub struct StatusArgs {
    /// Exit with code 3 unless the database is up to date
    #[arg(long)]
    pub check: bool,
}

#[cfg(feature = "runner")]
pub(super) fn run(args: &StatusArgs, ctx: &crate::context::Context<'_>) -> Result<(), crate::error::Error> {
    let listing = ctx.listing()?;
    let url = rectify::masked(&ctx.config.database()?.text);
    let status = ctx.chain()?.status(&ctx.config)?;
    let output = ctx.output;
    let lines = |label: &str, revisions: &[String]| {
        if revisions.is_empty() {
            output.result(format_args!("{label:<10}(none)"));
        }
        for revision in revisions {
            output.result(format_args!("{label:<10}{}", listing.line(revision, output)));
        }
    };
    output.result(format_args!("{:<10}{url}", "database:"));
    lines("current:", &status.current);
    lines("head:", &status.heads);
    output.result(format_args!("{:<10}{}", "pending:", status.pending.len()));
    for step in &status.pending {
        output.result(format_args!("{:<10}{}", "", listing.line(&step.revision, output)));
    }
    for left in &status.unfinished {
        let what = if left.up { "upgrade" } else { "downgrade" };
        output.warning(format_args!("the {what} of `{}` was begun and not finished", left.revision));
    }
    match args.check && !status.is_up_to_date() {
        true => Err(crate::error::Error::found("the database is not up to date").hint("apply the rest with `up`")),
        false => Ok(()),
    }
}
