//! Calls to the node: a few connections that are used again.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use cohub_node::api::{Call, Failure, FailureKind};
use cohub_node::{Client, Home};
use serde::de::DeserializeOwned;

/// Connections that are kept for the next call.
const KEPT: usize = 8;
/// How long a node may take for an answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// The node of a home.
#[derive(Debug)]
pub(crate) struct Node {
    home: Home,
    idle: Mutex<Vec<Client>>,
}

impl Node {
    pub(crate) fn new(home: &Home) -> Self {
        Self { home: home.clone(), idle: Mutex::new(Vec::new()) }
    }

    pub(crate) const fn home(&self) -> &Home {
        &self.home
    }

    /// Calls the node. A connection that broke since it was last used is made anew, once.
    pub(crate) async fn call<T: DeserializeOwned>(&self, call: &Call) -> Result<T, Failure> {
        let kept = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        if let Some(client) = kept {
            match self.call_by(client, call).await {
                Err(failure) if failure.kind == FailureKind::NotRunning => {}
                answered => return answered,
            }
        }
        self.call_by(Client::connect(&self.home).await?, call).await
    }

    async fn call_by<T: DeserializeOwned>(&self, mut client: Client, call: &Call) -> Result<T, Failure> {
        let answer = tokio::time::timeout(PATIENCE, client.call(call)).await.map_err(|_| {
            Failure::new(FailureKind::Failed, format!("the node did not answer in {} s", PATIENCE.as_secs()))
        })?;
        if answer.as_ref().err().is_none_or(|failure| failure.kind != FailureKind::NotRunning) {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            if idle.len() < KEPT {
                idle.push(client);
            }
        }
        answer
    }
}
