//! Disputed slots: two certificates that contradict each other, who signed for both, and what settles which stands.

use cohub_record::{Id, PublicKey, Record};
use cohub_registry::{
    Choice, DisputeView, EvidenceView, Intent, Outcome, Registry, Verdict, Votes, certificate,
};

use crate::cast::{
    AMSTERDAM, ISTANBUL, Network, Newcomer, SAO_PAULO, VIENNA, appointment, key, representative, teller,
};
use crate::{ANKARA, NONE, decided, small, stage};

use Choice::{No, Yes};

const LISBON: usize = 4;
const SECOND: [usize; 4] = [VIENNA, AMSTERDAM, SAO_PAULO, LISBON];
const FOUR: Votes = Votes { yes: 4, ..NONE };

/// A motion on which all voted yes, and another for the same slot and base with the same votes.
struct Rivals {
    newcomer: Newcomer,
    motions: [Id; 2],
    /// Where each old teller stood before it said anything of either.
    before: Vec<Option<Id>>,
}

fn rivals(network: &mut Network) -> Rivals {
    let newcomer = network.welcome(ANKARA, VIENNA);
    let by = representative(VIENNA);
    let motions = [0, 7].map(|open_by| {
        let page = network.advance(by, newcomer.application, "eligible", open_by);
        network.write(by, page)
    });
    for motion in motions {
        network.vote(motion, &[Yes; 4]);
    }
    let before = (0..4).map(|seat| network.end(teller(seat))).collect();
    Rivals { newcomer, motions, before }
}

/// These old tellers close a motion on branches of their own, with these heads, and return that outcome.
fn lie(
    network: &mut Network,
    before: &[Option<Id>],
    motion: Id,
    heads: &[Id],
    (outcome, tally): (Outcome, Votes),
) -> Vec<Id> {
    let closings: Vec<Id> = [AMSTERDAM, SAO_PAULO, ISTANBUL]
        .map(|seat| network.write_after(teller(seat), before[seat], network.closing(motion, heads)).0)
        .to_vec();
    let mut returns = Vec::new();
    for (seat, closing) in [AMSTERDAM, SAO_PAULO, ISTANBUL].into_iter().zip(&closings) {
        let page = network.returned(motion, &closings, outcome, tally);
        let (id, verdict) = network.write_after(teller(seat), Some(*closing), page);
        assert_eq!(verdict, Verdict::Valid);
        returns.push(id);
    }
    returns
}

/// The bytes of what the registry holds, in any order, give an equal registry.
#[track_caller]
fn same_in_other_orders(network: &Network) {
    let mut records: Vec<&Record> = network.records[1..].iter().collect();
    let mut orders = vec![records.clone()];
    records.sort_by_key(|record| record.place());
    orders.push(records.clone());
    records.sort_by_key(|record| (record.header().seq, std::cmp::Reverse(record.author())));
    orders.push(records);
    for order in orders {
        let mut other = Registry::found(&network.records[0]).expect("a founding record");
        for record in order {
            other.insert(record).expect("its predecessor is there");
        }
        assert_eq!(other.view(), network.registry.view());
    }
}

fn dispute(network: &Network) -> DisputeView {
    let [dispute] = network.registry.view().disputes.try_into().expect("one dispute");
    dispute
}

