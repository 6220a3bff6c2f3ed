//! Opening a SQLite database.

use std::path::Path;

use diesel::connection::SimpleConnection as _;
use diesel::{Connection, SqliteConnection};

use super::url::{sqlite_file, sqlite_path};
use super::{ConnectError, Create};

/// How long a statement waits for a file that another process is just writing, in milliseconds; SQLite itself refuses at
/// once, even what only reads. A run waits as long as for its lock.
const BUSY_TIMEOUT: u32 = 5_000;

pub(super) fn connect(url: &str, create: Create) -> Result<SqliteConnection, ConnectError> {
    if let Some(file) = sqlite_file(url) {
        check_path(url, file, create)?;
    }
    let mut connection =
        SqliteConnection::establish(sqlite_path(url)).map_err(|error| ConnectError::new(url, error.to_string()))?;
    connection
        .batch_execute(&format!("PRAGMA busy_timeout = {BUSY_TIMEOUT}"))
        .map_err(|error| ConnectError::new(url, error.to_string()))?;
    Ok(connection)
}

fn check_path(url: &str, path: &Path, create: Create) -> Result<(), ConnectError> {
    if path.as_os_str().is_empty() {
        return Err(ConnectError::new(url, "the URL names no file").hint("write `sqlite:path/to/app.db`"));
    }
    if path.is_dir() {
        return Err(ConnectError::new(url, format!("`{}` is a folder", path.display())).hint("name a file in it"));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        return Err(ConnectError::new(url, format!("there is no folder `{}`", folder.display()))
            .hint(format!("make it (`mkdir -p {}`) or correct the path", folder.display())));
    }
    if create == Create::Never && !path.exists() {
        return Err(ConnectError::new(url, format!("there is no file `{}`", path.display()))
            .hint("run `up` to create the database, or correct the path"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(url: &str, create: Create, reason: &str) {
        let error = connect(url, create).err().unwrap();
        assert!(error.reason.contains(reason), "{error}");
        assert!(error.hint.is_some());
    }

    #[test]
    fn a_statement_waits_for_the_one_who_writes() {
        let file = std::env::temp_dir().join(format!("rectify-busy-test-{}.db", std::process::id()));
        let url = format!("sqlite:{}", file.display());
        let mut writer = connect(&url, Create::IfMissing).unwrap();
        let mut reader = connect(&url, Create::Never).unwrap();
        writer.batch_execute("CREATE TABLE one (id INTEGER); BEGIN EXCLUSIVE").unwrap();
        let (begun, waits) = std::sync::mpsc::channel();
        let reading = std::thread::spawn(move || {
            begun.send(()).unwrap();
            reader.batch_execute("SELECT * FROM one")
        });
        waits.recv().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(50));
        writer.batch_execute("COMMIT").unwrap();
        let read = reading.join().unwrap();
        std::fs::remove_file(file).unwrap();
        read.unwrap();
    }

    #[test]
    fn missing_places_are_named() {
        refused("sqlite:no/such/folder/x.db", Create::IfMissing, "there is no folder `no/such/folder`");
        refused("sqlite:no-such-file.db", Create::Never, "there is no file `no-such-file.db`");
        refused("sqlite:", Create::IfMissing, "the URL names no file");
        refused("sqlite:/", Create::IfMissing, "is a folder");
    }
}
