//! Drafts of motions, with everything that they pin, and of withdrawals.

use std::collections::BTreeSet;

use cohub_record::{Field as _, Id, List, PublicKey, Slug};

use super::{Drafted, Question, Undraftable, cannot};
use crate::charter::Body;
use crate::duties::Contents;
use crate::effect::{Chair, Change, Effect};
use crate::founding::Role;
use crate::graph::Index;
use crate::identity::Hub;
use crate::motion::{Motion, Voice};
use crate::slot::{Slot, version_of};
use crate::tellers::adopted_before;
use crate::withdraw::Withdraw;
use crate::{Charter, Kind, Registry};

impl Registry {
    pub(super) fn draft_advance(
        &self,
        author: &PublicKey,
        application: &Id,
        stage: Option<&Slug>,
        deadline: u64,
        open_by: u64,
    ) -> Drafted<Contents> {
        let (index, _) = self.application_entry(application)?;
        let reached = self.reached(index).map_or(0, |(place, ..)| place);
        if let Some(hub) = self.taken_up_by_another(index) {
            let hub = self.hub_text(hub).unwrap_or_default();
            return cannot(format!("the claim that it names is taken up by {hub} already"));
        }
        let next = self.stage_after(index, reached).map(|stage| stage.slug.clone());
        let Some(stage) = stage.cloned().or(next) else {
            return cannot("the application has reached its last stage: both sides sign now");
        };
        let evidence = self.evidence_for(application).unwrap_or_default();
        let effect = Effect::Advance { application: *application, stage, open_by };
        self.draft_motion(author, effect, evidence, deadline)
    }

    pub(super) fn draft_question(
        &self,
        author: &PublicKey,
        question: &Question,
        deadline: u64,
    ) -> Drafted<Contents> {
        let (effect, evidence) = match question {
            Question::Resolve { text, erasing } => {
                (Effect::Resolve { text: text.clone() }, distinct(erasing.to_vec()))
            }
            Question::Manifesto { text } => (Effect::Manifesto { text: text.clone() }, Vec::new()),
            Question::Amend { charter } => {
                let charter = Charter::from_toml(charter).map_err(|error| Undraftable(error.to_string()))?;
                (Effect::Amend { charter: Box::new(charter) }, Vec::new())
            }
            Question::Appoint { panel, members, until_ms } => {
                let grants = members.iter().map(|key| self.grant_for(key, Role::Panelist));
                let grants: BTreeSet<Id> =
                    grants.map(|held| held.map(|(_, grant)| grant)).collect::<Result<_, _>>()?;
                let effect =
                    Effect::Appoint { panel: panel.clone(), members: members.clone(), until: *until_ms };
                (effect, grants.into_iter().collect())
            }
            Question::Standing { hub, change } => {
                let named = self.named_hub(hub)?;
                let mut evidence = self.proof_of_ownership(named)?;
                if matches!(change, Change::Expel | Change::Lapse) {
                    evidence.extend(self.ends_of(named));
                }
                (Effect::Standing { hub: *hub, change: *change }, distinct(evidence))
            }
            Question::Seat { hubs } => self.chairs(hubs)?,
            Question::Fallback { hubs, standing } => {
                let (elected, evidence) = self.chairs(hubs)?;
                (self.fallback_effect(elected, standing)?, evidence)
            }
            Question::Recover { hub, rotate } => {
                (Effect::Recover { hub: *hub, rotate: *rotate }, vec![*rotate])
            }
        };
        self.draft_motion(author, effect, evidence, deadline)
    }

    /// A motion on the present version of its slot, under the charter and the committee of now.
    fn draft_motion(
        &self,
        author: &PublicKey,
        effect: Effect,
        evidence: Vec<Id>,
        deadline: u64,
    ) -> Drafted<Contents> {
        let (_, grant) = self.grant_for(author, Role::Representative)?;
        let slot = Slot::of(&effect);
        let (seating, handovers) = self.seating_cites(&slot, &effect)?;
        let charter = self.decision_on(&Slot::Charter).unwrap_or_else(|| vec![self.network()]);
        let base = match slot {
            Slot::Resolution(_) => Vec::new(),
            Slot::Generation => self.decision_on(&Slot::Committee).unwrap_or_default(),
            _ => self.decision_on(&slot).unwrap_or_default(),
        };
        let body = match &effect {
            Effect::Advance { stage, .. } => self.state.now.charter.stage(stage).map(|(_, stage)| stage.body),
            other => other.matter().and_then(|matter| Some(self.state.now.charter.decides(matter)?.0)),
        };
        let (roll, shown) = match body {
            _ if slot == Slot::Generation => self.fallback_roll()?,
            Some(Body::Assembly) => self.assembly_roll()?,
            _ => (List::default(), Vec::new()),
        };
        let cites = vec![vec![grant], seating, handovers, charter, base, evidence, shown];
        Ok(Contents { kind: Kind::Motion, cites, body: Motion { effect, deadline, roll }.to_value() })
    }