/// One side of a dispute as a certificate file, verified with nothing else.
fn verified(network: &Network, motion: Id, outcome: Outcome) -> certificate::Verified {
    let mut read = |author: &PublicKey, place| {
        let found = network.records.iter().find(|one| one.author() == *author && one.place() == place);
        found.map(|record| record.bytes().to_vec())
    };
    let file = network.registry.export_outcome(&motion, outcome, &mut read).expect("q returns");
    certificate::verify(&file, Some(network.founding())).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn two_versions_of_one_slot_leave_it_as_it_was_and_name_who_signed_for_both() {
    let mut network = small();
    let Rivals { newcomer, motions: [first, second], before } = rivals(&mut network);
    let heads: Vec<Id> = network.registry.heads(&second).into_iter().map(|seat| seat[0]).collect();
    network.close(first);
    network.bring_back_all_but(first, ISTANBUL);
    assert_eq!(stage(&network, newcomer).as_deref(), Some("eligible"));
    assert_eq!(network.registry.view().disputes, []);
    lie(&mut network, &before, second, &heads, (Outcome::Adopted, FOUR));

    assert_eq!(stage(&network, newcomer), None, "the slot keeps its base value");
    for motion in [first, second] {
        let shown = network.registry.motion(&motion).expect("shown");
        assert_eq!((shown.state.as_str(), shown.is_final), ("disputed", true), "both are kept");
    }
    let dispute = dispute(&network);
    assert_eq!((dispute.slot, dispute.base, dispute.stands), ("application", None, None));
    assert_eq!(dispute.subject, newcomer.application.to_string());
    let mut sides: Vec<Id> = dispute.certificates.iter().map(|side| side.motion).collect();
    sides.sort_unstable();
    assert_eq!(sides, {
        let mut both = [first, second];
        both.sort_unstable();
        both
    });
    // 2q - n of them, by proof: Sao Paulo and Amsterdam returned both.
    let mut liars = [AMSTERDAM, SAO_PAULO].map(|seat| key(teller(seat)));
    liars.sort_unstable();
    assert_eq!(dispute.tellers.iter().map(|liar| liar.author).collect::<Vec<_>>(), liars);
    for liar in &dispute.tellers {
        let [one, other] = liar.records.map(|id| network.registry.place(&id).expect("held"));
        assert_eq!((one.0, one.1.seq), (liar.author, liar.seq));
        assert_eq!((other.0, other.1.seq), (liar.author, liar.seq));
        assert_ne!(liar.records[0], liar.records[1]);
        assert!(liar.hub.is_some());
    }
    // Either side is valid by itself; only together do they show the lie.
    for side in &dispute.certificates {
        let found = verified(&network, side.motion, side.outcome);
        assert_eq!((found.motion, found.outcome, found.forks.len()), (side.motion, Outcome::Adopted, 0));
    }
    same_in_other_orders(&network);
}

#[test]
fn f_liars_dispute_nothing() {
    let mut network = small();
    let Rivals { newcomer, motions: [first, second], before } = rivals(&mut network);
    network.close(first);
    network.bring_back_all_but(first, ISTANBUL);
    let heads: Vec<Id> = network.registry.heads(&second).into_iter().map(|seat| seat[0]).collect();
    // Amsterdam alone lies; Sao Paulo's return for the second motion continues what it adopted.
    let (closing, _) =
        network.write_after(teller(AMSTERDAM), before[AMSTERDAM], network.closing(second, &heads));
    let closings = [SAO_PAULO, ISTANBUL, VIENNA]
        .map(|seat| network.write(teller(seat), network.closing(second, &heads)));
    let closings = [closings[0], closings[1], closing];
    let page = network.returned(second, &closings, Outcome::Adopted, FOUR);
    network.write_after(teller(AMSTERDAM), Some(closing), page.clone());
    network.write(teller(ISTANBUL), page.clone());
    crate::breaks(&network.offer(teller(SAO_PAULO), page.clone()).1, 5);
    crate::breaks(&network.offer(teller(VIENNA), page).1, 5);
    assert_eq!(network.registry.view().disputes, []);
    assert_eq!(stage(&network, newcomer).as_deref(), Some("eligible"));
}

/// The first motion is adopted, a second committee is in office, and has decided something on top of it.
fn settled(network: &mut Network) -> Rivals {
    let rivals = rivals(network);
    network.close(rivals.motions[0]);
    network.bring_back(rivals.motions[0]);
    let (_, _, tellers) = network.elect(&SECOND, 1);
    network.succeed(tellers);
    network.hand_in(rivals.newcomer, &["plan", "budget"]);
    network.examine(rivals.newcomer, &["finance", "space"]);
    let intent = Intent::Advance {
        application: rivals.newcomer.application,
        stage: None,
        deadline_ms: network.now + 3_600_000,
        open_by_ms: 0,
    };
    let page = network.intended(representative(VIENNA), &intent);
    let next = network.write(representative(VIENNA), page);
    for hub in SECOND {
        network.write(representative(hub), network.ballot(next, Yes));
    }
    network.close(next);
    network.bring_back(next);
    rivals
}

#[test]
fn what_a_later_term_built_on_is_settled_and_a_later_rival_is_evidence_only() {
    let mut network = small();
    let Rivals { newcomer, motions: [first, second], before } = settled(&mut network);
    assert_eq!(stage(&network, newcomer).as_deref(), Some("candidate"));
    // q old keys leaked, and somebody makes another history with them.
    let heads: Vec<Id> = network.registry.heads(&second).into_iter().map(|seat| seat[0]).collect();
    lie(&mut network, &before, second, &heads, (Outcome::Adopted, FOUR));
    assert_eq!(stage(&network, newcomer).as_deref(), Some("candidate"));
    assert_eq!(
        (decided(&network, first).0, decided(&network, second).0),
        ("adopted".into(), "disputed".into())
    );
    let dispute = dispute(&network);
    assert_eq!((dispute.stands, dispute.tellers.len()), (Some(first), 3));
    same_in_other_orders(&network);
}

#[test]
fn another_outcome_by_leaked_keys_takes_nothing_back_that_is_settled() {
    let mut network = small();
    let Rivals { newcomer, motions: [first, _], before } = settled(&mut network);
    let committee = network.registry.view().committee;
    lie(&mut network, &before, first, &[], (Outcome::Inquorate, NONE));
    assert_eq!(stage(&network, newcomer).as_deref(), Some("candidate"));
    assert_eq!(network.registry.certificate(&first).map(|(outcome, _)| outcome), Some(Outcome::Adopted));
    let dispute = dispute(&network);
    assert_eq!((dispute.stands, dispute.certificates.len()), (Some(first), 2));
    assert_eq!(network.registry.view().committee, committee);
    same_in_other_orders(&network);
    // The same with the certificate by which the second committee is in office.
    let seat = committee.motion.expect("seated");
    lie(&mut network, &before, seat, &[], (Outcome::Inquorate, NONE));
    assert_eq!(network.registry.view().committee, committee);
    assert_eq!(decided(&network, seat).0, "adopted");
    same_in_other_orders(&network);
}

#[test]
fn rival_committees_leave_the_one_before_in_office() {
    let mut network = small();
    network.accept_seats(&SECOND, 1);
    let other = [VIENNA, AMSTERDAM, SAO_PAULO, ISTANBUL];
    network.accept_seats(&[ISTANBUL], 1);
    let by = representative(VIENNA);
    let motions = [&SECOND, &other].map(|hubs| {
        let page = network.question(by, network.seat_question(hubs));
        network.write(by, page)
    });
    for motion in motions {
        for hub in 0..5 {
            network.write(representative(hub), network.ballot(motion, Yes));
        }
    }
    let before: Vec<Option<Id>> = (0..4).map(|seat| network.end(teller(seat))).collect();
    network.close(motions[0]);
    network.bring_back(motions[0]);
    assert_eq!(network.registry.view().committee.term, 2);
    let heads: Vec<Id> = network.registry.heads(&motions[1]).into_iter().map(|seat| seat[0]).collect();
    lie(&mut network, &before, motions[1], &heads, (Outcome::Adopted, Votes { yes: 5, ..NONE }));
    let view = network.registry.view();
    assert_eq!(view.committee.term, 1);
    assert_eq!((dispute(&network).slot, dispute(&network).subject.as_str()), ("committee", "committee"));
    same_in_other_orders(&network);
}

/// At each place of each log of a voter and a teller somebody's key signs another record of the same kind: the fork
/// is told and no count is another one.
#[test]
fn a_fork_at_any_place_of_a_voters_or_tellers_log_alters_no_count() {
    let mut network = small();
    settled(&mut network);
    network.resolve(appointment("space", &[VIENNA]));
    let before = network.registry.view();
    let mut forked = 0;
    for record in network.records.iter().skip(1) {
        let header = record.header();
        let on = header.cites.first().and_then(|group| group.first()).copied();
        let desks: Vec<_> =
            (0..5).map(representative).chain((0..4).map(teller)).chain(network.tellers.clone()).collect();
        let who = desks.into_iter().find(|who| key(*who) == record.author());
        let (Some(who), Some(on)) = (who, on) else { continue };
        let mut network = network.clone();
        let rival = match header.kind.as_str() {
            "ballot" => network.ballot(on, No),
            "closing" => network.closing(on, &[]),
            "return" => network.returned(on, &header.cites[1], Outcome::Rejected, NONE),
            _ => crate::cast::Page {
                kind: header.kind.clone(),
                cites: header.cites.clone(),
                body: header.body.clone(),
                attachments: Vec::new(),
            },
        };
        network.now += 1;
        let (id, _) = network.write_after(who, header.prev, rival);
        let after = network.registry.view();
        let place = |fork: &EvidenceView| (fork.author, fork.seq);
        assert_eq!(after.evidence.iter().map(place).collect::<Vec<_>>(), [(record.author(), header.seq)]);
        for motion in before.motions.iter().filter(|motion| motion.is_final) {
            let now = after.motions.iter().find(|one| one.id == motion.id).expect("shown");
            let count =
                |one: &cohub_registry::MotionView| (one.state.clone(), one.is_final, one.tally.clone());
            assert_eq!(count(now), count(motion), "{} at {} of {who:?}", header.kind, header.seq);
            let counted = |one: &cohub_registry::MotionView| {
                one.roll.iter().map(|seat| (seat.choice, seat.record)).collect::<Vec<_>>()
            };
            assert_eq!(counted(now), counted(motion), "{} at {} of {who:?}: {id}", header.kind, header.seq);
        }
        assert_eq!(
            (&after.committee, &after.applications[0].stage),
            (&before.committee, &before.applications[0].stage)
        );
        forked += 1;
    }
    assert!(forked > 60, "{forked} places");
}
