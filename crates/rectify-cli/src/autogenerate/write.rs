//! A difference as a new migration file.

use rectify::schema::Schema;
use rectify::schema::diff::Rename;
use rectify::schema::emit;

use super::compared::{Compared, is_missing};
use super::{AutogenerateArgs, Models, differences, layout, renames};
use crate::context::Context;
use crate::error::Error;
use crate::listing::Listing;
use crate::new_file::{Content, NewFile};

/// How far the functions of a migration are indented.
const INDENT: usize = 4;

/// Compares the models with the database, and writes what differs. `listing` is the chain in the source.
pub(crate) fn write(args: &AutogenerateArgs, file: NewFile, listing: &Listing, ctx: &Context<'_>) -> Result<(), Error> {
    check_head(listing, ctx)?;
    let models = Models::of(args.schema_rs.as_deref(), ctx)?;
    let mut compared = Compared::new(&models, ctx)?;
    if listing.graph.nodes().is_empty() && compared.database != Schema::default() {
        ctx.output.progress(
            "the chain is empty and the database is not: this is the baseline, all that the database holds; `stamp head` adopts it",
        );
        compared.become_baseline(ctx);
    }
    confirm_renames(args, &models, &mut compared, ctx)?;
    for difference in differences(&compared.diff) {
        ctx.output.progress(format_args!("found: {}", difference.words));
    }
    if compared.diff.is_empty() && !args.allow_empty {
        ctx.output.summary("nothing differs: the database is as the models say, and no file is written");
        return Ok(());
    }
    confirm_losses(args, &compared, ctx)?;
    warn_of_refusals(&compared, ctx);
    let bodies = emit::bodies(&compared.diff, compared.dialect, INDENT, layout::of(ctx.config.versions_folder())?);
    let content = Content::Source { upgrade: bodies.upgrade, downgrade: bodies.downgrade };
    NewFile { content: Some(content), ..file }.write(ctx, listing)?;
    for column in bodies.to_fill {
        ctx.output.warning(format_args!(
            "rows may have no value for `{column}`, which may not be NULL: see `TODO` in the file"
        ));
    }
    for error in bodies.irreversible {
        ctx.output.warning(format_args!("the migration is irreversible: {error}"));
    }
    Ok(())
}

/// The difference is that between the last revision and the models only where the database is at the last revision.
fn check_head(listing: &Listing, ctx: &Context<'_>) -> Result<(), Error> {
    check_built(listing, ctx)?;
    let heads = |heads: &[&str]| if heads.is_empty() { "base".to_owned() } else { heads.join(", ") };
    let head = heads(&listing.graph.heads());
    let behind = |current: &str| {
        Err(Error::failed(format!("the database is at {current}, head is {head}: run `up` first"))
            .hint("what is pending would be found as a difference and written a second time"))
    };
    if is_missing(ctx)? {
        return if listing.graph.nodes().is_empty() { Ok(()) } else { behind("base") };
    }
    let status = ctx.chain()?.status(&ctx.config)?;
    if let Some(step) = status.unfinished.first() {
        return Err(Error::failed(format!("revision `{}` was begun and not finished", step.revision))
            .hint("`up` goes on with it, or says what to repair"));
    }
    if status.pending.is_empty() {
        return Ok(());
    }
    let current: Vec<&str> = status.current.iter().map(String::as_str).collect();
    behind(&heads(&current))
}

/// The chain in the source is the one in the program.
pub(crate) fn check_built(listing: &Listing, ctx: &Context<'_>) -> Result<(), Error> {
    let of_program = ctx.chain()?.listing();
    if listing.graph.nodes().iter().any(|node| of_program.graph.node(&node.id).is_none()) {
        return Err(Error::failed("the chain in the source has revisions that this program was built without")
            .hint("build the runner again, or use `cargo xtask migrate`, which does"));
    }
    Ok(())
}

/// Asks what was renamed, where it was not told.
fn confirm_renames(
    args: &AutogenerateArgs,
    models: &Models,
    compared: &mut Compared,
    ctx: &Context<'_>,
) -> Result<(), Error> {
    let mut known = renames::parse(&args.rename, compared)?;
    let mut denied: Vec<Rename> = Vec::new();
    if !known.is_empty() {
        compared.again(models, &known, ctx)?;
    }
    loop {
        let likely = compared.diff.likely_renames.iter().filter(|rename| !denied.contains(rename));
        let likely: Vec<Rename> = if args.no_renames { Vec::new() } else { likely.cloned().collect() };
        let Some(next) = likely.first() else { return Ok(()) };
        match ctx.output.ask(&renames::question(next)) {
            Some(true) => {
                known.push(next.clone());
                compared.again(models, &known, ctx)?;
            }
            Some(false) => denied.push(next.clone()),
            None => return Err(undecided(&likely)),
        }
    }
}

fn undecided(likely: &[Rename]) -> Error {
    let mut error =
        Error::failed("what looks renamed may have been dropped and created anew, and nothing is written on a guess");
    error.notes = likely.iter().map(renames::question).collect();
    let flags: Vec<String> = likely.iter().map(|rename| format!("--rename {rename}")).collect();
    error.hint(format!("yes: `{}`", flags.join(" "))).hint("no: `--no-renames`")
}

/// Asks whether data may be lost, where it was not told.
fn confirm_losses(args: &AutogenerateArgs, compared: &Compared, ctx: &Context<'_>) -> Result<(), Error> {
    let lost: Vec<String> = compared.diff.losses.iter().map(|loss| format!("it loses {}", loss.lost)).collect();
    if lost.is_empty() || args.allow_drop {
        return Ok(());
    }
    let question = format!("{}: write it?", lost.join(", "));
    match ctx.output.ask(&question) {
        Some(true) => Ok(()),
        answer => {
            let mut error = Error::failed("the migration would lose data, and no file is written");
            error.notes = lost;
            Err(if answer.is_none() { error.hint("`--allow-drop` writes it") } else { error })
        }
    }
}

/// What the database cannot do fails at `up`; better to hear of it now.
fn warn_of_refusals(compared: &Compared, ctx: &Context<'_>) {
    use rectify::schema::Operation;
    let alone = |operation: &&Operation| !matches!(operation, Operation::BatchAlterTable(_));
    for operation in compared.diff.operations.iter().filter(alone) {
        if let Err(refusal) = compared.dialect.render(operation) {
            ctx.output.warning(format_args!("{refusal}; {}", refusal.hint));
        }
    }
}
