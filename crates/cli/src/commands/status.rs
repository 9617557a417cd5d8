//! `cohub status`: how this node is.

use cohub_node::api::{Call, PeerView, Status};

use crate::context::Context;
use crate::exit::Error;
use crate::output::Answer;
use crate::prose::{DIM, GREEN, YELLOW, counted, harmless, short, styled};
use crate::table::pairs;
use crate::when::roughly;

pub(crate) async fn run(context: &Context) -> Result<Answer, Error> {
    let status: Status = context.ask(Call::Status).await?;
    let text = text(&status);
    Answer::new("status", &status, text)
}

/// A node's status for people.
pub(crate) fn text(status: &Status) -> String {
    let named = |name: &Option<String>| harmless(name.as_deref().unwrap_or("none"));
    let connected = status.peers.iter().filter(|peer| peer.connected).count();
    let synced = if status.synced { styled(GREEN, "in step") } else { styled(YELLOW, "not compared yet") };
    let heard =
        status.last_heard_ms.map(|ms| format!(", last heard {} ago", roughly(ms))).unwrap_or_default();
    let mut text = pairs(&[
        ("hub", format!("{} ({})", named(&status.hub), named(&status.hub_status))),
        ("network", format!("{} {}", named(&status.network_name), styled(DIM, named(&status.network)))),
        ("head", named(&status.head)),
        ("records", records(status)),
        ("peers", format!("{connected} of {} connected, {synced}{heard}", status.peers.len())),
        ("peer id", status.peer_id.clone()),
        ("listening", status.addresses.join("\n")),
        ("up", format!("{}, version {}", roughly(status.up_ms), status.version)),
    ]);
    for warning in &status.warnings {
        text.push_str(&format!("{} {}\n", styled(YELLOW, "!"), harmless(warning)));
    }
    text
}

fn records(status: &Status) -> String {
    match status.missing {
        0 => status.records.to_string(),
        missing => format!("{}, {} that they rest on missing", status.records, counted(missing, "record")),
    }
}

/// How a peer is called: by its hub where that is known.
pub(crate) fn peer_name(peer: &PeerView) -> String {
    peer.hub.clone().unwrap_or_else(|| short(&peer.key.to_string()))
}
