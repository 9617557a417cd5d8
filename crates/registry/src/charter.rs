//! The charter: what a network has agreed on about votes, stages and dates. It stands in the founding
//! record, and everything that is decided is decided by it.

mod duration;
mod further;
mod possible;
mod read;
mod source;

use cohub_record::{List, Slug, Text, positional, words};

pub use duration::{duration_from_words, duration_in_words};
pub use possible::Impossible;
pub use read::{CharterError, Fault};

use crate::{Conflict, Preset, Rule};

/// Bytes of a title.
const TITLE_BYTES: usize = 120;

/// The rules that a network gives itself when it is founded.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Charter {
    /// What people call the network.
    pub title: Text<TITLE_BYTES>,
    /// How long votes run.
    pub timing: Timing,
    /// What it takes to bring somebody in.
    pub sponsorship: Sponsorship,
    /// Committee seats that must sign an admission, beside the hub itself.
    pub signing_seats: u16,
    /// The counting rules that stages may name.
    pub rules: List<Rule, 32>,
    /// The way from prospect to co-owner, in order. The decision of the last stage is the admission.
    pub stages: List<Stage, 16>,
    /// The panels that may review a dossier.
    pub panels: List<Panel, 16>,
    /// Who decides everything else, and how, where that differs from what is usual.
    pub decisions: List<Decides, 16>,
    /// What a conflict of interest is between somebody and an application. None where it is for people to say.
    #[serde(skip_serializing_if = "<[Conflict]>::is_empty")]
    pub conflicts: List<Conflict, 4>,
    /// The stages whose reviews are sealed until all are in.
    #[serde(skip_serializing_if = "<[Blind]>::is_empty")]
    pub blind: List<Blind, 16>,
}

words! {
    /// What a motion can be about, beside the stages of applications.
    pub enum Matter {
        /// Saying something together.
        Resolve = "resolve",
        /// Who sits on a panel.
        Appoint = "appoint",
        /// Taking a co-owner's rights for a time.
        Suspend = "suspend",
        /// Giving them back; also the answer to an appeal.
        Reinstate = "reinstate",
        /// Ending a hub's co-ownership.
        Expel = "expel",
        /// Saying that a hub did not open in time.
        Lapse = "lapse",
        /// Which of two rival rotations of a hub's keys stands.
        Recover = "recover",
        /// The next committee.
        Seat = "seat",
        /// Another charter.
        Amend = "amend",
        /// Another manifesto.
        Manifesto = "manifesto",
    }
}

positional! {
    /// Who decides a matter, and how the votes are counted.
    #[derive(serde::Serialize)]
    pub struct Decides {
        /// The matter.
        pub matter: Matter,
        /// Who decides. The committee's own seats, the charter and the manifesto are always the assembly's.
        pub body: Body,
        /// How the decision is counted.
        pub rule: Slug,
    }
}

impl Matter {
    /// Protocol 6: what the assembly decides whatever a charter says.
    #[must_use]
    pub const fn is_the_assemblys(self) -> bool {
        matches!(self, Self::Seat | Self::Amend | Self::Manifesto)
    }

    /// Who decides the matter, and by which rule, under a charter that says nothing of it.
    #[must_use]
    pub const fn usual(self) -> (Body, Preset) {
        match self {
            Self::Resolve | Self::Appoint | Self::Lapse => (Body::Committee, Preset::Simple),
            Self::Suspend => (Body::Committee, Preset::TwoThirds),
            Self::Reinstate | Self::Seat => (Body::Assembly, Preset::Simple),
            Self::Expel => (Body::Assembly, Preset::ThreeQuarters),
            Self::Recover | Self::Amend | Self::Manifesto => (Body::Assembly, Preset::TwoThirds),
        }
    }
}

positional! {
    /// Protocol 6.4: the times of a vote.
    #[derive(Copy, serde::Serialize)]
    pub struct Timing {
        /// N: the shortest time from a teller's receipt of a motion to its deadline.
        pub notice_ms: u64,
        /// G: how long after the deadline a teller waits before it closes, for ballots on their way and
        /// for clocks that differ. A clock that is wrong by more counts as faulty.
        pub grace_ms: u64,
        /// The longest time from a teller's receipt of a motion to its deadline.
        pub maximum_ms: u64,
    }
}

positional! {
    /// Protocol 3.5: how much a sponsor may bring into everybody's store.
    #[derive(Copy, serde::Serialize)]
    pub struct Sponsorship {
        /// Open sponsorships that one sponsor may have at a time; the first ones count.
        pub open: u16,
        /// The highest number of records that one prospect may write.
        pub records: u64,
    }
}

positional! {
    /// Protocol 5.1: one step from prospect to co-owner, and what it takes to make it.
    #[derive(serde::Serialize)]
    pub struct Stage {
        /// The stage's short name.
        pub slug: Slug,
        /// The stage's name.
        pub title: Text<TITLE_BYTES>,
        /// Types of documents that the dossier must hold.
        pub documents: List<Slug, 32>,
        /// Reviews that the dossier must have had.
        pub reviews: List<Review, 16>,
        /// Whether an interview must have been held.
        pub interview: bool,
        /// Who decides.
        pub body: Body,
        /// How the decision is counted.
        pub rule: Slug,
        /// How long the stage, once reached, stands open for the next step; 0 for no end.
        pub open_within_ms: u64,
        /// How long to wait after a rejection before asking again; 0 for no wait.
        pub wait_ms: u64,
    }
}

positional! {
    /// Reviews that a stage requires from one panel.
    #[derive(serde::Serialize)]
    pub struct Review {
        /// The panel.
        pub panel: Slug,
        /// Panelists who must have reviewed the dossier.
        pub count: u16,
    }
}

positional! {
    /// A stage whose reviews are blind.
    #[derive(serde::Serialize)]
    pub struct Blind {
        /// The stage.
        pub stage: Slug,
        /// The longest that they stay sealed, from the first of a panel on.
        pub within_ms: u64,
    }
}

positional! {
    /// A group of people who review one side of a dossier.
    #[derive(serde::Serialize)]
    pub struct Panel {
        /// The panel's short name.
        pub slug: Slug,
        /// The panel's name.
        pub title: Text<TITLE_BYTES>,
    }
}

words! {
    /// Who decides a motion (Protocol 6).
    pub enum Body {
        /// The seats of the committee.
        Committee = "committee",
        /// Every co-owner in good standing, one hub one vote.
        Assembly = "assembly",
    }
}

impl Charter {
    /// The counting rule of that name.
    #[must_use]
    pub fn rule(&self, slug: &Slug) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.slug == *slug)
    }

    /// Who decides a matter and by which rule: what the charter says, else what is usual.
    #[must_use]
    pub fn decides(&self, matter: Matter) -> Option<(Body, Rule)> {
        match self.decisions.iter().find(|decides| decides.matter == matter) {
            Some(decides) => Some((decides.body, self.rule(&decides.rule)?.clone())),
            None => {
                let (body, preset) = matter.usual();
                Some((body, preset.rule(preset.as_str().parse().ok()?)))
            }
        }
    }

    /// How long the reviews of a stage stay sealed at the most; none where they are open.
    #[must_use]
    pub fn blind_ms(&self, stage: &Slug) -> Option<u64> {
        self.blind.iter().find(|blind| blind.stage == *stage).map(|blind| blind.within_ms)
    }

    /// The stage of that name, with its place in the order.
    #[must_use]
    pub fn stage(&self, slug: &Slug) -> Option<(usize, &Stage)> {
        self.stages.iter().enumerate().find(|(_, stage)| stage.slug == *slug)
    }
}

#[cfg(test)]
mod tests;
