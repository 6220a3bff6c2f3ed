//! `ensure-version`: make the tables that Rectify keeps for itself.

use super::script::ScriptArgs;

/// Make the version table and the journal, where they are missing
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    cargo xtask migrate ensure-version\n  \
    cargo xtask migrate ensure-version --sql --dialect postgres")]
pub struct EnsureVersionArgs {
    /// Offline SQL.
    #[command(flatten)]
    pub script: ScriptArgs,
}

#[cfg(feature = "runner")]
pub(super) fn run(args: &EnsureVersionArgs, ctx: &crate::context::Context<'_>) -> Result<(), crate::error::Error> {
    use super::script;
    let options = crate::runner::options(&ctx.config, &args.script, &[]);
    if args.script.sql {
        let dialect = script::dialect(&args.script, ctx)?;
        script::print(&ctx.chain()?.script(dialect, options, crate::runner::Written::EnsureVersion)?, ctx);
        return Ok(());
    }
    ctx.chain()?.ensure_version(&ctx.config, options, ctx.output)
}
