//! How a request and its response stand on a stream: a length, then so many bytes, and never more than
//! the limit. Memory grows with what has arrived, not with what a peer announces.
//!
//! Request: `length (u32, big-endian) ‖ bytes`. Response: `status (u8) ‖ length ‖ bytes`, where status 0
//! is an answer and any other a refusal without bytes.

use std::io;

use bytes::Bytes;
use futures::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use libp2p::{StreamProtocol, request_response};

use crate::error::Refusal;

/// Name of the request-response protocol.
pub(crate) const SYNC_PROTOCOL: StreamProtocol = StreamProtocol::new("/cohub/sync/1");

/// The most bytes taken from a stream at once.
const STEP_BYTES: usize = 64 * 1024;
/// The start of a body that shares a write, and so a frame, with its length.
const FIRST_WRITE_BYTES: usize = 4 * 1024;

const STATUS_ANSWER: u8 = 0;
const STATUS_TOO_MANY: u8 = 1;
const STATUS_TOO_LARGE: u8 = 2;
const STATUS_BUSY: u8 = 3;

/// A request as it came from, or goes to, the wire.
#[derive(Debug)]
pub(crate) enum Question {
    /// Its bytes.
    Whole(Bytes),
    /// The peer announced more bytes than the limit; none were read.
    TooLarge,
}

/// A response as it came from, or goes to, the wire.
#[derive(Debug)]
pub(crate) enum Answer {
    /// Its bytes.
    Whole(Bytes),
    /// The request was not looked into.
    Refused(Refusal),
}

/// The codec with its limits, in bytes.
#[derive(Clone, Debug)]
pub(crate) struct SyncCodec {
    pub(crate) request_max_bytes: usize,
    pub(crate) response_max_bytes: usize,
}

impl request_response::Codec for SyncCodec {
    type Protocol = StreamProtocol;
    type Request = Question;
    type Response = Answer;

    async fn read_request<T>(&mut self, _: &StreamProtocol, stream: &mut T) -> io::Result<Question>
    where
        T: AsyncRead + Unpin + Send,
    {
        match read_length(stream, self.request_max_bytes).await? {
            Ok(length) => Ok(Question::Whole(read_body(stream, length).await?)),
            // Answered as a refusal, which tells the peer more than a broken stream.
            Err(_) => Ok(Question::TooLarge),
        }
    }

    async fn read_response<T>(&mut self, _: &StreamProtocol, stream: &mut T) -> io::Result<Answer>
    where
        T: AsyncRead + Unpin + Send,
    {
        let mut status = [0; 1];
        stream.read_exact(&mut status).await?;
        let [status] = status;
        match status {
            STATUS_ANSWER => match read_length(stream, self.response_max_bytes).await? {
                Ok(length) => Ok(Answer::Whole(read_body(stream, length).await?)),
                Err(length) => Err(invalid(format!(
                    "response of {length} bytes exceeds the limit of {} bytes",
                    self.response_max_bytes
                ))),
            },
            STATUS_TOO_MANY => Ok(Answer::Refused(Refusal::TooManyRequests)),
            STATUS_TOO_LARGE => Ok(Answer::Refused(Refusal::TooLarge)),
            STATUS_BUSY => Ok(Answer::Refused(Refusal::Busy)),
            unknown => Err(invalid(format!("response with unknown status {unknown}"))),
        }
    }

    async fn write_request<T>(
        &mut self,
        _: &StreamProtocol,
        stream: &mut T,
        question: Question,
    ) -> io::Result<()>
    where
        T: AsyncWrite + Unpin + Send,
    {
        match question {
            Question::Whole(body) => write_frame(stream, Vec::new(), &body).await,
            Question::TooLarge => Err(invalid("a request that was not read cannot be sent".to_owned())),
        }
    }

    async fn write_response<T>(
        &mut self,
        _: &StreamProtocol,
        stream: &mut T,
        answer: Answer,
    ) -> io::Result<()>
    where
        T: AsyncWrite + Unpin + Send,
    {
        match answer {
            Answer::Whole(body) => write_frame(stream, vec![STATUS_ANSWER], &body).await,
            Answer::Refused(refusal) => {
                let status = match refusal {
                    Refusal::TooManyRequests => STATUS_TOO_MANY,
                    Refusal::TooLarge => STATUS_TOO_LARGE,
                    Refusal::Busy => STATUS_BUSY,
                };
                stream.write_all(&[status]).await
            }
        }
    }
}

/// Reads a length; the inner error is a length above the limit.
async fn read_length<T>(stream: &mut T, max: usize) -> io::Result<Result<usize, u32>>
where
    T: AsyncRead + Unpin + Send,
{
    let mut length = [0; 4];
    stream.read_exact(&mut length).await?;
    let length = u32::from_be_bytes(length);
    Ok(usize::try_from(length).ok().filter(|length| *length <= max).ok_or(length))
}

