//! The network task: one loop that owns the swarm and every table, takes commands, time and the
//! network's events in turn, and tells the application what happened.
//!
//! **Invariant**: the loop never waits for the application. Where it does not keep up, what can be refused
//! is refused in words, and then the network is read no further; commands are always taken.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use futures::StreamExt;
use libp2p::{
    Multiaddr, PeerId, Swarm,
    gossipsub::{IdentTopic, MessageAcceptance, MessageId as WireMessageId},
    swarm::{ConnectionId, dial_opts::DialOpts},
};
use tokio::{
    sync::{mpsc, oneshot},
    time::{sleep_until, timeout},
};

use crate::{
    address::Address,
    behaviour::{Behaviour, KNOWN_SCORE, STRANGER_SCORE, topic_score_params},
    dialer::Dialer,
    error::{RequestError, StopReason},
    event::{Event, MessageId, Verdict},
    handle::Command,
    key::NodeKey,
    limits::Limits,
    meter::Meter,
    outbox::Outbox,
    requests::{Incoming, Outgoing},
    verdicts::Undecided,
};

/// How often idle strangers and old accounts are looked for, while there are any.
const SWEEP_EVERY: Duration = Duration::from_secs(10);
/// How long responses may still leave, and connections may take to close, at the end.
const FAREWELL: Duration = Duration::from_millis(500);
/// How long a connection stays open after a response went into it: a peer that sees it closed drops what it
/// has not read yet.
const LINGER: Duration = Duration::from_millis(300);

/// The state of the network task.
pub(crate) struct Loop {
    pub(crate) swarm: Swarm<Behaviour>,
    pub(crate) commands: mpsc::Receiver<Command>,
    pub(crate) outbox: Outbox,
    pub(crate) limits: Limits,
    pub(crate) loopback_only: bool,
    pub(crate) dialer: Dialer,
    pub(crate) meter: Meter,
    pub(crate) undecided: Undecided<PeerId>,
    pub(crate) outgoing: Outgoing,
    pub(crate) incoming: Incoming,
    pub(crate) links: BTreeMap<NodeKey, Link>,
    /// Addresses that the application asked to dial, until they answer or fail.
    pub(crate) asked: BTreeMap<ConnectionId, Address>,
    pub(crate) topic: Option<IdentTopic>,
    /// When the last response had left for the system's buffers.
    pub(crate) responded_at: Option<Instant>,
    pub(crate) sweep_at: Option<Instant>,
}

/// A peer that is connected.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) address: Address,
    pub(crate) since: Instant,
    /// When it last asked something.
    pub(crate) used: Instant,
    pub(crate) round_trip: Option<Duration>,
}

impl Loop {
    /// Runs until asked to stop, or until nobody listens. What still waits for the application is then in
    /// the returned outbox.
    pub(crate) async fn run(mut self) -> (Outbox, StopReason) {
        let (why, done) = self.turn_until_stopped().await;
        self.say_farewell().await;
        for (id, peer) in self.outgoing.drain() {
            self.outbox.push(Event::RequestFailed { peer, id, why: RequestError::Stopped });
        }
        let Self { outbox, swarm, .. } = self;
        drop(swarm);
        if let Some(done) = done {
            // Whoever asked may have gone; there is nobody else to tell.
            let _ = done.send(());
        }
        (outbox, why)
    }

    async fn turn_until_stopped(&mut self) -> (StopReason, Option<oneshot::Sender<()>>) {
        let alarm = sleep_until(Instant::now().into());
        tokio::pin!(alarm);
        loop {
            let wake = self.next_wake();
            if let Some(wake) = wake
                && alarm.deadline() != wake.into()
            {
                alarm.as_mut().reset(wake.into());
            }
            tokio::select! {
                event = self.swarm.select_next_some(), if self.outbox.has_room() => self.on_swarm_event(event),
                command = self.commands.recv() => match command {
                    Some(Command::Shutdown(done)) => return (StopReason::Asked, Some(done)),
                    Some(command) => self.on_command(command),
                    None => return (StopReason::Asked, None),
                },
                forwarded = self.outbox.forward() => if let Err(why) = forwarded {
                    return (why, None);
                },
                () = &mut alarm, if wake.is_some() => {}
            }
            let now = Instant::now();
            if wake.is_some_and(|wake| wake <= now) {
                self.on_time(now);
            }
        }
    }

    fn next_wake(&self) -> Option<Instant> {
        let due = [self.dialer.next_attempt(), self.undecided.next_deadline(), self.sweep_at];
        due.into_iter().flatten().min()
    }

    fn on_time(&mut self, now: Instant) {
        while let Some((message, source)) = self.undecided.expired(now) {
            tracing::debug!(?message, "no verdict in time; ignored");
            self.report(message, &source, Verdict::Ignore);
        }
        for attempt in self.dialer.due(now) {
            let addresses = attempt.addresses.into_iter().map(Multiaddr::from).collect();
            let options = DialOpts::peer_id(attempt.peer.peer_id()).addresses(addresses).build();
            if let Err(error) = self.swarm.dial(options) {
                self.on_dial_failed(attempt.peer, &error, now);
            }
        }
        if self.sweep_at.is_some_and(|at| at <= now) {
            self.sweep(now);
        }
    }

