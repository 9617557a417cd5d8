//! What valid records add up to: grow-only collections, from which everything shown is derived.
//!
//! **Invariant**: indexes depend on the order of arrival, so no collection here is shown in their order.

use std::collections::{BTreeMap, BTreeSet};

use cohub_record::{Hash, Place, PublicKey};

use crate::application::application_of;
use crate::ballot::Choice;
use crate::graph::{Entry, Graph, Index};
use crate::identity::Hub;
use crate::kind::Fact;
use crate::motion::{self, MotionFacts};
use crate::seating::Seating;
use crate::slot::Slot;
use crate::tellers::Closing;
use crate::{Kind, Outcome};

/// Everything that was said validly on one motion.
#[derive(Debug, Clone)]
pub(crate) struct MotionState {
    pub(crate) facts: MotionFacts,
    /// Ballots by place of the voter's seat.
    pub(crate) ballots: BTreeMap<usize, BTreeMap<Place, Choice>>,
    pub(crate) closings: Vec<Index>,
    pub(crate) refusals: Vec<Index>,
    pub(crate) returns: Vec<Index>,
    /// Who returned which outcome.
    pub(crate) returned: BTreeMap<Outcome, BTreeSet<PublicKey>>,
}

/// One hub's records.
#[derive(Debug, Clone, Default)]
pub(crate) struct HubState {
    pub(crate) inceptions: Vec<Index>,
    pub(crate) rotates: Vec<Index>,
    pub(crate) grants: Vec<Index>,
    pub(crate) sponsorships: Vec<Index>,
    pub(crate) profiles: Vec<Index>,
    pub(crate) applications: Vec<Index>,
    /// Its signatures under the manifesto.
    pub(crate) adhered: Vec<Index>,
}

/// One application's dossier.
#[derive(Debug, Clone, Default)]
pub(crate) struct Dossier {
    pub(crate) documents: Vec<Index>,
    pub(crate) reviews: Vec<Index>,
    pub(crate) interviews: Vec<Index>,
}

/// All of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct State {
    pub(crate) hubs: BTreeMap<Hub, HubState>,
    pub(crate) applications: BTreeMap<Index, Dossier>,
    pub(crate) motions: BTreeMap<Index, MotionState>,
    /// Motions by what they would replace.
    pub(crate) contenders: BTreeMap<(Slot, Option<Hash>), Vec<Index>>,
    /// Each teller's returns.
    pub(crate) returns_of: BTreeMap<PublicKey, Vec<Index>>,
    /// Signatures under the admission that a motion decided.
    pub(crate) signatures: BTreeMap<Index, Vec<Index>>,
    /// Records by the attachments that they describe.
    pub(crate) attachments: BTreeMap<Hash, Vec<Index>>,
    /// Where logs end: the last place that counts, or none of them.
    pub(crate) cuts: BTreeMap<PublicKey, Option<Place>>,
}

