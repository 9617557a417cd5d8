//! Why the pages cannot be served.

use std::path::PathBuf;

/// Why the pages cannot be served. Nothing of the node is touched by any of these.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    /// No address.
    #[error("{0:?} is no address to listen on: give an IP address and a port, as in 127.0.0.1:7717")]
    Listen(String),
    /// An address that other machines reach, without what that takes.
    #[error(
        "other machines could reach these pages at {address}, and whoever is let in there acts for this hub, so \
         that takes TLS and a login. Missing: {missing}. Or give 127.0.0.1:PORT, and reach it from elsewhere by a \
         tunnel (ssh -L)"
    )]
    Unsecured {
        /// Where.
        address: String,
        /// All that is missing, and how to set it.
        missing: String,
    },
    /// A certificate or a key that cannot be used.
    #[error("{} cannot be used for TLS: {why}", .path.display())]
    Tls {
        /// Which file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// An address of the public listener that is none.
    #[error(
        "public_listen = {0:?} is no address: give one as 0.0.0.0:8080 or 127.0.0.1:8080, or nothing for none"
    )]
    PublicListen(String),
    /// The port is taken.
    #[error("{address} cannot be listened on: {source}. Give another port")]
    Port {
        /// The address.
        address: String,
        /// Why.
        source: std::io::Error,
    },
    /// Another process serves this home's pages.
    #[error("another process serves the pages of {}: `cohub ui --print` names their address", .0.display())]
    Running(PathBuf),
    /// A file of the pages' own directory.
    #[error("{} cannot be used: {source}", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The system gives no randomness.
    #[error("no randomness for codes and cookies: {0}")]
    Randomness(String),
    /// The server ended.
    #[error("the pages ended: {0}")]
    Ended(std::io::Error),
}

impl WebError {
    /// Names the file that an error is about.
    pub(crate) fn file(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { path, source }
    }
}
