//! Decisions that contradict each other: each side verified here as the certificate that it is, and each teller that
//! signed for both from the bytes of its fork.

use cohub_node::api::{Call, Exported, RecordView};
use cohub_node::hex;
use cohub_record::Id;
use cohub_registry::certificate::{self, Verified};
use serde_json::json;

use crate::context::Context;
use crate::exit::{Error, Exit};
use crate::output::Answer;
use crate::prose::{RED, counted, harmless, short, styled};
use crate::seen::{Dispute, Registry, Side, View};
use crate::table::{Cell, Table, pairs};

pub(super) fn table(registry: &View) -> String {
    let mut table = Table::new(&["WHAT", "OF", "DECISIONS", "STANDS", "SIGNED FOR BOTH"]);
    for one in &registry.disputes {
        let sides = one
            .certificates
            .iter()
            .map(|side| format!("{} {}", short(&side.motion.to_string()), side.outcome));
        let liars = one.tellers.iter().map(|liar| registry.slug(liar.hub.as_deref()));
        table.row([
            Cell::styled(RED, &one.kind),
            format!("{} {}", one.slot, of(one)).trim().to_owned().into(),
            sides.collect::<Vec<_>>().join(", ").into(),
            one.stands.map_or_else(|| "neither".to_owned(), |motion| short(&motion.to_string())).into(),
            liars.collect::<Vec<_>>().join(", ").into(),
        ]);
    }
    table.or("")
}

/// Which one of what there are several of.
fn of(dispute: &Dispute) -> String {
    if dispute.slot == dispute.subject { String::new() } else { short(&dispute.subject) }
}

/// Whether a reference is to one of a dispute's motions.
pub(super) fn names(dispute: &Dispute, text: &str) -> bool {
    let motions = dispute.certificates.iter().map(|side| side.motion.to_string());
    text.len() >= 6 && motions.into_iter().any(|form| form.starts_with(text))
}

pub(super) async fn show(context: &Context, registry: &Registry, dispute: &Dispute) -> Result<Answer, Error> {
    let network = registry.part.network.parse::<Id>().map_err(|error| Error::failed(error.to_string()))?;
    let (mut text, mut sides) = (styled(RED, "Decisions that contradict each other."), Vec::new());
    text.push_str(
        "\nVerified here, each with nothing but its own records: every side is a valid certificate.",
    );
    for side in &dispute.certificates {
        let found = prove(context, side, network).await?;
        text.push_str(&format!(
            "\n\n{}",
            pairs(&[
                ("motion", side.motion.to_string()),
                ("question", harmless(&side.question)),
                ("outcome", side.outcome.to_string()),
                ("says", found.explanation.clone()),
            ])
        ));
        sides.push(json!({
            "motion": side.motion, "outcome": side.outcome, "verified": found.valid, "explanation": found.explanation,
        }));
    }
    let stands = match dispute.stands {
        Some(motion) => format!("What stands is {motion}."),
        None => "None of this stands: the value from before is kept.".to_owned(),
    };
    text.push_str(&format!("\n\n{stands}\n{}", counted(dispute.tellers.len(), "teller")));
    text.push_str(" signed for both sides. Verified here, from the bytes of both records of each:");
    let mut liars = Vec::new();
    for liar in &dispute.tellers {
        let mut client = context.client().await?;
        let [one, other] = liar.records;
        let one: RecordView = client.call(&Call::Record { id: one }).await?;
        let other: RecordView = client.call(&Call::Record { id: other }).await?;
        super::prove([&one.raw, &other.raw], &liar.author, liar.seq)?;
        text.push_str(&format!(
            "\n\n{}",
            pairs(&[
                ("hub", harmless(&registry.part.slug(liar.hub.as_deref()))),
                ("key", liar.author.to_string()),
                ("place", liar.seq.to_string()),
                ("records", format!("{} {}", one.line.id, other.line.id)),
            ])
        ));
        liars.push(json!({
            "author": liar.author, "hub": liar.hub, "seq": liar.seq, "verified": true, "records": [one, other],
        }));
    }
    let fields = json!({
        "kind": dispute.kind,
        "slot": dispute.slot,
        "subject": dispute.subject,
        "stands": dispute.stands,
        "verified": true,
        "certificates": sides,
        "tellers": liars,
    });
    Answer::new("evidence.show", &fields, text)
}

/// Verifies one side from its certificate file, whatever the node says of it.
async fn prove(context: &Context, side: &Side, network: Id) -> Result<Verified, Error> {
    let call = Call::Certificate { motion: side.motion, outcome: Some(side.outcome) };
    let exported: Exported = context.ask(call).await?;
    check(&exported.certificate, side, network)
}

fn check(file: &str, side: &Side, network: Id) -> Result<Verified, Error> {
    let wrong = |why: String| Error::new(Exit::Verification, format!("this side proves nothing: {why}"));
    let file = hex::decode(file).ok_or_else(|| wrong("no hexadecimal".to_owned()))?;
    let found = certificate::verify(&file, Some(network)).map_err(|error| wrong(error.to_string()))?;
    if (found.motion, found.outcome) == (side.motion, side.outcome) {
        Ok(found)
    } else {
        Err(wrong("it is a certificate of something else".to_owned()))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test says no by panicking")]
mod tests {
    use cohub_registry::Outcome;
    use serde_json::Value;

    use super::*;

    #[test]
    fn a_side_is_verified_from_its_bytes_or_proves_nothing() {
        let vectors: Value =
            serde_json::from_str(include_str!("../../../../../tests/vectors/certificates.json")).unwrap();
        let valid = vectors["valid"].as_array().unwrap();
        let adopted = valid.iter().find(|one| one["outcome"] == "adopted").unwrap();
        let file = adopted["hex"].as_str().unwrap();
        let found = certificate::verify(&hex::decode(file).unwrap(), None).unwrap();
        let network: Id = found.network.parse().unwrap();
        let side = |motion, outcome| Side { motion, question: String::new(), outcome };
        let right = side(found.motion, Outcome::Adopted);
        assert_eq!(check(file, &right, network).unwrap().motion, found.motion);
        for (file, side, network) in [
            (file, side(found.motion, Outcome::Rejected), network),
            (file, side(network, Outcome::Adopted), network),
            (file, side(found.motion, Outcome::Adopted), found.motion),
            (&file[..file.len() - 2], side(found.motion, Outcome::Adopted), network),
            ("no", side(found.motion, Outcome::Adopted), network),
        ] {
            assert_eq!(check(file, &side, network).unwrap_err().exit, Exit::Verification);
        }
    }
}
