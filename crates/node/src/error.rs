//! What can go wrong on this machine, said so that its host knows what to do.

use std::path::{Path, PathBuf};

use crate::api::{Failure, FailureKind};

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum NodeError {
    /// A file or directory did what files should not.
    #[error("{action} {}: {source}; what was there before is unchanged", path.display())]
    File {
        /// What was tried.
        action: &'static str,
        /// On which path.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file does not hold what it should.
    #[error("{} is unreadable: {why}", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// The passphrase does not open the key.
    #[error("wrong passphrase for the key {0:?}; nothing was changed")]
    Passphrase(String),
    /// No key has that label.
    #[error("there is no key {0:?} in this directory; `cohub key list` shows those that are")]
    NoKey(String),
    /// The directory has no hub yet.
    #[error("{} has no hub yet; begin with `cohub init`", .0.display())]
    NoHub(PathBuf),
    /// The directory has a hub already.
    #[error("{} holds the hub {slug} already; choose another directory with --home", home.display())]
    HubExists {
        /// The directory.
        home: PathBuf,
        /// The hub there.
        slug: String,
    },
    /// A setting cannot be understood.
    #[error("setting {0}")]
    Setting(String),
    /// A daemon runs in this directory.
    #[error("a node runs in this directory already: {0}")]
    Running(String),
    /// Somebody listens on the port.
    #[error("{0}; choose another with --listen, or stop what uses it")]
    Network(#[from] cohub_net::NetError),
    /// The store.
    #[error(transparent)]
    Store(#[from] cohub_store::StoreError),
    /// A network cannot be founded like this.
    #[error("{0}")]
    Founding(String),
    /// A sealed attachment was not made, or does not open as it should.
    #[error("sealed attachment: {0}; nothing was written")]
    Sealed(String),
    /// A key to which a sealed attachment was not shared.
    #[error("it is not sealed for the key {0}: no share of it opens with that key")]
    NotAReader(String),
    /// Nothing more specific.
    #[error("{0}")]
    Other(String),
}

impl NodeError {
    pub(crate) fn file(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::File { action, path: path.to_owned(), source }
    }

    pub(crate) fn content(path: &Path, why: &(impl ToString + ?Sized)) -> Self {
        Self::Content { path: path.to_owned(), why: why.to_string() }
    }
}

impl From<NodeError> for Failure {
    fn from(error: NodeError) -> Self {
        let kind = match &error {
            NodeError::Passphrase(_) | NodeError::NoKey(_) | NodeError::NotAReader(_) => {
                FailureKind::Permission
            }
            NodeError::Sealed(_) => FailureKind::Verification,
            NodeError::Setting(_) => FailureKind::Usage,
            NodeError::NoHub(_) => FailureKind::NotFound,
            NodeError::Founding(_) | NodeError::HubExists { .. } => FailureKind::Refused,
            _ => FailureKind::Failed,
        };
        Self::new(kind, error.to_string())
    }
}
