//! What valid records add up to: grow-only collections, from which everything shown is derived.
//!
//! **Invariant**: indexes depend on the order of arrival, so no collection here is shown in their order.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cohub_record::{Hash, Id, Place, PublicKey};

use crate::application::{Signed, application_of};
use crate::dispute::Disputes;
use crate::graph::{Entry, Graph, Index};
use crate::identity::{Hub, Inception, Rotate};
use crate::in_force::InForce;
use crate::kind::Fact;
use crate::motion;
use crate::past::content;
pub(crate) use crate::polled::{MotionState, OfSeat, wrote};
use crate::seating::Seating;
use crate::slot::Slot;
use crate::tellers::Closing;
use crate::terms::Terms;
use crate::withdraw::{self, Withdrawn};
use crate::{Charter, Kind, Outcome};

/// One hub's records.
#[derive(Debug, Clone, Default)]
pub(crate) struct HubState {
    pub(crate) inceptions: Vec<Index>,
    /// Rotations by the key that took over.
    pub(crate) rotates: BTreeMap<PublicKey, Vec<Index>>,
    /// Keys that took over more than once: rivals of themselves.
    pub(crate) rivals: usize,
    /// Grants and revocations by the key that they are about.
    pub(crate) grants: BTreeMap<PublicKey, Vec<Index>>,
    pub(crate) sponsorships: Vec<Index>,
    pub(crate) profiles: Vec<Index>,
    pub(crate) applications: Vec<Index>,
    /// Withdrawals from the network.
    pub(crate) exits: Vec<Index>,
}

/// How an inception or rotate came to speak for its hub.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lineage {
    pub(crate) hub: Hub,
    /// What it followed; an inception followed nothing.
    pub(crate) before: Option<Index>,
    /// Rotations since the inception.
    pub(crate) rotations: usize,
    /// Records that count in the logs of the controllers before.
    pub(crate) records_before: u64,
}

/// One application's dossier.
#[derive(Debug, Clone, Default)]
pub(crate) struct Dossier {
    pub(crate) documents: Vec<Index>,
    pub(crate) reviews: Vec<Index>,
    pub(crate) interviews: Vec<Index>,
    pub(crate) withdrawals: Vec<Index>,
}

/// All of it.
#[derive(Debug, Clone)]
pub(crate) struct State {
    /// The seating of the first term, which follows from the founding record.
    pub(crate) first: Arc<Seating>,
    /// The founding record's charter.
    pub(crate) charter: Arc<Charter>,
    /// Committee and charter as they are now.
    pub(crate) now: InForce,
    /// The founders' keys that the founding record grants.
    pub(crate) founders_keys: BTreeMap<PublicKey, Hub>,
    /// Where the logs of hubs end that were expelled.
    pub(crate) expulsions: BTreeMap<PublicKey, Option<Place>>,
    /// Handovers by teller.
    pub(crate) handovers: BTreeMap<PublicKey, Vec<Index>>,
    pub(crate) hubs: BTreeMap<Hub, HubState>,
    /// Hubs by their first controller: several where it forked its inception.
    pub(crate) hubs_of_first: BTreeMap<PublicKey, BTreeSet<Hub>>,
    /// How each inception and rotate came to speak for its hub.
    pub(crate) lineages: BTreeMap<Index, Lineage>,
    /// Inceptions and rotates by the recovery key that they commit to.
    pub(crate) commitments: BTreeMap<Hash, Vec<Index>>,
    /// Sponsorships, and who sponsored, by the controller that they name.
    pub(crate) sponsorships_of: BTreeMap<PublicKey, Vec<(Index, Hub)>>,
    pub(crate) applications: BTreeMap<Index, Dossier>,
    pub(crate) motions: BTreeMap<Index, MotionState>,
    /// The hubs whose standing motions are about, by the ids that these name.
    pub(crate) standing_of: BTreeSet<Id>,
    /// Motions by what they would replace.
    pub(crate) contenders: BTreeMap<(Slot, Option<Hash>), Vec<Index>>,
    /// Certificates that contradict each other.
    pub(crate) disputes: Disputes,
    /// Signatures under the admission that a motion decided.
    pub(crate) signatures: BTreeMap<Index, Vec<Index>>,
    /// Signatures under manifestos.
    pub(crate) manifesto_signatures: Vec<Index>,
    /// Records by the attachments that they describe.
    pub(crate) attachments: BTreeMap<Hash, Vec<Index>>,
    /// Erasures by the attachments that they name.
    pub(crate) erasures: BTreeMap<Hash, Vec<Index>>,
    /// Shares by the record whose attachments they open.
    pub(crate) shares: BTreeMap<Index, Vec<Index>>,
    /// Where logs end: the last place that counts, or none of them.
    pub(crate) cuts: BTreeMap<PublicKey, Option<Place>>,
    /// The hubs whose standing an author's records touched: a cut touches them again.
    pub(crate) touched_by: BTreeMap<PublicKey, BTreeSet<Hub>>,
}

