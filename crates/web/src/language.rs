//! What the pages say, in the language of whoever reads: messages by name, one file a language in `lang`.
//!
//! English has every message. Where another language lacks one, or a message cannot be made, English stands in.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{LazyLock, PoisonError, RwLock};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use maud::{Markup, PreEscaped, Render as _, html};

use crate::reader;
use crate::words::number;

#[cfg(test)]
pub(crate) mod tests;

/// Each file of `lang`: the language's tag, and what the file holds.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/languages.rs"));
/// The language that has everything.
pub(crate) const ENGLISH: &str = "en";
/// Around the place of an argument in a message: no letters of any language.
const OPENS: char = '\u{e000}';
const CLOSES: char = '\u{e001}';

/// One language.
pub(crate) struct Language {
    /// As in `tr`.
    pub(crate) tag: &'static str,
    bundle: FluentBundle<FluentResource>,
    /// What was said before: lists say the same words in every line, and making them costs more than all else.
    said: RwLock<HashMap<Words, String>>,
}

/// A message, and what it speaks of in a few letters.
type Words = (&'static str, Vec<(&'static str, String)>);

/// Sayings that are kept at the most, before they are made anew.
const KEPT: usize = 4_096;
/// Letters of what a saying speaks of, so that peers' texts are not kept.
const KEPT_LETTERS: usize = 40;

/// Something that a message speaks of.
pub(crate) enum Argument {
    /// A count; a message may say it otherwise for one than for many.
    Count(u64),
    /// A word by which a message chooses, or that it says.
    Word(String),
    /// A piece of a page.
    Piece(Markup),
}

static LANGUAGES: LazyLock<Vec<Language>> = LazyLock::new(|| {
    let read = |(tag, text): &(&'static str, &'static str)| Language::read(tag, text, None);
    FILES.iter().map(read).collect()
});

impl Language {
    /// Of a file, with every text changed where that is wanted. What cannot be read of it is left out.
    fn read(tag: &'static str, text: &str, change: Option<fn(&str) -> Cow<'_, str>>) -> Self {
        let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(read, _)| read);
        let mut bundle = FluentBundle::new_concurrent(tag.parse().ok().into_iter().collect());
        // What comes from peers is isolated by the markup around it.
        bundle.set_use_isolating(false);
        bundle.set_transform(change);
        bundle.set_formatter(Some(|value, _| match value {
            FluentValue::Number(count) => Some(number(count.as_string().parse::<u64>().ok()?)),
            _ => None,
        }));
        bundle.add_resource_overriding(resource);
        Self { tag, bundle, said: RwLock::default() }
    }

    /// A message; none where this language does not have it or it cannot be made.
    fn format(&self, name: &str, arguments: &FluentArgs<'_>) -> Option<String> {
        let pattern = self.bundle.get_message(name)?.value()?;
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(arguments), &mut errors).into_owned();
        errors.is_empty().then_some(text)
    }

    /// What it is called in itself.
    pub(crate) fn own_name(&self) -> String {
        self.format("language-name", &FluentArgs::new()).unwrap_or_else(|| self.tag.to_owned())
    }

    /// Whether it has all that the pages say, so that a browser that asks for it gets it.
    pub(crate) fn is_complete(&self) -> bool {
        self.format("language-complete", &FluentArgs::new()).as_deref() == Some("yes")
    }

    /// `ltr`, or `rtl` for a language that is read from the right.
    pub(crate) fn direction(&self) -> String {
        self.format("language-direction", &FluentArgs::new()).unwrap_or_else(|| "ltr".to_owned())
    }
}

/// Every language, English among them.
pub(crate) fn all() -> &'static [Language] {
    &LANGUAGES
}

/// The language with a tag.
pub(crate) fn known(tag: &str) -> Option<&'static Language> {
    all().iter().find(|language| language.tag == tag)
}

/// The language of whoever reads.
pub(crate) fn current() -> &'static Language {
    static NONE: LazyLock<Language> = LazyLock::new(|| Language::read(ENGLISH, "", None));
    reader::language().or_else(|| known(ENGLISH)).unwrap_or(&NONE)
}

/// The best of those languages that are complete for what a browser says that its person reads
/// (RFC 9110, Accept-Language).
pub(crate) fn preferred(accepted: &str) -> Option<&'static Language> {
    let weighed = accepted.split(',').filter_map(|one| {
        let mut parts = one.split(';').map(str::trim);
        let range = parts.next()?.to_ascii_lowercase();
        let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(Some(1_000), thousandths)?;
        let tag = range.split('-').next()?.to_owned();
        let language = known(&tag).filter(|language| language.is_complete())?;
        (weight > 0).then_some((weight, language))
    });
    // Of equal ones the first.
    weighed.reduce(|best, one| if one.0 > best.0 { one } else { best }).map(|(_, language)| language)
}

