//! What changes the network itself while it lives: another committee, another charter, other keys of a hub;
//! and a thief who read somebody's recovery words.

use cohub_record::{Field as _, Id, List, PublicKey, Record};
use cohub_registry::{Intent, Kind, Outcome, Question, Rotate, recovery_hash};
use cohub_replica::wire::Item;

use crate::cast::{CONTROLLERS, Desk, header};
use crate::driver::message_id;
use crate::people::founder::GIVES_UP;
use crate::queue::{Happening, Message};
use crate::scenario::{GRACE_MS, NOTICE_MS};
use crate::world::{CHARTER, World};

/// What somebody moves for, again and again until it is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Aim {
    /// Another committee, by the assembly or by the fallback.
    Seat,
    /// Another charter.
    Amend,
    /// One of two rotations.
    Recover,
}

impl Aim {
    pub(super) const fn of(question: &Question) -> Option<Self> {
        match question {
            Question::Seat { .. } | Question::Fallback { .. } => Some(Self::Seat),
            Question::Amend { .. } => Some(Self::Amend),
            Question::Recover { .. } => Some(Self::Recover),
            _ => None,
        }
    }
}

impl World {
    /// What the controllers of a founder want, one after the other: to begin, to accept a seat on the next
    /// committee, to give way to the next.
    pub(super) fn controller_wish(&self, hub: usize, desk: Desk) -> Option<Intent> {
        let registry = self.nodes[hub].registry()?;
        let has_begun = |desk: Desk| registry.log(&self.cast.hubs[hub].key(desk)).is_some();
        let next = CONTROLLERS.iter().position(|other| *other == desk)? + 1;
        if !has_begun(desk) {
            return match desk {
                Desk::Controller => self.cast.hubs[hub].inception().ok(),
                desk => self.rotate(hub, desk),
            };
        }
        // Who was succeeded says no more, and a key in two hands cannot.
        let succeeded = CONTROLLERS.get(next).is_some_and(|next| has_begun(*next));
        let forked = registry.log(&self.cast.hubs[hub].key(desk)).is_some_and(cohub_record::Log::is_forked);
        if succeeded || forked { None } else { self.accept_seat(hub, desk) }
    }

    /// In worlds with a succession each founder accepts a seat on the next committee.
    fn accept_seat(&self, hub: usize, controller: Desk) -> Option<Intent> {
        let network = self.cast.network();
        let accepted = self.people[hub].done.contains(&(network, "accept"));
        (self.scenario.succession.is_some() && !accepted)
            .then(|| self.cast.hubs[hub].acceptance(network, controller).ok())?
    }

    /// The recovery key takes over at its time; the one after it once the vote has let the hub's rotation stand.
    fn rotate(&self, hub: usize, desk: Desk) -> Option<Intent> {
        let (rotating, from_ms) = self.scenario.rotation?;
        if rotating != hub || self.now_ms < from_ms || self.healed_ms.is_some() {
            return None;
        }
        let before = match desk {
            Desk::Recovery => Desk::Controller,
            _ if self.is_recovered(hub, hub)? => Desk::Recovery,
            _ => return None,
        };
        let wish = Intent::Rotate {
            controller: self.cast.hubs[hub].key(before),
            recovery: self.cast.hubs[hub].commitment(desk),
            before: None,
        };
        let registry = self.nodes[hub].registry()?;
        registry.draft(&self.cast.hubs[hub].key(desk), &wish).is_ok().then_some(wish)
    }

    /// Whether a node knows that the vote has let a hub's own rotation stand.
    fn is_recovered(&self, node: usize, hub: usize) -> Option<bool> {
        let registry = self.nodes[node].registry()?;
        let (own, _) = self.rotations(node, hub)?;
        let mut decided = registry.ids_of(Kind::Motion).into_iter().filter(|motion| {
            let adopted =
                registry.certificate(motion).is_some_and(|(outcome, _)| outcome == Outcome::Adopted);
            adopted
                && self.read_motion(motion).is_some_and(|motion| {
                    matches!(motion.effect, cohub_registry::Effect::Recover { rotate, .. } if rotate == own)
                })
        });
        Some(decided.next().is_some())
    }

    /// A hub's own rotation to its recovery key, and the thief's, as far as a node holds them.
    fn rotations(&self, node: usize, hub: usize) -> Option<(Id, Option<Id>)> {
        let log = self.nodes[node].registry()?.log(&self.cast.hubs[hub].key(Desk::Recovery))?;
        let own = self.cast.hubs[hub].commitment(Desk::Recovery);
        let is_own = |id: &Id| {
            let body =
                self.checks.record(id).and_then(|record| Rotate::from_value(&record.header().body).ok());
            body.is_some_and(|rotate| rotate.recovery == own)
        };
        let (mine, theirs): (Vec<Id>, Vec<Id>) = log.at(0).partition(is_own);
        Some((*mine.first()?, theirs.first().copied()))
    }

