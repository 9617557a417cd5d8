//! Every preset on both sides of each of its boundaries, against the arithmetic of Protocol 6.2 written
//! out, and the words for it.

use proptest::prelude::*;

use super::*;

fn preset(preset: Preset) -> Rule {
    preset.rule(preset.as_str().parse().expect("a preset's name is a slug"))
}

fn votes(yes: u32, no: u32, abstain: u32, recuse: u32, block: u32) -> Votes {
    Votes { yes, no, abstain, recuse, block }
}

const ROLLS: [u32; 14] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 107];

/// The least yes votes among so many yes and no votes, worked out by hand; for the rolls of [`ROLLS`].
const NEEDED: [(Preset, [u32; 14]); 6] = [
    (Preset::Simple, [1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 54]),
    (Preset::Absolute, [1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 54]),
    (Preset::TwoThirds, [1, 2, 2, 3, 4, 4, 5, 6, 6, 7, 8, 8, 9, 72]),
    (Preset::ThreeQuarters, [1, 2, 3, 3, 4, 5, 6, 6, 7, 8, 9, 9, 10, 81]),
    (Preset::Unanimous, ROLLS),
    (Preset::Consent, [1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 54]),
];

#[test]
fn approval_on_both_sides_when_every_seat_votes() {
    for (name, needed) in NEEDED {
        let rule = preset(name);
        for (roll, need) in ROLLS.into_iter().zip(needed) {
            let enough = rule.decide(roll, &votes(need, roll - need, 0, 0, 0));
            assert_eq!(enough.outcome, Outcome::Adopted, "{name}, {need} of {roll}");
            assert_eq!(enough.approval, Need { need: need.into(), have: need.into() });
            let short = rule.decide(roll, &votes(need - 1, roll - need + 1, 0, 0, 0));
            assert_eq!(short.outcome, Outcome::Rejected, "{name}, {} of {roll}", need - 1);
        }
    }
}

#[test]
fn quorum_on_both_sides() {
    for name in Preset::ALL {
        for roll in ROLLS {
            let half = roll.div_ceil(2);
            let enough = preset(*name).decide(roll, &votes(1, 0, half - 1, 0, 0));
            assert_ne!(enough.outcome, Outcome::Inquorate, "{name}, {half} of {roll}");
            if half > 1 {
                let short = preset(*name).decide(roll, &votes(1, 0, half - 2, 0, 0));
                assert_eq!(short.outcome, Outcome::Inquorate, "{name}, {} of {roll}", half - 1);
            }
            let mut rule = preset(*name);
            rule.quorum_counts_abstentions = false;
            let outcome = rule.decide(roll, &votes(1, 0, half - 1, 0, 0)).outcome;
            assert_eq!(outcome == Outcome::Inquorate, half > 1, "{name}, abstentions do not take part");
        }
    }
}

#[test]
fn recusals_leave_every_base_down_to_the_floor() {
    for name in Preset::ALL {
        for roll in ROLLS {
            let most = roll / 2;
            let left = roll - most;
            let all_yes = preset(*name).decide(roll, &votes(left, 0, 0, most, 0));
            assert_eq!(all_yes.outcome, Outcome::Adopted, "{name}, {left} of {roll} left");
            assert_eq!(all_yes.floor, Need { need: left.into(), have: left.into() });
            assert!(all_yes.base == u64::from(left) && all_yes.remaining == u64::from(left));
            if left > 1 {
                let below = preset(*name).decide(roll, &votes(left - 1, 0, 0, most + 1, 0));
                assert_eq!(below.outcome, Outcome::Inquorate, "{name}, {} of {roll} left", left - 1);
            }
        }
    }
}

#[test]
fn the_order_of_the_arithmetic() {
    let consent = preset(Preset::Consent);
    let table = [
        // With seven seats: what fails first decides.
        (votes(2, 0, 0, 4, 1), Outcome::Inquorate, "floor before block"),
        (votes(2, 0, 0, 0, 1), Outcome::Inquorate, "quorum before block"),
        (votes(6, 0, 0, 0, 1), Outcome::Rejected, "block before approval"),
        (votes(0, 0, 6, 0, 1), Outcome::Rejected, "a block among abstentions is a vote against"),
        (votes(0, 0, 7, 0, 0), Outcome::Inquorate, "a zero base decides nothing"),
        (votes(4, 3, 0, 0, 0), Outcome::Adopted, "consent without a block"),
        (votes(3, 3, 1, 0, 0), Outcome::Rejected, "a tie"),
    ];
    for (votes, outcome, why) in table {
        assert_eq!(consent.decide(7, &votes).outcome, outcome, "{why}");
    }
    assert_eq!(preset(Preset::Simple).decide(7, &votes(4, 2, 0, 0, 1)).outcome, Outcome::Adopted);
    assert_eq!(preset(Preset::Simple).decide(0, &Votes::default()).outcome, Outcome::Inquorate);
}

