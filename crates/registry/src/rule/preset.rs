//! The counting rules that by-laws know by name.

use cohub_record::{Slug, words};

use super::{Base, Fraction, Rule};

words! {
    /// A rule by its name in by-laws. Each asks that half of the seats take part, abstentions included,
    /// and that half of the roll remains after recusals.
    pub enum Preset {
        /// More yes than no.
        Simple = "simple",
        /// More than half of all remaining seats say yes.
        Absolute = "absolute",
        /// Two thirds of the yes and no votes are yes.
        TwoThirds = "two-thirds",
        /// Three quarters of the yes and no votes are yes.
        ThreeQuarters = "three-quarters",
        /// Nobody says no.
        Unanimous = "unanimous",
        /// Nobody blocks, and more say yes than no.
        Consent = "consent",
    }
}

impl Preset {
    /// The rule, under a name of the charter's choice.
    #[must_use]
    pub fn rule(self, slug: Slug) -> Rule {
        const HALF: Fraction = Fraction::new(1, 2);
        let (base, approval, at_least) = match self {
            Self::Simple | Self::Consent => (Base::Cast, HALF, false),
            Self::Absolute => (Base::Roll, HALF, false),
            Self::TwoThirds => (Base::Cast, Fraction::new(2, 3), true),
            Self::ThreeQuarters => (Base::Cast, Fraction::new(3, 4), true),
            Self::Unanimous => (Base::Cast, Fraction::new(1, 1), true),
        };
        Rule {
            slug,
            quorum: HALF,
            quorum_counts_abstentions: true,
            floor: HALF,
            base,
            approval,
            at_least,
            consent: self == Self::Consent,
            early_close: false,
        }
    }
}