impl State {
    /// Nothing but what the founding record puts in force.
    pub(crate) fn at_first(seating: Seating, charter: Charter) -> Self {
        let (first, charter) = (Arc::new(seating), Arc::new(charter));
        Self {
            now: InForce::at_first(Arc::clone(&first), Arc::clone(&charter)),
            first,
            charter,
            founders_keys: BTreeMap::new(),
            expulsions: BTreeMap::new(),
            handovers: BTreeMap::new(),
            hubs: BTreeMap::new(),
            hubs_of_first: BTreeMap::new(),
            lineages: BTreeMap::new(),
            commitments: BTreeMap::new(),
            sponsorships_of: BTreeMap::new(),
            applications: BTreeMap::new(),
            motions: BTreeMap::new(),
            standing_of: BTreeSet::new(),
            contenders: BTreeMap::new(),
            disputes: Disputes::default(),
            signatures: BTreeMap::new(),
            manifesto_signatures: Vec::new(),
            attachments: BTreeMap::new(),
            erasures: BTreeMap::new(),
            shares: BTreeMap::new(),
            cuts: BTreeMap::new(),
            touched_by: BTreeMap::new(),
        }
    }

    /// Enters a record that was found valid. Adds to `touched` the hubs whose standing it may change.
    pub(crate) fn enter(&mut self, graph: &Graph, index: Index, touched: &mut BTreeSet<Hub>) {
        let Some(entry) = graph.get(index) else { return };
        let Some(fact) = entry.content() else { return };
        for descriptor in &entry.content.attachments {
            self.attachments.entry(descriptor.hash).or_default().push(index);
        }
        let on = entry.cite(0);
        let last = entry.cite(1).and_then(|last| graph.get(last));
        let hub = match (fact, on) {
            (Fact::Founding(founding), _) => {
                for (place, founder) in (0u16..).zip(founding.founders.iter()) {
                    self.hubs.insert(Hub::Founder(place), HubState::default());
                    self.hubs_of_first.entry(founder.controller).or_default().insert(Hub::Founder(place));
                    let keys = founder.keys.iter().map(|granted| (granted.key, Hub::Founder(place)));
                    self.founders_keys.extend(keys);
                    touched.insert(Hub::Founder(place));
                }
                None
            }
            (Fact::Inception(inception), _) => self.enter_inception(graph, inception, index),
            (Fact::Rotate(rotate), Some(before)) => {
                let hub = self.enter_rotate(graph, rotate, index, before, last);
                if let Some(old) = graph.get(before) {
                    self.cut(old.author, last.map(Entry::place), touched);
                }
                hub
            }
            (Fact::Grant(grant), Some(controller)) => {
                let hub = self.lineages.get(&controller).map(|lineage| lineage.hub);
                self.hub(hub, |hub| hub.grants.entry(grant.key).or_default().push(index));
                if grant.roles.is_empty() {
                    self.cut(grant.key, last.map(Entry::place), touched);
                }
                hub
            }
            (Fact::Sponsor(sponsor), Some(grant)) => {
                let hub = graph.granted(grant, &entry.author).map(|(hub, _)| hub);
                self.hub(hub, |hub| hub.sponsorships.push(index));
                let named = self.sponsorships_of.entry(sponsor.controller).or_default();
                named.extend(hub.map(|hub| (index, hub)));
                hub
            }
            (Fact::Application(_), Some(controller)) => {
                let hub = self.lineages.get(&controller).map(|lineage| lineage.hub);
                self.hub(hub, |hub| hub.applications.push(index));
                self.applications.entry(index).or_default();
                hub
            }
            (Fact::Sign(_), Some(subject)) => self.enter_signature(graph, subject, index),
            (Fact::Return(returned), Some(motion)) => {
                if self.enter_return((returned.outcome, entry.author), motion, index) {
                    self.decided(graph, motion, touched);
                }
                None
            }
            (Fact::Withdraw(_), _) => self.enter_withdrawal(graph, entry, index, touched),
            (fact, on) => {
                self.enter_word(graph, entry, fact, on, index);
                None
            }
        };
        if let Some(hub) = hub {
            // Whose keys an expulsion ends follows from its hub's grants and rotations too.
            let gives_keys = matches!(fact, Fact::Inception(_) | Fact::Rotate(_) | Fact::Grant(_));
            if gives_keys && self.has_standing_motion(graph, hub) {
                self.derive_expulsions(graph, touched);
            }
            touched.insert(hub);
            self.touched_by.entry(entry.author).or_default().insert(hub);
        }
    }

