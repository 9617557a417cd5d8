//! The kinds of records that this software knows, and the typed content of each.

use cohub_record::{BodyError, Field as _, Header};

use crate::application::{Application, Document, Interview, Review, Sign};
use crate::ballot::Ballot;
use crate::erasure::Erase;
use crate::founding::Founding;
use crate::handover::Handover;
use crate::identity::{Grant, Inception, ProfileOfYear, Rotate, Sponsor};
use crate::motion::Motion;
use crate::sharing::Share;
use crate::tellers::{Closing, Return};
use crate::withdraw::Withdraw;

macro_rules! kinds {
    ($($(#[$meta:meta])* $kind:ident($content:ty) = $word:literal),* $(,)?) => {
        cohub_record::words! {
            /// The kind of a record.
            pub enum Kind { $($(#[$meta])* $kind = $word),* }
        }

        /// What a record says, decoded: one variant a kind.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub(crate) enum Fact { $($kind(Box<$content>)),* }

        impl Fact {
            /// Decodes the body of a header of a known kind.
            pub(crate) fn decode(kind: Kind, header: &Header) -> Result<Self, BodyError> {
                match kind { $(Kind::$kind => <$content>::from_value(&header.body).map(|fact| Self::$kind(Box::new(fact)))),* }
            }
        }
    };
}

kinds! {
    /// Begins a network.
    Founding(Founding) = "founding",
    /// Begins a hub.
    Inception(Inception) = "inception",
    /// Moves a hub to its next controller key.
    Rotate(Rotate) = "rotate",
    /// Gives a key roles for a hub, or takes them.
    Grant(Grant) = "grant",
    /// Vouches for a prospect.
    Sponsor(Sponsor) = "sponsor",
    /// Applies for co-ownership.
    Application(Application) = "application",
    /// Hands in a document.
    Document(Document) = "document",
    /// Reviews an application.
    Review(Review) = "review",
    /// Records an interview.
    Interview(Interview) = "interview",
    /// Signs an admission or the manifesto.
    Sign(Sign) = "sign",
    /// Reports a hub's year.
    Profile(ProfileOfYear) = "profile",
    /// Asks a body to decide.
    Motion(Motion) = "motion",
    /// Votes.
    Ballot(Ballot) = "ballot",
    /// Closes the voting as one teller saw it, or refuses to.
    Closing(Closing) = "closing",
    /// States the outcome as one teller counts it.
    Return(Return) = "return",
    /// Counts for the last time, and hands over to the next committee's tellers.
    Handover(Handover) = "handover",
    /// Takes back an application or a motion, or leaves the network.
    Withdraw(Withdraw) = "withdraw",
    /// Erases attachments.
    Erase(Erase) = "erase",
    /// Lets one more key read a sealed attachment.
    Share(Share) = "share",
}
