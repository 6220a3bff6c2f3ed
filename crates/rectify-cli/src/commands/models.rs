//! `models`: what a database holds, as the source of models.

/// Print models for what the database holds
///
/// They are `rectify::tables!` with everything that the catalog says; put them into a module of your application, and
/// `stamp head` adopts the database. With `--diesel` they are plain `diesel::table!`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    cargo xtask migrate models > app_models/schema.rs\n  \
    cargo xtask migrate models --schema app --schema 'tenant_*' --exclude '*_backup'\n  \
    cargo xtask migrate models --diesel   (what `diesel print-schema` would print)")]
pub struct ModelsArgs {
    /// Print `diesel::table!`, which says nothing of defaults, indexes and checks
    #[arg(long)]
    pub diesel: bool,
    /// Read the schemas of this pattern instead of the current one; may be given several times
    #[arg(long = "schema", value_name = "PATTERN")]
    pub schemas: Vec<String>,
    /// Read only what is named by this pattern; may be given several times
    #[arg(long, value_name = "PATTERN")]
    pub include: Vec<String>,
    /// Leave out what is named by this pattern; may be given several times
    #[arg(long, value_name = "PATTERN")]
    pub exclude: Vec<String>,
}

#[cfg(feature = "runner")]
pub(super) use printing::run;

#[cfg(feature = "runner")]
mod printing {
    use rectify::inspect::InspectOptions;
    use rectify::schema::models;

    use super::ModelsArgs;
    use crate::context::Context;
    use crate::error::Error;

    pub(in crate::commands) fn run(args: &ModelsArgs, ctx: &Context<'_>) -> Result<(), Error> {
        let options = InspectOptions::default().schemas(&args.schemas).include(&args.include).exclude(&args.exclude);
        let (found, dialect) = ctx.chain()?.inspect(&ctx.config, &[options])?;
        let printed = models::print(&found, dialect, args.diesel);
        match printed.text.trim_end() {
            "" => ctx.output.progress("the database holds nothing that could be a model"),
            text => ctx.output.result(text),
        }
        for left_out in &printed.left_out {
            ctx.output.progress(format_args!("left out: {left_out}"));
        }
        Ok(())
    }
}