/// Protocol 6.2 as it is written, with products instead of least counts.
fn as_written(rule: &Rule, roll: u32, votes: &Votes) -> Outcome {
    let parts = |share: Fraction| (u128::from(share.numerator), u128::from(share.denominator));
    let [yes, no, abstain, recuse, block] =
        [votes.yes, votes.no, votes.abstain, votes.recuse, votes.block].map(u128::from);
    let remaining = u128::from(roll) - recuse;
    let base = match rule.base {
        Base::Cast => yes + no + block,
        Base::Present => yes + no + block + abstain,
        Base::Roll => remaining,
    };
    let (numerator, denominator) = parts(rule.floor);
    if remaining * denominator < numerator * u128::from(roll) || base == 0 {
        return Outcome::Inquorate;
    }
    let part = yes + no + block + if rule.quorum_counts_abstentions { abstain } else { 0 };
    let (numerator, denominator) = parts(rule.quorum);
    if part * denominator < numerator * remaining {
        return Outcome::Inquorate;
    }
    if rule.consent && block > 0 {
        return Outcome::Rejected;
    }
    let (numerator, denominator) = parts(rule.approval);
    let (left, right) = (yes * denominator, numerator * base);
    if left > right || (rule.at_least && left == right) { Outcome::Adopted } else { Outcome::Rejected }
}

#[test]
fn every_vote_of_up_to_nine_seats_comes_out_as_written() {
    for name in Preset::ALL {
        let rule = preset(*name);
        for roll in 1..=9 {
            for code in 0..10_u32.pow(5) {
                let [yes, no, abstain, recuse, block] =
                    [1, 10, 100, 1_000, 10_000].map(|unit| code / unit % 10);
                if yes + no + abstain + recuse + block <= roll {
                    let votes = votes(yes, no, abstain, recuse, block);
                    let decision = rule.decide(roll, &votes);
                    assert_eq!(decision.outcome, as_written(&rule, roll, &votes), "{name} {roll} {votes:?}");
                }
            }
        }
    }
}

#[test]
fn the_largest_numbers_have_room() {
    let most = u32::MAX;
    let mut rule = preset(Preset::TwoThirds);
    rule.approval = Fraction::new(most - 1, most);
    let decision = rule.decide(most, &votes(most - 1, 1, 0, 0, 0));
    assert_eq!(decision.outcome, Outcome::Adopted);
    assert_eq!(decision.approval, Need { need: u64::from(most) - 1, have: u64::from(most) - 1 });
    rule.at_least = false;
    assert_eq!(rule.decide(most, &votes(most - 1, 1, 0, 0, 0)).outcome, Outcome::Rejected);
    // Nonsense that no roll yields is still an answer, not a panic.
    let nonsense = rule.decide(0, &votes(most, most, most, most, most));
    assert_eq!(nonsense.outcome, Outcome::Rejected);
    rule.approval = Fraction::new(1, 0);
    assert_eq!(rule.decide(1, &votes(1, 0, 0, 0, 0)).outcome, Outcome::Rejected);
}

fn any_share() -> impl Strategy<Value = Fraction> {
    (1..=12_u32)
        .prop_flat_map(|denominator| (0..=denominator).prop_map(move |n| Fraction::new(n, denominator)))
}

fn any_rule() -> impl Strategy<Value = Rule> {
    let base = prop::sample::select(Base::ALL);
    (any_share(), any_share(), any_share(), base, any::<[bool; 3]>()).prop_map(
        |(quorum, floor, approval, base, [quorum_counts_abstentions, at_least, consent])| Rule {
            slug: "any".parse().expect("a slug"),
            quorum,
            quorum_counts_abstentions,
            floor,
            base,
            approval,
            at_least,
            consent,
            early_close: false,
        },
    )
}

/// What each seat of a roll did; `None` stayed away.
fn any_ballots() -> impl Strategy<Value = Vec<Option<usize>>> {
    // Yes is likelier than the rest, so that many of the votes are adopted.
    let choice = prop_oneof![4 => Just(Some(0)), 1 => Just(None), 3 => (1..5_usize).prop_map(Some)];
    proptest::collection::vec(choice, 1..=30)
}

