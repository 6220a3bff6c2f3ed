//! `merge`: write a migration that joins branches.

use crate::commands::revision::{Template, message, new_id};
use crate::context::Context;
use crate::error::Error;
use crate::listing::Listing;

/// Write a migration that joins branches, such as the two heads that two merged pull requests leave
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    cargo xtask migrate merge\n  \
    cargo xtask migrate merge a1b2c3 d4e5f6 -m \"Join billing and search\"")]
pub struct MergeArgs {
    /// The revisions to join, or the beginnings of their ids; all heads if none is named
    pub revisions: Vec<String>,
    /// What the migration does, in the imperative
    #[arg(long, short, default_value = "Merge branches")]
    pub message: String,
    /// Its id, instead of twelve random hex digits
    #[arg(long, value_name = "ID")]
    pub rev_id: Option<String>,
}

pub(super) fn run(args: &MergeArgs, ctx: &Context<'_>) -> Result<(), Error> {
    let listing = ctx.listing_to_mend()?;
    let template = Template {
        revision: new_id(args.rev_id.as_deref(), &listing)?,
        parents: parents(&args.revisions, &listing)?,
        branch_label: None,
        message: message(&args.message)?,
    };
    template.write(ctx)
}

fn parents(revisions: &[String], listing: &Listing) -> Result<Vec<String>, Error> {
    let graph = &listing.graph;
    let mut parents: Vec<&str> = if revisions.is_empty() { graph.heads() } else { Vec::new() };
    for revision in revisions {
        let resolved = graph.resolve(revision).map_err(|error| {
            let hint = error.hint();
            Error::failed("cannot tell which revisions to join").hint(hint).because(error)
        })?;
        parents.extend(resolved);
    }
    if let Some(past) = parents.iter().find(|parent| !graph.is_head(parent)) {
        return Err(Error::failed(format!("`{past}` is no head: another revision follows it already"))
            .hint("`heads` lists what can be joined"));
    }
    let mut distinct: Vec<String> = Vec::new();
    for parent in parents {
        if !distinct.iter().any(|known| known == parent) {
            distinct.push(parent.to_owned());
        }
    }
    match distinct.len() {
        0 | 1 => Err(Error::failed("there is nothing to join").hint("`heads` lists what can be joined")),
        _ => Ok(distinct),
    }
}
