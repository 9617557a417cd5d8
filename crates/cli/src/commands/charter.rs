//! `cohub charter`: how a network decides, in by-law words, and whether a charter can work at all.

use std::path::Path;

use cohub_node::api::{Call, RecordView};
use cohub_node::hex;
use cohub_record::{BodyError, Field as _, Id, Record};
use cohub_registry::{Charter, Effect, Founding, Motion};
use serde_json::json;

use super::simulate;
use crate::arguments::Charter as Arguments;
use crate::charter_words::bylaws;
use crate::context::Context;
use crate::exit::{Error, Exit};
use crate::output::Answer;
use crate::prose::{DIM, GREEN, RED, styled};

pub(crate) async fn run(context: &Context, charter: Arguments) -> Result<Answer, Error> {
    match charter {
        Arguments::Show => show(context).await,
        Arguments::Check { file } => check(&file),
        Arguments::Simulate { charter: Some(file), supposing } => {
            let charter = Charter::from_toml(&read(&file)?)
                .map_err(|error| Error::new(Exit::Refused, format!("{}: {error}", file.display())))?;
            simulate::answer(&charter, &supposing)
        }
        Arguments::Simulate { charter: None, supposing } => {
            let (_, _, charter) = in_force(context).await?;
            simulate::answer(&charter, &supposing)
        }
    }
}

async fn show(context: &Context) -> Result<Answer, Error> {
    let (version, id, charter) = in_force(context).await?;
    let source = styled(DIM, format!("Version {version}, in the record {id}"));
    let fields = json!({ "version": version, "record": id, "charter": charter, "words": plain(&charter) });
    Answer::new("charter.show", &fields, format!("{}\n{source}", bylaws(&charter)))
}

/// The charter in force, read from the record that holds it, with its version.
async fn in_force(context: &Context) -> Result<(u32, Id, Charter), Error> {
    let registry = context.registry().await?.part;
    let id = registry.charter.record;
    let record: RecordView = context.ask(Call::Record { id }).await?;
    let unreadable =
        |why: String| Error::new(Exit::Verification, format!("the charter's record {id}: {why}"));
    let raw = hex::decode(&record.raw).ok_or_else(|| unreadable("it is not hexadecimal".to_owned()))?;
    let record = Record::verify(&raw).map_err(|error| unreadable(error.to_string()))?;
    let body = &record.header().body;
    let founding = Founding::from_value(body).map(|founding| founding.charter);
    // The first charter stands in the founding record, a later one in the motion that was adopted.
    let amended = |_| match Motion::from_value(body)?.effect {
        Effect::Amend { charter } => Ok(*charter),
        _ => Err(BodyError::new("it holds no charter")),
    };
    let charter = founding.or_else(amended).map_err(|error: BodyError| unreadable(error.to_string()))?;
    Ok((registry.charter.version, id, charter))
}

/// Whether a file is a charter that can work. All faults are told at once.
fn check(file: &Path) -> Result<Answer, Error> {
    match Charter::from_toml(&read(file)?) {
        Ok(charter) => {
            let fields =
                json!({ "possible": true, "faults": [], "charter": charter, "words": plain(&charter) });
            let verdict = styled(GREEN, "This charter can work.");
            Answer::new("charter.check", &fields, format!("{}\n{verdict}", bylaws(&charter)))
        }
        Err(error) => {
            let lines: String = error
                .faults
                .iter()
                .map(|fault| format!("{} {}: {fault}\n", styled(RED, "✘"), file.display()))
                .collect();
            let fields = json!({ "possible": false, "faults": error.faults });
            Ok(Answer::new("charter.check", &fields, lines)?.ending(Exit::Refused))
        }
    }
}

fn read(file: &Path) -> Result<String, Error> {
    std::fs::read_to_string(file)
        .map_err(|error| Error::not_found(format!("{} cannot be read: {error}", file.display())))
}

fn plain(charter: &Charter) -> String {
    anstream::adapter::strip_str(&bylaws(charter)).to_string()
}