impl State {
    /// Enters a record that was found valid. Answers whether it may change who is kept and who may read.
    pub(crate) fn enter(&mut self, graph: &Graph, seating: &Seating, index: Index) -> bool {
        let Some(entry) = graph.get(index) else { return false };
        let Some(fact) = entry.content() else { return false };
        for descriptor in &entry.attachments {
            self.attachments.entry(descriptor.hash).or_default().push(index);
        }
        let on = entry.cites.first().and_then(|group| group.first()).copied();
        match (fact, on) {
            (Fact::Founding(founding), _) => {
                let places = 0..u16::try_from(founding.founders.len()).unwrap_or(u16::MAX);
                self.hubs.extend(places.map(|place| (Hub::Founder(place), HubState::default())));
                return true;
            }
            (Fact::Inception(_), _) => {
                self.hub(graph.hub_of(index), |hub| hub.inceptions.push(index));
                return true;
            }
            (Fact::Rotate(_), Some(before)) => {
                self.hub(graph.hub_of(index), |hub| hub.rotates.push(index));
                let last =
                    entry.cites.get(1).and_then(|group| group.first()).and_then(|last| graph.get(*last));
                if let Some(old) = graph.get(before) {
                    self.cut(old.author, last.map(Entry::place));
                }
                return true;
            }
            (Fact::Grant(grant), Some(controller)) => {
                self.hub(graph.hub_of(controller), |hub| hub.grants.push(index));
                if grant.roles.is_empty() {
                    let last =
                        entry.cites.get(1).and_then(|group| group.first()).and_then(|last| graph.get(*last));
                    self.cut(grant.key, last.map(Entry::place));
                }
                return true;
            }
            (Fact::Sponsor(_), Some(grant)) => {
                let hub = graph.granted(grant, &entry.author).map(|(hub, _)| hub);
                self.hub(hub, |hub| hub.sponsorships.push(index));
                return true;
            }
            (Fact::Application(_), Some(controller)) => {
                self.hub(graph.hub_of(controller), |hub| hub.applications.push(index));
                self.applications.entry(index).or_default();
            }
            (Fact::Document(_) | Fact::Review(_) | Fact::Interview(_), _) => self.enter_dossier(entry, index),
            (Fact::Sign(_), Some(subject)) => return self.enter_signature(graph, entry, subject, index),
            (Fact::Profile(_), Some(controller)) => {
                self.hub(graph.hub_of(controller), |hub| hub.profiles.push(index));
            }
            (Fact::Motion(_), _) => self.enter_motion(graph, entry, index),
            (Fact::Ballot(ballot), Some(motion)) => {
                if let (Some(state), Some(seat)) =
                    (self.motions.get_mut(&motion), seating.seat_of(&entry.author))
                {
                    state.ballots.entry(seat).or_default().insert(entry.place(), ballot.choice);
                }
            }
            (Fact::Closing(closing), Some(motion)) => self.enter_closing(closing, motion, index),
            (Fact::Return(returned), Some(motion)) => {
                self.returns_of.entry(entry.author).or_default().push(index);
                let Some(state) = self.motions.get_mut(&motion) else { return false };
                state.returns.push(index);
                let tellers = state.returned.entry(returned.outcome).or_default();
                return tellers.insert(entry.author) && tellers.len() == seating.quorum();
            }
            (_, None) => {}
        }
        false
    }

    fn hub(&mut self, hub: Option<Hub>, change: impl FnOnce(&mut HubState)) {
        if let Some(hub) = hub {
            change(self.hubs.entry(hub).or_default());
        }
    }

    /// Of several cuts of one log the earliest counts.
    fn cut(&mut self, key: PublicKey, last: Option<Place>) {
        self.cuts.entry(key).and_modify(|place| *place = (*place).min(last)).or_insert(last);
    }

    fn enter_dossier(&mut self, entry: &Entry, index: Index) {
        let Some(dossier) =
            application_of(entry).and_then(|application| self.applications.get_mut(&application))
        else {
            return;
        };
        match entry.kind {
            Some(Kind::Document) => dossier.documents.push(index),
            Some(Kind::Review) => dossier.reviews.push(index),
            _ => dossier.interviews.push(index),
        }
    }

    fn enter_signature(&mut self, graph: &Graph, entry: &Entry, subject: Index, index: Index) -> bool {
        let decided = graph.get(subject).filter(|returned| returned.is(Kind::Return));
        if let Some(motion) = decided.and_then(|returned| returned.cites.first()?.first().copied()) {
            self.signatures.entry(motion).or_default().push(index);
            return true;
        }
        let controller = entry.cites.get(1).and_then(|group| group.first());
        self.hub(controller.and_then(|index| graph.hub_of(*index)), |hub| hub.adhered.push(index));
        false
    }

