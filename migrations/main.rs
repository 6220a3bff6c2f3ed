//! The runner: every command of Rectify over this chain, in one binary that needs neither cargo nor the source.

use std::process::ExitCode;

// Nothing here names the models otherwise, and the linker would leave them out.
use app_models as _;

fn main() -> ExitCode {
    rectify_cli::run::<migrations::Chain, _>(rectify::AnyConnection::connect)
}