/// A weight of up to three decimals, in thousandths.
fn thousandths(weight: &str) -> Option<u16> {
    let (whole, part) = weight.split_once('.').unwrap_or((weight, ""));
    let part = format!("{part:0<3}");
    let value = whole.parse::<u16>().ok()?.checked_mul(1_000)?.checked_add(part.parse().ok()?)?;
    (value <= 1_000 && part.len() == 3).then_some(value)
}

/// A message as a piece of a page: commands in it stand between grave accents.
pub(crate) fn piece(name: &'static str, arguments: &[(&'static str, Argument)]) -> Markup {
    let pieces: Vec<&Markup> = arguments.iter().filter_map(|(_, one)| one.piece()).collect();
    let text = told(name, arguments);
    html! {
        @for (place, part) in text.split('`').enumerate() {
            @if place % 2 == 1 { code { (with(part, &pieces)) } } @else { (with(part, &pieces)) }
        }
    }
}

/// A message as a text, for a label or a title.
pub(crate) fn text(name: &'static str, arguments: &[(&'static str, Argument)]) -> String {
    told(name, arguments)
}

/// Puts the pieces at their places.
fn with(part: &str, pieces: &[&Markup]) -> Markup {
    let mut whole = String::new();
    for (at, section) in part.split(OPENS).enumerate() {
        let Some((place, rest)) = section.split_once(CLOSES).filter(|_| at > 0) else {
            section.render_to(&mut whole);
            continue;
        };
        if let Some(piece) = place.parse::<usize>().ok().and_then(|place| pieces.get(place)) {
            whole.push_str(&piece.0);
        }
        rest.render_to(&mut whole);
    }
    PreEscaped(whole)
}

fn told(name: &'static str, arguments: &[(&'static str, Argument)]) -> String {
    let language = current();
    let words = words_of(name, arguments);
    if let Some(words) = &words {
        let said = language.said.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(text) = said.get(words) {
            return text.clone();
        }
    }
    let text = made(language, name, arguments);
    if let Some(words) = words {
        let mut said = language.said.write().unwrap_or_else(PoisonError::into_inner);
        if said.len() >= KEPT {
            said.clear();
        }
        said.insert(words, text.clone());
    }
    text
}

/// What a message is kept by; none where it speaks of more than a few letters.
fn words_of(name: &'static str, arguments: &[(&'static str, Argument)]) -> Option<Words> {
    let mut pieces = 0_usize;
    let word = |(argument, value): &(&'static str, Argument)| {
        let text = match value {
            Argument::Count(count) => format!("#{count}"),
            Argument::Word(word) if word.len() <= KEPT_LETTERS => format!("={word}"),
            Argument::Word(_) => return None,
            // Its place in the message is what is kept, not the piece.
            Argument::Piece(_) => {
                pieces += 1;
                format!("@{pieces}")
            }
        };
        Some((*argument, text))
    };
    Some((name, arguments.iter().map(word).collect::<Option<_>>()?))
}

fn made(language: &Language, name: &'static str, arguments: &[(&'static str, Argument)]) -> String {
    let mut values = FluentArgs::new();
    let mut pieces = 0_usize;
    for (argument, value) in arguments {
        match value {
            Argument::Count(count) => values.set(*argument, FluentValue::from(*count)),
            Argument::Word(word) => values.set(*argument, FluentValue::from(word.as_str())),
            Argument::Piece(_) => {
                values.set(*argument, FluentValue::from(format!("{OPENS}{pieces}{CLOSES}")));
                pieces += 1;
            }
        }
    }
    let english = || known(ENGLISH).and_then(|english| english.format(name, &values));
    language.format(name, &values).or_else(english).unwrap_or_else(|| name.to_owned())
}

impl Argument {
    const fn piece(&self) -> Option<&Markup> {
        match self {
            Self::Piece(piece) => Some(piece),
            Self::Count(_) | Self::Word(_) => None,
        }
    }
}

macro_rules! counts {
    ($($kind:ty),*) => {$(
        impl From<$kind> for Argument {
            fn from(count: $kind) -> Self {
                Self::Count(count.try_into().unwrap_or(u64::MAX))
            }
        }
    )*};
}
counts!(u16, u32, u64, usize);

impl From<&str> for Argument {
    fn from(word: &str) -> Self {
        Self::Word(word.to_owned())
    }
}

impl From<String> for Argument {
    fn from(word: String) -> Self {
        Self::Word(word)
    }
}

impl From<Markup> for Argument {
    fn from(piece: Markup) -> Self {
        Self::Piece(piece)
    }
}

/// A message as a piece of a page: `t!("name")`, `t!("name", hub = peers(name), count = 3_usize)`.
macro_rules! t {
    ($name:literal $(, $argument:ident = $value:expr)* $(,)?) => {
        $crate::language::piece($name, &[$((stringify!($argument), $crate::language::Argument::from($value))),*])
    };
}
pub(crate) use t;

/// A message as a text: `said!("name")`.
macro_rules! said {
    ($name:literal $(, $argument:ident = $value:expr)* $(,)?) => {
        $crate::language::text($name, &[$((stringify!($argument), $crate::language::Argument::from($value))),*])
    };
}
pub(crate) use said;
