//! Certificate files: true ones of every outcome, signed untruths, and true ones with something changed.

use std::collections::BTreeMap;

use cohub_record::{Field as _, Id, Record, Value};
use cohub_registry::certificate::{CertificateError, Verified, verify};
use cohub_registry::{
    Choice, Intent, InterviewOutcome, Outcome, Recommendation, Refusal, Role, recovery_hash,
};
use serde_json::{Value as Json, json};

use super::network::{ANKARA, LAGOS, Network, secret};
use super::{Failure, VectorFile, changed, fallen, hex, later, rivals, sealed, untrue};

/// What a certificate file is made of, with a name for the case.
#[derive(Clone)]
pub(super) struct Decided {
    pub(super) name: &'static str,
    pub(super) motion: Id,
    pub(super) outcome: Outcome,
    pub(super) records: BTreeMap<Id, Record>,
}

pub(super) fn file() -> Result<VectorFile, Failure> {
    let valid = [votes()?, lives()?, rivals::all()?, later::all()?, sealed::all()?, fallen::all()?].concat();
    let true_cases = valid.iter().map(Decided::true_case).collect::<Result<Vec<Json>, _>>()?;
    let untrue = untrue::all()?.iter().map(Decided::untrue_case).collect::<Result<Vec<Json>, _>>()?;
    let adopted = valid.first().ok_or("there is no certificate to change")?;
    Ok(VectorFile {
        name: "certificates.json",
        about: "Certificate files (Protocol 8): valid ones and what they prove; properly signed ones that prove \
                nothing; and changes of the file named by `of`.",
        lists: vec![("valid", true_cases), ("untrue", untrue), ("changed", changed::changed(adopted)?)],
    })
}

impl Decided {
    /// The file of these returns and all that they descend from.
    pub(super) fn of(
        name: &'static str,
        network: &Network,
        motion: Id,
        outcome: Outcome,
        returns: &[Id],
    ) -> Self {
        Self { name, motion, outcome, records: network.past_of(returns) }
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let records: Vec<Vec<u8>> = self.records.values().map(|record| record.bytes().to_vec()).collect();
        encode(&self.motion, self.outcome.as_str(), &records)
    }

    fn true_case(&self) -> Result<Json, Failure> {
        match verdict(self.name, &self.encode()) {
            case if case["fault"].is_null() => Ok(case),
            case => Err(format!("{} was found invalid: {}", self.name, case["fault"]).into()),
        }
    }

    fn untrue_case(&self) -> Result<Json, Failure> {
        match verdict(self.name, &self.encode()) {
            case if case["fault"].is_null() => Err(format!("{} was found valid", self.name).into()),
            case => Ok(case),
        }
    }
}

/// A file as a case: what it proves, or its fault.
pub(super) fn verdict(name: &str, bytes: &[u8]) -> Json {
    let hex_of = |id: &Id| hex(id.as_bytes());
    let found = match verify(bytes, None) {
        Ok(found) => found,
        Err(error) => {
            let rule = match &error {
                CertificateError::Void { void, .. } => Some(format!("{} {}", void.kind, void.clause)),
                _ => None,
            };
            return json!({ "name": name, "fault": error.word(), "rule": rule, "hex": hex(bytes) });
        }
    };
    let Verified { tally, roll, tellers, forks, .. } = &found;
    json!({
        "name": name,
        "fault": null,
        "network": found.network.parse::<Id>().as_ref().map(hex_of).ok(),
        "network_name": found.network_name,
        "motion": hex_of(&found.motion),
        "outcome": found.outcome.as_str(),
        "tally": [tally.yes, tally.no, tally.abstain, tally.recuse, tally.block],
        "counted": roll.iter().map(|entry| entry.record.as_ref().map(hex_of)).collect::<Vec<_>>(),
        "returned": tellers.iter().map(|entry| entry.returned.map(Outcome::as_str)).collect::<Vec<_>>(),
        "forks": forks.iter().map(|fork| fork.records.each_ref().map(hex_of)).collect::<Vec<_>>(),
        "records": found.records,
        "explanation": found.explanation,
        "hex": hex(bytes),
    })
}

/// Any file of this form, whatever it says.
fn encode(motion: &Id, outcome: &str, records: &[Vec<u8>]) -> Vec<u8> {
    Value::Array(vec![
        Value::Text("cohub certificate v1".to_owned()),
        motion.to_value(),
        Value::Text(outcome.to_owned()),
        Value::Array(records.iter().cloned().map(Value::Bytes).collect()),
    ])
    .encode()
}

