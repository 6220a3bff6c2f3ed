//! `show`: revisions in full.

use crate::context::Context;
use crate::error::Error;
use crate::json::{self, FormatArgs};
use crate::listing::Listing;

/// Print revisions in full
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    cargo xtask migrate show head\n  \
    cargo xtask migrate show a1b2c3 -1\n  \
    cargo xtask migrate show current       (asks the database)")]
pub struct ShowArgs {
    /// Revisions or the beginnings of them, head, heads, label@head, current, -N or label@-N (down from the heads)
    #[arg(required = true, value_name = "REVISION", allow_negative_numbers = true)]
    pub revisions: Vec<String>,
    /// How the result is printed.
    #[command(flatten)]
    pub format: FormatArgs,
}

impl ShowArgs {
    pub(super) fn needs_database(&self) -> bool {
        self.revisions.iter().any(|revision| revision == "current")
    }
}

pub(super) fn run(args: &ShowArgs, ctx: &Context<'_>) -> Result<(), Error> {
    let mut listing = ctx.listing()?;
    let rows = if args.needs_database() { ctx.rows()? } else { Vec::new() };
    if args.needs_database() {
        listing.mark_current(&rows);
        listing.mark_elided(ctx.elided()?);
    }
    let revisions = revisions(&listing, &rows, &args.revisions)?;
    if args.format.is_json() {
        ctx.output.json(&json::revisions(&listing, &revisions));
        return Ok(());
    }
    for revision in revisions {
        ctx.output.result(listing.in_full(revision, ctx.output));
    }
    Ok(())
}

/// What the texts name, each revision once, in the order in which they name it.
fn revisions<'a>(listing: &'a Listing, rows: &[String], texts: &[String]) -> Result<Vec<&'a str>, Error> {
    let mut found: Vec<&str> = Vec::new();
    for text in texts {
        let named = listing
            .graph
            .resolve_shown(rows, text)
            .map_err(|error| Error::failed(format!("cannot show `{text}`")).hint(error.hint()).because(error))?;
        for revision in named {
            if !found.contains(&revision) {
                found.push(revision);
            }
        }
    }
    Ok(found)
}