fn counted(ballots: &[Option<usize>]) -> Votes {
    let count = |choice| u32::try_from(ballots.iter().filter(|b| **b == Some(choice)).count()).expect("few");
    votes(count(0), count(1), count(2), count(3), count(4))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn any_rule_decides_as_written(rule in any_rule(), ballots in any_ballots()) {
        let roll = u32::try_from(ballots.len()).expect("few");
        let votes = counted(&ballots);
        prop_assert_eq!(rule.decide(roll, &votes).outcome, as_written(&rule, roll, &votes));
    }

    /// Whoever stayed away, abstained or was against and says yes instead cannot bring a motion down.
    #[test]
    fn one_more_yes_never_undoes_an_adoption(
        rule in any_rule(),
        ballots in any_ballots(),
        seat in any::<prop::sample::Index>(),
    ) {
        let roll = u32::try_from(ballots.len()).expect("few");
        let seat = seat.index(ballots.len());
        let adopted = rule.decide(roll, &counted(&ballots)).outcome == Outcome::Adopted;
        if adopted && ballots[seat] != Some(3) {
            let mut more = ballots;
            more[seat] = Some(0);
            prop_assert_eq!(rule.decide(roll, &counted(&more)).outcome, Outcome::Adopted);
        }
    }

    /// What is said to be needed is enough, and one less is not.
    #[test]
    fn needs_are_least(share in any_share(), count in 0..=10_000_u64) {
        let (part, whole) = (u64::from(share.numerator), u64::from(share.denominator));
        let least = share.at_least(count);
        prop_assert!(least * whole >= part * count);
        prop_assert!(least == 0 || (least - 1) * whole < part * count);
        let more = share.more_than(count);
        prop_assert!(more * whole > part * count && (more - 1) * whole <= part * count);
    }
}

#[test]
fn presets_read_like_by_laws() {
    let rest = "half of the seats must take part, and who abstains counts as taking part";
    let floor = "after recusals, half of the seats must be left.";
    let table = [
        (Preset::Simple, "More than half of the yes and no votes must be yes"),
        (Preset::Absolute, "More than half of the seats that have not recused themselves must be yes"),
        (Preset::TwoThirds, "At least two thirds of the yes and no votes must be yes"),
        (Preset::ThreeQuarters, "At least three quarters of the yes and no votes must be yes"),
        (Preset::Unanimous, "All of the yes and no votes must be yes"),
    ];
    for (name, approval) in table {
        assert_eq!(preset(name).words(), format!("{approval}; {rest}; {floor}"));
    }
    assert_eq!(
        preset(Preset::Consent).words(),
        format!(
            "More than half of the yes and no votes must be yes; {rest}; a single block rejects; {floor}"
        )
    );
    let mut rule = preset(Preset::Simple);
    rule.early_close = true;
    rule.quorum = Fraction::new(0, 1);
    rule.floor = Fraction::new(7, 13);
    rule.base = Base::Present;
    rule.approval = Fraction::new(0, 1);
    assert_eq!(
        rule.words(),
        "One or more of the yes, no and abstain votes must be yes; any number of seats may take part; after \
         recusals, 7/13 of the seats must be left; the first vote of each seat counts, and voting ends once \
         every seat has voted."
    );
}

#[test]
fn decisions_say_how_near_they_were() {
    let two_thirds = preset(Preset::TwoThirds);
    let share = "at least two thirds needed";
    let table = [
        (
            two_thirds.clone(),
            votes(5, 2, 0, 0, 0),
            format!("5 of 7 votes cast are yes, {share}: met, with none to spare"),
        ),
        (
            two_thirds.clone(),
            votes(6, 1, 0, 0, 0),
            format!("6 of 7 votes cast are yes, {share}: met, with 1 to spare"),
        ),
        (
            two_thirds.clone(),
            votes(4, 3, 0, 0, 0),
            format!("4 of 7 votes cast are yes, {share}: one more needed"),
        ),
        (
            two_thirds.clone(),
            votes(1, 3, 0, 0, 0),
            format!("1 of 4 votes cast is yes, {share}: 2 more needed"),
        ),
        (
            two_thirds.clone(),
            votes(2, 0, 1, 0, 0),
            "3 of 7 seats took part, half needed: one more needed".to_owned(),
        ),
        (
            two_thirds.clone(),
            votes(3, 0, 0, 4, 0),
            "3 seats left after recusals, half of the roll needed: one more needed".to_owned(),
        ),
        (two_thirds, votes(0, 0, 7, 0, 0), "no yes or no vote was cast: nothing is decided".to_owned()),
        (
            preset(Preset::Consent),
            votes(6, 0, 0, 0, 1),
            "1 seat blocks: rejected, whatever the other votes are".to_owned(),
        ),
        (
            preset(Preset::Absolute),
            votes(4, 0, 0, 1, 0),
            "4 of 6 remaining seats are yes, more than half needed: met, with none to spare".to_owned(),
        ),
    ];
    for (rule, votes, words) in table {
        assert_eq!(rule.decide(7, &votes).words(), words);
    }
}

#[test]
fn fractions_are_read_and_shown() {
    assert_eq!("2/3".parse(), Ok(Fraction::new(2, 3)));
    assert_eq!(" 2 / 3 ".parse(), Ok(Fraction::new(2, 3)));
    assert_eq!(Fraction::new(4, 6).to_string(), "4/6");
    for text in ["", "2", "2/", "/3", "-1/3", "0.5", "66%", "1/2/3", "4294967296/1"] {
        let error = text.parse::<Fraction>().expect_err(text);
        assert!(error.why.contains("write one like \"2/3\""), "{text}: {error}");
    }
}
