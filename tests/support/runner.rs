//! The runner binary of the test chain, as a user would have it; of the chain that `RECTIFY_TEST_CHAIN` names, if it does.

use std::process::ExitCode;

use rectify_tests::elidable;

fn main() -> ExitCode {
    let connect = rectify::AnyConnection::connect;
    match std::env::var("RECTIFY_TEST_CHAIN").as_deref() {
        Ok("elidable") => rectify_cli::run::<elidable::Chain, _>(connect),
        _ => rectify_cli::run::<rectify_test_chain_any::Chain, _>(connect),
    }
}
