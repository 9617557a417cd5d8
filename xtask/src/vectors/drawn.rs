//! Certificates of networks drawn by lot, in which everybody may lie: for comparing two implementations far
//! beyond the cases that somebody thought of.

use cohub_record::{Field as _, Id, SecretKey, Value};
use cohub_registry::{
    Choice, Contents, Enough, Intent, InterviewOutcome, Outcome, Recommendation, Refusal, Role,
};
use cohub_registry::{Preset, recovery_hash};
use serde_json::Value as Json;

use super::Failure;
use super::certificates::{Decided, opened, verdict};
use super::network::{Network, secret};

/// What a review says where no stage is blind; a sealed one is no draft of its own.
const SAID: [Recommendation; 4] =
    [Recommendation::Accept, Recommendation::Decline, Recommendation::More, Recommendation::Recuse];

/// One case a line, from a seed.
pub(super) fn lines(count: u64, seed: u64) -> impl Iterator<Item = Result<Json, Failure>> {
    (0..count).map(move |number| {
        let mut lot = Lot::new(seed, number);
        let decided = play(&mut lot)?;
        let mut bytes = decided.encode();
        if lot.one_in(10) {
            let at = lot.below(bytes.len());
            bytes[at] ^= 1 << lot.below(8);
        }
        Ok(verdict(&format!("lot {number} of seed {seed}"), &bytes))
    })
}

/// Choices by lot, the same in every run.
struct Lot {
    stream: blake3::OutputReader,
}

impl Lot {
    fn new(seed: u64, number: u64) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&seed.to_le_bytes()).update(&number.to_le_bytes());
        Self { stream: hasher.finalize_xof() }
    }

    fn below(&mut self, limit: usize) -> usize {
        let mut bytes = [0; 4];
        self.stream.fill(&mut bytes);
        usize::try_from(u32::from_le_bytes(bytes)).unwrap_or_default() % limit.max(1)
    }

    fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}

/// A vote from its motion to the file about it.
fn play(lot: &mut Lot) -> Result<Decided, Failure> {
    let seats = lot.of(&[1, 2, 3, 4, 4, 4, 4, 5, 7]);
    let rules: Vec<&str> = Preset::ALL.iter().map(|preset| preset.as_str()).chain(["swift"]).collect();
    let (mut network, mut motion) = opened(seats, lot.of(&rules))?;
    // How often somebody lies; a third of the networks are honest.
    let lies = lot.of(&[usize::MAX, 40, 12]);
    if lot.one_in(3) {
        let honest = network.decide(motion, &vec![Choice::Yes; seats])?;
        motion = next_stage(lot, &mut network, honest[0], lies)?;
    }
    let returns = run(lot, &mut network, motion, seats, lies)?;
    file(lot, &network, motion, returns, seats)
}

/// A dossier by lot, and the motion for the second stage.
fn next_stage(lot: &mut Lot, network: &mut Network, after: Id, lies: usize) -> Result<Id, Failure> {
    let application = network.registry.view().applications[0].id;
    let ankara = network.hubs.last().cloned().ok_or("there is no applicant")?;
    let mut applicant = ankara.controller.clone();
    if lot.one_in(3) {
        let clerk = secret("ankara", "clerk");
        network.grant(&applicant, &clerk, Role::Officer)?;
        let key = if lot.one_in(lies) { network.hubs[0].panelist.public() } else { clerk.public() };
        network.say(&applicant, &Intent::Revoke { key })?;
        let recovery = recovery_hash(&clerk.public());
        network.say(
            &ankara.recovery,
            &Intent::Rotate { controller: applicant.public(), recovery, before: None },
        )?;
        applicant = ankara.recovery.clone();
    }
    let mut evidence = vec![application];
    for _ in 0..=lot.below(2) {
        let author = if lot.one_in(lies) { ankara.teller.clone() } else { applicant.clone() };
        let document_type = if lot.one_in(lies) { "budget" } else { "plan" };
        if let Ok(document) = network.document(&author, application, document_type) {
            evidence.push(document);
        }
    }
    let founders = network.hubs.len() - 1;
    for _ in 0..=lot.below(3) {
        let panelist = network.hubs[lot.below(founders)].panelist.clone();
        let recommendation = lot.of(&SAID);
        let scores = Default::default();
        let intent = Intent::Review { application, panel: "community".parse()?, recommendation, scores };
        evidence.push(say(lot, network, &panelist, &intent, lies)?);
    }
    if lot.one_in(2) {
        let seat = network.hubs[lot.below(founders)].representative.clone();
        let outcome = lot.of(InterviewOutcome::ALL);
        evidence.push(say(lot, network, &seat, &Intent::Interview { application, outcome }, lies)?);
    }
    let mover = network.hubs[lot.below(founders)].representative.clone();
    let open_by_ms = if lot.one_in(4) { 1_790_000_000_000 } else { 0 };
    let stage = if lot.one_in(lies) { Some("initiative".parse()?) } else { None };
    let intent = Intent::Advance { application, stage, deadline_ms: 1_764_100_000_000, open_by_ms };
    let mut contents = network.registry.draft(&mover.public(), &intent)?;
    if lot.one_in(2) {
        contents.cites[5] = evidence;
    }
    if lot.one_in(lies) {
        contents.cites[4].pop();
        contents.cites[4].push(after);
    }
    twist(lot, network, &mut contents, lies);
    network.write(&mover, contents, Vec::new())
}

