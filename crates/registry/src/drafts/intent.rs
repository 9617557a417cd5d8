//! What somebody may want to say, as commands and pages hand it in.

use cohub_record::{Hash, Id, List, PublicKey, Signature, Slug, Text};
use serde::{Deserialize, Serialize};

use crate::application::Score;
use crate::effect::Change;
use crate::founding::{Profile, Roles};
use crate::identity::ProfileOfYear;
use crate::sharing::Wrapped;
use crate::{Choice, InterviewOutcome, Recommendation};

/// What somebody wants to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "intent", rename_all = "kebab-case")]
pub enum Intent {
    /// Begin a hub.
    Inception {
        /// Its public facts.
        profile: Profile,
        /// The hash of its recovery key.
        recovery: Hash,
    },
    /// Vouch for a newcomer.
    Sponsor {
        /// Its controller.
        controller: PublicKey,
        /// Records that it may write.
        records: u64,
    },
    /// Apply for co-ownership.
    Application {
        /// The claim of the founding record to take up; none for a hub that is new.
        #[serde(default)]
        claim: Option<Slug>,
    },
    /// Hand in a document.
    Document {
        /// The application.
        application: Id,
        /// The type.
        document_type: Slug,
    },
    /// Review an application.
    Review {
        /// The application.
        application: Id,
        /// The panel.
        panel: Slug,
        /// What to recommend.
        recommendation: Recommendation,
        /// Marks.
        scores: List<Score, 32>,
    },
    /// Review an application without saying yet what: the commitment of [`crate::blind`] to it.
    Seal {
        /// The application.
        application: Id,
        /// The panel.
        panel: Slug,
        /// The commitment.
        seal: Hash,
    },
    /// Open a sealed review.
    Open {
        /// It.
        review: Id,
        /// What it recommends.
        recommendation: Recommendation,
        /// Marks.
        scores: List<Score, 32>,
        /// The secret of the commitment.
        secret: Hash,
    },
    /// Record an interview.
    Interview {
        /// The application.
        application: Id,
        /// How it went.
        outcome: InterviewOutcome,
    },
    /// Ask the committee to move an application to its next stage, or to extend the one it has.
    Advance {
        /// The application.
        application: Id,
        /// The stage; the next one where it is not said.
        stage: Option<Slug>,
        /// Until when ballots are taken.
        deadline_ms: u64,
        /// Until when the next step has to be made; 0 for no end.
        open_by_ms: u64,
    },
    /// Ask the committee or the assembly to decide something else.
    Move {
        /// What.
        question: Question,
        /// Until when ballots are taken.
        deadline_ms: u64,
    },
    /// Vote.
    Ballot {
        /// The motion.
        motion: Id,
        /// The choice.
        choice: Choice,
    },
    /// Sign the admission of an application.
    SignAdmission {
        /// The application.
        application: Id,
    },
    /// Sign the manifesto for a hub.
    SignManifesto,
    /// Report a year.
    Profile(ProfileOfYear),
    /// Give a key roles.
    Grant {
        /// The key.
        key: PublicKey,
        /// The roles.
        roles: Roles,
        /// The key's consent.
        consent: Signature,
        /// The key's X25519 recipient.
        encryption: Option<Hash>,
    },
    /// Take all roles from a key.
    Revoke {
        /// The key.
        key: PublicKey,
    },
    /// Become the controller with the key that the hub committed to.
    Rotate {
        /// The hub, by a controller that it had.
        controller: PublicKey,
        /// The hash of the next recovery key.
        recovery: Hash,
        /// The first record of that controller's log that does not count; none where all of it counts.
        #[serde(default)]
        before: Option<Id>,
    },
    /// Count a fallback as one of its tellers: close it once it is over, then return it.
    Count {
        /// The motion.
        motion: Id,
    },
    /// Take back one's application or motion.
    Withdraw {
        /// The application or motion.
        record: Id,
    },
    /// Leave the network with one's hub.
    Leave,
    /// Erase what a record attached.
    Erase {
        /// The record.
        record: Id,
        /// The resolution that lets a seat do it; none for what one's own hub attached.
        motion: Option<Id>,
    },
    /// Let one more key read a sealed attachment.
    Share {
        /// The record that attached it.
        record: Id,
        /// The attachment.
        attachment: Hash,
        /// The key.
        reader: PublicKey,
        /// The attachment's secret, wrapped to the key's recipient.
        wrapped: Wrapped,
    },
}

/// What a motion can ask beside the stages of applications. Hubs are named by their ids.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "question", rename_all = "kebab-case")]
pub enum Question {
    /// Shall the network say this?
    Resolve {
        /// The text.
        text: Text<65536>,
        /// Records whose attachments a seat may erase then.
        #[serde(default)]
        erasing: List<Id, 64>,
    },
    /// Shall these keys sit on the panel?
    Appoint {
        /// The panel.
        panel: Slug,
        /// The keys.
        members: List<PublicKey, 107>,
        /// Until when; 0 for no end.
        until_ms: u64,
    },
    /// Shall this be the charter?
    Amend {
        /// Its text, in TOML.
        charter: String,
    },
    /// Shall this be the manifesto?
    Manifesto {
        /// The text.
        text: Text<65536>,
    },
    /// Shall a co-owner's standing change?
    Standing {
        /// The hub.
        hub: Id,
        /// How.
        change: Change,
    },
    /// Shall these hubs be the next committee? Each votes by its representative, and counts by the newest
    /// teller's key that it granted and no committee has counted with.
    Seat {
        /// The hubs.
        hubs: List<Id, 31>,
    },
    /// Shall these hubs be the committee, by the fallback, since the one in office cannot decide any more? What is
    /// decided stands.
    Fallback {
        /// The hubs.
        hubs: List<Id, 31>,
        /// Adopted motions that stand in place of what their slots have now: for what is disputed.
        #[serde(default)]
        standing: List<Id, 64>,
    },
    /// Shall this rotation of a hub's keys stand?
    Recover {
        /// The hub.
        hub: Id,
        /// The rotation.
        rotate: Id,
    },
}
