//! `import`: turn a folder of SQL that another tool has run into migrations of this chain.

use std::path::PathBuf;

use rectify_chain::revision::check_label;
use rectify_chain::{Graph, Node, Policy};

use crate::context::Context;
use crate::error::Error;
use crate::import::{Flavor, Legacy, Place, read_diesel, read_numbered, render};
use crate::listing::Listing;
use crate::new_file::{file_name, now, run_hooks, slug, write_new};

/// Turn a folder of SQL that another tool has run into migrations of this chain
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    cargo xtask migrate import diesel migrations\n  \
    cargo xtask migrate import sql db/migrations --dialect mysql\n\n\
    Then, on each database that the other tool has migrated:\n  \
    cargo xtask migrate stamp --from-diesel\n  \
    cargo xtask migrate stamp 042           (the number of the last file that has run there)")]
pub struct ImportArgs {
    /// What the folder holds
    #[command(subcommand)]
    pub from: From,
}

/// What can be imported.
#[derive(Debug, clap::Subcommand)]
pub enum From {
    /// Folders with `up.sql` and `down.sql`; the version becomes the revision's id
    Diesel(FolderArgs),
    /// Numbered files: `001_x.sql`, `001_x.down.sql`, `V1__x.sql`, goose, dbmate; the number becomes the revision's id
    Sql(FolderArgs),
}

/// Which folder, and where its migrations go.
#[derive(Debug, clap::Args)]
pub struct FolderArgs {
    /// The folder of the migrations
    pub folder: PathBuf,
    /// The revision that the first one follows: head, label@head, a revision or the beginning of one, base
    #[arg(long, default_value = "head", value_name = "REVISION")]
    pub head: String,
    /// A name for the branch that starts with the first one
    #[arg(long, value_name = "LABEL")]
    pub branch_label: Option<String>,
    /// How the SQL is written [default: as the configured database speaks, else postgres]
    #[arg(long, value_name = "DIALECT")]
    pub dialect: Option<Flavor>,
}

pub(super) fn run(args: &ImportArgs, ctx: &Context<'_>) -> Result<(), Error> {
    // Everything is checked before the first file is written.
    let listing = ctx.listing_before_writing()?;
    let flavor = |args: &FolderArgs| args.dialect.unwrap_or_else(|| Flavor::configured(&ctx.config));
    let (args, found) = match &args.from {
        From::Diesel(args) => (args, read_diesel(&args.folder, flavor(args))?),
        From::Sql(args) => (args, read_numbered(&args.folder, flavor(args))?),
    };
    let all = found.len();
    let found = without_known(found, &listing, ctx)?;
    if found.is_empty() {
        ctx.output.result(format_args!("nothing to import: all {all} migrations are in the chain"));
        return Ok(());
    }
    let parents = parents(args, &found, &listing)?;
    check(args, &found, &parents, &listing)?;
    let files = files(args, &found, &parents, ctx)?;
    write_new(&files, &ctx.config)?;
    files.iter().try_for_each(|(file, _)| run_hooks(file, ctx))?;
    tell(&found, &files, ctx);
    Ok(())
}

/// Those that are not in the chain yet: an import may be repeated while the other tool is still in use.
fn without_known(found: Vec<Legacy>, listing: &Listing, ctx: &Context<'_>) -> Result<Vec<Legacy>, Error> {
    let mut new: Vec<Legacy> = Vec::new();
    for legacy in found {
        let Some(node) = listing.graph.node(&legacy.revision) else {
            new.push(legacy);
            continue;
        };
        if !listing.description(&legacy.revision).contains(&legacy.imported_from()) {
            let message = format!("`{}` cannot be imported: there is a revision `{}` already", legacy.origin, node.id);
            return Err(
                Error::failed(message).hint(format!("it stands in `{}`: change the id of one of the two", node.origin))
            );
        }
        if let Some(late) = new.last() {
            ctx.output.warning(format_args!(
                "`{}` comes behind `{}`, which was imported before, though its number is lower",
                late.origin, legacy.origin
            ));
        }
    }
    Ok(new)
}

/// By migration, the revision that it follows.
fn parents(args: &FolderArgs, found: &[Legacy], listing: &Listing) -> Result<Vec<Option<String>>, Error> {
    let first = listing.graph.resolve_one(&args.head).map_err(|error| {
        let hint = error.hint();
        Error::failed("cannot tell which revision the first one follows").hint(hint).because(error)
    })?;
    let rest = found.iter().map(|legacy| Some(legacy.revision.clone()));
    Ok(std::iter::once(first.map(str::to_owned)).chain(rest).take(found.len()).collect())
}

/// Refuses what would leave a chain that does not compile.
fn check(args: &FolderArgs, found: &[Legacy], parents: &[Option<String>], listing: &Listing) -> Result<(), Error> {
    if let Some(label) = &args.branch_label {
        check_label(label)
            .map_err(|reason| Error::usage(format!("`{label}` cannot be a branch label: it {reason}")))?;
    }
    let new = found.iter().zip(parents).enumerate().map(|(index, (legacy, parent))| Node {
        id: legacy.revision.clone(),
        down_revisions: parent.iter().cloned().collect(),
        branch_labels: args.branch_label.iter().filter(|_| index == 0).cloned().collect(),
        origin: legacy.origin.clone(),
        ..Node::default()
    });
    let before = listing.graph.nodes().to_vec();
    let (_, old_faults) = Graph::tolerant(before.clone(), Policy::Strict);
    let (_, faults) = Graph::tolerant(before.into_iter().chain(new).collect(), Policy::Strict);
    match faults.iter().find(|fault| !old_faults.iter().any(|old| old.kind == fault.kind)) {
        Some(fault) if old_faults.len() < faults.len() => {
            Err(Error::failed("the chain would be broken").hint(&fault.hint).because(fault.to_string()))
        }
        _ => Ok(()),
    }
}

/// The new files: their paths and their texts.
fn files(
    args: &FolderArgs,
    found: &[Legacy],
    parents: &[Option<String>],
    ctx: &Context<'_>,
) -> Result<Vec<(PathBuf, String)>, Error> {
    let new_files = &ctx.config.new_files;
    let now = now(&new_files.timezone)?;
    // One without a date, such as `00000000000000_diesel_initial_setup`, is filed with the next one that has one.
    let date = |index: usize| found[index..].iter().find_map(|legacy| legacy.created).unwrap_or(now);
    let file = |(index, (legacy, parent)): (usize, (&Legacy, &Option<String>))| {
        let slug = slug(&legacy.message, new_files.slug_length);
        let name = file_name(&ctx.config, &date(index), &legacy.revision, &slug)?;
        let branch_label = args.branch_label.as_deref().filter(|_| index == 0);
        let text = render(legacy, Place { parent: parent.as_deref(), branch_label });
        Ok((ctx.config.versions_folder().join(name), text))
    };
    found.iter().zip(parents).enumerate().map(file).collect()
}

fn tell(found: &[Legacy], files: &[(PathBuf, String)], ctx: &Context<'_>) {
    for (legacy, (file, _)) in found.iter().zip(files) {
        legacy.remarks.iter().for_each(|remark| ctx.output.warning(format_args!("`{}`: {remark}", legacy.origin)));
        ctx.output.result(file.display());
    }
}
