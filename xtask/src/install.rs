//! Installs what the tests need of the machine, where apt-get can be used, and otherwise says what to type.

use std::process::{Command, Stdio};

use rectify_test_servers::{Database, StartError, mariadb, postgres};

use crate::report::{self, Failure};

/// The databases' own clients, and the packages that they come in.
const CLIENTS: [(Database, &str, &str); 3] = [
    (Database::Sqlite, "sqlite3", "sqlite3"),
    (Database::Postgres, "psql", "postgresql-client"),
    (Database::Mariadb, "mariadb", "mariadb-client"),
];

/// Makes sure that the servers of these databases are installed, and their clients.
pub(crate) fn missing_servers(databases: &[Database]) -> Result<(), Failure> {
    let missing: Vec<(Database, StartError)> =
        databases.iter().filter_map(|database| Some((*database, find(*database).err()?))).collect();
    let clients: Vec<(&str, &str)> = CLIENTS
        .iter()
        .filter(|(database, program, _)| databases.contains(database) && !is_there(program))
        .map(|(_, program, package)| (*program, *package))
        .collect();
    if missing.is_empty() && clients.is_empty() {
        return Ok(());
    }
    let servers = missing.iter().filter_map(|(database, _)| package(*database));
    let packages: Vec<&str> = servers.chain(clients.iter().map(|(_, package)| *package)).collect();
    for (database, error) in &missing {
        report::note(&format!("{database}: {error}"));
    }
    for (program, _) in &clients {
        report::note(&format!("`{program}` was not found on PATH"));
    }
    let command = format!("apt-get update && apt-get install --no-install-recommends {}", packages.join(" "));
    if !can_install() {
        return Err(Failure::new(format!("missing programs: {}", packages.join(", "))).hint(format!(
            "install them (on Debian or Ubuntu, as root: `{command}`), or leave them out with `--only sqlite`"
        )));
    }
    report::note(&format!("installing: {command}"));
    apt_get(&["update"])?;
    apt_get(&[&["install", "--yes", "--no-install-recommends"], packages.as_slice()].concat())?;
    // What was installed must now be found.
    for (database, _) in missing {
        find(database).map_err(|error| Failure::new(format!("{database} is still missing")).because(error))?;
    }
    match clients.iter().find(|(program, _)| !is_there(program)) {
        Some((program, _)) => Err(Failure::new(format!("`{program}` is still missing"))),
        None => Ok(()),
    }
}

fn is_there(program: &str) -> bool {
    let status = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

/// Makes sure that there is a Python that can make virtual environments: the tests run Alembic in one.
pub(crate) fn missing_python() -> Result<(), Failure> {
    if has_python() {
        return Ok(());
    }
    const COMMAND: &str = "apt-get update && apt-get install --no-install-recommends python3-venv";
    if !can_install() {
        return Err(Failure::new("missing: python3 with its module venv")
            .hint(format!("install it (on Debian or Ubuntu, as root: `{COMMAND}`)")));
    }
    report::note(&format!("installing: {COMMAND}"));
    apt_get(&["update"])?;
    apt_get(&["install", "--yes", "--no-install-recommends", "python3-venv"])?;
    if has_python() { Ok(()) } else { Err(Failure::new("python3 with its module venv is still missing")) }
}

/// Debian's python3 has no `ensurepip`, without which `venv` makes environments without pip.
fn has_python() -> bool {
    let mut python = Command::new("python3");
    python.args(["-c", "import venv, ensurepip"]).stdout(Stdio::null()).stderr(Stdio::null());
    python.status().is_ok_and(|status| status.success())
}

fn find(database: Database) -> Result<(), StartError> {
    match database {
        Database::Sqlite => Ok(()),
        Database::Postgres => postgres::find(),
        Database::Mariadb => mariadb::find(),
    }
}

fn package(database: Database) -> Option<&'static str> {
    match database {
        Database::Sqlite => None,
        Database::Postgres => Some("postgresql"),
        Database::Mariadb => Some("mariadb-server"),
    }
}

/// Whether there is an apt-get, and we may use it.
fn can_install() -> bool {
    let user = Command::new("id").arg("-u").output();
    let is_root = user.is_ok_and(|user| user.stdout.trim_ascii() == b"0");
    let apt = Command::new("apt-get").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    is_root && apt.is_ok_and(|status| status.success())
}

fn apt_get(arguments: &[&str]) -> Result<(), Failure> {
    let status = Command::new("apt-get")
        .args(["--quiet=2", "-o", "DPkg::Lock::Timeout=120"])
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin(Stdio::null())
        .status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure::new(format!("`apt-get {}` failed with {status}", arguments[0]))),
        Err(error) => Err(Failure::new("cannot run `apt-get`").because(error)),
    }
}
