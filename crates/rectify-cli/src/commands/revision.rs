//! `revision`: write a new migration file.

use std::collections::hash_map::RandomState;
use std::fs::File;
use std::hash::{BuildHasher, Hasher};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use chrono::Local;
use rectify_chain::revision::{check_id, check_label};

use crate::commands::heads::write_head;
use crate::context::Context;
use crate::error::Error;
use crate::listing::Listing;

/// Write a new, empty migration
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    cargo xtask migrate revision -m \"Add email verification to users\"\n  \
    cargo xtask migrate revision -m \"Start billing\" --head base --branch-label billing")]
pub struct RevisionArgs {
    /// What the migration does, in the imperative
    #[arg(long, short)]
    pub message: String,
    /// The revision that it follows: head, label@head, a revision or the beginning of one, base
    #[arg(long, default_value = "head", value_name = "REVISION")]
    pub head: String,
    /// A name for the branch that starts with it
    #[arg(long, value_name = "LABEL")]
    pub branch_label: Option<String>,
    /// Its id, instead of twelve random hex digits
    #[arg(long, value_name = "ID")]
    pub rev_id: Option<String>,
}

pub(super) fn run(args: &RevisionArgs, ctx: &Context<'_>) -> Result<(), Error> {
    // Everything is checked before the first file is written.
    let listing = ctx.listing_before_writing()?;
    let template = Template {
        revision: new_id(args.rev_id.as_deref(), &listing)?,
        parents: parent(args, &listing)?.into_iter().collect(),
        branch_label: new_label(args, &listing)?,
        message: message(&args.message)?,
    };
    template.write(ctx)
}

/// The id that was asked for, else a random one.
pub(super) fn new_id(rev_id: Option<&str>, listing: &Listing) -> Result<String, Error> {
    let taken = |id: &str| listing.graph.node(id).is_some();
    let Some(id) = rev_id else {
        return Ok(std::iter::repeat_with(random_id).find(|id| !taken(id)).expect("the iterator has no end"));
    };
    check_id(id).map_err(|reason| Error::usage(format!("`{id}` cannot be a revision id: it {reason}")))?;
    match taken(id) {
        true => Err(Error::usage(format!("there is a revision `{id}` already")).hint("leave `--rev-id` out")),
        false => Ok(id.to_owned()),
    }
}

fn parent(args: &RevisionArgs, listing: &Listing) -> Result<Option<String>, Error> {
    let parent = listing.graph.resolve_one(&args.head).map_err(|error| {
        let hint = error.hint();
        Error::failed("cannot tell which revision the new one follows").hint(hint).because(error)
    })?;
    Ok(parent.map(str::to_owned))
}

fn new_label(args: &RevisionArgs, listing: &Listing) -> Result<Option<String>, Error> {
    let Some(label) = &args.branch_label else { return Ok(None) };
    check_label(label).map_err(|reason| Error::usage(format!("`{label}` cannot be a branch label: it {reason}")))?;
    let owner = listing.graph.labels().into_iter().find(|(name, _)| name == label).map(|(_, owner)| owner);
    match owner.or_else(|| listing.graph.node(label).map(|node| node.id.as_str())) {
        Some(owner) => Err(Error::usage(format!("the name `{label}` is taken by revision `{owner}`"))),
        None => Ok(Some(label.clone())),
    }
}

/// The message, unless it says nothing.
pub(super) fn message(text: &str) -> Result<String, Error> {
    match text.trim() {
        "" => Err(Error::usage("the message is empty").hint("say in a few words what the migration does")),
        text => Ok(text.to_owned()),
    }
}

/// What varies in a new file.
pub(super) struct Template {
    pub(super) revision: String,
    pub(super) parents: Vec<String>,
    pub(super) branch_label: Option<String>,
    pub(super) message: String,
}

impl Template {
    /// Writes the file, and `HEAD` with it.
    pub(super) fn write(&self, ctx: &Context<'_>) -> Result<(), Error> {
        let folder = ctx.config.versions_folder();
        let new_files = &ctx.config.new_files;
        let slug = slug(self.message.lines().next().unwrap_or_default(), new_files.slug_length);
        let file = folder.join(new_files.file_template.render(&Local::now().fixed_offset(), &self.revision, &slug));
        write_new(&file, &self.render())?;
        format(&file, ctx);
        write_head(&Listing::read(folder)?, folder)?;
        ctx.output.result(file.display());
        Ok(())
    }

