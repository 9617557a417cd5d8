//! Writing a certificate: the returns that make an outcome final, and everything that they descend from.

use std::collections::{BTreeMap, BTreeSet};

use cohub_record::{Id, Place, PublicKey, Record};

use super::{CertificateError, file};
use crate::state::{MotionState, wrote};
use crate::{Outcome, Registry};

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
        let Some((outcome, _)) = self.certificate(motion) else { return Err(self.not_final(state)) };
        self.export_outcome(motion, outcome, read)
    }

    /// The certificate file of one outcome of a motion, be that disputed or not: each side of a dispute is a valid
    /// certificate, and together they prove that more tellers lied than the rules bear (Protocol 6.10).
    ///
    /// # Errors
    /// As [`Registry::export`].
    pub fn export_outcome(
        &self,
        motion: &Id,
        outcome: Outcome,
        read: &mut dyn FnMut(&PublicKey, Place) -> Option<Vec<u8>>,
    ) -> Result<Vec<u8>, CertificateError> {
        let index = self.graph.index(motion).ok_or(CertificateError::NoMotion(*motion))?;
        let state = self.state.motions.get(&index).ok_or(CertificateError::NoMotion(*motion))?;
        let Some(returns) = self.returns_for(index, outcome) else { return Err(self.not_final(state)) };
        let mut records = BTreeMap::new();
        let past = self.graph.past_of(returns.iter().filter_map(|entry| self.graph.index(&entry.id)));
        for entry in past.into_iter().filter_map(|index| self.graph.get(index)) {
            let bytes = read(&entry.author, entry.place()).filter(|b| Record::id_of(b) == Ok(entry.id));
            records.insert(entry.id, bytes.ok_or(CertificateError::Unreadable(entry.id))?);
        }
        Ok(file::encode(motion, outcome, records.into_values().collect()))
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
