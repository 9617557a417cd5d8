//! The registry: takes records one by one, in any order that their logs allow, and gives verdicts.

use std::collections::BTreeSet;
use std::sync::Arc;

use cohub_record::{Appended, Hash, Id, Log, Place, PublicKey, Record};

use crate::content::{Content, Decoded};
use crate::founding::{self, Founding};
use crate::graph::{Entry, Graph, Index};
use crate::identity::Hub;
#[cfg(feature = "weaken")]
use crate::in_force::InForce;
use crate::kind::Fact;
use crate::known::Known;
use crate::past::Past;
use crate::seating::{Seating, Switch};
use crate::standing::{Access, Keeping, Standing};
use crate::state::State;
use crate::terms::Terms;
use crate::{
    Kind, Refused, Verdict, Void, application, ballot, erasure, handover, identity, motion, sharing, tellers,
    withdraw,
};

/// A function of the set of records given to it: no clock, no order of arrival, no configuration enters.
#[derive(Debug, Clone)]
pub struct Registry {
    pub(crate) graph: Graph,
    pub(crate) state: State,
    pub(crate) standing: Standing,
    pub(crate) founding: Arc<Founding>,
    network: Id,
}

/// What became of a record that was given to the registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inserted {
    /// How its log took it.
    pub appended: Appended,
    /// The verdicts that were newly given: its own, and those of records that had waited for it.
    pub verdicts: Vec<(Id, Verdict)>,
}

impl Registry {
    /// Begins with a founding record.
    ///
    /// # Errors
    /// [`Refused::NotFounding`], with the rule that it breaks.
    pub fn found(record: &Record) -> Result<Self, Refused> {
        let refused = |why: String| Refused::NotFounding(why);
        let mut graph = Graph::default();
        let content = Arc::new(Content::of(record));
        let (_, index) = graph.hold(record, &content).map_err(|e| refused(e.to_string()))?;
        let entry = graph.get(index).ok_or_else(|| refused("it was not held".to_owned()))?;
        let fact =
            content.fact.clone().ok_or_else(|| refused(format!("its kind is {}", record.header().kind)))?;
        let Fact::Founding(founding) = fact.map_err(refused)? else {
            return Err(refused(format!("its kind is {}", record.header().kind)));
        };
        let state = State::at_first(Seating::first(&founding), founding.charter.clone());
        let past = Past { graph: &graph, entry, kind: Kind::Founding, terms: Terms::of(&state) };
        past.attachments()
            .and_then(|()| founding::judge(&past, &founding, record.header().network.is_none()))
            .map_err(|void| refused(void.to_string()))?;
        Ok(Self::begun(graph, index, Arc::new(*founding), record.author(), record.id()))
    }

    /// A registry that holds a founding record, which is valid, and nothing else.
    pub(crate) fn begun(
        mut graph: Graph,
        index: Index,
        founding: Arc<Founding>,
        founder: PublicKey,
        network: Id,
    ) -> Self {
        let mut state = State::at_first(Seating::first(&founding), founding.charter.clone());
        let standing = Standing::of_founder(founder);
        let mut touched = BTreeSet::new();
        graph.settle(index, Verdict::Valid);
        state.enter(&graph, index, &mut touched);
        let mut registry = Self { graph, state, standing, founding, network };
        registry.update_standing(&touched);
        registry
    }

    /// Switches a rule off, here and in every term that follows.
    #[cfg(feature = "weaken")]
    pub fn switch_off(&mut self, rule: Option<Switch>) {
        let mut first = Seating::clone(&self.state.first);
        first.switch_off(rule);
        let first = Arc::new(first);
        self.state.now = InForce::at_first(Arc::clone(&first), Arc::clone(&self.state.charter));
        self.state.first = first;
    }

    /// The rule that was switched off.
    #[cfg(feature = "weaken")]
    #[must_use]
    pub fn switched_off(&self) -> Option<Switch> {
        self.state.first.switched_off()
    }

