//! The folders of a chain, and the files in them, in load order.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::ReadError;

/// A folder of migration files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// Where it is.
    pub path: PathBuf,
    /// How messages name it: `versions`.
    pub shown_as: String,
}

impl Folder {
    /// A folder that messages name by its path.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        Self { shown_as: path.display().to_string(), path }
    }
}

/// A migration file, not read yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) path: PathBuf,
    /// How messages name it: `versions/x.rs`.
    pub(super) name: String,
}

/// The Rust files of the folders: one folder after the other, each sorted by name, and then the folders below it, if they
/// count, sorted too.
///
/// A file that is reached twice, because folders overlap, is taken the first time only.
pub(super) fn files(folders: &[Folder], recursive: bool) -> Result<Vec<Found>, ReadError> {
    let mut found = Vec::new();
    for folder in folders {
        add(&folder.path, folder.shown_as.trim_end_matches('/'), recursive, &mut found)?;
    }
    if folders.len() < 2 {
        return Ok(found);
    }
    let mut seen = HashSet::with_capacity(found.len());
    let mut distinct = Vec::with_capacity(found.len());
    for file in found {
        let real = fs::canonicalize(&file.path).map_err(ReadError::at(&file.path))?;
        if seen.insert(real) {
            distinct.push(file);
        }
    }
    Ok(distinct)
}

fn add(folder: &Path, shown_as: &str, recursive: bool, found: &mut Vec<Found>) -> Result<(), ReadError> {
    let (mut names, mut below) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(folder).map_err(ReadError::at(folder))? {
        let entry = entry.map_err(ReadError::at(folder))?;
        let name = entry.file_name();
        // Editors write hidden files.
        let Some(name) = name.to_str().filter(|name| !name.starts_with('.')) else { continue };
        if Path::new(name).extension().is_some_and(|extension| extension == "rs") {
            names.push(name.to_owned());
        } else if recursive && entry.file_type().map_err(ReadError::at(&entry.path()))?.is_dir() {
            below.push(name.to_owned());
        }
    }
    names.sort_unstable();
    below.sort_unstable();
    found.extend(names.into_iter().map(|name| Found { path: folder.join(&name), name: format!("{shown_as}/{name}") }));
    below.iter().try_for_each(|name| add(&folder.join(name), &format!("{shown_as}/{name}"), recursive, found))
}
