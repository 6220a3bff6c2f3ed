//! A throw-away PostgreSQL.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::account::Account;
use crate::server::{self, Recipe, Server};
use crate::{Options, StartError, Tls, programs};

const PASSWORD: &str = "rectify";

/// Whether a PostgreSQL server is installed.
///
/// # Errors
///
/// Returns [`StartError::NotFound`] with the name of the program that is missing.
pub fn find() -> Result<(), StartError> {
    Programs::find().map(|_| ())
}

/// Makes a cluster in a temporary folder and starts it; the superuser is `postgres`, with a password.
///
/// # Errors
///
/// Returns [`StartError`] if PostgreSQL is not installed or does not start.
pub fn start(options: &Options) -> Result<Server, StartError> {
    let programs = Programs::find()?;
    let account = Account::for_server("postgres")?;
    let folder = server::folder(&account)?;
    let data = folder.path().join("data");
    initialise(&programs, &account, folder.path(), &data)?;
    let settings = settings(options.tls.is_some());
    if let Some(tls) = &options.tls {
        offer_tls(tls, &account, &data)?;
    }
    let command = move |port: u16| {
        let mut command = account.command(&programs.postgres, STOP_SIGNAL);
        command.arg("-D").arg(&data).arg("-p").arg(port.to_string());
        for setting in &settings {
            command.arg("-c").arg(setting);
        }
        command
    };
    let recipe = Recipe { program: "postgres", stop_signal: STOP_SIGNAL, command: Box::new(command), answers, url };
    server::start(recipe, folder)
}

/// An immediate shutdown.
const STOP_SIGNAL: &str = "QUIT";

fn url(port: u16) -> String {
    format!("postgres://postgres:{PASSWORD}@127.0.0.1:{port}/postgres")
}

struct Programs {
    initdb: PathBuf,
    postgres: PathBuf,
}

impl Programs {
    const PLACES: &str = "/usr/lib/postgresql/*/bin";

    fn find() -> Result<Programs, StartError> {
        let folders = programs::versioned_folders(Path::new("/usr/lib/postgresql"));
        let not_found = |program| StartError::NotFound { program, places: Self::PLACES };
        let initdb = programs::find("initdb", &folders).ok_or_else(|| not_found("initdb"))?;
        // `initdb` may be a link on PATH; the server of the same version lies where the link points.
        let initdb = initdb.canonicalize().unwrap_or(initdb);
        let beside = initdb.with_file_name("postgres");
        let postgres = if beside.is_file() { Some(beside) } else { programs::find("postgres", &folders) };
        Ok(Programs { initdb, postgres: postgres.ok_or_else(|| not_found("postgres"))? })
    }
}

fn initialise(programs: &Programs, account: &Account, folder: &Path, data: &Path) -> Result<(), StartError> {
    let password_file = folder.join("password");
    server::write_secret(account, &password_file, PASSWORD)?;
    let mut initdb: Command = account.command(&programs.initdb, "KILL");
    initdb.args(["--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8", "--no-locale", "--no-sync"]);
    initdb.arg("--pwfile").arg(&password_file).arg("-D").arg(data);
    server::run("initdb", &mut initdb, folder)
}

fn settings(tls: bool) -> Vec<&'static str> {
    let mut settings = vec![
        "listen_addresses=127.0.0.1",
        "unix_socket_directories=",
        "max_connections=200",
        // Nothing here has to survive a crash.
        "fsync=off",
        "synchronous_commit=off",
        "full_page_writes=off",
        "wal_level=minimal",
        "max_wal_senders=0",
        "max_wal_size=4GB",
        "jit=off",
    ];
    if tls {
        settings.extend(["ssl=on", "ssl_cert_file=server.crt", "ssl_key_file=server.key"]);
    }
    settings
}

fn offer_tls(tls: &Tls, account: &Account, data: &Path) -> Result<(), StartError> {
    server::write_secret(account, &data.join("server.crt"), &tls.certificate)?;
    server::write_secret(account, &data.join("server.key"), &tls.key)?;
    if tls.required {
        let rules = "hostssl all all 127.0.0.1/32 scram-sha-256\n";
        server::write_secret(account, &data.join("pg_hba.conf"), rules)?;
    }
    Ok(())
}

/// Asks as a client does. The answer is a request for the password, or an error; while the server starts, the
/// error is 57P03 (`cannot_connect_now`).
fn answers(port: u16) -> io::Result<bool> {
    let timeout = Duration::from_secs(1);
    let mut stream = TcpStream::connect_timeout(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)), timeout)?;
    stream.set_read_timeout(Some(timeout))?;
    stream.write_all(&startup_message())?;
    let mut answer = [0; 512];
    let length = stream.read(&mut answer)?;
    let answer = &answer[..length];
    Ok(match answer.first() {
        Some(b'R') => true,
        Some(b'E') => !answer.windows(5).any(|code| code == b"57P03"),
        _ => false,
    })
}

fn startup_message() -> Vec<u8> {
    const PROTOCOL_3_0: u32 = 3 << 16;
    let body = b"user\0postgres\0database\0postgres\0\0";
    let length = u32::try_from(body.len() + 8).expect("a few dozen bytes");
    [&length.to_be_bytes()[..], &PROTOCOL_3_0.to_be_bytes()[..], body].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn startup_message_counts_itself() {
        let message = startup_message();
        assert_eq!(usize::from(message[3]), message.len());
        assert_eq!(message[4..8], [0, 3, 0, 0]);
    }
}
