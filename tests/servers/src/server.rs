//! A running server: started on a free port, watched by a thread of its own, stopped on drop.

use std::fs::{self, File};
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::StartError;
use crate::account::Account;

const START_TIMEOUT: Duration = Duration::from_secs(60);
const STOP_TIMEOUT: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(20);

/// A running throw-away server. Dropping it stops the server and removes its data.
///
/// Keep it in a local variable: what a `static` holds is never dropped. (The server is killed even then, where
/// `setpriv` exists, but its folder stays.)
#[derive(Debug)]
pub struct Server {
    /// The address with the administrator's name and password, such as `postgres://postgres:…@127.0.0.1:4711/postgres`.
    pub url: String,
    /// The port on 127.0.0.1.
    pub port: u16,
    stop: Option<Sender<()>>,
    keeper: Option<JoinHandle<()>>,
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(keeper) = self.keeper.take() {
            // The keeper has nothing to give back, and a drop nobody to tell that it failed.
            let _ = keeper.join();
        }
    }
}

/// What differs between the servers.
pub(crate) struct Recipe {
    pub(crate) program: &'static str,
    /// The signal that ends the server at once.
    pub(crate) stop_signal: &'static str,
    /// The command that serves on a port, in the foreground.
    pub(crate) command: Box<dyn Fn(u16) -> Command + Send>,
    /// Whether the server on this port takes connections.
    pub(crate) answers: fn(u16) -> io::Result<bool>,
    pub(crate) url: fn(u16) -> String,
}

/// Starts the server whose data is in `folder`, and waits until it answers.
pub(crate) fn start(recipe: Recipe, folder: TempDir) -> Result<Server, StartError> {
    let (started, outcome) = mpsc::channel();
    let (stop, stopped) = mpsc::channel();
    let url = recipe.url;
    // A thread of its own, because the kernel kills the server when the thread that spawned it ends, and a server may
    // outlive the thread that asked for it.
    let keeper = thread::spawn(move || keep(&recipe, &folder, &started, &stopped));
    let port = outcome.recv().unwrap_or_else(|_| {
        let source = io::Error::other("the thread that starts it ended");
        Err(StartError::Io { action: "start", path: "server".into(), source })
    })?;
    Ok(Server { url: url(port), port, stop: Some(stop), keeper: Some(keeper) })
}

/// Runs a program that prepares a server, in `folder`, to its end.
pub(crate) fn run(program: &'static str, command: &mut Command, folder: &Path) -> Result<(), StartError> {
    let log = folder.join("prepare.log");
    let status = with_output_to(command, &log)
        .and_then(|command| command.current_dir(folder).status())
        .map_err(StartError::io("run", program))?;
    if status.success() {
        return Ok(());
    }
    Err(StartError::Failed { program, status: status.to_string(), output: last_lines(&log) })
}

/// A temporary folder that a server's `account` can write to.
pub(crate) fn folder(account: &Account) -> Result<TempDir, StartError> {
    let folder = tempfile::Builder::new()
        .prefix("rectify-test-")
        .tempdir()
        .map_err(StartError::io("create a folder in", std::env::temp_dir()))?;
    account.give(folder.path()).map_err(StartError::io("change the owner of", folder.path()))?;
    Ok(folder)
}

/// Writes a file that only the server's `account` can read.
pub(crate) fn write_secret(account: &Account, path: &Path, text: &str) -> Result<(), StartError> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let write = || {
        let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
        file.write_all(text.as_bytes())?;
        account.give(path)
    };
    write().map_err(StartError::io("write", path))
}

fn keep(recipe: &Recipe, folder: &TempDir, started: &Sender<Result<u16, StartError>>, stopped: &Receiver<()>) {
    match start_on_free_port(recipe, folder.path()) {
        Ok((port, child)) => {
            // Neither channel can be answered if the asker is gone; then the server is stopped at once.
            let _ = started.send(Ok(port));
            let _ = stopped.recv();
            end(recipe, child);
        }
        Err(error) => {
            let _ = started.send(Err(error));
        }
    }
}

fn start_on_free_port(recipe: &Recipe, folder: &Path) -> Result<(u16, Child), StartError> {
    let mut attempts = 3;
    loop {
        attempts -= 1;
        let port = free_port().map_err(StartError::io("find a free port for", recipe.program))?;
        match start_on(recipe, folder, port) {
            // Somebody else may take the port between our look and the server's.
            Err(StartError::Failed { output, .. }) if attempts > 0 && output.contains("ddress already in use") => {}
            outcome => return outcome.map(|child| (port, child)),
        }
    }
}

fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

fn start_on(recipe: &Recipe, folder: &Path, port: u16) -> Result<Child, StartError> {
    let log = folder.join("server.log");
    let mut command = (recipe.command)(port);
    // Its own process group, so that Ctrl-C in a terminal leaves stopping the server to us.
    let mut child = with_output_to(&mut command, &log)
        .and_then(|command| command.current_dir(folder).process_group(0).spawn())
        .map_err(StartError::io("run", recipe.program))?;
    let deadline = Instant::now() + START_TIMEOUT;
    while !(recipe.answers)(port).unwrap_or(false) {
        if let Ok(Some(status)) = child.try_wait() {
            let (status, output) = (status.to_string(), last_lines(&log));
            return Err(StartError::Failed { program: recipe.program, status, output });
        }
        if Instant::now() > deadline {
            end(recipe, child);
            let (seconds, output) = (START_TIMEOUT.as_secs(), last_lines(&log));
            return Err(StartError::TimedOut { program: recipe.program, seconds, output });
        }
        thread::sleep(POLL);
    }
    Ok(child)
}

fn end(recipe: &Recipe, mut child: Child) {
    // The server's own quick end first: a killed PostgreSQL leaves its shared memory behind.
    let _ = Command::new("kill").args(["-s", recipe.stop_signal, &child.id().to_string()]).status();
    let deadline = Instant::now() + STOP_TIMEOUT;
    while Instant::now() < deadline {
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        thread::sleep(POLL);
    }
    let _ = child.kill();
    let _ = child.wait();
}

fn with_output_to<'a>(command: &'a mut Command, log: &Path) -> io::Result<&'a mut Command> {
    let file = File::create(log)?;
    Ok(command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file))
}

fn last_lines(log: &Path) -> String {
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(20)..].join("\n")
}
