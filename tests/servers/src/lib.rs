//! Throw-away PostgreSQL and MariaDB servers, for `cargo xtask test` and for tests that need a server of their own.
//!
//! Each server has its own data in a temporary folder, listens on a free loopback port, trades safety for speed and
//! is gone when its [`Server`] is dropped. System services, configuration files and existing data are never touched.
//! This crate neither installs anything nor prints: whoever starts a server decides what to do when one is missing.
//! It builds without a database driver, so that `xtask` stays a light build.

mod account;
mod database;
pub mod mariadb;
pub mod postgres;
mod programs;
mod server;

use std::io;
use std::path::PathBuf;

pub use database::{Database, ONLY_VARIABLE, UnknownDatabase};
pub use server::Server;

/// How a server is to be started; the default is a plain one for tests.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Offer TLS with this certificate.
    pub tls: Option<Tls>,
}

/// What a server needs to offer TLS.
#[derive(Debug, Clone)]
pub struct Tls {
    /// The certificate (chain) in PEM.
    pub certificate: String,
    /// Its private key in PEM.
    pub key: String,
    /// Refuse connections without TLS.
    pub required: bool,
}

/// Why a server could not be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// A program of the server is neither on `PATH` nor where packages put it.
    #[error("`{program}` was not found on PATH or in {places}")]
    NotFound {
        /// The program that was looked for.
        program: &'static str,
        /// The other places that were searched.
        places: &'static str,
    },
    /// Run as root, but a server refuses to run as root and there is no other user to run it as.
    #[error("cannot run a server as an unprivileged user: {reason}")]
    NoAccount {
        /// What is missing.
        reason: &'static str,
    },
    /// A file could not be written or a program not be run.
    #[error("cannot {action} `{}`", path.display())]
    Io {
        /// What was attempted, as a verb.
        action: &'static str,
        /// The file or program.
        path: PathBuf,
        /// The operating system's answer.
        source: io::Error,
    },
    /// A program of the server ended with an error.
    #[error("`{program}` failed with {status}; the end of its output:\n{output}")]
    Failed {
        /// The program.
        program: &'static str,
        /// How it ended.
        status: String,
        /// The last lines that it wrote.
        output: String,
    },
    /// The server runs, but gave no answer within the time allowed.
    #[error("`{program}` gave no answer within {seconds} s; the end of its output:\n{output}")]
    TimedOut {
        /// The program.
        program: &'static str,
        /// The time allowed.
        seconds: u64,
        /// The last lines that it wrote.
        output: String,
    },
}

impl StartError {
    fn io(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> StartError {
        let path = path.into();
        move |source| StartError::Io { action, path, source }
    }
}
