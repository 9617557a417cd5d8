//! What somebody owes the others, and what they wait for: used by nodes, read by no rule.

use cohub_record::{Id, PublicKey};
use serde::{Deserialize, Serialize};

use crate::view::ApplicationView;
use crate::{HubView, MotionView, Recommendation, Registry, Role, View};

/// What somebody owes and awaits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agenda {
    /// What is due, the most urgent first.
    pub due: Vec<AgendaItem>,
    /// What the others owe.
    #[serde(default)]
    pub waiting: Vec<Awaited>,
}

/// One thing that somebody owes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgendaItem {
    /// `ballot`, `count`, `teller`, `signature`, `document`, `review`, `motion` or `report`.
    pub kind: String,
    /// What it is about, in words.
    pub subject: String,
    /// The motion, application, or inception.
    pub id: Id,
    /// Until when, milliseconds since the Unix epoch.
    pub by: Option<u64>,
    /// A command that does it.
    pub command: String,
    /// Who waits for it, where somebody does.
    #[serde(default)]
    pub waits: Option<String>,
}

/// Something that somebody waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Awaited {
    /// What it is about, in words.
    pub subject: String,
    /// The motion or application.
    pub id: Id,
    /// Until when, milliseconds since the Unix epoch.
    pub by: Option<u64>,
    /// Whom or what it waits for.
    pub waits_for: Vec<String>,
}

/// Somebody's desk: the registry with their key in it.
struct Desk<'a> {
    registry: &'a Registry,
    view: View,
    key: &'a PublicKey,
    own: Option<HubView>,
    now_ms: u64,
    due: Vec<AgendaItem>,
    waiting: Vec<Awaited>,
}

impl Registry {
    /// What a key owes and awaits at a time.
    #[must_use]
    pub fn agenda(&self, key: &PublicKey, now_ms: u64) -> Agenda {
        let view = self.view();
        let own = view
            .hubs
            .iter()
            .find(|hub| hub.controller == Some(*key) || hub.keys.iter().any(|known| known.key == *key));
        let own = own.cloned();
        let mut desk = Desk { registry: self, view, key, own, now_ms, due: Vec::new(), waiting: Vec::new() };
        desk.ballots();
        desk.teller();
        desk.fallbacks();
        for application in &desk.view.applications.clone() {
            desk.signatures(application);
            desk.dossier(application);
            desk.reviews(application);
        }
        desk.manifesto();
        desk.report();
        desk.own_motions();
        let Desk { mut due, waiting, .. } = desk;
        due.sort_by_key(|item| item.by.unwrap_or(u64::MAX));
        Agenda { due, waiting }
    }
}

