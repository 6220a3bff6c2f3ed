//! A Python of the tests' own with Alembic in it: made under cargo's target folder when it is first needed, and kept.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The packages, each with its version.
const REQUIREMENTS: &str = include_str!("../chains/alembic/python/requirements.txt");

/// The folder of the programs of a virtual environment that has what [`REQUIREMENTS`] says.
pub(crate) fn programs() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python");
    fs::create_dir_all(&folder).unwrap();
    // Several tests, and several test programs, may want it at once.
    let lock = File::create(folder.join("lock")).unwrap();
    lock.lock().unwrap();
    let (environment, installed) = (folder.join("environment"), folder.join("installed.txt"));
    if fs::read_to_string(&installed).is_ok_and(|text| text == REQUIREMENTS) {
        return environment.join("bin");
    }
    let python = Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment).output();
    let hint = "type `apt-get install python3-venv`, or let `cargo xtask test` do it as root";
    let python = python.unwrap_or_else(|error| panic!("cannot run `python3`: {error}\nhint: {hint}"));
    assert!(python.status.success(), "`python3 -m venv` failed\n{}\nhint: {hint}", told(&python));
    let mut pip = Command::new(environment.join("bin/pip"));
    pip.args(["install", "--quiet", "--disable-pip-version-check"]).args(REQUIREMENTS.lines());
    let output = pip.output().unwrap();
    let packages = REQUIREMENTS.lines().map(|line| format!("'{line}'")).collect::<Vec<_>>().join(" ");
    let hint = format!("see why `{} install {packages}` fails", environment.join("bin/pip").display());
    assert!(output.status.success(), "pip failed\n{}\nhint: {hint}", told(&output));
    fs::write(&installed, REQUIREMENTS).unwrap();
    environment.join("bin")
}

fn told(output: &std::process::Output) -> String {
    [&output.stdout[..], &output.stderr].map(String::from_utf8_lossy).concat()
}
