//! Counting rules applied to votes: every count of small rolls, and the boundaries of the greatest.

use cohub_registry::{Base, Fraction, Preset, Rule, Votes};
use serde_json::{Value as Json, json};

use super::{Failure, VectorFile};

pub(super) fn file() -> Result<VectorFile, Failure> {
    let rules = rules()?;
    let mut cases = Vec::new();
    for (place, rule) in rules.iter().enumerate() {
        for (roll, votes) in counts(rule) {
            let found = rule.decide(roll, &votes);
            cases.push(json!({
                "rule": place,
                "roll": roll,
                "votes": [votes.yes, votes.no, votes.abstain, votes.recuse, votes.block],
                "outcome": found.outcome.as_str(),
                "floor": [found.floor.need, found.floor.have],
                "quorum": [found.quorum.need, found.quorum.have],
                "approval": [found.approval.need, found.approval.have],
                "base": found.base,
            }));
        }
    }
    Ok(VectorFile {
        name: "tallies.json",
        about: "Counting rules applied to votes (Protocol 6.2). A case names its rule by place; votes are yes, no, \
                abstain, recuse, block; a requirement is [need, have].",
        lists: vec![("rules", rules.iter().map(rule_json).collect()), ("cases", cases)],
    })
}

fn rule_json(rule: &Rule) -> Json {
    let share = |share: Fraction| json!([share.numerator, share.denominator]);
    json!({
        "slug": rule.slug.as_str(),
        "quorum": share(rule.quorum),
        "quorum_counts_abstentions": rule.quorum_counts_abstentions,
        "floor": share(rule.floor),
        "base": rule.base.as_str(),
        "approval": share(rule.approval),
        "at_least": rule.at_least,
        "consent": rule.consent,
        "words": rule.words(),
    })
}

/// The presets, and rules that differ from them in one thing each.
fn rules() -> Result<Vec<Rule>, Failure> {
    let mut rules = Vec::new();
    for preset in Preset::ALL {
        rules.push(preset.rule(preset.as_str().parse()?));
    }
    let simple = |slug: &str| Ok::<Rule, Failure>(Preset::Simple.rule(slug.parse()?));
    rules.push(Rule { quorum_counts_abstentions: false, ..simple("abstentions-absent")? });
    rules.push(Rule { quorum: Fraction::new(2, 3), ..simple("high-quorum")? });
    rules.push(Rule { quorum: Fraction::new(0, 1), floor: Fraction::new(0, 1), ..simple("no-quorum")? });
    rules.push(Rule { base: Base::Present, ..simple("present")? });
    rules.push(Rule {
        base: Base::Roll,
        approval: Fraction::new(3, 5),
        at_least: true,
        ..simple("three-fifths")?
    });
    rules.push(Rule { floor: Fraction::new(1, 1), ..simple("no-recusals")? });
    let consent = Preset::Consent.rule("strict-consent".parse()?);
    rules.push(Rule { base: Base::Roll, approval: Fraction::new(3, 4), at_least: true, ..consent });
    Ok(rules)
}

/// Every count of rolls up to four, and votes around each threshold of larger rolls.
fn counts(rule: &Rule) -> Vec<(u32, Votes)> {
    let mut counts = Vec::new();
    for roll in 1..=4 {
        for yes in 0..=roll {
            for no in 0..=roll - yes {
                for abstain in 0..=roll - yes - no {
                    for recuse in 0..=roll - yes - no - abstain {
                        let left = roll - yes - no - abstain - recuse;
                        let blocks = if roll < 4 || rule.consent { left.min(1) } else { 0 };
                        counts.extend(
                            (0..=blocks).map(|block| (roll, Votes { yes, no, abstain, recuse, block })),
                        );
                    }
                }
            }
        }
    }
    for roll in [7, 10, 13, 31, 107] {
        let need = u32::try_from(rule.yes_needed(u64::from(roll))).unwrap_or(roll).min(roll);
        let half = roll.div_ceil(2);
        let around = [need.saturating_sub(1), need, half.saturating_sub(1), half];
        for yes in around {
            counts.push((roll, Votes { yes, no: roll - yes, ..Votes::default() }));
            counts.push((roll, Votes { yes, abstain: roll - yes, ..Votes::default() }));
            counts.push((roll, Votes { yes, recuse: roll - yes, ..Votes::default() }));
            counts.push((roll, Votes { yes, ..Votes::default() }));
        }
    }
    counts
}
