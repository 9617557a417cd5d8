//! `cohub peer`: other nodes, and why one is not reached.

use cohub_node::api::{Call, Done, PeerView};
use serde_json::json;

use super::status::peer_name;
use crate::arguments::Peer;
use crate::context::Context;
use crate::exit::Error;
use crate::output::Answer;
use crate::prose::{BOLD, GREEN, YELLOW, harmless, short};
use crate::table::{Cell, Table, pairs};

pub(crate) async fn run(context: &Context, peer: Peer) -> Result<Answer, Error> {
    match peer {
        Peer::List => {
            let peers: Vec<PeerView> = context.ask(Call::Peers).await?;
            let text = table(&peers);
            Answer::new("peer.list", &json!({ "peers": peers }), text)
        }
        Peer::Show { peer } => {
            let peer = find(context, &peer).await?;
            Answer::new("peer.show", &peer, page(&peer))
        }
        Peer::Add { address } => {
            let _: Done = context.ask(Call::PeerAdd { address: address.clone() }).await?;
            let text = format!("{address} is dialled, and dialled again whenever it is lost.");
            Answer::new("peer.add", &json!({ "address": address }), text)
        }
        Peer::Block { peer } => {
            let peer = find(context, &peer).await?;
            let _: Done = context.ask(Call::PeerBlock { peer: peer.key }).await?;
            let text = format!("Nothing is exchanged with {} any more.", peer_name(&peer));
            Answer::new("peer.block", &json!({ "key": peer.key, "hub": peer.hub }), text)
        }
    }
}

async fn find(context: &Context, text: &str) -> Result<PeerView, Error> {
    let peers: Vec<PeerView> = context.ask(Call::Peers).await?;
    let letters = text.strip_prefix("did:key:").unwrap_or(text);
    let fits = |peer: &PeerView| {
        let key = peer.key.to_string();
        let key = key.strip_prefix("did:key:").unwrap_or(&key);
        peer.hub.as_deref() == Some(text) || (letters.len() >= 6 && key.starts_with(letters))
    };
    let mut fitting: Vec<PeerView> = peers.into_iter().filter(fits).collect();
    match (fitting.pop(), fitting.is_empty()) {
        (Some(peer), true) => Ok(peer),
        (Some(_), false) => Err(Error::usage(format!("{text:?} names several nodes; give more of the key"))),
        (None, _) => Err(Error::not_found(format!("no node is known by {text:?}; `cohub peer list`"))),
    }
}

fn table(peers: &[PeerView]) -> String {
    let mut table = Table::new(&["HUB", "STATE", "ROUND TRIP", "NODE KEY", "ADDRESS", "LAST ERROR"]);
    for peer in peers {
        let (style, state) = if peer.connected { (GREEN, "connected") } else { (YELLOW, "away") };
        let address = peer.addresses.first();
        table.row([
            Cell::styled(BOLD, peer.hub.as_deref().unwrap_or("unknown")),
            Cell::styled(style, state),
            peer.rtt_us.map(round_trip).unwrap_or_default().into(),
            short(&peer.key.to_string()).into(),
            address.map(|one| one.address.clone()).unwrap_or_default().into(),
            address.and_then(|one| one.last_error.clone()).unwrap_or_default().into(),
        ]);
    }
    table.or("No other node is known: join a network, or `cohub peer add ADDRESS`.")
}

fn page(peer: &PeerView) -> String {
    let addresses: Vec<String> = peer
        .addresses
        .iter()
        .map(|one| match &one.last_error {
            Some(error) => format!("{}\n  {}", one.address, harmless(error)),
            None => one.address.clone(),
        })
        .collect();
    pairs(&[
        ("hub", peer.hub.clone().unwrap_or_else(|| "unknown".to_owned())),
        ("key", peer.key.to_string()),
        ("state", if peer.connected { "connected" } else { "away" }.to_owned()),
        ("round trip", peer.rtt_us.map(round_trip).unwrap_or_default()),
        ("addresses", addresses.join("\n")),
    ])
}

fn round_trip(us: u64) -> String {
    if us < 1_000 { format!("{us} µs") } else { format!("{}.{} ms", us / 1_000, us % 1_000 / 100) }
}