    /// Takes an authentic record.
    ///
    /// # Errors
    /// [`Refused`]; the registry is unchanged then.
    pub fn insert(&mut self, record: &Record) -> Result<Inserted, Refused> {
        self.take(record, &Arc::new(Content::of(record)))
    }

    /// Takes an authentic record whose content may have been decoded before.
    ///
    /// # Errors
    /// Like [`Registry::insert`].
    pub fn insert_decoded(&mut self, decoded: &Decoded) -> Result<Inserted, Refused> {
        self.take(decoded.record(), decoded.content())
    }

    fn take(&mut self, record: &Record, content: &Arc<Content>) -> Result<Inserted, Refused> {
        let own = record.header().network.unwrap_or_else(|| record.id());
        if own != self.network {
            return Err(Refused::WrongNetwork(self.network.to_network_text()));
        }
        let (appended, index) = self.graph.hold(record, content)?;
        let fresh = !matches!(appended, Appended::Present);
        let verdicts = if fresh { self.settle(index) } else { Vec::new() };
        Ok(Inserted { appended, verdicts })
    }

    /// Takes a record that another registry of this network holds, and whose past is here.
    pub(crate) fn take_again(&mut self, from: &Graph, index: Index) {
        if let Some(index) = self.graph.hold_again(from, index) {
            self.settle(index);
        }
    }

    /// Judges a held record, and those that waited for it.
    fn settle(&mut self, index: Index) -> Vec<(Id, Verdict)> {
        if !self.graph.is_ripe(index) {
            return Vec::new();
        }
        let mut verdicts = Vec::with_capacity(1);
        let (mut first, mut ripe) = (Some(index), Vec::new());
        let mut touched = BTreeSet::new();
        while let Some(index) = first.take().or_else(|| ripe.pop()) {
            let Some(verdict) = self.graph.get(index).and_then(|entry| self.judge(entry)) else { continue };
            verdicts.push((self.graph.id(index), verdict.clone()));
            let valid = verdict == Verdict::Valid;
            ripe.extend(self.graph.settle(index, verdict));
            if valid {
                self.state.enter(&self.graph, index, &mut touched);
            }
        }
        self.update_standing(&touched);
        verdicts
    }

    /// The verdict that a record would get now, without taking it.
    #[must_use]
    pub fn check(&self, record: &Record) -> Verdict {
        self.graph
            .preview(record, &self.network)
            .and_then(|entry| self.judge(&entry))
            .unwrap_or(Verdict::Pending)
    }

    /// The verdict on a record whose past is decided; none if its kind is unknown.
    fn judge(&self, entry: &Entry) -> Option<Verdict> {
        let kind = entry.kind?;
        let past = Past { graph: &self.graph, entry, kind, terms: Terms::of(&self.state) };
        Some(self.judge_kind(&past).map_or_else(Verdict::Void, |()| Verdict::Valid))
    }

