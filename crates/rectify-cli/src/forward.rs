//! Hands a command to the runner binary, which cargo builds first. A chain that is broken shows as its compile error.

use std::env;
use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::config::{Config, GlobalArgs};
use crate::error::Error;

/// Builds the package of the runner binary, and runs the command there with the same arguments.
pub(crate) fn to_runner(global: &GlobalArgs, arguments: &[OsString]) -> Result<(), Error> {
    let config = Config::load(global)?;
    let runner = build(&config)?;
    hand_over(Command::new(runner).args(arguments))
}

/// Builds the runner, runs a command there, and gives what it prints.
pub(crate) fn ask(config: &Config, arguments: &[&str]) -> Result<String, Error> {
    let runner = build(config)?;
    let asked = Command::new(runner).args(&config.flags).args(arguments).stdin(Stdio::null()).output();
    let asked = asked.map_err(cannot_run)?;
    if asked.status.success() {
        return Ok(String::from_utf8_lossy(&asked.stdout).into_owned());
    }
    let mut error = Error::failed(format!("`{}` of the runner ended with {}", arguments.join(" "), asked.status));
    error.notes.extend(String::from_utf8_lossy(&asked.stderr).lines().map(|line| format!("it said: {line}")));
    Err(error)
}

/// Builds the runner and gives its path. Not `cargo run`, whose exit code does not tell a compile error from a failed run.
fn build(config: &Config) -> Result<PathBuf, Error> {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["build", "--quiet", "--message-format", "json-render-diagnostics", "--package", &config.package]);
    // The current folder stays, for relative paths among the arguments; it may lie outside of the workspace.
    let manifest = config.root.join("Cargo.toml");
    if manifest.is_file() {
        command.arg("--manifest-path").arg(manifest);
    }
    let built = command.stderr(Stdio::inherit()).output().map_err(cannot_run_cargo)?;
    if !built.status.success() {
        return Err(Error::failed(format!("cannot build the runner, package `{}`", config.package)).hint(
            "mend what cargo says above; `heads`, `history`, `show`, `edit`, `merge`, `rebase` and `revision` work meanwhile",
        ));
    }
    let said = String::from_utf8_lossy(&built.stdout);
    executable(&said, &config.package).ok_or_else(|| {
        Error::failed(format!("the package `{}` has no program to run", config.package))
            .hint("give it a `main.rs` that calls `rectify_cli::run`, or name another `package` in rectify.toml")
    })
}

/// The program of that name among what cargo built, or else the first one.
fn executable(messages: &str, package: &str) -> Option<PathBuf> {
    let artifacts = messages.lines().filter_map(|line| {
        let message: Value = serde_json::from_str(line).ok()?;
        let name = message["target"]["name"].as_str().unwrap_or_default().to_owned();
        Some((name, PathBuf::from(message["executable"].as_str()?)))
    });
    let mut programs: Vec<(String, PathBuf)> = artifacts.collect();
    let chosen = programs.iter().position(|(name, _)| name == package).unwrap_or(0);
    (chosen < programs.len()).then(|| programs.swap_remove(chosen).1)
}

/// On Unix the runner takes this process's place: Ctrl-C and the exit code need no passing on.
#[cfg(unix)]
fn hand_over(command: &mut Command) -> Result<(), Error> {
    use std::os::unix::process::CommandExt;
    Err(cannot_run(command.exec()))
}

#[cfg(not(unix))]
fn hand_over(command: &mut Command) -> Result<(), Error> {
    let status = command.status().map_err(cannot_run)?;
    if status.success() { Ok(()) } else { Err(Error::failed(format!("the runner ended with {status}"))) }
}

fn cannot_run(error: io::Error) -> Error {
    Error::failed("cannot run the runner binary").because(error)
}

fn cannot_run_cargo(error: io::Error) -> Error {
    Error::failed("cannot run cargo").because(error).hint("install the Rust toolchain, or run the runner binary itself")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_of_the_package_is_found() {
        let messages = concat!(
            r#"{"reason":"compiler-artifact","target":{"name":"other"},"executable":"/t/other"}"#,
            "\n",
            r#"{"reason":"compiler-artifact","target":{"name":"migrations"},"executable":null}"#,
            "\n",
            r#"{"reason":"compiler-artifact","target":{"name":"migrations"},"executable":"C:\\t\\\"x\" \u00fc"}"#,
        );
        assert_eq!(executable(messages, "migrations").unwrap(), PathBuf::from("C:\\t\\\"x\" ü"));
        assert_eq!(executable(messages, "absent").unwrap(), PathBuf::from("/t/other"));
        assert_eq!(executable("{}", "absent"), None);
    }
}
