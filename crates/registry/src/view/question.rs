//! What a motion is about and what becomes true if it is adopted, in words.

use cohub_record::{Id, PublicKey};

use crate::Registry;
use crate::effect::{Change, Effect};
use crate::graph::Entry;
use crate::motion::group;
use crate::slot::Slot;

/// Letters of an adopted text that a question shows.
const SHOWN: usize = 160;

impl Registry {
    /// What a slot is the value of, as people refer to it.
    pub(super) fn subject(&self, slot: &Slot) -> String {
        match slot {
            Slot::Application(id) => id.to_string(),
            Slot::Hub(hub) | Slot::Keys(hub) => hub.to_hub_text(),
            Slot::Committee => "committee".to_owned(),
            Slot::Generation => "generation".to_owned(),
            Slot::Charter => "charter".to_owned(),
            Slot::Manifesto => "manifesto".to_owned(),
            Slot::Panel(panel) => panel.to_string(),
            Slot::Resolution(hash) => hash.to_string(),
        }
    }

    /// The hub whose application, standing or keys an effect is about.
    pub(super) fn hub_concerned(&self, effect: &Effect) -> Option<String> {
        match effect {
            Effect::Advance { application, .. } => self.applicant_text(self.graph.index(application)?),
            Effect::Standing { hub, .. } | Effect::Recover { hub, .. } => Some(hub.to_hub_text()),
            _ => None,
        }
    }

    /// What becomes true if an effect is adopted, in words.
    #[must_use]
    pub fn question_of(&self, effect: &Effect) -> String {
        self.question(effect)
    }

    /// What becomes true if the effect is adopted.
    pub(crate) fn question(&self, effect: &Effect) -> String {
        match effect {
            Effect::Advance { application, stage, .. } => {
                let index = self.graph.index(application);
                let hub = index.and_then(|index| self.state.hub_of_application(&self.graph, index));
                let name = hub.map_or_else(|| application.to_string(), |hub| self.hub_name(hub));
                format!("{name} becomes {stage}")
            }
            Effect::Resolve { text } => format!("the network resolves: {}", beginning(text.as_str())),
            Effect::Appoint { panel, members, .. } => {
                format!("the panel {panel} is {}", self.names_of(members))
            }
            Effect::Amend { charter } => format!("the charter is another one, {:?}", charter.title.as_str()),
            Effect::Manifesto { text } => format!("the manifesto is: {}", beginning(text.as_str())),
            Effect::Standing { hub, change } => {
                let done = match change {
                    Change::Suspend => "suspended",
                    Change::Reinstate => "reinstated",
                    Change::Expel => "expelled",
                    Change::Lapse => "found not to have opened in time",
                };
                format!("{} is {done}", self.name_of_id(hub))
            }
            Effect::Seat { seats } => {
                let names: Vec<String> = seats.iter().map(|seat| self.name_of_id(&seat.hub)).collect();
                format!("the committee is {}", names.join(", "))
            }
            Effect::Fallback { seats, stands } => {
                let names: Vec<String> = seats.iter().map(|seat| self.name_of_id(&seat.hub)).collect();
                let stands = match stands.len() {
                    0 => "nothing that was decided before stands".to_owned(),
                    1 => "one decision from before stands and no other".to_owned(),
                    count => format!("{count} decisions from before stand and no other"),
                };
                format!("the committee is {} from a next generation on, in which {stands}", names.join(", "))
            }
            Effect::Recover { hub, rotate } => {
                format!("of the rotations of {} the one that stands is {rotate}", self.name_of_id(hub))
            }
        }
    }

    /// The same, with what the motion lets seats erase.
    pub(super) fn question_on(&self, effect: &Effect, motion: &Entry) -> String {
        let question = self.question(effect);
        let evidence = motion.cites.get(group::EVIDENCE).unwrap_or_default();
        if !matches!(effect, Effect::Resolve { .. }) || evidence.is_empty() {
            return question;
        }
        let records: Vec<String> = evidence.iter().map(|index| self.graph.id(*index).to_string()).collect();
        format!("{question}, and what these attached is erased: {}", records.join(", "))
    }

    fn name_of_id(&self, id: &Id) -> String {
        let hub = self.graph.index(id).and_then(|index| self.graph.hub_of(index));
        hub.map_or_else(|| id.to_hub_text(), |hub| self.hub_name(hub))
    }

    /// Keys by their hubs.
    fn names_of(&self, keys: &[PublicKey]) -> String {
        let name = |key: &PublicKey| {
            let hub = self.standing.hub_of(key).map(|hub| self.hub_name(hub));
            hub.map_or_else(|| key.to_string(), |name| format!("{name} ({key})"))
        };
        keys.iter().map(name).collect::<Vec<_>>().join(", ")
    }
}

/// The beginning of a text, in quotes.
fn beginning(text: &str) -> String {
    let shown: String = text.chars().take(SHOWN).collect();
    let more = if shown.len() < text.len() { "…" } else { "" };
    format!("{:?}", format!("{shown}{more}"))
}
