//! Liars who are tellers. They know the true time and whatever their node holds, and keep one chain of
//! records for each face that they show.

use std::collections::{BTreeMap, BTreeSet};

use cohub_record::{Field as _, Id, Record};
use cohub_registry::{Choice, Contents, Duty, Kind, Outcome, Registry, Return};
use cohub_replica::wire::Item;

use crate::cast::{Desk, header};
use crate::dice::Dice;
use crate::liars::Vice;
use crate::oracle;
use crate::scenario::GRACE_MS;
use crate::world::World;

/// One face: records that continue each other, and who is shown them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Chain {
    pub(super) records: Vec<Record>,
    audience: BTreeSet<usize>,
    closed: BTreeMap<Id, Id>,
    returned: BTreeSet<Id>,
}

/// What a face wants to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bias {
    /// Everything as it is.
    None,
    /// Only what speaks for the motion.
    For,
    /// Only what speaks against it.
    Against,
}

impl World {
    /// Closes and returns, as the vices have it.
    pub(super) fn tell_votes(&mut self, place: usize) {
        self.take_next_seat(place);
        let Some(desk) = self.liars.get(&place).map(|liar| liar.desk) else { return };
        let teller = self.cast.hubs[place].key(desk);
        let Some(registry) = self.nodes[place].registry() else { return };
        let mut duties: Vec<Duty> = registry.duties(&teller);
        // Own records are known here before the node holds them all.
        duties.retain(|duty| duty.deadline_ms < self.now_ms + 86_400_000);
        let Some(liar) = self.liars.get(&place) else { return };
        if liar.has(Vice::Silent) {
            return;
        }
        let faces = if liar.has(Vice::TwoFaces) { 2 } else { 1 };
        self.grow_faces(place, faces);
        for duty in duties {
            for face in 0..faces {
                self.close(place, face, &duty);
                self.return_outcome(place, face, &duty);
            }
        }
    }

    /// Once its committee is succeeded a liar hands over with each of its faces, or with none, and counts with its
    /// fresh key.
    fn take_next_seat(&mut self, place: usize) {
        let [old, fresh] = [Desk::Teller, Desk::NextTeller].map(|desk| self.cast.hubs[place].key(desk));
        let Some(registry) = self.nodes[place].registry() else { return };
        let is_old = self.liars.get(&place).is_some_and(|liar| liar.desk == Desk::Teller);
        if !is_old || !registry.has_counted(&fresh) {
            return;
        }
        let due = registry.handover_due(&old);
        let faces = self.liars.get(&place).map_or(0, |liar| liar.chains.len());
        for face in 0..faces {
            let says = self.liars.get_mut(&place).is_some_and(|liar| liar.dice.chance(500));
            if let Some(due) = due.as_ref().filter(|_| says) {
                self.show(place, face, due.contents.clone());
            }
        }
        if let Some(liar) = self.liars.get_mut(&place) {
            liar.past.append(&mut liar.chains);
            liar.desk = Desk::NextTeller;
        }
    }

    fn grow_faces(&mut self, place: usize, faces: usize) {
        let halves = self.halves(place);
        let Some(liar) = self.liars.get_mut(&place) else { return };
        if liar.chains.is_empty() {
            liar.chains.push(Chain::default());
        }
        // The second face splits off the first.
        while liar.chains.len() < faces {
            let first = liar.chains[0].clone();
            liar.chains.push(first);
        }
        for (chain, half) in liar.chains.iter_mut().zip(halves) {
            chain.audience = half;
        }
    }

    /// When the liar closes.
    fn closes_ms(&self, place: usize, duty: &Duty) -> u64 {
        let due_ms = duty.deadline_ms + GRACE_MS;
        match self.liars.get(&place) {
            Some(liar) if liar.has(Vice::Hasty) => 0,
            Some(liar) if liar.has(Vice::Tardy) => due_ms + 2 * GRACE_MS,
            _ => due_ms,
        }
    }

    fn close(&mut self, place: usize, face: usize, duty: &Duty) {
        let closed = self.liars[&place].chains[face].closed.contains_key(&duty.motion);
        let repeats = self.liars[&place].has(Vice::Repeats);
        if self.now_ms < self.closes_ms(place, duty) || (closed && !repeats) {
            return;
        }
        let Some(registry) = self.nodes[place].registry() else { return };
        let candidates = registry.heads(&duty.motion);
        let Some(liar) = self.liars.get_mut(&place) else { return };
        if closed && !liar.dice.chance(50) {
            return;
        }
        let bias = bias(liar.has(Vice::TwoFaces), face);
        let hasty = liar.has(Vice::Hasty);
        let mut heads: Vec<Id> = candidates.iter().filter_map(|seat| liar.dice.pick(seat)).collect();
        heads.retain(|head| !hasty && pleases(bias, self.checks.record(head)));
        let contents = registry.closing(&duty.motion, &heads, None);
        if let Some(id) = self.show(place, face, contents)
            && let Some(liar) = self.liars.get_mut(&place)
        {
            liar.chains[face].closed.insert(duty.motion, id);
        }
    }

    fn return_outcome(&mut self, place: usize, face: usize, duty: &Duty) {
        let liar = &self.liars[&place];
        let returned = liar.chains[face].returned.contains(&duty.motion);
        if liar.has(Vice::KeepsBack) || returned && !liar.has(Vice::Repeats) {
            return;
        }
        let Some(contents) = self.draft_return(place, face, &duty.motion) else { return };
        let Some(liar) = self.liars.get_mut(&place) else { return };
        if returned && !liar.dice.chance(50) {
            return;
        }
        liar.chains[face].returned.insert(duty.motion);
        self.show(place, face, contents);
    }

