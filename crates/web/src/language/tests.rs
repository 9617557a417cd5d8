//! That every language says everything and speaks of the same things, and that the pages ask for nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use axum::http::HeaderMap;

use super::*;
use crate::reader::Reader;
use crate::words;

/// English in letters that no page has of its own: whatever is not of these letters is no message.
static PSEUDO: LazyLock<Language> = LazyLock::new(|| pseudo("ltr", |at| 0xff41 + at));
/// The same in letters that are read from the right.
static PSEUDO_FROM_THE_RIGHT: LazyLock<Language> = LazyLock::new(|| pseudo("rtl", |at| 0x05d0 + at % 27));

/// What tests read who look for texts that are no message.
pub(crate) fn unheard_of(from_the_right: bool) -> &'static Language {
    if from_the_right { &PSEUDO_FROM_THE_RIGHT } else { &PSEUDO }
}

fn pseudo(direction: &'static str, letter: fn(u32) -> u32) -> Language {
    let english = FILES.iter().find(|(tag, _)| *tag == ENGLISH).unwrap().1;
    let change = if letter(0) == 0xff41 { wide } else { hebrew };
    let text = english.replace("language-direction = ltr", "");
    let mut language = Language::read("qps", &text, Some(change));
    let direction = FluentResource::try_new(format!("language-direction = {{ \"{direction}\" }}\n")).unwrap();
    language.bundle.add_resource_overriding(direction);
    language
}

fn wide(text: &str) -> Cow<'_, str> {
    changed(text, |at| 0xff41 + at)
}

fn hebrew(text: &str) -> Cow<'_, str> {
    changed(text, |at| 0x05d0 + at % 27)
}

fn changed(text: &str, letter: fn(u32) -> u32) -> Cow<'_, str> {
    let other = |known: char| match known.to_ascii_lowercase() {
        small @ 'a'..='z' => char::from_u32(letter(u32::from(small) - u32::from('a'))).unwrap_or(known),
        _ => known,
    };
    text.chars().map(other).collect::<String>().into()
}

/// The messages of a file, each with what it speaks of.
fn messages(text: &str) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut found: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut current = "";
    for line in text.lines() {
        if let Some((name, _)) = line.split_once(" = ").filter(|(name, _)| is_name(name)) {
            current = name;
            assert!(found.insert(name, BTreeSet::new()).is_none(), "{name} stands twice");
        }
        let spoken_of = line.split('$').skip(1).filter_map(|rest| rest.split([' ', '}']).next());
        if let Some(message) = found.get_mut(current) {
            message.extend(spoken_of);
        }
    }
    found
}

fn is_name(text: &str) -> bool {
    text.starts_with(|letter: char| letter.is_ascii_lowercase())
        && text.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-')
}

#[test]
fn every_language_has_every_message_and_speaks_of_the_same_things() {
    let english = messages(FILES.iter().find(|(tag, _)| *tag == ENGLISH).unwrap().1);
    assert!(FILES.len() >= 2 && english.len() > 150, "{} messages", english.len());
    for (tag, text) in FILES {
        assert!(FluentResource::try_new((*text).to_owned()).is_ok(), "{tag} cannot be read");
        let own = messages(text);
        for (name, spoken_of) in &english {
            assert_eq!(own.get(name), Some(spoken_of), "{name} in {tag}");
        }
        for name in own.keys() {
            assert!(english.contains_key(name), "{name} is a message of {tag} only");
        }
    }
}

#[test]
fn the_pages_ask_for_messages_that_there_are_and_for_every_one() {
    let english = messages(FILES.iter().find(|(tag, _)| *tag == ENGLISH).unwrap().1);
    let mut sources = String::new();
    read_below(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut sources);
    for asks in ["t!(\"", "said!(\""] {
        for (at, _) in sources.match_indices(asks) {
            let name = sources[at + asks.len()..].split('"').next().unwrap();
            // `format!("` ends so too.
            let within = sources[..at].ends_with(|letter: char| letter.is_alphanumeric() || letter == '_');
            assert!(within || name == "name" || english.contains_key(name), "{name} is asked for");
        }
    }
    for name in english.keys() {
        assert!(sources.contains(&format!("\"{name}\"")), "nothing asks for {name}");
    }
}

