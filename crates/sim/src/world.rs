//! The world: everything that happens, one thing after another, at times of a virtual clock.

use std::collections::{BTreeMap, VecDeque};

use cohub_replica::{Answer, Input, ReplicaError, Ticket};

use crate::cast::{Cast, Miscast};
use crate::checks::Checks;
use crate::dice::Dice;
use crate::liars::Liar;
use crate::link::Links;
use crate::node::{Machine, Node};
use crate::people::{Errand, Person};
use crate::queue::{Happening, Queue};
use crate::report::{Counts, Report};
use crate::scenario::{BEGINS_MS, HEALS_MS, Scenario};
use crate::trace::Trace;

pub(crate) const CHARTER: &str = include_str!("charter.toml");
/// After healing the nodes have so long to become equal.
const SETTLES_MS: u64 = 90 * 60_000;
/// How often somebody compares what the honest nodes hold.
const COMPARES_MS: u64 = 5 * 60_000;

/// What a node says to what it was asked.
type Answered = Result<Answer, ReplicaError>;

/// The world of one seed.
pub(crate) struct World {
    pub(crate) now_ms: u64,
    pub(crate) scenario: Scenario,
    pub(crate) cast: Cast,
    pub(crate) nodes: Vec<Node>,
    pub(crate) links: Links,
    pub(crate) queue: Queue,
    pub(crate) dice: Dice,
    pub(crate) people: Vec<Person>,
    pub(crate) liars: BTreeMap<usize, Liar>,
    pub(crate) checks: Checks,
    pub(crate) counts: Counts,
    pub(crate) trace: Trace,
    /// Who waits for which answer of which node.
    pub(crate) errands: BTreeMap<(usize, Ticket), Errand>,
    /// Answers that nobody has taken up yet. None: the node could not do it, for a reason of its own.
    pub(crate) answers: VecDeque<(usize, Ticket, Option<Answered>)>,
    /// When everything was mended.
    pub(crate) healed_ms: Option<u64>,
    pub(crate) numbers: u64,
    ended: bool,
}

impl World {
    pub(crate) fn new(scenario: Scenario, trace: Trace) -> Result<Self, Miscast> {
        let seed = scenario.seed;
        let cast = Cast::new(seed, scenario.founders, scenario.newcomers, CHARTER)?;
        let nodes = (0..scenario.nodes()).map(|place| Node::new(place, &cast, &scenario)).collect();
        let links = Links::new(scenario.quality, Dice::new(seed, "links"), scenario.pairs.iter().copied());
        let people = (0..scenario.nodes()).map(|hub| Person::new(seed, hub)).collect();
        let liar = |hub: &usize| (*hub, Liar::new(seed, *hub, *hub < cast.founders, scenario.contested));
        let liars = scenario.liars.iter().map(liar).collect();
        let checks = Checks::new(&scenario, &cast);
        let mut world = Self {
            now_ms: BEGINS_MS,
            cast,
            nodes,
            links,
            queue: Queue::default(),
            dice: Dice::new(seed, "world"),
            people,
            liars,
            checks,
            counts: Counts::default(),
            trace,
            errands: BTreeMap::new(),
            answers: VecDeque::new(),
            healed_ms: None,
            numbers: 0,
            ended: false,
            scenario,
        };
        world.plan();
        Ok(world)
    }

    /// Plans what the scenario says.
    fn plan(&mut self) {
        for node in 0..self.nodes.len() {
            let at_ms = BEGINS_MS + self.dice.below(30_000);
            self.queue.plan(at_ms, Happening::Starts { node, power_lost: false });
            self.queue.plan(at_ms + 1_000, Happening::Looks { hub: node });
        }
        for liar in &self.scenario.liars {
            self.queue.plan(BEGINS_MS + 60_000, Happening::Schemes { liar: *liar });
        }
        for (crash, planned) in self.scenario.crashes.iter().enumerate() {
            self.queue.plan(planned.at_ms, Happening::Crashes { crash });
        }
        if let Some((nodes, at_ms)) = &self.scenario.lost {
            nodes.iter().for_each(|node| self.queue.plan(*at_ms, Happening::LosesTeller { node: *node }));
        }
        for (cut, planned) in self.scenario.cuts.iter().enumerate() {
            self.queue.plan(planned.begins_ms, Happening::Parts { cut });
            self.queue.plan(planned.ends_ms, Happening::Joins { cut });
        }
        for disk in &self.scenario.full_disks {
            self.queue.plan(disk.from_ms, Happening::Fills { node: disk.node, full: true });
            self.queue.plan(disk.until_ms, Happening::Fills { node: disk.node, full: false });
        }
        self.queue.plan(HEALS_MS, Happening::Heals);
        self.queue.plan(BEGINS_MS + COMPARES_MS, Happening::Compares);
    }

