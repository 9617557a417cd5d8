//! What the pages read of the registry that a node answers. More may stand there; the API passes it on.

mod charter;

use cohub_registry::Conflict;
use serde::Deserialize;
use serde_json::Value;

pub(crate) use charter::{Charter, CharterText, Panel, PanelSeats, Rule, Stage};

use crate::words::harmless_letter;

/// The registry.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct View {
    pub(crate) network: String,
    pub(crate) name: String,
    pub(crate) constituted: bool,
    pub(crate) hubs: Vec<Hub>,
    pub(crate) applications: Vec<Application>,
    pub(crate) motions: Vec<Motion>,
    pub(crate) committee: Committee,
    pub(crate) charter: Charter,
    #[serde(default)]
    pub(crate) panels: Vec<PanelSeats>,
    pub(crate) evidence: Vec<Evidence>,
    #[serde(default)]
    pub(crate) disputes: Vec<Dispute>,
    pub(crate) reports: Vec<Report>,
    /// Absent where a node is older than manifestos that change.
    pub(crate) manifesto: Option<Manifesto>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Hub {
    pub(crate) id: Option<String>,
    pub(crate) slug: String,
    pub(crate) name: String,
    pub(crate) city: String,
    pub(crate) country: String,
    pub(crate) lat: f64,
    pub(crate) lon: f64,
    pub(crate) status: String,
    pub(crate) since: Option<u64>,
    pub(crate) controller: Option<String>,
    pub(crate) sponsor: Option<String>,
    pub(crate) keys: Vec<Key>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Key {
    pub(crate) key: String,
    pub(crate) roles: Vec<String>,
    pub(crate) grant: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Application {
    pub(crate) id: String,
    pub(crate) hub: Option<String>,
    pub(crate) stage: Option<String>,
    pub(crate) status: String,
    pub(crate) at: u64,
    pub(crate) documents: Vec<Document>,
    pub(crate) reviews: Vec<Review>,
    pub(crate) interviews: Vec<Interview>,
    pub(crate) motions: Vec<String>,
    pub(crate) next: Option<Next>,
    pub(crate) signatures: Option<Signatures>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Document {
    pub(crate) id: String,
    #[serde(rename = "type")]
    pub(crate) document_type: String,
    pub(crate) hash: String,
    pub(crate) size_bytes: u64,
    pub(crate) scope: String,
    pub(crate) readers: Vec<Reader>,
    pub(crate) supersedes: Option<String>,
    pub(crate) current: bool,
    pub(crate) at: u64,
    pub(crate) erased: Option<Erased>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Reader {
    pub(crate) key: String,
    pub(crate) hub: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Erased {
    pub(crate) record: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Review {
    pub(crate) id: String,
    pub(crate) panel: String,
    pub(crate) hub: Option<String>,
    pub(crate) recommendation: String,
    #[serde(default)]
    pub(crate) conflict: Option<Conflict>,
    #[serde(default)]
    pub(crate) opens: Option<String>,
    pub(crate) scores: Vec<Score>,
    pub(crate) at: u64,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Score {
    pub(crate) criterion: String,
    pub(crate) points: u32,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Interview {
    pub(crate) id: String,
    pub(crate) hub: Option<String>,
    pub(crate) outcome: String,
    pub(crate) at: u64,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Next {
    pub(crate) stage: String,
    pub(crate) missing: Vec<String>,
    #[serde(default)]
    pub(crate) blind_ms: Option<u64>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Signatures {
    pub(crate) motion: String,
    pub(crate) hub: bool,
    pub(crate) seats: Vec<String>,
    pub(crate) seats_needed: usize,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Motion {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) subject: String,
    /// In words, where the node says it; the pages have words of their own for what they know.
    pub(crate) question: Option<String>,
    pub(crate) stage: Option<String>,
    pub(crate) hub: Option<String>,
    /// `committee` or `assembly`; absent where the node knows the committee only.
    pub(crate) body: Option<String>,
    pub(crate) generation: u32,
    pub(crate) fallback: bool,
    pub(crate) fallen: bool,
    pub(crate) state: String,
    #[serde(rename = "final")]
    pub(crate) is_final: bool,
    pub(crate) rule: String,
    /// The record of the charter that it runs under.
    #[serde(default)]
    pub(crate) charter: String,
    #[serde(default)]
    pub(crate) effect: Effect,
    pub(crate) deadline: u64,
    pub(crate) at: u64,
    pub(crate) mover_hub: Option<String>,
    pub(crate) evidence: Vec<String>,
    pub(crate) changed_since: Vec<String>,
    pub(crate) roll: Vec<Roll>,
    pub(crate) tally: Tally,
    pub(crate) tellers: Vec<Teller>,
    pub(crate) tellers_needed: usize,
    pub(crate) decided_at: Option<u64>,
}

/// What of an effect the pages show beside its question.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Effect {
    /// The charter that an amendment asks for.
    #[serde(default)]
    pub(crate) charter: Option<Box<CharterText>>,
    /// A resolution or a manifesto.
    #[serde(default)]
    pub(crate) text: Option<String>,
    /// What becomes of a hub's standing.
    #[serde(default)]
    pub(crate) change: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Roll {
    pub(crate) seat: String,
    pub(crate) choice: Option<String>,
    #[serde(default)]
    pub(crate) conflict: Option<Conflict>,
    pub(crate) at: Option<u64>,
    pub(crate) record: Option<String>,
    pub(crate) superseded: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Tally {
    pub(crate) yes: u64,
    pub(crate) no: u64,
    pub(crate) abstain: u64,
    pub(crate) recuse: u64,
    pub(crate) block: u64,
    pub(crate) quorum: Need,
    pub(crate) approval: Need,
    pub(crate) words: String,
}

#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct Need {
    pub(crate) need: u64,
    pub(crate) have: u64,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Teller {
    pub(crate) seat: String,
    pub(crate) closed: Option<String>,
    pub(crate) returned: Option<String>,
    pub(crate) refused: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Committee {
    pub(crate) term: u32,
    /// A fallback begins the next.
    pub(crate) generation: u32,
    pub(crate) fallback: bool,
    pub(crate) seats: Vec<Seat>,
    pub(crate) quorum: usize,
    pub(crate) tolerated: usize,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Seat {
    pub(crate) slug: String,
    pub(crate) voting: String,
    pub(crate) teller: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Manifesto {
    pub(crate) version: u32,
    pub(crate) text: String,
    pub(crate) signed: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Evidence {
    pub(crate) kind: String,
    pub(crate) author: String,
    pub(crate) hub: Option<String>,
    pub(crate) seq: u64,
    pub(crate) records: Vec<String>,
}

/// Certificates that contradict each other.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Dispute {
    pub(crate) slot: String,
    pub(crate) subject: String,
    pub(crate) certificates: Vec<Side>,
    pub(crate) stands: Option<String>,
    pub(crate) tellers: Vec<Liar>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Side {
    pub(crate) motion: String,
    pub(crate) outcome: String,
}

/// A teller that signed for both sides.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Liar {
    pub(crate) author: String,
    pub(crate) hub: Option<String>,
    pub(crate) seq: u64,
    pub(crate) records: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Report {
    pub(crate) hub: Option<String>,
    pub(crate) record: String,
    pub(crate) year: u16,
    pub(crate) members: u32,
    pub(crate) events: u32,
    pub(crate) ventures: u32,
    pub(crate) jobs: u32,
}

impl View {
    /// Reads what a node answered. No text in it controls anything or turns what stands behind it.
    pub(crate) fn read(whole: &Value) -> Result<Self, serde_json::Error> {
        let mut plain = whole.clone();
        make_harmless(&mut plain);
        serde_json::from_value(plain)
    }

    /// The hub with an id or a slug. Slugs are not unique: the first by id is meant.
    pub(crate) fn hub(&self, name: &str) -> Option<&Hub> {
        self.hubs
            .iter()
            .find(|hub| hub.id.as_deref() == Some(name))
            .or_else(|| self.hubs.iter().find(|hub| hub.slug == name))
    }

    pub(crate) fn application(&self, id: &str) -> Option<&Application> {
        self.applications.iter().find(|application| application.id == id)
    }

    pub(crate) fn motion(&self, id: &str) -> Option<&Motion> {
        self.motions.iter().find(|motion| motion.id == id)
    }

    /// A stage's title; its slug where the charter in force does not know it.
    pub(crate) fn stage_title<'a>(&'a self, slug: &'a str) -> &'a str {
        let stage = self.charter.text.stages.iter().find(|stage| stage.slug == slug);
        stage.map_or(slug, |stage| &stage.title)
    }
}

impl Hub {
    /// The name of the hub in addresses: its id, or its slug before it has one.
    pub(crate) fn key(&self) -> &str {
        self.id.as_deref().unwrap_or(&self.slug)
    }

    /// Whether it is a full member.
    pub(crate) fn is_member(&self) -> bool {
        matches!(self.status.as_str(), "co-owner" | "founding")
    }
}

impl Motion {
    /// Whether votes are still taken or counted.
    pub(crate) fn is_undecided(&self) -> bool {
        matches!(self.state.as_str(), "open" | "closing" | "undecided")
    }
}

fn make_harmless(value: &mut Value) {
    match value {
        Value::String(text) if text.chars().any(|letter| harmless_letter(letter) != letter) => {
            *text = text.chars().map(harmless_letter).collect();
        }
        Value::Array(items) => items.iter_mut().for_each(make_harmless),
        Value::Object(fields) => fields.values_mut().for_each(make_harmless),
        _ => {}
    }
}

/// Says `open` or `closing` of motions that the registry, which knows no clock, calls `undecided`. Answers
/// when the next of them closes.
pub(crate) fn tell_the_time(whole: &mut Value, now_ms: u64) -> Option<u64> {
    let motions = whole.get_mut("motions").and_then(Value::as_array_mut)?;
    let mut next: Option<u64> = None;
    for motion in motions {
        let undecided =
            matches!(motion.get("state").and_then(Value::as_str), Some("undecided" | "open" | "closing"));
        let deadline = motion.get("deadline").and_then(Value::as_u64).unwrap_or_default();
        if !undecided {
            continue;
        }
        let state = if now_ms < deadline { "open" } else { "closing" };
        if now_ms < deadline {
            next = Some(next.map_or(deadline, |next| next.min(deadline)));
        }
        if let Some(field) = motion.get_mut("state") {
            *field = state.into();
        }
    }
    next
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_motion_is_open_until_its_deadline_and_closing_from_then_on() {
        let motion = |state: &str, deadline: u64| json!({ "state": state, "deadline": deadline });
        let mut whole = json!({ "motions": [
            motion("undecided", 100), motion("undecided", 300), motion("adopted", 200), motion("undecided", 250),
        ]});
        assert_eq!(tell_the_time(&mut whole, 100), Some(250));
        let states: Vec<_> =
            whole["motions"].as_array().unwrap().iter().map(|m| m["state"].clone()).collect();
        assert_eq!(states, ["closing", "open", "adopted", "open"]);
        assert_eq!(tell_the_time(&mut whole, 300), None);
        assert_eq!(whole["motions"][1]["state"], "closing");
    }
}
