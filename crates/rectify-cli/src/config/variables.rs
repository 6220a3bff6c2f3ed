//! The environment, and what `.env` adds to it.

use std::collections::HashMap;
use std::env;
use std::path::Path;

use crate::error::Error;

/// The environment, and what `.env` adds to it.
pub(super) struct Variables {
    pub(super) file: HashMap<String, String>,
}

impl Variables {
    /// Reads the nearest `.env` from `current` up to `root`.
    pub(super) fn load(current: &Path, root: &Path) -> Result<Variables, Error> {
        // With `--config` the root may lie elsewhere.
        let folders = current.ancestors().take_while(|folder| folder.starts_with(root)).chain([root]);
        let found = folders.map(|folder| folder.join(".env")).find(|file| file.is_file());
        let Some(file) = found else { return Ok(Variables { file: HashMap::new() }) };
        let unreadable = |error| {
            Error::usage(format!("cannot read `{}`", file.display()))
                .because(error)
                .hint("write one `NAME=value` a line, and quote values with spaces")
        };
        let pairs = dotenvy::from_path_iter(&file).map_err(unreadable)?;
        Ok(Variables { file: pairs.collect::<Result<_, _>>().map_err(unreadable)? })
    }

    /// The environment's own value, else that of `.env`; an empty one is none.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let value = env::var(name).ok().or_else(|| self.file.get(name).cloned());
        value.filter(|value| !value.is_empty())
    }
}
