//! The runner of the chain, as a user has it.

mod memory;

use std::process::ExitCode;

fn main() -> ExitCode {
    let exit_code = rectify_cli::run::<bench_chain::Chain, _>(rectify::AnyConnection::connect);
    memory::report();
    exit_code
}
