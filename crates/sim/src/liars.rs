//! Liars: hubs that use all their keys as they like. Each has some vices, by name; what they sign is
//! authentic, so nobody can refuse it unread.

mod betrayal;
mod peers;
mod rivals;
mod tellers;

use std::collections::{BTreeMap, BTreeSet};

use cohub_record::{Header, Id, Record};
use cohub_replica::wire::Item;
use cohub_replica::{Input, MessageId};

use crate::cast::Desk;
use crate::dice::Dice;
use crate::driver::message_id;
use crate::queue::{Happening, Message};
use crate::world::World;

use tellers::Chain;

/// How often a liar thinks of something.
const SCHEMES_MS: (u64, u64) = (10_000, 40_000);

/// One way to lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Vice {
    /// Closes and returns each motion twice, one way for some nodes, another way for the others.
    TwoFaces,
    /// Returns an outcome that the rule does not give.
    WrongOutcome,
    /// Closes and does not return, until it is too late for everybody else.
    KeepsBack,
    /// Neither closes nor returns.
    Silent,
    /// Closes at once, with no ballots.
    Hasty,
    /// Closes when all others have long done so, with whatever came until then.
    Tardy,
    /// Closes and returns again and again.
    Repeats,
    /// Votes twice, one way for some nodes, another way for the others.
    TwoVoices,
    /// Signs two versions of what a newcomer hands in.
    TwoDossiers,
    /// Says that it holds the same, or something else, where that is not so.
    FalseRoots,
    /// Sends bytes that mean nothing, and answers to other questions.
    Junk,
    /// Does not answer, or is always busy.
    Stalls,
    /// Leaves records out of what it is asked for.
    Censors,
    /// Sends old records again.
    Replays,
}

const TELLERS: [Vice; 8] = [
    Vice::TwoFaces,
    Vice::TwoFaces,
    Vice::TwoFaces,
    Vice::WrongOutcome,
    Vice::Silent,
    Vice::Hasty,
    Vice::Tardy,
    Vice::Repeats,
];
const PEERS: [Vice; 5] = [Vice::FalseRoots, Vice::Junk, Vice::Stalls, Vice::Censors, Vice::Replays];

/// A liar and what it is up to.
pub(crate) struct Liar {
    dice: Dice,
    vices: BTreeSet<Vice>,
    /// Takes up other vices now and then.
    fickle: bool,
    /// The key with which it counts now.
    desk: Desk,
    chains: Vec<Chain>,
    /// What its key of the term before has said.
    past: Vec<Chain>,
    /// Own records of which a rival was signed.
    doubled: BTreeSet<Id>,
    /// Who is to hear what: a record and its audience.
    whispers: Vec<(Item, BTreeSet<usize>)>,
}

impl Liar {
    pub(crate) fn new(seed: u64, hub: usize, is_founder: bool, contested: bool) -> Self {
        let mut dice = Dice::new(seed, &format!("the liar of hub {hub}"));
        let mut vices = vices(&mut dice, is_founder);
        if is_founder && contested {
            vices = BTreeSet::from([Vice::KeepsBack]);
        }
        let fickle = dice.chance(200) && !contested;
        Self {
            dice,
            vices,
            fickle,
            desk: Desk::Teller,
            chains: Vec::new(),
            past: Vec::new(),
            doubled: BTreeSet::new(),
            whispers: Vec::new(),
        }
    }

    pub(crate) fn has(&self, vice: Vice) -> bool {
        self.vices.contains(&vice)
    }
}

fn vices(dice: &mut Dice, is_founder: bool) -> BTreeSet<Vice> {
    let mut vices = BTreeSet::new();
    if is_founder {
        vices.extend(dice.pick(&TELLERS));
        vices.extend(dice.chance(500).then_some(Vice::TwoVoices));
    } else {
        vices.insert(Vice::TwoDossiers);
    }
    if dice.chance(500) {
        vices.extend(dice.pick(&PEERS));
    }
    vices
}