    /// A return that suits the face, from closings that were chosen for it; any, where none does.
    fn draft_return(&mut self, place: usize, face: usize, motion: &Id) -> Option<Contents> {
        const ATTEMPTS: usize = 12;
        let registry = self.nodes[place].registry()?;
        let own = self.liars[&place].chains[face].closed.get(motion).copied();
        let mut closings = self.closings(registry, motion);
        let teller = self.cast.hubs[place].key(self.liars[&place].desk);
        if let Some(own) = own {
            closings.insert(teller, vec![own]);
        }
        let (seats, tolerated) = (self.cast.founders, self.cast.tolerated());
        let unsupported = self.cast.unsupported(self.scenario.switched_off);
        let two_faced = self.liars[&place].has(Vice::TwoFaces);
        let wrong = self.liars[&place].has(Vice::WrongOutcome);
        let rule = self.rule_of(motion)?;
        let liar = self.liars.get_mut(&place)?;
        let mut best = None;
        for _ in 0..ATTEMPTS {
            let cited = choose(&mut liar.dice, &closings, seats - tolerated);
            if cited.is_empty() {
                return None;
            }
            let votes = oracle::votes(registry, &self.checks, motion, &cited, unsupported);
            let outcome = rule.decide(u32::try_from(seats).ok()?, &votes).outcome;
            let pleasing = match bias(two_faced, face) {
                Bias::None => true,
                Bias::For => outcome == Outcome::Adopted,
                Bias::Against => outcome != Outcome::Adopted,
            };
            if best.is_none() || pleasing {
                best = Some((cited, votes, outcome));
            }
            if pleasing {
                break;
            }
        }
        let (cited, tally, outcome) = best?;
        let outcome = match outcome {
            Outcome::Adopted if wrong => Outcome::Rejected,
            _ if wrong => Outcome::Adopted,
            outcome => outcome,
        };
        let body = Return { outcome, tally }.to_value();
        Some(Contents { kind: Kind::Return, cites: vec![vec![*motion], cited, Vec::new()], body })
    }

    /// The closings of a motion that a node holds, by teller.
    pub(super) fn closings(
        &self,
        registry: &Registry,
        motion: &Id,
    ) -> BTreeMap<cohub_record::PublicKey, Vec<Id>> {
        let mut closings: BTreeMap<_, Vec<Id>> = BTreeMap::new();
        for id in registry.ids_of(Kind::Closing) {
            let counts = self.checks.motion_of(&id) == Some(*motion)
                && self.checks.record(&id).is_some_and(|record| !is_refusal(record));
            if let Some((author, _)) = registry.place(&id).filter(|_| counts) {
                closings.entry(author).or_default().push(id);
            }
        }
        closings
    }

    /// Signs the next record of a face and shows it to its audience.
    fn show(&mut self, place: usize, face: usize, contents: Contents) -> Option<Id> {
        let chain = &self.liars[&place].chains[face];
        let last = chain.records.last().map(|record| (record.header().seq + 1, record.id()));
        let header = header(self.cast.network(), contents, last, self.now_ms);
        let record = self.forge(place, self.liars[&place].desk, header)?;
        let (id, item) = (record.id(), Item::bare(record.clone()));
        let two_faced = self.liars[&place].chains.len() > 1;
        let liar = self.liars.get_mut(&place)?;
        liar.chains[face].records.push(record);
        let audience = liar.chains[face].audience.clone();
        if two_faced {
            self.confide(place, item.clone(), audience);
        }
        // The first face is the one that its own node knows, too.
        if face == 0 {
            self.plant(place, &item, !two_faced);
        } else {
            self.checks.forged(item.record());
        }
        Some(id)
    }
}

const fn bias(two_faced: bool, face: usize) -> Bias {
    match (two_faced, face) {
        (false, _) => Bias::None,
        (true, 0) => Bias::For,
        (true, _) => Bias::Against,
    }
}

/// Whether a ballot suits a face.
fn pleases(bias: Bias, ballot: Option<&Record>) -> bool {
    let choice = ballot.and_then(|record| cohub_registry::Ballot::from_value(&record.header().body).ok());
    let is_yes = choice.is_some_and(|ballot| ballot.choice == Choice::Yes);
    match bias {
        Bias::None => true,
        Bias::For => is_yes,
        Bias::Against => !is_yes,
    }
}

fn is_refusal(closing: &Record) -> bool {
    cohub_registry::Closing::from_value(&closing.header().body).is_ok_and(|closing| closing.refusal.is_some())
}

/// Closings of at least so many tellers, one of each; none where there are too few.
pub(super) fn choose(
    dice: &mut Dice,
    closings: &BTreeMap<cohub_record::PublicKey, Vec<Id>>,
    quorum: usize,
) -> Vec<Id> {
    let tellers: Vec<_> = closings.keys().copied().collect();
    if tellers.len() < quorum {
        return Vec::new();
    }
    let count = quorum + dice.place(tellers.len() - quorum + 1);
    let chosen = dice.some_of(&tellers, count);
    chosen.iter().filter_map(|teller| dice.pick(&closings[teller])).collect()
}
