//! The ways to reach a node: TCP with Noise and yamux, and QUIC; with names resolved where that is allowed.

use std::{
    future::ready,
    io,
    net::{TcpListener, UdpSocket},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use libp2p::{
    Multiaddr, PeerId, Transport,
    core::{
        muxing::StreamMuxerBox,
        transport::{Boxed, DialOpts, ListenerId, PortUse, TransportError, TransportEvent, timeout},
        upgrade::Version,
    },
    dns,
    identity::Keypair,
    noise, quic, tcp,
};

use crate::{address::Address, error::NetError, key::NodeKey, limits::STREAMS_MAX, muxer::Yamux};

/// A connection attempt in either direction that takes longer is given up.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
/// Bytes that one QUIC stream may have received and not yet read.
const QUIC_STREAM_WINDOW_BYTES: u32 = 1024 * 1024;
/// Bytes that one QUIC connection may have received and not yet read.
const QUIC_CONNECTION_WINDOW_BYTES: u32 = 8 * 1024 * 1024;
/// A QUIC connection that is silent for so long is gone; half of it keeps an idle one alive.
const QUIC_IDLE_MS: u32 = 30_000;

type Connection = (PeerId, StreamMuxerBox);

/// Builds the transport of a node. Off-loopback addresses, and names, are refused where
/// `loopback_only` is set: whoever asks for the dial, it ends here.
pub(crate) fn build(keys: &Keypair, loopback_only: bool) -> Result<Boxed<Connection>, NetError> {
    if loopback_only {
        return Ok(Gate { inner: direct(keys)?, loopback_only }.boxed());
    }
    match dns::tokio::Transport::system(Gate { inner: direct(keys)?, loopback_only }) {
        Ok(named) => Ok(named.boxed()),
        Err(error) => {
            tracing::warn!(%error, "no name resolver on this machine; peers are reached by number only");
            Ok(Gate { inner: direct(keys)?, loopback_only }.boxed())
        }
    }
}

fn direct(keys: &Keypair) -> Result<Boxed<Connection>, NetError> {
    let noise = noise::Config::new(keys)
        .map_err(|error| NetError::Setting { setting: "secret", why: error.to_string() })?;
    let tcp = tcp::tokio::Transport::new(tcp::Config::default().nodelay(true))
        .upgrade(Version::V1Lazy)
        .authenticate(noise)
        .multiplex(Yamux::new())
        .map(|(peer, muxer), _| (peer, StreamMuxerBox::new(muxer)));
    let tcp = timeout::TransportTimeout::new(tcp, HANDSHAKE_TIMEOUT);

    let mut config = quic::Config::new(keys);
    config.handshake_timeout = HANDSHAKE_TIMEOUT;
    config.max_idle_timeout = QUIC_IDLE_MS;
    config.keep_alive_interval = Duration::from_millis(u64::from(QUIC_IDLE_MS) / 2);
    config.max_concurrent_stream_limit = STREAMS_MAX;
    config.max_stream_data = QUIC_STREAM_WINDOW_BYTES;
    config.max_connection_data = QUIC_CONNECTION_WINDOW_BYTES;
    let quic = quic::tokio::Transport::new(config).map(|(peer, muxer), _| (peer, StreamMuxerBox::new(muxer)));

    let both = quic.or_transport(tcp).map(|either, _| either.into_inner());
    Ok(both.and_then(|connection, _| ready(only_ed25519(connection))).boxed())
}

/// Ends a connection whose peer proved a key of another type, before anything else sees it.
fn only_ed25519(connection: Connection) -> io::Result<Connection> {
    match NodeKey::from_peer_id(&connection.0) {
        Ok(_) => Ok(connection),
        Err(error) => Err(io::Error::new(io::ErrorKind::PermissionDenied, error)),
    }
}

/// Refuses a listening address that is taken, with an error that names its port.
///
/// TCP listeners share their port with other listeners of the same user (`SO_REUSEPORT`), so a second
/// node would start and take connections from the first. A socket without that option finds out.
pub(crate) fn check_free(address: &Address) -> Result<(), NetError> {
    let (Some(ip), Some(port)) = (address.ip(), address.port()) else { return Ok(()) };
    let bound = if address.is_udp() {
        UdpSocket::bind((ip, port)).map(drop)
    } else {
        TcpListener::bind((ip, port)).map(drop)
    };
    bound.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => NetError::AddressInUse { address: address.clone(), port },
        _ => NetError::CannotListen { address: address.clone(), why: error.to_string() },
    })
}

/// Refuses to dial off this machine where only loopback is allowed, and dials from a fresh port: a dial
/// from the listening port would collide with what is left of an earlier connection to the same peer.
struct Gate<T> {
    inner: T,
    loopback_only: bool,
}

impl<T: Transport + Unpin> Transport for Gate<T> {
    type Output = T::Output;
    type Error = T::Error;
    type ListenerUpgrade = T::ListenerUpgrade;
    type Dial = T::Dial;

    fn listen_on(&mut self, id: ListenerId, address: Multiaddr) -> Result<(), TransportError<Self::Error>> {
        self.inner.listen_on(id, address)
    }

    fn remove_listener(&mut self, id: ListenerId) -> bool {
        self.inner.remove_listener(id)
    }

    fn dial(
        &mut self,
        address: Multiaddr,
        options: DialOpts,
    ) -> Result<Self::Dial, TransportError<Self::Error>> {
        if self.loopback_only && !Address::from(address.clone()).is_loopback() {
            return Err(TransportError::MultiaddrNotSupported(address));
        }
        self.inner.dial(address, DialOpts { port_use: PortUse::New, ..options })
    }

    fn poll(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<TransportEvent<Self::ListenerUpgrade, Self::Error>> {
        Pin::new(&mut self.inner).poll(context)
    }
}
