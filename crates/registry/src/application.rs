//! Applications and their dossiers: documents, reviews, interviews, and the signatures at the end (Protocol 5).

use cohub_record::{BodyError, Field, Hash, List, Slug, Value, array_of, positional, words};

use crate::effect::Effect;
use crate::founding::{Founding, Role};
use crate::graph::{Entry, Index};
use crate::past::{Past, content};
use crate::slot::{Slot, certificate_of};
use crate::{Kind, Void, blind, claim, motion};

/// A hub applies for co-ownership.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// The claim of the founding record that it takes up; none for a hub that is new.
    pub claim: Option<Slug>,
}

impl Field for Application {
    fn to_value(&self) -> Value {
        self.claim.to_value()
    }

    fn from_value(value: &Value) -> Result<Self, BodyError> {
        Option::from_value(value).map(|claim| Self { claim }).map_err(|error| error.inside("claim"))
    }
}

positional! {
    /// A document of a dossier; its one attachment is the content.
    pub struct Document {
        /// The type, as the charter's stages name it.
        pub document_type: Slug,
    }
}

words! {
    /// What a panelist recommends.
    pub enum Recommendation {
        /// Go on.
        Accept = "accept",
        /// Do not.
        Decline = "decline",
        /// More is needed before saying.
        More = "more",
        /// A conflict of interest: not counted.
        Recuse = "recuse",
        /// Kept back until the others have said theirs: the review that opens it tells.
        Sealed = "sealed",
    }
}

positional! {
    /// One mark of a review.
    #[derive(serde::Serialize, serde::Deserialize)]
    pub struct Score {
        /// What was marked.
        pub criterion: Slug,
        /// The mark.
        pub points: u32,
    }
}

/// A panelist's review of an application; its text is an attachment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// The panel it is written for.
    pub panel: Slug,
    /// What it recommends.
    pub recommendation: Recommendation,
    /// Marks.
    pub scores: List<Score, 32>,
    /// Of a sealed one what it commits to, of one that opens that the secret; none of any other. See [`crate::blind`].
    pub seal: Option<Hash>,
}

impl Field for Review {
    fn to_value(&self) -> Value {
        let mut fields = vec![self.panel.to_value(), self.recommendation.to_value(), self.scores.to_value()];
        fields.extend(self.seal.as_ref().map(Field::to_value));
        Value::Array(fields)
    }

    fn from_value(value: &Value) -> Result<Self, BodyError> {
        let count = match value {
            Value::Array(fields) if fields.len() == 4 => 4,
            _ => 3,
        };
        let fields = array_of(value, count)?;
        let [panel, recommendation, scores, seal @ ..] = fields else {
            return Err(BodyError::new("a field is missing"));
        };
        Ok(Self {
            panel: Slug::from_value(panel).map_err(|error| error.inside("panel"))?,
            recommendation: Recommendation::from_value(recommendation)
                .map_err(|error| error.inside("recommendation"))?,
            scores: List::from_value(scores).map_err(|error| error.inside("scores"))?,
            seal: seal.first().map(Hash::from_value).transpose().map_err(|error| error.inside("seal"))?,
        })
    }
}

words! {
    /// How an interview went.
    pub enum InterviewOutcome {
        /// Well.
        Favourable = "favourable",
        /// Not well.
        Unfavourable = "unfavourable",
        /// It was not held.
        Postponed = "postponed",
    }
}

positional! {
    /// An interview; people and notes are attachments.
    pub struct Interview {
        /// How it went.
        pub outcome: InterviewOutcome,
    }
}

words! {
    /// What a party signs.
    pub enum Signed {
        /// The admission of a hub.
        Admission = "admission",
        /// The manifesto.
        Manifesto = "manifesto",
    }
}

positional! {
    /// A party's signature under an admission or the manifesto.
    pub struct Sign {
        /// Which of the two.
        pub subject: Signed,
    }
}

/// The application that a document, review or interview belongs to.
pub(crate) fn application_of(entry: &Entry) -> Option<Index> {
    let group = match entry.kind? {
        Kind::Document => 0,
        Kind::Review | Kind::Interview => 2,
        _ => return None,
    };
    entry.cite(group)
}

/// The rules of `application`.
pub(crate) fn judge_application(past: &Past<'_>, application: &Application) -> Result<(), Void> {
    past.groups(2)?;
    let (controller, _) = past.controller(0, 1)?;
    let (_, sponsor) = past.only(1, 2, "sponsor")?;
    let named = content!(sponsor, Sponsor).map(|sponsor| sponsor.controller);
    let first = past.graph.inception_of(controller).map(|(_, inception)| inception.author);
    past.require(2, named.is_some() && named == first, "the sponsor names another controller")?;
    claim::judge_taking_up(past, controller, application.claim.as_ref())
}

/// The rules of `document`.
pub(crate) fn judge_document(past: &Past<'_>, document: &Document) -> Result<(), Void> {
    past.groups(2)?;
    let mut cited = past.group(0);
    let (application, entry) = cited.next().ok_or_else(|| past.void(1, "cites its application"))?;
    past.require(1, entry.is(Kind::Application), "cites its application")?;
    let applicant = match (cited.next(), cited.next()) {
        (None, _) => entry.author,
        (Some((rotate, rotated)), None) if rotated.is(Kind::Rotate) => {
            let hub = entry
                .cites
                .first()
                .and_then(|group| group.first())
                .and_then(|index| past.graph.hub_of(*index));
            past.require(1, past.graph.hub_of(rotate) == hub, "the cited rotate is another hub's")?;
            rotated.author
        }
        _ => return Err(past.void(1, "cites its application and at most its rotate")),
    };
    past.require(1, past.entry.author == applicant, "its author is not the applicant")?;
    past.require(2, past.entry.content.attachments.len() == 1, "has exactly one attachment")?;
    let Some((_, superseded)) = past.at_most_one(1, 3, "document that it supersedes")? else { return Ok(()) };
    let same_type =
        content!(superseded, Document).is_some_and(|before| before.document_type == document.document_type);
    let same = same_type && application_of(superseded) == Some(application);
    past.require(3, same, "supersedes a document of another application or type")
}