    /// One of them moves that they all be seated with their fresh tellers, until that is adopted.
    pub(super) fn seat_anew(&mut self, hub: usize) -> Option<Intent> {
        let (mover, from_ms) = self.scenario.succession?;
        if hub != mover || self.now_ms < from_ms || !self.may_try(hub, Aim::Seat) {
            return None;
        }
        let registry = self.nodes[hub].registry()?;
        if registry.has_counted(&self.cast.hubs[hub].key(Desk::NextTeller)) {
            return None;
        }
        let begun = registry.ids_of(Kind::Inception).into_iter();
        let founders = begun.filter(|id| {
            registry.place(id).is_some_and(|(author, _)| {
                self.cast.desk(&author).is_some_and(|(hub, _)| hub < self.cast.founders)
            })
        });
        let hubs = List::new(founders.collect()).ok()?;
        let question = match self.scenario.lost {
            Some(_) => Question::Fallback { hubs, standing: List::default() },
            None => Question::Seat { hubs },
        };
        self.move_for(hub, question)
    }

    /// Who wants another charter moves for it until one is adopted.
    pub(super) fn amend(&mut self, hub: usize) -> Option<Intent> {
        let (_, from_ms) = *self.scenario.amendments.iter().find(|(mover, _)| *mover == hub)?;
        if self.now_ms < from_ms || !self.may_try(hub, Aim::Amend) {
            return None;
        }
        let registry = self.nodes[hub].registry()?;
        if registry.view().charter.version > 1 {
            return None;
        }
        self.move_for(hub, Question::Amend { charter: amended(hub) })
    }

    /// Who knows of two rotations of a hub moves that one of them stand: most that the hub's own does.
    pub(super) fn recover(&mut self, hub: usize) -> Option<Intent> {
        let place = self.scenario.theft.as_ref()?.iter().position(|mover| *mover == hub)?;
        let (robbed, _) = self.scenario.rotation?;
        if !self.may_try(hub, Aim::Recover) || self.is_recovered(hub, robbed)? {
            return None;
        }
        let (own, theirs) = self.rotations(hub, robbed)?;
        let theirs = theirs?;
        let inception = self.nodes[hub].registry()?.log(&self.controller(robbed))?.at(0).next()?;
        let rotate = if place == 0 { own } else { theirs };
        self.move_for(hub, Question::Recover { hub: inception, rotate })
    }

    /// Whether the last motion of that aim came to nothing, and there is still a point in another.
    fn may_try(&self, hub: usize, aim: Aim) -> bool {
        let (tried, last_ms) = self.people[hub].tries.get(&aim).copied().unwrap_or_default();
        let local_ms = self.nodes[hub].clock.local_ms(self.now_ms);
        local_ms >= last_ms + 6 * GRACE_MS && tried < GIVES_UP && self.healed_ms.is_none()
    }

    /// A motion with enough notice, if it can be drafted.
    fn move_for(&mut self, hub: usize, question: Question) -> Option<Intent> {
        let local_ms = self.nodes[hub].clock.local_ms(self.now_ms);
        let deadline_ms =
            local_ms + NOTICE_MS + self.people[hub].dice.between(2 * GRACE_MS + 60_000, 4 * GRACE_MS);
        let wish = Intent::Move { question, deadline_ms };
        let registry = self.nodes[hub].registry()?;
        registry.draft(&self.cast.hubs[hub].key(Desk::Representative), &wish).is_ok().then_some(wish)
    }

    /// A hub has rotated: whoever has its words too hears of it before long.
    pub(super) fn was_rotated(&mut self, hub: usize, rotate: &Record) {
        if self.scenario.theft.is_some() && rotate.author() == self.cast.hubs[hub].key(Desk::Recovery) {
            let at_ms = self.now_ms + self.people[hub].dice.below(2 * GRACE_MS);
            self.queue.plan(at_ms, Happening::Steals);
        }
    }

    /// The thief rotates to the same key, with words of their own for the next, and tells somebody of it.
    pub(crate) fn steal(&mut self) {
        let Some((robbed, _)) = self.scenario.rotation else { return };
        let Some(item) = self.stolen_rotation(robbed) else { return };
        let up: Vec<usize> = (0..self.cast.founders).filter(|node| self.nodes[*node].is_up()).collect();
        let Some(node) = self.dice.pick(&up) else {
            return self.queue.plan(self.now_ms + 60_000, Happening::Steals);
        };
        self.trace.note(self.now_ms, node, || format!("hears of a stolen rotation {}", item.record().id()));
        let id = message_id(&item);
        self.arrive(node, node, Message::Gossip { id, item });
        // Whoever it was told may have lost it again.
        let held = self.rotations(node, robbed).is_some_and(|(_, theirs)| theirs.is_some());
        if !held && self.healed_ms.is_none() {
            self.queue.plan(self.now_ms + 60_000, Happening::Steals);
        }
    }

    fn stolen_rotation(&self, robbed: usize) -> Option<Item> {
        let hub = &self.cast.hubs[robbed];
        let key: PublicKey = hub.key(Desk::Recovery);
        let wish = Intent::Rotate {
            controller: hub.key(Desk::Controller),
            recovery: recovery_hash(&hub.key(Desk::Node)),
            before: None,
        };
        let contents = self.nodes[robbed].registry()?.draft(&key, &wish).ok()?;
        let at = self.scenario.rotation?.1;
        let rotate = header(self.cast.network(), contents, None, at).sign(hub.secret(Desk::Recovery)).ok()?;
        Some(Item::bare(rotate))
    }
}

/// The charter that a hub wants: its eligible need more than half of all votes, whoever casts them.
fn amended(hub: usize) -> String {
    CHARTER.replacen("title = \"Simulated\"", &format!("title = \"As hub {hub} has it\""), 1).replacen(
        "rule = \"simple\"",
        "rule = \"absolute\"",
        1,
    )
}
