//! Motions, tellers and a handover (Protocol 6.4 to 6.8) as a model with few enough states that each is looked at:
//! four tellers a term, of which one lies as it likes.
//!
//! Of the votes on a motion one ballot decides: where it is counted the motion is adopted, else it is rejected. Each
//! honest teller has it in time or has not, whatever suits the adversary, who also says which closings a
//! teller cites, which handovers a mover, and in what order everything happens. Two motions with different versions
//! are rivals: they are about one slot on one base.
//!
//! The liar is not in the state. It closes both ways, hands over with the chain that binds nobody, and has returned
//! whatever the closings allow, each on a branch of its own; what it can do only grows. The three honest tellers of a
//! term do the same things, so that states which differ in who is who are one.

use stateright::{Model, Property};

/// Tellers of a term.
pub const TELLERS: usize = 4;
/// Tellers that may lie: f.
pub const FAULTY: usize = 1;
const HONEST: usize = TELLERS - FAULTY;
/// Tellers that make an outcome final: q.
pub const QUORUM: usize = TELLERS - FAULTY;
/// Motions at most.
pub const MOTIONS: usize = 3;

/// A motion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Motion {
    /// What it makes of the slot.
    pub version: char,
    /// Whose tellers decide it: those of the first or of the second term.
    pub term: usize,
}

/// The rules, each of which can be another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Closings that a ballot needs to be counted (6.5): f + 1.
    pub support: usize,
    /// Returns that make an outcome final (6.6): q.
    pub finality: usize,
    /// Whether a teller that adopted a version adopts no other (6.7).
    pub lock: bool,
    /// Whether that binds the next term where a cited handover holds it (6.7).
    pub inherited_lock: bool,
    /// Handovers that a motion of the second term cites (6.7): q.
    pub handovers: usize,
    /// Whether a handover is the last record of its key (6.7).
    pub handover_is_last: bool,
    /// Whether only q returns of the locking motion unlock, not those of any motion that failed (6.7).
    pub unlocked_by_that_motion: bool,
    /// Whether a motion is decided by the tellers that it pins, whoever is in office (6.8).
    pub pinned_tellers: bool,
    /// Whether a teller returns a motion once (6.5).
    pub one_return: bool,
}

impl Rules {
    /// As the protocol has them.
    pub const PROTOCOL: Self = Self {
        support: FAULTY + 1,
        finality: QUORUM,
        lock: true,
        inherited_lock: true,
        handovers: QUORUM,
        handover_is_last: true,
        unlocked_by_that_motion: true,
        pinned_tellers: true,
        one_return: true,
    };
}

/// What a teller said of a motion: whether its closing has the ballot, and the outcomes that it returned.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Said {
    closed_with: Option<bool>,
    adopted: bool,
    rejected: bool,
}

/// An honest teller of one term.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Teller {
    said: [Said; MOTIONS],
    /// The motions that its chain held as adopted when it handed over.
    handed_over: Option<[bool; MOTIONS]>,
}

/// All that was said.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct State {
    /// The honest tellers of both terms.
    terms: [[Teller; HONEST]; 2],
    /// Motions that are open, with those that the handovers in their past hold as adopted.
    open: [Option<[bool; MOTIONS]>; MOTIONS],
}

/// One honest step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Somebody opens a motion of the second term, on handovers that hold these as adopted.
    Open(usize, [bool; MOTIONS]),
    /// A teller of a term closes a motion, with the ballot or without.
    Close(usize, usize, usize, bool),
    /// A teller of a term returns a motion as adopted, or not.
    Return(usize, usize, usize, bool),
    /// A teller of the first term hands over.
    HandOver(usize),
}

/// Motions under rules.
#[derive(Debug, Clone)]
pub struct Network {
    /// At most three of them.
    pub motions: Vec<Motion>,
    /// The rules.
    pub rules: Rules,
}

impl Network {
    /// Motions under the protocol's rules, as in `A1 B2`: the version and the term of each.
    #[must_use]
    pub fn of(motions: &str) -> Self {
        let motion = |word: &str| {
            let mut letters = word.chars();
            let version = letters.next().unwrap_or('A');
            Motion { version, term: usize::from(letters.next() == Some('2')) }
        };
        let motions = motions.split_whitespace().take(MOTIONS).map(motion).collect();
        Self { motions, rules: Rules::PROTOCOL }
    }

