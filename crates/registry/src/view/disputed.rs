//! Disputed slots as the registry shows them: certificates that contradict each other, and who signed for both.

use cohub_record::{Id, PublicKey};
use serde::Serialize;

use crate::dispute::{Certified, Contest, Liar};
use crate::graph::Index;
use crate::slot::Slot;
use crate::{Outcome, Registry};

/// Certificates that contradict each other (Protocol 6.10): more tellers lied than the rules bear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DisputeView {
    /// `disputed`.
    pub kind: &'static str,
    /// What is disputed: `application`, `hub`, `keys`, `committee`, `charter`, `manifesto`, `panel` or `resolution`.
    pub slot: &'static str,
    /// Which of these.
    pub subject: String,
    /// The motion that gave the slot the value that it keeps meanwhile; none where it had none.
    pub base: Option<Id>,
    /// The certificates, by motion and outcome.
    pub certificates: Vec<CertificateView>,
    /// The motion that stands all the same: a later term settled it.
    pub stands: Option<Id>,
    /// Who signed for both sides, by key.
    pub tellers: Vec<LiarView>,
}

/// One side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CertificateView {
    /// The motion.
    pub motion: Id,
    /// What becomes true if it is adopted.
    pub question: String,
    /// What q tellers returned.
    pub outcome: Outcome,
    /// Their returns.
    pub returns: Vec<Id>,
}

/// A teller that signed for both sides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LiarView {
    /// Its key.
    pub author: PublicKey,
    /// Its hub.
    pub hub: Option<String>,
    /// Its return for either side.
    pub returns: [Id; 2],
    /// The sequence number at which its log forks on the way to them.
    pub seq: u64,
    /// The two records there.
    pub records: [Id; 2],
}

impl Registry {
    /// Decisions that are disputed, and of which nothing says what stands.
    #[must_use]
    pub fn disputes(&self) -> usize {
        self.dispute_views().iter().filter(|dispute| dispute.stands.is_none()).count()
    }

    /// Every disputed slot, in order of slots.
    pub(crate) fn dispute_views(&self) -> Vec<DisputeView> {
        self.state.contests().iter().filter_map(|contest| self.dispute_view(contest)).collect()
    }

    /// Whether a certificate of a motion contradicts another one, and nothing says which stands.
    pub(super) fn is_disputed(&self, motion: Index) -> bool {
        let Some(facts) = self.state.motions.get(&motion).map(|state| &state.facts) else { return false };
        let contest = (facts.slot.clone(), facts.base);
        if !self.state.contests().contains(&contest) {
            return false;
        }
        let certificates = self.state.certificates(&contest);
        let own = certificates.iter().filter(|(of, _)| *of == motion);
        let mut contradicted =
            own.filter(|one| certificates.iter().any(|other| self.state.contradicts(**one, *other)));
        contradicted.next().is_some() && self.standing_on(&contest) != Some(facts.version)
    }

    /// The version that the registry counts as the next on a base.
    fn standing_on(&self, contest: &Contest) -> Option<cohub_record::Hash> {
        let (slot, base) = contest;
        if *slot == Slot::Generation {
            return self.state.version_after(contest).map(|(version, _)| version);
        }
        let history = self.state.history(&self.graph, slot);
        let versions = history.iter().filter_map(|motions| self.state.motions.get(motions.first()?));
        versions.map(|state| &state.facts).find(|facts| facts.base == *base).map(|facts| facts.version)
    }

    fn dispute_view(&self, contest: &Contest) -> Option<DisputeView> {
        let all = self.state.certificates(contest);
        let contradicted = |one: &Certified| all.iter().any(|other| self.state.contradicts(*one, *other));
        let mut sides: Vec<Certified> = all.iter().copied().filter(contradicted).collect();
        sides.sort_by_key(|(motion, outcome)| (self.graph.id(*motion), *outcome));
        let facts = |motion: Index| self.state.motions.get(&motion).map(|state| &state.facts);
        let stands = self.standing_on(contest);
        let stands = sides.iter().find(|(motion, outcome)| {
            *outcome == Outcome::Adopted
                && stands.is_some()
                && facts(*motion).map(|facts| facts.version) == stands
        });
        let base =
            sides.iter().filter_map(|(motion, _)| facts(*motion)?.after).map(|motion| self.graph.id(motion));
        let certificate = |(motion, outcome): &Certified| {
            let (id, effect) = (self.graph.id(*motion), crate::motion::effect(&self.graph, *motion)?);
            let returns = self.returns_for(*motion, *outcome)?.iter().map(|entry| entry.id).collect();
            Some(CertificateView { motion: id, question: self.question(effect), outcome: *outcome, returns })
        };
        let mut tellers: Vec<LiarView> = Vec::new();
        for (place, one) in sides.iter().enumerate() {
            for other in sides[..place].iter().filter(|other| self.state.contradicts(*one, **other)) {
                let liars = self.state.liars(&self.graph, *other, *one);
                tellers.extend(liars.into_iter().filter_map(|liar| self.liar_view(&liar)));
            }
        }
        tellers.sort_by_key(|liar| (liar.author, liar.returns));
        Some(DisputeView {
            kind: "disputed",
            slot: contest.0.word(),
            subject: self.subject(&contest.0),
            base: base.min(),
            certificates: sides.iter().filter_map(certificate).collect(),
            stands: stands.map(|(motion, _)| self.graph.id(*motion)),
            tellers,
        })
    }

    fn liar_view(&self, liar: &Liar) -> Option<LiarView> {
        let hubs = self.state.hubs_of_teller(liar.teller);
        Some(LiarView {
            author: liar.teller,
            hub: hubs.filter_map(|hub| self.hub_text(hub)).min(),
            returns: liar.returns.map(|index| self.graph.id(index)),
            seq: self.graph.get(liar.fork[0])?.seq,
            records: liar.fork.map(|index| self.graph.id(index)),
        })
    }
}