    fn judge_kind(&self, past: &Past<'_>) -> Result<(), Void> {
        let entry = past.entry;
        let fact = match &entry.content.fact {
            Some(Ok(fact)) => fact,
            Some(Err(fault)) => return Err(past.void(0, format!("the body is malformed: {fault}"))),
            None => return Err(past.void(0, "the kind is unknown")),
        };
        past.attachments()?;
        // Protocol 3.1: a void cite makes a record void.
        let mut standing = entry.cites.all();
        // What a void record attached can be erased like anything else.
        if matches!(fact, Fact::Erase(_)) {
            standing.next();
        }
        if let Some(void) = standing.find(|cited| !self.graph.is_valid(*cited)) {
            return Err(past.void(0, format!("cites the void record {}", self.graph.id(void))));
        }
        // Protocol 6.7: a handover is the last record of its key.
        let handovers = self.state.handovers.get(&entry.author).into_iter().flatten();
        let mut handovers = handovers.filter_map(|index| self.graph.get(*index));
        let last = !self.state.first.is_off(Switch::LastRecord);
        if last && handovers.any(|handover| self.graph.precedes(handover, entry)) {
            return Err(past.void(0, "its author has handed over: nothing counts behind that"));
        }
        let on = entry.cite(0);
        let on = on.and_then(|motion| self.state.motions.get(&motion));
        match fact {
            Fact::Founding(_) => Err(past.void(1, "a network has one founding record")),
            Fact::Inception(inception) => identity::judge_inception(past, inception),
            Fact::Rotate(_) => identity::judge_rotate(past),
            Fact::Grant(grant) => identity::judge_grant(past, grant, self.grants_to(entry, &grant.key)),
            Fact::Sponsor(sponsor) => identity::judge_sponsor(past, sponsor),
            Fact::Application(fact) => application::judge_application(past, fact),
            Fact::Document(document) => application::judge_document(past, document),
            Fact::Review(review) => application::judge_review(past, review),
            Fact::Interview(_) => application::judge_interview(past),
            Fact::Sign(sign) => application::judge_sign(past, sign),
            Fact::Profile(profile) => identity::judge_profile(past, profile),
            Fact::Motion(motion) => motion::judge(past, motion),
            Fact::Ballot(ballot) => ballot::judge(past, ballot, on.map(|state| &state.facts)),
            Fact::Closing(closing) => tellers::judge_closing(past, closing, on),
            Fact::Return(returned) => tellers::judge_return(past, returned, on, &self.state),
            Fact::Handover(_) => handover::judge(past),
            Fact::Withdraw(_) => withdraw::judge(past, |controller, key| {
                past.gave_before(controller, key, self.grants_to_by(controller, key))
            }),
            Fact::Share(share) => sharing::judge(past, share),
            Fact::Erase(erase) => erasure::judge(past, erase, |controller, key| {
                past.gave_before(controller, key, self.grants_to_by(controller, key))
            }),
        }
    }

    /// The grants to a key by the hub for which a record's author stands.
    fn grants_to(&self, entry: &Entry, key: &PublicKey) -> &[Index] {
        entry.cite(0).map_or(&[], |controller| self.grants_to_by(controller, key))
    }

    /// The grants to a key by the hub for which an inception or rotate stands.
    fn grants_to_by(&self, controller: Index, key: &PublicKey) -> &[Index] {
        let lineage = self.state.lineages.get(&controller);
        let hub = lineage.and_then(|lineage| self.state.hubs.get(&lineage.hub));
        hub.and_then(|hub| hub.grants.get(key)).map_or(&[], Vec::as_slice)
    }

    fn update_standing(&mut self, touched: &BTreeSet<Hub>) {
        if !touched.is_empty() {
            let known = Known { graph: &self.graph, state: &self.state, founding: &self.founding };
            self.standing.update(known, touched);
        }
    }

    /// The committee in office.
    pub(crate) fn seating(&self) -> &Seating {
        &self.state.now.seating
    }

