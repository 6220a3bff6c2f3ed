//! The runner: every command of Rectify over this chain, in one binary that needs neither cargo nor the source.

use std::process::ExitCode;

fn main() -> ExitCode {
    rectify_cli::run::<migrations::Chain, _>(rectify::AnyConnection::connect)
}
