//! Files in which every signature is good and the decision is none.

use cohub_record::{Field as _, Header, Id, Value};
use cohub_registry::{Choice, Intent, Kind, Outcome, Refusal};

use super::certificates::{Decided, opened};
use super::network::{Network, founding, founding_record, secret};
use super::rivals::returned_before_closing;
use super::unlawful::{self, decided_anyway};
use super::{Failure, fallen, later, sealed};

pub(super) const YES: [Choice; 4] = [Choice::Yes; 4];
pub(super) const ALL_YES: [i64; 5] = [4, 0, 0, 0, 0];

pub(super) fn all() -> Result<Vec<Decided>, Failure> {
    let mut cases = Vec::new();
    cases.extend(too_few_returns()?);
    cases.extend(lying_tellers()?);
    cases.extend(bad_closings()?);
    cases.extend(unlawful::all()?);
    cases.extend(wrong_records()?);
    cases.extend(impossible_networks()?);
    cases.extend(later::untrue()?);
    cases.extend(sealed::untrue()?);
    cases.extend(fallen::untrue()?);
    Ok(cases)
}

pub(super) fn adopted(name: &'static str, network: &Network, motion: Id, returns: &[Id]) -> Decided {
    Decided::of(name, network, motion, Outcome::Adopted, returns)
}

fn close_all(network: &mut Network, motion: Id) -> Result<Vec<Id>, Failure> {
    (0..4).map(|seat| network.close(motion, seat)).collect()
}

fn too_few_returns() -> Result<Vec<Decided>, Failure> {
    let (mut network, motion) = opened(4, "simple")?;
    let returns = network.decide(motion, &YES)?;
    let mut cases = vec![
        adopted("two returns where three are needed", &network, motion, &returns[..2]),
        adopted("a motion without a return", &network, motion, &[motion]),
    ];

    // One teller's two returns are one teller's.
    let teller = network.hubs[0].teller.clone();
    let place = network.registry.place(&returns[0]).ok_or("a return without a place")?.1;
    let log = network.registry.log(&teller.public()).ok_or("a teller without a log")?;
    let before = log.prev(place).map(|place| place.id);
    network.rewind(&teller, before);
    let again = network.return_(motion, 0)?;
    cases.push(adopted("a teller that returned twice", &network, motion, &[returns[0], again, returns[1]]));
    cases.push(adopted(
        "three tellers, one of them with two returns",
        &network,
        motion,
        &[returns[0], again, returns[1], returns[2]],
    ));
    cases.push(adopted("a return more than it takes", &network, motion, &returns));

    let (network, motion, [first, second, again]) = returned_before_closing()?;
    cases.push(adopted(
        "two returns of one teller beside two others",
        &network,
        motion,
        &[first, second, again],
    ));
    Ok(cases)
}