async fn read_body<T>(stream: &mut T, length: usize) -> io::Result<Bytes>
where
    T: AsyncRead + Unpin + Send,
{
    let mut body = Vec::new();
    while body.len() < length {
        let start = body.len();
        // Doubling keeps copies few; the announced length bounds it.
        let step = (length - start).min(start.max(STEP_BYTES));
        body.reserve_exact(step);
        body.resize(start + step, 0);
        stream.read_exact(&mut body[start..]).await?;
    }
    Ok(body.into())
}

async fn write_frame<T>(stream: &mut T, mut head: Vec<u8>, body: &[u8]) -> io::Result<()>
where
    T: AsyncWrite + Unpin + Send,
{
    let length =
        u32::try_from(body.len()).map_err(|_| invalid(format!("{} bytes do not fit a frame", body.len())))?;
    let (start, rest) = body.split_at(body.len().min(FIRST_WRITE_BYTES));
    head.extend_from_slice(&length.to_be_bytes());
    head.extend_from_slice(start);
    stream.write_all(&head).await?;
    stream.write_all(rest).await
}

fn invalid(why: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

#[cfg(test)]
mod tests {
    use futures::{FutureExt, io::Cursor};
    use libp2p::request_response::Codec;
    use proptest::prelude::*;

    use super::*;

    const CODEC: SyncCodec = SyncCodec { request_max_bytes: 100_000, response_max_bytes: 200_000 };

    /// The outcome of an exchange with memory, which never has to wait.
    fn now<T>(future: impl Future<Output = T>) -> T {
        future.now_or_never().unwrap()
    }

    fn written(write: impl AsyncFnOnce(&mut SyncCodec, &mut Vec<u8>) -> io::Result<()>) -> Vec<u8> {
        let mut wire = Vec::new();
        now(write(&mut CODEC.clone(), &mut wire)).unwrap();
        wire
    }

    fn read_request(wire: &[u8]) -> io::Result<Question> {
        now(CODEC.clone().read_request(&SYNC_PROTOCOL, &mut Cursor::new(wire)))
    }

    fn read_response(wire: &[u8]) -> io::Result<Answer> {
        now(CODEC.clone().read_response(&SYNC_PROTOCOL, &mut Cursor::new(wire)))
    }

    fn request(body: &Bytes) -> Vec<u8> {
        let question = Question::Whole(body.clone());
        written(async |codec, wire| codec.write_request(&SYNC_PROTOCOL, wire, question).await)
    }

    fn response(answer: Answer) -> Vec<u8> {
        written(async |codec, wire| codec.write_response(&SYNC_PROTOCOL, wire, answer).await)
    }

    #[test]
    fn frames_are_as_documented() {
        assert_eq!(request(&Bytes::from_static(b"abc")), b"\0\0\0\x03abc");
        assert_eq!(response(Answer::Whole(Bytes::from_static(b"abc"))), b"\0\0\0\0\x03abc");
        assert_eq!(response(Answer::Refused(Refusal::TooManyRequests)), [1]);
        assert_eq!(response(Answer::Refused(Refusal::TooLarge)), [2]);
        assert_eq!(response(Answer::Refused(Refusal::Busy)), [3]);
    }

    #[test]
    fn bodies_up_to_the_limit_pass_and_longer_ones_are_refused_unread() {
        for length in [0, 1, 4_095, 4_096, 4_097, 65_536, 65_537, 100_000] {
            let body = Bytes::from(vec![7; length]);
            let Question::Whole(read) = read_request(&request(&body)).unwrap() else {
                panic!("{length} bytes were refused");
            };
            assert_eq!(read, body);
        }
        // Only the announcement is there: whoever tried to read or allocate the body would fail otherwise.
        assert!(matches!(read_request(&100_001_u32.to_be_bytes()), Ok(Question::TooLarge)));
        assert!(matches!(read_request(&u32::MAX.to_be_bytes()), Ok(Question::TooLarge)));
        let error = read_response(b"\0\xff\xff\xff\xff").unwrap_err();
        assert!(error.to_string().contains("exceeds the limit of 200000 bytes"), "{error}");
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(wire in proptest::collection::vec(any::<u8>(), 0..64)) {
            if let Ok(Question::Whole(body)) = read_request(&wire) {
                prop_assert_eq!(&body[..], &wire[4..4 + body.len()]);
            }
            if let Ok(Answer::Whole(body)) = read_response(&wire) {
                prop_assert_eq!(&body[..], &wire[5..5 + body.len()]);
            }
        }
    }
}
