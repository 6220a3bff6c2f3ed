//! Whom a server runs as: PostgreSQL and MariaDB refuse to run as root.

use std::fs;
use std::io;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{StartError, programs};

/// The user that a server's programs run as.
#[derive(Debug)]
pub(crate) struct Account {
    /// The ids to change to; `None` stays who we are.
    ids: Option<Ids>,
    setpriv: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Ids {
    user: u32,
    group: u32,
}

impl Account {
    /// Ourselves, or `preferred` (else `nobody`) when we are root.
    pub(crate) fn for_server(preferred: &str) -> Result<Account, StartError> {
        let setpriv = programs::find("setpriv", &[]);
        if !is_root() {
            return Ok(Account { ids: None, setpriv });
        }
        if setpriv.is_none() {
            return Err(StartError::NoAccount { reason: "`setpriv` (package util-linux) was not found on PATH" });
        }
        let users = fs::read_to_string("/etc/passwd").map_err(StartError::io("read", "/etc/passwd"))?;
        let ids = find_user(&users, preferred).or_else(|| find_user(&users, "nobody"));
        match ids {
            Some(ids) => Ok(Account { ids: Some(ids), setpriv }),
            None => Err(StartError::NoAccount { reason: "/etc/passwd has no user `nobody`" }),
        }
    }

    /// `program`, to be run as this user, and killed by `signal` when the thread that spawns it ends.
    ///
    /// Without `setpriv` (which is Linux only) a killed parent leaves the program running.
    pub(crate) fn command(&self, program: &Path, signal: &str) -> Command {
        let Some(setpriv) = &self.setpriv else { return Command::new(program) };
        let mut command = Command::new(setpriv);
        command.args(["--pdeathsig", signal]);
        if let Some(ids) = self.ids {
            command.arg(format!("--reuid={}", ids.user)).arg(format!("--regid={}", ids.group)).arg("--clear-groups");
        }
        command.arg("--").arg(program);
        command
    }

    /// Gives a file or folder to this user.
    pub(crate) fn give(&self, path: &Path) -> io::Result<()> {
        match self.ids {
            Some(ids) => chown(path, Some(ids.user), Some(ids.group)),
            None => Ok(()),
        }
    }
}

/// Whether we run as root.
fn is_root() -> bool {
    // Asking the system directly needs `unsafe`, which this workspace forbids.
    let output = Command::new("id").arg("-u").output();
    output.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

fn find_user(passwd: &str, name: &str) -> Option<Ids> {
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        if fields.next() != Some(name) {
            return None;
        }
        let user = fields.nth(1)?.parse().ok()?;
        let group = fields.next()?.parse().ok()?;
        Some(Ids { user, group })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_is_found_by_its_whole_name() {
        let passwd = "root:x:0:0::/root:/bin/bash\nmysqld:x:1:2::/:\nmysql:x:102:105::/nonexistent:/bin/false\n";
        assert_eq!(find_user(passwd, "mysql"), Some(Ids { user: 102, group: 105 }));
        assert_eq!(find_user(passwd, "postgres"), None);
    }
}
