//! Which keys of this home sign nothing (Protocol 3.4): all that were here when the directory was found copied
//! or put back, until its host vouches for it; and for good once others took their place.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cohub_record::PublicKey;
use cohub_store::{SledStore, Store as _, Suspicion};

use crate::NodeError;
use crate::api::{Failure, FailureKind};

/// The name under which the store keeps the keys that were given up.
const RETIRED: &str = "retired-keys";
/// What a host can do about a suspicion.
const WAYS_OUT: &str = "If this is the only copy and no other one will ever run, end the node and say \
    `cohub doctor --moved`. If it is a copy or was put back from a backup, take over with the recovery words, \
    `cohub key rotate`, and make people new keys, `cohub person add`";

/// What is doubtful about a home's keys.
pub(crate) struct Doubt {
    store: Arc<SledStore>,
    state: Mutex<State>,
}

struct State {
    suspicion: Option<String>,
    /// The keys that were here when the store was opened under suspicion.
    suspected: BTreeSet<PublicKey>,
    retired: BTreeSet<PublicKey>,
}

impl Doubt {
    /// Reads what was given up before, and suspects the keys that are `here` where the store is suspicious.
    pub(crate) fn new(
        store: &Arc<SledStore>,
        suspicion: Option<&Suspicion>,
        here: &[PublicKey],
    ) -> Result<Self, NodeError> {
        let unreadable =
            |why: String| NodeError::Other(format!("the note of retired keys is damaged: {why}"));
        let retired = match store.meta(RETIRED)? {
            Some(bytes) => serde_json::from_slice(&bytes).map_err(|error| unreadable(error.to_string()))?,
            None => BTreeSet::new(),
        };
        let suspected =
            if suspicion.is_some() { here.iter().copied().collect() } else { BTreeSet::default() };
        let state = State { suspicion: suspicion.map(ToString::to_string), suspected, retired };
        Ok(Self { store: Arc::clone(store), state: Mutex::new(state) })
    }

    /// What is suspicious, and what to do.
    pub(crate) fn warning(&self) -> Option<String> {
        self.state().suspicion.as_ref().map(|suspicion| format!("{suspicion}. {WAYS_OUT}"))
    }

    /// Whether a key may sign.
    pub(crate) fn may_sign(&self, key: &PublicKey) -> Result<(), Failure> {
        let state = self.state();
        let refused = |why: String| Err(Failure::new(FailureKind::Permission, why));
        if state.retired.contains(key) {
            return refused(format!(
                "{key} was here when this directory was found copied or put back, and signs nothing any more; \
                 name another key with --key, or make one with `cohub person add`"
            ));
        }
        match &state.suspicion {
            Some(suspicion) if state.suspected.contains(key) => refused(format!("{suspicion}. {WAYS_OUT}")),
            _ => Ok(()),
        }
    }

    /// Gives up the suspected keys for good, durably; the directory is not suspicious any more then.
    pub(crate) fn retire(&self) -> Result<(), NodeError> {
        let mut state = self.state();
        if state.suspicion.is_none() {
            return Ok(());
        }
        let retired: BTreeSet<PublicKey> = state.retired.union(&state.suspected).copied().collect();
        let bytes = serde_json::to_vec(&retired).map_err(|error| NodeError::Other(error.to_string()))?;
        self.store.put_meta(RETIRED, &bytes)?;
        self.store.acknowledge()?;
        state.retired = retired;
        state.suspicion = None;
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use cohub_record::SecretKey;
    use cohub_store::Options;

    use super::*;

    fn key(seed: u8) -> PublicKey {
        SecretKey::from_seed(&[seed; 32]).public()
    }

    #[test]
    fn keys_of_a_copy_are_suspected_until_they_are_given_up_for_good() {
        let temp = tempfile::tempdir().unwrap();
        let open = || SledStore::open(temp.path(), Options::default()).unwrap();
        let store = Arc::new(open().store);
        let doubt = Doubt::new(&store, Some(&Suspicion::Rebuilt), &[key(1), key(2)]).unwrap();
        assert_eq!(doubt.may_sign(&key(1)).unwrap_err().kind, FailureKind::Permission);
        assert!(doubt.warning().unwrap().contains("cohub key rotate"));
        doubt.may_sign(&key(3)).unwrap();
        doubt.retire().unwrap();
        assert_eq!(doubt.warning(), None);
        assert!(doubt.may_sign(&key(2)).unwrap_err().message.contains("signs nothing any more"));
        drop((doubt, store));

        let again = open();
        assert_eq!(again.suspicion, None);
        let doubt = Doubt::new(&Arc::new(again.store), None, &[key(1), key(2), key(3)]).unwrap();
        assert!(doubt.may_sign(&key(1)).is_err(), "also after the node was started anew");
        doubt.may_sign(&key(3)).unwrap();
    }

    #[test]
    fn nothing_is_given_up_where_nothing_is_suspicious() {
        let temp = tempfile::tempdir().unwrap();
        let store = Arc::new(SledStore::open(temp.path(), Options::default()).unwrap().store);
        let doubt = Doubt::new(&store, None, &[key(1)]).unwrap();
        doubt.retire().unwrap();
        doubt.may_sign(&key(1)).unwrap();
        assert_eq!(doubt.warning(), None);
    }
}
