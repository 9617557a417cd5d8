//! What another version of the charter changes: clause by clause, the old beside the new.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, RawPathParams, State};
use axum::response::Response;
use axum::routing::get;
use cohub_node::api::{Call, RecordView};
use cohub_node::hex;
use cohub_record::{Field as _, Record};
use cohub_registry::Founding;
use maud::{Markup, html};

use super::charter::{conflicts, stage_words};
use super::rules::rule_words;
use super::shared::{empty, question};
use super::{Scene, Shown};
use crate::api::problem::Problem;
use crate::language::{said, t};
use crate::seen::{CharterText, Motion, View};
use crate::server::Web;
use crate::words::{day, exactly, peers, plain, record_link};

/// One clause of a charter: what it is about, and what it says.
struct Clause {
    key: String,
    title: Markup,
    words: Markup,
}

/// A clause that is not the same in two versions.
struct Change {
    title: Markup,
    old: Option<Markup>,
    new: Option<Markup>,
}

/// A version of the charter: its number, the record that holds it, and since when it stands.
struct Version {
    number: u32,
    record: String,
    since: Option<u64>,
}

pub(super) fn routes() -> Router<Arc<Web>> {
    Router::new().route("/charter/changes", get(page))
}

/// Any two versions beside each other: the last two, where the address names none.
async fn page(
    State(web): State<Arc<Web>>,
    path: RawPathParams,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    let scene = match Scene::set(web, &path, query).await {
        Ok(scene) => scene,
        Err(response) => return *response,
    };
    let versions = versions(scene.view());
    let wanted = |name: &str, usual: usize| {
        let usual = versions.get(usual).map(|version| version.record.as_str());
        scene.asked(name).or(usual).unwrap_or_default().to_owned()
    };
    let (from, to) = (wanted("from", 1), wanted("to", 0));
    let texts = async {
        let unknown = |id: &str| Problem::not_found(said!("changes-nowhere", name = format!("{id:?}")));
        let old = text_of(&scene, &from).await.ok_or_else(|| unknown(&from))?;
        let new = text_of(&scene, &to).await.ok_or_else(|| unknown(&to))?;
        Ok::<_, Problem>((old, new))
    };
    let shown = if versions.len() < 2 && scene.asked("from").is_none() {
        Ok(shown(&html! { (empty(&t!("changes-only-one"))) }))
    } else {
        texts.await.map(|(old, new)| shown(&compared(&scene, &versions, (&from, &old), (&to, &new))))
    };
    scene.show(shown)
}

fn shown(part: &Markup) -> Shown {
    let body = html! {
        p class="crumbs" { a href="/charter" { (t!("place-charter")) } " /" }
        h1 { (t!("changes-title")) }
        p class="lead" { (t!("changes-lead")) }
        section class="card" { (part) }
    };
    Shown { place: "/charter", title: said!("changes-title"), body }
}

fn compared(
    scene: &Scene,
    versions: &[Version],
    (from, old): (&str, &CharterText),
    (to, new): (&str, &CharterText),
) -> Markup {
    let view = scene.view();
    let proposed =
        view.motions.iter().filter(|motion| motion.is_undecided() && motion.effect.charter.is_some());
    let mut choices: Vec<(&str, String)> =
        versions.iter().map(|version| (version.record.as_str(), number(version))).collect();
    choices.extend(
        proposed.map(|motion| (motion.id.as_str(), said!("changes-proposed", title = title_of(motion)))),
    );
    let name = |record: &str| {
        let known = choices.iter().find(|(known, _)| *known == record);
        known.map_or_else(|| record_link(record), |(_, words)| html! { (words) })
    };
    let choice = |field: &str, label: Markup, chosen: &str| {
        html! {
            label { (label)
                select name=(field) { @for (record, words) in &choices { option value=(record) selected[*record == chosen] { (words) } } }
            }
        }
    };
    html! {
        form class="filter" method="get" action="/charter/changes" {
            (choice("from", t!("changes-from"), from))
            (choice("to", t!("changes-to"), to))
            button class="q" { (t!("show")) }
        }
        (table(old, new, &name(from), &name(to)))
    }
}

fn title_of(motion: &Motion) -> String {
    motion.effect.charter.as_ref().map(|charter| plain(&charter.title)).unwrap_or_default()
}

fn number(version: &Version) -> String {
    said!("changes-version", version = version.number)
}

/// The versions that are or were in force, the last one first.
fn versions(view: &View) -> Vec<Version> {
    let mut versions: Vec<Version> = Vec::new();
    let (mut record, mut number) = (view.charter.record.as_str(), view.charter.version);
    while number > 0 {
        let motion = view.motion(record).filter(|motion| motion.effect.charter.is_some());
        let since = motion.and_then(|motion| motion.decided_at);
        versions.push(Version { number, record: record.to_owned(), since });
        let Some(motion) = motion else { break };
        (record, number) = (motion.charter.as_str(), number.saturating_sub(1));
    }
    versions
}

