//! The registry: a pure function from a set of records to who is in, at which stage, decided by whom.

mod admission;
mod application;
mod ballot;
pub mod certificate;
mod charter;
mod cites;
mod drafts;
mod duties;
mod founding;
mod graph;
mod identity;
mod keys;
mod kind;
mod known;
mod motion;
mod past;
mod registry;
mod rule;
mod seating;
mod slot;
mod standing;
mod state;
mod support;
mod tellers;
mod verdict;
mod view;

pub use application::{
    Application, Document, Interview, InterviewOutcome, Recommendation, Review, Score, Sign, Signed,
};
pub use ballot::{Ballot, Choice};
pub use charter::{
    Body, Charter, CharterError, Fault, Impossible, Panel, Review as RequiredReview, Sponsorship, Stage,
    Timing, duration_from_words, duration_in_words,
};
pub use drafts::{Intent, Undraftable};
pub use duties::{Contents, Duty, Enough};
pub use founding::{Founder, Founding, Granted, PanelSeats, Profile, Role, Roles};
pub use identity::{Grant, Inception, ProfileOfYear, Rotate, Sponsor, recovery_hash};
pub use kind::Kind;
pub use motion::{Effect, Motion};
pub use registry::{AttachmentRef, Fork, Inserted, Registry};
pub use rule::{Base, Decision, Fraction, Need, Outcome, Preset, Rule, Votes};
pub use standing::{Access, Keeping};
pub use support::counted_ballot;
pub use tellers::{Closing, Refusal, Return};
pub use verdict::{Refused, Verdict, Void};
pub use view::{
    ApplicationView, CharterView, CommitteeView, Degrees, DocumentView, EvidenceView, HubBrief, HubView,
    InterviewView, KeyView, MotionView, NextStage, ReportView, ReviewView, RollEntry, SeatView, Signatures,
    TallyView, TellerEntry, View,
};
