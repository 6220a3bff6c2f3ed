//! `history`: the chain, newest first.

use crate::context::Context;
use crate::error::Error;

/// Print the revisions of the chain, newest first
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    cargo xtask migrate history\n  \
    cargo xtask migrate history -r a1b2c3:head\n  \
    cargo xtask migrate history -r -3:")]
pub struct HistoryArgs {
    /// Only these: start:end, start: or :end
    #[arg(long, short, value_name = "START:END", allow_hyphen_values = true)]
    pub range: Option<String>,
    /// Print each revision in full
    #[arg(long, short)]
    pub verbose: bool,
}

pub(super) fn run(args: &HistoryArgs, ctx: &Context<'_>) -> Result<(), Error> {
    let listing = ctx.listing()?;
    let revisions = match &args.range {
        None => listing.graph.history(),
        Some(range) if range.split(':').any(|end| end == "current") => {
            return Err(Error::usage("`history` does not ask the database what is current")
                .hint("name a revision that `current` prints"));
        }
        Some(range) => listing
            .graph
            .history_range(&[], range)
            .map_err(|error| Error::failed("cannot list the range").hint(error.hint()).because(error))?,
    };
    for revision in revisions {
        let text = if args.verbose {
            listing.in_full(revision, ctx.output)
        } else {
            listing.line_with_parents(revision, ctx.output)
        };
        ctx.output.result(text);
    }
    Ok(())
}
