//! Answers as they leave: the headers that every one carries, and how pages and files are served.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use maud::Markup;

/// Nothing but this server's own files; no inline script or style, no frames, no plugins.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
                      connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Headers of every answer.
const ALWAYS: [(&str, &str); 7] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    // Not `no-referrer`: a browser would send `Origin: null` with forms then.
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("x-robots-tag", "noindex"),
];

/// Adds the headers that every answer carries, and those that this one did not set itself.
pub(crate) fn secure(response: &mut Response) {
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
}

/// A page.
pub(crate) fn page(status: StatusCode, markup: Markup) -> Response {
    let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (status, kind, markup.into_string()).into_response()
}

/// Bytes with a media type and a tag; 304 where the caller holds them already.
pub(crate) fn tagged(
    asked: &HeaderMap,
    tag: &str,
    media_type: &'static str,
    body: impl Into<axum::body::Body>,
) -> Response {
    let etag = format!("\"{tag}\"");
    let status = if holds(asked, &etag) { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
    let body = if status == StatusCode::OK { body.into() } else { axum::body::Body::empty() };
    (status, [(header::CONTENT_TYPE, media_type.to_owned()), (header::ETAG, etag)], body).into_response()
}

/// A text as it stands in an address: letters, digits and what separates nothing.
pub(crate) fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// Whether a caller holds what has that tag.
pub(crate) fn holds(asked: &HeaderMap, etag: &str) -> bool {
    let mut tags = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    tags.any(|line| {
        line.split(',').map(str::trim).any(|tag| tag == "*" || tag.trim_start_matches("W/") == etag)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_caller_holds_is_not_sent_again() {
        let mut asked = HeaderMap::new();
        assert_eq!(tagged(&asked, "a", "text/plain", "body").status(), StatusCode::OK);
        asked.insert("if-none-match", "\"b\", W/\"a\"".parse().unwrap());
        let response = tagged(&asked, "a", "text/plain", "body");
        assert_eq!(response.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(response.headers()["etag"], "\"a\"");
        assert_eq!(tagged(&asked, "c", "text/plain", "body").status(), StatusCode::OK);
    }

    #[test]
    fn no_answer_leaves_without_a_policy() {
        let mut response = page(StatusCode::OK, maud::html! { "text" });
        secure(&mut response);
        let policy = response.headers()["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert!(response.headers().get("access-control-allow-origin").is_none());
    }
}
