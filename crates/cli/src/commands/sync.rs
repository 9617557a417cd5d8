//! `cohub sync`: whether this node has what the others have.

use cohub_node::api::{Call, Status};
use serde_json::json;

use super::status::peer_name;
use crate::arguments::Sync;
use crate::context::Context;
use crate::exit::{Error, Exit};
use crate::output::Answer;
use crate::prose::{GREEN, YELLOW, counted, styled};
use crate::when::roughly;

pub(crate) async fn run(context: &Context, sync: Sync) -> Result<Answer, Error> {
    match sync {
        Sync::Status => {
            let status = context.ask(Call::Status).await?;
            answer("sync.status", &status)
        }
        Sync::Wait { timeout } => {
            let wait_ms = u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX);
            let status: Status = context.ask(Call::SyncWait { wait_ms }).await?;
            let answer = answer("sync.wait", &status)?;
            Ok(if status.synced { answer } else { answer.ending(Exit::Failed) })
        }
    }
}

fn answer(name: &str, status: &Status) -> Result<Answer, Error> {
    let connected: Vec<String> = status.peers.iter().filter(|peer| peer.connected).map(peer_name).collect();
    let fields = json!({
        "synced": status.synced,
        "head": status.head,
        "records": status.records,
        "missing": status.missing,
        "connected": connected,
        "last_heard_ms": status.last_heard_ms,
    });
    let with = if connected.is_empty() { "nobody".to_owned() } else { connected.join(", ") };
    let heard = status
        .last_heard_ms
        .map_or_else(|| "never heard from a peer".to_owned(), |ms| format!("last heard {} ago", roughly(ms)));
    let state = if status.synced {
        styled(GREEN, "in step")
    } else if status.missing > 0 {
        styled(YELLOW, format!("{} missing", counted(status.missing, "record")))
    } else {
        styled(YELLOW, "not compared yet")
    };
    let text = format!("{state}: {}; connected with {with}; {heard}", counted(status.records, "record"));
    Answer::new(name, &fields, text)
}
