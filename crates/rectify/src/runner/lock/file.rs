//! A lock file beside a SQLite file.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::process;

/// A lock file, locked through the operating system and removed when it is given back.
pub(crate) struct FileLock {
    path: PathBuf,
    file: File,
}

impl FileLock {
    pub(super) fn attempt(path: &Path) -> io::Result<Option<Self>> {
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
            Ok(()) => {}
        }
        // The run that held the lock before may have removed the file between the two calls above: then this handle locks
        // a file that nobody else will find.
        if !is_at(&file, path) {
            return Ok(None);
        }
        file.set_len(0)?;
        file.rewind()?;
        write!(file, "process {}", process::id())?;
        Ok(Some(Self { path: path.to_owned(), file }))
    }

    pub(super) fn holder(path: &Path) -> Option<String> {
        let mut text = String::new();
        File::open(path).ok()?.read_to_string(&mut text).ok()?;
        (!text.is_empty()).then(|| format!("{text} (lock file `{}`)", path.display()))
    }

    pub(super) fn release(self) {
        // Removed while still locked, so that nobody can lock a file that is about to go. If removing fails, the file
        // stays behind unlocked, and the next run takes it.
        let _ = fs::remove_file(&self.path);
        drop(self.file);
    }
}

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), fs::metadata(path)) {
        (Ok(open), Ok(named)) => (open.dev(), open.ino()) == (named.dev(), named.ino()),
        _ => false,
    }
}

// Elsewhere an open file cannot be removed, so the question does not arise.
#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_lock_excludes_and_tells_its_holder() {
        let path = std::env::temp_dir().join(format!("rectify-lock-test-{}", process::id()));
        let first = FileLock::attempt(&path).unwrap().unwrap();
        assert!(FileLock::attempt(&path).unwrap().is_none());
        assert!(FileLock::holder(&path).unwrap().contains(&process::id().to_string()));
        first.release();
        assert!(!path.exists());
        let second = FileLock::attempt(&path).unwrap().unwrap();
        second.release();
    }
}
