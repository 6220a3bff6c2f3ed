//! Where the programs of a server are.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// The first `name` among the folders of `PATH` and then `folders`.
pub(crate) fn find(name: &str, folders: &[PathBuf]) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .chain(folders.iter().cloned())
        .map(|folder| folder.join(name))
        .find(|program| program.is_file())
}

/// `parent/<version>/bin` for each version found there, the newest first.
pub(crate) fn versioned_folders(parent: &Path) -> Vec<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir(parent)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    versions.sort();
    versions.into_iter().rev().map(|(_, folder)| folder).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newest_version_comes_first_by_number() {
        let parent = tempfile::tempdir().unwrap();
        for name in ["9", "15", "16", "common"] {
            fs::create_dir(parent.path().join(name)).unwrap();
        }
        let found = versioned_folders(parent.path());
        let expected: Vec<PathBuf> = ["16", "15", "9"].iter().map(|v| parent.path().join(v).join("bin")).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_missing_parent_holds_no_versions() {
        assert!(versioned_folders(Path::new("/no/such/folder")).is_empty());
    }
}
