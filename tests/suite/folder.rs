//! The folder with the case files of a suite.

use std::path::{Path, PathBuf};
use std::{env, fs};

use serde::de::DeserializeOwned;

/// Reads the files of `tests/cases/<suite>`, or of the folder that the variable names; and tells whether it is the former.
pub(crate) fn read<F: DeserializeOwned>(suite: &str, variable: &str) -> (Vec<F>, bool) {
    let own = cases(suite);
    let named = env::var_os(variable).map(PathBuf::from);
    let folder = named.as_deref().unwrap_or(&own);
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("cannot read {}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    assert!(!paths.is_empty(), "no cases in {}", folder.display());
    (paths.iter().map(|path| file(path)).collect(), named.is_none())
}

/// The folder of the suite's own cases and rules.
pub(crate) fn cases(suite: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases").join(suite)
}

fn file<F: DeserializeOwned>(path: &Path) -> F {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
