//! The runner binary of the chain that was imported from Diesel.

use std::process::ExitCode;

fn main() -> ExitCode {
    rectify_cli::run::<rectify_test_chain_imported::Chain, _>(rectify::AnyConnection::connect)
}