    /// Enters what touches nobody's standing.
    fn enter_word(&mut self, graph: &Graph, entry: &Entry, fact: &Fact, on: Option<Index>, index: Index) {
        match (fact, on) {
            (Fact::Document(_) | Fact::Review(_) | Fact::Interview(_), _) => self.enter_dossier(entry, index),
            (Fact::Profile(_), Some(controller)) => {
                let hub = self.lineages.get(&controller).map(|lineage| lineage.hub);
                self.hub(hub, |hub| hub.profiles.push(index));
            }
            (Fact::Motion(_), _) => self.enter_motion(graph, entry, index),
            (Fact::Ballot(ballot), Some(motion)) => {
                if let Some(state) = self.motions.get_mut(&motion)
                    && let Some(seat) = state.facts.roll.place_of(&entry.author)
                {
                    state.ballots.entry(seat).or_default().insert(entry.place(), ballot.choice);
                }
            }
            (Fact::Closing(closing), Some(motion)) => self.enter_closing(closing, motion, index),
            (Fact::Erase(erase), _) => {
                for hash in erase.attachments.iter() {
                    self.erasures.entry(*hash).or_default().push(index);
                }
            }
            (Fact::Share(_), Some(record)) => self.shares.entry(record).or_default().push(index),
            (Fact::Handover(_), _) => self.handovers.entry(entry.author).or_default().push(index),
            _ => {}
        }
    }

    fn hub(&mut self, hub: Option<Hub>, change: impl FnOnce(&mut HubState)) {
        if let Some(hub) = hub {
            change(self.hubs.entry(hub).or_default());
        }
    }

    /// Of several cuts of one log the earliest counts.
    fn cut(&mut self, key: PublicKey, last: Option<Place>, touched: &mut BTreeSet<Hub>) {
        self.cuts.entry(key).and_modify(|place| *place = (*place).min(last)).or_insert(last);
        touched.extend(self.touched_by.get(&key).into_iter().flatten());
    }

    fn enter_inception(&mut self, graph: &Graph, inception: &Inception, index: Index) -> Option<Hub> {
        let hub = graph.hub_of(index)?;
        let author = graph.get(index)?.author;
        self.hub(Some(hub), |hub| hub.inceptions.push(index));
        self.hubs_of_first.entry(author).or_default().insert(hub);
        self.lineages.insert(index, Lineage { hub, before: None, rotations: 0, records_before: 0 });
        self.commitments.entry(inception.recovery).or_default().push(index);
        Some(hub)
    }

