//! `merge`: write a migration that joins branches.

use crate::commands::revision::{check_heads, message, new_label};
use crate::context::Context;
use crate::error::Error;
use crate::listing::Listing;
use crate::new_file::{NewFile, new_id};

/// Write a migration that joins branches, such as the two heads that two merged pull requests leave
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    cargo xtask migrate merge\n  \
    cargo xtask migrate merge a1b2c3 d4e5f6 -m \"Join billing and search\"")]
pub struct MergeArgs {
    /// The revisions to join, or the beginnings of their ids; all heads if none is named, or `heads`
    pub revisions: Vec<String>,
    /// What the migration does, in the imperative
    #[arg(long, short, default_value = "Merge branches")]
    pub message: String,
    /// Join revisions that others follow already
    #[arg(long)]
    pub splice: bool,
    /// A name for the branch that starts with it
    #[arg(long, value_name = "LABEL")]
    pub branch_label: Option<String>,
    /// Its id, instead of twelve random hex digits
    #[arg(long, value_name = "ID")]
    pub rev_id: Option<String>,
}

pub(super) fn run(args: &MergeArgs, ctx: &Context<'_>) -> Result<(), Error> {
    let listing = ctx.listing_to_mend()?;
    let file = NewFile {
        revision: new_id(args.rev_id.as_deref(), &listing)?,
        parents: parents(args, &listing)?,
        branch_label: new_label(args.branch_label.as_deref(), &listing)?,
        message: message(&args.message)?,
        ..NewFile::default()
    };
    file.write(ctx, &listing)
}

fn parents(args: &MergeArgs, listing: &Listing) -> Result<Vec<String>, Error> {
    let graph = &listing.graph;
    let mut parents: Vec<&str> = if args.revisions.is_empty() { graph.heads() } else { Vec::new() };
    for revision in &args.revisions {
        if revision == "heads" {
            // Every head, also one that another depends on: the result is the one head then.
            parents.extend(graph.heads());
            continue;
        }
        let resolved = graph.resolve(revision).map_err(|error| {
            let hint = error.hint();
            Error::failed("cannot tell which revisions to join").hint(hint).because(error)
        })?;
        parents.extend(resolved);
    }
    check_heads(&parents, args.splice, listing)?;
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
