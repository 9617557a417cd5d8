//! Writing in two steps: a draft answers the exact bytes, and what its author signed of them is handed in.
//!
//! **Invariant**: nothing is signed here. A draft leases nothing: it says what a record would say now, and a
//! record that was overtaken is refused by the node with the reason.

use cohub_node::api::{Call, Drafted, Held, SignedRecord, Submitted};
use cohub_node::hex;
use cohub_record::{Header, PublicKey, Record, Value as Body};
use cohub_registry::Intent;
use serde::Deserialize;
use serde_json::{Value, json};

use super::problem::Problem;
use super::{Ask, Asked};
use crate::words::now_ms;

#[derive(Debug, Deserialize)]
struct Wish {
    author: PublicKey,
    intent: Intent,
}

pub(super) fn draft(ask: Ask, taken: Value) -> Asked {
    Box::pin(async move {
        let wish: Wish = read(taken)?;
        let call = Call::Preview { author: wish.author, intent: wish.intent };
        let drafted: Drafted = ask.web.node.call(&call).await?;
        let body = hex::decode(&drafted.body).and_then(|body| Body::decode(&body).ok());
        let body = body.ok_or_else(|| Problem::bad_request("the node drafted no body that can be read"))?;
        let header = Header {
            network: Some(drafted.network),
            seq: drafted.seq,
            prev: drafted.prev,
            at: now_ms(),
            kind: drafted.kind.clone(),
            cites: drafted.cites.clone(),
            body,
            attachments: Vec::new(),
        };
        Ok(ask.json(json!({ "draft": {
            "kind": drafted.kind,
            "seq": drafted.seq,
            "summary": drafted.summary,
            "cites": drafted.cites,
            "header": hex::encode(&header.encode()),
        }})))
    })
}

pub(super) fn submit(ask: Ask, taken: Value) -> Asked {
    Box::pin(async move {
        let signed: SignedRecord = read(taken)?;
        let bytes = hex::decode(&signed.record)
            .ok_or_else(|| Problem::bad_request("record: expected bytes in hexadecimal"))?;
        let record = Record::verify(&bytes).map_err(|error| Problem::unverified(error.to_string()))?;
        let id = record.id();
        let _: Submitted = ask.web.node.call(&Call::Submit { records: vec![signed] }).await?;
        let held: Held = ask.web.node.call(&Call::Holding { id, peers: 0, wait_ms: 0 }).await?;
        let (holding, connected) = (held.peers_holding, held.peers_connected);
        Ok(ask.json(
            json!({ "record": id, "stored": true, "peers_holding": holding, "peers_connected": connected }),
        ))
    })
}

fn read<T: serde::de::DeserializeOwned>(taken: Value) -> Result<T, Problem> {
    serde_json::from_value(taken).map_err(|error| Problem::bad_request(error.to_string()))
}
