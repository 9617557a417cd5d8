//! The daemon's socket: for the owner of the directory only, one JSON line a call, one a reply.

use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Semaphore;
use tokio::sync::broadcast::error::RecvError;

use super::Shared;
use super::calls::answer;
use crate::api::{Call, Failure, FailureKind, Reply};
use crate::home::make_dir;
use crate::{Home, NodeError};

/// Callers at a time; those behind wait.
const CALLERS: usize = 64;
/// Bytes of one call: a record and its small attachments in hexadecimal, with room.
const CALL_BYTES: u64 = 2 * 1024 * 1024;

/// Binds the socket. The store's lock is held, so a socket that is there is left from a daemon that died.
pub(crate) fn bind(home: &Home) -> Result<UnixListener, NodeError> {
    let path = home.socket();
    if let Some(dir) = path.parent() {
        make_dir(dir)?;
    }
    unbind(home);
    let listener = UnixListener::bind(&path).map_err(NodeError::file("listening on", &path))?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700))
        .map_err(NodeError::file("protecting", &path))?;
    Ok(listener)
}

/// Removes the socket.
pub(crate) fn unbind(home: &Home) {
    let _ = std::fs::remove_file(home.socket());
}

/// Serves callers until it is dropped.
pub(crate) async fn serve(listener: UnixListener, shared: Arc<Shared>) {
    let callers = Arc::new(Semaphore::new(CALLERS));
    loop {
        let Ok(permit) = Arc::clone(&callers).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, _)) => {
                let shared = Arc::clone(&shared);
                tokio::spawn(async move {
                    if let Err(error) = talk(stream, &shared).await {
                        tracing::debug!(%error, "a caller left");
                    }
                    drop(permit);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a caller was not accepted");
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            }
        }
    }
}

async fn talk(stream: UnixStream, shared: &Shared) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut read = BufReader::new(read);
    while let Some(line) = next_line(&mut read).await? {
        let call: Call = match serde_json::from_slice(&line) {
            Ok(call) => call,
            Err(error) => {
                let failure = Failure::new(FailureKind::Usage, format!("no call of this node: {error}"));
                reply(&mut write, &Reply::Error(failure)).await?;
                continue;
            }
        };
        if call == Call::Watch {
            return watch(&mut write, shared).await;
        }
        let answered = answer(shared, call).await.map_or_else(Reply::Error, Reply::Ok);
        reply(&mut write, &answered).await?;
    }
    Ok(())
}

async fn next_line(read: &mut BufReader<OwnedReadHalf>) -> std::io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let length = read.take(CALL_BYTES).read_until(b'\n', &mut line).await?;
    if length == 0 {
        return Ok(None);
    }
    if line.last() != Some(&b'\n') {
        return Err(std::io::Error::other(format!("a call without an end within {CALL_BYTES} bytes")));
    }
    Ok(Some(line))
}

async fn reply(write: &mut OwnedWriteHalf, reply: &Reply) -> std::io::Result<()> {
    let mut line = serde_json::to_vec(reply)?;
    line.push(b'\n');
    write.write_all(&line).await
}

async fn watch(write: &mut OwnedWriteHalf, shared: &Shared) -> std::io::Result<()> {
    let mut events = shared.events.watch();
    loop {
        match events.recv().await {
            Ok(event) => reply(write, &Reply::Ok(serde_json::to_value(&event)?)).await?,
            Err(RecvError::Lagged(missed)) => tracing::debug!(missed, "a watcher is behind"),
            Err(RecvError::Closed) => return Ok(()),
        }
    }
}
