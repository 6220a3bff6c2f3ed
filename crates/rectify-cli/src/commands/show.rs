//! `show`: one revision in full.

use crate::context::Context;
use crate::error::Error;

/// Print revisions in full
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  cargo xtask migrate show head")]
pub struct ShowArgs {
    /// A revision or the beginning of one, head, heads, label@head, -N (down from the head)
    #[arg(allow_negative_numbers = true)]
    pub revision: String,
}

pub(super) fn run(args: &ShowArgs, ctx: &Context<'_>) -> Result<(), Error> {
    let listing = ctx.listing()?;
    if args.revision == "current" {
        return Err(Error::usage("`show` does not ask the database what is current").hint("type `current --verbose`"));
    }
    let revisions = listing
        .graph
        .resolve_shown(&[], &args.revision)
        .map_err(|error| Error::failed("cannot show the revision").hint(error.hint()).because(error))?;
    for revision in revisions {
        ctx.output.result(listing.in_full(revision, ctx.output));
    }
    Ok(())
}
