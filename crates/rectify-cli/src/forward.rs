//! Hands a command to the runner binary, which cargo builds first. A chain that is broken shows as its compile error.

use std::env;
use std::ffi::OsString;
use std::process::Command;

use crate::config::{Config, GlobalArgs};
use crate::error::Error;

/// Runs the command with the same arguments in the package of the runner binary.
pub(crate) fn to_runner(global: &GlobalArgs, arguments: &[OsString]) -> Result<(), Error> {
    let config = Config::load(global)?;
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["run", "--quiet", "--package", &config.package]);
    // The current folder stays, for relative paths among the arguments; it may lie outside of the workspace.
    let manifest = config.root.join("Cargo.toml");
    if manifest.is_file() {
        command.arg("--manifest-path").arg(manifest);
    }
    command.arg("--").args(arguments);
    hand_over(&mut command)
}

/// On Unix cargo, and then the runner, take this process's place: Ctrl-C and the exit code need no passing on.
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

fn cannot_run(error: std::io::Error) -> Error {
    Error::failed("cannot run cargo").because(error).hint("install the Rust toolchain, or run the runner binary itself")
}
