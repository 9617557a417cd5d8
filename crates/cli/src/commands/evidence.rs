//! `cohub evidence`: keys that signed two records for one place.

use cohub_node::api::{Call, RecordView};
use serde_json::json;

use crate::arguments::Evidence;
use crate::context::Context;
use crate::exit::Error;
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
            let whole = registry.whole.get("evidence").cloned().unwrap_or_default();
            let text = table.or("No key has signed two records for one place.");
            Answer::new("evidence.list", &json!({ "evidence": whole }), text)
        }
        Evidence::Show { proof } => {
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
    let mut text = styled(RED, format!("One key signed two records for place {}.", evidence.seq));
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
        "records": [one, other],
    });
    Answer::new("evidence.show", &fields, text)
}