    /// Lets everything happen, up to the end.
    pub(crate) fn run(&mut self) {
        while !self.ended
            && let Some((at_ms, happening)) = self.queue.next()
        {
            self.now_ms = self.now_ms.max(at_ms);
            self.happen(happening);
            self.take_up_answers();
        }
        self.judge();
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Arrives { from, to, message } => self.arrive(from, to, *message),
            Happening::Wakes { node, alarm } => {
                if self.nodes[node].alarm == alarm {
                    self.feed(node, Input::Tick);
                }
            }
            Happening::Looks { hub } => self.look(hub),
            Happening::Schemes { liar } => self.scheme(liar),
            Happening::Dials { one, other } => self.dial(one, other),
            Happening::Breaks { one, other } => self.notice_break(one, other),
            Happening::Crashes { crash } => self.crash_as_planned(crash),
            Happening::LosesTeller { node } => self.lose_teller(node),
            Happening::Steals => self.steal(),
            Happening::Starts { node, power_lost } => self.start(node, power_lost),
            Happening::Resumes { node, opening } => self.resume(node, opening),
            Happening::Fills { node, full } => self.fill(node, full),
            Happening::Parts { cut } => self.part(cut),
            Happening::Joins { cut } => self.join(cut),
            Happening::Heals => self.heal(),
            Happening::Compares => self.compare(),
        }
    }

    /// A fresh number, for requests, tickets and the like.
    pub(crate) fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    fn heal(&mut self) {
        if self.healed_ms.is_some() {
            return;
        }
        self.provide_dose();
        self.healed_ms = Some(self.now_ms);
        self.trace.note(self.now_ms, 0, || "everything is mended".to_owned());
        self.links.heal();
        for node in 0..self.nodes.len() {
            self.fill(node, false);
            self.nodes[node].doom = None;
            if !self.nodes[node].is_up() {
                self.start(node, false);
            }
        }
        self.bring_to_light();
    }

    /// Every world has a restart in it.
    fn provide_dose(&mut self) {
        if self.counts.restarts == 0 {
            let node = self.dice.place(self.nodes.len());
            self.go_down(node, 1_000, true);
        }
    }

    /// Ends the world once everything is decided and the honest nodes are equal; or when it is time.
    fn compare(&mut self) {
        let Some(healed_ms) = self.healed_ms else {
            if self.now_ms > crate::scenario::BREAKS_UNTIL_MS && self.is_everybody_done() {
                self.heal();
            }
            return self.queue.plan(self.now_ms + COMPARES_MS, Happening::Compares);
        };
        if self.checks.forks() == 0 {
            self.bring_to_light();
        }
        let quiet = self.are_all_motions_over() && self.are_roots_equal() && self.checks.forks() > 0;
        if quiet || self.now_ms > healed_ms + SETTLES_MS {
            self.ended = true;
        } else {
            self.queue.plan(self.now_ms + COMPARES_MS, Happening::Compares);
        }
    }

    /// The honest nodes.
    pub(crate) fn honest(&self) -> Vec<usize> {
        (0..self.nodes.len()).filter(|node| !self.scenario.is_liar(*node)).collect()
    }

    fn are_roots_equal(&mut self) -> bool {
        let honest = self.honest();
        let mut roots = honest.into_iter().map(|node| self.nodes[node].root());
        let first = roots.next().flatten();
        first.is_some() && roots.all(|root| root == first)
    }

    fn fill(&mut self, node: usize, full: bool) {
        if self.healed_ms.is_some() && full {
            return;
        }
        match &mut self.nodes[node].machine {
            Machine::Up(_, disk) => disk.full = full,
            Machine::Down(Some(platter)) => platter.full = full,
            Machine::Down(None) => {}
        }
    }
}

impl World {
    /// What came of it.
    pub(crate) fn report(mut self) -> Report {
        let (trace, inputs) = self.trace.finish();
        let admitted = self.counts.admitted;
        Report {
            seed: self.scenario.seed,
            trace,
            counts: Counts { seeds: 1, inputs, admitted, ..self.counts },
            violations: self.checks.take_violations(),
            blames: self.checks.blames().iter().map(|(why, count)| (why.clone(), *count)).collect(),
        }
    }
}