/// Says something, which may be twisted.
fn say(
    lot: &mut Lot,
    network: &mut Network,
    key: &SecretKey,
    intent: &Intent,
    lies: usize,
) -> Result<Id, Failure> {
    let mut contents = network.registry.draft(&key.public(), intent)?;
    twist(lot, network, &mut contents, lies);
    network.write(key, contents, Vec::new())
}

/// Ballots, closings and returns in an order by lot. Answers the returns, each with its outcome.
fn run(
    lot: &mut Lot,
    network: &mut Network,
    motion: Id,
    seats: usize,
    lies: usize,
) -> Result<Vec<(Id, Outcome)>, Failure> {
    let mut ballots: Vec<Vec<Id>> = vec![Vec::new(); seats];
    for _ in 0..seats + lot.below(seats + 1) {
        let seat = lot.below(seats);
        let voter = network.hubs[seat].representative.clone();
        if lot.one_in(8) {
            let earlier = ballots[seat].iter().rev().nth(1).copied();
            network.rewind(&voter, earlier);
        }
        let choice = lot.of(&[
            Choice::Yes,
            Choice::Yes,
            Choice::Yes,
            Choice::No,
            Choice::Abstain,
            Choice::Recuse,
            Choice::Block,
        ]);
        ballots[seat].push(say(lot, network, &voter, &Intent::Ballot { motion, choice }, lies)?);
    }
    let mut returns = Vec::new();
    let mut closings = Vec::new();
    for _ in 0..seats * 4 {
        let seat = lot.below(seats);
        let teller = network.hubs[seat].teller.clone();
        if lot.one_in(lies) {
            let before = network.registry.log(&teller.public()).and_then(|log| log.places_from(0).next());
            network.rewind(&teller, before.filter(|_| lot.one_in(2)).map(|place| place.id));
        }
        let view = network.registry.motion(&motion).map(|view| view.tellers[seat].clone());
        let spoken = view.as_ref().is_some_and(|teller| teller.closed.is_some() || teller.refused.is_some());
        if !spoken || lot.one_in(lies) {
            let heads: Vec<Id> =
                ballots.iter().filter(|own| !own.is_empty()).map(|own| lot_head(lot, own)).collect();
            let refusal = lot.one_in(12).then_some(Refusal::Notice);
            let mut contents = network.registry.closing(&motion, &heads, refusal);
            twist(lot, network, &mut contents, lies);
            closings.push(network.write(&teller, contents, Vec::new())?);
        } else if view.is_some_and(|teller| teller.returned.is_none()) || lot.one_in(lies) {
            let honest = network.registry.returning(&motion, &teller.public(), Enough::Quorum);
            let lie = lot.one_in(lies).then(|| lying_return(lot, motion, &closings));
            let Some(mut contents) = lie.or(honest) else { continue };
            twist(lot, network, &mut contents, lies);
            let outcome = outcome_of(&contents.body);
            returns.push((network.write(&teller, contents, Vec::new())?, outcome));
        }
    }
    Ok(returns)
}

/// Mostly the latest ballot.
fn lot_head(lot: &mut Lot, own: &[Id]) -> Id {
    if lot.one_in(3) { lot.of(own) } else { own[own.len() - 1] }
}

fn outcome_of(body: &Value) -> Outcome {
    match body {
        Value::Array(fields) => fields.first().and_then(|word| Outcome::from_value(word).ok()),
        _ => None,
    }
    .unwrap_or(Outcome::Adopted)
}

