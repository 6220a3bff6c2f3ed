//! `current`: the rows of the version table.

/// Print the revisions that the database is at
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  cargo xtask migrate current")]
pub struct CurrentArgs {
    /// Print each revision in full
    #[arg(long, short)]
    pub verbose: bool,
}

#[cfg(feature = "runner")]
pub(super) fn run(args: &CurrentArgs, ctx: &crate::context::Context<'_>) -> Result<(), crate::error::Error> {
    let listing = ctx.listing()?;
    for revision in ctx.chain()?.current(&ctx.config)? {
        if listing.graph.node(&revision).is_none() {
            ctx.output.warning(format_args!("`{revision}` is not in this chain"));
            ctx.output.result(revision);
        } else if args.verbose {
            ctx.output.result(listing.in_full(&revision, ctx.output));
        } else {
            ctx.output.result(listing.line(&revision, ctx.output));
        }
    }
    Ok(())
}
