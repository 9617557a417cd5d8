//! A large and orderly network: newcomers by the hundred, each with a dossier and two votes.

use cohub_record::Id;
use cohub_registry::{Choice, Outcome, Votes};

use super::{Network, SMALL, VIENNA, charter, controller, representative, teller};

/// Seats of the committee.
const SEATS: usize = 13;
/// Records that one newcomer causes, about.
pub(crate) const RECORDS_A_NEWCOMER: usize = 115;
/// Later versions of a newcomer's plan.
const REVISIONS: usize = 20;

/// A network of at least so many records, written by about a hundredth as many keys.
pub(crate) fn crowd(records: usize) -> Network {
    let mut network = Network::found(SEATS, SEATS, charter(SMALL));
    let mut hub = SEATS;
    while network.records.len() < records {
        pass(&mut network, hub);
        hub += 1;
    }
    network
}

/// One newcomer comes as far as the second stage.
fn pass(network: &mut Network, hub: usize) {
    let newcomer = network.welcome(hub, hub % SEATS);
    let eligible = network.move_on(newcomer, "eligible");
    decide(network, eligible);
    let documents = network.hand_in(newcomer, &["plan", "budget"]);
    let mut plan = documents[0];
    for revision in 0..REVISIONS {
        let content = format!("plan {revision} of {hub}");
        let page = network.document(newcomer.application, "plan", &content);
        plan = network.write(controller(hub), page.citing(1, &[plan]));
    }
    network.examine(newcomer, &["finance", "space"]);
    let candidate = network.move_on(newcomer, "candidate");
    decide(network, candidate);
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

/// A committee of so many seats, all of which have voted on a motion and closed it; nobody has returned.
pub(crate) fn counted_motion(seats: usize) -> (Network, Id) {
    let mut network = Network::found(seats, seats, charter(SMALL));
    let newcomer = network.welcome(seats, VIENNA);
    let motion = network.move_on(newcomer, "eligible");
    network.vote(motion, &vec![Choice::Yes; seats]);
    network.close(motion);
    (network, motion)
}