    fn enter_motion(&mut self, graph: &Graph, entry: &Entry, index: Index) {
        let Some(facts) = motion::facts(graph, entry) else { return };
        self.contenders.entry((facts.slot.clone(), facts.base)).or_default().push(index);
        let state = MotionState {
            facts,
            ballots: BTreeMap::new(),
            closings: Vec::new(),
            refusals: Vec::new(),
            returns: Vec::new(),
            returned: BTreeMap::new(),
        };
        self.motions.insert(index, state);
    }

    fn enter_closing(&mut self, closing: &Closing, motion: Index, index: Index) {
        if let Some(state) = self.motions.get_mut(&motion) {
            let list = if closing.refusal.is_some() { &mut state.refusals } else { &mut state.closings };
            list.push(index);
        }
    }

    /// Protocol 3.3: whether a record stands before every cut of its log.
    pub(crate) fn counts(&self, graph: &Graph, entry: &Entry) -> bool {
        match self.cuts.get(&entry.author) {
            None => true,
            Some(None) => false,
            Some(Some(last)) => {
                graph.logs().get(&entry.author).is_some_and(|log| log.descends(*last, entry.place()))
            }
        }
    }

    /// The records of a list that count.
    pub(crate) fn counting<'a>(
        &'a self,
        graph: &'a Graph,
        list: &'a [Index],
    ) -> impl Iterator<Item = (Index, &'a Entry)> {
        list.iter()
            .filter_map(|index| Some((*index, graph.get(*index)?)))
            .filter(|(_, entry)| self.counts(graph, entry))
    }

    /// The motions that moved a slot, in order, up to its present value. Where more than f tellers lied
    /// two versions can have certificates: the slot keeps its base then (Protocol 6.10).
    pub(crate) fn history(&self, seating: &Seating, slot: &Slot) -> Vec<Index> {
        let mut moved = Vec::new();
        let mut base = None;
        loop {
            let contenders = self.contenders.get(&(slot.clone(), base)).into_iter().flatten();
            let adopted = contenders.filter(|index| {
                self.motions.get(index).and_then(|m| m.outcome(seating)) == Some(Outcome::Adopted)
            });
            let versions: BTreeMap<Hash, Vec<Index>> =
                adopted.fold(BTreeMap::new(), |mut versions, index| {
                    if let Some(state) = self.motions.get(index) {
                        versions.entry(state.facts.version).or_default().push(*index);
                    }
                    versions
                });
            match versions.into_iter().collect::<Vec<_>>().as_slice() {
                [(version, motions)] => {
                    base = Some(*version);
                    moved.extend(motions);
                }
                _ => return moved,
            }
        }
    }

    /// The hub that an application is of.
    pub(crate) fn applicant(graph: &Graph, application: Index) -> Option<Hub> {
        graph.hub_of(*graph.get(application)?.cites.first()?.first()?)
    }
}

impl MotionState {
    /// The final outcome. None while no outcome has q tellers, and if lies gave two of them q.
    pub(crate) fn outcome(&self, seating: &Seating) -> Option<Outcome> {
        let mut finals = self.returned.iter().filter(|(_, tellers)| tellers.len() >= seating.quorum());
        match (finals.next(), finals.next()) {
            (Some((outcome, _)), None) => Some(*outcome),
            _ => None,
        }
    }

    /// Closings or refusals, by teller; of several of one teller the first by place.
    pub(crate) fn by_teller<'a>(graph: &'a Graph, list: &[Index]) -> BTreeMap<PublicKey, &'a Entry> {
        let mut entries: Vec<&Entry> = list.iter().filter_map(|index| graph.get(*index)).collect();
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.place()));
        entries.into_iter().map(|entry| (entry.author, entry)).collect()
    }
}

/// Whether a teller's record stands in its list.
pub(crate) fn wrote<'a>(graph: &'a Graph, list: &'a [Index], teller: &PublicKey) -> bool {
    list.iter().filter_map(|index| graph.get(*index)).any(|entry| entry.author == *teller)
}
