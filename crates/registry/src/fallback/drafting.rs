//! Drafts of a fallback: who would decide it, whom it seats, and what stands of all that was decided.

use std::collections::{BTreeMap, BTreeSet};

use cohub_record::{Hash, Id, List, PublicKey};

use crate::drafts::Undraftable;
use crate::effect::Effect;
use crate::founding::Role;
use crate::identity::Hub;
use crate::motion::Voice;
use crate::past::content;
use crate::slot::Slot;
use crate::{Outcome, Registry};

/// One hub of the fallback roll: its representative's key, and the records that show it.
pub(crate) struct Elector {
    pub(crate) hub: Hub,
    pub(crate) voting: PublicKey,
    shown: Vec<Id>,
}

impl Registry {
    /// Protocol 6.9: who may decide a fallback from the committee in office.
    pub(crate) fn electors(&self) -> Vec<Elector> {
        let seated = self.state.now.seated_by.and_then(|motion| self.state.motions.get(&motion));
        let seated = seated.map(|state| &state.facts);
        let voted: BTreeMap<Hub, PublicKey> = seated
            .into_iter()
            .flat_map(|facts| facts.roll.voters())
            .map(|voter| (voter.hub, voter.voting))
            .collect();
        let elector = |hub: Hub| {
            // A hub that is represented by nobody now, since it left, is by whom it was represented then.
            let now = self.holder(hub, Role::Representative);
            let (voting, grant) = now.or_else(|| {
                let key = *voted.get(&hub)?;
                Some((key, self.grant_of(hub, &key)))
            })?;
            let shown = self.hub_id(hub).into_iter().chain(grant).collect();
            Some(Elector { hub, voting, shown })
        };
        super::roll_of(seated, self.founding().founders.len()).into_iter().filter_map(elector).collect()
    }

    /// The record by which a hub made a key its representative; none where the founding record did.
    fn grant_of(&self, hub: Hub, key: &PublicKey) -> Option<Id> {
        let grants = self.state.hubs.get(&hub)?.grants.get(key)?;
        let entries = grants.iter().filter_map(|index| self.graph.get(*index));
        let named = entries.filter(|entry| {
            content!(entry, Grant).is_some_and(|grant| grant.roles.contains(&Role::Representative))
        });
        named.map(|entry| entry.id).min()
    }

    /// The fallback roll, and the records that show it.
    pub(crate) fn fallback_roll(&self) -> Result<(List<Voice, 1024>, Vec<Id>), Undraftable> {
        let (mut voices, mut shown) = (Vec::new(), BTreeSet::new());
        for elector in self.electors() {
            let Some(id) = self.hub_id(elector.hub) else { continue };
            shown.extend(elector.shown);
            voices.push(Voice { hub: id, voting: elector.voting });
        }
        voices.sort_by_key(|voice| voice.hub);
        let voices = List::new(voices).map_err(|error| Undraftable(error.to_string()))?;
        Ok((voices, shown.into_iter().collect()))
    }

    /// The effect of a fallback: seats as an election has them, and what stands. Of a slot that a chosen motion is
    /// about its version stands, of every other the present one.
    pub(crate) fn fallback_effect(&self, elected: Effect, chosen: &[Id]) -> Result<Effect, Undraftable> {
        let Effect::Seat { seats } = elected else {
            return Err(Undraftable("a fallback seats a committee".to_owned()));
        };
        let slots: BTreeSet<&Slot> = self.state.contenders.keys().map(|(slot, _)| slot).collect();
        let slots = slots.into_iter().filter(|slot| !matches!(slot, Slot::Committee | Slot::Generation));
        let present = slots.filter_map(|slot| {
            let (motion, _) = self.state.present(&self.graph, slot)?;
            Some((slot.clone(), self.state.motions.get(&motion)?.facts.version))
        });
        let mut standing: BTreeMap<Slot, Hash> = present.collect();
        for id in chosen {
            let state = self.graph.index(id).and_then(|index| self.state.motions.get(&index));
            let adopted = state.filter(|state| state.certified().any(|one| one == Outcome::Adopted));
            let Some(state) = adopted else {
                return Err(Undraftable(format!("{id} is no motion that was adopted: it cannot stand")));
            };
            standing.insert(state.facts.slot.clone(), state.facts.version);
        }
        let versions: BTreeSet<Hash> = standing.into_values().collect();
        let count = versions.len();
        let stands = List::new(versions.into_iter().collect()).map_err(|_| {
            Undraftable(format!(
                "{count} decisions stand, and a fallback has room for 4,096: nothing was signed"
            ))
        })?;
        Ok(Effect::Fallback { seats, stands })
    }
}