    pub(crate) fn known(&self) -> Known<'_> {
        Known { graph: &self.graph, state: &self.state, founding: &self.founding }
    }

    /// The network: the id of its founding record.
    #[must_use]
    pub const fn network(&self) -> Id {
        self.network
    }

    /// The founding record's content.
    #[must_use]
    pub fn founding(&self) -> &Founding {
        &self.founding
    }

    /// The verdict on a held record.
    #[must_use]
    pub fn verdict(&self, id: &Id) -> Option<&Verdict> {
        self.entry(id).map(|entry| &entry.verdict)
    }

    /// Where a held record stands.
    #[must_use]
    pub fn place(&self, id: &Id) -> Option<(PublicKey, Place)> {
        self.entry(id).map(|entry| (entry.author, entry.place()))
    }

    pub(crate) fn entry(&self, id: &Id) -> Option<&Entry> {
        self.graph.index(id).and_then(|index| self.graph.get(index))
    }

    /// The log of a key.
    #[must_use]
    pub fn log(&self, author: &PublicKey) -> Option<&Log> {
        self.graph.log(author)
    }

    /// The keys that have a log here, in order.
    pub fn authors(&self) -> impl Iterator<Item = PublicKey> + '_ {
        self.graph.logs().map(|(author, _)| *author)
    }

    /// Records held.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.graph.len()
    }

    /// Whether nothing is held; never so, since a registry begins with a founding record.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.graph.len() == 0
    }

    /// Ids that held records cite and that are not held, in order.
    #[must_use]
    pub fn missing(&self) -> Vec<Id> {
        self.graph.missing()
    }

    /// Whether nodes keep the log of a key.
    #[must_use]
    pub fn keeping(&self, author: &PublicKey) -> Keeping {
        self.standing.keeping(author)
    }

    /// Where the log of a key ends, if it was cut: the last place that counts, or none at all.
    #[must_use]
    pub fn cut(&self, author: &PublicKey) -> Option<Option<Place>> {
        self.state.cut_of(author)
    }

    /// Protocol 3.5: how the log of a key is kept that a kept hub committed its next rotation to.
    #[must_use]
    pub fn committed(&self, key: &PublicKey) -> Keeping {
        let committing = self.state.commitments.get(&identity::recovery_hash(key)).into_iter().flatten();
        let kept = committing.filter_map(|index| self.graph.get(*index)).map(|entry| {
            match self.keeping(&entry.author) {
                // A rotation costs a prospect at least the record that it ends with.
                Keeping::Prospect { records } if records > 1 => Keeping::Prospect { records: records - 1 },
                Keeping::Prospect { .. } => Keeping::Unknown,
                kept => kept,
            }
        });
        kept.max().unwrap_or(Keeping::Unknown)
    }

    /// The held records that wait for the verdict of a record, with their authors. It need not be held.
    #[must_use]
    pub fn waiting_for(&self, id: &Id) -> Vec<(PublicKey, Place)> {
        let waiters = self.graph.index(id).into_iter().flat_map(|index| self.graph.waiters(index));
        waiters.map(|entry| (entry.author, entry.place())).collect()
    }

    /// What the key of a node is to this network.
    #[must_use]
    pub fn access(&self, node: &PublicKey) -> Access {
        self.standing.access(node)
    }

    /// The keys of nodes that this network knows, in order, with what each is to it.
    pub fn nodes(&self) -> impl Iterator<Item = (PublicKey, Access)> + '_ {
        self.standing.nodes()
    }

    /// The first controller of the hub that a key belongs to.
    #[must_use]
    pub fn hub_of(&self, key: &PublicKey) -> Option<PublicKey> {
        let hub = self.standing.hub_of(key)?;
        self.known().first_controller(hub)
    }

    /// The valid records of a kind, by id.
    #[must_use]
    pub fn ids_of(&self, kind: Kind) -> Vec<Id> {
        let mut ids: Vec<Id> = self
            .graph
            .entries()
            .filter(|entry| entry.is_valid() && entry.is(kind))
            .map(|entry| entry.id)
            .collect();
        ids.sort_unstable();
        ids
    }

    /// The held records that cite a record, by id. Looks at every record.
    #[must_use]
    pub fn cited_by(&self, id: &Id) -> Vec<Id> {
        let Some(index) = self.graph.index(id) else { return Vec::new() };
        let cites = |entry: &&Entry| entry.cites.all().any(|cited| cited == index);
        let mut ids: Vec<Id> = self.graph.entries().filter(cites).map(|entry| entry.id).collect();
        ids.sort_unstable();
        ids
    }

    /// The hash of the registry's canonical bytes; equal on nodes that hold the same records.
    #[must_use]
    pub fn head(&self) -> Hash {
        self.view().head()
    }
}