    fn render(&self) -> String {
        let comment: String =
            self.message.lines().map(|line| format!("/// {line}").trim_end().to_owned() + "\n").collect();
        let revision = &self.revision;
        let parents = match self.parents.as_slice() {
            [] => String::new(),
            [parent] => format!(", down_revision = {parent:?}"),
            parents => format!(", down_revision = {parents:?}"),
        };
        let label =
            self.branch_label.as_ref().map(|label| format!(", branch_labels = [{label:?}]")).unwrap_or_default();
        format!(
            "use crate::prelude::*;\n\n\
             {comment}#[migration(revision = {revision:?}{parents}{label})]\n\
             pub fn upgrade(op: &mut Op) -> Result<()> {{\n\
             \x20   // For example: op.add_column(\"users\", column(\"verified\", boolean()).not_null().server_default(false))?;\n\
             \x20   let _ = op;\n\
             \x20   Ok(())\n\
             }}\n\n\
             pub fn downgrade(op: &mut Op) -> Result<()> {{\n\
             \x20   // The way back, in the opposite order: op.drop_column(\"users\", \"verified\")?;\n\
             \x20   let _ = op;\n\
             \x20   Ok(())\n\
             }}\n"
        )
    }
}

/// The words of the message, as many whole ones as fit.
pub(super) fn slug(message: &str, longest: usize) -> String {
    let mut slug = String::new();
    let words = message.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    for word in words {
        let word = word.to_lowercase();
        let length = slug.chars().count() + usize::from(!slug.is_empty()) + word.chars().count();
        if length > longest {
            if slug.is_empty() {
                return word.chars().take(longest).collect();
            }
            break;
        }
        if !slug.is_empty() {
            slug.push('_');
        }
        slug += &word;
    }
    slug
}

/// Twelve hex digits. Two people seldom make one at the same moment, and the compiler finds it if they do.
fn random_id() -> String {
    // The standard library has no generator, but seeds each of these from the system's.
    let random = RandomState::new().build_hasher().finish();
    format!("{:012x}", random & 0xffff_ffff_ffff)
}

pub(super) fn write_new(file: &Path, text: &str) -> Result<(), Error> {
    let write = || File::create_new(file)?.write_all(text.as_bytes());
    write().map_err(|error| Error::failed(format!("cannot write `{}`", file.display())).because(error))
}

/// A file that is not formatted is still a good one.
pub(super) fn format(file: &Path, ctx: &Context<'_>) {
    let status = Command::new("rustfmt").args(["--edition", "2024"]).arg(file).stdin(Stdio::null()).status();
    match status {
        Ok(status) if status.success() => {}
        Ok(status) => ctx.output.warning(format_args!("rustfmt ended with {status}")),
        Err(error) => ctx.output.warning(format_args!("cannot run rustfmt: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_lower_case_words() {
        let long = "A Very Long: message, with (punct) and Ünïcode that goes on";
        for (message, expected) in [
            ("Add email verification", "add_email_verification"),
            ("  quotes \" and / slashes  ", "quotes_and_slashes"),
            (long, "a_very_long_message_with_punct_and"),
            ("Ünïcode", "ünïcode"),
            ("!!!", ""),
        ] {
            assert_eq!(slug(message, 40), expected);
        }
        assert_eq!(slug(&"x".repeat(50), 40).len(), 40);
    }

    #[test]
    fn ids_are_twelve_hex_digits_and_differ() {
        let id = random_id();
        assert!(id.len() == 12 && id.chars().all(|c| c.is_ascii_hexdigit()), "{id}");
        assert_ne!(id, random_id());
    }

    #[test]
    fn template_holds_message_and_parent() {
        let template = Template {
            revision: "b2".to_owned(),
            parents: vec!["a1".to_owned()],
            branch_label: None,
            message: "Add x\n\nWhy \"x\".".to_owned(),
        };
        let text = template.render();
        assert!(text.starts_with(
            "use crate::prelude::*;\n\n/// Add x\n///\n/// Why \"x\".\n\
             #[migration(revision = \"b2\", down_revision = \"a1\")]\npub fn upgrade(op: &mut Op) -> Result<()> {\n    //"
        ));
    }
}