/// A charter of three stages, of which the first is decided by a rule of that name.
pub(super) fn charter(rule: &str) -> String {
    format!(
        r#"
        title = "Commons of Hubs"
        signing_seats = 1
        timing = {{ notice = "1 minute", grace = "1 minute", maximum = "1 day" }}
        sponsorship = {{ open = 3, records = 40 }}
        panels = {{ community = "Community" }}

        [rules]
        swift = {{ preset = "simple", early_close = true }}
        admission = {{ preset = "two-thirds", quorum = "2/3" }}

        [[stages]]
        slug = "eligible"
        title = "Eligible"
        rule = "{rule}"

        [[stages]]
        slug = "candidate"
        title = "Candidate"
        documents = ["plan"]
        reviews = {{ community = 1 }}
        rule = "simple"

        [[stages]]
        slug = "initiative"
        title = "Initiative"
        documents = ["plan", "budget"]
        reviews = {{ community = 2 }}
        interview = true
        rule = "admission"
        "#
    )
}

/// A network with an applicant and the motion that it reach the first stage.
pub(super) fn opened(seats: usize, rule: &str) -> Result<(Network, Id), Failure> {
    let mut network = Network::found(seats, &charter(rule))?;
    let sponsor = network.hubs[seats - 1].representative.clone();
    let application = network.applicant(&sponsor, ANKARA)?;
    let motion = network.motion(application, None, 0)?;
    Ok((network, motion))
}

/// The certificate of a vote with these choices, seat by seat.
fn vote(
    name: &'static str,
    seats: usize,
    rule: &str,
    outcome: Outcome,
    choices: &[Choice],
) -> Result<Decided, Failure> {
    let (mut network, motion) = opened(seats, rule)?;
    let returns = network.decide(motion, choices)?;
    let quorum = quorum(&network);
    Ok(Decided::of(name, &network, motion, outcome, &returns[..quorum]))
}

fn quorum(network: &Network) -> usize {
    network.registry.view().committee.quorum
}

fn votes() -> Result<Vec<Decided>, Failure> {
    use Choice::{Abstain, Block, No, Recuse, Yes};
    use Outcome::{Adopted, Inquorate, Rejected};
    let mut cases = vec![
        vote("adopted", 4, "simple", Adopted, &[Yes, Yes, No, Yes])?,
        vote("rejected", 4, "simple", Rejected, &[No, Yes, No, No])?,
        vote("inquorate", 4, "simple", Inquorate, &[Yes])?,
        vote("recusals and abstentions", 4, "two-thirds", Adopted, &[Recuse, Yes, Yes, Abstain])?,
        vote("blocked under consent", 4, "consent", Rejected, &[Yes, Yes, Yes, Block])?,
        vote("a founder alone", 1, "simple", Adopted, &[Yes])?,
        vote("three seats, which bear no liar", 3, "simple", Adopted, &[Yes, Yes, No])?,
    ];

    let (mut network, motion) = opened(7, "absolute")?;
    for seat in 0..5 {
        network.vote(motion, seat, Yes)?;
    }
    for seat in 0..6 {
        network.close(motion, seat)?;
    }
    let refusal = network.registry.closing(&motion, &[], Some(Refusal::Notice));
    let teller = network.hubs[6].teller.clone();
    network.write(&teller, refusal, Vec::new())?;
    let returns = [0, 1, 2, 4, 6].map(|seat| network.return_(motion, seat));
    let returns = returns.into_iter().collect::<Result<Vec<Id>, _>>()?;
    cases.push(Decided::of("seven seats, one of which refused", &network, motion, Adopted, &returns));

    let (mut network, motion) = opened(4, "swift")?;
    network.vote(motion, 1, No)?;
    let returns = network.decide(motion, &[Yes, Yes, No, Yes])?;
    cases.push(Decided::of(
        "first votes count where voting closes early",
        &network,
        motion,
        Rejected,
        &returns[..3],
    ));
    Ok(cases)
}

