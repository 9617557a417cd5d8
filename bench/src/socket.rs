//! A caller at a node's socket: one JSON line a call, one an answer.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use cohub_node::Home;
use cohub_node::api::{Call, EventLine, Referent, Reply, SignedRecord, Status, Submitted};
use cohub_node::hex;
use cohub_record::{Id, Record};
use serde_json::Value;

use crate::Failed;

/// Between two questions whether a record has come. Each question has the node store what it has taken so far.
const POLL: Duration = Duration::from_millis(10);

/// A connection.
#[derive(Debug)]
pub(crate) struct Socket {
    stream: BufReader<UnixStream>,
}

impl Socket {
    /// Connects to the node of a home.
    pub(crate) fn connect(home: &Home) -> std::io::Result<Self> {
        UnixStream::connect(home.socket()).map(|stream| Self { stream: BufReader::new(stream) })
    }

    /// Calls, and waits for the answer.
    pub(crate) fn call(&mut self, call: &Call) -> Result<Value, Failed> {
        self.send(call)?;
        match self.line()? {
            Reply::Ok(value) => Ok(value),
            Reply::Error(failure) => Err(failure.message.into()),
        }
    }

    fn send(&mut self, call: &Call) -> Result<(), Failed> {
        let mut line = serde_json::to_vec(call)?;
        line.push(b'\n');
        Ok(self.stream.get_mut().write_all(&line)?)
    }

    fn line(&mut self) -> Result<Reply, Failed> {
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        Ok(serde_json::from_str(&line)?)
    }

    /// How the node is.
    pub(crate) fn status(&mut self) -> Result<Status, Failed> {
        Ok(serde_json::from_value(self.call(&Call::Status)?)?)
    }

    /// Whether the node holds a record. Asked in the way that costs the node least: to show a record it would
    /// draw every hub.
    pub(crate) fn holds(&mut self, id: Id) -> Result<bool, Failed> {
        self.send(&Call::Resolve { what: Referent::Record, text: id.to_record_text() })?;
        Ok(matches!(self.line()?, Reply::Ok(_)))
    }

    /// Hands a record in, and waits until the node has it on disk.
    pub(crate) fn submit(&mut self, record: &Record) -> Result<(), Failed> {
        let signed = SignedRecord { record: hex::encode(record.bytes()), attachments: Vec::new() };
        let submitted: Submitted =
            serde_json::from_value(self.call(&Call::Submit { records: vec![signed] })?)?;
        if submitted.ids == [record.id()] { Ok(()) } else { Err("another record was stored".into()) }
    }

    /// Begins to watch.
    pub(crate) fn watch(&mut self) -> Result<(), Failed> {
        self.send(&Call::Watch)
    }

    /// The next event.
    pub(crate) fn event(&mut self) -> Result<EventLine, Failed> {
        match self.line()? {
            Reply::Ok(value) => Ok(serde_json::from_value(value)?),
            Reply::Error(failure) => Err(failure.message.into()),
        }
    }

    /// Waits until the node holds all of these records. Each is asked for once it may be there, so that
    /// waiting costs the node next to nothing.
    pub(crate) fn wait_for(&mut self, ids: &[Id], at_most: Duration) -> Result<(), Failed> {
        let end = Instant::now() + at_most;
        for id in ids {
            while !self.holds(*id)? {
                if Instant::now() > end {
                    return Err(format!("not all records came within {at_most:?}").into());
                }
                std::thread::sleep(POLL);
            }
        }
        Ok(())
    }
}
