//! Server-sent events: what the node says and when the registry changes, with resume.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;

use axum::response::IntoResponse as _;
use axum::response::sse::{Event as Sent, KeepAlive, Sse};
use futures::stream::{self, Stream};

use super::{Ask, Asked};
use crate::events::{Attending, Cursor, Event, EventLog};

struct Reader {
    log: Arc<EventLog>,
    cursor: Cursor,
    waiting: VecDeque<Event>,
    /// The caller missed something: it has to look anew.
    reset: bool,
    _attending: Attending,
}

pub(super) fn events(ask: Ask) -> Asked {
    Box::pin(async move {
        let log = Arc::clone(&ask.web.events);
        // A browser that comes back says in the header what it saw since the address was made.
        let header = ask.headers.get("last-event-id").map(|id| id.to_str().unwrap_or_default());
        let last = header.or_else(|| ask.asked("after"));
        let known = last.map(|last| log.after(last));
        let reset = matches!(known, Some(None));
        let cursor = known.flatten().unwrap_or_else(|| log.end());
        let attending = log.attend();
        ask.web.snapshots.look();
        let reader = Reader { log, cursor, waiting: VecDeque::new(), reset, _attending: attending };
        Ok(Sse::new(told(reader)).keep_alive(KeepAlive::default()).into_response())
    })
}

fn told(reader: Reader) -> impl Stream<Item = Result<Sent, Infallible>> {
    stream::unfold(reader, |mut reader| async move {
        if reader.reset {
            reader.reset = false;
            let id = reader.log.id_at(reader.cursor);
            return Some((Ok(Sent::default().id(id).event("reset").data("{}")), reader));
        }
        while reader.waiting.is_empty() {
            let (events, cursor) = reader.log.next(reader.cursor).await;
            reader.cursor = cursor;
            reader.waiting = events.into();
        }
        let event = reader.waiting.pop_front()?;
        Some((Ok(Sent::default().id(event.id).event(event.name).data(event.data)), reader))
    })
}