    /// What a motion cites for the committee in office: its seating, and the handovers to it.
    fn seating_cites(&self, slot: &Slot, effect: &Effect) -> Drafted<(Vec<Id>, Vec<Id>)> {
        let Some(motion) = self.state.now.seated_by else {
            let Some(inceptions) = self.inceptions() else {
                return cannot("the network is not constituted: some founder has not joined yet");
            };
            return Ok(([vec![self.network()], inceptions].concat(), Vec::new()));
        };
        let returns =
            self.certificate(&self.graph.id(motion)).map(|(_, returns)| returns).unwrap_or_default();
        let seated = self.state.motions.get(&motion);
        if *slot == Slot::Generation || seated.is_some_and(|state| state.facts.is_fallback()) {
            return Ok((returns, Vec::new()));
        }
        let before = seated.map(|state| &state.facts.seating);
        let needed = before.map_or(0, |seating| seating.quorum());
        let mut handovers = self.handovers_to(motion);
        if handovers.len() < needed {
            return cannot(format!(
                "{} of the {needed} tellers of the last committee that it takes have handed over: it waits for the \
                 handover of {}, whose nodes sign it by themselves when they run and what they closed is decided",
                handovers.len(),
                self.awaited(motion).join(", ")
            ));
        }
        // Protocol 6.7: any q of them do. Those come first that lock the new committee on no other version; what is
        // final stands in one of any q.
        handovers.sort_by_key(|handover| (self.locks_another(handover, slot, effect), *handover));
        handovers.truncate(needed);
        handovers.sort_unstable();
        Ok((returns, handovers))
    }

    /// Whether a handover holds another version as adopted than the one that is to be moved.
    fn locks_another(&self, handover: &Id, slot: &Slot, effect: &Effect) -> bool {
        let present = self.state.present(&self.graph, slot).filter(|_| !matches!(slot, Slot::Resolution(_)));
        let base = present.and_then(|(motion, _)| Some(self.state.motions.get(&motion)?.facts.version));
        let version = version_of(slot, base.as_ref(), effect);
        let Some(last) = self.entry(handover) else { return false };
        let contenders = self.state.contenders.get(&(slot.clone(), base)).into_iter().flatten();
        let mut others = contenders
            .filter_map(|index| self.state.motions.get(index))
            .filter(|other| other.facts.version != version);
        others.any(|other| adopted_before(&self.graph, other, last))
    }

    /// The hubs whose tellers have not handed over to the committee that a motion seated.
    fn awaited(&self, motion: Index) -> Vec<String> {
        let Some(state) = self.state.motions.get(&motion) else { return Vec::new() };
        let seats = state.facts.seating.seats.iter();
        let awaited = seats.filter(|seat| !self.has_handed_over(&seat.teller));
        awaited.map(|seat| self.hub_slug(seat.hub)).collect()
    }

    /// The handovers to the committee that a motion seated: one a teller, by id.
    pub(crate) fn handovers_to(&self, motion: Index) -> Vec<Id> {
        let of_each = self.state.handovers.values().filter_map(|handovers| {
            let to_this = handovers
                .iter()
                .filter_map(|index| self.graph.get(*index))
                .filter(|entry| crate::motion::decided_by(&self.graph, entry, 0) == Some(motion));
            to_this.map(|entry| entry.id).min()
        });
        let mut handovers: Vec<Id> = of_each.collect();
        handovers.sort_unstable();
        handovers
    }

    /// The assembly as it is now, and the records that show who may vote in it.
    fn assembly_roll(&self) -> Drafted<(List<Voice, 1024>, Vec<Id>)> {
        let (mut voices, mut shown) = (Vec::new(), Vec::new());
        for (voter, grant) in self.assembly() {
            let Some(id) = self.hub_id(voter.hub) else { continue };
            shown.extend(self.proof_of_ownership(voter.hub)?);
            shown.extend(grant);
            voices.push(Voice { hub: id, voting: voter.voting });
        }
        voices.sort_by_key(|voice| voice.hub);
        let voices = List::new(voices).map_err(|error| Undraftable(error.to_string()))?;
        Ok((voices, distinct(shown)))
    }

