//! The registry: a pure function from a set of records to who is in, at which stage, decided by whom.

mod admission;
pub mod agenda;
mod application;
mod as_of;
mod assembly;
mod attached;
mod awaiting;
mod ballot;
pub mod blind;
pub mod certificate;
mod charter;
mod cites;
mod claim;
mod conflict;
mod content;
mod credentials;
mod dispute;
mod drafts;
mod duties;
mod effect;
mod erasure;
mod fallback;
mod forks;
mod founding;
mod graph;
mod handover;
mod identity;
mod ids;
mod in_force;
mod keys;
mod kind;
mod known;
pub mod minutes;
mod motion;
mod past;
mod polled;
mod registry;
mod rule;
mod seating;
mod sharing;
mod slot;
mod standing;
mod state;
mod support;
mod tellers;
mod terms;
mod verdict;
mod view;
mod withdraw;

pub use application::{
    Application, Document, Interview, InterviewOutcome, Recommendation, Review, Score, Sign, Signed,
};
pub use as_of::AsOf;
pub use attached::AttachmentRef;
pub use ballot::{Ballot, Choice};
pub use charter::{
    Blind, Body, Charter, CharterError, Decides, Fault, Impossible, Matter, Panel, Review as RequiredReview,
    Sponsorship, Stage, Timing, duration_from_words, duration_in_words,
};
pub use conflict::Conflict;
pub use content::Decoded;
pub use drafts::{Intent, Question, Undraftable};
pub use duties::{Contents, Duty, Enough, HandoverDue};
pub use effect::{Chair, Change, Effect};
pub use erasure::{Erase, Erased};
pub use forks::Fork;
pub use founding::{Founder, Founding, Granted, PanelSeats, Profile, Role, Roles};
pub use handover::Handover;
pub use identity::{Grant, Inception, ProfileOfYear, Rotate, Sponsor, recovery_hash};
pub use kind::Kind;
pub use motion::{Motion, Voice};
pub use registry::{Inserted, Registry};
pub use rule::{Base, Decision, Fraction, Need, Outcome, Preset, Rule, Supposed, Votes, WhatItTakes};
#[cfg(feature = "weaken")]
pub use seating::Switch;
pub use sharing::{Reader, Sealing, Share, Wrapped};
pub use standing::{Access, Keeping};
pub use support::counted_ballot;
pub use tellers::{Closing, Refusal, Return};
pub use verdict::{Refused, Verdict, Void};
pub use view::{
    ApplicationView, CertificateView, CharterView, CommitteeView, Degrees, DisputeView, DocumentView,
    EvidenceView, HubBrief, HubView, InterviewView, KeyView, LiarView, ManifestoView, MotionView, NextStage,
    PanelView, PanelistView, ReportView, ResolutionView, ReviewView, RollEntry, SeatView, Signatures,
    TallyView, TellerEntry, View,
};
pub use withdraw::Withdraw;
