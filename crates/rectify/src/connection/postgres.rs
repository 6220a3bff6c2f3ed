//! PostgreSQL through a driver in pure Rust.

use std::error::Error as _;
use std::{io, process};

use diesel::internal::derives::multiconnection::MultiConnectionHelper;
use diesel::pg::{Pg, PgMetadataLookup};
use diesel::sql_types::TypeMetadata;
use diesel_async::AsyncPgConnection;
use tokio_postgres::config::SslMode;
use tokio_postgres::{Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::blocking::{Blocking, CONNECT_TIMEOUT};
use super::tls::{self, Files, Verify};
use super::{ConnectError, Untyped};

pub(super) type Postgres = Blocking<AsyncPgConnection>;

pub(super) fn connect(url: &str) -> Result<Postgres, ConnectError> {
    let Settings { config, tls, files } = Settings::parse(url).map_err(|reason| {
        ConnectError::new(url, reason).hint(
        "write `postgres://user:password@host:5432/database`, and percent-encode odd characters in user and password",
    )
    })?;
    let opened = match tls {
        None => Blocking::open(plain(&config)),
        Some(verify) => {
            let tls = tls::config(verify, &files)
                .map_err(|reason| ConnectError::new(url, reason).hint("correct the file names in the URL"))?;
            Blocking::open(encrypted(&config, MakeRustlsConnect::new(tls)))
        }
    };
    opened.map_err(|failure| failure.describe(url))
}

async fn plain(config: &Config) -> Result<AsyncPgConnection, Failure> {
    let (client, connection) = config.connect(NoTls).await?;
    Ok(AsyncPgConnection::try_from_client_and_connection(client, connection).await?)
}

async fn encrypted(config: &Config, tls: MakeRustlsConnect) -> Result<AsyncPgConnection, Failure> {
    let (client, connection) = config.connect(tls).await?;
    Ok(AsyncPgConnection::try_from_client_and_connection(client, connection).await?)
}

/// What a URL says, with the TLS part taken out, since the driver knows only half of the modes.
struct Settings {
    config: Config,
    tls: Option<Verify>,
    files: Files,
}

impl Settings {
    fn parse(url: &str) -> Result<Self, String> {
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        let (mut mode, mut files, mut certificate, mut key) = (None, Files::default(), None, None);
        let mut rest = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("sslmode", value)) => mode = Some(value),
                Some(("sslrootcert", value)) => files.root = Some(decoded(value)),
                Some(("sslcert", value)) => certificate = Some(decoded(value)),
                Some(("sslkey", value)) => key = Some(decoded(value)),
                _ => rest.push(pair),
            }
        }
        files.client = certificate.zip(key);
        let url = if rest.is_empty() { base.to_owned() } else { format!("{base}?{}", rest.join("&")) };
        let mut config: Config = url.parse().map_err(|error: tokio_postgres::Error| whole(&error))?;
        // `require` verifies the authority where one is named, as libpq does.
        let (ssl_mode, tls) = match (mode.unwrap_or("prefer"), files.root.is_some()) {
            ("disable", _) => (SslMode::Disable, None),
            ("allow" | "prefer", _) => (SslMode::Prefer, Some(Verify::Nothing)),
            ("require", false) => (SslMode::Require, Some(Verify::Nothing)),
            ("require" | "verify-ca", _) => (SslMode::Require, Some(Verify::Authority)),
            ("verify-full", _) => (SslMode::Require, Some(Verify::Full)),
            (other, _) => {
                return Err(format!(
                    "`sslmode={other}` is not one of `disable`, `allow`, `prefer`, `require`, `verify-ca`, `verify-full`"
                ));
            }
        };
        config.ssl_mode(ssl_mode);
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        if config.get_application_name().is_none() {
            config.application_name(format!("rectify, process {}", process::id()));
        }
        Ok(Self { config, tls, files })
    }
}

/// Undoes percent-encoding.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        match escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The text of `error` and of all that lies under it.
fn whole(error: &tokio_postgres::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}

enum Failure {
    Driver(tokio_postgres::Error),
    Setup(diesel::ConnectionError),
    Runtime(io::Error),
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Driver(error)
    }
}

impl From<diesel::ConnectionError> for Failure {
    fn from(error: diesel::ConnectionError) -> Self {
        Self::Setup(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Runtime(error)
    }
}

impl Failure {
    fn describe(self, url: &str) -> ConnectError {
        let error = match self {
            Self::Driver(error) => error,
            Self::Setup(error) => return ConnectError::new(url, error.to_string()),
            Self::Runtime(error) => return ConnectError::new(url, error.to_string()),
        };
        let Some(said) = error.as_db_error() else {
            let reason = whole(&error);
            let hint = if reason.contains("certificate") || reason.contains("tls") || reason.contains("TLS") {
                "check `sslmode` and `sslrootcert` in the URL, and that the certificate names the host"
            } else {
                "check host and port, and that the server runs and may be reached from here"
            };
            return ConnectError::new(url, reason).hint(hint);
        };
        let failed = ConnectError::new(url, format!("the server said: {}", said.message()));
        match said.code().code() {
            "28P01" | "28000" => failed.hint("check user and password of the URL"),
            "3D000" => failed.hint("create the database (`createdb`), or correct its name in the URL"),
            "53300" => failed.hint("wait for a free connection, or raise `max_connections` of the server"),
            _ => match said.hint() {
                Some(hint) => failed.hint(hint),
                None => failed,
            },
        }
    }
}

impl MultiConnectionHelper for Postgres {
    fn to_any<'a>(_lookup: &mut <Pg as TypeMetadata>::MetadataLookup) -> &mut (dyn std::any::Any + 'a) {
        // A value without a size takes no memory, so nothing is leaked.
        Box::leak(Box::new(Untyped))
    }

    fn from_any(lookup: &mut dyn std::any::Any) -> Option<&mut <Pg as TypeMetadata>::MetadataLookup> {
        lookup.downcast_mut::<Untyped>().map(|lookup| lookup as &mut dyn PgMetadataLookup)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(query: &str, mode: SslMode, verify: Option<Verify>) {
        let settings = Settings::parse(&format!("postgres://u:p@h/d{query}")).unwrap();
        assert_eq!((settings.config.get_ssl_mode(), settings.tls), (mode, verify));
    }

    #[test]
    fn sslmode_means_what_libpq_means() {
        check("", SslMode::Prefer, Some(Verify::Nothing));
        check("?sslmode=disable", SslMode::Disable, None);
        check("?sslmode=require", SslMode::Require, Some(Verify::Nothing));
        check("?sslmode=require&sslrootcert=x.pem", SslMode::Require, Some(Verify::Authority));
        check("?sslmode=verify-full&connect_timeout=3", SslMode::Require, Some(Verify::Full));
        assert!(Settings::parse("postgres://h/d?sslmode=yes").err().unwrap().contains("`sslmode=yes`"));
    }

    #[test]
    fn percent_encoding_is_undone() {
        assert_eq!(decoded("%2Ftmp%2Fa%20b%zz"), "/tmp/a b%zz");
    }
}
