//! `revision`: write a new migration file.

use std::path::PathBuf;

use rectify_chain::revision::check_label;

use crate::autogenerate::AutogenerateArgs;
use crate::config::GlobalArgs;
use crate::context::Context;
use crate::data::DataArgs;
use crate::error::Error;
use crate::import::Flavor;
use crate::listing::Listing;
use crate::new_file::{Content, NewFile, Sql, new_id};

/// Write a new migration: empty, what differs between the models and the database, or one of rows
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    cargo xtask migrate revision -m \"Add email verification to users\"\n  \
    cargo xtask migrate revision --autogenerate -m \"Add phone number\"\n  \
    cargo xtask migrate revision --data users,documents --adding users.email_verified:Bool -m \"Verify old users\"\n  \
    cargo xtask migrate revision -m \"Start billing\" --head base --branch-label billing\n  \
    cargo xtask migrate revision -m \"Add the search index\" --sql search.sql")]
pub struct RevisionArgs {
    /// What the migration does, in the imperative
    #[arg(long, short)]
    pub message: String,
    /// The revision that it follows: head, label@head, a revision or the beginning of one, base; heads joins all
    #[arg(long, default_value = "head", value_name = "REVISION", action = clap::ArgAction::Append)]
    pub head: Vec<String>,
    /// Let it follow a revision that another one follows already, which starts a branch
    #[arg(long)]
    pub splice: bool,
    /// A name for the branch that starts with it
    #[arg(long, value_name = "LABEL")]
    pub branch_label: Option<String>,
    /// What else must be applied before it: a branch label, a revision or the beginning of one; may be repeated
    #[arg(long, value_name = "REVISION")]
    pub depends_on: Vec<String>,
    /// Its id, instead of twelve random hex digits
    #[arg(long, value_name = "ID")]
    pub rev_id: Option<String>,
    /// The folder that it goes to, where `versions` names several
    #[arg(long, value_name = "FOLDER")]
    pub version_path: Option<PathBuf>,
    /// A file of SQL that it runs, or - for standard input; what follows a line `-- down` is the way back
    #[arg(long, value_name = "FILE")]
    pub sql: Option<PathBuf>,
    /// What it does to the schema, found by comparison.
    #[command(flatten)]
    pub difference: AutogenerateArgs,
    /// The tables whose rows it changes.
    #[command(flatten)]
    pub rows: DataArgs,
}

impl RevisionArgs {
    /// Refuses to compare the models with more than one database: one file cannot be the difference to each.
    pub(crate) fn check(&self, global: &GlobalArgs) -> Result<(), Error> {
        if self.difference.autogenerate && global.all_databases {
            return Err(Error::usage("a migration is written from one database, and `--all-databases` means each")
                .hint("name one that is at head: `--database NAME`; `check --all-databases` compares each with the models"));
        }
        Ok(())
    }

    /// Whether it takes the linked models and a database.
    pub(crate) fn needs_database(&self) -> bool {
        self.difference.autogenerate || !self.rows.data.is_empty()
    }
}

pub(super) fn run(args: &RevisionArgs, ctx: &Context<'_>) -> Result<(), Error> {
    let listing = ctx.listing_before_writing()?;
    let sql = args.sql.as_deref().map(|file| Sql::read(file, Flavor::configured(&ctx.config))).transpose()?;
    let file = NewFile {
        revision: new_id(args.rev_id.as_deref(), &listing)?,
        parents: parents(args, &listing)?,
        depends_on: dependencies(&args.depends_on, &listing)?,
        branch_label: new_label(args.branch_label.as_deref(), &listing)?,
        message: message(&args.message)?,
        content: sql.map(Content::Sql),
        items: String::new(),
        version_path: args.version_path.clone(),
    };
    if args.needs_database() { generate(args, file, &listing, ctx) } else { file.write(ctx, &listing) }
}

