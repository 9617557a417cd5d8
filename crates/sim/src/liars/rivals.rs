//! Liars who sign twice what they should sign once: ballots, and what a newcomer hands in.

use cohub_record::{Field as _, Id, PublicKey, Record};
use cohub_registry::{Ballot, Choice, Kind};
use cohub_replica::wire::Item;

use crate::cast::Desk;
use crate::liars::Vice;
use crate::world::World;

impl World {
    /// Signs rivals of own records that stand in a log, and tells half of the others of each.
    pub(super) fn double(&mut self, place: usize) {
        let Some(liar) = self.liars.get(&place) else { return };
        let (desk, kind) = if liar.has(Vice::TwoVoices) {
            (Desk::Representative, Kind::Ballot)
        } else if liar.has(Vice::TwoDossiers) {
            (Desk::Controller, Kind::Document)
        } else {
            return;
        };
        let key = self.cast.hubs[place].key(desk);
        let found = self.own_records(place, &key).into_iter().rev();
        let mut fresh = found
            .filter(|record| record.header().kind == kind.as_str() && !liar.doubled.contains(&record.id()));
        let Some(record) = fresh.next() else { return };
        // Not every record: a log that is forked early says nothing more.
        let Some(liar) = self.liars.get_mut(&place) else { return };
        liar.doubled.insert(record.id());
        if !liar.dice.chance(400) {
            return;
        }
        self.sign_rival(place, desk, &record);
    }

    fn sign_rival(&mut self, place: usize, desk: Desk, record: &Record) {
        let mut header = record.header().clone();
        header.at += 1;
        if let Ok(ballot) = Ballot::from_value(&header.body)
            && header.kind == Kind::Ballot.as_str()
        {
            let choice = if ballot.choice == Choice::Yes { Choice::No } else { Choice::Yes };
            header.body = Ballot { choice }.to_value();
        }
        let Some(rival) = self.forge(place, desk, header) else { return };
        let [one, other] = self.halves(place);
        self.trace.note(self.now_ms, place, || format!("signs {} beside {}", rival.id(), record.id()));
        self.confide(place, Item::bare(record.clone()), one);
        self.confide(place, Item::bare(rival), other);
    }

    /// Signs a rival of whatever it has written, and shows it to everybody.
    pub(super) fn double_anything(&mut self, place: usize) {
        for desk in [Desk::Representative, Desk::Controller] {
            let key = self.cast.hubs[place].key(desk);
            let Some(record) = self.own_records(place, &key).pop() else { continue };
            let mut header = record.header().clone();
            header.at += 1;
            if let Some(rival) = self.forge(place, desk, header) {
                self.plant(place, &Item::bare(rival), true);
                return;
            }
        }
    }

    /// What a key of a liar has written, in order, as its node holds it.
    fn own_records(&self, place: usize, key: &PublicKey) -> Vec<Record> {
        let log = self.nodes[place].registry().and_then(|registry| registry.log(key));
        let ids = log.into_iter().flat_map(|log| log.places_from(0)).map(|place| place.id);
        ids.collect::<Vec<Id>>().iter().filter_map(|id| self.checks.record(id)).cloned().collect()
    }
}
