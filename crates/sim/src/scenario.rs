//! What a seed decides before the world begins: who is there, what breaks when, and who lies.

use cohub_registry::Switch;

use crate::cast::{Desk, FOUNDED_MS};
use crate::clock::Clock;
use crate::dice::Dice;
use crate::link::{Cut, Quality, Shape};

const MINUTE_MS: u64 = 60_000;
/// When the world begins.
pub(crate) const BEGINS_MS: u64 = FOUNDED_MS + 1_000;
/// Things break until then.
pub(crate) const BREAKS_UNTIL_MS: u64 = BEGINS_MS + 120 * MINUTE_MS;
/// Everything is mended then, if not before.
pub(crate) const HEALS_MS: u64 = BEGINS_MS + 240 * MINUTE_MS;
/// G of the charter: how far an honest clock may be off.
pub(crate) const GRACE_MS: u64 = 5 * MINUTE_MS;
/// N of the charter.
pub(crate) const NOTICE_MS: u64 = 5 * MINUTE_MS;

/// What a caller decides instead of the seed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Founding hubs, each with a seat; 4 where it is 0.
    pub founders: usize,
    /// A rule that does not hold; liars and people then do what it is there for.
    pub switched_off: Option<Switch>,
    /// Whether rival movers do not give way and liars keep their returns back, though every rule holds.
    pub contested: bool,
    /// Whether more than f tellers' keys are lost for ever, so that only a fallback helps.
    pub abandoned: bool,
}

impl Options {
    /// Whether there are to be rivals in any case.
    const fn needs_rivals(self) -> bool {
        self.contested
            || matches!(
                self.switched_off,
                Some(Switch::Lock | Switch::InheritedLock | Switch::Unlocking | Switch::LastRecord)
            )
    }

    /// Whether there are to be two terms in any case.
    const fn needs_terms(self) -> bool {
        self.contested || matches!(self.switched_off, Some(Switch::InheritedLock | Switch::LastRecord))
    }
}

/// A node that goes down.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Crash {
    pub(crate) node: usize,
    pub(crate) at_ms: u64,
    pub(crate) down_ms: u64,
    /// Whether what was not synced may be lost.
    pub(crate) power_lost: bool,
    /// Waits for the next time that something is to be stored, and strikes between two outputs.
    pub(crate) amid_outputs: bool,
}

/// A disk without room for a while.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FullDisk {
    pub(crate) node: usize,
    pub(crate) from_ms: u64,
    pub(crate) until_ms: u64,
}

/// Everything that the seed decides at once.
#[derive(Debug, Clone)]
pub(crate) struct Scenario {
    pub(crate) seed: u64,
    pub(crate) switched_off: Option<Switch>,
    /// Whether rival movers do not give way, and liars keep their returns back.
    pub(crate) contested: bool,
    pub(crate) founders: usize,
    pub(crate) newcomers: usize,
    /// Who invites each newcomer and brings it forward.
    pub(crate) sponsors: Vec<usize>,
    pub(crate) clocks: Vec<Clock>,
    /// Honest nodes whose clock is off by more than G.
    pub(crate) misled: Vec<usize>,
    pub(crate) liars: Vec<usize>,
    pub(crate) pairs: Vec<(usize, usize)>,
    pub(crate) quality: Quality,
    pub(crate) cuts: Vec<Cut>,
    /// Parts the network over the deadline of the first motion that is opened.
    pub(crate) cut_across_deadline: bool,
    pub(crate) crashes: Vec<Crash>,
    pub(crate) full_disks: Vec<FullDisk>,
    /// Of a thousand writes so many fail.
    pub(crate) faults_per_mille: u16,
    pub(crate) sync_interval_ms: u64,
    /// Of a thousand messages so many pass through the codecs of the wire.
    pub(crate) coded_per_mille: u64,
    /// Whether a second mover opens rival motions.
    pub(crate) rivals: bool,
    /// Who moves that the committee be seated anew, with fresh tellers, and from when on.
    pub(crate) succession: Option<(usize, u64)>,
    /// Who moves that the charter be amended, and from when on; of two movers each has a text of its own.
    pub(crate) amendments: Vec<(usize, u64)>,
    /// The hub whose controller's key is replaced by the one of the recovery words, and when.
    pub(crate) rotation: Option<(usize, u64)>,
    /// Whether somebody else has read these words, and who then moves that the hub's own rotation stand, and who
    /// that the other does.
    pub(crate) theft: Option<Vec<usize>>,
    /// Whose tellers' keys are lost for ever, and when; the succession is a fallback then.
    pub(crate) lost: Option<(Vec<usize>, u64)>,
}