/// Decisions late in an application's life, which rest on all that came before.
fn lives() -> Result<Vec<Decided>, Failure> {
    use Choice::{No, Yes};
    let all = [Yes; 4];
    let (mut network, motion) = opened(4, "simple")?;
    network.decide(motion, &all)?;
    let application = network.registry.view().applications[0].id;
    let mut extended = network.clone();
    let mut rotated = network.clone();

    let motion = extended.motion(application, Some("eligible"), 1_790_000_000_000)?;
    let returns = extended.decide(motion, &[Yes, Yes, Yes, No])?;
    let mut cases =
        vec![Decided::of("an extension of a stage", &extended, motion, Outcome::Adopted, &returns[1..])];

    let motion = candidate_after_rotation(&mut rotated, application)?;
    let returns = rotated.decide(motion, &all)?;
    cases.push(Decided::of(
        "an applicant with its third key",
        &rotated,
        motion,
        Outcome::Adopted,
        &returns[..3],
    ));

    let motion = admission(&mut network, application)?;
    let returns = network.decide(motion, &[Yes, Yes, No, Yes])?;
    cases.push(Decided::of("an admission", &network, motion, Outcome::Adopted, &returns[..3]));

    let motion = sponsored_by_newcomer(&mut network, application)?;
    let returns = network.decide(motion, &[No, No, No, No])?;
    cases.push(Decided::of(
        "an applicant of the admitted hub",
        &network,
        motion,
        Outcome::Rejected,
        &returns[..3],
    ));

    let (mut network, application) = claimed()?;
    let motion = network.motion(application, None, 0)?;
    let returns = network.decide(motion, &all)?;
    cases.push(Decided::of("a claim that is taken up", &network, motion, Outcome::Adopted, &returns[..3]));
    Ok(cases)
}

/// A network in whose register two hubs stand without keys, one of which applies by its claim.
pub(super) fn claimed() -> Result<(Network, Id), Failure> {
    let mut network = Network::found_with_claims(4, &charter("simple"), &[LAGOS, ANKARA])?;
    let sponsor = network.hubs[1].representative.clone();
    let application = network.claimant(&sponsor, ANKARA)?;
    Ok((network, application))
}

pub(super) fn review(
    network: &mut Network,
    seat: usize,
    application: Id,
    recommendation: Recommendation,
) -> Result<Id, Failure> {
    let key = network.hubs[seat].panelist.clone();
    let intent = Intent::Review {
        application,
        panel: "community".parse()?,
        recommendation,
        scores: Default::default(),
    };
    network.say(&key, &intent)
}

/// Ankara rotates twice, and takes from keys what it gave them, before and after.
fn candidate_after_rotation(network: &mut Network, application: Id) -> Result<Id, Failure> {
    let ankara = network.hubs.last().cloned().ok_or("there is no applicant")?;
    let [second, clerk] = ["second recovery", "clerk"].map(|purpose| secret("ankara", purpose));
    network.grant(&ankara.controller, &clerk, Role::Officer)?;
    network.say(&ankara.controller, &Intent::Revoke { key: clerk.public() })?;
    let controller = ankara.controller.public();
    network.say(
        &ankara.recovery,
        &Intent::Rotate { controller, recovery: recovery_hash(&second.public()), before: None },
    )?;
    network.say(&ankara.recovery, &Intent::Revoke { key: clerk.public() })?;
    let third = recovery_hash(&secret("ankara", "third recovery").public());
    network.say(
        &second,
        &Intent::Rotate { controller: ankara.recovery.public(), recovery: third, before: None },
    )?;
    network.document(&second, application, "plan")?;
    review(network, 2, application, Recommendation::More)?;
    review(network, 2, application, Recommendation::Decline)?;
    network.motion(application, None, 0)
}

/// Opens the last stage, after a dossier with a corrected document, a recusal among the reviews and an interview.
pub(super) fn admission(network: &mut Network, application: Id) -> Result<Id, Failure> {
    let ankara = network.hubs.last().cloned().ok_or("there is no applicant")?;
    network.document(&ankara.controller, application, "plan")?;
    review(network, 0, application, Recommendation::Accept)?;
    let motion = network.motion(application, None, 0)?;
    network.decide(motion, &[Choice::Yes, Choice::Yes, Choice::Abstain])?;
    network.document(&ankara.controller, application, "plan")?;
    network.document(&ankara.controller, application, "budget")?;
    review(network, 1, application, Recommendation::Accept)?;
    let interviewer = network.hubs[3].representative.clone();
    network.say(&interviewer, &Intent::Interview { application, outcome: InterviewOutcome::Favourable })?;
    let controller = network.hubs[1].controller.clone();
    network.say(&controller, &Intent::SignManifesto)?;
    network.motion(application, None, 0)
}

fn sponsored_by_newcomer(network: &mut Network, application: Id) -> Result<Id, Failure> {
    let ankara = network.hubs.last().cloned().ok_or("there is no applicant")?;
    network.say(&ankara.controller, &Intent::SignAdmission { application })?;
    let seat = network.hubs[2].representative.clone();
    network.say(&seat, &Intent::SignAdmission { application })?;
    network.grant(&ankara.controller, &ankara.representative, Role::Representative)?;
    let application = network.applicant(&ankara.representative, LAGOS)?;
    network.motion(application, None, 0)
}
