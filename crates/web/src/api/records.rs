//! Records, one by one and in pages: asked of the node, which keeps them.

use cohub_node::api::{Call, RecordLine, RecordView};
use cohub_record::{Id, PublicKey};
use serde_json::json;

use super::problem::Problem;
use super::{Ask, Asked};
use crate::server::Web;

/// A page of records, the newest first.
pub(crate) struct Page {
    pub(crate) records: Vec<RecordLine>,
    /// The cursor of the next page.
    pub(crate) next: Option<String>,
}

/// Asks for a page.
pub(crate) async fn page(
    web: &Web,
    author: Option<&str>,
    kind: Option<&str>,
    limit: usize,
    cursor: Option<&str>,
) -> Result<Page, Problem> {
    let author = author.map(str::parse::<PublicKey>).transpose();
    let author = author.map_err(|error| Problem::bad_request(format!("author: {error}")))?;
    let before = cursor.map(read_cursor).transpose()?;
    let call =
        Call::Records { author, kind: kind.map(str::to_owned), before, limit: limit.saturating_add(1) };
    let mut records: Vec<RecordLine> = web.node.call(&call).await?;
    records.reverse();
    let more = records.len() > limit;
    records.truncate(limit);
    let next = records.last().filter(|_| more).map(|last| format!("{}.{}", last.at, last.id));
    Ok(Page { records, next })
}

/// "1795478400000.rec1…": the last record of the page before.
fn read_cursor(text: &str) -> Result<(u64, Id), Problem> {
    let parts = text.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, id.parse().ok()?)));
    parts.ok_or_else(|| Problem::bad_request(format!("{text:?} is no cursor: use `next` of the page before")))
}

/// Asks for one record.
pub(crate) async fn record(web: &Web, id: &str) -> Result<RecordView, Problem> {
    let id: Id = id.parse().map_err(|error| Problem::not_found(format!("{error}")))?;
    Ok(web.node.call(&Call::Record { id }).await?)
}

pub(super) fn list(ask: Ask) -> Asked {
    Box::pin(async move {
        let (author, kind, cursor) = (ask.asked("author"), ask.asked("kind"), ask.asked("cursor"));
        let page = page(&ask.web, author, kind, ask.limit(), cursor).await?;
        Ok(ask.json(json!({ "records": page.records, "next": page.next })))
    })
}

pub(super) fn one(ask: Ask) -> Asked {
    Box::pin(async move {
        let record = record(&ask.web, ask.named("record")).await?;
        Ok(ask.json(json!({ "record": record })))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_read_back_and_others_are_refused() {
        let id = Id::from_bytes([7; 32]);
        assert_eq!(read_cursor(&format!("5.{id}")).unwrap(), (5, id));
        for text in ["", "5", "x.y", "5.", ".rec1", "-1.rec1"] {
            assert!(read_cursor(text).is_err(), "{text}");
        }
    }
}
