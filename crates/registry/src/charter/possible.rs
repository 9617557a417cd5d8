//! Whether a charter can work at all. The rule of the `founding` kind asks this (its second clause), so
//! it reads the charter and nothing else.

use std::collections::BTreeSet;

use cohub_record::Slug;

use super::{Blind, Body, Charter, Stage, duration_in_words};
use crate::Rule;

/// The longest time that a charter may name: 100 years. It keeps every sum of dates far from overflow.
const LONGEST_MS: u64 = 100 * 365 * 86_400_000;
/// The most records that a `sponsor` record may name.
const SPONSORED_RECORDS: u64 = 4_096;
/// Records that a prospect writes beside its documents: inception, application, signature.
const PROSPECT_RECORDS: u64 = 3;

/// One reason why a charter cannot work.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error, serde::Serialize)]
#[error("{place}: {why}")]
pub struct Impossible {
    /// Where in the charter, from the outside in, with dots; rules, stages and panels by their slug.
    pub place: String,
    /// Why nothing could be decided like this.
    pub why: String,
}

impl Charter {
    /// Checks that the charter can work.
    ///
    /// # Errors
    /// Every reason why it cannot, in the order of the charter.
    pub fn possible(&self) -> Result<(), Vec<Impossible>> {
        let mut check = Check { found: Vec::new() };
        check.timing(self);
        check.sponsorship(self);
        if self.signing_seats == 0 {
            check.no("signing_seats", "nobody of the committee would sign an admission; at least 1 must");
        }
        check.distinct("rules", self.rules.iter().map(|rule| &rule.slug));
        for rule in self.rules.iter() {
            check.rule(rule);
        }
        if self.stages.is_empty() {
            check.no("stages", "there is no stage, so nobody could ever be admitted");
        }
        check.distinct("stages", self.stages.iter().map(|stage| &stage.slug));
        for stage in self.stages.iter() {
            check.stage(self, stage);
        }
        check.distinct("panels", self.panels.iter().map(|panel| &panel.slug));
        check.decisions(self);
        check.distinct("stages", self.blind.iter().map(|blind| &blind.stage));
        for blind in self.blind.iter() {
            check.blind(self, blind);
        }
        let conflicts: BTreeSet<_> = self.conflicts.iter().collect();
        if conflicts.len() < self.conflicts.len() {
            check.no("conflicts", "a conflict of interest stands twice");
        }
        if check.found.is_empty() { Ok(()) } else { Err(check.found) }
    }
}

/// The faults found so far.
struct Check {
    found: Vec<Impossible>,
}

impl Check {
    fn no(&mut self, place: impl Into<String>, why: impl Into<String>) {
        self.found.push(Impossible { place: place.into(), why: why.into() });
    }

    fn timing(&mut self, charter: &Charter) {
        let timing = &charter.timing;
        let words = duration_in_words;
        if timing.notice_ms == 0 {
            self.no("timing.notice", "no notice: a vote could be over before anybody has heard of it");
        }
        if timing.grace_ms == 0 {
            self.no("timing.grace", "no grace: only tellers whose clocks agree exactly could close a vote");
        }
        if timing.maximum_ms < timing.notice_ms {
            self.no(
                "timing.maximum",
                format!(
                    "the longest time to a deadline ({}) is less than the notice ({}), so no deadline is allowed",
                    words(timing.maximum_ms),
                    words(timing.notice_ms)
                ),
            );
        }
        for (name, duration_ms) in
            [("notice", timing.notice_ms), ("grace", timing.grace_ms), ("maximum", timing.maximum_ms)]
        {
            self.duration(format!("timing.{name}"), duration_ms);
        }
    }

    fn blind(&mut self, charter: &Charter, blind: &Blind) {
        let place = format!("stages.{}.blind", blind.stage);
        match charter.stage(&blind.stage) {
            None => self.no(&place, "there is no such stage"),
            Some((_, stage)) if stage.reviews.is_empty() => {
                self.no(&place, "the stage asks for no reviews that could be sealed");
            }
            Some(_) => {}
        }
        if blind.within_ms == 0 {
            self.no(&place, "reviews that are sealed for no time are open: leave it out");
        }
        self.duration(place, blind.within_ms);
    }

