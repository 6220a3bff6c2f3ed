//! The commands. Each file holds one: its arguments, whose documentation is the help, and what it does.

pub mod branches;
pub mod current;
pub mod down;
pub mod heads;
pub mod history;
pub mod merge;
pub mod revision;
pub mod show;
pub mod status;
pub mod up;

use clap::Subcommand;

use crate::context::Context;
use crate::error::Error;

/// Every command, by what it needs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// A command about a database, which needs the linked chain.
    #[command(flatten)]
    Database(DatabaseCommand),
    /// A command about the chain, which its source can answer.
    #[command(flatten)]
    Source(SourceCommand),
}

/// A command about a database.
#[derive(Debug, Subcommand)]
pub enum DatabaseCommand {
    #[command(visible_alias = "upgrade")]
    #[expect(missing_docs, reason = "clap would take a comment for the help, which stands at the arguments")]
    Up(up::UpArgs),
    #[command(visible_alias = "downgrade")]
    #[expect(missing_docs, reason = "as above")]
    Down(down::DownArgs),
    #[expect(missing_docs, reason = "as above")]
    Current(current::CurrentArgs),
    #[expect(missing_docs, reason = "as above")]
    Status(status::StatusArgs),
}

/// A command about the chain.
#[derive(Debug, Subcommand)]
pub enum SourceCommand {
    #[expect(missing_docs, reason = "clap would take a comment for the help, which stands at the arguments")]
    Heads(heads::HeadsArgs),
    #[expect(missing_docs, reason = "as above")]
    Branches(branches::BranchesArgs),
    #[expect(missing_docs, reason = "as above")]
    History(history::HistoryArgs),
    #[expect(missing_docs, reason = "as above")]
    Revision(revision::RevisionArgs),
    #[expect(missing_docs, reason = "as above")]
    Merge(merge::MergeArgs),
    #[expect(missing_docs, reason = "as above")]
    Show(show::ShowArgs),
}

impl SourceCommand {
    /// Whether the source cannot answer it, because of an argument such as `current`.
    pub(crate) fn needs_database(&self) -> bool {
        match self {
            SourceCommand::History(args) => args.needs_database(),
            SourceCommand::Show(args) => args.needs_database(),
            SourceCommand::Heads(_)
            | SourceCommand::Branches(_)
            | SourceCommand::Revision(_)
            | SourceCommand::Merge(_) => false,
        }
    }

    pub(crate) fn run(&self, ctx: &Context<'_>) -> Result<(), Error> {
        match self {
            SourceCommand::Heads(args) => heads::run(args, ctx),
            SourceCommand::Branches(args) => branches::run(args, ctx),
            SourceCommand::History(args) => history::run(args, ctx),
            SourceCommand::Revision(args) => revision::run(args, ctx),
            SourceCommand::Merge(args) => merge::run(args, ctx),
            SourceCommand::Show(args) => show::run(args, ctx),
        }
    }
}

#[cfg(feature = "runner")]
impl DatabaseCommand {
    pub(crate) fn run(&self, ctx: &Context<'_>) -> Result<(), Error> {
        match self {
            DatabaseCommand::Up(args) => up::run(args, ctx),
            DatabaseCommand::Down(args) => down::run(args, ctx),
            DatabaseCommand::Current(args) => current::run(args, ctx),
            DatabaseCommand::Status(args) => status::run(args, ctx),
        }
    }
}