impl Desk<'_> {
    fn owe(&mut self, kind: &str, subject: String, id: Id, by: Option<u64>, command: String, waits: String) {
        let waits = Some(waits).filter(|waits| !waits.is_empty());
        self.due.push(AgendaItem { kind: kind.to_owned(), subject, id, by, command, waits });
    }

    fn has(&self, role: Role) -> bool {
        let keys = self.own.iter().flat_map(|hub| &hub.keys);
        keys.filter(|known| known.key == *self.key).any(|known| known.roles.contains(&role))
    }

    fn controls(&self) -> Option<&HubView> {
        self.own.as_ref().filter(|hub| hub.controller == Some(*self.key))
    }

    fn is_own(&self, hub: Option<&String>) -> bool {
        hub.is_some() && self.own.as_ref().and_then(|own| own.id.as_ref()) == hub
    }

    /// A hub's name; its id where nothing more is known.
    fn name(&self, hub: Option<&String>) -> String {
        let known = self.view.hubs.iter().find(|view| view.id.as_ref() == hub && hub.is_some());
        known.map_or_else(
            || hub.cloned().unwrap_or_else(|| "a hub that is not held".to_owned()),
            |h| h.name.clone(),
        )
    }

    fn motion(&self, id: &Id) -> Option<&MotionView> {
        self.view.motions.iter().find(|motion| motion.id == *id)
    }

    fn ballots(&mut self) {
        for (id, voted) in self.registry.ballots_due(self.key) {
            let Some(motion) =
                self.motion(&id).filter(|motion| !voted && motion.state_at(self.now_ms) == "open")
            else {
                continue;
            };
            let (subject, by) = (motion.question.clone(), motion.deadline);
            let waits = self.name(motion.hub.as_ref().or(motion.mover_hub.as_ref()));
            self.owe(
                "ballot",
                subject,
                id,
                Some(by),
                format!("cohub vote {id} yes|no|abstain|recuse"),
                waits,
            );
        }
    }

    /// What the own hub's teller left undone, long enough after the deadline that it should have been done.
    fn teller(&mut self) {
        if self.controls().is_none() && !self.has(Role::Representative) {
            return;
        }
        let grace = self.view.charter.text.timing.grace_ms;
        let mut troubles = Vec::new();
        let open = |motion: &&MotionView| !motion.is_final && motion.state != "withdrawn";
        // A fallback is counted by people, and what fell with its generation by nobody (Protocol 6.9).
        let by_nodes = |motion: &&MotionView| open(motion) && !motion.fallback && !motion.fallen;
        for motion in self.view.motions.iter().filter(by_nodes) {
            let own = |key: &PublicKey| {
                let keys = self.own.iter().flat_map(|hub| &hub.keys);
                keys.into_iter().any(|known| known.key == *key)
            };
            let Some(part) = motion.tellers.iter().find(|teller| own(&teller.key)) else { continue };
            let over = |waits: u64| self.now_ms > motion.deadline.saturating_add(grace.saturating_mul(waits));
            let trouble = match part {
                part if part.refused.is_some() => {
                    part.refused.map(|why| format!("your teller refused it ({why})"))
                }
                part if part.closed.is_none() && over(2) => Some("your teller has not closed it".to_owned()),
                part if part.returned.is_none() && over(4) => {
                    Some("your teller has not returned it".to_owned())
                }
                _ => None,
            };
            let waits = self.name(motion.mover_hub.as_ref());
            troubles.extend(trouble.map(|why| (format!("{why}: {}", motion.question), motion.id, waits)));
        }
        for (subject, id, waits) in troubles {
            self.owe("teller", subject, id, None, "cohub doctor".to_owned(), waits);
        }
    }

    /// A fallback is counted by those who vote on it (Protocol 6.9).
    fn fallbacks(&mut self) {
        for (id, _) in self.registry.fallbacks_to_count() {
            let due = self.registry.counting(&id, self.key, &[], self.now_ms).is_ok();
            let Some(motion) = self.motion(&id).filter(|_| due) else { continue };
            let subject = format!("count the votes on whether {}", motion.question);
            let waits = self.name(motion.mover_hub.as_ref());
            self.owe("count", subject, id, None, format!("cohub motion count {id}"), waits);
        }
    }

    /// Both sides sign an admission.
    fn signatures(&mut self, application: &ApplicationView) {
        let Some(signatures) = application.signatures.as_ref().filter(|_| application.status == "admitted")
        else {
            return;
        };
        let (name, id) = (self.name(application.hub.as_ref()), application.id);
        let seats = usize::from(signatures.seats_needed).saturating_sub(signatures.seats.len());
        let command = format!("cohub sign {id}");
        if self.is_own(application.hub.as_ref()) {
            if self.controls().is_some() && !signatures.hub {
                let subject = "your hub's admission".to_owned();
                self.owe("signature", subject, id, None, command, String::new());
            }
            if seats > 0 {
                let subject = "the admission of your hub".to_owned();
                let waits_for = vec![format!("{seats} more of the committee to sign")];
                self.waiting.push(Awaited { subject, id, by: None, waits_for });
            }
            return;
        }
        let seat = self.view.committee.seats.iter().find(|seat| seat.voting == *self.key);
        if let Some(seat) = seat.filter(|seat| seats > 0 && !signatures.seats.contains(&seat.slug)) {
            let subject = format!("the admission of {name}, for the seat of {}", seat.slug);
            self.owe("signature", subject, id, None, command, name);
        }
    }

    /// What an application lacks for its next stage that its own hub, or its sponsor, can give.
    fn dossier(&mut self, application: &ApplicationView) {
        let open = application.status == "open" || application.status == "rejected";
        let Some(next) = application.next.as_ref().filter(|_| open) else { return };
        let (name, id) = (self.name(application.hub.as_ref()), application.id);
        let undecided = application.motions.iter().filter_map(|id| self.motion(id));
        let undecided: Vec<MotionView> =
            undecided.filter(|motion| motion.state == "undecided").cloned().collect();
        let own = self.is_own(application.hub.as_ref());
        if own && self.controls().is_some() {
            let documents = next.missing.iter().filter_map(|what| document_named(what));
            for document in documents.map(str::to_owned).collect::<Vec<_>>() {
                let subject = format!("the document {document}, for the stage {}", next.stage);
                let command = format!("cohub document add FILE --type {document}");
                self.owe("document", subject, id, None, command, String::new());
            }
            for review in asking_for_more(application) {
                let subject = format!("the panel {} asks for more", review.panel);
                let command = format!("cohub review show {}", review.id);
                let waits = self.name(review.hub.as_ref());
                self.owe("document", subject, id, None, command, waits);
            }
        }
        if own {
            let mut waits_for: Vec<String> =
                next.missing.iter().filter(|what| document_named(what).is_none()).cloned().collect();
            if next.missing.is_empty() && undecided.is_empty() {
                waits_for.push("somebody to move that it advances".to_owned());
            }
            waits_for.extend(undecided.iter().map(|motion| format!("the vote on {}", motion.id)));
            let by = undecided.iter().map(|motion| motion.deadline).min();
            let subject = format!("your application, on its way to {}", next.stage);
            if !waits_for.is_empty() {
                self.waiting.push(Awaited { subject, id, by, waits_for });
            }
        }
        let hub = self.view.hubs.iter().find(|hub| hub.id.is_some() && hub.id == application.hub);
        let sponsor = hub.and_then(|hub| hub.sponsor.clone());
        let may_move = self.has(Role::Representative) && self.is_own(sponsor.as_ref());
        if may_move && application.status == "open" && next.missing.is_empty() && undecided.is_empty() {
            let subject = format!("a motion that {name} advances to {}", next.stage);
            self.owe("motion", subject, id, None, format!("cohub motion open advance {id}"), name);
        }
    }

    fn reviews(&mut self, application: &ApplicationView) {
        let Some(next) = application.next.as_ref().filter(|_| application.status == "open") else { return };
        let (name, id) = (self.name(application.hub.as_ref()), application.id);
        // Protocol 6.13: of who has a conflict of interest no review is counted.
        if self.registry.conflict_of(self.key, &id).is_some() {
            return;
        }
        for panel in self.registry.panels_of(self.key) {
            let mine = application.reviews.iter().filter(|review| review.author == *self.key);
            let mine: Vec<_> = mine.filter(|review| review.panel == panel.as_str()).collect();
            let wanted = next.missing.iter().any(|what| what.contains(&format!(" by the panel {panel} ")));
            let answered = mine.iter().max_by_key(|review| (review.at, review.id)).is_some_and(|latest| {
                let unread = application.documents.iter().filter(|document| document.current);
                let news = unread.into_iter().any(|document| document.at > latest.at);
                latest.recommendation == Recommendation::More && news
            });
            for sealed in
                mine.iter().filter(|review| review.opens_from.is_some_and(|from| from <= self.now_ms))
            {
                let subject = format!("open your sealed review for the panel {panel} on {name}");
                let command = format!("cohub review open {}", sealed.id);
                self.due.push(AgendaItem {
                    kind: "review".to_owned(),
                    subject,
                    id,
                    by: None,
                    command,
                    waits: Some(name.clone()),
                });
            }
            if !(answered || (wanted && mine.is_empty())) {
                continue;
            }
            let subject = match answered {
                true => format!("the panel {panel} on {name}: it answered your question for more"),
                false => format!("the panel {panel} on {name}"),
            };
            let command = format!("cohub review add {id} --panel {panel} --recommend accept|decline|more");
            self.owe("review", subject, id, None, command, name.clone());
        }
    }

    /// A co-owner signs the manifesto that stands.
    fn manifesto(&mut self) {
        let Some(hub) = self.controls().filter(|hub| hub.status == "co-owner") else { return };
        let manifesto = &self.view.manifesto;
        if !manifesto.signed.contains(&hub.slug) {
            let (version, record) = (manifesto.version, manifesto.record);
            let subject = format!("the manifesto, version {version}");
            self.owe("signature", subject, record, None, "cohub sign manifesto".to_owned(), String::new());
        }
    }

    /// A co-owner reports the last whole year that it was one.
    fn report(&mut self) {
        let Some(hub) = self.controls().filter(|hub| hub.status == "co-owner") else { return };
        let Some(id) = hub.id.as_ref().and_then(|text| text.parse::<Id>().ok()) else { return };
        let last = year_of(self.now_ms).saturating_sub(1);
        let was = hub.since.is_some_and(|since| year_of(since) <= last);
        let reported = self
            .view
            .reports
            .iter()
            .any(|report| report.hub == hub.id && u64::from(report.report.year) == last);
        if was && !reported {
            let command = format!("cohub hub report {last} --members N --events N --ventures N --jobs N");
            self.owe("report", format!("your hub's report of {last}"), id, None, command, String::new());
        }
    }

    /// Who has not voted on what the own hub moved.
    fn own_motions(&mut self) {
        let mut waiting = Vec::new();
        for motion in self.view.motions.iter().filter(|motion| self.is_own(motion.mover_hub.as_ref())) {
            let waits_for: Vec<String> = match motion.state_at(self.now_ms) {
                "open" => {
                    let silent = motion.roll.iter().filter(|seat| seat.choice.is_none());
                    silent.map(|seat| format!("the ballot of {}", seat.seat)).collect()
                }
                "closing" => {
                    let silent = motion.tellers.iter().filter(|teller| teller.returned.is_none());
                    silent.map(|teller| format!("the teller of {}", teller.seat)).collect()
                }
                _ => continue,
            };
            let (subject, id, by) = (motion.question.clone(), motion.id, Some(motion.deadline));
            waiting.push(Awaited { subject, id, by, waits_for });
        }
        self.waiting.extend(waiting.into_iter().filter(|one| !one.waits_for.is_empty()));
    }
}

