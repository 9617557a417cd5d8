//! Events on their way to the application. The network task never waits for the application, and drops
//! nothing that it has promised to tell.

use std::collections::VecDeque;

use tokio::sync::mpsc;

use crate::{error::StopReason, event::Event};

/// Events that did not fit the channel and wait behind it, in order.
#[derive(Debug)]
pub(crate) struct Outbox {
    channel: mpsc::Sender<Event>,
    waiting: VecDeque<Event>,
    backlog_max: usize,
}

impl Outbox {
    /// An outbox over a channel. Above `backlog_max` waiting events [`Outbox::has_room`] is false.
    pub(crate) fn new(channel: mpsc::Sender<Event>, backlog_max: usize) -> Self {
        Self { channel, waiting: VecDeque::new(), backlog_max }
    }

    /// Takes an event, at once to the channel where it has room.
    pub(crate) fn push(&mut self, event: Event) {
        if !self.waiting.is_empty() {
            self.waiting.push_back(event);
            return;
        }
        // A closed channel is noticed by `forward`; until then nothing is gained by keeping its events.
        if let Err(mpsc::error::TrySendError::Full(event)) = self.channel.try_send(event) {
            self.waiting.push_back(event);
        }
    }

    /// Whether the application keeps up: otherwise what can be refused is refused.
    pub(crate) fn keeps_up(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Whether more events may be produced: otherwise the network is not read any further.
    pub(crate) fn has_room(&self) -> bool {
        self.waiting.len() < self.backlog_max
    }

    /// Waits until a waiting event can go, and sends it. Pends while none waits and the application
    /// listens; tells when it does not listen any more.
    pub(crate) async fn forward(&mut self) -> Result<(), StopReason> {
        if self.waiting.is_empty() {
            self.channel.closed().await;
            return Err(StopReason::Unread);
        }
        let permit = self.channel.reserve().await.map_err(|_| StopReason::Unread)?;
        if let Some(event) = self.waiting.pop_front() {
            permit.send(event);
        }
        Ok(())
    }

    /// Sends everything that waits, as long as the application listens.
    pub(crate) async fn drain(&mut self) {
        while !self.waiting.is_empty() && self.forward().await.is_ok() {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::Address;

    fn event(port: u16) -> Event {
        let address: Address = format!("/ip4/127.0.0.1/tcp/{port}").parse().unwrap();
        Event::Listening(address)
    }

    #[tokio::test]
    async fn events_keep_their_order_through_a_full_channel() {
        let (sender, mut receiver) = mpsc::channel(2);
        let mut outbox = Outbox::new(sender, 2);
        for number in 0..4 {
            assert!(outbox.has_room());
            outbox.push(event(number));
        }
        assert!(!outbox.keeps_up() && !outbox.has_room());
        let reader = tokio::spawn(async move {
            let mut seen = Vec::new();
            while let Some(Event::Listening(address)) = receiver.recv().await {
                seen.push(address.port().unwrap());
            }
            seen
        });
        outbox.drain().await;
        assert!(outbox.keeps_up());
        drop(outbox);
        assert_eq!(reader.await.unwrap(), [0, 1, 2, 3]);
    }

    #[tokio::test]
    async fn a_dropped_receiver_is_noticed() {
        let (sender, receiver) = mpsc::channel(1);
        let mut outbox = Outbox::new(sender, 2);
        drop(receiver);
        outbox.push(event(0));
        assert_eq!(outbox.forward().await, Err(StopReason::Unread));
    }
}
