//! Why a call is not answered, as RFC 9457 has it. Types are stable; programs may rely on them.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use cohub_node::api::{Failure, FailureKind};
use serde_json::json;

/// Why a call is not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    name: &'static str,
    title: &'static str,
    detail: String,
}

/// Every type of problem, with what it means.
pub(crate) const TYPES: [(&str, &str); 17] = [
    ("bad-request", "A parameter is missing, unknown, or has a value that it cannot have."),
    ("not-found", "Nothing has that name, or this node does not hold it."),
    ("gone", "It was here, and is no more: it was used, or waited too long."),
    ("method", "The address does not take this method."),
    ("media-type", "The address takes JSON, and says so as application/json."),
    ("no-network", "This node has not joined a network yet, so it has no registry."),
    ("not-running", "The node of this home does not run, or does not answer."),
    ("refused", "A rule of the network says no; which, in words."),
    ("permission", "A key is missing or has not the role."),
    ("verification", "Bytes that do not verify."),
    ("failed", "Something else went wrong; what, in words."),
    ("wrong-host", "The request names another host."),
    ("wrong-origin", "The request comes from a page of another origin."),
    ("cross-site", "The browser says that another site made the request."),
    ("no-origin", "A request that changes something does not say where it comes from."),
    ("not-let-in", "The request carries no cookie and no token of this server."),
    ("scope", "The token does not open that address."),
];

impl Problem {
    pub(crate) fn new(
        status: StatusCode,
        name: &'static str,
        title: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self { status, name, title, detail: detail.into() }
    }

    pub(crate) fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "Not found", detail)
    }

    pub(crate) fn no_key(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "permission", "No permission", detail)
    }

    pub(crate) fn unverified(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "verification", "Does not verify", detail)
    }

    pub(crate) fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad-request", "Bad request", detail)
    }

    pub(crate) fn no_network() -> Self {
        let detail =
            "This node has not joined a network yet: `cohub network join`, or `cohub network found`.";
        Self::new(StatusCode::CONFLICT, "no-network", "No network", detail)
    }

    pub(crate) fn not_running(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "not-running", "The node does not answer", detail)
    }

    /// The sentence for people.
    pub(crate) fn detail(&self) -> &str {
        &self.detail
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        let (status, name, title) = match failure.kind {
            FailureKind::NotFound => (StatusCode::NOT_FOUND, "not-found", "Not found"),
            FailureKind::Usage => (StatusCode::BAD_REQUEST, "bad-request", "Bad request"),
            FailureKind::Refused => (StatusCode::CONFLICT, "refused", "Refused by a rule"),
            FailureKind::Permission => (StatusCode::FORBIDDEN, "permission", "No permission"),
            FailureKind::NotRunning => {
                (StatusCode::SERVICE_UNAVAILABLE, "not-running", "The node does not answer")
            }
            FailureKind::Verification => {
                (StatusCode::UNPROCESSABLE_ENTITY, "verification", "Does not verify")
            }
            FailureKind::Failed => (StatusCode::INTERNAL_SERVER_ERROR, "failed", "Failed"),
        };
        Self::new(status, name, title, failure.message)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = json!({
            "type": format!("urn:cohub:problem:{}", self.name),
            "title": self.title,
            "status": self.status.as_u16(),
            "detail": self.detail,
        });
        (self.status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_failure_of_the_node_has_a_listed_type() {
        let kinds = [
            FailureKind::Failed,
            FailureKind::Usage,
            FailureKind::NotFound,
            FailureKind::Permission,
            FailureKind::Refused,
            FailureKind::NotRunning,
            FailureKind::Verification,
        ];
        let own = [Problem::no_network(), Problem::not_found(""), Problem::bad_request("")];
        let all = kinds.map(|kind| Problem::from(Failure::new(kind, "why"))).into_iter().chain(own);
        for problem in all {
            assert!(TYPES.iter().any(|(name, _)| *name == problem.name), "{problem:?}");
            assert!(problem.status.is_client_error() || problem.status.is_server_error());
        }
    }
}
