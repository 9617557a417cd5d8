//! Files: the content of documents and certificates. Peers wrote them, so a browser keeps and never shows
//! them.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use cohub_node::api::{Call, Exported, Failure, FailureKind, Fetched};
use cohub_node::hex;
use cohub_record::{Attachment, Descriptor, Hash, Id, Scope};

use super::problem::Problem;
use super::{Ask, Asked};
use crate::reader;
use crate::world::DOWN;

/// How long to look for a document among the peers.
const WAIT_MS: u64 = 20_000;

pub(super) fn content(ask: Ask) -> Asked {
    Box::pin(async move {
        let wanted = ask.named("document");
        let documents = ask.picture()?.view.applications.iter().flat_map(|one| &one.documents);
        let found = documents.into_iter().find(|document| document.id == wanted).cloned();
        let document = found
            .ok_or_else(|| Problem::not_found(format!("{wanted:?} is no document that this node knows")))?;
        if let Some(erased) = &document.erased {
            let why = format!("the content of {wanted} was erased by {}; its record stands", erased.record);
            return Err(Problem::not_found(why));
        }
        let unread = || Problem::not_found(format!("{wanted:?} has no attachment that can be read here"));
        let hash: Hash = document.hash.parse().map_err(|_| unread())?;
        let scope: Scope = document.scope.parse().map_err(|_| unread())?;
        if scope == Scope::Sealed {
            let why = format!(
                "{wanted} is sealed: the node has ciphertext only. Whom it was shared with opens it with `cohub \
                 document get {wanted}`, which asks for that person's passphrase"
            );
            return Err(Problem::no_key(why));
        }
        let fetched: Fetched = ask.web.node.call(&Call::Fetch { hash, wait_ms: WAIT_MS }).await?;
        let stored = tokio::fs::read(&fetched.path).await.map_err(|_| unread())?;
        let descriptor = Descriptor { hash, size_bytes: document.size_bytes, scope, sealed_to: None };
        let attachment = Attachment::decode(&descriptor, &stored).map_err(|_| unread())?;
        Ok(file(attachment.name.as_str(), attachment.content))
    })
}

pub(super) fn certificate(ask: Ask) -> Asked {
    Box::pin(async move {
        let wanted = ask.named("motion");
        let motion: Id = wanted.parse().map_err(|error| Problem::not_found(format!("{error}")))?;
        if ask.picture()?.view.motion(wanted).is_none() {
            return Err(Problem::not_found(format!("{wanted:?} is no motion that this node knows")));
        }
        let exported: Result<Exported, Failure> =
            ask.web.node.call(&Call::Certificate { motion, outcome: None }).await;
        let exported = exported.map_err(told)?;
        let bytes = hex::decode(&exported.certificate).unwrap_or_default();
        Ok(file(&format!("{}.certificate", crate::words::short(wanted)), bytes))
    })
}

/// Why there is none; of the node itself strangers hear nothing.
fn told(failure: Failure) -> Problem {
    match failure.kind {
        FailureKind::NotRunning | FailureKind::Failed if reader::is_stranger() => Problem::not_running(DOWN),
        _ => failure.into(),
    }
}

/// A file to keep: never shown, never run, under its name without a path.
fn file(name: &str, content: Vec<u8>) -> Response {
    let name: String = name.rsplit(['/', '\\']).next().unwrap_or_default().trim_start_matches('.').to_owned();
    let encoded = crate::respond::escaped(&crate::words::harmless(&name));
    let name = if encoded.is_empty() { "document".to_owned() } else { encoded };
    let mut response = content.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    if let Ok(value) = HeaderValue::try_from(format!("attachment; filename*=UTF-8''{name}")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_s_file_is_kept_under_a_plain_name_and_never_shown() {
        let table = [
            ("study v2.pdf", "study%20v2.pdf"),
            ("../../etc/passwd", "passwd"),
            (".bashrc", "bashrc"),
            ("a\"; x=\".html\r\nset-cookie: b", "a%22%3B%20x%3D%22.html%EF%BF%BD%0Aset-cookie%3A%20b"),
            ("", "document"),
        ];
        for (name, expected) in table {
            let response = file(name, vec![1]);
            let said = response.headers()["content-disposition"].to_str().unwrap();
            assert_eq!(said, format!("attachment; filename*=UTF-8''{expected}"), "{name}");
            assert_eq!(response.headers()["content-type"], "application/octet-stream");
            assert!(response.headers()["content-security-policy"].to_str().unwrap().contains("sandbox"));
        }
    }
}
