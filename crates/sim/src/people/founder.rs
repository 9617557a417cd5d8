//! What the people of founding hubs want: to begin, to bring somebody in, to review, to move, to vote, to
//! sign.

use cohub_record::{Id, List};
use cohub_registry::{Intent, InterviewOutcome, Kind, Recommendation, Registry};
use cohub_replica::Input;

use crate::cast::{CONTROLLERS, Desk};
use crate::people::Errand;
use crate::scenario::{GRACE_MS, NOTICE_MS};
use crate::world::World;

/// How a mover brings one application forward.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Course {
    /// Motions that came to nothing at the present stage.
    failures: u32,
    moved: u32,
    open: Option<(Id, u64)>,
}

/// After so many motions that came to nothing a mover gives up.
pub(super) const GIVES_UP: u32 = 4;

impl World {
    pub(super) fn founder_wish(&mut self, hub: usize, desk: Desk) -> Option<Intent> {
        if CONTROLLERS.contains(&desk) {
            return self.controller_wish(hub, desk);
        }
        self.invite(hub);
        self.sponsor(hub)
            .or_else(|| self.assess(hub))
            .or_else(|| self.vote(hub))
            .or_else(|| self.count(hub))
            .or_else(|| self.seat_anew(hub))
            .or_else(|| self.amend(hub))
            .or_else(|| self.recover(hub))
            .or_else(|| self.move_on(hub))
            .or_else(|| self.sign_admissions(hub))
    }

    /// Who is on a fallback roll closes and returns the fallback when that is due (Protocol 6.9).
    fn count(&self, hub: usize) -> Option<Intent> {
        let open = self.nodes[hub].registry()?.fallbacks_to_count().into_iter();
        let mut due = open.filter(|(motion, _)| self.counting(hub, motion).is_some());
        due.next().map(|(motion, _)| Intent::Count { motion })
    }

    /// What a founder signs to count a fallback, by its node's clock and what that held in time.
    pub(super) fn counting(&self, hub: usize, motion: &Id) -> Option<cohub_registry::Contents> {
        let node = &self.nodes[hub];
        let heads = node.replica()?.heads_in_time(motion);
        let key = self.cast.hubs[hub].key(Desk::Representative);
        node.registry()?.counting(motion, &key, &heads, node.clock.local_ms(self.now_ms)).ok()
    }

    /// The newcomers whom a founder invites and brings forward.
    fn newcomers_of(&self, hub: usize) -> Vec<usize> {
        let newcomers = self.cast.founders..self.cast.hubs.len();
        newcomers.filter(|newcomer| self.scenario.sponsor_of(*newcomer) == Some(hub)).collect()
    }

    fn invite(&mut self, hub: usize) {
        for newcomer in self.newcomers_of(hub) {
            if self.people[hub].invited.contains_key(&newcomer) {
                continue;
            }
            let secret = Id::from_bytes(self.people[hub].dice.bytes());
            let expires_at = self.nodes[hub].clock.local_ms(self.now_ms) + 86_400_000;
            self.ask(hub, Errand::Invite(newcomer), |ticket| Input::Invite {
                ticket,
                secret,
                addresses: List::default(),
                expires_at,
            });
        }
    }

    fn sponsor(&self, hub: usize) -> Option<Intent> {
        let replica = self.nodes[hub].replica()?;
        let mut waiting = replica.newcomers().map(|newcomer| newcomer.controller);
        waiting.next().map(|controller| Intent::Sponsor { controller, records: 40 })
    }

    /// Reviews and interviews, by those who are asked to: the hubs behind the sponsor.
    fn assess(&self, hub: usize) -> Option<Intent> {
        let registry = self.nodes[hub].registry()?;
        let person = &self.people[hub];
        for application in registry.ids_of(Kind::Application) {
            let distance = self.distance(hub, registry, &application)?;
            let has_plan = registry.evidence_for(&application).is_some_and(|evidence| evidence.len() > 1);
            if !has_plan {
                continue;
            }
            if distance == 1 % self.cast.founders && !person.done.contains(&(application, "review")) {
                return Some(Intent::Review {
                    application,
                    panel: self.cast.charter.panels.first()?.slug.clone(),
                    recommendation: Recommendation::Accept,
                    scores: List::default(),
                });
            }
            if distance == 2 % self.cast.founders && !person.done.contains(&(application, "interview")) {
                return Some(Intent::Interview { application, outcome: InterviewOutcome::Favourable });
            }
        }
        None
    }

    /// How far a hub stands behind the one that sponsored an application.
    fn distance(&self, hub: usize, registry: &Registry, application: &Id) -> Option<usize> {
        let (applicant, _) = registry.place(application)?;
        let (newcomer, _) = self.cast.desk(&applicant)?;
        let founders = self.cast.founders;
        let sponsor = self.scenario.sponsor_of(newcomer)?;
        Some((hub + founders - sponsor) % founders)
    }

