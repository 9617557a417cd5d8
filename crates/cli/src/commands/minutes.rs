//! `cohub minutes`: what a motion asked and what came of it, to file or to print.

use cohub_node::api::{Call, RecordView, Referent};
use cohub_node::hex;
use cohub_record::{Field as _, Record};
use cohub_registry::Motion;
use cohub_registry::minutes::Minutes;
use serde_json::{Value, json};

use crate::arguments::Minutes as Arguments;
use crate::context::Context;
use crate::exit::{Error, Exit};
use crate::minutes::{self, Sources};
use crate::output::Answer;
use crate::seen;

pub(crate) async fn run(context: &Context, arguments: Arguments) -> Result<Answer, Error> {
    let Arguments { motion, html, out } = arguments;
    let id = context.resolve(Referent::Motion, &motion).await?;
    let whole: Value = context.ask(Call::Motion { id }).await?;
    let found: Minutes = context.ask(Call::Minutes { motion: id }).await?;
    let record: RecordView = context.ask(Call::Record { id }).await?;
    let unreadable = |why: String| Error::new(Exit::Verification, format!("the motion {id}: {why}"));
    let raw = hex::decode(&record.raw).ok_or_else(|| unreadable("it is not hexadecimal".to_owned()))?;
    let record = Record::verify(&raw).map_err(|error| unreadable(error.to_string()))?;
    let signed = Motion::from_value(&record.header().body).map_err(|error| unreadable(error.to_string()))?;
    let head = context.registry().await?.part.head;
    let motion = seen::Motion::read(&whole)?;
    let sources = Sources { motion: &motion, minutes: &found, signed: &signed, head: &head };
    let document = minutes::document(&sources);
    let (format, text) =
        if html { ("html", minutes::page(&document)) } else { ("markdown", minutes::text(&document)) };
    let fields = json!({
        "motion": whole,
        "minutes": found,
        "format": format,
        "document": text,
        "path": out,
    });
    let Some(path) = out else { return Answer::new("minutes", &fields, text) };
    std::fs::write(&path, &text)
        .map_err(|error| Error::failed(format!("{} cannot be written: {error}", path.display())))?;
    Answer::new("minutes", &fields, format!("The minutes lie in {}.", path.display()))
}
