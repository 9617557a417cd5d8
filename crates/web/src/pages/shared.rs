//! Pieces that several pages show: links to hubs, tags, bars, questions of motions.

use maud::{Markup, html};

use crate::reader;
use crate::seen::{Hub, Motion, Need, View};
use crate::words::{distance, harmless, peers, plain, short};

/// A hub by its id, as a link; what is known of it where it is none of the registry's.
pub(crate) fn hub_link(view: &View, id: Option<&str>) -> Markup {
    match (id.and_then(|id| view.hub(id)), id) {
        (Some(hub), _) => link_to(hub),
        (None, Some(id)) => html! { code title=(id) { (short(id)) "…" } },
        (None, None) => html! { "a hub that is not known here" },
    }
}

/// A hub by its slug, as a link.
pub(crate) fn seat_link(view: &View, slug: &str) -> Markup {
    view.hub(slug).map_or_else(|| peers(slug), link_to)
}

fn link_to(hub: &Hub) -> Markup {
    html! { a href={ "/hubs/" (hub.key()) } { (peers(&hub.name)) } }
}

/// A dossier, as a link for whoever may read it.
pub(crate) fn dossier(application: &str, words: &Markup) -> Markup {
    html! {
        @if reader::is_stranger() { (words) } @else { a href={ "/applications/" (application) } { (words) } }
    }
}

/// A hub's status with its colour.
pub(crate) fn hub_tag(status: &str) -> Markup {
    let class = match status {
        "co-owner" | "founding" => "tag",
        "suspended" | "expelled" | "lapsed" => "tag r",
        "left" => "tag q",
        _ => "tag w",
    };
    html! { span class=(class) { (plain(status)) } }
}

/// A motion's state with its colour, and whether it is final.
pub(crate) fn state_tag(motion: &Motion) -> Markup {
    let class = match motion.state.as_str() {
        "adopted" => "tag",
        "rejected" | "disputed" => "tag r",
        _ => "tag w",
    };
    html! { span class=(class) { (plain(&motion.state)) @if motion.is_final { ", final" } } }
}

/// What a motion asks, in a sentence.
pub(crate) fn question(view: &View, motion: &Motion) -> Markup {
    let hub = motion.hub.as_deref().and_then(|id| view.hub(id));
    match (hub, &motion.stage, &motion.question) {
        (Some(hub), Some(stage), _) if motion.kind == "advance" => html! {
            "Shall " (peers(&hub.name)) " reach the stage " (peers(view.stage_title(stage))) "?"
        },
        (_, _, Some(question)) => peers(&capitalised(question)),
        _ => html! { "A motion of the kind " (plain(&motion.kind)) },
    }
}

/// What a motion decides, for lists: "Ankara to Initiative".
pub(crate) fn subject(view: &View, motion: &Motion) -> Markup {
    let hub = motion.hub.as_deref().and_then(|id| view.hub(id));
    match (hub, &motion.stage) {
        (Some(hub), Some(stage)) if motion.kind == "advance" => {
            html! { (peers(&hub.name)) " to " (peers(view.stage_title(stage))) }
        }
        _ => question(view, motion),
    }
}

/// "3 yes, 1 no, 1 abstained".
pub(crate) fn count_words(motion: &Motion) -> String {
    let tally = &motion.tally;
    let absent = motion.roll.iter().filter(|seat| seat.choice.is_none()).count();
    let parts = [
        (tally.yes, "yes"),
        (tally.no, "no"),
        (tally.abstain, "abstained"),
        (tally.recuse, "recused"),
        (tally.block, "blocked"),
        (u64::try_from(absent).unwrap_or(u64::MAX), "absent"),
    ];
    let told = parts.iter().filter(|(count, word)| *count > 0 || matches!(*word, "yes" | "no"));
    told.map(|(count, word)| format!("{count} {word}")).collect::<Vec<_>>().join(", ")
}

/// "closes in 18 hours", "waits for tellers", "decided".
pub(crate) fn when_words(motion: &Motion, now_ms: u64) -> String {
    match motion.state.as_str() {
        "open" => format!("closes {}", distance(motion.deadline, now_ms)),
        "closing" => format!("closed {}, tellers count", distance(motion.deadline, now_ms)),
        _ => motion
            .decided_at
            .map_or_else(|| "not decided".to_owned(), |at| format!("decided {}", distance(at, now_ms))),
    }
}

/// How far a need is met, in words.
pub(crate) fn gap(need: Need) -> String {
    match (need.have >= need.need, need.have.abs_diff(need.need)) {
        (true, 0) => "met, with none to spare".to_owned(),
        (true, spare) => format!("met, with {spare} to spare"),
        (false, 1) => "one more needed".to_owned(),
        (false, more) => format!("{more} more needed"),
    }
}

/// A bar: how many of how many, with a mark where it is enough. The words beside it say the same.
pub(crate) fn bar(need: Need, of: u64, label: &str) -> Markup {
    let of = of.max(need.need.min(need.have.saturating_mul(2).max(1))).max(need.have).max(1);
    let at = |count: u64| count.min(of).saturating_mul(1_000) / of;
    html! {
        svg class="bar" viewBox="0 0 1000 14" preserveAspectRatio="none" role="img" aria-label=(label) {
            rect class="have" x="0" y="0" height="14" width=(at(need.have)) {}
            rect class="need" x=(at(need.need).saturating_sub(2)) y="0" height="14" width="4" {}
        }
    }
}

/// A key, cut short, whole for who points at it.
pub(crate) fn key(key: &str) -> Markup {
    html! { code title=(key) { (short(key)) "…" } }
}

/// A sentence of this software in which commands stand between grave accents.
pub(crate) fn sentence(words: &str) -> Markup {
    html! {
        @for (place, part) in words.split('`').enumerate() {
            @if place % 2 == 1 { code { (harmless(part)) } } @else { bdi { (harmless(part)) } }
        }
    }
}

/// With a capital letter, as a sentence begins.
pub(crate) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What to show where there is nothing: a sentence that says what to do.
pub(crate) fn empty(words: &str) -> Markup {
    html! { p class="mute" { (sentence(words)) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gap_is_said() {
        let table = [
            (2, 2, "met, with none to spare"),
            (2, 5, "met, with 3 to spare"),
            (3, 2, "one more needed"),
            (7, 2, "5 more needed"),
        ];
        for (need, have, expected) in table {
            assert_eq!(gap(Need { need, have }), expected);
        }
    }

    #[test]
    fn a_bar_stays_within_itself() {
        for (need, have, of) in [(0, 0, 0), (5, 7, 9), (u64::MAX, 1, 3), (2, 9, 3)] {
            let drawn = bar(Need { need, have }, of, "x").into_string();
            for part in drawn.split("width=\"").skip(1) {
                let width: u64 = part.split('"').next().unwrap().parse().unwrap();
                assert!(width <= 1_000, "{drawn}");
            }
        }
    }
}
