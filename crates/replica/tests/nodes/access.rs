//! Each request of the wire, as a stranger, a prospect and a member make it of a real node.

use cohub_record::{List, Scope};
use cohub_replica::wire::{Denial, Fingerprint, Item, Prefix, Request, RequestKind, Response};

use crate::cast::{ISTANBUL, Network, SAO_PAULO, SMALL, VIENNA, charter, key, node};
use crate::world::World;

const STRANGER: usize = 50;
const PROSPECT: usize = 4;
const OTHER_PROSPECT: usize = 5;

#[test]
fn each_request_as_a_stranger_a_prospect_and_a_member() {
    let mut network = Network::found(4, 4, charter(SMALL));
    let newcomer = network.welcome(PROSPECT, ISTANBUL);
    network.welcome(OTHER_PROSPECT, VIENNA);
    network.hand_in(newcomer, &["plan"]);
    let document = network.records.last().unwrap().clone();
    let hash = document.header().attachments[0].hash;
    assert_eq!(document.header().attachments[0].scope, Scope::Members);
    let mut world = World::at(&network);
    world.start_copying(VIENNA, &network);
    world.plant(VIENNA, &network.records[1..]);
    let root = Fingerprint([1; 16]);
    for kind in RequestKind::ALL {
        let request = match kind {
            RequestKind::Compare => Request::Compare { network: network.founding(), root },
            RequestKind::Descend => {
                Request::Descend { prefixes: List::new(vec![Prefix::ROOT]).unwrap(), levels: 1 }
            }
            RequestKind::Tips => Request::Tips { leaves: List::default(), after: None },
            RequestKind::Logs => Request::Logs { logs: List::default(), after: None },
            RequestKind::Holds => Request::Holds { ids: List::new(vec![document.id()]).unwrap() },
            RequestKind::Latest => Request::Latest { keys: List::default() },
            RequestKind::Chunk => Request::Chunk { hash, index: 0 },
            RequestKind::Knock => {
                let items = vec![Item::bare(document.clone())];
                Request::Knock { secret: document.id(), items }
            }
        };
        for who in [STRANGER, PROSPECT, OTHER_PROSPECT, SAO_PAULO] {
            let response = world.ask_as(who, VIENNA, request.clone());
            let expected = match (kind, who) {
                // A known secret would let a stranger knock; members and prospects are in.
                (RequestKind::Knock, STRANGER) => Some(Denial::Invite),
                (_, STRANGER) => Some(Denial::Access),
                // The scope is `members`: the hub that attached it, and co-owners.
                (RequestKind::Chunk, OTHER_PROSPECT) => Some(Denial::Access),
                _ => None,
            };
            let denied = match response {
                Response::Denied(denial) => Some(denial),
                _ => None,
            };
            assert_eq!(denied, expected, "{kind} by {who}");
        }
    }
}

#[test]
fn a_node_without_a_network_and_a_request_about_another_one_are_told_so() {
    let network = Network::found(4, 4, charter(SMALL));
    let mut world = World::at(&network);
    world.start_copying(VIENNA, &network);
    let request = Request::Compare { network: network.records[1].id(), root: Fingerprint::EMPTY };
    assert_eq!(world.ask_as(SAO_PAULO, VIENNA, request.clone()), Response::Denied(Denial::Network));
    world.start_alone(cohub_replica::Config::new(key(node(ISTANBUL)), 3));
    assert_eq!(world.ask_as(SAO_PAULO, ISTANBUL, request), Response::Denied(Denial::Network));
}

#[test]
fn who_asks_too_much_waits() {
    let network = Network::found(4, 4, charter(SMALL));
    let mut world = World::at(&network);
    world.start_copying(VIENNA, &network);
    let request = Request::Tips { leaves: List::default(), after: None };
    let mut answered = 0;
    while !matches!(world.ask_as(SAO_PAULO, VIENNA, request.clone()), Response::Denied(Denial::Busy { .. })) {
        answered += 1;
        assert!(answered < 100_000, "no bound");
    }
    assert!(answered > 1_000);
}
