//! `stamp`: say where the database stands, without running a migration.

use super::script::ScriptArgs;

/// Set the version table, without running a migration
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    cargo xtask migrate stamp head          (this database has the schema of the newest revision already)\n  \
    cargo xtask migrate stamp --purge base  (forget rows that name no revision of this chain)\n  \
    cargo xtask migrate stamp --from-diesel (after `import diesel`: take over what Diesel has applied here)\n  \
    cargo xtask migrate stamp --sql base:a1b2c3 --dialect postgres")]
pub struct StampArgs {
    /// Where it stands: a revision or the beginning of one, head, heads, base, label@head, label@base; several for several branches
    #[arg(required_unless_present = "from_diesel")]
    pub revisions: Vec<String>,
    /// Delete all rows first, also those that the chain does not know
    #[arg(long, conflicts_with = "sql")]
    pub purge: bool,
    /// Take over what Diesel's table says is applied: each of its versions is the revision of that id
    #[arg(long, conflicts_with_all = ["revisions", "purge", "sql"])]
    pub from_diesel: bool,
    /// Offline SQL.
    #[command(flatten)]
    pub script: ScriptArgs,
}

#[cfg(feature = "runner")]
pub(super) fn run(args: &StampArgs, ctx: &crate::context::Context<'_>) -> Result<(), crate::error::Error> {
    use super::script;
    use crate::runner::Stamped;
    let targets: Vec<&str> = args.revisions.iter().map(String::as_str).collect();
    if args.script.sql {
        let dialect = script::dialect(&args.script, ctx)?;
        let options = crate::runner::options(&ctx.config, &args.script, &[]);
        script::print(&ctx.chain()?.script(dialect, options, crate::runner::Written::Stamp(&targets))?, ctx);
        return Ok(());
    }
    let options = crate::runner::options(&ctx.config, &args.script, &[]);
    let what = match (args.from_diesel, args.purge) {
        (true, _) => Stamped::FromDiesel,
        (false, true) => Stamped::Purged(&targets),
        (false, false) => Stamped::Targets(&targets),
    };
    let stamp = ctx.chain()?.stamp(&ctx.config, options, ctx.output, what)?;
    for left in &stamp.forgotten {
        let what = if left.up { "upgrade" } else { "downgrade" };
        ctx.output.warning(format_args!(
            "the {what} of `{}` was begun and not finished: this is forgotten now",
            left.revision
        ));
    }
    let shown = |rows: &[String]| if rows.is_empty() { "base".to_owned() } else { rows.join(", ") };
    ctx.output.summary(match stamp.before == stamp.current {
        true => format!("nothing to do: the database is at {}", shown(&stamp.current)),
        false => format!("stamped: the database is at {}, and was at {}", shown(&stamp.current), shown(&stamp.before)),
    });
    Ok(())
}
