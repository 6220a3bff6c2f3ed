//! A throw-away MariaDB.

use std::io::{self, Read};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::account::Account;
use crate::server::{self, Recipe, Server};
use crate::{Options, StartError, Tls, programs};

const PASSWORD: &str = "rectify";

/// Whether a MariaDB server is installed.
///
/// # Errors
///
/// Returns [`StartError::NotFound`] with the name of the program that is missing.
pub fn find() -> Result<(), StartError> {
    Programs::find().map(|_| ())
}

/// Makes a data folder in a temporary folder and starts a server on it; the administrator is `root`, with a password.
///
/// # Errors
///
/// Returns [`StartError`] if MariaDB is not installed or does not start.
pub fn start(options: &Options) -> Result<Server, StartError> {
    let programs = Programs::find()?;
    let account = Account::for_server("mysql")?;
    let folder = server::folder(&account)?;
    let data = folder.path().join("data");
    initialise(&programs, &account, folder.path(), &data)?;
    let mut settings = settings(folder.path());
    if let Some(tls) = &options.tls {
        settings.extend(offer_tls(tls, &account, folder.path())?);
    }
    let command = move |port: u16| {
        let mut command = account.command(&programs.mariadbd, STOP_SIGNAL);
        command.arg("--no-defaults").arg(format!("--datadir={}", data.display())).arg(format!("--port={port}"));
        command.args(&settings);
        command
    };
    let recipe = Recipe { program: "mariadbd", stop_signal: STOP_SIGNAL, command: Box::new(command), answers, url };
    server::start(recipe, folder)
}

/// An orderly shutdown takes seconds, and nothing here is kept.
const STOP_SIGNAL: &str = "KILL";

fn url(port: u16) -> String {
    format!("mysql://root:{PASSWORD}@127.0.0.1:{port}/mysql")
}

struct Programs {
    install_db: PathBuf,
    mariadbd: PathBuf,
}

impl Programs {
    const PLACES: &str = "/usr/sbin";

    fn find() -> Result<Programs, StartError> {
        let folders = [PathBuf::from(Self::PLACES)];
        let find =
            |program| programs::find(program, &folders).ok_or(StartError::NotFound { program, places: Self::PLACES });
        Ok(Programs { mariadbd: find("mariadbd")?, install_db: find("mariadb-install-db")? })
    }
}

fn initialise(programs: &Programs, account: &Account, folder: &Path, data: &Path) -> Result<(), StartError> {
    let mut install_db = account.command(&programs.install_db, "KILL");
    install_db.args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"]);
    install_db.args(["--skip-name-resolve", "--innodb-log-file-size=16M", "--loose-skip-innodb-doublewrite"]);
    install_db.arg(format!("--datadir={}", data.display()));
    server::run("mariadb-install-db", &mut install_db, folder)?;
    server::write_secret(account, &folder.join(INIT_FILE), &administrator())
}

const INIT_FILE: &str = "init.sql";

/// What the server runs before it takes its first connection. One statement on each line.
fn administrator() -> String {
    format!(
        "CREATE OR REPLACE USER 'root'@'127.0.0.1' IDENTIFIED BY '{PASSWORD}';\n\
         GRANT ALL PRIVILEGES ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;\n\
         ALTER USER 'root'@'localhost' IDENTIFIED BY '{PASSWORD}';\n"
    )
}

fn settings(folder: &Path) -> Vec<String> {
    let folder = folder.display();
    let mut settings = vec![
        format!("--socket={folder}/socket"),
        format!("--pid-file={folder}/pid"),
        format!("--init-file={folder}/{INIT_FILE}"),
    ];
    let fixed = [
        "--bind-address=127.0.0.1",
        "--skip-name-resolve",
        "--max-connections=200",
        "--character-set-server=utf8mb4",
        "--performance-schema=OFF",
        "--innodb-buffer-pool-size=64M",
        "--innodb-log-file-size=16M",
        // Nothing here has to survive a crash.
        "--skip-log-bin",
        "--innodb-flush-log-at-trx-commit=0",
        "--loose-skip-innodb-doublewrite",
        "--loose-innodb-flush-method=nosync",
        "--loose-debug-no-sync",
    ];
    settings.extend(fixed.map(str::to_owned));
    settings
}

fn offer_tls(tls: &Tls, account: &Account, folder: &Path) -> Result<Vec<String>, StartError> {
    let (certificate, key) = (folder.join("server.crt"), folder.join("server.key"));
    server::write_secret(account, &certificate, &tls.certificate)?;
    server::write_secret(account, &key, &tls.key)?;
    let mut settings = vec![format!("--ssl-cert={}", certificate.display()), format!("--ssl-key={}", key.display())];
    if tls.required {
        settings.push("--require-secure-transport=ON".to_owned());
    }
    Ok(settings)
}

/// The server speaks first: a packet of protocol 10. Anything else there is an error, such as "too many connections".
fn answers(port: u16) -> io::Result<bool> {
    let timeout = Duration::from_secs(1);
    let mut stream = TcpStream::connect_timeout(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)), timeout)?;
    stream.set_read_timeout(Some(timeout))?;
    let mut greeting = [0; 5];
    stream.read_exact(&mut greeting)?;
    Ok(greeting[4] == 10)
}
