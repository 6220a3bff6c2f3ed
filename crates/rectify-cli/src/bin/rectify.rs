//! `rectify`: what `cargo xtask migrate` does, and `init`, which gives a workspace its xtask.

use std::env;
use std::process::ExitCode;

fn main() -> ExitCode {
    rectify_cli::from_source("rectify", env::args_os().skip(1))
}
