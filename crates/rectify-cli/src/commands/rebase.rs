//! `rebase`: put one of two branches behind the other.

use std::path::Path;

use rectify_chain::FaultKind;
use rectify_chain::source::At;
use serde_json::Value;

use crate::context::Context;
use crate::error::Error;
use crate::forward;
use crate::listing::Listing;
use crate::rebase::{Applied, Edits, Plan, Wanted};

/// Put one of the two branches that a merge in git left behind the other, so that no merge migration is needed
///
/// The branch that was begun later is moved: only the `down_revision` of its first migration changes, and versions/HEAD. The
/// database is asked first what is applied: of a branch that is, nothing is moved.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    cargo xtask migrate rebase\n  \
    cargo xtask migrate rebase --branch d4e5f6 --onto a1b2c3 --dry-run")]
pub struct RebaseArgs {
    /// The head of the branch to move
    #[arg(long, value_name = "HEAD")]
    pub branch: Option<String>,
    /// The head that it is to follow
    #[arg(long, value_name = "HEAD")]
    pub onto: Option<String>,
    /// Print what would be changed, and neither change it nor ask the database
    #[arg(long)]
    pub dry_run: bool,
    /// Do not ask the database what is applied
    #[arg(long)]
    pub no_database: bool,
}

pub(super) fn run(args: &RebaseArgs, ctx: &Context<'_>) -> Result<(), Error> {
    let listing = ctx.listing_to_mend()?;
    refuse_other_mistakes(&listing)?;
    let wanted = Wanted { branch: args.branch.as_deref(), onto: args.onto.as_deref() };
    let plan = wanted.plan(&listing)?;
    if args.dry_run {
        plan.result(&listing)?;
        print(&plan, &listing, "would follow", ctx);
        return Ok(());
    }
    // An interrupt ends the programs that are started here; the files are put back then.
    ctrlc::set_handler(|| {}).map_err(|error| Error::failed("cannot handle Ctrl-C").because(error))?;
    let plan = write(plan, wanted, args.no_database, &listing, ctx)?;
    print(&plan, &listing, "follows", ctx);
    Ok(())
}

/// A chain with other mistakes could not be built, so the database could not be asked.
fn refuse_other_mistakes(listing: &Listing) -> Result<(), Error> {
    use FaultKind::{SecondBase, SecondHead};
    let is_mended = |at: &At| matches!(at, At::Head | At::Literal { kind: SecondHead | SecondBase, .. });
    match listing.findings.iter().find(|finding| !is_mended(&finding.at)) {
        None => Ok(()),
        Some(finding) => Err(Error::failed("the chain has mistakes that `rebase` does not mend")
            .because(format!("{}:{}: {}", finding.file, finding.place, finding.message))
            .hint(&finding.hint)),
    }
}

/// Writes the plan, or the opposite one if that is what the database allows; gives the one that stands.
fn write(
    plan: Plan,
    wanted: Wanted<'_>,
    no_database: bool,
    listing: &Listing,
    ctx: &Context<'_>,
) -> Result<Plan, Error> {
    let versions = ctx.config.versions_folder();
    // The chain compiles only as it will be, so it has to be written before the runner can be built and asked.
    let edits = Edits::write(&plan, listing, versions)?;
    if no_database {
        return Ok(plan);
    }
    match rows(ctx).and_then(|rows| plan.applied(&rows, &listing.graph)) {
        Ok(Applied::NotMoved) => Ok(plan),
        Ok(applied) => {
            let refused = edits.undo(refusal(&plan, applied));
            if applied == Applied::Both || wanted.is_explicit() || refused.notes.len() > 1 {
                return Err(refused);
            }
            ctx.output.progress(format_args!("the branch of {} is applied: the other one is moved", plan.moved.head));
            let plan = plan.swapped();
            Edits::write(&plan, listing, versions)?;
            Ok(plan)
        }
        Err(error) => {
            let error = edits.undo(error);
            Err(error.hint("`--no-database` moves the branch without asking what is applied"))
        }
    }
}

fn refusal(plan: &Plan, applied: Applied) -> Error {
    let (moved, onto) = (&plan.moved.head, &plan.onto.head);
    let join = format!("`merge {onto} {moved}` joins the two as they are");
    match applied {
        Applied::Both => Error::failed("the database has applied both branches").hint(join),
        _ => Error::failed(format!("the database has applied the branch of `{moved}`, and not that of `{onto}`"))
            .hint(format!("move the other one: `rebase --branch {onto} --onto {moved}`")),
    }
}

/// The rows of the version table, as the runner tells them; of each database where all are asked.
fn rows(ctx: &Context<'_>) -> Result<Vec<String>, Error> {
    let file = ctx.config.url.as_ref().ok().and_then(|url| url.file.as_deref());
    // A database that is yet to be made has applied nothing.
    if !ctx.config.all_databases && file.is_some_and(|file: &Path| !file.exists()) {
        return Ok(Vec::new());
    }
    ctx.output.progress("asking the database what is applied");
    let said = forward::ask(&ctx.config, &["--color", "never", "current", "--format", "json"])?;
    rows_in(&said).ok_or_else(|| Error::failed("the runner does not say what is applied").because(said))
}

/// The rows in one or more answers of `current`.
fn rows_in(said: &str) -> Option<Vec<String>> {
    let mut rows = Vec::new();
    for answer in serde_json::Deserializer::from_str(said).into_iter::<Value>() {
        for row in answer.ok()?["rows"].as_array()? {
            rows.push(row.as_str()?.to_owned());
        }
    }
    Some(rows)
}

fn print(plan: &Plan, listing: &Listing, follows: &str, ctx: &Context<'_>) {
    for (id, parents) in plan.firsts(&listing.graph) {
        let before = if parents.is_empty() { "nothing".to_owned() } else { parents.join(", ") };
        let file = listing.graph.node(id).map(|node| node.origin.as_str()).unwrap_or_default();
        ctx.output.result(format_args!("{id} {follows} {} instead of {before} ({file})", plan.onto.head));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_from_one_database_or_several() {
        let answer = r#"{"database": "x", "rows": ["a1", "b2"]}"#;
        assert_eq!(rows_in(answer).unwrap(), ["a1", "b2"]);
        assert_eq!(rows_in(&format!("{answer}\n{}", r#"{"rows": ["c3"]}"#)).unwrap(), ["a1", "b2", "c3"]);
        assert_eq!(rows_in(r#"{"rows": []}"#).unwrap(), [""; 0]);
        for odd in ["{}", "a1 (head)", r#"{"rows": [1]}"#] {
            assert_eq!(rows_in(odd), None, "{odd}");
        }
    }
}
