//! One-time codes: what a person who can read the node's directory shows to a browser, once.
//!
//! A code is a nonce, an end and a proof of the secret that lies in that directory, so that a second
//! process of the same host can make one for a server that runs already.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use cohub_node::hex;

use crate::WebError;

/// For how long a code is good, in seconds.
pub(crate) const VALID_SECONDS: u64 = 60 * 60;
const DOMAIN: &[u8] = b"cohub page code v1\n";
const NONCE_BYTES: usize = 8;
const PROOF_BYTES: usize = 16;

/// Makes codes.
#[derive(Clone)]
pub(crate) struct Mint {
    secret: [u8; 32],
}

/// Takes codes, each once.
pub(crate) struct Codes {
    mint: Mint,
    /// Nonces that were taken, with their ends: kept until a code is too old anyway.
    used: Mutex<BTreeMap<[u8; NONCE_BYTES], u64>>,
}

/// Why a code is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BadCode {
    /// It was never made here.
    Unknown,
    /// It was taken already.
    Used,
    /// It is too old.
    Old,
}

impl BadCode {
    /// By which a message says what happened, and what to do.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Used => "used",
            Self::Old => "old",
        }
    }
}

impl Mint {
    /// With a secret of 32 bytes.
    pub(crate) const fn new(secret: [u8; 32]) -> Self {
        Self { secret }
    }

    /// A new code, good from `now_s` on, seconds since the Unix epoch.
    pub(crate) fn code(&self, now_s: u64) -> Result<String, WebError> {
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(|error| WebError::Randomness(error.to_string()))?;
        let end = now_s.saturating_add(VALID_SECONDS);
        let proof = self.proof(&nonce, end);
        Ok(hex::encode(&[&nonce[..], &end.to_be_bytes(), &proof.as_bytes()[..PROOF_BYTES]].concat()))
    }

    /// Padded with zeros behind its length, so that comparing takes the same time wherever it differs.
    fn proof(&self, nonce: &[u8; NONCE_BYTES], end: u64) -> blake3::Hash {
        let whole = blake3::keyed_hash(&self.secret, &[DOMAIN, nonce, &end.to_be_bytes()].concat());
        padded(&whole.as_bytes()[..PROOF_BYTES])
    }
}

fn padded(proof: &[u8]) -> blake3::Hash {
    let mut bytes = [0; 32];
    for (to, from) in bytes.iter_mut().zip(proof) {
        *to = *from;
    }
    blake3::Hash::from_bytes(bytes)
}

impl Codes {
    /// Takes what `mint` makes.
    pub(crate) const fn new(mint: Mint) -> Self {
        Self { mint, used: Mutex::new(BTreeMap::new()) }
    }

    /// Takes a code at a time, seconds since the Unix epoch.
    pub(crate) fn take(&self, code: &str, now_s: u64) -> Result<(), BadCode> {
        let bytes = hex::decode(code).ok_or(BadCode::Unknown)?;
        let (nonce, rest) = bytes.split_first_chunk::<NONCE_BYTES>().ok_or(BadCode::Unknown)?;
        let (end, proof) = rest.split_first_chunk::<8>().ok_or(BadCode::Unknown)?;
        let end = u64::from_be_bytes(*end);
        if proof.len() != PROOF_BYTES || padded(proof) != self.mint.proof(nonce, end) {
            return Err(BadCode::Unknown);
        }
        if now_s > end {
            return Err(BadCode::Old);
        }
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        used.retain(|_, end| *end >= now_s);
        if used.insert(*nonce, end).is_some() {
            return Err(BadCode::Used);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_taken_once_and_in_time() {
        let mint = Mint::new([7; 32]);
        let codes = Codes::new(mint.clone());
        let code = mint.code(1_000).unwrap();
        assert_eq!(codes.take(&code, 1_000), Ok(()));
        assert_eq!(codes.take(&code, 1_001), Err(BadCode::Used));
        let late = mint.code(1_000).unwrap();
        assert_eq!(codes.take(&late, 1_001 + VALID_SECONDS), Err(BadCode::Old));
        assert_eq!(codes.take(&late, 1_000 + VALID_SECONDS), Ok(()));
    }

    #[test]
    fn another_secret_and_every_changed_letter_are_refused() {
        let codes = Codes::new(Mint::new([7; 32]));
        let foreign = Mint::new([8; 32]).code(1_000).unwrap();
        assert_eq!(codes.take(&foreign, 1_000), Err(BadCode::Unknown));
        let code = Mint::new([7; 32]).code(1_000).unwrap();
        for place in 0..code.len() {
            let mut letters: Vec<char> = code.chars().collect();
            letters[place] = if letters[place] == '0' { '1' } else { '0' };
            let changed: String = letters.into_iter().collect();
            assert_eq!(codes.take(&changed, 1_000), Err(BadCode::Unknown), "{place}");
        }
        for text in ["", "zz", &code[..code.len() - 2], &format!("{code}00")] {
            assert_eq!(codes.take(text, 1_000), Err(BadCode::Unknown), "{text}");
        }
        assert_eq!(codes.take(&code, 1_000), Ok(()));
    }
}