    /// The same motions under other rules.
    #[must_use]
    pub fn under(mut self, change: impl FnOnce(&mut Rules)) -> Self {
        change(&mut self.rules);
        self
    }

    /// The outcomes that some q closings of a motion come to: adopted, rejected.
    fn outcomes(&self, state: &State, motion: usize) -> [bool; 2] {
        let closings = state.terms[self.motions[motion].term].iter().map(|one| one.said[motion].closed_with);
        let with = closings.clone().filter(|closed| *closed == Some(true)).count();
        let without = closings.filter(|closed| *closed == Some(false)).count();
        let mut outcomes = [false; 2];
        for (one, other) in (0..=with).flat_map(|one| (0..=without).map(move |other| (one, other))) {
            // The liar's closing: not cited, with the ballot, without it.
            for (cited, has) in [(0, 0), (1, 1), (1, 0)] {
                if one + other + cited >= QUORUM {
                    outcomes[usize::from(one + has < self.rules.support)] = true;
                }
            }
        }
        outcomes
    }

    /// Whether so many tellers of the motion returned it as adopted, or as rejected.
    fn returned(&self, state: &State, motion: usize, adopted: bool, needed: usize) -> bool {
        let terms = if self.rules.pinned_tellers { vec![self.motions[motion].term] } else { vec![0, 1] };
        terms.into_iter().any(|term| {
            let said =
                |one: &&Teller| if adopted { one.said[motion].adopted } else { one.said[motion].rejected };
            let honest = state.terms[term].iter().filter(said).count();
            let lied = self.outcomes(state, motion)[usize::from(!adopted)]
                && (!adopted || self.may_adopt(state, motion, &Teller::default()));
            honest + usize::from(lied) * FAULTY >= needed
        })
    }

    /// Whether an outcome of a motion is final.
    #[must_use]
    pub fn is_final(&self, state: &State, motion: usize, adopted: bool) -> bool {
        self.returned(state, motion, adopted, self.rules.finality)
    }

    fn rivals(&self, motion: usize) -> impl Iterator<Item = usize> + '_ {
        let version = self.motions[motion].version;
        (0..self.motions.len()).filter(move |other| self.motions[*other].version != version)
    }

    /// Protocol 6.7: whether a return that adopts a motion is not void, in the chain of a teller.
    fn may_adopt(&self, state: &State, motion: usize, teller: &Teller) -> bool {
        let inherited = state.open[motion].unwrap_or_default();
        let mut locks = self.rivals(motion).filter(|rival| {
            (self.rules.lock && teller.said[*rival].adopted)
                || (self.rules.inherited_lock && inherited[*rival])
        });
        locks.all(|rival| !self.rules.unlocked_by_that_motion || self.returned(state, rival, false, QUORUM))
    }

    /// What the handovers that somebody may cite hold as adopted.
    fn citable(&self, state: &State) -> Vec<[bool; MOTIONS]> {
        let handed: Vec<[bool; MOTIONS]> = state.terms[0].iter().filter_map(|one| one.handed_over).collect();
        let mut found = Vec::new();
        for chosen in 0_usize..1 << handed.len() {
            let cited = handed.iter().enumerate().filter(|(place, _)| chosen >> place & 1 == 1);
            let cited: Vec<_> = cited.map(|(_, chain)| chain).collect();
            // The liar's handover holds nothing, and may be among them.
            if (self.rules.handovers.saturating_sub(FAULTY)..=self.rules.handovers).contains(&cited.len()) {
                let held = std::array::from_fn(|motion| cited.iter().any(|chain| chain[motion]));
                if !found.contains(&held) {
                    found.push(held);
                }
            }
        }
        found
    }

    fn steps_of(&self, state: &State, term: usize, place: usize, steps: &mut Vec<Step>) {
        let teller = &state.terms[term][place];
        if teller.handed_over.is_some() && self.rules.handover_is_last {
            return;
        }
        for (motion, of) in
            self.motions.iter().enumerate().filter(|(motion, _)| state.open[*motion].is_some())
        {
            let said = &teller.said[motion];
            let pinned = of.term == term;
            if pinned && said.closed_with.is_none() {
                steps.extend([true, false].map(|with| Step::Close(term, place, motion, with)));
            }
            let in_office = pinned || (!self.rules.pinned_tellers && term == 1);
            let [adopts, rejects] = self.outcomes(state, motion);
            let fresh = !said.adopted && !said.rejected;
            if in_office && (fresh || !self.rules.one_return) {
                if adopts && !said.adopted && self.may_adopt(state, motion, teller) {
                    steps.push(Step::Return(term, place, motion, true));
                }
                if rejects && !said.rejected {
                    steps.push(Step::Return(term, place, motion, false));
                }
            }
        }
    }
}

