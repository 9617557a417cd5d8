//! The rules of `motion`.

use std::collections::BTreeSet;

use cohub_record::Id;

use super::dossier::judge_evidence;
use super::{Motion, charter_of, decides, group};
use crate::charter::Body;
use crate::claim::claim_of;
use crate::credentials::Credentials;
use crate::effect::{Change, Effect};
use crate::fallback::{self, Generation};
use crate::founding::Role;
use crate::graph::Index;
use crate::past::{Past, content};
use crate::slot::{Slot, certificate_of};
use crate::{Chair, Charter, Kind, Void};

/// The rules of `motion`.
pub(crate) fn judge(past: &Past<'_>, motion: &Motion) -> Result<(), Void> {
    past.groups(7)?;
    past.granted(0, 1, &[Role::Representative])?;
    let seated_by = judge_seating(past)?;
    judge_handovers(past, &motion.effect, seated_by)?;
    let seated = seated_by.and_then(|motion| Some((motion, past.terms.motion(motion)?)));
    let generation = seated.map_or(Generation::FIRST, |(motion, facts)| Generation::under(motion, facts));
    let (chartered_by, charter) = judge_charter(past, generation)?;
    let (body, _) =
        decides(&charter, &motion.effect).ok_or_else(|| past.void(6, undecided(&motion.effect)))?;
    let after = judge_base(past, motion, generation)?;
    if let Effect::Fallback { stands, .. } = &motion.effect {
        fallback::judge(past, motion, seated_by, stands)?;
    } else {
        judge_roll(past, motion, body)?;
    }
    match &motion.effect {
        Effect::Advance { application, stage, open_by } => {
            let stage = charter.stage(stage).ok_or_else(|| past.void(6, "the charter has no such stage"))?;
            judge_stage(past, &charter, after, stage.0, *open_by)?;
            judge_evidence(past, &charter, stage.1, application)
        }
        Effect::Resolve { .. } => {
            past.require(9, after.is_none(), "a resolution stands on nothing")?;
            let attaching =
                past.group(group::EVIDENCE).all(|(_, entry)| !entry.content.attachments.is_empty());
            past.require(9, attaching, "the evidence holds a record without attachments to erase")
        }
        Effect::Appoint { panel, members, .. } => {
            let known = charter.panels.iter().any(|known| known.slug == *panel);
            past.require(10, known, "the charter has no such panel")?;
            judge_members(past, members)
        }
        Effect::Amend { charter: amended } => {
            past.require(11, after == chartered_by, "does not stand on the charter that it runs under")?;
            judge_amended(past, amended)
        }
        Effect::Manifesto { .. } => {
            past.require(11, past.group(group::EVIDENCE).next().is_none(), "a manifesto has no evidence")
        }
        Effect::Standing { hub, change } => judge_standing(past, hub, *change, after),
        Effect::Seat { seats } | Effect::Fallback { seats, .. } => {
            past.require(13, after == seated_by, "does not stand on the seating that it cites")?;
            judge_chairs(past, motion, seats, &charter)
        }
        Effect::Recover { hub, rotate } => judge_recovery(past, hub, rotate),
    }
}

/// Why a charter lets nobody decide what an effect asks.
fn undecided(effect: &Effect) -> String {
    match effect {
        Effect::Advance { stage, .. } => format!("the charter has no stage {stage}"),
        _ => "the charter says nothing of what the motion asks".to_owned(),
    }
}

/// Protocol 4.1: motions of the first term cite the founding record and every founder's inception. Later
/// ones cite the certificate of their seating. Answers its motion.
fn judge_seating(past: &Past<'_>) -> Result<Option<Index>, Void> {
    let mut cited = past.group(group::SEATING);
    let first = cited.next().map(|(_, entry)| entry);
    if first.is_some_and(|entry| entry.is(Kind::Return)) {
        let certificate = certificate_of(past, group::SEATING, 2)?;
        past.require(2, certificate.facts.seats.is_some(), "the certificate seats no committee")?;
        return Ok(Some(certificate.index));
    }
    let founding = first.and_then(|entry| content!(entry, Founding));
    let founding = founding.ok_or_else(|| past.void(2, "the seating begins with the founding record"))?;
    let mut founders = BTreeSet::new();
    for (_, entry) in cited {
        let place =
            founding.controlled(&entry.author).map(|(place, _)| place).filter(|_| entry.is(Kind::Inception));
        let place = place
            .ok_or_else(|| past.void(2, "the seating cites something else than founders' inceptions"))?;
        past.require(2, founders.insert(place), "the seating cites a founder twice")?;
    }
    past.require(2, founders.len() == founding.founders.len(), "the seating lacks a founder's inception")?;
    Ok(None)
}