    fn enter_rotate(
        &mut self,
        graph: &Graph,
        rotate: &Rotate,
        index: Index,
        before: Index,
        last: Option<&Entry>,
    ) -> Option<Hub> {
        let Lineage { hub, rotations, records_before, .. } = *self.lineages.get(&before)?;
        let author = graph.get(index)?.author;
        self.hub(Some(hub), |hub| {
            let rotates = hub.rotates.entry(author).or_default();
            rotates.push(index);
            hub.rivals += usize::from(rotates.len() == 2);
        });
        let records_before = records_before.saturating_add(last.map_or(0, |last| last.seq.saturating_add(1)));
        let lineage = Lineage { hub, before: Some(before), rotations: rotations + 1, records_before };
        self.lineages.insert(index, lineage);
        self.commitments.entry(rotate.recovery).or_default().push(index);
        Some(hub)
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

    /// A signature under an admission touches the hub that is admitted.
    fn enter_signature(&mut self, graph: &Graph, subject: Index, index: Index) -> Option<Hub> {
        let entry = graph.get(index)?;
        if content!(entry, Sign)?.subject == Signed::Manifesto {
            self.manifesto_signatures.push(index);
            return None;
        }
        let returned = graph.get(subject).filter(|returned| returned.is(Kind::Return))?;
        let motion = returned.cite(0)?;
        self.signatures.entry(motion).or_default().push(index);
        self.applicant(graph, self.motions.get(&motion)?)
    }

    /// Answers whether a return made an outcome final, or took that away again.
    fn enter_return(&mut self, (outcome, teller): (Outcome, PublicKey), motion: Index, index: Index) -> bool {
        let Some(state) = self.motions.get_mut(&motion) else { return false };
        state.returns.push(index);
        let tellers = state.returned.entry(outcome).or_default();
        tellers.insert(teller) && tellers.len() == state.facts.seating.quorum()
    }

    /// A withdrawal from the network ends the hub's logs.
    fn enter_withdrawal(
        &mut self,
        graph: &Graph,
        entry: &Entry,
        index: Index,
        touched: &mut BTreeSet<Hub>,
    ) -> Option<Hub> {
        match withdraw::withdrawn(graph, entry)? {
            Withdrawn::Application(application) => {
                self.applications.get_mut(&application)?.withdrawals.push(index);
                self.hub_of_application(graph, application)
            }
            Withdrawn::Motion(motion) => {
                self.motions.get_mut(&motion)?.withdrawals.push(index);
                None
            }
            Withdrawn::Exit(hub) => {
                self.hub(Some(hub), |hub| hub.exits.push(index));
                for last in withdraw::ends(graph, entry) {
                    self.cut(last.author, Some(last.place()), touched);
                }
                Some(hub)
            }
        }
    }

    fn enter_motion(&mut self, graph: &Graph, entry: &Entry, index: Index) {
        let Some(facts) = motion::facts(Terms::of(self), graph, entry) else { return };
        if let Slot::Hub(hub) = &facts.slot {
            self.standing_of.insert(*hub);
        }
        self.contenders.entry((facts.slot.clone(), facts.base)).or_default().push(index);
        self.motions.insert(index, MotionState::of(facts));
    }

    fn enter_closing(&mut self, closing: &Closing, motion: Index, index: Index) {
        if let Some(state) = self.motions.get_mut(&motion) {
            let list = if closing.refusal.is_some() { &mut state.refusals } else { &mut state.closings };
            list.push(index);
        }
    }

    /// Protocol 3.3: whether a record stands before every cut of its log.
    pub(crate) fn counts(&self, graph: &Graph, entry: &Entry) -> bool {
        match self.cut_of(&entry.author) {
            None => true,
            Some(None) => false,
            Some(Some(last)) => graph.log_of(entry).is_some_and(|log| log.descends(last, entry.place())),
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

    /// The hub whose application a motion is about.
    pub(crate) fn applicant(&self, graph: &Graph, motion: &MotionState) -> Option<Hub> {
        let Slot::Application(application) = &motion.facts.slot else { return None };
        self.hub_of_application(graph, graph.index(application)?)
    }

    /// The hub that an application is of.
    pub(crate) fn hub_of_application(&self, graph: &Graph, application: Index) -> Option<Hub> {
        let controller = graph.get(application)?.cite(0)?;
        self.lineages.get(&controller).map(|lineage| lineage.hub)
    }
}
