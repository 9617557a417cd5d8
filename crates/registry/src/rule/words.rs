//! A rule in by-law words, and how a vote stands in words.

use super::{Base, Decision, Fraction, Need, Rule};

impl Rule {
    /// The rule as by-laws would put it.
    #[must_use]
    pub fn words(&self) -> String {
        let mut clauses = vec![self.approval_words(), self.quorum_words()];
        if self.consent {
            clauses.push("a single block rejects".to_owned());
        }
        if self.floor.numerator > 0 {
            let share = share_words(self.floor);
            clauses.push(format!("after recusals, {share} of the seats must be left"));
        }
        if self.early_close {
            clauses.push(
                "the first vote of each seat counts, and voting ends once every seat has voted".to_owned(),
            );
        }
        capitalised(&format!("{}.", clauses.join("; ")))
    }

    fn approval_words(&self) -> String {
        let base = match self.base {
            Base::Cast => "the yes and no votes",
            Base::Present => "the yes, no and abstain votes",
            Base::Roll => "the seats that have not recused themselves",
        };
        format!("{} of {base} must be yes", self.approval_share())
    }

    fn quorum_words(&self) -> String {
        if self.quorum.numerator == 0 {
            return "any number of seats may take part".to_owned();
        }
        let abstentions = if self.quorum_counts_abstentions { "counts" } else { "does not count" };
        let share = share_words(self.quorum);
        format!("{share} of the seats must take part, and who abstains {abstentions} as taking part")
    }

    /// "at least two thirds", "more than half", "all", "one or more".
    fn approval_share(&self) -> String {
        match (self.at_least, self.approval.numerator) {
            (true, _) if self.approval.numerator == self.approval.denominator => "all".to_owned(),
            (true, _) => format!("at least {}", share_words(self.approval)),
            (false, 0) => "one or more".to_owned(),
            (false, _) => format!("more than {}", share_words(self.approval)),
        }
    }
}

impl Decision {
    /// How the vote stands, and by how much, in words: the first requirement that fails, else the approval.
    #[must_use]
    pub fn words(&self) -> String {
        if !self.floor.met() {
            let (seats, share) = (counted(self.remaining, "seat"), share_words(self.rule.floor));
            return format!("{seats} left after recusals, {share} of the roll needed: {}", self.floor.gap());
        }
        if self.base == 0 {
            let kinds = if self.rule.base == Base::Cast { "yes or no vote" } else { "vote" };
            return format!("no {kinds} was cast: nothing is decided");
        }
        if !self.quorum.met() {
            let (have, share) = (self.quorum.have, share_words(self.rule.quorum));
            let seats = counted(self.remaining, "seat");
            return format!("{have} of {seats} took part, {share} needed: {}", self.quorum.gap());
        }
        if self.blocks > 0 {
            let verb = if self.blocks == 1 { "blocks" } else { "block" };
            return format!(
                "{} {verb}: rejected, whatever the other votes are",
                counted(self.blocks, "seat")
            );
        }
        let base = match self.rule.base {
            Base::Cast => counted(self.base, "vote") + " cast",
            Base::Present => counted(self.base, "vote") + ", abstentions included,",
            Base::Roll => counted(self.base, "remaining seat"),
        };
        let verb = if self.approval.have == 1 { "is" } else { "are" };
        let share = self.rule.approval_share();
        format!("{} of {base} {verb} yes, {share} needed: {}", self.approval.have, self.approval.gap())
    }
}

impl Need {
    /// "met, with none to spare", "met, with 2 to spare", "3 more needed".
    fn gap(&self) -> String {
        match (self.have.checked_sub(self.need), self.need.saturating_sub(self.have)) {
            (Some(0), _) => "met, with none to spare".to_owned(),
            (Some(spare), _) => format!("met, with {spare} to spare"),
            (None, 1) => "one more needed".to_owned(),
            (None, more) => format!("{more} more needed"),
        }
    }
}

/// "half", "two thirds", "all", or the fraction where it has no common name.
pub(super) fn share_words(share: Fraction) -> String {
    const NAMES: [(&str, &str); 9] = [
        ("third", "thirds"),
        ("quarter", "quarters"),
        ("fifth", "fifths"),
        ("sixth", "sixths"),
        ("seventh", "sevenths"),
        ("eighth", "eighths"),
        ("ninth", "ninths"),
        ("tenth", "tenths"),
        ("eleventh", "elevenths"),
    ];
    const NUMBERS: [&str; 9] = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    let divisor = greatest_common_divisor(share.numerator, share.denominator).max(1);
    let (numerator, denominator) = (share.numerator / divisor, share.denominator / divisor);
    let at = |from: u32| usize::try_from(denominator.saturating_sub(from)).ok();
    let name = at(3).and_then(|place| NAMES.get(place));
    let number = usize::try_from(numerator.saturating_sub(2)).ok().and_then(|place| NUMBERS.get(place));
    match (numerator, denominator, name, number) {
        (0, ..) => "none".to_owned(),
        (1, 1, ..) => "all".to_owned(),
        (1, 2, ..) => "half".to_owned(),
        (1, _, Some((one, _)), _) => format!("one {one}"),
        (_, 3.., Some((_, many)), Some(number)) => format!("{number} {many}"),
        _ => format!("{numerator}/{denominator}"),
    }
}

fn greatest_common_divisor(one: u32, other: u32) -> u32 {
    if other == 0 { one } else { greatest_common_divisor(other, one % other) }
}

pub(super) fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
