//! Where connections come in: so many at a time and no more, and by TLS where the pages are reached from
//! other machines.
//!
//! Whoever is slow at greeting keeps nobody else waiting: handshakes go on beside one another.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

/// Connections that stand at a time; whoever comes then waits in the system's own queue.
const CONNECTIONS: usize = 512;
/// How long a greeting may take.
const GREETING: Duration = Duration::from_secs(10);
/// Before the system is asked again for a connection that it could not give.
const AGAIN: Duration = Duration::from_millis(200);

/// A listener with so much room.
pub(crate) struct Doorway {
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    room: Arc<Semaphore>,
    greeting: JoinSet<Option<(Connection, SocketAddr)>>,
}

/// What a connection is made of.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// One connection.
pub(crate) struct Connection {
    stream: Box<dyn Stream>,
    _place: OwnedSemaphorePermit,
}

impl Doorway {
    pub(crate) fn new(listener: TcpListener, tls: Option<TlsAcceptor>) -> Self {
        Self { listener, tls, room: Arc::new(Semaphore::new(CONNECTIONS)), greeting: JoinSet::new() }
    }
}

/// The next connection that there is room for.
async fn next(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
) -> (TcpStream, SocketAddr, OwnedSemaphorePermit) {
    loop {
        let place = Arc::clone(room).acquire_owned().await;
        match (listener.accept().await, place) {
            (Ok((stream, from)), Ok(place)) => return (stream, from, place),
            _ => tokio::time::sleep(AGAIN).await,
        }
    }
}

/// A connection, once it speaks as it has to; none where it does not.
async fn greeted(
    stream: TcpStream,
    from: SocketAddr,
    place: OwnedSemaphorePermit,
    tls: Option<TlsAcceptor>,
) -> Option<(Connection, SocketAddr)> {
    let stream: Box<dyn Stream> = match tls {
        None => Box::new(stream),
        Some(tls) => Box::new(tokio::time::timeout(GREETING, tls.accept(stream)).await.ok()?.ok()?),
    };
    Some((Connection { stream, _place: place }, from))
}

impl Listener for Doorway {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        loop {
            tokio::select! {
                Some(done) = self.greeting.join_next() => {
                    if let Ok(Some(connection)) = done {
                        return connection;
                    }
                }
                (stream, from, place) = next(&self.listener, &self.room) => {
                    self.greeting.spawn(greeted(stream, from, place, self.tls.clone()));
                }
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
