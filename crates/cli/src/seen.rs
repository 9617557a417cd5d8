//! What the command line reads of the registry that a node answers. More may stand there; it is passed on.

use cohub_record::{Id, PublicKey};
use cohub_registry::{Conflict, Outcome};
use serde::Deserialize;
use serde_json::Value;

use crate::exit::Error;

/// The registry, and the whole of what was answered.
#[derive(Debug, Clone)]
pub(crate) struct Registry {
    /// As answered.
    pub(crate) whole: Value,
    /// The part that is read here.
    pub(crate) part: View,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct View {
    pub(crate) head: String,
    pub(crate) network: String,
    pub(crate) name: String,
    pub(crate) constituted: bool,
    pub(crate) hubs: Vec<Hub>,
    pub(crate) applications: Vec<Application>,
    pub(crate) motions: Vec<Motion>,
    pub(crate) committee: Committee,
    pub(crate) charter: Charter,
    pub(crate) evidence: Vec<Evidence>,
    #[serde(default)]
    pub(crate) disputes: Vec<Dispute>,
    pub(crate) reports: Vec<Report>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Hub {
    pub(crate) id: Option<String>,
    pub(crate) slug: String,
    pub(crate) name: String,
    pub(crate) city: String,
    pub(crate) country: String,
    pub(crate) status: String,
    pub(crate) since: Option<u64>,
    pub(crate) controller: Option<PublicKey>,
    pub(crate) sponsor: Option<String>,
    pub(crate) keys: Vec<Key>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Key {
    pub(crate) key: PublicKey,
    pub(crate) roles: Vec<String>,
    pub(crate) grant: Option<Id>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Application {
    pub(crate) id: Id,
    pub(crate) hub: Option<String>,
    #[serde(default)]
    pub(crate) claim: Option<String>,
    pub(crate) stage: Option<String>,
    pub(crate) status: String,
    pub(crate) at: u64,
    pub(crate) documents: Vec<Document>,
    pub(crate) reviews: Vec<Review>,
    pub(crate) interviews: Vec<Interview>,
    pub(crate) motions: Vec<Id>,
    pub(crate) next: Option<Next>,
    pub(crate) signatures: Option<Signatures>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Document {
    pub(crate) id: Id,
    #[serde(rename = "type")]
    pub(crate) document_type: String,
    pub(crate) hash: cohub_record::Hash,
    pub(crate) size_bytes: u64,
    pub(crate) scope: cohub_record::Scope,
    pub(crate) readers: Vec<Reader>,
    pub(crate) current: bool,
    pub(crate) at: u64,
    pub(crate) erased: Option<Erased>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Reader {
    pub(crate) key: PublicKey,
    pub(crate) hub: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Erased {
    pub(crate) record: Id,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Review {
    pub(crate) id: Id,
    pub(crate) panel: String,
    pub(crate) hub: Option<String>,
    pub(crate) recommendation: String,
    #[serde(default)]
    pub(crate) conflict: Option<Conflict>,
    #[serde(default)]
    pub(crate) opens_from: Option<u64>,
    #[serde(default)]
    pub(crate) opens: Option<Id>,
    pub(crate) scores: Vec<Score>,
    pub(crate) documents: Vec<Id>,
    pub(crate) at: u64,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Score {
    pub(crate) criterion: String,
    pub(crate) points: u32,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Interview {
    pub(crate) id: Id,
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
    pub(crate) hub: bool,
    pub(crate) seats: Vec<String>,
    pub(crate) seats_needed: usize,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Motion {
    pub(crate) id: Id,
    pub(crate) kind: String,
    pub(crate) subject: String,
    pub(crate) question: String,
    pub(crate) effect: Value,
    pub(crate) body: String,
    pub(crate) generation: u32,
    pub(crate) fallback: bool,
    pub(crate) fallen: bool,
    pub(crate) charter: Id,
    pub(crate) stage: Option<String>,
    pub(crate) hub: Option<String>,
    pub(crate) state: String,
    #[serde(rename = "final")]
    pub(crate) is_final: bool,
    pub(crate) rule: String,
    pub(crate) deadline: u64,
    pub(crate) at: u64,
    pub(crate) mover_hub: Option<String>,
    pub(crate) changed_since: Vec<Id>,
    pub(crate) roll: Vec<Roll>,
    pub(crate) tally: Tally,
    pub(crate) tellers: Vec<Teller>,
    pub(crate) tellers_needed: usize,
    pub(crate) decided_at: Option<u64>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Roll {
    pub(crate) seat: String,
    pub(crate) choice: Option<String>,
    #[serde(default)]
    pub(crate) conflict: Option<Conflict>,
    pub(crate) at: Option<u64>,
    pub(crate) record: Option<Id>,
    pub(crate) superseded: Vec<Id>,
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
    pub(crate) closed: Option<Id>,
    pub(crate) returned: Option<String>,
    pub(crate) refused: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Committee {
    pub(crate) term: u32,
    pub(crate) generation: u32,
    pub(crate) fallback: bool,
    pub(crate) seats: Vec<Seat>,
    pub(crate) quorum: usize,
    pub(crate) tolerated: usize,
    pub(crate) motion: Option<Id>,
    pub(crate) handovers: usize,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Seat {
    pub(crate) slug: String,
    pub(crate) voting: PublicKey,
    pub(crate) teller: PublicKey,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Charter {
    pub(crate) version: u32,
    pub(crate) record: Id,
    pub(crate) text: CharterText,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct CharterText {
    pub(crate) timing: Timing,
    pub(crate) sponsorship: Sponsorship,
    pub(crate) stages: Vec<Stage>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct Timing {
    pub(crate) notice_ms: u64,
    pub(crate) maximum_ms: u64,
}

#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct Sponsorship {
    pub(crate) records: u64,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Stage {
    pub(crate) slug: String,
    pub(crate) title: String,
    pub(crate) open_within_ms: u64,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Evidence {
    pub(crate) kind: String,
    pub(crate) author: PublicKey,
    pub(crate) hub: Option<String>,
    pub(crate) seq: u64,
    pub(crate) records: [Id; 2],
}

/// Certificates that contradict each other.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Dispute {
    pub(crate) kind: String,
    pub(crate) slot: String,
    pub(crate) subject: String,
    pub(crate) certificates: Vec<Side>,
    pub(crate) stands: Option<Id>,
    pub(crate) tellers: Vec<Liar>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Side {
    pub(crate) motion: Id,
    pub(crate) question: String,
    pub(crate) outcome: Outcome,
}

/// A teller that signed for both sides.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Liar {
    pub(crate) author: PublicKey,
    pub(crate) hub: Option<String>,
    pub(crate) seq: u64,
    pub(crate) records: [Id; 2],
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Report {
    pub(crate) hub: Option<String>,
    pub(crate) year: u16,
    pub(crate) members: u32,
    pub(crate) events: u32,
    pub(crate) ventures: u32,
    pub(crate) jobs: u32,
}

impl Registry {
    /// Reads what a node answered.
    pub(crate) fn read(whole: Value) -> Result<Self, Error> {
        let part = read_part(&whole)?;
        Ok(Self { whole, part })
    }

    /// A field of an application, as answered.
    pub(crate) fn of_application(&self, id: &Id, field: &str) -> Value {
        self.find("applications", &id.to_string()).and_then(|one| one.get(field)).cloned().unwrap_or_default()
    }

    /// The item of a list of the answer that has an id.
    pub(crate) fn find(&self, list: &str, id: &str) -> Option<&Value> {
        let items = self.whole.get(list)?.as_array()?;
        items.iter().find(|item| item.get("id").and_then(Value::as_str) == Some(id))
    }
}

impl View {
    /// The slug of a hub, or its id where the registry knows no such hub.
    pub(crate) fn slug(&self, hub: Option<&str>) -> String {
        let found = self.hubs.iter().find(|other| other.id.as_deref() == hub && hub.is_some());
        found.map_or_else(|| hub.unwrap_or("unknown").to_owned(), |hub| hub.slug.clone())
    }

    /// The hub with that id.
    pub(crate) fn hub(&self, id: &Id) -> Result<&Hub, Error> {
        let id = id.to_hub_text();
        let found = self.hubs.iter().find(|hub| hub.id.as_ref() == Some(&id));
        found.ok_or_else(|| Error::not_found(format!("{id} is no hub that this node knows")))
    }

    /// The hub that a key controls.
    pub(crate) fn hub_controlled_by(&self, key: &PublicKey) -> Option<&Hub> {
        self.hubs.iter().find(|hub| hub.controller == Some(*key))
    }

    /// The application with that id.
    pub(crate) fn application(&self, id: &Id) -> Result<&Application, Error> {
        let found = self.applications.iter().find(|application| application.id == *id);
        found.ok_or_else(|| Error::not_found(format!("{id} is no application that this node knows")))
    }

    /// The latest application of a hub.
    pub(crate) fn application_of(&self, hub: &str) -> Option<&Application> {
        let of_hub = self.applications.iter().filter(|application| application.hub.as_deref() == Some(hub));
        of_hub.max_by_key(|application| application.at)
    }

    /// The document with that id, of whichever application.
    pub(crate) fn document(&self, id: &Id) -> Option<&Document> {
        self.applications.iter().flat_map(|application| &application.documents).find(|d| d.id == *id)
    }
}

impl Motion {
    /// Reads what a node answered.
    pub(crate) fn read(whole: &Value) -> Result<Self, Error> {
        read_part(whole)
    }

    /// The state as one says it now: `open` until the deadline, `closing` from then on.
    pub(crate) fn state_now(&self) -> &str {
        match self.state.as_str() {
            "undecided" if crate::when::now_ms() < self.deadline => "open",
            "undecided" => "closing",
            state => state,
        }
    }
}

/// Reads what is needed of an answer.
pub(crate) fn read_part<T: for<'de> Deserialize<'de>>(whole: &Value) -> Result<T, Error> {
    T::deserialize(whole).map_err(|error| {
        Error::failed(format!(
            "the node's answer cannot be read ({error}); node and command differ in version"
        ))
    })
}