impl Model for Network {
    type State = State;
    type Action = Step;

    fn init_states(&self) -> Vec<State> {
        let mut open = [None; MOTIONS];
        for (motion, _) in self.motions.iter().enumerate().filter(|(_, of)| of.term == 0) {
            open[motion] = Some([false; MOTIONS]);
        }
        vec![State { terms: Default::default(), open }]
    }

    fn actions(&self, state: &State, steps: &mut Vec<Step>) {
        let later = self.motions.iter().any(|motion| motion.term == 1);
        for (place, teller) in state.terms[0].iter().enumerate() {
            self.steps_of(state, 0, place, steps);
            if later && teller.handed_over.is_none() {
                steps.push(Step::HandOver(place));
            }
        }
        if later {
            (0..HONEST).for_each(|place| self.steps_of(state, 1, place, steps));
            let unopened = (0..self.motions.len()).filter(|motion| state.open[*motion].is_none());
            for motion in unopened {
                steps.extend(self.citable(state).into_iter().map(|held| Step::Open(motion, held)));
            }
        }
    }

    fn next_state(&self, last: &State, step: Step) -> Option<State> {
        let mut state = last.clone();
        match step {
            Step::Open(motion, held) => state.open[motion] = Some(held),
            Step::Close(term, place, motion, with) => {
                state.terms[term][place].said[motion].closed_with = Some(with);
            }
            Step::Return(term, place, motion, adopted) => {
                let said = &mut state.terms[term][place].said[motion];
                *(if adopted { &mut said.adopted } else { &mut said.rejected }) = true;
            }
            Step::HandOver(place) => {
                let teller = &mut state.terms[0][place];
                teller.handed_over = Some(teller.said.map(|said| said.adopted));
            }
        }
        state.terms.iter_mut().for_each(|honest| honest.sort_unstable());
        Some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always(ONE_OUTCOME, |network: &Self, state| {
                (0..network.motions.len()).all(|motion| {
                    !(network.is_final(state, motion, true) && network.is_final(state, motion, false))
                })
            }),
            Property::always(ONE_SUCCESSOR, |network: &Self, state| {
                let adopted: Vec<usize> = (0..network.motions.len())
                    .filter(|motion| network.is_final(state, *motion, true))
                    .collect();
                adopted.iter().all(|motion| network.rivals(*motion).all(|rival| !adopted.contains(&rival)))
            }),
            Property::always(COUNTED, |network: &Self, state: &State| {
                (0..network.motions.len()).all(|motion| {
                    let honest = &state.terms[network.motions[motion].term];
                    let held = honest.iter().filter(|one| one.said[motion].closed_with == Some(true)).count();
                    let out_of_nowhere = held == 0 && network.is_final(state, motion, true);
                    let suppressed = held == HONEST && network.is_final(state, motion, false);
                    !out_of_nowhere && !suppressed
                })
            }),
            Property::sometimes(FIRST_ADOPTED, |network: &Self, state| network.is_final(state, 0, true)),
            Property::sometimes(LAST_ADOPTED, |network: &Self, state| {
                network.is_final(state, network.motions.len() - 1, true)
            }),
            Property::sometimes(UNLOCKED, |network: &Self, state: &State| {
                // One honest teller adopted the first motion, and still the rival goes through.
                let held = state.terms[0].iter().any(|one| one.said[0].adopted);
                held && network.is_final(state, network.motions.len() - 1, true)
            }),
        ]
    }
}

/// A motion has one outcome, which never flips.
pub const ONE_OUTCOME: &str = "one outcome a motion";
/// Of two rivals one is adopted at the most.
pub const ONE_SUCCESSOR: &str = "one successor a version";
/// A ballot counts if all honest tellers held it in time, and does not if none did.
pub const COUNTED: &str = "ballots count as they were held";
/// The first motion can be adopted.
pub const FIRST_ADOPTED: &str = "the first motion can be adopted";
/// So can the last.
pub const LAST_ADOPTED: &str = "the last motion can be adopted";
/// So can the last where an honest teller adopted its rival.
pub const UNLOCKED: &str = "a lock can be opened";