/// The versions, for the charter's page; nothing where there was never another.
pub(super) fn history(view: &View, reads_changes: bool) -> Markup {
    let versions = versions(view);
    html! {
        @if versions.len() > 1 {
            section class="card" {
                h2 { (t!("changes-versions")) }
                ul class="plain" {
                    @for version in &versions {
                        li {
                            strong { (number(version)) } " "
                            @match (version.since, view.motion(&version.record)) {
                                (Some(since), Some(motion)) => { (t!("changes-since", day = day(since))) " " a href={ "/motions/" (motion.id) } { (question(view, motion)) } }
                                _ => (t!("people-founding")),
                            }
                        }
                    }
                }
                @if reads_changes { p { a class="btn q" href="/charter/changes" { (t!("changes-title")) } } }
            }
        }
    }
}

/// A charter that the picture itself has.
fn known<'a>(view: &'a View, record: &str) -> Option<&'a CharterText> {
    if view.charter.record == record {
        return Some(&view.charter.text);
    }
    view.motion(record)?.effect.charter.as_deref()
}

/// The charter that a record holds; the founding record is asked of the node once another is in force.
async fn text_of(scene: &Scene, record: &str) -> Option<CharterText> {
    if let Some(known) = known(scene.view(), record) {
        return Some(known.clone());
    }
    let id = record.parse().ok()?;
    let view: RecordView = scene.web.node.call(&Call::Record { id }).await.ok()?;
    let record = Record::verify(&hex::decode(&view.raw)?).ok()?;
    let founding = Founding::from_value(&record.header().body).ok()?;
    serde_json::from_value(serde_json::to_value(&founding.charter).ok()?).ok()
}

/// What an amendment changes, for its motion's page: against the charter that it runs under.
pub(super) async fn of_an_amendment(scene: &Scene, motion: &Motion) -> Option<Markup> {
    let new = motion.effect.charter.as_deref()?;
    let old = text_of(scene, &motion.charter).await?;
    Some(card(&old, new))
}

/// The same from the picture alone, for whoever cannot ask the node.
pub(super) fn of_a_known_amendment(view: &View, motion: &Motion) -> Option<Markup> {
    Some(card(known(view, &motion.charter)?, motion.effect.charter.as_deref()?))
}

fn card(old: &CharterText, new: &CharterText) -> Markup {
    html! {
        section id="charter" class="card" {
            h2 { (t!("changes-of-the-motion")) }
            (table(old, new, &t!("changes-old"), &t!("changes-new")))
        }
    }
}

fn table(old: &CharterText, new: &CharterText, from: &Markup, to: &Markup) -> Markup {
    let (changes, same) = changes(old, new);
    html! {
        @if changes.is_empty() { (empty(&t!("changes-none"))) }
        @else {
            table class="stack" {
                thead { tr { th { (t!("changes-clause")) } th { (from) } th { (to) } } }
                tbody {
                    @for change in &changes {
                        tr {
                            td data-label=(said!("changes-clause")) {
                                span {
                                    (change.title) " "
                                    @match (&change.old, &change.new) {
                                        (None, _) => span class="tag" { (t!("changes-added")) },
                                        (_, None) => span class="tag r" { (t!("changes-removed")) },
                                        _ => span class="tag w" { (t!("changes-changed")) },
                                    }
                                }
                            }
                            td data-label=(said!("changes-old")) { div { (change.old.as_ref().unwrap_or(&t!("changes-not-there"))) } }
                            td data-label=(said!("changes-new")) { div { (change.new.as_ref().unwrap_or(&t!("changes-not-there"))) } }
                        }
                    }
                }
            }
            p class="mute small" { (t!("changes-same", count = same)) }
        }
    }
}

/// What is not the same, in the new one's order with what is gone at the end, and how many clauses are.
fn changes(old: &CharterText, new: &CharterText) -> (Vec<Change>, usize) {
    let (before, after) = (clauses(old), clauses(new));
    let find = |list: &[Clause], key: &str| {
        list.iter().find(|clause| clause.key == key).map(|clause| clause.words.clone())
    };
    let mut changes = Vec::new();
    for clause in &after {
        let old = find(&before, &clause.key);
        if old.as_ref().is_none_or(|old| old.0 != clause.words.0) {
            changes.push(Change { title: clause.title.clone(), old, new: Some(clause.words.clone()) });
        }
    }
    let same = after.len() - changes.len();
    for clause in before.iter().filter(|clause| find(&after, &clause.key).is_none()) {
        changes.push(Change { title: clause.title.clone(), old: Some(clause.words.clone()), new: None });
    }
    (changes, same)
}

