//! `check`: is there anything to do?

use crate::autogenerate::ModelsFromArgs;
use crate::json::FormatArgs;

/// Check that the database is at the heads of the chain, and as the models say (exit code 3 if not)
///
/// Where migrations are pending, the tables that stand in their files are looked for in what the database will hold by then.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    cargo xtask migrate check   (exit code 3 if migrations are pending, or one is still to be written)\n  \
    cargo xtask migrate check --schema-rs src/schema.rs   (with the tables of a plain Diesel project)")]
pub struct CheckArgs {
    /// How the result is printed.
    #[command(flatten)]
    pub format: FormatArgs,
    /// Where the models are read from.
    #[command(flatten)]
    pub models: ModelsFromArgs,
}

#[cfg(feature = "runner")]
pub(super) use asking::{rest, run};

#[cfg(feature = "runner")]
mod asking {
    use serde_json::json;

    use super::CheckArgs;
    use crate::autogenerate::{self, Compared, Difference, Models};
    use crate::context::Context;
    use crate::data::lost;
    use crate::error::Error;
    use crate::json;

    pub(in crate::commands) fn run(args: &CheckArgs, ctx: &Context<'_>) -> Result<(), Error> {
        let mut listing = ctx.listing()?;
        let status = ctx.chain()?.status(&ctx.config)?;
        let pending: Vec<&str> = status.pending.iter().map(|step| step.revision.as_str()).collect();
        let unmerged: Vec<String> = listing.graph.unmerged_heads().into_iter().map(str::to_owned).collect();
        let unmerged: Vec<&str> = unmerged.iter().map(String::as_str).collect();
        let unfinished: Vec<&str> = status.unfinished.iter().map(|left| left.revision.as_str()).collect();
        // What is pending would be found as a difference too.
        let is_ready = pending.is_empty() && unmerged.is_empty() && unfinished.is_empty();
        let differences = if is_ready { differences(args, ctx)? } else { None };
        let differs = differences.as_ref().is_some_and(|found| !found.is_empty());
        let lost = lost(&status.pending, ctx)?;
        if args.format.is_json() {
            listing.mark_current(&status.current);
            ctx.output.json(&json!({
                "database": ctx.masked_url()?,
                "is_clean": is_ready && !differs,
                "lost": json::lost(&lost),
                "pending": json::objects(&listing, &pending),
                "unmerged": unmerged,
                "unfinished": json::unfinished(&status.unfinished),
                "differences": differences.as_deref().map(json::differences),
            }));
        } else {
            let print = |what: &str, revision: &&str| {
                ctx.output.result(format_args!("{what:<12}{}", listing.line(revision, ctx.output)));
            };
            pending.iter().for_each(|revision| print("pending:", revision));
            unmerged.iter().for_each(|revision| print("unmerged:", revision));
            unfinished.iter().for_each(|revision| print("unfinished:", revision));
            for lost in &lost {
                ctx.output.result(format_args!("{:<12}{}: {lost}", "lost:", lost.revision));
            }
            for difference in differences.iter().flatten() {
                ctx.output.result(format_args!("{:<12}{}", "differs:", difference.words));
            }
        }
        if differs {
            return Err(Error::found("the database is not as the models say")
                .hint("`revision --autogenerate -m \"...\"` writes the migration that is missing"));
        }
        if !lost.is_empty() && unfinished.is_empty() {
            return Err(Error::found(
                "a pending migration is written for what the database will not have when it runs",
            )
            .hint(
                "let it run before the one that takes that away, or write it for the tables as they are by then \
                     (`revision --data` shows them)",
            ));
        }
        conclude(&pending, &unmerged, &unfinished, rest(listing.graph.heads().len()), ctx)
    }

    /// What differs from the models, where there are any.
    fn differences(args: &CheckArgs, ctx: &Context<'_>) -> Result<Option<Vec<Difference>>, Error> {
        let models = Models::of(args.models.schema_rs.as_deref(), ctx)?;
        if !models.are_there() {
            return Ok(None);
        }
        Ok(Some(autogenerate::differences(&Compared::new(&models, ctx)?.diff)))
    }

    /// What applies the rest: `head` says nothing where there are several.
    pub(in crate::commands) fn rest(heads: usize) -> &'static str {
        if heads > 1 { "apply the rest with `up heads`" } else { "apply the rest with `up`" }
    }

    fn conclude(
        pending: &[&str],
        unmerged: &[&str],
        unfinished: &[&str],
        rest: &str,
        ctx: &Context<'_>,
    ) -> Result<(), Error> {
        if !unfinished.is_empty() {
            return Err(Error::found("a migration was begun and not finished")
                .hint("`up` goes on with it, or says what to repair"));
        }
        if !unmerged.is_empty() {
            return Err(
                Error::found("the chain has several heads without branch labels").hint("join them with `merge heads`")
            );
        }
        if !pending.is_empty() {
            return Err(Error::found("the database is not up to date").hint(rest));
        }
        ctx.output.progress("the database is up to date");
        Ok(())
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn several_heads_are_named_in_what_to_type() {
            assert_eq!(rest(1), "apply the rest with `up`");
            assert_eq!(rest(2), "apply the rest with `up heads`");
        }
    }
}
