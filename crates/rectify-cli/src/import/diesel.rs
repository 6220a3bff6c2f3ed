//! A folder of Diesel's: `2020-01-31-235900_create_users/` with `up.sql`, `down.sql` and `metadata.toml`.

use std::path::Path;

use super::{Flavor, Legacy, entries, message, moment, read_text, statements};
use crate::error::Error;

/// Reads the migrations of a folder, in the order in which Diesel runs them.
pub(crate) fn read(folder: &Path, flavor: Flavor) -> Result<Vec<Legacy>, Error> {
    let mut found = Vec::new();
    for (name, path) in entries(folder)? {
        if path.is_dir() {
            found.push(migration(&name, &path, flavor)?);
        }
    }
    found.sort_by(|a, b| a.revision.cmp(&b.revision));
    if let Some(twins) = found.windows(2).find(|pair| pair[0].revision == pair[1].revision) {
        let [a, b] = [&twins[0].origin, &twins[1].origin];
        return Err(Error::failed(format!("`{a}` and `{b}` have the same version")).hint("rename one of them"));
    }
    match found.is_empty() {
        true => Err(Error::failed(format!("no migration of Diesel's in `{}`", folder.display()))
            .hint("name the folder that holds one folder for each migration; `import sql` reads plain SQL files")),
        false => Ok(found),
    }
}

fn migration(name: &str, folder: &Path, flavor: Flavor) -> Result<Legacy, Error> {
    let (number, rest) = name.split_once('_').unwrap_or((name, ""));
    let up = folder.join("up.sql");
    if !up.is_file() {
        return Err(Error::failed(format!("`{}` holds no `up.sql`", folder.display()))
            .hint("move what is no migration out of the folder"));
    }
    let down = folder.join("down.sql");
    let sql = |file: &Path| statements(file, &read_text(file)?, flavor);
    let revision = number.replace('-', "");
    let legacy = Legacy {
        message: message(rest),
        origin: name.to_owned(),
        created: moment(&revision),
        transaction: runs_in_transaction(&folder.join("metadata.toml"))?,
        up: sql(&up)?,
        down: if down.is_file() { Some(sql(&down)?) } else { None },
        revision,
        remarks: Vec::new(),
    };
    legacy.without_own_transaction().checked()
}

/// What `metadata.toml` says, if there is one.
fn runs_in_transaction(file: &Path) -> Result<bool, Error> {
    if !file.is_file() {
        return Ok(true);
    }
    const KEY: &str = "run_in_transaction";
    let bad = || Error::failed(format!("cannot read `{}`", file.display())).hint(format!("write `{KEY} = false`"));
    let table: toml::Table = read_text(file)?.parse().map_err(|error: toml::de::Error| bad().because(error))?;
    match table.get(KEY) {
        None => Ok(true),
        Some(value) => value.as_bool().ok_or_else(bad),
    }
}
