//! The runner binary of the test chain, as a user would have it.

use std::process::ExitCode;

fn main() -> ExitCode {
    rectify_cli::run::<rectify_test_chain_any::Chain, _>(rectify::AnyConnection::connect)
}