    fn vote(&mut self, hub: usize) -> Option<Intent> {
        let (key, local_ms) =
            (self.cast.hubs[hub].key(Desk::Representative), self.nodes[hub].clock.local_ms(self.now_ms));
        let person = &mut self.people[hub];
        let registry = self.nodes[hub].registry()?;
        person.ballots.due(registry, &key, local_ms, &mut person.dice)
    }

    /// The sponsor moves; in worlds with rivals another founder does, too, with another date.
    fn move_on(&mut self, hub: usize) -> Option<Intent> {
        if self.healed_ms.is_some() {
            return None;
        }
        let local_ms = self.nodes[hub].clock.local_ms(self.now_ms);
        let applications = self.nodes[hub].registry()?.ids_of(Kind::Application);
        for application in applications {
            let registry = self.nodes[hub].registry()?;
            let distance = self.distance(hub, registry, &application)?;
            let is_rival = self.scenario.rivals && distance == self.cast.founders - 1;
            let mut course = self.people[hub].courses.get(&application).copied().unwrap_or_default();
            if (distance != 0 && !is_rival) || course.failures >= GIVES_UP {
                continue;
            }
            if let Some((motion, deadline_ms)) = course.open {
                match registry.certificate(&motion) {
                    Some((cohub_registry::Outcome::Adopted, _)) => course.failures = 0,
                    Some(_) => course.failures += 1,
                    None if local_ms < deadline_ms + 6 * GRACE_MS => continue,
                    None => course.failures += 1,
                }
                course.open = None;
                self.people[hub].courses.insert(application, course);
            }
            // Where rivals are what matters nobody gives way.
            if is_rival && course.moved > 0 && !self.scenario.contested {
                continue;
            }
            let registry = self.nodes[hub].registry()?;
            let view = registry.view();
            let view = view.applications.into_iter().find(|view| view.id == application)?;
            if view.next.is_none_or(|next| !next.missing.is_empty()) {
                continue;
            }
            return Some(self.motion(hub, application, course, is_rival, local_ms));
        }
        None
    }

    fn motion(&mut self, hub: usize, application: Id, course: Course, rival: bool, local_ms: u64) -> Intent {
        let dice = &mut self.people[hub].dice;
        // The first motion of each world is opened by somebody in a hurry: tellers refuse it.
        let hurried = course.moved == 0 && !rival;
        let deadline_ms = match hurried {
            true => local_ms + NOTICE_MS / 4,
            false => local_ms + NOTICE_MS + dice.between(2 * GRACE_MS + 60_000, 4 * GRACE_MS),
        };
        let open_by_ms = if rival { local_ms + 365 * 86_400_000 } else { 0 };
        Intent::Advance { application, stage: None, deadline_ms, open_by_ms }
    }

    /// A motion of this mover is under way.
    pub(super) fn has_moved(&mut self, hub: usize, application: Id, motion: Id, deadline_ms: u64) {
        let course = self.people[hub].courses.entry(application).or_default();
        let hurried = course.moved == 0;
        course.moved += 1;
        // Who was in a hurry comes back with more patience, at once.
        course.open = (!hurried).then_some((motion, deadline_ms));
        let world_ms = self.nodes[hub].clock.world_ms(self.now_ms, deadline_ms);
        if self.scenario.cut_across_deadline && !hurried {
            self.scenario.cut_across_deadline = false;
            // Until all have closed, or until some would return without the others' closings.
            let graces = self.people[hub].dice.between(2, 5);
            // Before most have voted, or when most have.
            let lasts_ms = world_ms.saturating_sub(self.now_ms);
            let early = self.people[hub].dice.chance(500);
            let from_ms = if early { self.now_ms + lasts_ms / 8 } else { world_ms.saturating_sub(GRACE_MS) };
            self.part_across(from_ms, world_ms.saturating_add(graces * GRACE_MS));
        }
    }

    fn sign_admissions(&self, hub: usize) -> Option<Intent> {
        let registry = self.nodes[hub].registry()?;
        let key = self.cast.hubs[hub].key(Desk::Representative);
        let applications = registry.ids_of(Kind::Application).into_iter();
        let mut unsigned = applications.filter(|id| !self.people[hub].done.contains(&(*id, "sign")));
        unsigned.find_map(|application| {
            let sign = Intent::SignAdmission { application };
            registry.draft(&key, &sign).is_ok().then_some(sign)
        })
    }

    /// Whether nobody has anything left to bring forward.
    pub(crate) fn is_everybody_done(&self) -> bool {
        let newcomers = self.cast.founders..self.cast.hubs.len();
        newcomers.into_iter().all(|newcomer| {
            let Some(sponsor) = self.scenario.sponsor_of(newcomer) else { return true };
            let Some(registry) = self.nodes[sponsor].registry() else { return false };
            let controller = self.controller(newcomer);
            let Some(application) = registry.application_of_hub(&controller) else { return false };
            let gave_up =
                self.people[sponsor].courses.get(&application).is_some_and(|c| c.failures >= GIVES_UP);
            let owner = matches!(registry.keeping(&controller), cohub_registry::Keeping::Whole);
            owner || gave_up
        })
    }
}
