//! Files that are changed together, and can be put back.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use rectify_chain::source::{HEAD, head_lines, render_head, with_parent};

use super::Plan;
use crate::error::Error;
use crate::listing::Listing;

/// What was written, with what stood there before.
#[derive(Debug, Default)]
pub(crate) struct Edits {
    before: Vec<(PathBuf, Option<String>)>,
}

impl Edits {
    /// Changes the files of the plan and `HEAD` in `versions`: all or none.
    pub(crate) fn write(plan: &Plan, listing: &Listing, versions: &Path) -> Result<Edits, Error> {
        let result = plan.result(listing)?;
        let mut texts: Vec<(PathBuf, String)> = Vec::new();
        for (id, _) in plan.firsts(&listing.graph) {
            let file = PathBuf::from(listing.graph.node(id).map(|node| node.origin.clone()).unwrap_or_default());
            let changed = with_parent(&read(&file)?, id, &plan.onto.head).ok_or_else(|| {
                Error::failed(format!("`{}` has no `#[migration(…)]` of `{id}` to change", file.display()))
                    .hint(format!("write `down_revision = {:?}` into it by hand", plan.onto.head))
            })?;
            texts.push((file, changed));
        }
        texts.push((versions.join(HEAD), render_head(&head_lines(&result))));
        let mut edits = Edits::default();
        for (file, text) in texts {
            if let Err(error) = edits.replace(&file, &text) {
                return Err(edits.undo(error));
            }
        }
        Ok(edits)
    }

    /// Puts everything back, and gives the error that is the reason with what came of it.
    pub(crate) fn undo(self, mut reason: Error) -> Error {
        let mut is_whole = true;
        for (file, text) in self.before {
            let put_back = match text {
                Some(text) => fs::write(&file, text),
                None => fs::remove_file(&file),
            };
            if let Err(error) = put_back {
                is_whole = false;
                reason.notes.push(format!("`{}` could not be put back ({error}): do so with git", file.display()));
            }
        }
        if is_whole {
            reason.notes.push("no file is changed".to_owned());
        }
        reason
    }

    fn replace(&mut self, file: &Path, text: &str) -> Result<(), Error> {
        let before = match fs::read_to_string(file) {
            Ok(before) => Some(before),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(Error::failed(format!("cannot read `{}`", file.display())).because(error)),
        };
        self.before.push((file.to_owned(), before));
        fs::write(file, text)
            .map_err(|error| Error::failed(format!("cannot write `{}`", file.display())).because(error))
    }
}

fn read(file: &Path) -> Result<String, Error> {
    fs::read_to_string(file).map_err(|error| Error::failed(format!("cannot read `{}`", file.display())).because(error))
}
