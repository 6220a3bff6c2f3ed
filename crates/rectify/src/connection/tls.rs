//! TLS through rustls, with the meaning that the databases' own clients give to their modes.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

/// How much of the server's certificate is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verify {
    /// Nothing: the connection is encrypted, but to whom is not known.
    Nothing,
    /// That an authority which we trust signed it.
    Authority,
    /// That, and that it was made for the host of the URL.
    Full,
}

/// The files that a URL names.
#[derive(Clone, Debug, Default)]
pub(super) struct Files {
    /// Authorities to trust instead of the public ones.
    pub root: Option<String>,
    /// The client's certificate and its key.
    pub client: Option<(String, String)>,
}

/// A client configuration.
///
/// # Errors
///
/// A text that names the file which cannot be read or holds no certificate.
pub(super) fn config(verify: Verify, files: &Files) -> Result<ClientConfig, String> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = verifier(verify, files.root.as_deref(), &provider)?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    match &files.client {
        None => Ok(config.with_no_client_auth()),
        Some((certificate, key)) => {
            let key = PrivateKeyDer::from_pem_file(key)
                .map_err(|error| format!("the key `{key}` cannot be read: {error}"))?;
            config
                .with_client_auth_cert(certificates(certificate)?, key)
                .map_err(|error| format!("the certificate `{certificate}` cannot be used: {error}"))
        }
    }
}

fn verifier(
    verify: Verify,
    root: Option<&str>,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, String> {
    if verify == Verify::Nothing {
        return Ok(Arc::new(Lenient { inner: None, algorithms: provider.signature_verification_algorithms }));
    }
    let full = WebPkiServerVerifier::builder_with_provider(Arc::new(roots(root)?), Arc::clone(provider))
        .build()
        .map_err(|error| error.to_string())?;
    Ok(match verify {
        Verify::Full => full,
        _ => Arc::new(Lenient { inner: Some(full), algorithms: provider.signature_verification_algorithms }),
    })
}

fn roots(file: Option<&str>) -> Result<RootCertStore, String> {
    let mut store = RootCertStore::empty();
    match file {
        None | Some("system") => store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Some(file) => {
            for certificate in certificates(file)? {
                store.add(certificate).map_err(|error| format!("the certificate `{file}` cannot be used: {error}"))?;
            }
        }
    }
    Ok(store)
}

fn certificates(file: &str) -> Result<Vec<CertificateDer<'static>>, String> {
    if !Path::new(file).exists() {
        return Err(format!("there is no certificate file `{file}`"));
    }
    let text = fs::read(file).map_err(|error| format!("the certificate file `{file}` cannot be read: {error}"))?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        Ok(_) => Err(format!("the file `{file}` holds no certificate")),
        Err(error) => Err(format!("the certificate file `{file}` cannot be read: {error}")),
    }
}

/// Accepts any certificate (without `inner`), or any name in a certificate that `inner` accepts.
#[derive(Debug)]
struct Lenient {
    inner: Option<Arc<WebPkiServerVerifier>>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl ServerCertVerifier for Lenient {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(inner) = &self.inner else { return Ok(ServerCertVerified::assertion()) };
        match inner.verify_server_cert(certificate, intermediates, name, ocsp, now) {
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