impl Scenario {
    pub(crate) fn of(seed: u64, options: Options) -> Self {
        let mut dice = Dice::new(seed, "scenario");
        let founders = if options.founders == 0 { 4 } else { options.founders };
        let tolerated = founders.saturating_sub(1) / 3;

        // A clock that is off by more than G counts as faulty, like a liar.
        let misled_count = usize::from(tolerated > 1 || dice.chance(150)).min(tolerated);
        let places: Vec<usize> = (0..founders).collect();
        let mut faulty = dice.some_of(&places, tolerated);
        let misled = faulty.split_off(faulty.len() - misled_count);
        // A newcomer is no teller: it may lie beside f of those. Somebody lies in every world.
        let lying_newcomer = faulty.is_empty() || dice.chance(200);
        let newcomers = 1 + usize::from(lying_newcomer || dice.chance(500));
        let nodes = founders + newcomers;
        let good: Vec<usize> =
            places.into_iter().filter(|hub| !faulty.contains(hub) && !misled.contains(hub)).collect();
        let sponsors: Vec<usize> = (0..newcomers).map(|_| sponsor(&mut dice, &good, founders)).collect();
        if lying_newcomer {
            faulty.push(nodes - 1);
        }
        let mut pairs = pairs(&mut dice, nodes);
        // An invite says where the door is.
        pairs.extend(sponsors.iter().copied().zip(founders..));
        let clocks = (0..nodes).map(|node| clock(&mut dice, misled.contains(&node))).collect();

        let quality = Quality {
            lost_per_mille: [0, 10, 50, 150, 300][dice.place(5)],
            repeated_per_mille: dice.below(100),
            slow_per_mille: dice.below(60),
        };
        let cuts = (0..dice.below(4)).map(|_| cut(&mut dice, nodes)).collect();
        let crashes = (0..dice.between(2, 6)).map(|_| crash(&mut dice, nodes)).collect();
        let full = |dice: &mut Dice| {
            let from_ms = BEGINS_MS + dice.below(120 * MINUTE_MS);
            FullDisk { node: dice.place(nodes), from_ms, until_ms: from_ms + dice.between(1_000, 180_000) }
        };
        // A dice of its own, so that no other world is another one by this.
        let lost = options.abandoned.then(|| lost(seed, &good, tolerated + 1));
        let upheaval = Upheaval::of(seed, &good);
        let full_disks = if dice.chance(300) { vec![full(&mut dice)] } else { Vec::new() };
        Self {
            seed,
            switched_off: options.switched_off,
            contested: options.needs_rivals(),
            founders,
            newcomers,
            sponsors,
            clocks,
            misled,
            liars: faulty,
            pairs,
            quality,
            cuts,
            cut_across_deadline: dice.chance(500),
            crashes,
            full_disks,
            faults_per_mille: [0, 0, 2, 5][dice.place(4)],
            sync_interval_ms: [30_000, 60_000, 120_000][dice.place(3)],
            coded_per_mille: if dice.chance(60) { 300 } else { 20 },
            rivals: dice.chance(250) || options.needs_rivals(),
            succession: match &lost {
                Some((_, at_ms)) => good.first().map(|mover| (*mover, at_ms + 5 * MINUTE_MS)),
                None => (dice.chance(500) || options.needs_terms()).then(|| {
                    let mover = dice.pick(&good).unwrap_or_default();
                    (mover, BEGINS_MS + dice.between(10 * MINUTE_MS, 80 * MINUTE_MS))
                }),
            },
            amendments: upheaval.amendments,
            rotation: upheaval.rotation,
            theft: upheaval.theft,
            lost,
        }
    }

    /// Nodes in all.
    pub(crate) const fn nodes(&self) -> usize {
        self.founders + self.newcomers
    }

    /// Who invites a newcomer and brings it forward.
    pub(crate) fn sponsor_of(&self, newcomer: usize) -> Option<usize> {
        self.sponsors.get(newcomer.checked_sub(self.founders)?).copied()
    }

    /// Whether a key of a hub is in two hands.
    pub(crate) fn is_stolen(&self, hub: usize, desk: Desk) -> bool {
        desk == Desk::Recovery
            && self.theft.is_some()
            && self.rotation.is_some_and(|(robbed, _)| robbed == hub)
    }

    pub(crate) fn is_liar(&self, node: usize) -> bool {
        self.liars.contains(&node)
    }

    /// Honest tellers whose clock is good.
    pub(crate) fn is_punctual(&self, node: usize) -> bool {
        node < self.founders && !self.is_liar(node) && !self.misled.contains(&node)
    }
}

/// What changes the network itself while it lives: its charter, and the keys of its hubs.
struct Upheaval {
    amendments: Vec<(usize, u64)>,
    rotation: Option<(usize, u64)>,
    theft: Option<Vec<usize>>,
}

