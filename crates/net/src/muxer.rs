//! Yamux for TCP connections with a receive window of our choosing.
//!
//! libp2p's own wrapper leaves yamux's default: a peer may make this node buffer 1 GiB a connection.

use std::{
    collections::VecDeque,
    future::{Ready, ready},
    io, iter,
    pin::Pin,
    task::{Context, Poll, Waker},
};

use futures::{AsyncRead, AsyncWrite};
use libp2p::core::{
    muxing::{StreamMuxer, StreamMuxerEvent},
    upgrade::{InboundConnectionUpgrade, OutboundConnectionUpgrade, UpgradeInfo},
};
use yamux::{Connection, ConnectionError, Mode, Stream};

use crate::limits::STREAMS_MAX;

/// Window that yamux gives every stream from its start, in bytes.
const STREAM_WINDOW_BYTES: usize = 256 * 1024;
/// Bytes that one connection may have received and not yet read; the least that yamux allows.
const CONNECTION_WINDOW_BYTES: usize = STREAMS_MAX as usize * STREAM_WINDOW_BYTES;
/// Inbound streams that may wait to be taken up; more are reset.
const WAITING_MAX: usize = 64;

/// The upgrade that puts yamux on a secured connection.
#[derive(Clone, Debug)]
pub(crate) struct Yamux(yamux::Config);

impl Yamux {
    pub(crate) fn new() -> Self {
        let mut config = yamux::Config::default();
        config.set_max_num_streams(STREAMS_MAX as usize);
        config.set_max_connection_receive_window(Some(CONNECTION_WINDOW_BYTES));
        Self(config)
    }
}

impl UpgradeInfo for Yamux {
    type Info = &'static str;
    type InfoIter = iter::Once<Self::Info>;

    fn protocol_info(&self) -> Self::InfoIter {
        iter::once("/yamux/1.0.0")
    }
}

impl<C: AsyncRead + AsyncWrite + Send + Unpin + 'static> InboundConnectionUpgrade<C> for Yamux {
    type Output = Muxer<C>;
    type Error = io::Error;
    type Future = Ready<Result<Self::Output, Self::Error>>;

    fn upgrade_inbound(self, socket: C, _: Self::Info) -> Self::Future {
        ready(Ok(Muxer::new(Connection::new(socket, self.0, Mode::Server))))
    }
}

impl<C: AsyncRead + AsyncWrite + Send + Unpin + 'static> OutboundConnectionUpgrade<C> for Yamux {
    type Output = Muxer<C>;
    type Error = io::Error;
    type Future = Ready<Result<Self::Output, Self::Error>>;

    fn upgrade_outbound(self, socket: C, _: Self::Info) -> Self::Future {
        ready(Ok(Muxer::new(Connection::new(socket, self.0, Mode::Client))))
    }
}

/// One multiplexed connection.
#[derive(Debug)]
pub(crate) struct Muxer<C> {
    connection: Connection<C>,
    /// Inbound streams that arrived while the connection was driven for other reasons.
    waiting: VecDeque<Stream>,
    /// Who waits for an inbound stream.
    taker: Option<Waker>,
}

impl<C: AsyncRead + AsyncWrite + Unpin> Muxer<C> {
    fn new(connection: Connection<C>) -> Self {
        Self { connection, waiting: VecDeque::new(), taker: None }
    }

    /// Drives the whole connection (yamux has no other way) until a stream comes in.
    fn drive(&mut self, context: &mut Context<'_>) -> Poll<Result<Stream, ConnectionError>> {
        self.connection.poll_next_inbound(context).map(|next| next.unwrap_or(Err(ConnectionError::Closed)))
    }
}

impl<C: AsyncRead + AsyncWrite + Unpin> StreamMuxer for Muxer<C> {
    type Substream = Stream;
    type Error = ConnectionError;

    fn poll_inbound(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Result<Stream, ConnectionError>> {
        if let Some(stream) = self.waiting.pop_front() {
            return Poll::Ready(Ok(stream));
        }
        let next = self.drive(context);
        if next.is_pending() {
            self.taker = Some(context.waker().clone());
        }
        next
    }

    fn poll_outbound(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Result<Stream, ConnectionError>> {
        self.connection.poll_new_outbound(context)
    }

    fn poll_close(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), ConnectionError>> {
        self.connection.poll_close(context)
    }

    fn poll(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Result<StreamMuxerEvent, ConnectionError>> {
        let stream = match self.drive(context) {
            Poll::Ready(Ok(stream)) => stream,
            Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
            Poll::Pending => return Poll::Pending,
        };
        if self.waiting.len() < WAITING_MAX {
            self.waiting.push_back(stream);
            if let Some(taker) = self.taker.take() {
                taker.wake();
            }
        }
        // More may be ready; come back after others had their turn, so a flood of streams starves nobody.
        context.waker().wake_by_ref();
        Poll::Pending
    }
}
