//! Words for motions, votes and the proofs of what they came to.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};
use cohub_record::{Id, Slug};
use cohub_registry::Choice;

use super::{Signing, parsed};
use crate::when::{read_duration, read_moment};

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Motion {
    /// Put a question to the committee
    #[command(subcommand)]
    Open(MotionOpen),
    /// All motions
    List,
    /// One motion: question, rule in words, roll call, tellers, how the count stands
    Show {
        /// A prefix or the whole id; or the applicant's slug where one motion on it is open
        motion: String,
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