    /// Disconnects strangers that ask nothing, and forgets what need not be remembered.
    fn sweep(&mut self, now: Instant) {
        self.meter.sweep(now);
        let strangers: Vec<_> = self.links.iter().filter(|(peer, _)| !self.dialer.is_known(**peer)).collect();
        self.sweep_at = (!strangers.is_empty() || !self.meter.is_empty()).then(|| now + SWEEP_EVERY);
        for (peer, link) in strangers {
            if now.duration_since(link.used) >= self.limits.stranger_idle {
                tracing::debug!(%peer, "idle stranger disconnected");
                // An error says that it has left already.
                let _ = self.swarm.disconnect_peer_id(peer.peer_id());
            }
        }
    }

    pub(crate) fn sweep_soon(&mut self, now: Instant) {
        self.sweep_at.get_or_insert(now + SWEEP_EVERY);
    }

    /// Tells gossip what to do with a message it holds.
    pub(crate) fn report(&mut self, message: MessageId, source: &PeerId, verdict: Verdict) {
        let acceptance = match verdict {
            Verdict::Accept => MessageAcceptance::Accept,
            Verdict::Ignore => MessageAcceptance::Ignore,
            Verdict::Reject => MessageAcceptance::Reject,
        };
        let wire = WireMessageId::from(message.0.to_vec());
        let gossip = &mut self.swarm.behaviour_mut().gossip;
        if !gossip.report_message_validation_result(&wire, source, acceptance) {
            tracing::debug!(?message, "verdict came after gossip had dropped the message");
        }
    }

    /// Takes part in a network's gossip, leaving any other.
    pub(crate) fn join(&mut self, network: &str) {
        let topic = IdentTopic::new(format!("/cohub/gossip/1/{network}"));
        let gossip = &mut self.swarm.behaviour_mut().gossip;
        if let Some(former) = self.topic.take() {
            gossip.unsubscribe(&former);
        }
        if let Err(error) = gossip.set_topic_params(topic.clone(), topic_score_params()) {
            tracing::warn!(error, "invalid messages will not be counted");
        }
        match gossip.subscribe(&topic) {
            Ok(_) => {
                self.topic = Some(topic);
                for peer in self.subscribed() {
                    self.tell_subscribed(peer);
                }
            }
            Err(error) => tracing::error!(%error, "gossip could not be joined; anti-entropy still delivers"),
        }
    }

    /// The connected peers that take part in the network's gossip.
    pub(crate) fn subscribed(&self) -> BTreeSet<NodeKey> {
        let Some(topic) = self.topic.as_ref().map(IdentTopic::hash) else { return BTreeSet::new() };
        let peers = self.swarm.behaviour().gossip.all_peers();
        peers
            .filter(|(_, topics)| topics.contains(&&topic))
            .filter_map(|(peer, _)| NodeKey::from_peer_id(peer).ok())
            .collect()
    }

    /// Tells that a subscribed peer can be reached by gossip, if it is known and so may be.
    pub(crate) fn tell_subscribed(&mut self, peer: NodeKey) {
        if self.dialer.is_known(peer) {
            self.outbox.push(Event::Subscribed { peer });
        }
    }

    /// Lets a peer take part in gossip, or not, by whether it is known. Has to be told anew for every
    /// connection, since scores are kept only for a while after the last.
    pub(crate) fn set_gossip_access(&mut self, peer: NodeKey) {
        let score = if self.dialer.is_known(peer) { KNOWN_SCORE } else { STRANGER_SCORE };
        self.swarm.behaviour_mut().gossip.set_application_score(&peer.peer_id(), score);
    }

    /// Lets responses leave and be read, then closes every connection.
    async fn say_farewell(&mut self) {
        self.turn_while(FAREWELL, |network| network.incoming.is_sending()).await;
        let read_by = self.responded_at.map(|at| at + LINGER);
        if let Some(rest) = read_by.and_then(|at| at.checked_duration_since(Instant::now())) {
            self.turn_while(rest, |network| !network.links.is_empty()).await;
        }
        let peers: Vec<_> = self.swarm.connected_peers().copied().collect();
        for peer in peers {
            // An error says that it has left already.
            let _ = self.swarm.disconnect_peer_id(peer);
        }
        self.turn_while(FAREWELL, |network| network.swarm.connected_peers().next().is_some()).await;
    }

    /// Handles the network's events alone, while there is need and time.
    async fn turn_while(&mut self, time: Duration, needed: impl Fn(&Self) -> bool) {
        let turns = timeout(time, async {
            while needed(self) {
                let event = self.swarm.select_next_some().await;
                self.on_swarm_event(event);
            }
        });
        if turns.await.is_err() {
            tracing::debug!(?time, "time is up");
        }
    }
}
