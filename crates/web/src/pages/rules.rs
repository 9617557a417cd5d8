//! A charter's counting rules in the reader's words, and how a vote stands by them.

use std::str::FromStr as _;

use cohub_registry::{Base, Decision, Fraction, Rule as Counting};
use maud::{Markup, html};

use super::shared::gap;
use crate::language::{said, t};
use crate::seen::{Motion, Need, Rule, View};
use crate::words::harmless;

/// The rule as the registry counts by it; none where this software does not know its words.
pub(super) fn counting(rule: &Rule) -> Option<Counting> {
    Some(Counting {
        slug: rule.slug.parse().ok()?,
        quorum: Fraction::from_str(&rule.quorum).ok()?,
        quorum_counts_abstentions: rule.quorum_counts_abstentions,
        floor: Fraction::from_str(&rule.floor).ok()?,
        base: rule.base.parse::<Base>().ok()?,
        approval: Fraction::from_str(&rule.approval).ok()?,
        at_least: rule.at_least,
        consent: rule.consent,
        early_close: rule.early_close,
    })
}

/// The rule by which a motion is counted, where it is one of the charter in force.
pub(super) fn rule_of(view: &View, motion: &Motion) -> Option<Counting> {
    view.charter.text.rules.iter().filter_map(counting).find(|rule| rule.words() == motion.rule)
}

/// A rule of the charter in a sentence.
pub(super) fn rule_words(rule: &Rule) -> String {
    counting(rule).map_or_else(|| said!("rule-unreadable"), |rule| sentence_of(&rule))
}

/// The rule of a motion in a sentence: as the node says it where the charter has no such rule any more.
pub(super) fn motions_rule(view: &View, motion: &Motion) -> Markup {
    match rule_of(view, motion) {
        Some(rule) => html! { (sentence_of(&rule)) },
        None => html! { bdi { (harmless(&motion.rule)) } },
    }
}

fn sentence_of(rule: &Counting) -> String {
    let mut clauses = vec![
        said!("rule-approval", base = rule.base.as_str(), share = approval_share(rule)),
        match rule.quorum.numerator {
            0 => said!("rule-no-quorum"),
            _ => said!(
                "rule-quorum",
                share = share(rule.quorum),
                counts = if rule.quorum_counts_abstentions { "yes" } else { "no" }
            ),
        },
    ];
    if rule.consent {
        clauses.push(said!("rule-consent"));
    }
    if rule.floor.numerator > 0 {
        clauses.push(said!("rule-floor", share = share(rule.floor)));
    }
    if rule.early_close {
        clauses.push(said!("rule-early-close"));
    }
    said!("rule-whole", clauses = super::shared::capitalised(&clauses.join("; ")))
}

/// "at least two thirds", "more than half", "all", "one or more".
fn approval_share(rule: &Counting) -> String {
    let (word, part, whole) = reduced(rule.approval);
    match (rule.at_least, rule.approval.numerator) {
        (true, _) if rule.approval.numerator == rule.approval.denominator => share(rule.approval),
        (true, _) => said!("share-at-least", share = word, part = part, whole = whole),
        (false, 0) => said!("share-any"),
        (false, _) => said!("share-more-than", share = word, part = part, whole = whole),
    }
}

fn share(of: Fraction) -> String {
    let (word, part, whole) = reduced(of);
    said!("share", share = word, part = part, whole = whole)
}

/// The name of a share that has one, and what it is of what, as small as it goes.
fn reduced(of: Fraction) -> (&'static str, String, String) {
    let mut divisor = (of.numerator, of.denominator);
    while divisor.1 > 0 {
        divisor = (divisor.1, divisor.0 % divisor.1);
    }
    let (part, whole) = (of.numerator / divisor.0.max(1), of.denominator / divisor.0.max(1));
    let word = match (part, whole) {
        (0, _) => "none",
        (1, 1) => "all",
        (1, 2) => "half",
        (1, 3) => "third",
        (2, 3) => "two-thirds",
        (1, 4) => "quarter",
        (3, 4) => "three-quarters",
        _ => "other",
    };
    (word, part.to_string(), whole.to_string())
}

/// How a vote stands, by the first requirement that fails, else by the approval.
pub(super) fn stands(rule: &Counting, decision: &Decision) -> String {
    let remaining = decision.remaining;
    if decision.floor.have < decision.floor.need {
        let gap = gap(seen(decision.floor));
        return said!("stands-floor", count = remaining, share = share(rule.floor), gap = gap);
    }
    if decision.base == 0 {
        return said!("stands-nothing", base = rule.base.as_str());
    }
    if decision.quorum.have < decision.quorum.need {
        let (have, gap) = (decision.quorum.have, gap(seen(decision.quorum)));
        return said!("stands-quorum", have = have, count = remaining, share = share(rule.quorum), gap = gap);
    }
    if decision.blocks > 0 {
        return said!("stands-blocked", count = decision.blocks);
    }
    let (have, gap) = (decision.approval.have, gap(seen(decision.approval)));
    let (base, share) = (rule.base.as_str(), approval_share(rule));
    said!("stands-approval", have = have, count = decision.base, base = base, share = share, gap = gap)
}

const fn seen(need: cohub_registry::Need) -> Need {
    Need { need: need.need, have: need.have }
}

/// How a motion stands in words: as the node says it where its rule is not known here any more.
pub(super) fn tally(view: &View, motion: &Motion) -> Markup {
    let count = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    let tally = &motion.tally;
    let votes = cohub_registry::Votes {
        yes: count(tally.yes),
        no: count(tally.no),
        abstain: count(tally.abstain),
        recuse: count(tally.recuse),
        block: count(tally.block),
    };
    let roll = u32::try_from(motion.roll.len()).unwrap_or(u32::MAX);
    let decided = rule_of(view, motion).map(|rule| (rule.decide(roll, &votes), rule));
    // Where the two do not agree the node is right: it knows more than this page is told.
    match decided.filter(|(decision, _)| decision.words() == tally.words) {
        Some((decision, rule)) => t!("sentence", words = stands(&rule, &decision)),
        None => html! { bdi { (harmless(&tally.words)) } "." },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cohub_registry::{Preset, Votes};

    /// English says what the registry says, so that a page and a terminal do not differ.
    #[test]
    fn a_rule_reads_as_the_registry_writes_it() {
        let presets = Preset::ALL.iter().map(|preset| preset.rule("rule".parse().unwrap()));
        for rule in presets {
            assert_eq!(sentence_of(&rule), rule.words());
            for votes in [(5, 2, 0, 0, 0), (1, 0, 1, 0, 0), (3, 0, 0, 4, 0), (0, 0, 7, 0, 0), (6, 0, 0, 0, 1)]
            {
                let (yes, no, abstain, recuse, block) = votes;
                let decision = rule.decide(7, &Votes { yes, no, abstain, recuse, block });
                assert_eq!(stands(&rule, &decision), decision.words());
            }
        }
    }
}