    fn sponsorship(&mut self, charter: &Charter) {
        let sponsorship = &charter.sponsorship;
        if sponsorship.open == 0 {
            self.no("sponsorship.open", "no sponsor may have an open sponsorship, so nobody could ever join");
        }
        let documents: BTreeSet<&Slug> = charter.stages.iter().flat_map(|s| s.documents.iter()).collect();
        let least = PROSPECT_RECORDS + documents.len() as u64;
        if sponsorship.records < least {
            self.no(
                "sponsorship.records",
                format!(
                    "a prospect may write {}, but the way in takes at least {least}: inception, application, \
                     {} of the stages, signature",
                    counted(sponsorship.records, "record"),
                    counted(documents.len() as u64, "document")
                ),
            );
        }
        if sponsorship.records > SPONSORED_RECORDS {
            self.no(
                "sponsorship.records",
                format!(
                    "{} is beyond the {SPONSORED_RECORDS} that a sponsorship may name",
                    sponsorship.records
                ),
            );
        }
    }

    fn rule(&mut self, rule: &Rule) {
        let place = format!("rules.{}", rule.slug);
        let shares = [("quorum", rule.quorum), ("floor", rule.floor), ("approval", rule.approval)].map(
            |(name, share)| {
                let place = format!("{place}.{name}");
                if share.denominator == 0 {
                    self.no(place, format!("{share} has no denominator: it is no share of anything"));
                } else if share.numerator > share.denominator {
                    self.no(place, format!("{share} is more than all there is, so no vote could meet it"));
                } else {
                    return true;
                }
                false
            },
        );
        if shares != [true; 3] {
            return;
        }
        if !rule.at_least && rule.approval.numerator == rule.approval.denominator {
            self.no(
                format!("{place}.approval"),
                format!("more than {} of the base is more than all of it; say \"at least\"", rule.approval),
            );
        }
        if rule.at_least && rule.approval.numerator == 0 {
            self.no(
                format!("{place}.approval"),
                "at least none of the base: a vote without a single yes would pass",
            );
        }
    }

    fn stage(&mut self, charter: &Charter, stage: &Stage) {
        let place = format!("stages.{}", stage.slug);
        self.distinct(&format!("{place}.documents"), stage.documents.iter());
        self.distinct(&format!("{place}.reviews"), stage.reviews.iter().map(|review| &review.panel));
        for review in stage.reviews.iter() {
            let place = format!("{place}.reviews.{}", review.panel);
            if !charter.panels.iter().any(|panel| panel.slug == review.panel) {
                self.no(&place, format!("the charter has no panel {:?}", review.panel));
            }
            if review.count == 0 {
                self.no(&place, "0 reviews are no requirement; leave the panel out");
            }
        }
        if charter.rule(&stage.rule).is_none() {
            self.no(format!("{place}.rule"), format!("the charter has no rule {:?}", stage.rule));
        }
        self.duration(format!("{place}.open_within"), stage.open_within_ms);
        self.duration(format!("{place}.wait"), stage.wait_ms);
    }

    fn decisions(&mut self, charter: &Charter) {
        let mut seen = BTreeSet::new();
        for decides in charter.decisions.iter() {
            let place = format!("decisions.{}", decides.matter);
            if !seen.insert(decides.matter) {
                self.no(&place, "this matter stands twice; each must stand once");
            }
            if decides.matter.is_the_assemblys() && decides.body != Body::Assembly {
                self.no(format!("{place}.body"), "this is always decided by the assembly");
            }
            if charter.rule(&decides.rule).is_none() {
                self.no(format!("{place}.rule"), format!("the charter has no rule {:?}", decides.rule));
            }
        }
    }

    fn duration(&mut self, place: String, duration_ms: u64) {
        if duration_ms > LONGEST_MS {
            self.no(place, format!("{} is longer than 100 years", duration_in_words(duration_ms)));
        }
    }

    fn distinct<'a>(&mut self, place: &str, slugs: impl Iterator<Item = &'a Slug>) {
        let mut seen = BTreeSet::new();
        let mut named = BTreeSet::new();
        for slug in slugs {
            if !seen.insert(slug) && named.insert(slug) {
                self.no(format!("{place}.{slug}"), "this name stands twice; each must stand once");
            }
        }
    }
}

fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
