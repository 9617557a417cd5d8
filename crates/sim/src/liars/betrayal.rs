//! Liars for worlds without a rule of locks: they count like everybody else and keep their returns back, until
//! everything is decided otherwise. Then they let go what they might have adopted, as a fork of their logs.

use cohub_record::{Field as _, Id, Record};
use cohub_registry::{Contents, Kind, Outcome, Return};
use cohub_replica::wire::Item;

use crate::cast::{Desk, header};
use crate::liars::tellers::choose;
use crate::oracle;
use crate::world::World;

impl World {
    /// Adopts whatever lacks just that, right behind the liar's closing of it.
    pub(super) fn betray(&mut self, place: usize) {
        for motion in self.checks.motions().to_vec() {
            let undecided = self.nodes[place].registry().is_some_and(|it| it.certificate(&motion).is_none());
            for desk in [Desk::Teller, Desk::NextTeller] {
                if undecided && let Some(adopted) = self.adopting(place, desk, &motion) {
                    self.trace.note(self.now_ms, place, || format!("lets go that it adopted {motion}"));
                    self.plant(place, &Item::bare(adopted), true);
                }
            }
        }
    }

    /// A return that adopts a motion, on closings chosen for it.
    fn adopting(&mut self, place: usize, desk: Desk, motion: &Id) -> Option<Record> {
        const ATTEMPTS: usize = 24;
        let registry = self.nodes[place].registry()?;
        let key = self.cast.hubs[place].key(desk);
        let closings = self.closings(registry, motion);
        let (_, own) = registry.place(closings.get(&key)?.first()?)?;
        let (seats, rule) = (self.cast.founders, self.rule_of(motion)?);
        let unsupported = self.cast.unsupported(self.scenario.switched_off);
        let liar = self.liars.get_mut(&place)?;
        let mut adopting = None;
        for _ in 0..ATTEMPTS {
            let cited = choose(&mut liar.dice, &closings, seats - self.cast.tolerated());
            let votes = oracle::votes(registry, &self.checks, motion, &cited, unsupported);
            let outcome = rule.decide(u32::try_from(seats).ok()?, &votes).outcome;
            if !cited.is_empty() && outcome == Outcome::Adopted {
                adopting = Some((cited, votes));
                break;
            }
        }
        let (cited, tally) = adopting?;
        let body = Return { outcome: Outcome::Adopted, tally }.to_value();
        let contents = Contents { kind: Kind::Return, cites: vec![vec![*motion], cited, Vec::new()], body };
        let header = header(self.cast.network(), contents, Some((own.seq + 1, own.id)), self.now_ms);
        self.forge(place, desk, header)
    }
}
