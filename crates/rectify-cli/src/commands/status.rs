//! `status`: where the database stands in the chain.

use crate::json::FormatArgs;

/// Print where the database stands: current revisions, heads, what is pending
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    cargo xtask migrate status\n  \
    cargo xtask migrate status --check   (exit code 3 unless the database is up to date)")]
pub struct StatusArgs {
    /// Exit with code 3 unless the database is up to date
    #[arg(long)]
    pub check: bool,
    /// How the result is printed.
    #[command(flatten)]
    pub format: FormatArgs,
}

#[cfg(feature = "runner")]
pub(super) use asking::run;

#[cfg(feature = "runner")]
mod asking {
    use rectify::Status;
    use serde_json::{Value, json};

    use super::StatusArgs;
    use crate::commands::check::rest;
    use crate::context::Context;
    use crate::error::Error;
    use crate::json;
    use crate::listing::Listing;
    use crate::output::Output;

    pub(in crate::commands) fn run(args: &StatusArgs, ctx: &Context<'_>) -> Result<(), Error> {
        let mut listing = ctx.listing()?;
        let url = ctx.masked_url()?;
        let status = ctx.chain()?.status(&ctx.config)?;
        if args.format.is_json() {
            listing.mark_current(&status.current);
            ctx.output.json(&as_json(&listing, &status, &url));
        } else {
            print(&listing, &status, &url, ctx.output);
        }
        match args.check && !status.is_up_to_date() {
            true => Err(Error::found("the database is not up to date").hint(rest(status.heads.len()))),
            false => Ok(()),
        }
    }

    fn print(listing: &Listing, status: &Status, url: &str, output: &Output) {
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
    }

    fn as_json(listing: &Listing, status: &Status, url: &str) -> Value {
        let pending: Vec<&str> = status.pending.iter().map(|step| step.revision.as_str()).collect();
        json!({
            "database": url,
            "rows": status.current,
            "heads": status.heads,
            "pending": json::objects(listing, &pending),
            "unfinished": json::unfinished(&status.unfinished),
            "is_up_to_date": status.is_up_to_date(),
        })
    }
}
