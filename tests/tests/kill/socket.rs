//! A caller at a node's socket that notices how far a call came when the node dies under it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::net::UnixStream;

use cohub_node::api::{Call, Failure, RecordView, Reply, SignedRecord, Status};
use cohub_node::{Home, hex};
use cohub_record::Record;
use serde::de::DeserializeOwned;

/// A connection.
pub(crate) struct Socket {
    stream: BufReader<UnixStream>,
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum NoAnswer {
    /// The node was gone before it had the whole call.
    NotHandedIn,
    /// The node had the whole call and went away before it answered.
    InFlight,
    /// The node refused.
    Refused(Failure),
}

impl Socket {
    /// Connects to the node of a home.
    pub(crate) fn connect(home: &Home) -> std::io::Result<Self> {
        UnixStream::connect(home.socket()).map(|stream| Self { stream: BufReader::new(stream) })
    }

    /// Calls, and waits for the answer.
    pub(crate) fn call<T: DeserializeOwned>(&mut self, call: &Call) -> Result<T, NoAnswer> {
        let mut line = serde_json::to_vec(call).unwrap();
        line.push(b'\n');
        self.stream.get_mut().write_all(&line).map_err(|_| NoAnswer::NotHandedIn)?;
        let mut answer = String::new();
        let read = self.stream.read_line(&mut answer);
        if !read.is_ok_and(|_| answer.ends_with('\n')) {
            return Err(NoAnswer::InFlight);
        }
        match serde_json::from_str(&answer).unwrap() {
            Reply::Ok(value) => Ok(serde_json::from_value(value).unwrap()),
            Reply::Error(failure) => Err(NoAnswer::Refused(failure)),
        }
    }

    /// How the node is; it has to answer.
    pub(crate) fn status(&mut self) -> Status {
        self.call(&Call::Status).unwrap()
    }

    /// Fails unless the node holds exactly these bytes.
    pub(crate) fn holds(&mut self, record: &Record) {
        let held: RecordView = self.call(&Call::Record { id: record.id() }).unwrap_or_else(|why| {
            panic!("a record that was acknowledged is lost: {:?}: {why:?}", record.header());
        });
        assert_eq!(held.raw, hex::encode(record.bytes()));
    }
}

/// A record without attachments, as it is handed in.
pub(crate) fn bare(record: &Record) -> SignedRecord {
    SignedRecord { record: hex::encode(record.bytes()), attachments: Vec::new() }
}
