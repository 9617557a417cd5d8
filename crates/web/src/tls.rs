//! What it takes to be reached from other machines: TLS with a certificate of the host's own, the names that
//! the pages answer to, and a login.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use cohub_node::{Home, Settings};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ServerConfig, version};

use crate::{WebError, login};

/// TLS, and the names of this server.
pub(crate) struct Secured {
    pub(crate) acceptor: TlsAcceptor,
    /// As in `hub.example.org`, or with a port of its own, as in `hub.example.org:8443`.
    pub(crate) names: Vec<String>,
}

/// What the settings and the home have of it.
///
/// # Errors
/// [`WebError::Unsecured`] names all that is missing; a certificate or a key that cannot be used is named too.
pub(crate) fn secured(home: &Home, settings: &Settings, listen: SocketAddr) -> Result<Secured, WebError> {
    let mut missing = Vec::new();
    if settings.tls_certificate.is_empty() || settings.tls_key.is_empty() {
        missing.push(
            "a certificate and its key: `cohub config set tls_certificate FILE` and \
             `cohub config set tls_key FILE`, both PEM",
        );
    }
    if settings.page_names.is_empty() {
        missing.push(
            "the names under which browsers reach these pages: \
             `cohub config set page_names '[\"hub.example.org\"]'`",
        );
    }
    if !login::is_there(home) {
        missing.push("a login: `cohub ui --new-login`");
    }
    if !missing.is_empty() {
        return Err(WebError::Unsecured { address: listen.to_string(), missing: missing.join("; ") });
    }
    let acceptor = acceptor(Path::new(&settings.tls_certificate), Path::new(&settings.tls_key))?;
    Ok(Secured { acceptor, names: settings.page_names.clone() })
}

/// TLS 1.3, by the cryptography that the connections between nodes use too.
fn acceptor(certificate: &Path, key: &Path) -> Result<TlsAcceptor, WebError> {
    let wrong = |path: &Path, why: String| WebError::Tls { path: path.to_owned(), why };
    let chain: Result<Vec<CertificateDer<'static>>, _> =
        CertificateDer::pem_file_iter(certificate).and_then(Iterator::collect);
    let chain = chain.map_err(|error| wrong(certificate, error.to_string()))?;
    let private = PrivateKeyDer::from_pem_file(key).map_err(|error| wrong(key, error.to_string()))?;
    let builder = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
    let built = builder
        .with_protocol_versions(&[&version::TLS13])
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, private));
    let mut config = built.map_err(|error| wrong(certificate, error.to_string()))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_off_this_machine_is_named_at_once() {
        let temp = tempfile::tempdir().unwrap();
        let home = Home::at(temp.path()).unwrap();
        let listen: SocketAddr = "192.0.2.7:443".parse().unwrap();
        let why = |settings: &Settings| secured(&home, settings, listen).err().map(|error| error.to_string());
        let said = why(&Settings::default()).unwrap();
        for word in ["192.0.2.7:443", "tls_certificate", "tls_key", "page_names", "--new-login"] {
            assert!(said.contains(word), "{word}: {said}");
        }
        let none = temp.path().join("none.pem").display().to_string();
        let names = vec!["hub.example.org".to_owned()];
        let set = Settings {
            tls_certificate: none.clone(),
            tls_key: none.clone(),
            page_names: names,
            ..Settings::default()
        };
        let said = why(&set).unwrap();
        assert!(
            said.contains("--new-login") && !said.contains("tls_key") && !said.contains("page_names"),
            "{said}"
        );
        login::make(&home).unwrap();
        let said = why(&set).unwrap();
        assert!(said.contains(&none), "a file that is not there is named: {said}");
        std::fs::write(temp.path().join("none.pem"), "no certificate").unwrap();
        assert!(why(&set).unwrap().contains(&none), "and one that holds none");
    }
}
