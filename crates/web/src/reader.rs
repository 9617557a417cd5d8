//! Who reads what is made now: the people whom the node's host let in, or anybody at the public listener.
//!
//! It goes with the request and not through every function that draws. Nothing depends on it for keeping a
//! secret: what strangers may not see is not in the picture that their pages are made from (`world.rs`).

use axum::http::{HeaderMap, HeaderValue, header};
use jiff::tz::TimeZone;

use crate::language::{self, Language};

tokio::task_local! {
    static READER: Reader;
}

/// The cookie that keeps which language was chosen in the settings.
pub(crate) const COOKIE: &str = "cohub_language";

/// The cookie that keeps which time zone was chosen in the settings.
pub(crate) const ZONE: &str = "cohub_zone";
/// The cookie in which a page's script keeps the zone that the browser is in.
const BROWSERS_ZONE: &str = "cohub_browser_zone";

/// Whoever reads.
#[derive(Clone)]
pub(crate) struct Reader {
    /// Whether it is anybody, from anywhere.
    pub(crate) stranger: bool,
    /// The language that was chosen in the settings.
    chosen: Option<&'static Language>,
    /// What it reads; English where nothing is known of it.
    pub(crate) language: Option<&'static Language>,
    /// The name of the zone that was chosen in the settings.
    chosen_zone: Option<String>,
    /// Where its clock is; where this machine's is, if nothing is known of it.
    zone: Option<TimeZone>,
}

impl Reader {
    /// Whoever sends a request: by the language and the time zone that were chosen here (cookies), else by what the
    /// browser asks for and says.
    pub(crate) fn of(headers: &HeaderMap, stranger: bool) -> Self {
        let value = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let cookies = value(header::COOKIE).filter(|_| !stranger).unwrap_or_default();
        let cookie = |wanted| {
            let mut pairs = cookies.split(';').filter_map(|cookie| cookie.trim().split_once('='));
            pairs.find(|(name, _)| *name == wanted).map(|(_, value)| value)
        };
        let chosen = cookie(COOKIE).and_then(language::known);
        let language = chosen.or_else(|| language::preferred(value(header::ACCEPT_LANGUAGE)?));
        let chosen_zone = cookie(ZONE).and_then(|name| Some((name.to_owned(), known_zone(name)?)));
        let (chosen_zone, zone) = chosen_zone.unzip();
        let zone = zone.or_else(|| known_zone(cookie(BROWSERS_ZONE)?));
        Self { stranger, chosen, language, chosen_zone, zone }
    }

    /// Somebody of the house who reads a language.
    #[cfg(test)]
    pub(crate) const fn speaking(language: &'static Language) -> Self {
        Self { stranger: false, chosen: None, language: Some(language), chosen_zone: None, zone: None }
    }

    /// The same with a clock so many hours ahead of UTC.
    #[cfg(test)]
    pub(crate) fn hours_ahead(self, hours: i8) -> Self {
        Self { zone: Some(TimeZone::fixed(jiff::tz::offset(hours))), ..self }
    }

    /// Makes something at once for this reader.
    pub(crate) fn made<T>(&self, make: impl FnOnce() -> T) -> T {
        READER.sync_scope(self.clone(), make)
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

/// A time zone by its name; none where this machine knows none of that name.
pub(crate) fn known_zone(name: &str) -> Option<TimeZone> {
    if name == "UTC" { Some(TimeZone::UTC) } else { TimeZone::get(name).ok() }
}

/// The name of the time zone that was chosen in the settings.
pub(crate) fn chosen_zone() -> Option<String> {
    READER.try_with(|reader| reader.chosen_zone.clone()).ok().flatten()
}

/// The time zone of whoever reads; this machine's where nothing is known of it, and UTC where that says none.
pub(crate) fn zone() -> TimeZone {
    let known = READER.try_with(|reader| reader.zone.clone()).ok().flatten();
    known.unwrap_or_else(|| TimeZone::try_system().unwrap_or(TimeZone::UTC))
}

/// Whether what is made now is for strangers.
pub(crate) fn is_stranger() -> bool {
    READER.try_with(|reader| reader.stranger).unwrap_or_default()
}
