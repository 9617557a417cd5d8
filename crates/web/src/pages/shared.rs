//! Pieces that several pages show: links to hubs, tags, bars, questions of motions.

use maud::{Markup, html};

use crate::language::{said, t};
use crate::reader;
use crate::seen::{Hub, Motion, Need, View};
use crate::words::{distance, harmless, peers, plain, short};

/// Letters of a text that a question shows.
const QUESTION_LETTERS: usize = 160;

/// A hub by its id, as a link; what is known of it where it is none of the registry's.
pub(crate) fn hub_link(view: &View, id: Option<&str>) -> Markup {
    match (id.and_then(|id| view.hub(id)), id) {
        (Some(hub), _) => link_to(hub),
        (None, Some(id)) => html! { code title=(id) { (short(id)) "…" } },
        (None, None) => t!("hub-unknown"),
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
pub(crate) fn hub_tag(view: &View, status: &str) -> Markup {
    let class = match status {
        "co-owner" | "founding" => "tag",
        "suspended" | "expelled" | "lapsed" => "tag r",
        "left" => "tag q",
        _ => "tag w",
    };
    html! { span class=(class) { (status_words(view, status)) } }
}

/// A hub's status in words; a stage by its title.
pub(crate) fn status_words(view: &View, status: &str) -> String {
    said!("status", status = status, stage = plain(view.stage_title(status)))
}

/// A motion's state with its colour, and whether it is final.
pub(crate) fn state_tag(motion: &Motion) -> Markup {
    let class = match motion.state.as_str() {
        "adopted" => "tag",
        "rejected" | "disputed" => "tag r",
        _ => "tag w",
    };
    let state = said!("state", state = plain(&motion.state));
    html! { span class=(class) { @if motion.is_final { (t!("state-final", state = state)) } @else { (state) } } }
}

/// What a motion asks, in a sentence.
pub(crate) fn question(view: &View, motion: &Motion) -> Markup {
    let hub = motion.hub.as_deref().and_then(|id| view.hub(id));
    if let Some(asked) = asked(hub, motion) {
        return asked;
    }
    match (hub, &motion.stage, &motion.question) {
        (Some(hub), Some(stage), _) if motion.kind == "advance" => {
            t!("shall-it-reach", hub = peers(&hub.name), stage = peers(view.stage_title(stage)))
        }
        (_, _, Some(question)) => peers(&capitalised(question)),
        _ => t!("a-motion-of-the-kind", kind = plain(&motion.kind)),
    }
}

/// What a motion asks that is about no stage, in the reader's words; none where only the node can say it.
fn asked(hub: Option<&Hub>, motion: &Motion) -> Option<Markup> {
    let effect = &motion.effect;
    let beginning = |text: &str| {
        let shown: String = text.chars().take(QUESTION_LETTERS).collect();
        let more = if shown.len() < text.len() { "…" } else { "" };
        peers(&format!("{shown}{more}"))
    };
    match (motion.kind.as_str(), &effect.text, &effect.change, hub) {
        // What a resolution erases the node says with its records.
        ("resolve", Some(text), ..) if motion.evidence.is_empty() => {
            Some(t!("question-resolve", text = beginning(text)))
        }
        ("amend", Some(text), ..) => Some(t!("question-manifesto", text = beginning(text))),
        ("standing", _, Some(change), Some(hub)) => {
            Some(t!("question-standing", hub = peers(&hub.name), change = plain(change)))
        }
        ("amend", ..) => Some(t!("question-amend", title = peers(effect.charter.as_ref()?.title.as_str()))),
        _ => None,
    }
}

/// What a motion decides, for lists: "Ankara to Initiative".
pub(crate) fn subject(view: &View, motion: &Motion) -> Markup {
    let hub = motion.hub.as_deref().and_then(|id| view.hub(id));
    match (hub, &motion.stage) {
        (Some(hub), Some(stage)) if motion.kind == "advance" => {
            t!("to-a-stage", hub = peers(&hub.name), stage = peers(view.stage_title(stage)))
        }
        _ => question(view, motion),
    }
}

/// "3 yes, 1 no, 1 abstained".
pub(crate) fn count_words(motion: &Motion) -> String {
    let tally = &motion.tally;
    let absent = motion.roll.iter().filter(|seat| seat.choice.is_none()).count();
    let parts = [
        (true, said!("votes-yes", count = tally.yes)),
        (true, said!("votes-no", count = tally.no)),
        (tally.abstain > 0, said!("votes-abstain", count = tally.abstain)),
        (tally.recuse > 0, said!("votes-recuse", count = tally.recuse)),
        (tally.block > 0, said!("votes-block", count = tally.block)),
        (absent > 0, said!("votes-absent", count = absent)),
    ];
    parts.into_iter().filter(|(told, _)| *told).map(|(_, words)| words).collect::<Vec<_>>().join(", ")
}

/// "closes in 18 hours", "waits for tellers", "decided".
pub(crate) fn when_words(motion: &Motion, now_ms: u64) -> String {
    match motion.state.as_str() {
        "open" => said!("closes", when = distance(motion.deadline, now_ms)),
        "closing" => said!("closed-tellers-count", when = distance(motion.deadline, now_ms)),
        _ => motion
            .decided_at
            .map_or_else(|| said!("not-decided"), |at| said!("decided", when = distance(at, now_ms))),
    }
}

/// How far a need is met, in words.
pub(crate) fn gap(need: Need) -> String {
    match (need.have >= need.need, need.have.abs_diff(need.need)) {
        (true, 0) => said!("met-none-to-spare"),
        (true, spare) => said!("met-to-spare", count = spare),
        (false, more) => said!("more-needed", count = more),
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
pub(crate) fn empty(words: &Markup) -> Markup {
    html! { p class="mute" { (words) } }
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
