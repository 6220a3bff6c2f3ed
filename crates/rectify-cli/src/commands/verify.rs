//! `verify`: was a migration edited after it was applied?

use crate::json::FormatArgs;

/// Name the migrations that were edited after they were applied (exit code 3 if there are any)
#[derive(Debug, clap::Args)]
#[command(after_help = "Formatting and comments do not count.\n\nExamples:\n  \
    cargo xtask migrate verify\n  \
    cargo xtask migrate verify --accept a1b2c3   (the edit changes nothing that matters: record it)")]
pub struct VerifyArgs {
    /// Record the present text of this revision as what was applied; may be given several times
    #[arg(long, value_name = "REVISION")]
    pub accept: Vec<String>,
    /// How the result is printed.
    #[command(flatten)]
    pub format: FormatArgs,
}

#[cfg(feature = "runner")]
pub(super) use asking::run;

#[cfg(feature = "runner")]
mod asking {
    use rectify::Verification;
    use serde_json::json;

    use super::VerifyArgs;
    use crate::context::Context;
    use crate::error::Error;

    pub(in crate::commands) fn run(args: &VerifyArgs, ctx: &Context<'_>) -> Result<(), Error> {
        let chain = ctx.chain()?;
        if !args.accept.is_empty() {
            let revisions: Vec<&str> = args.accept.iter().map(String::as_str).collect();
            for accepted in chain.accept(&ctx.config, ctx.output, &revisions)? {
                ctx.output.progress(format_args!("recorded the present text of `{accepted}`"));
            }
        }
        let found = chain.verify(&ctx.config)?;
        if args.format.is_json() {
            ctx.output.json(&as_json(&found, &ctx.masked_url()?));
        } else {
            print(&found, ctx)?;
        }
        match found.is_clean() {
            true => {
                ctx.output.progress("no applied migration was edited");
                Ok(())
            }
            false => Err(Error::found("migrations were edited after they were applied").hint(
                "undo the edit and write a new migration, or record it with `verify --accept REVISION` if it changes nothing",
            )),
        }
    }

    fn print(found: &Verification, ctx: &Context<'_>) -> Result<(), Error> {
        let listing = ctx.listing()?;
        for edited in &found.edited {
            ctx.output.result(format_args!("edited: {} ({})", listing.line(&edited.revision, ctx.output), edited.file));
        }
        match found.unrecorded.len() {
            0 => {}
            number => ctx.output.progress(format_args!(
                "{number} of the applied revisions have no checksum: they were stamped, or another tool applied them"
            )),
        }
        Ok(())
    }

    fn as_json(found: &Verification, url: &str) -> serde_json::Value {
        let edited = found.edited.iter().map(|edited| {
            json!({
                "revision": edited.revision,
                "message": edited.message,
                "file": edited.file,
                "applied": edited.applied,
                "checksum": edited.checksum,
            })
        });
        json!({
            "database": url,
            "is_clean": found.is_clean(),
            "edited": edited.collect::<Vec<_>>(),
            "unrecorded": found.unrecorded,
        })
    }
}
