//! Which ballots the closings of a motion support, and what comes of it.

use cohub_record::{Field as _, Id};
use cohub_registry::{Choice, Enough, Outcome, Refusal, Return, Verdict, Votes};

use crate::cast::{
    AMSTERDAM, ISTANBUL, Network, SAO_PAULO, SMALL, VIENNA, charter, key, representative, teller,
};
use crate::{NONE, breaks, decided, question, small};

use Choice::{Abstain, No, Recuse, Yes};

/// What a teller would return when these seats' tellers close with these heads.
fn tally(network: &Network, motion: Id, closings: &[(usize, &[Id])]) -> Votes {
    let mut network = network.clone();
    for (seat, heads) in closings {
        network.write(teller(*seat), network.closing(motion, heads));
    }
    let due = network.due_return(motion, closings[0].0, Enough::Quorum).expect("q closings");
    let tally = Return::from_value(&due.body).expect("a return").tally;
    assert_eq!(network.offer(teller(closings[0].0), due.clone()).1, Verdict::Valid);
    // Every other tally is void.
    for (wrong, outcome) in [(NONE, Outcome::Inquorate), (Votes { yes: 9, ..NONE }, Outcome::Adopted)] {
        if wrong != tally {
            let page = due.clone().saying(&Return { outcome, tally: wrong });
            breaks(&network.offer(teller(closings[1].0), page).1, 3);
        }
    }
    tally
}

#[test]
fn a_later_ballot_counts_once_more_than_f_tellers_have_it() {
    let mut network = small();
    let motion = question(&mut network);
    let first = network.vote(motion, &[Yes])[0];
    let second = network.vote(motion, &[No])[0];
    let (old, new): (&[Id], &[Id]) = (&[first], &[second]);
    assert_eq!(tally(&network, motion, &[(0, new), (1, old), (2, old)]), Votes { yes: 1, ..NONE });
    assert_eq!(tally(&network, motion, &[(0, new), (1, new), (2, old)]), Votes { no: 1, ..NONE });
    assert_eq!(tally(&network, motion, &[(0, new), (1, old), (2, &[])]), Votes { yes: 1, ..NONE });
    assert_eq!(tally(&network, motion, &[(0, new), (1, &[]), (2, &[])]), NONE, "f tellers are too few");
    assert_eq!(tally(&network, motion, &[(0, old), (1, old), (2, old), (3, new)]), Votes { yes: 1, ..NONE });
    assert_eq!(tally(&network, motion, &[(0, old), (1, old), (2, new), (3, new)]), Votes { no: 1, ..NONE });
}

#[test]
fn a_ballot_forked_between_tellers_counts_as_far_as_its_branches_agree() {
    let mut network = small();
    let motion = question(&mut network);
    let voter = representative(AMSTERDAM);
    let common = network.write(voter, network.ballot(motion, Abstain));
    let (yes, _) = network.write_after(voter, Some(common), network.ballot(motion, Yes));
    let (no, _) = network.write_after(voter, Some(common), network.ballot(motion, No));
    let (ayes, noes): (&[Id], &[Id]) = (&[yes], &[no]);
    assert_eq!(
        network.registry.heads(&motion),
        [{
            let mut ends = vec![yes, no];
            ends.sort_unstable();
            ends
        }]
    );
    assert_eq!(tally(&network, motion, &[(0, ayes), (1, ayes), (2, noes)]), Votes { yes: 1, ..NONE });
    assert_eq!(
        tally(&network, motion, &[(0, ayes), (1, ayes), (2, noes), (3, noes)]),
        Votes { abstain: 1, ..NONE },
        "what both branches descend from"
    );
    assert_eq!(tally(&network, motion, &[(0, ayes), (1, noes), (2, &[])]), Votes { abstain: 1, ..NONE });

    // Without a ballot in common the seat counts as one that did not vote.
    let voter = representative(SAO_PAULO);
    let end = network.end(voter);
    let (yes, _) = network.write_after(voter, end, network.ballot(motion, Yes));
    let (no, _) = network.write_after(voter, end, network.ballot(motion, No));
    let (ayes, noes): (&[Id], &[Id]) = (&[yes], &[no]);
    assert_eq!(tally(&network, motion, &[(0, ayes), (1, ayes), (2, noes), (3, noes)]), NONE);
    assert_eq!(
        tally(&network, motion, &[(0, ayes), (1, ayes), (2, ayes), (3, noes)]),
        Votes { yes: 1, ..NONE }
    );
}

