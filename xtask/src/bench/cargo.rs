//! Cargo on the generated workspace.

use std::env;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::interrupt;
use crate::report::{self, Failure};

/// The generated workspace, ready to be built.
#[derive(Debug)]
pub(super) struct Workspace {
    /// Its folder.
    pub(super) folder: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// Makes sure that all packages that it needs are there.
    ///
    /// They are those of this workspace, so as a rule nothing is fetched, and the network is not asked either.
    pub(super) fn open(folder: PathBuf, target: PathBuf) -> Result<Workspace, Failure> {
        let workspace = Workspace { folder, target };
        let fetched = workspace.quietly(workspace.cargo("fetch").arg("--offline"))?;
        if !fetched && !workspace.quietly(&mut workspace.cargo("fetch"))? {
            return Err(Failure::new("cannot fetch the packages of the generated chain"));
        }
        Ok(workspace)
    }

    /// Builds these packages for release.
    pub(super) fn build(&self, packages: &[&str]) -> Result<(), Failure> {
        report::note(&format!("building: {}", packages.join(", ")));
        let mut command = self.in_target("build");
        command.arg("--release").args(packages.iter().flat_map(|package| ["--package", package]));
        let status = command.status().map_err(cannot_run)?;
        interrupt::check()?;
        if status.success() { Ok(()) } else { Err(Failure::new("the generated chain does not compile")) }
    }

    /// A program that was built for release.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.target.join("release").join(name)
    }

    /// The runner, about to migrate the database at `url` to the head of the chain.
    pub(super) fn up(&self, url: &str) -> Command {
        let mut command = Command::new(self.program("runner"));
        command.current_dir(&self.folder).args(["up", "--database-url", url]);
        command
    }

    /// Cargo, with the target folder of all generated chains.
    pub(super) fn in_target(&self, subcommand: &str) -> Command {
        let mut command = self.cargo(subcommand);
        command.arg("--offline").arg("--target-dir").arg(&self.target);
        command
    }

    fn cargo(&self, subcommand: &str) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.arg(subcommand).current_dir(&self.folder);
        command
    }

    fn quietly(&self, command: &mut Command) -> Result<bool, Failure> {
        let status = command.stdin(Stdio::null()).stderr(Stdio::null()).status().map_err(cannot_run)?;
        interrupt::check()?;
        Ok(status.success())
    }
}

fn cannot_run(error: std::io::Error) -> Failure {
    Failure::new("cannot run cargo").because(error)
}
