//! Every bound of the network edge in one place: sizes, counts, rates and times.

use std::time::Duration;

use cohub_record::limits::{ATTACHMENTS, RECORD_BYTES, TRAVELLING_BYTES};

use crate::error::NetError;

/// Room for an attachment's name, media type, salt and framing beside its content, in bytes.
const ATTACHMENT_FRAME_BYTES: usize = 512;
/// Room for what frames a whole message, in bytes.
const MESSAGE_FRAME_BYTES: usize = 4 * 1024;

/// Longest gossip message, in bytes: one record of the largest size (Protocol 1.4) with as many
/// attachments as a record may have, each of the largest size that travels with it (Protocol 2.3).
#[expect(clippy::cast_possible_truncation, reason = "4 KiB fit every usize")]
pub const MESSAGE_MAX_BYTES: usize =
    RECORD_BYTES + ATTACHMENTS * (TRAVELLING_BYTES as usize + ATTACHMENT_FRAME_BYTES) + MESSAGE_FRAME_BYTES;

// A largest record with all its attachments fits, and a bound that nobody needs is an attack surface.
const _: () = assert!(MESSAGE_MAX_BYTES > 512 * 1024 && MESSAGE_MAX_BYTES < 600 * 1024);

/// Streams one connection may carry at once. Yamux closes a connection that exceeds it, so it
/// leaves room above [`Limits::in_flight_per_peer`] in both directions.
pub(crate) const STREAMS_MAX: u32 = 256;
/// The most requests a peer may have under way, so that [`STREAMS_MAX`] is never reached honestly.
const IN_FLIGHT_PER_PEER_MAX: u32 = 64;

/// How often something may happen: `per_second` on average, `burst` at once after a pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Average, per second; at least 1.
    pub per_second: u32,
    /// At once; at least 1.
    pub burst: u32,
}

/// What a node grants to its peers, and what it keeps for itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Inbound connections still shaking hands.
    pub pending_incoming: u32,
    /// Outbound connections still shaking hands.
    pub pending_outgoing: u32,
    /// Established inbound connections of strangers; known peers are exempt.
    pub established_incoming: u32,
    /// Established outbound connections to strangers; known peers are exempt.
    pub established_outgoing: u32,
    /// Connections of one stranger.
    pub established_per_peer: u32,
    /// Resident memory of the process above which no new connection is taken, in bytes.
    pub memory_bytes: usize,
    /// Longest request, in bytes.
    pub request_max_bytes: usize,
    /// Longest response, in bytes.
    pub response_max_bytes: usize,
    /// How long a request may take, from sending it to its response.
    pub request_timeout: Duration,
    /// Requests from one known peer.
    pub known_rate: Rate,
    /// Requests from one stranger.
    pub stranger_rate: Rate,
    /// Requests of one peer under way, and ours to one peer; at most 64.
    pub in_flight_per_peer: u32,
    /// Requests of all peers under way.
    pub in_flight: u32,
    /// Requests of ours under way to all peers.
    pub outgoing_in_flight: u32,
    /// Gossip messages that may await a verdict; more are ignored.
    pub undecided: usize,
    /// After this a message without a verdict counts as ignored.
    pub verdict_timeout: Duration,
    /// A stranger that has asked nothing for so long is disconnected.
    pub stranger_idle: Duration,
    /// Commands that may wait for the network task; a full queue makes callers wait.
    pub command_queue: usize,
    /// Events that may wait for the application; when full, new gossip is ignored, new requests are
    /// refused as busy, and the network is read no further until the application catches up.
    pub event_queue: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            pending_incoming: 64,
            pending_outgoing: 64,
            established_incoming: 128,
            established_outgoing: 64,
            established_per_peer: 2,
            memory_bytes: 1024 * 1024 * 1024,
            request_max_bytes: 256 * 1024,
            response_max_bytes: 1024 * 1024,
            request_timeout: Duration::from_secs(20),
            known_rate: Rate { per_second: 2_000, burst: 4_000 },
            stranger_rate: Rate { per_second: 5, burst: 20 },
            in_flight_per_peer: 32,
            in_flight: 256,
            outgoing_in_flight: 512,
            undecided: 1_024,
            verdict_timeout: Duration::from_secs(8),
            stranger_idle: Duration::from_secs(120),
            command_queue: 256,
            event_queue: 1_024,
        }
    }
}

impl Limits {
    pub(crate) fn check(&self) -> Result<(), NetError> {
        let frame_max = u32::MAX as usize;
        let rules: [(&'static str, bool, &str); 7] = [
            ("request_max_bytes", (1..=frame_max).contains(&self.request_max_bytes), "must be 1 to 2^32 - 1"),
            (
                "response_max_bytes",
                (1..=frame_max).contains(&self.response_max_bytes),
                "must be 1 to 2^32 - 1",
            ),
            ("known_rate", self.known_rate.is_positive(), "must be at least 1 a second and at once"),
            ("stranger_rate", self.stranger_rate.is_positive(), "must be at least 1 a second and at once"),
            (
                "in_flight_per_peer",
                (1..=IN_FLIGHT_PER_PEER_MAX).contains(&self.in_flight_per_peer),
                "must be 1 to 64",
            ),
            ("command_queue", self.command_queue > 0, "must be at least 1"),
            ("event_queue", self.event_queue > 0, "must be at least 1"),
        ];
        match rules.into_iter().find(|(_, holds, _)| !holds) {
            Some((setting, _, why)) => Err(NetError::Setting { setting, why: why.to_owned() }),
            None => Ok(()),
        }
    }
}

impl Rate {
    fn is_positive(self) -> bool {
        self.per_second > 0 && self.burst > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impossible_settings_are_named() {
        assert!(Limits::default().check().is_ok());
        let no_burst = Rate { per_second: 1, burst: 0 };
        let usual = Limits::default;
        let table = [
            ("request_max_bytes", Limits { request_max_bytes: 0, ..usual() }),
            ("known_rate", Limits { known_rate: no_burst, ..usual() }),
            ("in_flight_per_peer", Limits { in_flight_per_peer: 65, ..usual() }),
            ("event_queue", Limits { event_queue: 0, ..usual() }),
        ];
        for (expected, limits) in table {
            let Err(NetError::Setting { setting, .. }) = limits.check() else {
                panic!("{expected} was accepted");
            };
            assert_eq!(setting, expected);
        }
    }
}