#[test]
fn ballots_that_nobody_closed_with_do_not_touch_a_return() {
    let mut network = small();
    let motion = question(&mut network);
    let ballots = network.vote(motion, &[Yes, Yes, Yes, No]);
    let closings = network.close(motion);
    let page = network.returned(motion, &closings, Outcome::Adopted, Votes { yes: 3, no: 1, ..NONE });
    // Later ballots, earlier rivals and other branches, all known before the return is judged.
    network.vote(motion, &[No, No, No, No]);
    for (seat, ballot) in ballots.iter().enumerate() {
        let before = network.before(*ballot);
        network.write_after(representative(seat), before, network.ballot(motion, No));
    }
    assert_eq!(network.offer(teller(VIENNA), page).1, Verdict::Valid);
    network.bring_back_all_but(motion, 0);
    assert_eq!(decided(&network, motion), ("adopted".to_owned(), Votes { yes: 3, no: 1, ..NONE }));
}

#[test]
fn with_early_close_the_first_ballot_counts_and_all_seats_end_the_vote() {
    let quick = SMALL.replace("rule = \"simple\"", "rule = \"quick\"");
    let quick = format!("{quick}\n[rules.quick]\npreset = \"simple\"\nearly_close = true\n");
    let mut network = Network::found(5, 4, charter(&quick));
    let motion = question(&mut network);
    let ended = |network: &Network| network.registry.duties(&key(teller(VIENNA)))[0].everyone_voted;
    let first = network.vote(motion, &[Yes, No, Recuse]);
    network.vote(motion, &[No, Yes, Yes]);
    assert!(!ended(&network));
    let last = network.write(representative(ISTANBUL), network.ballot(motion, Yes));
    assert!(ended(&network));
    let heads: Vec<Id> = network.registry.heads(&motion).into_iter().flatten().collect();
    assert_eq!(heads, [first.as_slice(), &[last]].concat());
    network.close(motion);
    network.bring_back(motion);
    assert_eq!(decided(&network, motion), ("adopted".to_owned(), Votes { yes: 2, no: 1, recuse: 1, ..NONE }));
}

#[test]
fn refusals_never_count_and_too_many_leave_a_motion_unresolved() {
    let mut network = small();
    let motion = question(&mut network);
    let ballots = network.vote(motion, &[Yes; 4]);
    for (seat, refusal) in [Refusal::Notice, Refusal::TooLong].into_iter().enumerate() {
        network.write(teller(seat), network.refusal(motion, refusal));
    }
    network.write(teller(2), network.closing(motion, &ballots));
    network.write(teller(3), network.closing(motion, &ballots));
    assert_eq!(network.due_return(motion, 3, Enough::AllTellers), None, "two closings are not q");
    assert_eq!(decided(&network, motion).0, "undecided");
    let refused: Vec<_> =
        network.registry.motion(&motion).expect("shown").tellers.iter().map(|t| t.refused).collect();
    assert_eq!(refused, [Some(Refusal::Notice), Some(Refusal::TooLong), None, None]);
    let before = network.before(network.end(teller(2)).expect("it closed"));
    network.write_after(teller(2), before, network.refusal(motion, Refusal::Superseded));
    assert_eq!(decided(&network, motion).0, "unresolved", "more refused than may with q closings left");
}
