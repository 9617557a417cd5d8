//! Starts the network task and watches over it, so that its end is always told.

use std::{any::Any, time::Duration};

use cohub_record::PublicKey;
use libp2p::{Swarm, TransportError, core::upgrade::Version, swarm};
use tokio::sync::mpsc;

use crate::{
    behaviour::{Behaviour, verdict_timeout_max},
    config::Config,
    dialer::Dialer,
    error::{NetError, StopReason},
    event::Event,
    handle::{EventReceiver, Handle},
    key::{NodeKey, keypair},
    meter::Meter,
    outbox::Outbox,
    reason,
    requests::{Incoming, Outgoing},
    swarm::Loop,
    transport::{self, check_free},
    verdicts::Undecided,
};

/// Connections are kept: the loop itself closes those of idle strangers.
const IDLE_TIMEOUT: Duration = Duration::from_secs(24 * 60 * 60);
/// Streams of one connection that may be negotiating at once.
const NEGOTIATING_MAX: usize = 64;

/// Puts a node on the network: listens, joins the network if one is given, and starts the task that does
/// the rest. Must be called within a Tokio runtime.
///
/// # Errors
/// [`NetError::AddressInUse`] or [`NetError::CannotListen`] for a listening address, [`NetError::Setting`]
/// for an impossible setting, [`NetError::Key`] for a bad secret. Nothing is left running.
pub fn spawn(config: &Config) -> Result<(Handle, EventReceiver), NetError> {
    check(config)?;
    let (commands, command_receiver) = mpsc::channel(config.limits.command_queue);
    let (events, event_receiver) = mpsc::channel(config.limits.event_queue);
    let local = NodeKey::of_secret(&config.secret)?;
    let mut network = Loop {
        swarm: listening_swarm(config)?,
        commands: command_receiver,
        outbox: Outbox::new(events.clone(), config.limits.event_queue),
        limits: config.limits.clone(),
        loopback_only: config.loopback_only,
        dialer: Dialer::new(config.dial, seed(local)),
        meter: Meter::new(&config.limits),
        undecided: Undecided::new(config.limits.undecided, config.limits.verdict_timeout),
        outgoing: Outgoing::new(&config.limits),
        incoming: Incoming::default(),
        links: Default::default(),
        asked: Default::default(),
        responded_at: None,
        topic: None,
        sweep_at: None,
    };
    if let Some(name) = &config.network {
        network.join(name);
    }
    tokio::spawn(supervise(network, events));
    let handle = Handle {
        commands,
        local,
        request_max_bytes: config.limits.request_max_bytes,
        response_max_bytes: config.limits.response_max_bytes,
    };
    Ok((handle, EventReceiver(event_receiver)))
}

/// Runs the loop in a task of its own and tells its end, even by panic, as the last event.
async fn supervise(network: Loop, events: mpsc::Sender<Event>) {
    let why = match tokio::spawn(network.run()).await {
        Ok((mut outbox, why)) => {
            outbox.drain().await;
            why
        }
        Err(error) => match error.try_into_panic() {
            Ok(panic) => {
                let what = panic_text(panic.as_ref());
                tracing::error!(what, "the network task panicked");
                StopReason::Panicked(what.to_owned())
            }
            Err(_) => StopReason::Asked,
        },
    };
    // An error says that nobody listens.
    let _ = events.send(Event::Stopped { why }).await;
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("without a message")
}

fn check(config: &Config) -> Result<(), NetError> {
    config.limits.check()?;
    if config.limits.verdict_timeout > verdict_timeout_max() {
        let why = format!("must be at most {} s", verdict_timeout_max().as_secs());
        return Err(NetError::Setting { setting: "verdict_timeout", why });
    }
    for address in &config.listen {
        if config.loopback_only && !address.is_loopback() {
            let why = "the node is set to stay on this machine".to_owned();
            return Err(NetError::CannotListen { address: address.clone(), why });
        }
        check_free(address)?;
    }
    Ok(())
}

fn listening_swarm(config: &Config) -> Result<Swarm<Behaviour>, NetError> {
    let keys = keypair(&config.secret)?;
    let transport = transport::build(&keys, config.loopback_only)?;
    let behaviour = Behaviour::new(&keys, &config.limits)?;
    let settings = swarm::Config::with_tokio_executor()
        .with_idle_connection_timeout(IDLE_TIMEOUT)
        .with_max_negotiating_inbound_streams(NEGOTIATING_MAX)
        // A request saves a round trip when its first bytes go out with the protocol's name.
        .with_substream_upgrade_protocol_override(Version::V1Lazy);
    let mut swarm = Swarm::new(transport, behaviour, keys.public().to_peer_id(), settings);
    for address in &config.listen {
        swarm.listen_on(address.as_multiaddr().clone()).map_err(|error| match error {
            TransportError::MultiaddrNotSupported(_) => {
                let why =
                    "only /ip4 or /ip6 with /tcp/PORT or /udp/PORT/quic-v1 can be listened on".to_owned();
                NetError::CannotListen { address: address.clone(), why }
            }
            TransportError::Other(error) => {
                NetError::CannotListen { address: address.clone(), why: reason::deepest(&error) }
            }
        })?;
    }
    Ok(swarm)
}

/// Pauses of different nodes must differ, not be secret.
fn seed(local: NodeKey) -> u64 {
    PublicKey::from(local).as_bytes().iter().fold(0, |seed, byte| seed.rotate_left(8) ^ u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::handle::Command;

    #[tokio::test]
    async fn a_panic_of_the_task_is_the_last_event() {
        let (handle, mut events) = spawn(&Config::new([1; 32])).unwrap();
        handle.commands.send(Command::Panic).await.unwrap();
        let Some(Event::Stopped { why }) = events.recv().await else { panic!("expected the end") };
        assert_eq!(why, StopReason::Panicked("asked to panic".to_owned()));
        assert!(events.recv().await.is_none());
        assert!(matches!(handle.peers().await, Err(NetError::Stopped)));
    }

    #[tokio::test]
    async fn the_task_ends_with_its_last_handle_or_its_reader() {
        let (handle, mut events) = spawn(&Config::new([1; 32])).unwrap();
        drop(handle);
        assert!(matches!(events.recv().await, Some(Event::Stopped { why: StopReason::Asked })));

        let (handle, events) = spawn(&Config::new([1; 32])).unwrap();
        drop(events);
        while handle.peers().await.is_ok() {}
    }
}