fn lying_tellers() -> Result<Vec<Decided>, Failure> {
    let mut cases = Vec::new();
    let lies: [(&'static str, Outcome, [i64; 5]); 3] = [
        ("tellers who counted votes that nobody cast", Outcome::Adopted, ALL_YES),
        ("tellers who turned a rejection round", Outcome::Adopted, [1, 3, 0, 0, 0]),
        ("tellers who counted a vote less", Outcome::Rejected, [1, 2, 0, 0, 0]),
    ];
    for (name, outcome, tally) in lies {
        let (mut network, motion) = opened(4, "simple")?;
        for (seat, choice) in [Choice::Yes, Choice::No, Choice::No, Choice::No].into_iter().enumerate() {
            network.vote(motion, seat, choice)?;
        }
        let closings = close_all(&mut network, motion)?;
        let returns = (0..3).map(|seat| network.return_as(motion, seat, &closings, outcome, tally));
        let returns = returns.collect::<Result<Vec<Id>, _>>()?;
        cases.push(Decided::of(name, &network, motion, outcome, &returns));
    }

    // A teller may not return twice in one log, whatever the second return says.
    let (mut network, motion) = opened(4, "simple")?;
    let returns = network.decide(motion, &YES)?;
    let closings = network.registry.motion(&motion).ok_or("no motion")?.tellers;
    let closings: Vec<Id> = closings.into_iter().filter_map(|teller| teller.closed).take(3).collect();
    let again = network.return_as(motion, 0, &closings, Outcome::Adopted, ALL_YES)?;
    cases.push(adopted(
        "a return behind another of the same log",
        &network,
        motion,
        &[again, returns[1], returns[2]],
    ));

    // Nor help two versions of one slot and base.
    let (mut network, motion) = opened(4, "simple")?;
    network.decide(motion, &YES)?;
    let application = network.registry.view().applications[0].id;
    let key = network.hubs[0].representative.clone();
    let first = network.registry.motion(&motion).ok_or("no motion")?;
    let intent = Intent::Advance {
        application,
        stage: Some("eligible".parse()?),
        deadline_ms: first.deadline,
        open_by_ms: 1,
    };
    let mut contents = network.registry.draft(&key.public(), &intent)?;
    contents.cites[4].clear();
    let rival = network.write(&key, contents, Vec::new())?;
    for seat in 0..4 {
        network.vote(rival, seat, Choice::Yes)?;
    }
    let closings = close_all(&mut network, rival)?;
    let returns = (0..3).map(|seat| network.return_as(rival, seat, &closings, Outcome::Adopted, ALL_YES));
    let returns = returns.collect::<Result<Vec<Id>, _>>()?;
    cases.push(adopted("tellers who adopted two rival versions", &network, rival, &returns));
    cases.push(disputed()?);
    Ok(cases)
}

/// Two of four tellers, one more than the rules bear, return one thing and the other.
fn disputed() -> Result<Decided, Failure> {
    let (mut network, motion) = opened(4, "simple")?;
    let yes = network.vote(motion, 0, Choice::Yes)?;
    let no = network.vote(motion, 1, Choice::No)?;
    let other = network.vote(motion, 2, Choice::Yes)?;
    let heads = [vec![yes, other], vec![yes, other, no], vec![yes, no], vec![no]];
    let mut closings = Vec::new();
    for (seat, heads) in heads.iter().enumerate() {
        closings.push(network.close_with(motion, seat, heads)?);
    }
    let mut returns = Vec::new();
    for seat in [0, 1, 2] {
        let teller = network.hubs[seat].teller.clone();
        let before = network.pen(&teller);
        returns.push(network.return_as(motion, seat, &closings[..3], Outcome::Adopted, [2, 1, 0, 0, 0])?);
        network.rewind(&teller, before);
    }
    for seat in [1, 2, 3] {
        returns.push(network.return_as(motion, seat, &closings[1..], Outcome::Rejected, [1, 1, 0, 0, 0])?);
    }
    Ok(adopted("tellers who returned both outcomes", &network, motion, &returns))
}

fn bad_closings() -> Result<Vec<Decided>, Failure> {
    let mut cases = Vec::new();
    let return_on = |network: &mut Network, motion, closings: &[Id], tally| {
        let returns = (0..3).map(|seat| network.return_as(motion, seat, closings, Outcome::Adopted, tally));
        returns.collect::<Result<Vec<Id>, Failure>>()
    };
    let voted = || {
        let (mut network, motion) = opened(4, "simple")?;
        for seat in 0..4 {
            network.vote(motion, seat, Choice::Yes)?;
        }
        Ok::<_, Failure>((network, motion))
    };

    let (mut network, motion) = voted()?;
    let closings = close_all(&mut network, motion)?;
    let returns = return_on(&mut network, motion, &closings[..2], ALL_YES)?;
    cases.push(adopted("returns that cite two closings", &network, motion, &returns));

    let (mut network, motion) = voted()?;
    let mut closings = vec![network.close(motion, 0)?, network.close(motion, 1)?];
    let refusal = network.registry.closing(&motion, &[], Some(Refusal::TooLong));
    let teller = network.hubs[2].teller.clone();
    closings.push(network.write(&teller, refusal, Vec::new())?);
    let returns = return_on(&mut network, motion, &closings, ALL_YES)?;
    cases.push(adopted("a refusal counted as a closing", &network, motion, &returns));

    let (mut network, motion) = voted()?;
    let teller = network.hubs[0].teller.clone();
    let before = network.pen(&teller);
    let mut closings = vec![network.close(motion, 0)?, network.close(motion, 1)?];
    network.rewind(&teller, before);
    let heads: Vec<Id> = network.registry.heads(&motion).concat();
    closings.push(network.close_with(motion, 0, &heads[..3])?);
    let returns = return_on(&mut network, motion, &closings, ALL_YES)?;
    cases.push(adopted("two closings of one teller", &network, motion, &returns));

    let (mut network, motion) = voted()?;
    let closings = close_all(&mut network, motion)?;
    let again = network.close(motion, 3)?;
    let returns = return_on(&mut network, motion, &[closings[0], closings[1], again], ALL_YES)?;
    cases.push(adopted("a closing behind another of the same log", &network, motion, &returns));

    // Whoever has no seat has no vote, and whoever counts one anyway has closed nothing.
    let (mut network, motion) = opened(4, "simple")?;
    let stranger = network.hubs[4].controller.clone();
    let voter = network.hubs[0].representative.public();
    let contents = network.registry.draft(&voter, &Intent::Ballot { motion, choice: Choice::Yes })?;
    let ballot = network.write(&stranger, contents, Vec::new())?;
    let closings =
        (0..3).map(|seat| network.close_with(motion, seat, &[ballot])).collect::<Result<Vec<Id>, _>>()?;
    let returns = return_on(&mut network, motion, &closings, [1, 0, 0, 0, 0])?;
    cases.push(adopted("a vote of the applicant itself", &network, motion, &returns));

    let (mut network, motion) = voted()?;
    let application = network.registry.view().applications[0].id;
    let other = network.motion(application, None, 5)?;
    let elsewhere = network.vote(other, 0, Choice::Yes)?;
    let closings =
        (0..3).map(|seat| network.close_with(motion, seat, &[elsewhere])).collect::<Result<Vec<Id>, _>>()?;
    let returns = return_on(&mut network, motion, &closings, [1, 0, 0, 0, 0])?;
    cases.push(adopted("a vote on another motion", &network, motion, &returns));
    Ok(cases)
}

/// Files that hold too much, too little, or something from elsewhere.
fn wrong_records() -> Result<Vec<Decided>, Failure> {
    let (mut network, motion) = opened(4, "simple")?;
    let returns = network.decide(motion, &YES)?;
    let whole = |name| adopted(name, &network, motion, &returns[..3]);
    let without = |name, kind: &str| {
        let mut decided = whole(name);
        let found =
            decided.records.iter().find(|(_, record)| record.header().kind == kind).map(|(id, _)| *id);
        found.map(|id| decided.records.remove(&id));
        decided
    };
    let mut cases = vec![
        without("the founding record is missing", "founding"),
        without("an inception is missing", "inception"),
        without("the sponsor's word is missing", "sponsor"),
        without("a ballot is missing", "ballot"),
        without("a closing is missing", "closing"),
        without("the motion is missing", "motion"),
    ];

    let mut decided = whole("an inception from another network");
    let stranger = secret("elsewhere", "controller");
    let foreign = Header {
        network: Some(Id::from_bytes([9; 32])),
        seq: 0,
        prev: None,
        at: 1,
        kind: Kind::Inception.as_str().to_owned(),
        cites: vec![vec![network.registry.network()]],
        body: Value::Array(Vec::new()),
        attachments: Vec::new(),
    };
    let record = foreign.clone().sign(&stranger)?;
    decided.records.insert(record.id(), record);
    cases.push(decided);

    let mut decided = whole("a record that nothing rests on");
    let record = Header { network: Some(network.registry.network()), ..foreign.clone() }.sign(&stranger)?;
    decided.records.insert(record.id(), record);
    cases.push(decided);

    let mut decided = whole("a second founding record");
    let (mut body, _) = founding(4, &super::certificates::charter("simple"))?;
    body.name = "Another Commons".parse()?;
    let record = founding_record(body.to_value())?;
    decided.records.insert(record.id(), record);
    cases.push(decided);

    // A record that continues somebody else's log, and one that leaves out a place.
    let teller = network.hubs[3].teller.clone();
    let own = network.registry.place(&returns[3]).ok_or("a return without a place")?.1;
    for (name, prev, seq) in [
        ("a record behind another author's", returns[0], own.seq + 1),
        ("a record that leaves out a place", returns[3], own.seq + 2),
    ] {
        let mut forged = network.clone();
        let header = Header {
            network: Some(network.registry.network()),
            seq,
            prev: Some(prev),
            cites: vec![vec![motion]],
            ..foreign.clone()
        };
        let record = header.sign(&teller)?;
        let id = record.id();
        forged.keep(record);
        cases.push(adopted(name, &forged, motion, &[returns[0], returns[1], returns[2], id]));
    }

    let (mut network, motion) = opened(4, "simple")?;
    let voter = network.hubs[1].representative.clone();
    network.write_raw(&voter, "omen", Vec::new(), Value::Array(Vec::new()), Vec::new())?;
    cases.push(decided_anyway("a kind that is unknown to this version, before a ballot", network, motion)?);
    Ok(cases)
}

/// Founding records that found nothing.
fn impossible_networks() -> Result<Vec<Decided>, Failure> {
    let mut cases = Vec::new();
    let (body, _) = founding(4, &super::certificates::charter("simple"))?;
    let mut add = |name, body: Value| {
        let record = founding_record(body)?;
        let (motion, records) = (record.id(), [(record.id(), record)].into());
        cases.push(Decided { name, motion, outcome: Outcome::Adopted, records });
        Ok::<_, Failure>(())
    };
    let mut more_signers = body.clone();
    more_signers.charter.signing_seats = 5;
    add("a charter by which more seats must sign than there are", more_signers.to_value())?;
    let mut no_notice = body.clone();
    no_notice.charter.timing.notice_ms = 0;
    add("a charter without notice", no_notice.to_value())?;
    let mut twice = body.clone();
    twice.seats = cohub_record::List::new(vec![0, 0, 1, 2])?;
    add("a hub with two seats", twice.to_value())?;
    let mut swapped = body.clone();
    let mut founders = swapped.founders.to_vec();
    let first = founders[0].recovery;
    founders[0].controller = secret("vienna", "another controller").public();
    founders[1].recovery = first;
    swapped.founders = cohub_record::List::new(founders)?;
    add("keys that consented to another controller", swapped.to_value())?;
    let mut claimed = body.clone();
    claimed.claims = cohub_record::List::new(vec![claimed.founders[1].profile.clone()])?;
    add("a founder who has a claim beside", claimed.to_value())?;
    add("a founding record of one field", Value::Array(vec![Value::Text("Commons".to_owned())]))?;
    Ok(cases)
}
