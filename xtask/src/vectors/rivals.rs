//! True certificates of decisions in which somebody changed a vote, forked a log, or was locked.

use cohub_record::{Id, Value};
use cohub_registry::{Choice, Kind, Outcome};

use super::Failure;
use super::certificates::{Decided, opened};
use super::network::Network;

pub(super) fn all() -> Result<Vec<Decided>, Failure> {
    Ok(vec![
        changed_votes()?,
        forked_first_vote()?,
        forked_later_vote()?,
        void_record_in_a_log()?,
        nested()?,
        unlocked()?,
    ])
}

fn close_all(network: &mut Network, motion: Id, heads: [&[Id]; 4]) -> Result<[Id; 4], Failure> {
    let mut closings = [motion; 4];
    for (seat, heads) in heads.iter().enumerate() {
        closings[seat] = network.close_with(motion, seat, heads)?;
    }
    Ok(closings)
}

fn return_all(network: &mut Network, motion: Id, seats: [usize; 3]) -> Result<Vec<Id>, Failure> {
    seats.into_iter().map(|seat| network.return_(motion, seat)).collect()
}

/// Amsterdam's change reached all tellers, São Paulo's only one: it may be an invention of that teller.
fn changed_votes() -> Result<Decided, Failure> {
    let (mut network, motion) = opened(4, "simple")?;
    network.vote(motion, 0, Choice::Yes)?;
    network.vote(motion, 1, Choice::No)?;
    network.vote(motion, 1, Choice::Yes)?;
    network.vote(motion, 2, Choice::No)?;
    for seat in 0..3 {
        network.close(motion, seat)?;
    }
    network.vote(motion, 2, Choice::Yes)?;
    network.close(motion, 3)?;
    let returns = return_all(&mut network, motion, [1, 2, 3])?;
    Ok(Decided::of("changed votes, one of them too late", &network, motion, Outcome::Adopted, &returns))
}

/// A voter signs yes for two tellers and no for the others: it has no vote.
fn forked_first_vote() -> Result<Decided, Failure> {
    let (mut network, motion) = opened(4, "simple")?;
    let first = network.vote(motion, 0, Choice::Yes)?;
    let second = network.vote(motion, 1, Choice::Yes)?;
    let voter = network.hubs[2].representative.clone();
    let before = network.pen(&voter);
    let yes = network.vote(motion, 2, Choice::Yes)?;
    network.rewind(&voter, before);
    let no = network.vote(motion, 2, Choice::No)?;
    let heads =
        [&[first, second, yes][..], &[first, second, yes], &[first, second, no], &[first, second, no]];
    close_all(&mut network, motion, heads)?;
    let returns = return_all(&mut network, motion, [0, 1, 2])?;
    Ok(Decided::of("a voter who signed yes and no", &network, motion, Outcome::Adopted, &returns))
}

/// A voter says no to all, and then two different things: the no counts.
fn forked_later_vote() -> Result<Decided, Failure> {
    let (mut network, motion) = opened(4, "simple")?;
    let first = network.vote(motion, 0, Choice::Yes)?;
    let voter = network.hubs[2].representative.clone();
    let no = network.vote(motion, 2, Choice::No)?;
    let yes = network.vote(motion, 2, Choice::Yes)?;
    network.rewind(&voter, Some(no));
    let abstention = network.vote(motion, 2, Choice::Abstain)?;
    close_all(
        &mut network,
        motion,
        [&[first, yes], &[first, yes], &[first, abstention], &[first, abstention]],
    )?;
    let returns = return_all(&mut network, motion, [3, 1, 2])?;
    Ok(Decided::of("a voter who changed a no to two things", &network, motion, Outcome::Rejected, &returns))
}

/// A vote that the rule does not know stands in a voter's log and harms nothing behind it.
fn void_record_in_a_log() -> Result<Decided, Failure> {
    let (mut network, motion) = opened(4, "simple")?;
    network.vote(motion, 0, Choice::Block)?;
    let voter = network.hubs[1].representative.clone();
    let body = Value::Array(vec![Value::Text("perhaps".to_owned())]);
    network.write_raw(&voter, Kind::Ballot.as_str(), vec![vec![motion]], body, Vec::new())?;
    let returns = network.decide(motion, &[Choice::Yes, Choice::Yes])?;
    Ok(Decided::of("void votes before good ones", &network, motion, Outcome::Adopted, &returns[..3]))
}

/// São Paulo's teller returned before it closed, so that its return stands below another's.
fn nested() -> Result<Decided, Failure> {
    let (network, motion, [first, second, _]) = returned_before_closing()?;
    Ok(Decided::of(
        "a return that another one rests on",
        &network,
        motion,
        Outcome::Adopted,
        &[first, second],
    ))
}

/// The returns of Vienna, of Amsterdam, which rests on São Paulo's, and of Vienna once more.
pub(super) fn returned_before_closing() -> Result<(Network, Id, [Id; 3]), Failure> {
    let (mut network, motion) = opened(4, "simple")?;
    for seat in 0..4 {
        network.vote(motion, seat, Choice::Yes)?;
    }
    let others = [0, 1, 3].map(|seat| network.close(motion, seat));
    let others = others.into_iter().collect::<Result<Vec<Id>, _>>()?;
    let vienna = network.hubs[0].teller.clone();
    let before = network.pen(&vienna);
    let yes = [4, 0, 0, 0, 0];
    let first = network.return_as(motion, 0, &others, Outcome::Adopted, yes)?;
    network.rewind(&vienna, before);
    network.return_as(motion, 2, &others, Outcome::Adopted, yes)?;
    let late = network.close(motion, 2)?;
    let second = network.return_as(motion, 1, &[others[0], others[1], late], Outcome::Adopted, yes)?;
    let again = network.return_as(motion, 0, &[others[0], others[1], late], Outcome::Adopted, yes)?;
    Ok((network, motion, [first, second, again]))
}

/// Vienna's teller adopted two motions on what it saw; the others, with more before them, rejected both. It may
/// adopt a third version after that, because it cites their returns.
fn unlocked() -> Result<Decided, Failure> {
    let (mut network, motion) = opened(4, "simple")?;
    let application = network.registry.view().applications[0].id;
    split(&mut network, motion)?;
    let second = network.motion(application, None, 1_790_000_000_000)?;
    split(&mut network, second)?;
    let third = network.motion(application, None, 1_800_000_000_000)?;
    let returns = network.decide(third, &[Choice::Yes; 4])?;
    Ok(Decided::of(
        "a teller that was locked and unlocked twice",
        &network,
        third,
        Outcome::Adopted,
        &returns[..3],
    ))
}

/// A vote that Vienna's teller returns as adopted and all others as rejected.
fn split(network: &mut Network, motion: Id) -> Result<(), Failure> {
    let mut ballots = Vec::new();
    for (seat, choice) in [Choice::Yes, Choice::Yes, Choice::No, Choice::No].into_iter().enumerate() {
        ballots.push(network.vote(motion, seat, choice)?);
    }
    let (early, late) = (&ballots[..3], [ballots[0], ballots[2], ballots[3]]);
    let mut closings = Vec::new();
    for (seat, heads) in [early, early, &late].into_iter().enumerate() {
        closings.push(network.close_with(motion, seat, heads)?);
    }
    network.return_(motion, 0)?;
    closings.push(network.close_with(motion, 3, &late)?);
    for seat in 1..4 {
        network.return_as(motion, seat, &closings[1..], Outcome::Rejected, [1, 2, 0, 0, 0])?;
    }
    Ok(())
}
