//! `completions`: a script for a shell.

use clap::CommandFactory;
use clap_complete::{Shell, generate};

use crate::Arguments;
use crate::error::Error;
use crate::output::Output;

/// Print a script that completes commands and options in a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "The runner binary, with bash, zsh (in a folder of $fpath) and fish:\n  \
    migrations completions bash > ~/.local/share/bash-completion/completions/migrations\n  \
    migrations completions zsh > ~/.zfunc/_migrations\n  \
    migrations completions fish > ~/.config/fish/completions/migrations.fish\n\n\
    After `cargo` a shell completes what cargo knows. So give `cargo xtask migrate` a name of its own, as a function in \
    ~/.bashrc or ~/.zshrc (fish: an alias), and write the script for that name, which is `migrate` unless you say another:\n  \
    migrate() { cargo xtask migrate \"$@\"; }\n  \
    cargo xtask migrate completions bash > ~/.local/share/bash-completion/completions/migrate")]
pub struct CompletionsArgs {
    /// The shell: bash, zsh, fish, elvish, powershell
    #[arg(value_enum, hide_possible_values = true)]
    pub shell: Shell,
    /// The command to complete, if not the one that was typed
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
}

/// `typed` is what the user typed: of `cargo xtask migrate` a shell can complete the last word, as a function.
pub(super) fn run(args: &CompletionsArgs, typed: &str, output: &Output) -> Result<(), Error> {
    let name = match &args.name {
        Some(name) => checked(name)?,
        None => typed.split_whitespace().last().unwrap_or("migrate"),
    };
    let mut script = Vec::new();
    generate(args.shell, &mut Arguments::command(), name, &mut script);
    output.result(String::from_utf8_lossy(&script).trim_end());
    Ok(())
}

/// The name goes into a script unquoted.
fn checked(name: &str) -> Result<&str, Error> {
    let is_word = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    match is_word {
        true => Ok(name),
        false => Err(Error::usage(format!("`{name}` cannot be the name of a command"))
            .hint("write letters, digits, `-` and `_`, as in `--name migrate`")),
    }
}
