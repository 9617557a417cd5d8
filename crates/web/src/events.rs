//! What happened, numbered, so that a browser that was away for a moment misses nothing.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;

/// Events that are kept for who comes back.
const KEPT: usize = 1024;

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    /// Its number and the server's beginning, as in `Last-Event-ID`.
    pub(crate) id: String,
    /// What kind of event.
    pub(crate) name: String,
    /// JSON.
    pub(crate) data: String,
}

/// The last events.
#[derive(Debug)]
pub(crate) struct EventLog {
    /// Tells this server's numbers from those of one before.
    epoch: String,
    kept: Mutex<VecDeque<(u64, Event)>>,
    last: watch::Sender<u64>,
}

/// A reader's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cursor(u64);

/// Somebody is reading.
#[derive(Debug)]
pub(crate) struct Attending(#[expect(dead_code, reason = "it is counted, not read")] watch::Receiver<u64>);

impl EventLog {
    pub(crate) fn new(began_ms: u64) -> Self {
        let (last, _) = watch::channel(0);
        Self { epoch: format!("{began_ms:x}"), kept: Mutex::new(VecDeque::new()), last }
    }

    /// Adds an event.
    pub(crate) fn push(&self, name: &str, data: String) {
        self.push_behind(name, data, |_| {});
    }

    /// Adds an event that nobody hears of before what it tells is done; that learns the event's id.
    pub(crate) fn push_behind(&self, name: &str, data: String, what: impl FnOnce(&str)) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let number = self.last.borrow().saturating_add(1);
        let event = Event { id: self.id(number), name: name.to_owned(), data };
        what(&event.id);
        kept.push_back((number, event));
        if kept.len() > KEPT {
            kept.pop_front();
        }
        drop(kept);
        self.last.send_replace(number);
    }

    /// Counts somebody among the readers as long as the answer is kept.
    pub(crate) fn attend(&self) -> Attending {
        Attending(self.last.subscribe())
    }

    /// Whether anybody reads what happens next.
    pub(crate) fn has_readers(&self) -> bool {
        self.last.receiver_count() > 0
    }

    fn id(&self, number: u64) -> String {
        format!("{}-{number}", self.epoch)
    }

    /// What a reader at this place has seen, as in `Last-Event-ID`.
    pub(crate) fn id_at(&self, cursor: Cursor) -> String {
        self.id(cursor.0)
    }

    /// The id of the last event, also where there was none yet.
    pub(crate) fn last_id(&self) -> String {
        self.id(*self.last.borrow())
    }

    /// Behind everything that happened.
    pub(crate) fn end(&self) -> Cursor {
        Cursor(*self.last.borrow())
    }

    /// Behind the event that a reader saw last; none where that is of another server or too long ago.
    pub(crate) fn after(&self, last_event_id: &str) -> Option<Cursor> {
        let number: u64 = last_event_id.strip_prefix(&self.epoch)?.strip_prefix('-')?.parse().ok()?;
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let oldest = kept.front().map_or(1, |(number, _)| *number);
        (number <= *self.last.borrow() && number.saturating_add(1) >= oldest).then_some(Cursor(number))
    }

    /// Waits for the events behind a place; answers them and the place behind them.
    pub(crate) async fn next(&self, cursor: Cursor) -> (Vec<Event>, Cursor) {
        let mut last = self.last.subscribe();
        let _ = last.wait_for(|last| *last > cursor.0).await;
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let events: Vec<&(u64, Event)> = kept.iter().filter(|(number, _)| *number > cursor.0).collect();
        let end = events.last().map_or(cursor.0, |(number, _)| *number);
        (events.into_iter().map(|(_, event)| event.clone()).collect(), Cursor(end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_reader_who_comes_back_misses_nothing() {
        let log = EventLog::new(16);
        for number in 1..=3 {
            log.push("record", format!("{{\"n\":{number}}}"));
        }
        let cursor = log.after("10-1").unwrap();
        let (events, cursor) = log.next(cursor).await;
        assert_eq!(events.iter().map(|event| event.id.as_str()).collect::<Vec<_>>(), ["10-2", "10-3"]);
        assert_eq!(cursor, log.end());
    }

    #[tokio::test]
    async fn who_drew_before_anything_happened_misses_nothing() {
        let log = EventLog::new(16);
        let drawn = log.last_id();
        log.push("record", String::new());
        let (events, _) = log.next(log.after(&drawn).unwrap()).await;
        assert_eq!(events.iter().map(|event| event.id.as_str()).collect::<Vec<_>>(), ["10-1"]);
        assert_eq!(log.last_id(), "10-1");
    }

    #[tokio::test]
    async fn who_was_away_for_too_long_is_told_so() {
        let log = EventLog::new(16);
        for _ in 0..=KEPT {
            log.push("record", String::new());
        }
        assert!(log.after("10-1").is_some(), "the first that is kept is the second");
        assert!(log.after("10-0").is_none());
        for id in ["11-5", "10-999999", "10-", "", "nonsense"] {
            assert!(log.after(id).is_none(), "{id}");
        }
    }
}
