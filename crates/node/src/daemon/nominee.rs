//! A hub accepts a seat (Protocol 6.1): the daemon has the teller's key for it, and that key consents. The grant
//! is the hub's own, signed elsewhere.

use cohub_record::{PublicKey, SecretKey};
use cohub_registry::Role;
use cohub_replica::{Input, TellerKey};

use super::Shared;
use super::calls::ask;
use crate::NodeError;
use crate::api::{Failure, FailureKind, Nominee};
use crate::keystore::Keystore;
use crate::network::consent;

/// The newest teller's key here that no committee has counted with and that may sign, else a new one.
pub(super) async fn nominate(shared: &Shared, controller: PublicKey) -> Result<Nominee, Failure> {
    let keystore = Keystore::open(&shared.home);
    let mut usable = keystore.tellers()?;
    usable.retain(|teller| shared.doubt.may_sign(&teller.public()).is_ok());
    let found = ask(shared, move |_, registry| {
        let forked = |key: &PublicKey| registry.log(key).is_some_and(cohub_record::Log::is_forked);
        let fresh = |key: &PublicKey| !registry.has_counted(key) && !forked(key);
        let fresh = usable.into_iter().rev().find(|teller| fresh(&teller.public()));
        (fresh, registry.network())
    });
    let (fresh, network) = found.await?;
    let made = fresh.is_none();
    let secret = match fresh {
        Some(secret) => secret,
        None => blocking(move || keystore.make_teller().map(|(_, secret)| secret)).await?,
    };
    let granted = consent(Some(&network), &controller, &secret, &[Role::Teller])?;
    shared.core.input(Input::Teller { key: TellerKey(secret) }).await;
    Ok(Nominee { key: granted.key, consent: granted.consent, made })
}

async fn blocking(
    work: impl FnOnce() -> Result<SecretKey, NodeError> + Send + 'static,
) -> Result<SecretKey, Failure> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(|error| Failure::new(FailureKind::Failed, error.to_string()))??)
}