/// The document that a stage lacks, where what it lacks is one.
fn document_named(what: &str) -> Option<&str> {
    what.strip_prefix("the document ")?.strip_suffix(" is missing")
}

/// The latest reviews of each author that ask for more, with nothing handed in since.
fn asking_for_more(application: &ApplicationView) -> Vec<crate::ReviewView> {
    let latest = |one: &&crate::ReviewView| {
        let later = |other: &crate::ReviewView| {
            other.author == one.author && other.panel == one.panel && (other.at, other.id) > (one.at, one.id)
        };
        !application.reviews.iter().any(later)
    };
    let asks = application.reviews.iter().filter(|review| review.recommendation == Recommendation::More);
    let unanswered =
        |one: &&crate::ReviewView| !application.documents.iter().any(|document| document.at > one.at);
    asks.filter(latest).filter(unanswered).cloned().collect()
}

/// The year of a time, in UTC.
fn year_of(at_ms: u64) -> u64 {
    // Days from 1 March 0000, in years that end with their leap day.
    let days = at_ms / 86_400_000 + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    era * 400 + year + u64::from(day_of_year >= 306)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_begin_in_january() {
        let table = [
            (0, 1970),
            (951_868_799_999, 2000),
            (1_767_225_599_999, 2025),
            (1_767_225_600_000, 2026),
            (4_107_542_400_000, 2100),
            (4_102_444_799_999, 2099),
            (1_709_164_800_000, 2024),
        ];
        for (at_ms, year) in table {
            assert_eq!(year_of(at_ms), year, "{at_ms}");
        }
    }
}
