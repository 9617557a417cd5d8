//! Writing a certificate: the returns that make an outcome final, and everything that they descend from.

use std::collections::{BTreeMap, BTreeSet};

use cohub_record::{Id, Place, PublicKey, Record};

use super::{CertificateError, file};
use crate::Registry;
use crate::graph::{Entry, Index};
use crate::state::{MotionState, wrote};

impl Registry {
    /// The certificate file of a decided motion. `read` gives the bytes of a held record.
    ///
    /// # Errors
    /// [`CertificateError::NoMotion`], [`CertificateError::Provisional`] with the hubs whose tellers are
    /// missing, [`CertificateError::Disputed`], or [`CertificateError::Unreadable`] where `read` gives
    /// nothing or the bytes of another record.
    pub fn export(
        &self,
        motion: &Id,
        read: &mut dyn FnMut(&PublicKey, Place) -> Option<Vec<u8>>,
    ) -> Result<Vec<u8>, CertificateError> {
        let index = self.graph.index(motion).ok_or(CertificateError::NoMotion(*motion))?;
        let state = self.state.motions.get(&index).ok_or(CertificateError::NoMotion(*motion))?;
        let Some((outcome, returns)) = self.certificate(motion) else { return Err(self.not_final(state)) };
        let mut records = BTreeMap::new();
        for entry in self.past_of(returns.iter().filter_map(|id| self.graph.index(id))) {
            let bytes = read(&entry.author, entry.place()).filter(|b| Record::id_of(b) == Ok(entry.id));
            records.insert(entry.id, bytes.ok_or(CertificateError::Unreadable(entry.id))?);
        }
        Ok(file::encode(motion, outcome, records.into_values().collect()))
    }

    /// These records and all that they descend from, by predecessors and cites.
    fn past_of(&self, records: impl Iterator<Item = Index>) -> Vec<&Entry> {
        let mut waiting: Vec<Index> = records.collect();
        let mut seen = BTreeSet::new();
        let mut past = Vec::new();
        while let Some(index) = waiting.pop() {
            if let Some(entry) = self.graph.get(index).filter(|_| seen.insert(index)) {
                waiting.extend(entry.cites.all().chain(entry.prev));
                past.push(entry);
            }
        }
        past
    }

    /// Why a motion has no certificate.
    pub(super) fn not_final(&self, state: &MotionState) -> CertificateError {
        let seating = &state.facts.seating;
        let needed = seating.quorum();
        let returned = state.returned.values().map(BTreeSet::len).max().unwrap_or_default();
        if returned >= needed {
            return CertificateError::Disputed;
        }
        let silent = seating.seats.iter().filter(|s| !wrote(&self.graph, &state.returns, &s.teller));
        CertificateError::Provisional {
            returned,
            needed,
            silent: silent.map(|seat| self.hub_name(seat.hub)).collect(),
        }
    }
}
