//! The commands. Each file holds one: its arguments, whose documentation is the help, and what it does.

pub mod branches;
pub mod check;
pub mod completions;
pub mod current;
pub mod down;
pub mod edit;
pub mod ensure_version;
pub mod heads;
pub mod history;
pub mod import;
#[cfg(feature = "init")]
pub mod init;
pub mod merge;
pub mod models;
pub mod rebase;
pub mod revision;
pub mod schema;
pub mod script;
pub mod show;
pub mod stamp;
pub mod status;
pub mod templates;
pub mod up;
pub mod verify;

use clap::Subcommand;

use crate::config::GlobalArgs;
use crate::context::Context;
use crate::error::Error;
use crate::output::Output;

/// Every command, by what it needs.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum Command {
    /// A command about a database, which needs the linked chain.
    #[command(flatten)]
    Database(DatabaseCommand),
    /// A command about the chain, which its source can answer.
    #[command(flatten)]
    Source(SourceCommand),
    /// A command about neither.
    #[command(flatten)]
    Plain(PlainCommand),
}

/// A command about a database.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
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
    #[expect(missing_docs, reason = "as above")]
    Stamp(stamp::StampArgs),
    #[expect(missing_docs, reason = "as above")]
    Check(check::CheckArgs),
    #[expect(missing_docs, reason = "as above")]
    Verify(verify::VerifyArgs),
    #[expect(missing_docs, reason = "as above")]
    Models(models::ModelsArgs),
    #[expect(missing_docs, reason = "as above")]
    EnsureVersion(ensure_version::EnsureVersionArgs),
    #[expect(missing_docs, reason = "as above")]
    Schema(schema::SchemaArgs),
}

/// A command about the chain.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum SourceCommand {
    #[expect(missing_docs, reason = "clap would take a comment for the help, which stands at the arguments")]
    Heads(heads::HeadsArgs),
    #[expect(missing_docs, reason = "as above")]
    Branches(branches::BranchesArgs),
    #[expect(missing_docs, reason = "as above")]
    History(history::HistoryArgs),
    #[expect(missing_docs, reason = "as above")]
    Revision(Box<revision::RevisionArgs>),
    #[expect(missing_docs, reason = "as above")]
    Merge(merge::MergeArgs),
    #[expect(missing_docs, reason = "as above")]
    Rebase(rebase::RebaseArgs),
    #[expect(missing_docs, reason = "as above")]
    Show(show::ShowArgs),
    #[expect(missing_docs, reason = "as above")]
    Import(import::ImportArgs),
    #[expect(missing_docs, reason = "as above")]
    Edit(edit::EditArgs),
}

/// A command that needs no chain and no configuration.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum PlainCommand {
    #[expect(missing_docs, reason = "clap would take a comment for the help, which stands at the arguments")]
    Completions(completions::CompletionsArgs),
    #[cfg(feature = "init")]
    #[expect(missing_docs, reason = "as above")]
    Init(init::InitArgs),
    #[expect(missing_docs, reason = "as above")]
    Templates(templates::TemplatesArgs),
}

impl PlainCommand {
    /// `typed` is the name of the program as the user typed it.
    #[cfg_attr(not(feature = "init"), expect(unused_variables, reason = "`init` looks at them"))]
    pub(crate) fn run(self, typed: &str, global: &GlobalArgs, output: &Output) -> Result<(), Error> {
        match self {
            #[cfg(feature = "init")]
            PlainCommand::Init(args) => init::run(&args, global, output),
            PlainCommand::Completions(args) => completions::run(&args, typed, output),
            PlainCommand::Templates(args) => templates::run(&args, output),
        }
    }
}

impl SourceCommand {
    /// Refuses what cannot be meant, before anything is built or opened.
    pub(crate) fn check(&self, global: &GlobalArgs) -> Result<(), Error> {
        if let SourceCommand::Revision(args) = self { args.check(global) } else { Ok(()) }
    }

    /// Whether the source cannot answer it, because of an argument such as `current`.
    pub(crate) fn needs_database(&self) -> bool {
        match self {
            SourceCommand::History(args) => args.needs_database(),
            SourceCommand::Show(args) => args.needs_database(),
            SourceCommand::Edit(args) => args.needs_database(),
            SourceCommand::Revision(args) => args.needs_database(),
            SourceCommand::Heads(_)
            | SourceCommand::Branches(_)
            | SourceCommand::Merge(_)
            | SourceCommand::Rebase(_)
            | SourceCommand::Import(_) => false,
        }
    }

    pub(crate) fn run(&self, ctx: &Context<'_>) -> Result<(), Error> {
        match self {
            SourceCommand::Heads(args) => heads::run(args, ctx),
            SourceCommand::Branches(args) => branches::run(args, ctx),
            SourceCommand::History(args) => history::run(args, ctx),
            SourceCommand::Revision(args) => revision::run(args, ctx),
            SourceCommand::Merge(args) => merge::run(args, ctx),
            SourceCommand::Rebase(args) => rebase::run(args, ctx),
            SourceCommand::Show(args) => show::run(args, ctx),
            SourceCommand::Import(args) => import::run(args, ctx),
            SourceCommand::Edit(args) => edit::run(args, ctx),
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
            DatabaseCommand::Stamp(args) => stamp::run(args, ctx),
            DatabaseCommand::Check(args) => check::run(args, ctx),
            DatabaseCommand::Verify(args) => verify::run(args, ctx),
            DatabaseCommand::Models(args) => models::run(args, ctx),
            DatabaseCommand::EnsureVersion(args) => ensure_version::run(args, ctx),
            DatabaseCommand::Schema(args) => schema::run(args, ctx),
        }
    }
}
