//! Words for motions, votes and the proofs of what they came to.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};
use cohub_record::{Id, PublicKey, Slug};
use cohub_registry::{Change, Choice};

use super::{Signing, parsed};
use crate::when::{read_duration, read_moment};

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Motion {
    /// Put a question to the committee, or to the assembly where the charter says so
    #[command(subcommand)]
    Open(MotionOpen),
    /// Take back a motion of yours that is not decided
    Withdraw {
        /// A prefix or the whole id; or the applicant's slug where one motion on it is open
        motion: String,
        #[command(flatten)]
        signing: Signing,
    },
    /// All motions
    List,
    /// One motion: question, rule in words, roll call, tellers, how the count stands
    Show {
        /// A prefix or the whole id; or the applicant's slug where one motion on it is open
        motion: String,
    },
    /// Count the votes on a fallback, as one of those who decide it
    ///
    /// The tellers of a fallback are its voters. Each runs this twice: once after the deadline and the charter's grace,
    /// which closes the vote with the ballots that its node held in time, and once when the others have done so, which
    /// says what the count is.
    Count {
        /// A prefix or the whole id
        motion: String,
        #[command(flatten)]
        signing: Signing,
    },
    /// Follow a motion until it is decided
    Watch {
        /// A prefix or the whole id; or the applicant's slug where one motion on it is open
        motion: String,
        /// How long to watch at the most
        #[arg(long, value_name = "DURATION", value_parser = read_duration)]
        timeout: Option<Duration>,
    },
}

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum MotionOpen {
    /// Move an application to its next stage; the last stage is the admission
    Advance {
        /// The applicant's slug, or the application
        application: String,
        /// The stage, where it is not the next one
        #[arg(long, value_parser = parsed::<Slug>)]
        stage: Option<Slug>,
        /// Until when to vote: a date, or a time from now; a quarter more than the charter's notice
        #[arg(long, value_name = "MOMENT", value_parser = read_moment)]
        deadline: Option<u64>,
        /// Until when the step after has to be made: a date, or a time from now; as the charter says
        #[arg(long, value_name = "MOMENT", value_parser = read_moment)]
        open_by: Option<u64>,
        #[command(flatten)]
        signing: Signing,
    },
    /// Say something together
    Resolve {
        /// What to say
        #[arg(long, value_name = "TEXT")]
        text: Option<String>,
        /// The same from a file
        #[arg(long, value_name = "FILE", conflicts_with = "text")]
        file: Option<PathBuf>,
        /// A record whose attachments are erased if it is adopted; once for each
        #[arg(long = "erasing", value_name = "RECORD")]
        erasing: Vec<String>,
        #[command(flatten)]
        asking: Asking,
    },
    /// Replace the charter; the whole new one is voted on
    Amend {
        /// The new charter, a TOML file; `cohub charter check` says whether it can work
        #[arg(value_name = "CHARTER")]
        file: PathBuf,
        #[command(flatten)]
        asking: Asking,
    },
    /// Replace the manifesto
    Manifesto {
        /// The new manifesto, a text file
        #[arg(value_name = "FILE")]
        file: PathBuf,
        #[command(flatten)]
        asking: Asking,
    },
    /// Say who sits on a panel
    Appoint {
        /// The panel
        #[arg(value_parser = parsed::<Slug>)]
        panel: Slug,
        /// Its members: keys (did:key:…) that their hubs made panelists
        #[arg(required = true, value_name = "KEY")]
        members: Vec<PublicKey>,
        /// Until when: a date, or a time from now; no end where it is not said
        #[arg(long, value_name = "MOMENT", value_parser = read_moment)]
        until: Option<u64>,
        #[command(flatten)]
        asking: Asking,
    },
    /// Change a co-owner's standing
    Standing {
        /// suspend, reinstate, expel, or lapse (it did not open in time)
        #[arg(value_name = "suspend|reinstate|expel|lapse", value_parser = parsed::<Change>)]
        change: Change,
        /// Its slug, or a prefix or the whole id
        hub: String,
        #[command(flatten)]
        asking: Asking,
    },
    /// Seat the next committee
    ///
    /// Each hub has accepted with `cohub committee accept`. Once the motion is adopted the tellers in office hand over
    /// by themselves; the new committee opens its first motion when enough of them have.
    Seat {
        /// The hubs, in the order of seats
        #[arg(required = true, value_name = "HUB")]
        hubs: Vec<String>,
        /// The committee in office cannot decide any more: those who elected it seat another, and count the votes
        /// themselves with `cohub motion count`. What was decided stands
        #[arg(long)]
        fallback: bool,
        /// With --fallback, an adopted motion that stands in place of what its slot has now; once for each
        #[arg(long = "standing", value_name = "MOTION", requires = "fallback")]
        standing: Vec<String>,
        #[command(flatten)]
        asking: Asking,
    },
    /// Say which of two rival rotations of a hub's keys stands
    Recover {
        /// The hub
        hub: String,
        /// The rotation that is to stand: a prefix or the whole id of its record
        rotation: String,
        #[command(flatten)]
        asking: Asking,
    },
}

/// What every question takes.
#[derive(Debug, Clone, Args)]
pub(crate) struct Asking {
    /// Until when to vote: a date, or a time from now; a quarter more than the charter's notice
    #[arg(long, value_name = "MOMENT", value_parser = read_moment)]
    pub(crate) deadline: Option<u64>,
    /// A file with the grounds, which is attached for members; or the statement of whom it is about, where that is
    /// who asks. `cohub document get MOTION` fetches it
    #[arg(long, value_name = "FILE")]
    pub(crate) grounds: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) signing: Signing,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Minutes {
    /// A prefix or the whole id; or the applicant's slug where one motion on it is open
    pub(crate) motion: String,
    /// As a page to print, instead of Markdown
    #[arg(long)]
    pub(crate) html: bool,
    /// The file to write; stdout where it is not said
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Vote {
    /// A prefix or the whole id; or the applicant's slug where one motion on it is open
    pub(crate) motion: String,
    /// yes, no, abstain, recuse (a conflict of interest) or block (where the rule is consent)
    #[arg(value_name = "yes|no|abstain|recuse|block", value_parser = parsed::<Choice>)]
    pub(crate) choice: Choice,
    /// Why, for the other members
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    #[command(flatten)]
    pub(crate) signing: Signing,
}

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Certificate {
    /// Write the proof of a final decision into a file
    Export {
        /// A prefix or the whole id of the motion
        motion: String,
        /// The file to write
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Verify such a file; needs no node, no network and no store
    Verify {
        /// The file
        file: PathBuf,
        /// Accept only this network's: net1…
        #[arg(long, value_name = "NETWORK")]
        network: Option<Id>,
    },
}
