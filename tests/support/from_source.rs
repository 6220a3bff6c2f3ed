//! What a `cargo xtask migrate` is: commands from source, and the others handed to the runner that cargo builds.

use std::process::ExitCode;

fn main() -> ExitCode {
    rectify_cli::from_source("migrate", std::env::args_os().skip(1))
}
