//! The client of a daemon's socket.

use serde::de::DeserializeOwned;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;

use crate::Home;
use crate::api::{Call, EventLine, Failure, FailureKind, Reply};

/// One connection to a daemon; calls are answered in order.
#[derive(Debug)]
pub struct Client {
    stream: BufReader<UnixStream>,
}

impl Client {
    /// Connects to the daemon of a home.
    ///
    /// # Errors
    /// [`FailureKind::NotRunning`].
    pub async fn connect(home: &Home) -> Result<Self, Failure> {
        let socket = home.socket();
        let stream = UnixStream::connect(&socket).await.map_err(|error| {
            let why = format!("no node runs in {} ({error}); start it with `cohub up`", home.dir().display());
            Failure::new(FailureKind::NotRunning, why)
        })?;
        Ok(Self { stream: BufReader::new(stream) })
    }

    /// Calls, and reads the answer as the type that the call names.
    ///
    /// # Errors
    /// What the daemon answers, or that it went away.
    pub async fn call<T: DeserializeOwned>(&mut self, call: &Call) -> Result<T, Failure> {
        self.send(call).await?;
        match self.line().await? {
            Some(Reply::Ok(answer)) => serde_json::from_value(answer)
                .map_err(|error| failed(format!("an answer of another shape: {error}"))),
            Some(Reply::Error(failure)) => Err(failure),
            None => Err(Failure::new(FailureKind::NotRunning, "the node went away before it answered")),
        }
    }

    /// Begins to watch; read events with [`Client::next_event`].
    ///
    /// # Errors
    /// If the daemon went away.
    pub async fn watch(&mut self) -> Result<(), Failure> {
        self.send(&Call::Watch).await
    }

    /// The next event; none once the daemon ends.
    ///
    /// # Errors
    /// If the daemon refuses.
    pub async fn next_event(&mut self) -> Result<Option<EventLine>, Failure> {
        match self.line().await? {
            Some(Reply::Ok(event)) => {
                serde_json::from_value(event).map(Some).map_err(|error| failed(error.to_string()))
            }
            Some(Reply::Error(failure)) => Err(failure),
            None => Ok(None),
        }
    }

    async fn send(&mut self, call: &Call) -> Result<(), Failure> {
        let mut line = serde_json::to_vec(call).map_err(|error| failed(error.to_string()))?;
        line.push(b'\n');
        self.stream.get_mut().write_all(&line).await.map_err(gone)
    }

    async fn line(&mut self) -> Result<Option<Reply>, Failure> {
        let mut line = String::new();
        let read = self.stream.read_line(&mut line).await.map_err(gone)?;
        if read == 0 {
            return Ok(None);
        }
        serde_json::from_str(&line)
            .map(Some)
            .map_err(|error| failed(format!("the node answered something else: {error}")))
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err takes")]
fn gone(error: std::io::Error) -> Failure {
    Failure::new(FailureKind::NotRunning, format!("the node went away: {error}"))
}

fn failed(why: String) -> Failure {
    Failure::new(FailureKind::Failed, why)
}