/// The rules of `review`.
pub(crate) fn judge_review(past: &Past<'_>, review: &Review) -> Result<(), Void> {
    past.groups(5)?;
    past.granted(0, 1, &[Role::Panelist])?;
    let seated = match appointed(past, 2)? {
        Appointed::First(founding) => founding.is_panelist(&past.entry.author, Some(&review.panel)),
        Appointed::Since(Effect::Appoint { panel, members, .. }) => {
            *panel == review.panel && members.contains(&past.entry.author)
        }
        Appointed::Since(_) => false,
    };
    past.require(2, seated, "its author does not sit on the panel")?;
    let application = judge_dossier(past, 3)?;
    let summed = past.group(4).all(|(_, entry)| {
        let panel = content!(entry, Review).map(|summed| &summed.panel);
        panel == Some(&review.panel) && application_of(entry) == Some(application)
    });
    past.require(4, summed, "sums up reviews of another application or panel")?;
    blind::judge(past, review)
}

/// The rules of `interview`.
pub(crate) fn judge_interview(past: &Past<'_>) -> Result<(), Void> {
    past.groups(4)?;
    past.granted(0, 1, &[Role::Panelist, Role::Representative])?;
    let author = &past.entry.author;
    let seats = |seats: bool| seats && has_seat(past, 1);
    let appointed = match appointed(past, 1)? {
        Appointed::First(founding) => founding.is_panelist(author, None) || seats(true),
        Appointed::Since(Effect::Appoint { members, .. }) => members.contains(author),
        Appointed::Since(effect) => seats(matches!(effect, Effect::Seat { .. } | Effect::Fallback { .. })),
    };
    past.require(1, appointed, "its author sits neither on a panel nor on the committee")?;
    judge_dossier(past, 2).map(|_| ())
}

/// By what a panel or committee is what it is.
enum Appointed<'a> {
    /// By the founding record.
    First(&'a Founding),
    /// By a decision.
    Since(&'a Effect),
}

/// The appointment or seating that a review or interview cites.
fn appointed<'a>(past: &Past<'a>, clause: u8) -> Result<Appointed<'a>, Void> {
    if past.group(1).next().is_some_and(|(_, entry)| entry.is(Kind::Return)) {
        let motion = certificate_of(past, 1, clause)?.index;
        let effect = motion::effect(past.graph, motion);
        return effect.map(Appointed::Since).ok_or_else(|| past.void(clause, "cites an appointment"));
    }
    let (_, entry) = past.only(1, clause, "appointment or seating")?;
    let founding = content!(entry, Founding);
    founding.map(Appointed::First).ok_or_else(|| past.void(clause, "cites an appointment or seating"))
}

/// Whether the author has a seat by the seating that it cites.
fn has_seat(past: &Past<'_>, group: usize) -> bool {
    let seating = motion::seating_of(past.terms, past.graph, past.entry, group);
    seating.is_some_and(|(_, seating)| seating.seat_of(&past.entry.author).is_some())
}

/// Checks the groups of application and documents that reviews and interviews share.
fn judge_dossier(past: &Past<'_>, clause: u8) -> Result<Index, Void> {
    let (application, entry) = past.only(2, clause, "application")?;
    past.require(clause, entry.is(Kind::Application), "cites an application")?;
    let own = past
        .group(3)
        .all(|(_, entry)| entry.is(Kind::Document) && application_of(entry) == Some(application));
    past.require(clause, own, "cites a document of another application").map(|()| application)
}

/// The rules of `sign`.
pub(crate) fn judge_sign(past: &Past<'_>, sign: &Sign) -> Result<(), Void> {
    past.groups(2)?;
    let by_returns = |group| past.group(group).next().is_some_and(|(_, entry)| entry.is(Kind::Return));
    if sign.subject == Signed::Manifesto {
        if by_returns(0) {
            let certificate = certificate_of(past, 0, 1)?;
            past.require(
                1,
                certificate.facts.slot == Slot::Manifesto,
                "cites the certificate of a manifesto",
            )?;
        } else {
            let (_, founding) = past.only(0, 1, "founding record or certificate")?;
            past.require(
                1,
                founding.is(Kind::Founding),
                "cites the founding record, or what replaced its manifesto",
            )?;
        }
        return past.controller(1, 2).map(|_| ());
    }
    let certificate = certificate_of(past, 0, 1)?;
    let admitted =
        certificate.admits(past).ok_or_else(|| past.void(1, "cites the certificate of an admission"))?;
    if by_returns(1) {
        let seated = certificate_of(past, 1, 2)?.facts.seats.is_some();
        return past.require(2, seated && has_seat(past, 1), "its author has no seat");
    }
    let (standing, entry) = past.only(1, 2, "seating, or inception or rotate")?;
    if entry.is(Kind::Founding) {
        return past.require(2, has_seat(past, 1), "its author has no seat");
    }
    past.controller(1, 2)?;
    past.require(
        2,
        past.graph.hub_of(standing) == Some(admitted),
        "its author controls another hub than the admitted",
    )
}