/// Protocol 6.7: a motion of a later term cites handovers of q tellers of the term before. Protocol 6.9: a
/// fallback does not wait for them, and after it its certificate takes their place.
fn judge_handovers(past: &Past<'_>, effect: &Effect, seated_by: Option<Index>) -> Result<(), Void> {
    let handed_over = |motion: &Index| past.terms.motion(*motion).is_some_and(|facts| !facts.is_fallback());
    let is_fallback = matches!(effect, Effect::Fallback { .. });
    let Some(seated_by) = seated_by.filter(handed_over).filter(|_| !is_fallback) else {
        return past.require(
            3,
            past.group(group::HANDOVERS).next().is_none(),
            "the first term has no handovers, nor has a fallback or the term that it begins",
        );
    };
    let mut tellers = BTreeSet::new();
    for (_, entry) in past.group(group::HANDOVERS) {
        let of_this = super::decided_by(past.graph, entry, 0) == Some(seated_by);
        past.require(
            3,
            entry.is(Kind::Handover) && of_this,
            "cites something else than handovers to its term",
        )?;
        past.require(3, tellers.insert(entry.author), "cites two handovers of one teller")?;
    }
    let needed = past.terms.motion(seated_by).map_or(0, |facts| facts.seating.quorum());
    past.require(
        3,
        tellers.len() == needed,
        &format!("cites {} handovers, {needed} are asked", tellers.len()),
    )
}

fn judge_charter(
    past: &Past<'_>,
    generation: Generation,
) -> Result<(Option<Index>, std::sync::Arc<Charter>), Void> {
    if past.group(group::CHARTER).next().is_some_and(|(_, entry)| entry.is(Kind::Return)) {
        let certificate = certificate_of(past, group::CHARTER, 4)?;
        past.require(
            4,
            generation.keeps(past.graph, certificate.facts),
            "the charter fell with the generation before",
        )?;
    } else {
        past.only(group::CHARTER, 4, "charter")?;
    }
    charter_of(past.terms, past.graph, past.entry, group::CHARTER)
        .ok_or_else(|| past.void(4, "the charter is the founding record or the certificate of an amendment"))
}

/// The base is empty, or a certificate for the same slot. Answers its motion.
fn judge_base(past: &Past<'_>, motion: &Motion, generation: Generation) -> Result<Option<Index>, Void> {
    if past.group(group::BASE).next().is_none() {
        return Ok(None);
    }
    let certificate = certificate_of(past, group::BASE, 5)?;
    let same = match &motion.effect {
        Effect::Seat { .. } | Effect::Fallback { .. } => certificate.facts.seats.is_some(),
        other => certificate.facts.slot == Slot::of(other),
    };
    past.require(5, same, "the base is a decision about something else")?;
    past.require(
        5,
        generation.keeps(past.graph, certificate.facts),
        "the base fell with the generation before",
    )?;
    Ok(Some(certificate.index))
}

/// Protocol 6.1: the assembly's roll names co-owners, each once, and a representative of each.
fn judge_roll(past: &Past<'_>, motion: &Motion, body: Body) -> Result<(), Void> {
    if body == Body::Committee {
        let none = motion.roll.is_empty() && past.group(group::ROLL).next().is_none();
        return past.require(8, none, "the committee's roll is its seats");
    }
    let credentials = Credentials::read(past, group::ROLL);
    let (mut hubs, mut keys) = (BTreeSet::new(), BTreeSet::new());
    for voice in motion.roll.iter() {
        let hub = credentials.owner(&voice.hub).ok_or_else(|| {
            past.void(8, format!("does not show that {} is a co-owner", voice.hub.to_hub_text()))
        })?;
        past.require(
            8,
            hubs.insert(hub) && keys.insert(voice.voting),
            "a hub or key stands twice on the roll",
        )?;
        let granted = credentials.granted(&voice.hub, &voice.voting, Role::Representative);
        past.require(8, granted, "does not show that a voting key is its hub's representative")?;
    }
    past.require(8, !hubs.is_empty(), "nobody is on the roll")
}

/// Protocol 5.1: the stages in order; or the same stage with another date.
fn judge_stage(
    past: &Past<'_>,
    charter: &Charter,
    after: Option<Index>,
    wanted: usize,
    open_by: u64,
) -> Result<(), Void> {
    let Some(after) = after else {
        let claims = claims(past);
        // Protocol 4.1: a claim needs the vote of the last stage only.
        let first = if claims { charter.stages.len().saturating_sub(1) } else { 0 };
        let why = if claims { "a claim asks for the last stage" } else { "only the first stage has no base" };
        return past.require(6, wanted == first, why);
    };
    let Some(Effect::Advance { stage: reached, open_by: until, .. }) = super::effect(past.graph, after)
    else {
        return Err(past.void(5, "the base is of another kind"));
    };
    let reached = charter.stage(reached).map(|(place, _)| place);
    let extension = reached == Some(wanted) && *until != open_by;
    past.require(6, extension || reached.map(|place| place + 1) == Some(wanted), "its stage is not the next")
}

