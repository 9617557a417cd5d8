//! What a rule takes against what counting says, vote by vote, and the words for it.

use super::*;
use crate::{Fraction, Preset};

fn preset(preset: Preset) -> Rule {
    preset.rule(preset.as_str().parse().expect("a preset's name is a slug"))
}

/// Every rule that the tests know, and some that differ from the presets in one clause.
fn rules() -> Vec<Rule> {
    let mut rules: Vec<Rule> = Preset::ALL.iter().map(|name| preset(*name)).collect();
    rules.push(Rule { quorum_counts_abstentions: false, ..preset(Preset::TwoThirds) });
    rules.push(Rule { base: Base::Present, ..preset(Preset::TwoThirds) });
    rules.push(Rule { quorum: Fraction::new(0, 1), approval: Fraction::new(0, 1), ..preset(Preset::Simple) });
    rules
}

#[test]
fn what_it_takes_is_the_least_that_is_adopted() {
    let mut asked = 0;
    for rule in rules() {
        for roll in [1, 4, 7, 10] {
            for (recuse, present) in (0..=roll).flat_map(|r| (0..=roll - r).map(move |p| (r, p))) {
                for abstain in 0..=present {
                    let supposed = Supposed::new(roll, present, abstain, recuse).expect("they go together");
                    let sides = present - abstain;
                    let takes = rule.what_it_takes(&supposed);
                    let decided = |yes| rule.decide(roll, &supposed.votes(yes)).outcome;
                    let least = (0..=sides).find(|yes| decided(*yes) == Outcome::Adopted);
                    assert_eq!(takes.yes, least, "{} {supposed:?}", rule.slug);
                    assert_eq!(takes.no_at_most, least.map(|yes| sides - yes), "{} {supposed:?}", rule.slug);
                    assert_eq!(takes.at_best, decided(sides), "{} {supposed:?}", rule.slug);
                    asked += 1;
                }
            }
        }
    }
    assert!(asked > 3_000, "{asked}");
}

#[test]
fn what_it_takes_in_words() {
    let supposed = |present, abstain, recuse| Supposed::new(107, present, abstain, recuse).expect("possible");
    let strict = Rule { quorum_counts_abstentions: false, ..preset(Preset::TwoThirds) };
    let of_present = Rule { base: Base::Present, ..preset(Preset::TwoThirds) };
    let table = [
        (
            preset(Preset::Simple),
            supposed(61, 8, 0),
            "27 yes votes of 53 yes and no votes adopt; up to 26 may say no",
        ),
        (
            preset(Preset::Absolute),
            supposed(61, 8, 0),
            "it cannot be adopted: 54 yes votes of 107 seats that have not recused themselves are needed, and only \
             53 take a side",
        ),
        (
            preset(Preset::TwoThirds),
            supposed(61, 8, 0),
            "36 yes votes of 53 yes and no votes adopt; up to 17 may say no",
        ),
        (
            of_present,
            supposed(61, 8, 0),
            "41 yes votes of 61 yes, no and abstain votes adopt; up to 12 may say no",
        ),
        (
            strict,
            supposed(61, 8, 0),
            "nothing can be decided: 53 of 107 seats take part, who abstains not counted, and 54 must: one more has to \
             come",
        ),
        (
            preset(Preset::Unanimous),
            supposed(61, 8, 0),
            "53 yes votes of 53 yes and no votes adopt; nobody may say no",
        ),
        (
            preset(Preset::Consent),
            supposed(61, 8, 0),
            "27 yes votes of 53 yes and no votes adopt; up to 26 may say no, and nobody may block",
        ),
        (
            preset(Preset::Simple),
            supposed(20, 0, 60),
            "nothing can be decided: with 60 of 107 recused, 47 seats are left, and half of the roll (54) must be",
        ),
        (preset(Preset::Simple), supposed(61, 61, 0), "nothing can be decided: nobody takes a side"),
    ];
    for (rule, supposed, words) in table {
        assert_eq!(rule.what_it_takes(&supposed).words, words, "{}", rule.slug);
    }
}

#[test]
fn numbers_that_do_not_go_together_are_refused_in_words() {
    let refused = |roll, present, abstain, recuse| {
        Supposed::new(roll, present, abstain, recuse).expect_err("they do not go together").why
    };
    assert!(refused(0, 0, 0, 0).contains("a roll of none"));
    assert!(refused(10, 8, 0, 3).contains("8 present and 3 recused are more than the 10"));
    assert!(refused(10, 4, 5, 0).contains("5 abstain, but only 4 are present"));
    assert!(refused(u32::MAX, u32::MAX, 0, 1).contains("more than"));
    assert!(Supposed::new(u32::MAX, u32::MAX, 0, 0).is_ok());
}
