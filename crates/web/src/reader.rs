//! Who reads what is made now: the people whom the node's host let in, or anybody at the public listener.
//!
//! It goes with the request and not through every function that draws. Nothing depends on it for keeping a
//! secret: what strangers may not see is not in the picture that their pages are made from (`world.rs`).

use axum::http::{HeaderMap, HeaderValue, header};

use crate::language::{self, Language};

tokio::task_local! {
    static READER: Reader;
}

/// The cookie that keeps which language was chosen in the settings.
pub(crate) const COOKIE: &str = "cohub_language";

/// Whoever reads.
#[derive(Clone, Copy)]
pub(crate) struct Reader {
    /// Whether it is anybody, from anywhere.
    pub(crate) stranger: bool,
    /// The language that was chosen in the settings.
    chosen: Option<&'static Language>,
    /// What it reads; English where nothing is known of it.
    pub(crate) language: Option<&'static Language>,
}

impl Reader {
    /// Whoever sends a request: by the language that was chosen here (a cookie), else by what the browser asks for.
    pub(crate) fn of(headers: &HeaderMap, stranger: bool) -> Self {
        let value = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let cookies = value(header::COOKIE).unwrap_or_default().split(';');
        let mut pairs = cookies.filter_map(|cookie| cookie.trim().split_once('='));
        let chosen = pairs.find(|(name, _)| *name == COOKIE && !stranger);
        let chosen = chosen.and_then(|(_, tag)| language::known(tag));
        let language = chosen.or_else(|| language::preferred(value(header::ACCEPT_LANGUAGE)?));
        Self { stranger, chosen, language }
    }

    /// Somebody of the house who reads a language.
    #[cfg(test)]
    pub(crate) const fn speaking(language: &'static Language) -> Self {
        Self { stranger: false, chosen: None, language: Some(language) }
    }

    /// Makes something at once for this reader.
    pub(crate) fn made<T>(self, make: impl FnOnce() -> T) -> T {
        READER.sync_scope(self, make)
    }

    /// Makes an answer for this reader.
    pub(crate) async fn answered<T>(self, answer: impl Future<Output = T>) -> T {
        READER.scope(self, answer).await
    }
}

/// The tag of the language that was chosen in the settings.
pub(crate) fn chosen() -> Option<&'static str> {
    READER.try_with(|reader| reader.chosen).ok().flatten().map(|language| language.tag)
}

/// The language of whoever reads.
pub(crate) fn language() -> Option<&'static Language> {
    READER.try_with(|reader| reader.language).ok().flatten()
}

/// Whether what is made now is for strangers.
pub(crate) fn is_stranger() -> bool {
    READER.try_with(|reader| reader.stranger).unwrap_or_default()
}
