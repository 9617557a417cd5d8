//! A large network of the tests' cast: newcomers by the hundred, each with reports and a vote.

#[path = "../../crates/registry/tests/cast/mod.rs"]
mod cast;

use std::path::Path;

use cohub_record::{Id, Record, SecretKey};
use cohub_registry::{Choice, Outcome, Votes};
use cohub_store::{Opened, Options, SledStore, Store as _};

use crate::Failed;
use cast::{Network, SMALL, VIENNA, charter, controller, node, representative, resolution, secret, teller};

/// Seats of the committee.
const SEATS: usize = 13;
/// Corrections of each newcomer's report.
const REVISIONS: u32 = 40;
/// Motions that nobody has voted on yet.
const OPEN: usize = 10;
/// Records that one append keeps.
const BATCH: usize = 1_000;

/// Everything that was written in a network, the founding record first.
pub(crate) struct Crowd {
    pub(crate) records: Vec<Record>,
    founders: usize,
}

impl Crowd {
    /// A network of so many founders and at least so many records, written by about a hundredth as many keys.
    pub(crate) fn new(founders: usize, records: usize) -> Self {
        // The nodes of newcomers are nowhere, so they are not granted: nobody shall look for them.
        let charter = charter(&SMALL.replace("open = 2", "open = 60000"));
        let mut network = Network::found(founders, SEATS, charter);
        let mut hub = founders;
        while network.records.len() < records {
            pass(&mut network, hub);
            hub += 1;
        }
        Self { records: network.records, founders }
    }

    /// A network of so many hubs, applications and motions: what pages are meant for. Newcomers apply over and over,
    /// and every motion but the last few is decided.
    pub(crate) fn of_pages(hubs: usize, applications: usize, motions: usize) -> Self {
        let charter = charter(&SMALL.replace("open = 2", "open = 60000"));
        let mut network = Network::found(SEATS, SEATS, charter);
        for hub in SEATS..hubs {
            let by = representative(hub % SEATS);
            network.write(by, network.sponsor(by, controller(hub)));
            network.incept(hub);
        }
        for number in 0..motions {
            let motion = if number < applications {
                let hub = SEATS + number % (hubs - SEATS);
                let by = representative(hub % SEATS);
                let sponsor = network.write(by, network.sponsor(by, controller(hub)));
                let application = network.write(controller(hub), network.application(hub, sponsor));
                let by = representative(VIENNA);
                network.write(by, network.advance(by, application, "eligible", 0))
            } else {
                network.ask(resolution(&format!("We keep the calendar number {number}.")))
            };
            if number + OPEN < motions {
                decide(&mut network, motion);
            }
        }
        Self { records: network.records, founders: SEATS }
    }

    /// The keys of the founders' nodes.
    pub(crate) fn node_keys(&self) -> Vec<SecretKey> {
        (0..self.founders).map(|hub| secret(node(hub))).collect()
    }

    /// Bytes of all records.
    pub(crate) fn bytes(&self) -> usize {
        self.records.iter().map(|record| record.bytes().len()).sum()
    }

    /// The last record of each log.
    pub(crate) fn ends(&self) -> Vec<Id> {
        let ends: std::collections::BTreeMap<_, _> =
            self.records.iter().map(|record| (record.author(), record.id())).collect();
        ends.into_values().collect()
    }

    /// Writes all into the store of a node's data directory.
    pub(crate) fn store(&self, data: &Path) -> Result<(), Failed> {
        let Opened { store, .. } = SledStore::open(data, Options::default())?;
        for batch in self.records.chunks(BATCH) {
            store.append(batch)?;
        }
        Ok(())
    }
}

/// A newcomer applies, is voted on, and corrects its report over and over.
fn pass(network: &mut Network, hub: usize) {
    let by = representative(hub % SEATS);
    let sponsor = network.write(by, network.sponsor(by, controller(hub)));
    network.incept(hub);
    let application = network.write(controller(hub), network.application(hub, sponsor));
    // Not documents: nobody has the attachments that these would name, and nodes would ask for them for ever.
    for revision in 0..REVISIONS {
        network.write(controller(hub), network.profile(hub, 2026, revision));
    }
    let by = representative(VIENNA);
    let motion = network.write(by, network.advance(by, application, "eligible", 0));
    decide(network, motion);
}

/// Every seat votes, all but two say yes; every teller closes and returns.
fn decide(network: &mut Network, motion: Id) {
    let mut ballots = Vec::new();
    for seat in 0..SEATS {
        let choice = if seat < 2 { Choice::No } else { Choice::Yes };
        ballots.push(network.write(representative(seat), network.ballot(motion, choice)));
    }
    let mut closings = Vec::new();
    for seat in 0..SEATS {
        closings.push(network.write(teller(seat), network.closing(motion, &ballots)));
    }
    let tally = Votes { yes: 11, no: 2, ..Votes::default() };
    for seat in 0..SEATS {
        let page = network.returned(motion, &closings, Outcome::Adopted, tally);
        network.write(teller(seat), page);
    }
}
