//! `branches`: where the chain forks.

use crate::context::Context;
use crate::error::Error;
use crate::json::{self, FormatArgs};
use crate::listing::title;

/// Print the revisions that two or more others follow, each with those
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    cargo xtask migrate branches\n  \
    cargo xtask migrate branches --verbose")]
pub struct BranchesArgs {
    /// Print each of them in full, and what follows with its message
    #[arg(long, short)]
    pub verbose: bool,
    /// How the result is printed.
    #[command(flatten)]
    pub format: FormatArgs,
}

pub(super) fn run(args: &BranchesArgs, ctx: &Context<'_>) -> Result<(), Error> {
    let listing = ctx.listing()?;
    let points = listing.graph.branch_points();
    if args.format.is_json() {
        ctx.output.json(&json::revisions(&listing, &points));
        return Ok(());
    }
    for point in points {
        ctx.output.result(match args.verbose {
            true => listing.in_full(point, ctx.output),
            false => listing.short(point, ctx.output),
        });
        let indent = " ".repeat(point.chars().count());
        for child in listing.graph.children(point) {
            let message = match listing.graph.node(child) {
                Some(node) if args.verbose => format!(", {}", title(&node.message)),
                _ => String::new(),
            };
            ctx.output.result(format_args!("{indent} -> {}{message}", listing.short(child, ctx.output)));
        }
        ctx.output.result("");
    }
    Ok(())
}
