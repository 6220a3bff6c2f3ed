//! `sslmode` against a PostgreSQL with a certificate made here.

use std::fs;

use rcgen::{BasicConstraints, Certificate, CertificateParams, IsCa, Issuer, KeyPair};
use rectify::{AnyConnection, ConnectError, Create, Database as _};
use rectify_test_servers::{Options, Server, Tls, postgres};
use rectify_tests::{Database, admin_url, wanted};
use tempfile::TempDir;

struct Secured {
    server: Server,
    folder: TempDir,
}

/// An authority, a certificate for the loopback address signed by it, and a server that shows it.
fn secured(names: &[&str]) -> Secured {
    let folder = tempfile::tempdir().unwrap();
    let authority_key = KeyPair::generate().unwrap();
    let authority_params = authority_params();
    let authority = authority_params.self_signed(&authority_key).unwrap();
    let issuer = Issuer::new(authority_params, authority_key);
    let key = KeyPair::generate().unwrap();
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let certificate = CertificateParams::new(names).unwrap().signed_by(&key, &issuer).unwrap();
    write(&folder, "authority.pem", &authority);
    let stranger = authority_params_signed();
    write(&folder, "stranger.pem", &stranger);
    let tls = Tls { certificate: certificate.pem(), key: key.serialize_pem(), required: false };
    Secured { server: postgres::start(&Options { tls: Some(tls) }).unwrap(), folder }
}

fn authority_params() -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
}

fn authority_params_signed() -> Certificate {
    authority_params().self_signed(&KeyPair::generate().unwrap()).unwrap()
}

fn write(folder: &TempDir, name: &str, certificate: &Certificate) {
    fs::write(folder.path().join(name), certificate.pem()).unwrap();
}

impl Secured {
    fn url(&self, mode: &str, root: Option<&str>) -> String {
        let root = root.map(|name| format!("&sslrootcert={}", self.folder.path().join(name).display()));
        format!("{}?sslmode={mode}{}", self.server.url, root.unwrap_or_default())
    }

    #[track_caller]
    fn encrypted(&self, mode: &str, root: Option<&str>) -> bool {
        is_encrypted(&self.url(mode, root)).unwrap()
    }

    #[track_caller]
    fn refused(&self, mode: &str, root: Option<&str>, said: &str) {
        let error = is_encrypted(&self.url(mode, root)).unwrap_err();
        assert!(error.reason.contains(said), "{error}");
        assert!(error.hint.is_some(), "{error}");
    }
}

fn is_encrypted(url: &str) -> Result<bool, ConnectError> {
    let mut connection = AnyConnection::connect(url, Create::Never)?;
    let rows = connection.rows("SELECT ssl::text FROM pg_stat_ssl WHERE pid = pg_backend_pid()").unwrap();
    Ok(rows[0].text(0) == Some("true"))
}

#[test]
fn sslmode_is_honoured() {
    if !wanted(Database::Postgres) {
        return;
    }
    let server = secured(&["127.0.0.1"]);
    assert!(!server.encrypted("disable", None));
    assert!(server.encrypted("prefer", None));
    assert!(server.encrypted("require", None));
    assert!(server.encrypted("verify-ca", Some("authority.pem")));
    assert!(server.encrypted("verify-full", Some("authority.pem")));
    server.refused("verify-full", Some("stranger.pem"), "certificate");
    server.refused("verify-ca", Some("stranger.pem"), "certificate");
    server.refused("require", Some("stranger.pem"), "certificate");
    server.refused("verify-full", None, "certificate");
    server.refused("verify-full", Some("no-such.pem"), "there is no certificate file");
}

#[test]
fn verify_full_checks_the_host_and_verify_ca_does_not() {
    if !wanted(Database::Postgres) {
        return;
    }
    let server = secured(&["db.example.org"]);
    assert!(server.encrypted("verify-ca", Some("authority.pem")));
    server.refused("verify-full", Some("authority.pem"), "certificate");
}

#[test]
fn a_server_without_tls_is_refused_when_tls_is_required() {
    if !wanted(Database::Postgres) {
        return;
    }
    let url = admin_url(Database::Postgres);
    assert!(!is_encrypted(&format!("{url}?sslmode=prefer")).unwrap());
    let error = is_encrypted(&format!("{url}?sslmode=require")).unwrap_err();
    assert!(error.reason.contains("TLS"), "{error}");
}
