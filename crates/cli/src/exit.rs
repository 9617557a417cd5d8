//! How a command ends: exit codes that scripts may rely on, and errors that say what to do.

use cohub_node::NodeError;
use cohub_node::api::{Failure, FailureKind};
use cohub_web::WebError;

/// Exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// It is done.
    Done = 0,
    /// It failed for another reason than those below.
    Failed = 1,
    /// The command cannot be understood, or a flag is missing.
    Usage = 2,
    /// Nothing has that name.
    NotFound = 3,
    /// A key is missing, locked or has not the role.
    Permission = 4,
    /// A rule says no.
    Refused = 5,
    /// Signed and stored here, but no peer holds it yet.
    Unsent = 6,
    /// The node of this home does not run.
    NotRunning = 7,
    /// Bytes that do not verify.
    Verification = 8,
    /// The person interrupted it.
    Interrupted = 130,
}

/// Why a command did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Error {
    /// The exit code.
    pub(crate) exit: Exit,
    /// What happened, what was kept, what to do.
    pub(crate) message: String,
}

impl Error {
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into() }
    }

    pub(crate) fn failed(message: impl Into<String>) -> Self {
        Self::new(Exit::Failed, message)
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(Exit::NotFound, message)
    }

    pub(crate) fn permission(message: impl Into<String>) -> Self {
        Self::new(Exit::Permission, message)
    }
}

impl Exit {
    /// The word for it in JSON.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Usage => "usage",
            Self::NotFound => "not-found",
            Self::Permission => "permission",
            Self::Refused => "refused",
            Self::Unsent => "unsent",
            Self::NotRunning => "not-running",
            Self::Verification => "verification",
            Self::Interrupted => "interrupted",
        }
    }
}

impl From<FailureKind> for Exit {
    fn from(kind: FailureKind) -> Self {
        match kind {
            FailureKind::Failed => Self::Failed,
            FailureKind::Usage => Self::Usage,
            FailureKind::NotFound => Self::NotFound,
            FailureKind::Permission => Self::Permission,
            FailureKind::Refused => Self::Refused,
            FailureKind::NotRunning => Self::NotRunning,
            FailureKind::Verification => Self::Verification,
        }
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self::new(failure.kind.into(), failure.message)
    }
}

impl From<NodeError> for Error {
    fn from(error: NodeError) -> Self {
        Failure::from(error).into()
    }
}

impl From<WebError> for Error {
    fn from(error: WebError) -> Self {
        let exit = match &error {
            WebError::Listen(_) => Exit::Usage,
            WebError::Running(_) | WebError::Unsecured { .. } => Exit::Refused,
            _ => Exit::Failed,
        };
        Self::new(exit, error.to_string())
    }
}
