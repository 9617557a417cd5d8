//! Tokens: what a program of this machine shows in the place of a browser's cookie. Each opens one scope, and
//! none can sign or open a page.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;

use axum::http::Method;
use cohub_node::{Home, hex};
use serde::{Deserialize, Serialize};

use crate::WebError;
use crate::place::{directory, write};
use crate::words::now_ms;

const PREFIX: &str = "cohub_";

/// What a token opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Reading the API.
    Read,
    /// The metrics and nothing else.
    Metrics,
    /// The API, drafts and signed records included, and the metrics.
    Operate,
}

/// A token as it is kept: by its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// Its name.
    pub label: String,
    /// What it opens.
    pub scope: Scope,
    /// When it was made, milliseconds since the Unix epoch.
    pub made_at: u64,
    /// BLAKE3 of it, in hexadecimal.
    hash: String,
}

impl Scope {
    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Metrics => "metrics",
            Self::Operate => "operate",
        }
    }

    /// Whether it opens an address.
    pub(crate) fn opens(self, method: &Method, path: &str) -> bool {
        let reads = matches!(*method, Method::GET | Method::HEAD);
        let (api, metrics) = (crate::api::is_api(path), path == crate::metrics::PATH);
        match self {
            Self::Read => api && reads,
            Self::Metrics => metrics && reads,
            Self::Operate => api || metrics && reads,
        }
    }
}

impl std::str::FromStr for Scope {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = [Self::Read, Self::Metrics, Self::Operate].into_iter().find(|one| one.as_str() == text);
        found.ok_or_else(|| format!("{text:?} is no scope: read, metrics or operate"))
    }
}

/// Makes a token; it is answered this once and kept as a hash. None where the label is taken.
///
/// # Errors
/// If the file cannot be used, or there is no randomness.
pub fn create(home: &Home, label: &str, scope: Scope) -> Result<Option<String>, WebError> {
    let _locked = lock(home)?;
    let mut tokens = list(home)?;
    if tokens.iter().any(|token| token.label == label) {
        return Ok(None);
    }
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).map_err(|error| WebError::Randomness(error.to_string()))?;
    let token = format!("{PREFIX}{}", hex::encode(&secret));
    tokens.push(Token { label: label.to_owned(), scope, made_at: now_ms(), hash: hash(&token) });
    keep(home, &tokens)?;
    Ok(Some(token))
}

/// The tokens of a home.
///
/// # Errors
/// If the file cannot be read.
pub fn list(home: &Home) -> Result<Vec<Token>, WebError> {
    let path = file(home);
    match std::fs::read(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(WebError::file(&path)(error)),
        Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| WebError::file(&path)(error.into())),
    }
}

/// Takes a token back, at once; answers whether there was one.
///
/// # Errors
/// If the file cannot be used.
pub fn revoke(home: &Home, label: &str) -> Result<bool, WebError> {
    let _locked = lock(home)?;
    let mut tokens = list(home)?;
    let before = tokens.len();
    tokens.retain(|token| token.label != label);
    if tokens.len() < before {
        keep(home, &tokens)?;
    }
    Ok(tokens.len() < before)
}

/// What a token opens; none where it was never made, or was taken back.
pub(crate) fn scope_of(home: &Home, token: &str) -> Option<Scope> {
    let shown = hash(token);
    list(home).ok()?.into_iter().find(|known| known.hash == shown).map(|known| known.scope)
}

/// What is compared is a hash: how long that takes says nothing of the token.
fn hash(token: &str) -> String {
    blake3::hash(token.as_bytes()).to_hex().to_string()
}

fn file(home: &Home) -> PathBuf {
    directory(home).join("tokens.json")
}

fn keep(home: &Home, tokens: &[Token]) -> Result<(), WebError> {
    write(&file(home), &serde_json::to_string_pretty(tokens).unwrap_or_default())
}

/// Keeps two commands from losing one another's token.
fn lock(home: &Home) -> Result<File, WebError> {
    let dir = directory(home);
    crate::place::make(&dir)?;
    let path = dir.join("tokens.lock");
    let lock = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path);
    let lock = lock.map_err(WebError::file(&path))?;
    lock.lock().map_err(WebError::file(&path))?;
    Ok(lock)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_kept_as_a_hash_and_ends_when_it_is_taken_back() {
        use std::os::unix::fs::PermissionsExt as _;
        let temp = tempfile::tempdir().unwrap();
        let home = Home::at(temp.path()).unwrap();
        assert!(list(&home).unwrap().is_empty());
        let token = create(&home, "prometheus", Scope::Metrics).unwrap().unwrap();
        assert_eq!(create(&home, "prometheus", Scope::Read).unwrap(), None);
        assert_eq!(scope_of(&home, &token), Some(Scope::Metrics));
        assert_eq!(scope_of(&home, &token[..token.len() - 1]), None);
        assert_eq!(scope_of(&home, ""), None);
        let written = std::fs::read_to_string(file(&home)).unwrap();
        assert!(!written.contains(token.trim_start_matches(PREFIX)));
        let mode = std::fs::metadata(file(&home)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(revoke(&home, "prometheus").unwrap() && !revoke(&home, "prometheus").unwrap());
        assert_eq!(scope_of(&home, &token), None);
    }

    #[test]
    fn no_scope_opens_a_page() {
        use Scope::{Metrics, Operate, Read};
        let table = [
            (Method::GET, "/api/v1/hubs", [true, false, true]),
            (Method::HEAD, "/api/v1/hubs", [true, false, true]),
            (Method::POST, "/api/v1/records", [false, false, true]),
            (Method::GET, "/metrics", [false, true, true]),
            (Method::POST, "/metrics", [false, false, false]),
            (Method::GET, "/", [false, false, false]),
            (Method::GET, "/settings", [false, false, false]),
            (Method::GET, "/metrics/x", [false, false, false]),
            (Method::POST, "/motions/rec1x/ballot", [false, false, false]),
        ];
        for (method, path, expected) in table {
            assert_eq!(
                [Read, Metrics, Operate].map(|scope| scope.opens(&method, path)),
                expected,
                "{method} {path}"
            );
        }
    }
}