impl Upheaval {
    /// Each at a time of its own, so that they come in any order, and in any with a succession.
    fn of(seed: u64, good: &[usize]) -> Self {
        let mut dice = Dice::new(seed, "upheaval");
        let at = |dice: &mut Dice| BEGINS_MS + dice.between(5 * MINUTE_MS, 80 * MINUTE_MS);
        let movers = if dice.chance(500) { if dice.chance(250) { 2 } else { 1 } } else { 0 };
        let movers = dice.some_of(good, movers);
        let amendments = movers.into_iter().map(|mover| (mover, at(&mut dice))).collect();
        let hub = dice.pick(good).filter(|_| dice.chance(500));
        let rotation = hub.map(|hub| (hub, at(&mut dice)));
        let contenders = if dice.chance(250) { 2 } else { 1 };
        let theft = (rotation.is_some() && dice.chance(500)).then(|| dice.some_of(good, contenders));
        Self { amendments, rotation, theft }
    }
}

/// So many honest hubs lose the keys of their tellers after a while.
fn lost(seed: u64, good: &[usize], count: usize) -> (Vec<usize>, u64) {
    let mut dice = Dice::new(seed, "lost");
    let at_ms = BEGINS_MS + dice.between(20 * MINUTE_MS, 50 * MINUTE_MS);
    (dice.some_of(good, count), at_ms)
}

/// Mostly somebody good; now and then anybody.
fn sponsor(dice: &mut Dice, good: &[usize], founders: usize) -> usize {
    let anybody = dice.place(founders);
    if dice.chance(150) { anybody } else { dice.pick(good).unwrap_or(anybody) }
}

fn clock(dice: &mut Dice, misled: bool) -> Clock {
    const DAY_MS: i64 = 86_400_000;
    if misled {
        let far = [7 * DAY_MS, -7 * DAY_MS, 3_650 * DAY_MS, -3_650 * DAY_MS];
        return match dice.pick(&far) {
            Some(ahead_ms) if dice.chance(750) => Clock::Off(ahead_ms),
            _ => Clock::SetBack {
                at_ms: BEGINS_MS + dice.between(MINUTE_MS, 90 * MINUTE_MS),
                by_ms: dice.between(2 * GRACE_MS, 600 * MINUTE_MS),
            },
        };
    }
    let off_ms = i64::try_from(dice.below(GRACE_MS * 9 / 10)).unwrap_or(0);
    Clock::Off(if dice.chance(500) { off_ms } else { -off_ms })
}

fn cut(dice: &mut Dice, nodes: usize) -> Cut {
    let begins_ms = BEGINS_MS + 5 * MINUTE_MS + dice.below(110 * MINUTE_MS);
    let lasts_ms = dice.between(MINUTE_MS, 30 * MINUTE_MS);
    cut_between(dice, nodes, begins_ms, begins_ms + lasts_ms)
}

/// A cut of any shape, with at least one node on each side.
pub(crate) fn cut_between(dice: &mut Dice, nodes: usize, begins_ms: u64, ends_ms: u64) -> Cut {
    let places: Vec<usize> = (0..nodes).collect();
    let aside = 1 + dice.place(nodes - 1);
    let mut shuffled = dice.some_of(&places, nodes);
    let others = shuffled.split_off(aside);
    let shape = match dice.below(4) {
        0 => Shape::OneWay,
        1 if others.len() > 1 => Shape::Bridge(others[0]),
        _ => Shape::Symmetric,
    };
    Cut { shape, side: shuffled.into_iter().collect(), begins_ms, ends_ms }
}

fn crash(dice: &mut Dice, nodes: usize) -> Crash {
    Crash {
        node: dice.place(nodes),
        at_ms: BEGINS_MS + dice.below(BREAKS_UNTIL_MS - BEGINS_MS),
        down_ms: if dice.chance(500) { dice.below(20_000) } else { dice.below(30 * MINUTE_MS) },
        power_lost: dice.chance(500),
        amid_outputs: dice.chance(700),
    }
}

/// Everybody with everybody in a small network; in a larger one a ring and some chords.
fn pairs(dice: &mut Dice, nodes: usize) -> Vec<(usize, usize)> {
    const MESH: usize = 7;
    const CHORDS: usize = 3;
    if nodes <= MESH {
        return (0..nodes).flat_map(|one| (one + 1..nodes).map(move |other| (one, other))).collect();
    }
    let mut pairs = Vec::new();
    for node in 0..nodes {
        pairs.push((node, (node + 1) % nodes));
        for _ in 0..CHORDS {
            let other = dice.place(nodes);
            if other != node {
                pairs.push((node, other));
            }
        }
    }
    pairs
}