fn read_below(dir: &Path, into: &mut String) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_below(&path, into);
        } else if !path.ends_with("tests.rs") {
            into.push_str(&std::fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn a_browser_gets_what_it_asks_for_of_what_is_complete() {
    let tag = |accepted: &str| preferred(accepted).map(|language| language.tag);
    for language in all() {
        let expected = language.is_complete().then_some(language.tag);
        assert_eq!(tag(&format!("{}-ZZ;q=0.5", language.tag)), expected);
    }
    let table = [
        ("en-GB,en;q=0.9", Some("en")),
        ("xx, en;q=0.1", Some("en")),
        ("xx", None),
        ("*", None),
        ("", None),
        ("en;q=0", None),
        ("en;q=0.000", None),
        ("en;q=2", None),
        ("en;q=much", None),
        (";;,,=", None),
    ];
    for (accepted, expected) in table {
        assert_eq!(tag(accepted), expected, "{accepted}");
    }
}

#[test]
fn who_chose_a_language_gets_it_whatever_the_browser_asks_for() {
    let mut headers = HeaderMap::new();
    headers.insert("accept-language", "en".parse().unwrap());
    let now = |stranger| Reader::of(&headers, stranger).made(|| current().tag);
    assert_eq!(now(false), "en");
    let mut headers = headers.clone();
    headers.insert("cookie", "other=1; cohub_language=tr".parse().unwrap());
    let now = |stranger| Reader::of(&headers, stranger).made(|| current().tag);
    assert_eq!(now(false), "tr");
    assert_eq!(now(true), "en", "strangers have no cookie");
}

#[test]
fn a_chosen_time_zone_goes_before_the_browsers_and_one_that_is_none_before_nothing() {
    let zone = |cookie: &str, stranger| {
        let mut headers = HeaderMap::new();
        headers.insert("cookie", cookie.parse().unwrap());
        Reader::of(&headers, stranger).made(|| (crate::reader::chosen_zone(), crate::reader::zone()))
    };
    let utc = jiff::tz::TimeZone::UTC;
    assert_eq!(zone("a=b; cohub_zone=UTC", false), (Some("UTC".to_owned()), utc.clone()));
    assert_eq!(zone("cohub_browser_zone=UTC; cohub_zone=Nowhere/Else", false), (None, utc.clone()));
    assert_eq!(zone("cohub_browser_zone=UTC", false), (None, utc));
    assert_eq!(zone("cohub_zone=UTC", true).0, None, "strangers have no cookie");
    for name in ["", "../../etc/passwd", "/etc/localtime", "Ω", "posix/../UTC"] {
        assert!(crate::reader::known_zone(name).is_none(), "{name}");
    }
}

#[test]
fn turkish_says_dates_counts_and_pieces_in_its_own_order() {
    let turkish = Reader::speaking(known("tr").unwrap());
    let hour = 3_600_000;
    assert_eq!(turkish.made(|| words::distance(50 * hour, 0)), "2 gün 2 saat sonra");
    assert_eq!(turkish.made(|| words::distance(0, 61_500)), "1 dakika 1 saniye önce");
    let day = turkish.made(|| words::day(1_795_478_400_000 + 12 * hour)).into_string();
    assert!(day.contains("24 Kas 2026") && day.contains("12:00:00 UTC"), "{day}");
    let reached =
        || piece("to-a-stage", &[("hub", words::peers("<b>").into()), ("stage", words::peers("x").into())]);
    assert_eq!(turkish.made(reached).into_string(), "<bdi>&lt;b&gt;</bdi>: <bdi>x</bdi> aşamasına");
    assert_eq!(reached().into_string(), "<bdi>&lt;b&gt;</bdi> to <bdi>x</bdi>");
    assert_eq!(t!("hubs", count = 1_usize).into_string(), "1 hub");
    assert_eq!(t!("hubs", count = 4_218_usize).into_string(), "4\u{202f}218 hubs");
    assert_eq!(t!("frame-down-start").into_string(), "Start it again with <code>cohub up</code>.");
}

#[test]
fn what_was_said_before_is_said_again_and_of_others_otherwise() {
    let long = "w".repeat(KEPT_LETTERS + 1);
    for _ in 0..2 {
        for (count, expected) in [(1_usize, "1 hub"), (2, "2 hubs")] {
            assert_eq!(said!("hubs", count = count), expected);
        }
        assert_eq!(said!("status", status = "other", stage = long.as_str()), long);
        let reached = |hub: &str| t!("to-a-stage", hub = words::peers(hub), stage = words::peers("x"));
        assert_eq!(reached("a").into_string(), "<bdi>a</bdi> to <bdi>x</bdi>");
        assert_eq!(reached("b").into_string(), "<bdi>b</bdi> to <bdi>x</bdi>");
    }
    for count in 0..2 * KEPT {
        said!("hubs", count = count);
    }
    assert!(current().said.read().unwrap().len() <= KEPT);
}
