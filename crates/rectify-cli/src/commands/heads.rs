//! `heads`: the newest revisions.

use std::path::Path;

use rectify_chain::source;

use crate::context::Context;
use crate::error::Error;
use crate::json::{self, FormatArgs};
use crate::listing::Listing;
use crate::output::Output;

/// Print the newest revision of each branch
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    cargo xtask migrate heads\n  \
    cargo xtask migrate heads --write   (after a merge left a conflict in versions/HEAD)")]
pub struct HeadsArgs {
    /// Print each revision in full
    #[arg(long, short)]
    pub verbose: bool,
    /// Leave out the heads that another revision depends on
    #[arg(long)]
    pub resolve_dependencies: bool,
    /// Write them to the file HEAD of the versions folder
    #[arg(long)]
    pub write: bool,
    /// How the result is printed.
    #[command(flatten)]
    pub format: FormatArgs,
}

pub(super) fn run(args: &HeadsArgs, ctx: &Context<'_>) -> Result<(), Error> {
    let listing = if args.write { ctx.listing_before_writing()? } else { ctx.listing()? };
    let heads = if args.resolve_dependencies { listing.graph.effective_heads() } else { listing.graph.heads() };
    print(args, &listing, &heads, ctx.output);
    if args.write { write_head(&listing, ctx.config.versions_folder()) } else { Ok(()) }
}

fn print(args: &HeadsArgs, listing: &Listing, heads: &[&str], output: &Output) {
    if args.format.is_json() {
        return output.json(&json::revisions(listing, heads));
    }
    for revision in heads {
        output.result(match args.verbose {
            true => listing.in_full(revision, output),
            false => listing.line(revision, output),
        });
    }
}

/// Writes the file that makes two new revisions on two branches a conflict.
pub(crate) fn write_head(listing: &Listing, versions: &Path) -> Result<(), Error> {
    let lines = source::head_lines(&listing.graph);
    source::write_head(versions, &lines).map_err(|error| Error::failed("cannot write the heads").because(error))
}
