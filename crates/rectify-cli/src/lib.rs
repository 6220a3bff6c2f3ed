//! Every command of Rectify, as a library.
//!
//! Two hosts use it. An `xtask` calls [`from_source`]: commands about the chain (`heads`, `history`, `revision`, …) are
//! answered from the migration files, so that they work while the chain does not compile, and commands about a database
//! are handed to the runner binary, which cargo builds. The runner binary calls `run` (feature `runner`), which answers
//! all of them itself, for on a production machine there is no cargo and no source.
//!
//! ```no_run
//! // In an xtask, with what stands after `cargo xtask migrate`:
//! let arguments = std::env::args_os().skip(2);
//! let exit_code = rectify_cli::from_source("cargo xtask migrate", arguments);
//! ```

mod autogenerate;
pub mod commands;
mod config;
mod context;
mod data;
mod drawing;
mod error;
mod forward;
mod import;
mod json;
mod listing;
mod new_file;
mod output;
mod rebase;
#[cfg(feature = "runner")]
mod runner;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser};

pub use autogenerate::{AutogenerateArgs, ModelsFromArgs};
pub use commands::Command;
pub use config::GlobalArgs;
pub use data::DataArgs;
pub use json::{Format, FormatArgs};
#[cfg(feature = "runner")]
pub use runner::run;

use config::Config;
use context::Context;
use error::Error;
use output::Output;

/// The whole command line after the program's name.
#[derive(Debug, Parser)]
#[command(name = "rectify", about = "Migrate databases along a chain of revisions", version)]
pub struct Arguments {
    /// Flags that every command takes.
    #[command(flatten)]
    pub global: GlobalArgs,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// Answers a command from the migration files, or forwards it to the runner binary.
///
/// `name` is what the user typed before the `arguments`, for messages. On Unix a forwarded command replaces this
/// process, so that terminal, signals and exit code are the runner's own.
pub fn from_source(name: &str, arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let raw: Vec<OsString> = arguments.into_iter().collect();
    let arguments = match parse(name, &raw) {
        Ok(arguments) => arguments,
        Err(exit_code) => return exit_code,
    };
    let output = Output::new(&arguments.global);
    let answer = || match arguments.command {
        Command::Source(command) if command.needs_database() => {
            command.check(&arguments.global)?;
            forward::to_runner(&arguments.global, &raw)
        }
        Command::Source(command) => command.run(&Context::new(Config::load(&arguments.global)?, &output)),
        Command::Plain(command) => command.run(name, &arguments.global, &output),
        Command::Database(_) => forward::to_runner(&arguments.global, &raw),
    };
    conclude(answer(), &output)
}

fn parse(name: &str, arguments: &[OsString]) -> Result<Arguments, ExitCode> {
    matched(name, arguments).and_then(|matches| Arguments::from_arg_matches(&matches)).map_err(|error| {
        // Help and version come as errors too, with the exit code 0. A closed terminal cannot be told anything.
        let _ = error.print();
        u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from)
    })
}

/// Puts together the arguments of the command that is given, and those of all for a help text, which shows what each is about.
fn matched(name: &str, arguments: &[OsString]) -> Result<ArgMatches, clap::Error> {
    let words = || std::iter::once(OsString::from(name)).chain(arguments.iter().cloned());
    let given = Arguments::command().bin_name(name).try_get_matches_from(words());
    given.or_else(|_| whole().bin_name(name).try_get_matches_from(words()))
}

/// Every command with its arguments.
fn whole() -> clap::Command {
    let mut command = Arguments::command();
    command.build();
    command
}

fn conclude(outcome: Result<(), Error>, output: &Output) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output.error(&error);
            error.exit_code()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn every_command_has_an_example() {
        for command in whole().get_subcommands().filter(|command| command.get_name() != "help") {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.contains("cargo xtask migrate"), "`{}` has no example", command.get_name());
            assert!(command.get_about().is_some(), "`{}` does not say what it is about", command.get_name());
        }
    }

    #[test]
    fn the_help_says_what_each_command_is_about() {
        for words in [&["--help"][..], &["help"], &[]] {
            let words: Vec<OsString> = words.iter().map(OsString::from).collect();
            let help = matched("migrate", &words).unwrap_err().to_string();
            for line in ["Apply pending migrations [alias: upgrade]", "Usage: migrate [OPTIONS] <COMMAND>"] {
                assert!(help.contains(line), "{line} is missing in\n{help}");
            }
        }
    }

    #[test]
    fn negative_steps_are_a_target() {
        let words: Vec<OsString> = ["down", "-2"].map(OsString::from).to_vec();
        let arguments = parse("migrate", &words).unwrap();
        let Command::Database(commands::DatabaseCommand::Down(args)) = arguments.command else { panic!("not down") };
        assert_eq!(args.target, "-2");
    }
}
