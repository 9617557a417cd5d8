//! What the people of a new hub want: to be let in, to apply, to hand in documents, to sign.

use cohub_registry::{Intent, Kind};
use cohub_replica::Input;

use crate::cast::Desk;
use crate::people::Errand;
use crate::world::World;

impl World {
    /// Knocks at the sponsor's door, once there is an invite.
    pub(super) fn knock(&mut self, hub: usize) {
        let Some(sponsor) = self.scenario.sponsor_of(hub) else { return };
        let Some(secret) = self.people[sponsor].invited.get(&hub).copied() else { return };
        // The same bytes each time: whoever knocks again has not signed anything else.
        let Ok(items) = self.cast.first_records(hub) else { return };
        let (door, network) = (self.cast.hubs[sponsor].key(Desk::Node), self.cast.network());
        self.ask(hub, Errand::Enter, |ticket| Input::Knock { ticket, door, network, secret, items });
    }

    pub(super) fn newcomer_wish(&mut self, hub: usize, desk: Desk) -> Option<Intent> {
        if desk != Desk::Controller {
            return None;
        }
        let registry = self.nodes[hub].registry()?;
        let key = self.controller(hub);
        registry.log(&key)?;
        let Some(application) = registry.application_of_hub(&key) else {
            return Some(Intent::Application { claim: None });
        };
        let written = |kind: &str| {
            let ids = registry.ids_of(Kind::Document).into_iter();
            ids.filter(|id| registry.place(id).is_some_and(|(author, _)| author == key)).count()
                > usize::from(kind == "budget")
        };
        for kind in ["plan", "budget"] {
            if !written(kind) {
                return Some(Intent::Document { application, document_type: kind.parse().ok()? });
            }
        }
        let sign = Intent::SignAdmission { application };
        let unsigned = !self.people[hub].done.contains(&(application, "sign"));
        (unsigned && registry.draft(&key, &sign).is_ok()).then_some(sign)
    }
}