    /// The records that show that a hub is a co-owner: its inception, and who signed its admission.
    fn proof_of_ownership(&self, hub: Hub) -> Drafted<Vec<Id>> {
        let id = self.hub_id(hub).ok_or_else(|| Undraftable("a founder has not joined yet".to_owned()))?;
        if matches!(hub, Hub::Founder(_)) {
            return Ok(vec![id]);
        }
        let Some(admission) = self.known().complete_admission(hub) else {
            return cannot(format!("{} is no co-owner", id.to_hub_text()));
        };
        let seats = admission.seats.values().take(usize::from(admission.needed));
        Ok(admission.hub.into_iter().chain(seats.copied()).map(|entry| entry.id).chain([id]).collect())
    }

    /// The last record of each log that is a hub's.
    fn ends_of(&self, hub: Hub) -> Vec<Id> {
        let controllers = self.known().controllers(hub, u64::MAX).into_keys();
        let keys: BTreeSet<PublicKey> = controllers.chain(self.known().keys_ever(hub)).collect();
        keys.iter().filter_map(|key| self.last_valid(key)).collect()
    }

    /// The hub of an inception or rotate.
    fn named_hub(&self, id: &Id) -> Drafted<Hub> {
        let named = self.graph.index(id).and_then(|index| self.graph.hub_of(index));
        named.ok_or_else(|| Undraftable(format!("{} is no hub that this node holds", id.to_hub_text())))
    }

    /// The seats that hubs would have, and the grants that show their keys.
    fn chairs(&self, hubs: &[Id]) -> Drafted<(Effect, Vec<Id>)> {
        let (mut chairs, mut evidence, mut silent) = (Vec::new(), Vec::new(), Vec::new());
        for id in hubs {
            let hub = self.named_hub(id)?;
            let name = self.hub_slug(hub);
            let Some((voting, voting_grant)) = self.holder(hub, Role::Representative) else {
                return cannot(format!("{name} has no representative"));
            };
            let Some((teller, teller_grant)) = self.nominee(hub) else {
                silent.push(name);
                continue;
            };
            evidence.push(*id);
            evidence.extend(voting_grant.into_iter().chain(teller_grant));
            chairs.push(Chair { hub: *id, voting, teller });
        }
        if !silent.is_empty() {
            return cannot(format!(
                "no seat is accepted yet by {}: each grants a fresh teller's key with `cohub committee accept`, \
                 since a teller's key serves one committee only",
                silent.join(", ")
            ));
        }
        let seats = List::new(chairs).map_err(|error| Undraftable(error.to_string()))?;
        Ok((Effect::Seat { seats }, distinct(evidence)))
    }

    pub(super) fn draft_withdrawal(&self, author: &PublicKey, record: &Id) -> Drafted<Contents> {
        let entry = self.entry(record).filter(|entry| entry.is(Kind::Application) || entry.is(Kind::Motion));
        let Some(entry) = entry else {
            return cannot(format!("{record} is no application or motion that this node holds"));
        };
        let successor = entry.is(Kind::Application) && entry.author != *author;
        let standing = if successor { vec![self.controller_record(author)?] } else { Vec::new() };
        let cites = vec![vec![*record], standing, Vec::new()];
        Ok(Contents { kind: Kind::Withdraw, cites, body: Withdraw {}.to_value() })
    }

    pub(super) fn draft_exit(&self, author: &PublicKey) -> Drafted<Contents> {
        let controller = self.controller_record(author)?;
        let hub = self.named_hub(&controller)?;
        let keys = self.known().keys_ever(hub);
        let others = keys.iter().filter(|key| *key != author);
        let ends = others.filter_map(|key| self.last_valid(key)).collect();
        let cites = vec![vec![controller], Vec::new(), ends];
        Ok(Contents { kind: Kind::Withdraw, cites, body: Withdraw {}.to_value() })
    }
}

/// In order of ids, each once.
fn distinct(ids: Vec<Id>) -> Vec<Id> {
    ids.into_iter().collect::<BTreeSet<_>>().into_iter().collect()
}
