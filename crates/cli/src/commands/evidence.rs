//! `cohub evidence`: keys that signed two records for one place, and decisions that contradict each other.

mod dispute;

use cohub_node::api::{Call, RecordView};
use cohub_node::hex;
use cohub_record::{ForkProof, PublicKey};
use serde_json::{Value, json};

use crate::arguments::Evidence;
use crate::context::Context;
use crate::exit::{Error, Exit};
use crate::output::Answer;
use crate::prose::{RED, harmless, short, styled};
use crate::seen;
use crate::table::{Cell, Table, pairs};
use crate::when::date;

pub(crate) async fn run(context: &Context, evidence: Evidence) -> Result<Answer, Error> {
    let registry = context.registry().await?;
    match evidence {
        Evidence::List => {
            let mut table = Table::new(&["WHAT", "HUB", "KEY", "PLACE", "RECORDS"]);
            for one in &registry.part.evidence {
                let records = one.records.map(|id| short(&id.to_string())).join(" ");
                table.row([
                    Cell::styled(RED, &one.kind),
                    registry.part.slug(one.hub.as_deref()).into(),
                    short(&one.author.to_string()).into(),
                    one.seq.to_string().into(),
                    records.into(),
                ]);
            }
            let lists =
                ["evidence", "disputes"].into_iter().filter_map(|list| registry.whole.get(list)?.as_array());
            let whole: Vec<Value> = lists.flatten().cloned().collect();
            let mut text = table.or("No key has signed two records for one place.");
            if !registry.part.disputes.is_empty() {
                text.push_str(&format!("\n{}", dispute::table(&registry.part)));
            }
            Answer::new("evidence.list", &json!({ "evidence": whole }), text)
        }
        Evidence::Show { proof } => {
            if let Some(dispute) = registry.part.disputes.iter().find(|one| dispute::names(one, &proof)) {
                return dispute::show(context, &registry, dispute).await;
            }
            let found = registry.part.evidence.iter().find(|one| names(one, &proof));
            let found =
                found.ok_or_else(|| Error::not_found(format!("no evidence is known by {proof:?}")))?;
            show(context, found, &registry.part.slug(found.hub.as_deref())).await
        }
    }
}

fn names(evidence: &seen::Evidence, text: &str) -> bool {
    let key = evidence.author.to_string();
    let written = evidence.records.map(|id| id.to_string());
    let forms = written.iter().map(String::as_str).chain([key.as_str(), key.trim_start_matches("did:key:")]);
    text.len() >= 6 && forms.into_iter().any(|form| form.starts_with(text))
}

async fn show(context: &Context, evidence: &seen::Evidence, hub: &str) -> Result<Answer, Error> {
    let mut client = context.client().await?;
    let [one, other] = evidence.records;
    let one: RecordView = client.call(&Call::Record { id: one }).await?;
    let other: RecordView = client.call(&Call::Record { id: other }).await?;
    prove([&one.raw, &other.raw], &evidence.author, evidence.seq)?;
    let mut text = styled(RED, format!("One key signed two records for place {}.", evidence.seq));
    text.push_str("\nVerified here, from the bytes of both: the signatures are this key's, the place is the same, and they differ.");
    text.push_str(&format!("\n{}", pairs(&[("hub", harmless(hub)), ("key", evidence.author.to_string())])));
    for record in [&one, &other] {
        text.push_str(&format!(
            "\n{}",
            pairs(&[
                ("record", record.line.id.to_string()),
                ("kind", record.line.kind.clone()),
                ("signed at", date(record.line.at)),
                ("verdict", harmless(&record.line.verdict)),
                ("says", harmless(&record.body.to_string())),
            ])
        ));
    }
    let fields = json!({
        "kind": evidence.kind,
        "author": evidence.author,
        "hub": evidence.hub,
        "seq": evidence.seq,
        "verified": true,
        "records": [one, other],
    });
    Answer::new("evidence.show", &fields, text)
}

/// Verifies a fork from the bytes of its two records, whatever the node says of them.
fn prove(raw: [&str; 2], author: &PublicKey, seq: u64) -> Result<ForkProof, Error> {
    let wrong = |why: String| Error::new(Exit::Verification, format!("this proves nothing: {why}"));
    let [one, other] = raw.map(|raw| hex::decode(raw).ok_or_else(|| wrong("no hexadecimal".to_owned())));
    let proof = ForkProof::verify(&one?, &other?).map_err(|error| wrong(error.to_string()))?;
    let (first, _) = proof.records();
    if first.author() == *author && first.header().seq == seq {
        Ok(proof)
    } else {
        Err(wrong("the records are of another key or place".to_owned()))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test says no by panicking")]
mod tests {
    use cohub_record::{Header, Record, SecretKey, Value};

    use super::*;

    fn record(seed: u8, at: u64) -> Record {
        let header = Header {
            network: None,
            seq: 0,
            prev: None,
            at,
            kind: "ballot".to_owned(),
            cites: Vec::new(),
            body: Value::Array(Vec::new()),
            attachments: Vec::new(),
        };
        header.sign(&SecretKey::from_seed(&[seed; 32])).unwrap()
    }

    #[test]
    fn a_fork_is_proved_from_bytes_or_not_at_all() {
        let [one, other, strange] = [record(1, 1), record(1, 2), record(2, 1)];
        let [raw, rival, alien] = [&one, &other, &strange].map(|record| hex::encode(record.bytes()));
        assert!(prove([&raw, &rival], &one.author(), 0).is_ok());
        let mut changed = one.bytes().to_vec();
        *changed.last_mut().unwrap() ^= 1;
        for (raw, author, seq) in [
            ([raw.as_str(), raw.as_str()], one.author(), 0),
            ([&raw, &alien], one.author(), 0),
            ([&raw, &rival], strange.author(), 0),
            ([&raw, &rival], one.author(), 1),
            ([&hex::encode(&changed), &rival], one.author(), 0),
            (["no", &rival], one.author(), 0),
        ] {
            assert_eq!(prove(raw, &author, seq).unwrap_err().exit, Exit::Verification);
        }
    }
}
