//! Gossip messages that await the application's verdict. Each leaves exactly once: by a verdict, by
//! its time-out, or at once where there is no room.

use std::{
    collections::{BTreeMap, VecDeque},
    time::{Duration, Instant},
};

use crate::event::MessageId;

/// Undecided messages in the order of their deadlines, each with the source it came from.
#[derive(Debug)]
pub(crate) struct Undecided<Source> {
    max: usize,
    timeout: Duration,
    sources: BTreeMap<MessageId, Source>,
    deadlines: VecDeque<(Instant, MessageId)>,
}

impl<Source> Undecided<Source> {
    pub(crate) fn new(max: usize, timeout: Duration) -> Self {
        Self { max, timeout, sources: BTreeMap::new(), deadlines: VecDeque::new() }
    }

    /// Whether another message can wait here.
    pub(crate) fn has_room(&self) -> bool {
        self.sources.len() < self.max
    }

    /// Lets a message wait for its verdict.
    pub(crate) fn insert(&mut self, id: MessageId, source: Source, now: Instant) {
        // Deadlines of decided messages linger behind an undecided one; drop them before they pile up.
        if self.deadlines.len() >= self.max * 2 {
            self.deadlines.retain(|(_, id)| self.sources.contains_key(id));
        }
        self.sources.insert(id, source);
        self.deadlines.push_back((now + self.timeout, id));
    }

    /// The source of a message that gets its verdict now; `None` if it is not, or no longer, here.
    pub(crate) fn take(&mut self, id: &MessageId) -> Option<Source> {
        let source = self.sources.remove(id);
        while let Some((_, front)) = self.deadlines.front()
            && !self.sources.contains_key(front)
        {
            self.deadlines.pop_front();
        }
        source
    }

    /// The next message whose time is over.
    pub(crate) fn expired(&mut self, now: Instant) -> Option<(MessageId, Source)> {
        while let Some((deadline, id)) = self.deadlines.front().copied() {
            if deadline > now {
                return None;
            }
            self.deadlines.pop_front();
            if let Some(source) = self.sources.remove(&id) {
                return Some((id, source));
            }
        }
        None
    }

    /// When the next message may time out.
    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        self.deadlines.front().map(|(deadline, _)| *deadline)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u8) -> MessageId {
        MessageId([number; 32])
    }

    #[test]
    fn every_message_leaves_once() {
        let start = Instant::now();
        let mut undecided = Undecided::new(3, Duration::from_secs(2));
        for number in 1..=3 {
            assert!(undecided.has_room());
            undecided.insert(id(number), number, start + Duration::from_secs(u64::from(number)));
        }
        assert!(!undecided.has_room());
        assert_eq!(undecided.take(&id(2)), Some(2));
        assert_eq!(undecided.take(&id(2)), None, "a second verdict is none");
        assert!(undecided.has_room());
        assert_eq!(undecided.next_deadline(), Some(start + Duration::from_secs(3)));
        assert_eq!(undecided.expired(start + Duration::from_secs(2)), None);
        let end = start + Duration::from_secs(5);
        assert_eq!(undecided.expired(end), Some((id(1), 1)));
        assert_eq!(undecided.expired(end), Some((id(3), 3)), "the decided one is passed over");
        assert_eq!(undecided.expired(end), None);
        assert_eq!(undecided.take(&id(1)), None, "a verdict after the time-out is none");
        assert_eq!(undecided.next_deadline(), None);
    }

    #[test]
    fn deadlines_of_decided_messages_do_not_pile_up() {
        let start = Instant::now();
        let mut undecided = Undecided::new(3, Duration::from_secs(8));
        undecided.insert(id(0), 0, start);
        for number in 1..=200 {
            undecided.insert(id(number), number, start);
            assert_eq!(undecided.take(&id(number)), Some(number));
        }
        assert!(undecided.deadlines.len() <= 6, "{} deadlines", undecided.deadlines.len());
        assert_eq!(undecided.expired(start + Duration::from_secs(8)), Some((id(0), 0)));
    }
}