/// Whether the application that the evidence begins with takes up a claim.
fn claims(past: &Past<'_>) -> bool {
    let application = past.group(group::EVIDENCE).next();
    application.is_some_and(|(index, _)| claim_of(past.graph, index).is_some())
}

/// A panel's members are panelists, each of whose grants the evidence holds.
fn judge_members(past: &Past<'_>, members: &[cohub_record::PublicKey]) -> Result<(), Void> {
    let mut seen = BTreeSet::new();
    for member in members {
        past.require(10, seen.insert(member), "a member stands twice")?;
        let granted = past.group(group::EVIDENCE).any(|(index, _)| {
            past.graph.granted(index, member).is_some_and(|(_, roles)| roles.contains(&Role::Panelist))
        });
        past.require(10, granted, "the evidence does not show that a member is a panelist")?;
    }
    past.require(10, !seen.is_empty(), "nobody is appointed")
}

fn judge_amended(past: &Past<'_>, amended: &Charter) -> Result<(), Void> {
    past.require(11, past.group(group::EVIDENCE).next().is_none(), "an amendment has no evidence")?;
    amended.possible().map_err(|faults| {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        past.void(11, format!("the charter is impossible: {}", faults.join("; ")))
    })
}

/// Protocol 5.3: who is suspended can be reinstated or expelled, who is out only reinstated, others anything but that.
fn judge_standing(past: &Past<'_>, hub: &Id, change: Change, after: Option<Index>) -> Result<(), Void> {
    let owner = Credentials::read(past, group::EVIDENCE).owner(hub);
    past.require(12, owner.is_some(), "the evidence does not show that the hub is a co-owner")?;
    let before = after.and_then(|after| match super::effect(past.graph, after) {
        Some(Effect::Standing { change, .. }) => Some(*change),
        _ => None,
    });
    let follows = match before {
        None | Some(Change::Reinstate) => change != Change::Reinstate,
        Some(Change::Suspend) => matches!(change, Change::Reinstate | Change::Expel),
        Some(Change::Expel | Change::Lapse) => change == Change::Reinstate,
    };
    past.require(12, follows, "does not follow from the hub's standing")
}

/// Protocol 6.1: a seat is a hub of the roll, a representative and a fresh teller of it.
fn judge_chairs(past: &Past<'_>, motion: &Motion, chairs: &[Chair], charter: &Charter) -> Result<(), Void> {
    let credentials = Credentials::read(past, group::EVIDENCE);
    let (mut hubs, mut keys) = (BTreeSet::new(), BTreeSet::new());
    for chair in chairs {
        let hub = motion.roll.iter().find(|voice| voice.hub == chair.hub);
        let hub = hub.and_then(|voice| credentials.known(&voice.hub));
        let hub =
            hub.ok_or_else(|| past.void(13, "a seat's hub is not on the roll, or its keys are not shown"))?;
        let distinct = hubs.insert(hub) && keys.insert(chair.voting) && keys.insert(chair.teller);
        past.require(13, distinct, "a hub or key has two seats")?;
        let votes = credentials.granted(&chair.hub, &chair.voting, Role::Representative);
        let tells = credentials.granted(&chair.hub, &chair.teller, Role::Teller);
        past.require(
            13,
            votes && tells,
            "the evidence does not show that a hub granted the keys of its seat",
        )?;
        past.require(13, !has_told(past, chair), "a teller's key serves one committee only")?;
    }
    past.require(13, !hubs.is_empty(), "nobody is seated")?;
    past.require(
        13,
        usize::from(charter.signing_seats) <= hubs.len(),
        "fewer seats than must sign an admission",
    )
}

/// Whether a key was a teller in this term or one before it.
fn has_told(past: &Past<'_>, chair: &Chair) -> bool {
    let cited = super::decided_by(past.graph, past.entry, group::SEATING);
    let terms = std::iter::successors(cited, |motion| past.terms.motion(*motion)?.seated_by);
    let later = terms.filter_map(|motion| past.terms.motion(motion)?.seats.as_ref());
    later.chain([past.terms.first()]).any(|seating| seating.teller_of(&chair.teller).is_some())
}

/// Protocol 4.2: the rotation that stands is one of the hub's.
fn judge_recovery(past: &Past<'_>, hub: &Id, rotate: &Id) -> Result<(), Void> {
    let (index, entry) = past.only(group::EVIDENCE, 14, "rotation")?;
    let named = entry.is(Kind::Rotate) && entry.id == *rotate;
    past.require(14, named, "the evidence is not the rotation that is to stand")?;
    let begun = past.graph.inception_of(index).map(|(_, begun)| begun.id);
    past.require(14, begun == Some(*hub), "the rotation is another hub's")
}