impl World {
    /// A liar thinks of something.
    pub(crate) fn scheme(&mut self, place: usize) {
        let Some(liar) = self.liars.get_mut(&place) else { return };
        let at_ms = self.now_ms + liar.dice.between(SCHEMES_MS.0, SCHEMES_MS.1);
        self.queue.plan(at_ms, Happening::Schemes { liar: place });
        if liar.fickle && liar.dice.chance(20) {
            liar.vices = vices(&mut liar.dice, place < self.cast.founders);
        }
        if self.nodes[place].registry().is_none() {
            return;
        }
        if place < self.cast.founders {
            self.tell_votes(place);
        }
        if self.healed_ms.is_none() {
            self.double(place);
            self.replay(place);
        }
        self.whisper(place);
    }

    /// Signs a record, wherever that leaves the log.
    fn forge(&self, place: usize, desk: Desk, header: Header) -> Option<Record> {
        header.sign(self.cast.hubs[place].secret(desk)).ok()
    }

    /// Has a liar's own node hold a record, and spread it if it is to.
    fn plant(&mut self, place: usize, item: &Item, spread: bool) {
        let id = message_id(item);
        if spread {
            self.nodes[place].heard.insert(id);
            self.spread(place, None, id, item);
        }
        let peer = self.nodes[place].config.node;
        self.feed(place, Input::Gossip { peer, message: id, item: item.clone() });
    }

    /// Tells some nodes of a record, again and again until everything is mended.
    fn confide(&mut self, place: usize, item: Item, audience: BTreeSet<usize>) {
        if let Some(liar) = self.liars.get_mut(&place) {
            liar.whispers.push((item, audience));
        }
    }

    fn whisper(&mut self, place: usize) {
        const REMEMBERED: usize = 8;
        let Some(liar) = self.liars.get_mut(&place) else { return };
        let first = liar.whispers.len().saturating_sub(REMEMBERED);
        let whispers: Vec<_> = liar.whispers.drain(first..).collect();
        liar.whispers.clone_from(&whispers);
        for (item, audience) in whispers {
            for to in audience {
                let id = message_id(&item);
                self.carry(place, to, Message::Gossip { id, item: item.clone() });
            }
        }
    }

    /// Two halves of the other nodes, as the network is parted, else at random.
    fn halves(&mut self, place: usize) -> [BTreeSet<usize>; 2] {
        let others: Vec<usize> = (0..self.nodes.len()).filter(|node| *node != place).collect();
        let side = self.links.side().cloned();
        let Some(liar) = self.liars.get_mut(&place) else { return Default::default() };
        let one: BTreeSet<usize> = match side {
            Some(side) => side.into_iter().filter(|node| *node != place).collect(),
            None => liar.dice.some_of(&others, others.len().div_ceil(2)).into_iter().collect(),
        };
        let other = others.into_iter().filter(|node| !one.contains(node)).collect();
        [one, other]
    }

    /// When everything is mended everything that liars told anybody comes to light; who has not forked
    /// until then does it now, so that every world has a fork in it.
    pub(crate) fn bring_to_light(&mut self) {
        for place in self.liars.keys().copied().collect::<Vec<_>>() {
            if self.liars[&place].has(Vice::KeepsBack) {
                self.betray(place);
            }
            let Some(liar) = self.liars.get_mut(&place) else { continue };
            let chains: Vec<Record> =
                liar.past.drain(..).chain(liar.chains.drain(..)).flat_map(|chain| chain.records).collect();
            let whispers = std::mem::take(&mut liar.whispers).into_iter().map(|(item, _)| item);
            let told: BTreeMap<Id, Item> = chains
                .into_iter()
                .map(Item::bare)
                .chain(whispers)
                .map(|item| (item.record().id(), item))
                .collect();
            let mut told: Vec<Item> = told.into_values().collect();
            told.sort_by_key(|item| item.record().header().seq);
            told.iter().for_each(|item| self.plant(place, item, true));
        }
        if self.checks.forks() == 0 {
            let liars: Vec<usize> = self.liars.keys().copied().collect();
            liars.into_iter().for_each(|place| self.double_anything(place));
        }
    }

    /// A message with a name of its own, so that nobody takes it for one heard before.
    fn fresh_message(&mut self, item: Item) -> Message {
        let mut name = *item.record().id().as_bytes();
        let number = self.number();
        name[..8].copy_from_slice(&number.to_be_bytes());
        Message::Gossip { id: MessageId(name), item }
    }
}
