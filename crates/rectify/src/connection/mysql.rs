//! MySQL and MariaDB through a driver in pure Rust.

use std::io;

use diesel::internal::derives::multiconnection::MultiConnectionHelper;
use diesel_async::AsyncMysqlConnection;
use mysql_async::{DriverError, Opts, OptsBuilder, SslOpts};

use super::ConnectError;
use super::blocking::{Blocking, CONNECT_TIMEOUT};
use super::tls::Verify;

pub(super) type Mysql = Blocking<AsyncMysqlConnection>;

pub(super) fn connect(url: &str) -> Result<Mysql, ConnectError> {
    let settings = Settings::parse(url).map_err(|reason| {
        ConnectError::new(url, reason).hint(
            "write `mysql://user:password@host:3306/database`, and percent-encode odd characters in user and password",
        )
    })?;
    Blocking::open(settings.open()).map_err(|failure| failure.describe(url))
}

/// What a URL says, with the TLS part read as MySQL's own clients do.
struct Settings {
    opts: Opts,
    tls: Option<Verify>,
    required: bool,
    root: Option<String>,
}

impl Settings {
    fn parse(url: &str) -> Result<Self, String> {
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        let (mut mode, mut root, mut rest) = (None, None, Vec::new());
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("ssl-mode" | "ssl_mode" | "sslmode", value)) => {
                    mode = Some(value.to_ascii_lowercase().replace('-', "_"));
                }
                Some(("ssl-ca" | "ssl_ca" | "sslrootcert", value)) => root = Some(value.to_owned()),
                _ => rest.push(pair),
            }
        }
        let (_, place) = base.split_once(':').unwrap_or(("", base));
        let url = if rest.is_empty() { format!("mysql:{place}") } else { format!("mysql:{place}?{}", rest.join("&")) };
        let opts = Opts::from_url(&url).map_err(|error| error.to_string())?;
        let (tls, required) = match mode.as_deref().unwrap_or("preferred") {
            "disabled" | "disable" => (None, false),
            "preferred" | "prefer" => (Some(Verify::Nothing), false),
            "required" | "require" => (Some(Verify::Nothing), true),
            "verify_ca" => (Some(Verify::Authority), true),
            "verify_identity" | "verify_full" => (Some(Verify::Full), true),
            other => {
                return Err(format!(
                    "`ssl-mode={other}` is not one of `disabled`, `preferred`, `required`, `verify_ca`, `verify_identity`"
                ));
            }
        };
        Ok(Self { opts, tls, required, root })
    }

    async fn open(&self) -> Result<AsyncMysqlConnection, Failure> {
        match self.attempt(self.tls).await {
            // `preferred` falls back where the server knows no TLS, and nowhere else.
            Err(Failure::Driver(mysql_async::Error::Driver(DriverError::NoClientSslFlagFromServer)))
                if !self.required =>
            {
                self.attempt(None).await
            }
            other => other,
        }
    }

    async fn attempt(&self, tls: Option<Verify>) -> Result<AsyncMysqlConnection, Failure> {
        let opts = OptsBuilder::from_opts(self.opts.clone())
            .ssl_opts(tls.map(|verify| self.ssl(verify)))
            .stmt_cache_size(0) // The connection has a cache of its own.
            .prefer_socket(false)
            .client_found_rows(true); // An UPDATE counts the rows that it finds, as on the other databases.
        let connecting = async {
            let conn = mysql_async::Conn::new(opts).await?;
            Ok(AsyncMysqlConnection::try_from(conn).await?)
        };
        tokio::time::timeout(CONNECT_TIMEOUT, connecting).await.unwrap_or(Err(Failure::Timeout))
    }

    fn ssl(&self, verify: Verify) -> SslOpts {
        let roots: Vec<_> = self.root.iter().map(|file| std::path::PathBuf::from(file).into()).collect();
        SslOpts::default()
            .with_disable_built_in_roots(!roots.is_empty())
            .with_root_certs(roots)
            .with_danger_accept_invalid_certs(verify == Verify::Nothing)
            .with_danger_skip_domain_validation(verify != Verify::Full)
    }
}

enum Failure {
    Driver(mysql_async::Error),
    Setup(diesel::ConnectionError),
    Runtime(io::Error),
    Timeout,
}

impl From<mysql_async::Error> for Failure {
    fn from(error: mysql_async::Error) -> Self {
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
        const REACH: &str = "check host and port, and that the server runs and may be reached from here";
        match self {
            Self::Timeout => {
                ConnectError::new(url, format!("no answer within {} s", CONNECT_TIMEOUT.as_secs())).hint(REACH)
            }
            Self::Setup(error) => ConnectError::new(url, error.to_string()),
            Self::Runtime(error) => ConnectError::new(url, error.to_string()),
            Self::Driver(mysql_async::Error::Server(said)) => {
                let failed = ConnectError::new(url, format!("the server said: {} (error {})", said.message, said.code));
                match said.code {
                    1045 | 1044 | 1698 => failed.hint("check user and password of the URL, and what that user may do"),
                    1049 => failed.hint("create the database, or correct its name in the URL"),
                    _ => failed,
                }
            }
            Self::Driver(mysql_async::Error::Driver(DriverError::NoClientSslFlagFromServer)) => {
                ConnectError::new(url, "the server has no TLS")
                    .hint("turn TLS on in the server, or use `ssl-mode=preferred`")
            }
            Self::Driver(mysql_async::Error::Io(mysql_async::IoError::Tls(error))) => {
                ConnectError::new(url, format!("TLS failed: {error}"))
                    .hint("check `ssl-mode` and `ssl-ca` in the URL, and that the certificate names the host")
            }
            Self::Driver(error) => ConnectError::new(url, error.to_string()).hint(REACH),
        }
    }
}

impl MultiConnectionHelper for Mysql {
    fn to_any<'a>(lookup: &mut ()) -> &mut (dyn std::any::Any + 'a) {
        lookup
    }

    fn from_any(lookup: &mut dyn std::any::Any) -> Option<&mut ()> {
        lookup.downcast_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(query: &str, tls: Option<Verify>, required: bool) {
        let settings = Settings::parse(&format!("mariadb://u:p@h/d{query}")).unwrap();
        assert_eq!((settings.tls, settings.required), (tls, required));
    }

    #[test]
    fn ssl_mode_means_what_the_clients_mean() {
        check("", Some(Verify::Nothing), false);
        check("?ssl-mode=DISABLED", None, false);
        check("?ssl-mode=REQUIRED", Some(Verify::Nothing), true);
        check("?ssl-mode=VERIFY_CA", Some(Verify::Authority), true);
        check("?sslmode=verify-full", Some(Verify::Full), true);
        assert!(Settings::parse("mysql://h/d?ssl-mode=maybe").err().unwrap().contains("`ssl-mode=maybe`"));
    }
}
