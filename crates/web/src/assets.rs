//! Style, script and picture of the pages: in the binary, under names that change with their content.

use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

use crate::server::Web;

const FILES: [(&str, &str, &str); 4] = [
    ("style", "text/css; charset=utf-8", include_str!("../assets/style.css")),
    ("live", "text/javascript; charset=utf-8", include_str!("../assets/live.js")),
    ("upload", "text/javascript; charset=utf-8", include_str!("../assets/upload.js")),
    ("icon", "image/svg+xml", include_str!("../assets/icon.svg")),
];

/// A file of the pages.
struct Asset {
    name: String,
    media_type: &'static str,
    content: &'static str,
}

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let asset = |(name, media_type, content): (&str, &'static str, &'static str)| {
        let hash = blake3::hash(content.as_bytes()).to_hex();
        Asset { name: format!("{name}-{}", &hash[..12]), media_type, content }
    };
    FILES.into_iter().map(asset).collect()
});

/// The address of a file, as in `style`.
pub(crate) fn address(name: &str) -> String {
    let found =
        ASSETS.iter().find(|asset| asset.name.rsplit_once('-').is_some_and(|(known, _)| known == name));
    found.map(|asset| format!("/assets/{}", asset.name)).unwrap_or_default()
}

pub(crate) fn routes() -> Router<Arc<Web>> {
    Router::new().route("/assets/{name}", get(serve))
}

async fn serve(State(_): State<Arc<Web>>, Path(name): Path<String>) -> Response {
    let Some(asset) = ASSETS.iter().find(|asset| asset.name == name) else {
        return (StatusCode::NOT_FOUND, "no such file").into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, asset.media_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, Body::from(asset.content)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_has_an_address_and_no_style_or_script_reaches_elsewhere() {
        for (name, _, content) in FILES {
            assert!(address(name).starts_with(&format!("/assets/{name}-")), "{name}");
            assert!(!content.contains("https://") && !content.contains("@import"), "{name}");
        }
        assert_eq!(address("nothing"), "");
    }
}