/// A charter, clause by clause: all that it says, each thing once.
fn clauses(charter: &CharterText) -> Vec<Clause> {
    let clause = |key: &str, title: Markup, words: Markup| Clause { key: key.to_owned(), title, words };
    let timing = charter.timing;
    let mut clauses = vec![
        clause("title", t!("name"), peers(&charter.title)),
        clause("notice", t!("charter-notice"), t!("charter-at-least", time = exactly(timing.notice_ms))),
        clause("longest", t!("charter-longest"), html! { (exactly(timing.maximum_ms)) }),
        clause("grace", t!("charter-grace"), t!("charter-grace-for", time = exactly(timing.grace_ms))),
        clause(
            "newcomers",
            t!("charter-newcomers"),
            html! { (t!("charter-sponsors", count = charter.sponsorship.open)) " " (t!("charter-writes", count = charter.sponsorship.records)) },
        ),
        clause("signing", t!("changes-admission"), t!("charter-signing", count = charter.signing_seats)),
    ];
    if !charter.conflicts.is_empty() {
        let words = t!("charter-conflicts", conflicts = conflicts(charter));
        clauses.push(clause("conflicts", t!("changes-conflicts"), words));
    }
    for (place, stage) in charter.stages.iter().enumerate() {
        let words = html! { (place + 1) ". " (peers(&stage.title)) (stage_words(charter, stage, None)) };
        clauses.push(clause(
            &format!("stage {}", stage.slug),
            t!("changes-stage", stage = peers(&stage.slug)),
            words,
        ));
    }
    for panel in &charter.panels {
        let title = t!("changes-panel", panel = peers(&panel.slug));
        clauses.push(clause(&format!("panel {}", panel.slug), title, peers(&panel.title)));
    }
    for decides in &charter.decisions {
        let title = html! { (t!("matter", matter = plain(&decides.matter))) };
        let body = said!("body", body = plain(&decides.body));
        let words = t!("charter-decides", body = body, rule = peers(&decides.rule));
        clauses.push(clause(&format!("matter {}", decides.matter), title, words));
    }
    for rule in &charter.rules {
        let title = t!("changes-rule", rule = peers(&rule.slug));
        clauses.push(clause(&format!("rule {}", rule.slug), title, html! { (rule_words(rule)) }));
    }
    clauses
}

#[cfg(test)]
mod tests {
    use super::*;
    use cohub_registry::Charter;

    /// The charter that the repository brings along, with something replaced in its text.
    fn charter(from: &str, to: &str) -> CharterText {
        let text = include_str!("../../../../config/charter.toml");
        assert!(text.contains(from), "{from}");
        let charter = Charter::from_toml(&text.replace(from, to)).unwrap();
        serde_json::from_value(serde_json::to_value(&charter).unwrap()).unwrap()
    }

    #[test]
    fn a_charter_says_nothing_new_of_itself() {
        let same = charter("", "");
        let (changes, count) = changes(&same, &same);
        assert!(changes.is_empty() && count > 10, "{count}");
        assert!(table(&same, &same, &html! {}, &html! {}).into_string().contains("Nothing"));
    }

    /// Whatever is changed in a charter's text is a change of some clause, or it would be adopted unseen.
    #[test]
    fn every_field_of_a_charter_is_in_some_clause() {
        let old = serde_json::to_value(
            Charter::from_toml(include_str!("../../../../config/charter.toml")).unwrap(),
        )
        .unwrap();
        let read = |value: &serde_json::Value| serde_json::from_value::<CharterText>(value.clone()).unwrap();
        let mut paths = Vec::new();
        leaves(&old, String::new(), &mut paths);
        assert!(paths.len() > 60, "{}", paths.len());
        for path in paths {
            let mut other = old.clone();
            let leaf = other.pointer_mut(&path).unwrap();
            *leaf = match leaf.clone() {
                serde_json::Value::Bool(yes) => (!yes).into(),
                serde_json::Value::Number(count) => (count.as_u64().unwrap() + 1).into(),
                serde_json::Value::String(text) if text.contains('/') => "5/7".into(),
                serde_json::Value::String(text) if text == "cast" => "roll".into(),
                serde_json::Value::String(text) if text == "roll" => "cast".into(),
                serde_json::Value::String(text) => format!("{text}x").into(),
                other => panic!("{path} is {other}"),
            };
            let (changes, _) = changes(&read(&old), &read(&other));
            assert!(!changes.is_empty(), "{path} changes unseen");
        }
    }

    fn leaves(value: &serde_json::Value, path: String, into: &mut Vec<String>) {
        match value {
            serde_json::Value::Object(fields) => {
                fields.iter().for_each(|(name, field)| leaves(field, format!("{path}/{name}"), into));
            }
            serde_json::Value::Array(items) => {
                items.iter().enumerate().for_each(|(at, item)| leaves(item, format!("{path}/{at}"), into));
            }
            serde_json::Value::Null => {}
            _ => into.push(path),
        }
    }

    #[test]
    fn what_came_and_what_went_stand_beside_what_changed() {
        let mut new = charter("", "");
        let old = new.clone();
        new.sponsorship.open += 1;
        let gone = new.panels.remove(0).slug;
        new.rules[0].slug = "another".to_owned();
        let (changes, _) = changes(&old, &new);
        let words = |change: &Change| (change.old.is_some(), change.new.is_some());
        assert_eq!(
            changes.iter().map(words).collect::<Vec<_>>(),
            [(true, true), (false, true), (true, false), (true, false)]
        );
        let shown = table(&old, &new, &html! {}, &html! {}).into_string();
        assert!(shown.contains(&format!("<bdi>{gone}</bdi>")) && shown.contains("another"), "{shown}");
    }
}
