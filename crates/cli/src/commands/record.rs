//! `cohub record`: single records, for people who want to see for themselves.

use std::path::{Path, PathBuf};

use cohub_node::api::{Call, RecordLine, RecordView, Referent, SignedRecord, Submitted};
use cohub_node::hex;
use cohub_record::Record as Signed;
use serde_json::json;

use crate::arguments::Record;
use crate::context::Context;
use crate::exit::{Error, Exit};
use crate::output::Answer;
use crate::prose::{BOLD, GREEN, RED, YELLOW, counted, harmless, short, styled};
use crate::table::{Cell, Table, pairs};
use crate::when::date;

pub(crate) async fn run(context: &Context, record: Record) -> Result<Answer, Error> {
    match record {
        Record::List { kind, author, limit } => {
            let lines: Vec<RecordLine> =
                context.ask(Call::Records { author, kind, before: None, limit }).await?;
            Answer::new("record.list", &json!({ "records": lines }), table(&lines))
        }
        Record::Show { record } => {
            let view = view(context, &record).await?;
            let text = page(&view);
            Answer::new("record.show", &view, text)
        }
        Record::Verify { file } => verify(&file),
        Record::Export { record, out } => {
            let view = view(context, &record).await?;
            let bytes = hex::decode(&view.raw)
                .ok_or_else(|| Error::failed("the node's answer is not hexadecimal"))?;
            std::fs::write(&out, &bytes)
                .map_err(|error| Error::failed(format!("{} cannot be written: {error}", out.display())))?;
            let fields = json!({ "record": view.line.id, "path": out, "bytes": bytes.len() });
            Answer::new("record.export", &fields, format!("{} lies in {}.", view.line.id, out.display()))
        }
        Record::Import { files } => import(context, &files).await,
    }
}

async fn view(context: &Context, text: &str) -> Result<RecordView, Error> {
    let id = context.resolve(Referent::Record, text).await?;
    context.ask(Call::Record { id }).await
}

fn table(lines: &[RecordLine]) -> String {
    let mut table = Table::new(&["RECORD", "KIND", "HUB", "AUTHOR", "SEQ", "AT", "VERDICT"]);
    for line in lines {
        table.row([
            short(&line.id.to_string()).into(),
            Cell::styled(BOLD, &line.kind),
            line.hub.clone().unwrap_or_default().into(),
            short(&line.author.to_string()).into(),
            line.seq.to_string().into(),
            date(line.at).into(),
            Cell::styled(verdict_style(&line.verdict), &line.verdict),
        ]);
    }
    table.or("No such records here.")
}

fn verdict_style(verdict: &str) -> anstyle::Style {
    match verdict {
        "valid" => GREEN,
        "pending" => YELLOW,
        _ => RED,
    }
}

fn page(view: &RecordView) -> String {
    let line = &view.line;
    let body = serde_json::to_string_pretty(&view.body).unwrap_or_default();
    let cites: Vec<String> = (1..)
        .zip(&view.cites)
        .map(|(group, ids)| {
            let ids: Vec<String> = ids.iter().map(|id| short(&id.to_string())).collect();
            format!("{group}: {}", if ids.is_empty() { "none".to_owned() } else { ids.join(" ") })
        })
        .collect();
    let cited_by: Vec<String> = view.cited_by.iter().map(|id| short(&id.to_string())).collect();
    pairs(&[
        ("record", line.id.to_string()),
        ("kind", styled(BOLD, &line.kind)),
        ("verdict", styled(verdict_style(&line.verdict), harmless(&line.verdict))),
        ("author", line.author.to_string()),
        ("hub", line.hub.clone().unwrap_or_default()),
        (
            "place",
            format!(
                "{} in its author's log, after {}",
                line.seq,
                view.prev.map_or_else(|| "nothing".to_owned(), |id| short(&id.to_string()))
            ),
        ),
        ("signed at", format!("{} by its author's clock", date(line.at))),
        ("rests on", cites.join("\n")),
        ("says", harmless(&body)),
        ("attached", view.attachments.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
        ("cited by", cited_by.join(" ")),
        ("bytes", (view.raw.len() / 2).to_string()),
    ])
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    std::fs::read(path)
        .map_err(|error| Error::not_found(format!("{} cannot be read: {error}", path.display())))
}

fn verified(path: &Path) -> Result<Signed, Error> {
    Signed::verify(&read(path)?)
        .map_err(|error| Error::new(Exit::Verification, format!("{}: {error}", path.display())))
}

fn verify(path: &Path) -> Result<Answer, Error> {
    let record = verified(path)?;
    let header = record.header();
    let fields = json!({
        "valid": true,
        "record": record.id(),
        "author": record.author(),
        "network": header.network.map(|id| id.to_network_text()),
        "seq": header.seq,
        "kind": header.kind,
        "at": header.at,
    });
    let text = format!(
        "{}: {} {}, signed by {}\nWhether it keeps the rules of its network only a node that holds its past can say.",
        styled(GREEN, "authentic"),
        harmless(&header.kind),
        record.id(),
        record.author()
    );
    Answer::new("record.verify", &fields, text)
}

async fn import(context: &Context, files: &[PathBuf]) -> Result<Answer, Error> {
    let records = files.iter().map(|file| {
        verified(file)
            .map(|record| SignedRecord { record: hex::encode(record.bytes()), attachments: Vec::new() })
    });
    let records = records.collect::<Result<Vec<_>, _>>()?;
    let submitted: Submitted = context.ask(Call::Submit { records }).await?;
    let text = format!("{} handed in and stored.", counted(submitted.ids.len(), "record"));
    Answer::new("record.import", &json!({ "records": submitted.ids }), text)
}
