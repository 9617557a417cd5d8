//! Which rolls of the assembly tellers accept: those that a node would draw up from what they hold.

use cohub_record::Id;
use cohub_registry::{Question, Role};

use crate::cast::{AMSTERDAM, VIENNA, controller, key, representative, spare, teller};
use crate::{Network, small};

/// The founder without a seat.
const LISBON: usize = 4;

fn manifesto(text: &str) -> Question {
    Question::Manifesto { text: text.parse().expect("a text") }
}

/// Whether a teller that gets a motion now refuses it.
fn is_superseded(network: &Network, motion: Id) -> bool {
    let duties = network.registry.duties(&key(teller(AMSTERDAM)));
    duties.iter().find(|duty| duty.motion == motion).expect("a duty").superseded
}

#[test]
fn a_hub_with_no_representative_stops_no_vote_of_the_others() {
    let mut network = small();
    let by = representative(LISBON);
    let end = network.end(by);
    network.write(controller(LISBON), network.revocation(LISBON, by, end));
    let motion = network.ask(manifesto("Without Lisbon."));
    assert_eq!(
        network.registry.motion(&motion).expect("shown").roll.len(),
        4,
        "it has nobody to vote for it"
    );
    assert!(!is_superseded(&network, motion));
}

#[test]
fn a_roll_with_a_key_that_is_no_representative_any_more_is_refused() {
    let mut network = small();
    // Drawn up while the old key was Lisbon's representative, and handed in when a new one is.
    let page = network.question(representative(VIENNA), manifesto("By an old key."));
    network.give(LISBON, spare(LISBON, 9), &[Role::Representative]);
    let motion = network.write(representative(VIENNA), page);
    assert!(is_superseded(&network, motion));

    let motion = network.ask(manifesto("By the new one."));
    assert!(!is_superseded(&network, motion));
}