#[cfg(feature = "runner")]
fn generate(args: &RevisionArgs, file: NewFile, listing: &Listing, ctx: &Context<'_>) -> Result<(), Error> {
    if args.difference.autogenerate {
        crate::autogenerate::write(&args.difference, file, listing, ctx)
    } else {
        crate::data::write(&args.rows, file, listing, ctx)
    }
}

/// Only the runner can ask a database; the command is handed over to it before it gets here.
#[cfg(not(feature = "runner"))]
fn generate(_: &RevisionArgs, _: NewFile, _: &Listing, _: &Context<'_>) -> Result<(), Error> {
    Err(Error::failed("this program cannot ask a database").hint("run the runner binary"))
}

fn parents(args: &RevisionArgs, listing: &Listing) -> Result<Vec<String>, Error> {
    let [head] = args.head.as_slice() else {
        return Err(Error::usage("a revision follows one other, and `--head` is given more than once")
            .hint(format!("join them with `merge {}`", args.head.join(" "))));
    };
    let parents = match head.as_str() {
        // Every head, also one that another depends on: what is written is the one head then.
        "heads" => listing.graph.heads(),
        head => listing.graph.resolve_one(head).map(|parent| parent.into_iter().collect()).map_err(|error| {
            let hint = error.hint();
            Error::failed("cannot tell which revision the new one follows").hint(hint).because(error)
        })?,
    };
    if parents.is_empty() && head.contains('@') {
        return Err(Error::usage(format!("`{head}` names no revision to follow"))
            .hint("`--head base --branch-label <label>` starts a branch from nothing"));
    }
    check_heads(&parents, args.splice, listing)?;
    Ok(parents.into_iter().map(str::to_owned).collect())
}

/// Refuses to start a branch that nobody asked for.
pub(super) fn check_heads(parents: &[&str], splice: bool, listing: &Listing) -> Result<(), Error> {
    match parents.iter().find(|parent| !splice && !listing.graph.is_head(parent)) {
        None => Ok(()),
        Some(past) => Err(Error::failed(format!("`{past}` is no head: another revision follows it already"))
            .hint("`heads` lists the heads; `--splice` starts a branch from there")),
    }
}

/// Labels stay labels, ids are written in full.
fn dependencies(names: &[String], listing: &Listing) -> Result<Vec<String>, Error> {
    let mut found: Vec<String> = Vec::new();
    for name in names {
        let is_label = listing.graph.labels().iter().any(|(label, _)| label == name);
        let named = if is_label { vec![name.as_str()] } else { resolved(name, listing)? };
        for name in named {
            if !found.iter().any(|known| known == name) {
                found.push(name.to_owned());
            }
        }
    }
    Ok(found)
}

fn resolved<'a>(name: &str, listing: &'a Listing) -> Result<Vec<&'a str>, Error> {
    let what = "cannot tell what the new revision depends on";
    match listing.graph.resolve(name) {
        Ok(found) if found.is_empty() => {
            Err(Error::failed(what).because(format!("`{name}` is no revision")).hint("name one, or a branch label"))
        }
        Ok(found) => Ok(found),
        Err(error) => Err(Error::failed(what).hint(error.hint()).because(error)),
    }
}

/// A label that is still free.
pub(super) fn new_label(label: Option<&str>, listing: &Listing) -> Result<Option<String>, Error> {
    let Some(label) = label else { return Ok(None) };
    check_label(label).map_err(|reason| Error::usage(format!("`{label}` cannot be a branch label: it {reason}")))?;
    let owner = listing.graph.labels().into_iter().find(|(name, _)| *name == label).map(|(_, owner)| owner);
    match owner.or_else(|| listing.graph.node(label).map(|node| node.id.as_str())) {
        Some(owner) => Err(Error::usage(format!("the name `{label}` is taken by revision `{owner}`"))),
        None => Ok(Some(label.to_owned())),
    }
}

/// The message, unless it says nothing.
pub(super) fn message(text: &str) -> Result<String, Error> {
    match text.trim() {
        "" => Err(Error::usage("the message is empty").hint("say in a few words what the migration does")),
        text => Ok(text.to_owned()),
    }
}
