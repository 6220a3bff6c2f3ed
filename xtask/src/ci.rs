//! `cargo xtask ci`: exactly what continuous integration runs, cheapest first.

use std::env;
use std::process::Command;
use std::time::Instant;

use crate::report::{self, Failure, seconds};

/// Run what continuous integration runs: format, lints, documentation, tests
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  cargo xtask ci")]
pub(crate) struct CiArgs {}

pub(crate) fn run(_: &CiArgs) -> Result<(), Failure> {
    STEPS.iter().try_for_each(run_step)
}

struct Step {
    arguments: &'static [&'static str],
    variable: Option<(&'static str, &'static str)>,
}

const STEPS: [Step; 5] = [
    Step { arguments: &["fmt", "--all", "--check"], variable: None },
    // Each optional feature off, as `xtask` and chains on a connection of their own build these crates.
    Step { arguments: &["clippy", "-p", "rectify", "-p", "rectify-cli", "--", "-D", "warnings"], variable: None },
    Step { arguments: &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"], variable: None },
    Step { arguments: &["doc", "--workspace", "--no-deps"], variable: Some(("RUSTDOCFLAGS", "-D warnings")) },
    // The README's own command, as it is typed there.
    Step { arguments: &["xtask", "test"], variable: None },
];

fn run_step(step: &Step) -> Result<(), Failure> {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(step.arguments).envs(step.variable);
    let shown = step.shown();
    report::note(&format!("$ {shown}"));
    let start = Instant::now();
    let status = command.status().map_err(|error| Failure::new(format!("cannot run `{shown}`")).because(error))?;
    report::note(&format!("{shown}: {}", seconds(start.elapsed())));
    if status.success() { Ok(()) } else { Err(Failure::new(format!("`{shown}` failed"))) }
}

impl Step {
    /// The step as it can be typed.
    fn shown(&self) -> String {
        let variable = self.variable.map(|(name, value)| format!("{name}=\"{value}\" ")).unwrap_or_default();
        format!("{variable}cargo {}", self.arguments.join(" "))
    }
}