fn lying_return(lot: &mut Lot, motion: Id, closings: &[Id]) -> Contents {
    let tally = (0..5).map(|_| Value::Integer(i64::try_from(lot.below(4)).unwrap_or_default())).collect();
    let body = Value::Array(vec![lot.of(Outcome::ALL).to_value(), Value::Array(tally)]);
    Contents {
        kind: cohub_registry::Kind::Return,
        cites: vec![vec![motion], closings.to_vec(), Vec::new()],
        body,
    }
}

/// Changes one thing in what somebody is about to sign.
fn twist(lot: &mut Lot, network: &Network, contents: &mut Contents, lies: usize) {
    if !lot.one_in(lies) {
        return;
    }
    let group = lot.below(contents.cites.len());
    let Some(cites) = contents.cites.get_mut(group) else { return };
    let place = lot.below(cites.len());
    match lot.below(6) {
        0 if !cites.is_empty() => {
            cites.remove(place);
        }
        1 if !cites.is_empty() => cites.push(cites[place]),
        2 => cites.extend(network.any(lot.below(usize::MAX))),
        3 => contents.cites.push(Vec::new()),
        4 => {
            contents.cites.pop();
        }
        _ => twist_value(lot, &mut contents.body),
    }
}

fn twist_value(lot: &mut Lot, value: &mut Value) {
    match value {
        Value::Integer(integer) => *integer = lot.of(&[-1, 0, 1, *integer ^ 1, 1 << 40]),
        Value::Text(text) => {
            *text = lot
                .of(&["yes", "no", "adopted", "rejected", "eligible", "candidate", "", "\u{7}"])
                .to_owned();
        }
        Value::Bytes(bytes) => bytes[0] ^= 1,
        Value::Array(items) if items.is_empty() || lot.one_in(6) => items.push(Value::Integer(0)),
        Value::Array(items) => {
            let place = lot.below(items.len());
            twist_value(lot, &mut items[place]);
        }
        Value::Null => {}
    }
}

/// The file of some of the returns, mostly of as many as it takes.
fn file(
    lot: &mut Lot,
    network: &Network,
    motion: Id,
    mut returns: Vec<(Id, Outcome)>,
    seats: usize,
) -> Result<Decided, Failure> {
    let outcome = if lot.one_in(12) || returns.is_empty() {
        lot.of(Outcome::ALL)
    } else {
        let place = lot.below(returns.len());
        returns[place].1
    };
    let certificate = network.registry.certificate(&motion).filter(|_| !lot.one_in(4));
    let chosen = match certificate {
        Some((found, ids)) => return Ok(Decided::of("drawn", network, motion, found, &ids)),
        None => {
            returns.retain(|(_, found)| *found == outcome || lot.one_in(6));
            let wanted = seats - (seats - 1) / 3 + usize::from(lot.one_in(6));
            returns.truncate(wanted);
            returns.into_iter().map(|(id, _)| id).chain([motion]).collect::<Vec<Id>>()
        }
    };
    Ok(Decided::of("drawn", network, motion, outcome, &chosen))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::process::{Command, Stdio};

    use super::*;

    /// The dose for every day; `cargo xtask vectors --drawn` gives more.
    const COUNT: u64 = 60;

    #[test]
    fn a_second_implementation_agrees_on_what_is_drawn() {
        let script = crate::workspace_root().join("tests/vectors/verify.py");
        let mut command = Command::new("python3");
        command
            .arg(script)
            .arg("--drawn")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let Ok(mut python) = command.spawn() else {
            let demanded = std::env::var("CI").is_ok_and(|value| value == "true");
            assert!(
                !demanded,
                "this test must not be skipped in continuous integration, but python3 is missing"
            );
            return eprintln!("skipped: python3 is not installed");
        };
        let cases: Vec<Json> = lines(COUNT, 1).collect::<Result<_, _>>().unwrap();
        let valid = cases.iter().filter(|case| case["fault"].is_null()).count();
        let void = cases.iter().filter(|case| case["fault"] == "void").count();
        assert!(valid >= 10 && void >= 5, "{valid} valid and {void} void ones draw too little apart");
        let text: String = cases.iter().map(|case| format!("{case}\n")).collect();
        python.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        let output = python.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(String::from_utf8_lossy(&output.stdout).starts_with(&format!("{COUNT} agree")));
    }
}
