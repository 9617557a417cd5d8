//! Blind reviews: one record commits to what it says, a later one of the same author opens it (Protocol 6.14).

use std::collections::BTreeMap;

use cohub_record::{Field as _, Hash, Id, List, PublicKey, Slug, Value};

use crate::application::{Recommendation, Review, Score};
use crate::charter::Charter;
use crate::drafts::Undraftable;
use crate::duties::Contents;
use crate::graph::{Entry, Index};
use crate::past::{Past, content};
use crate::{Kind, Registry, Void};

const DOMAIN: &str = "cohub blind review v1\n";

/// What a sealed review commits to: to nobody who has not the secret it tells anything, and one who has it can open
/// it in one way only.
#[must_use]
pub fn commitment(
    secret: &Hash,
    panel: &Slug,
    recommendation: Recommendation,
    scores: &List<Score, 32>,
    attachments: &[Hash],
) -> Hash {
    let attachments = Value::Array(attachments.iter().map(cohub_record::Field::to_value).collect());
    let said =
        Value::Array(vec![panel.to_value(), recommendation.to_value(), scores.to_value(), attachments]);
    Hash::of(DOMAIN, &[secret.as_bytes().as_slice(), &said.encode()])
}

/// The rule of a review that is sealed, or that opens one.
pub(crate) fn judge(past: &Past<'_>, review: &Review) -> Result<(), Void> {
    if review.recommendation == Recommendation::Sealed {
        let bare = review.scores.is_empty() && past.group(4).next().is_none();
        past.require(5, review.seal.is_some(), "is sealed and commits to nothing")?;
        return past.require(5, bare, "is sealed and has marks or sums up reviews");
    }
    let Some(secret) = &review.seal else { return Ok(()) };
    let opened = past.group(4).next().map(|(_, entry)| entry);
    let opened = opened.filter(|entry| entry.author == past.entry.author);
    let sealed = opened.and_then(|entry| content!(entry, Review));
    let sealed = sealed.filter(|sealed| sealed.recommendation == Recommendation::Sealed);
    let (Some(opened), Some(sealed)) = (opened, sealed) else {
        return Err(past.void(5, "opens no sealed review of its author"));
    };
    past.require(
        5,
        opened.cites.get(3) == past.entry.cites.get(3),
        "has read other documents than it had sealed",
    )?;
    let attachments: Vec<Hash> =
        past.entry.content.attachments.iter().map(|attached| attached.hash).collect();
    let found = commitment(secret, &review.panel, review.recommendation, &review.scores, &attachments);
    past.require(5, sealed.seal == Some(found), "says something else than it had sealed")
}

/// Whether a review counts among those that a stage requires, as far as its being blind goes: in a blind stage the
/// opened ones do.
pub(crate) fn counts(charter: &Charter, stage: &Slug, review: &Review) -> bool {
    let said = matches!(review.recommendation, Recommendation::Accept | Recommendation::Decline);
    said && (review.seal.is_some() || charter.blind_ms(stage).is_none())
}

/// The sealed review that a review opens.
pub(crate) fn opens(entry: &Entry) -> Option<Index> {
    let review = content!(entry, Review)?;
    let opening = review.seal.is_some() && review.recommendation != Recommendation::Sealed;
    entry.cite(4).filter(|_| opening)
}

impl Registry {
    /// From when on the author of a sealed review opens it, in milliseconds since the Unix epoch: 0 once as many are in as
    /// the stage asks of the panel, else when the time is over that they stay sealed at the most. None of what is opened
    /// already or was never sealed. No rule asks this: it is the manners of an author.
    #[must_use]
    pub fn opens_from(&self, review: &Id) -> Option<u64> {
        let entry = self.entry(review)?;
        let (index, said) = (self.graph.index(review)?, content!(entry, Review)?);
        let application = crate::application::application_of(entry)?;
        let of_panel = self.reviews_of(application, &said.panel);
        let opened = of_panel.iter().any(|other| opens(other) == Some(index));
        if said.recommendation != Recommendation::Sealed || opened {
            return None;
        }
        let sealed = of_panel.iter().filter(|other| {
            content!(other, Review).is_some_and(|one| one.recommendation == Recommendation::Sealed)
        });
        let first: BTreeMap<PublicKey, u64> = sealed.fold(BTreeMap::new(), |mut first, other| {
            let at = first.entry(other.author).or_insert(other.at);
            *at = other.at.min(*at);
            first
        });
        let reached = self.reached(application).map_or(0, |(place, ..)| place);
        let stage = self.stage_after(application, reached);
        let blind = stage.and_then(|stage| Some((stage, self.state.now.charter.blind_ms(&stage.slug)?)));
        // What the charter does not keep back any more is open.
        let Some((stage, within_ms)) = blind else { return Some(0) };
        let asked =
            stage.reviews.iter().find(|asked| asked.panel == said.panel).map_or(0, |asked| asked.count);
        if first.len() >= usize::from(asked) {
            return Some(0);
        }
        first.values().min().map(|at| at.saturating_add(within_ms))
    }

    /// The reviews of an application for a panel that count.
    fn reviews_of(&self, application: Index, panel: &Slug) -> Vec<&Entry> {
        let dossier = self.state.applications.get(&application);
        let reviews = dossier.map_or(&[][..], |dossier| dossier.reviews.as_slice());
        let counting = self.state.counting(&self.graph, reviews).map(|(_, entry)| entry);
        counting
            .filter(|entry| content!(entry, Review).is_some_and(|review| review.panel == *panel))
            .collect()
    }

    /// The review by which an author opens a sealed one. It names the sealed ones of the others, too: what all had said
    /// before anybody told.
    pub(crate) fn draft_opening(
        &self,
        author: &PublicKey,
        sealed: &Id,
        said: (Recommendation, &List<Score, 32>, &Hash),
    ) -> Result<Contents, Undraftable> {
        let cannot = |why: &str| Undraftable(why.to_owned());
        let entry = self.entry(sealed).filter(|entry| entry.author == *author);
        let review = entry.and_then(|entry| Some((entry, content!(entry, Review)?)));
        let (entry, review) = review.ok_or_else(|| cannot("it is no review of this key"))?;
        if self.opens_from(sealed).is_none() {
            return Err(cannot("it is no sealed review, or opened already"));
        }
        let application =
            crate::application::application_of(entry).ok_or_else(|| cannot("its application is not held"))?;
        let others = self.reviews_of(application, &review.panel).into_iter().filter(|other| {
            let sealed =
                content!(other, Review).is_some_and(|one| one.recommendation == Recommendation::Sealed);
            sealed && other.author != *author
        });
        let mut opened: Vec<Id> = others.map(|other| other.id).collect();
        opened.sort_unstable();
        opened.insert(0, *sealed);
        let group = |group| -> Vec<Id> {
            entry.cites.get(group).into_iter().flatten().map(|index| self.graph.id(*index)).collect()
        };
        let cites = vec![group(0), group(1), group(2), group(3), opened];
        let (recommendation, scores, secret) = said;
        let panel = review.panel.clone();
        let body = Review { panel, recommendation, scores: scores.clone(), seal: Some(*secret) };
        Ok(Contents { kind: Kind::Review, cites, body: body.to_value() })
    }
}
