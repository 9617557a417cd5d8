//! `cohub sync`: whether this node has what the others have.

use cohub_node::api::{Call, Compared, Explained, Missing, PeerExplained, Status};
use serde_json::json;

use super::status::peer_name;
use crate::arguments::Sync;
use crate::context::Context;
use crate::exit::{Error, Exit};
use crate::output::Answer;
use crate::prose::{GREEN, YELLOW, counted, harmless, styled};
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
        Sync::Explain => {
            let explained: Explained = context.ask(Call::SyncExplain).await?;
            Answer::new("sync.explain", &explained, explanation(&explained))
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

/// What is missing and who may have it, in words.
fn explanation(explained: &Explained) -> String {
    let mut text = match explained.missing_count {
        0 => styled(GREEN, "Nothing that is held here builds on a record that is not."),
        count => styled(
            YELLOW,
            format!(
                "{} missing. Whoever wrote what waits for them has them, and so has everybody who judged it:",
                counted(count, "record")
            ),
        ),
    };
    text.extend(explained.missing.iter().map(wanted));
    let unnamed = explained.missing_count - explained.missing.len();
    if unnamed > 0 {
        text.push_str(&format!("\n  and {} more", counted(unnamed, "record")));
    }
    text.extend(explained.peers.iter().map(compared));
    if explained.peers.is_empty() {
        text.push_str("\nNo peer is known: `cohub peer add ADDRESS`.");
    }
    text
}

fn wanted(missing: &Missing) -> String {
    let waiting = |line: &cohub_node::api::RecordLine| {
        let hub = line.hub.as_deref().unwrap_or("a hub that is not known");
        format!("{} {} of {hub}", line.kind, line.id)
    };
    let waiting: Vec<String> = missing.wanted_by.iter().map(waiting).collect();
    harmless(&format!("\n  {}, for which waits {}", missing.id, waiting.join("; ")))
}

fn compared(peer: &PeerExplained) -> String {
    let name = peer_name(&peer.peer);
    let last_error = || {
        let errors = peer.peer.addresses.iter().filter_map(|address| {
            address.last_error.as_ref().map(|error| format!("{}: {error}", address.address))
        });
        let errors: Vec<String> = errors.collect();
        if errors.is_empty() { "it was not dialled yet".to_owned() } else { errors.join("; ") }
    };
    let state = match (peer.peer.connected, &peer.compared) {
        (false, _) => format!("not connected; {}", last_error()),
        (true, None) => "connected, not compared yet".to_owned(),
        (true, Some(Compared { same: true, .. })) => "holds the same".to_owned(),
        (true, Some(Compared { same: false, .. })) => {
            "held something else when both last compared; they compare again soon".to_owned()
        }
    };
    harmless(&format!("\n{name}: {state}"))
}
