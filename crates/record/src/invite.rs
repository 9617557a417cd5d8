//! An invite: what a newcomer needs to knock at a hub's door, in one line of text.

use std::str::FromStr;

use bech32::{Bech32m, Hrp};

use crate::{BodyError, Field, Id, List, PublicKey, Text, Value};

crate::positional! {
    /// Network, where to knock, and a secret that is good for one knock until it expires (Protocol 8.4).
    pub struct Invite {
        /// The network.
        pub network: Id,
        /// The node key of the inviting hub.
        pub node: PublicKey,
        /// Addresses of that node, as multiaddresses.
        pub addresses: List<Text<200>, 8>,
        /// Random; the inviting node remembers it and forgets it after one use.
        pub secret: Id,
        /// Milliseconds since the Unix epoch.
        pub expires_at: u64,
    }
}

const PREFIX: &str = "cohubinvite";

impl std::fmt::Display for Invite {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&long_text(&self.to_value().encode()))
    }
}

/// Bech32m with its checksum over more characters than a payment address has; the reader checks alike.
fn long_text(bytes: &[u8]) -> String {
    use bech32::primitives::iter::{ByteIterExt as _, Fe32IterExt as _};
    Hrp::parse(PREFIX).map_or_else(
        |_| String::new(),
        |hrp| bytes.iter().copied().bytes_to_fes().with_checksum::<LongBech32m>(&hrp).chars().collect(),
    )
}

impl FromStr for Invite {
    type Err = BodyError;

    fn from_str(text: &str) -> Result<Self, BodyError> {
        let refused = || BodyError::new("expected an invite, cohubinvite1…, whole and unchanged");
        let text = text.trim();
        if text.len() > 8_192 {
            return Err(refused());
        }
        let checked =
            bech32::primitives::decode::CheckedHrpstring::new::<LongBech32m>(text).map_err(|_| refused())?;
        if checked.hrp().to_lowercase() != PREFIX {
            return Err(refused());
        }
        let bytes: Vec<u8> = checked.byte_iter().collect();
        Self::from_value(&Value::decode(&bytes).map_err(|_| refused())?)
    }
}

/// Bech32m's checksum without its limit of 90 characters.
enum LongBech32m {}

impl bech32::Checksum for LongBech32m {
    type MidstateRepr = u32;
    type CorrectionField = <Bech32m as bech32::Checksum>::CorrectionField;

    const ROOT_GENERATOR: Self::CorrectionField = <Bech32m as bech32::Checksum>::ROOT_GENERATOR;
    const ROOT_EXPONENTS: std::ops::RangeInclusive<usize> = <Bech32m as bech32::Checksum>::ROOT_EXPONENTS;
    const CODE_LENGTH: usize = 8_192;
    const CHECKSUM_LENGTH: usize = Bech32m::CHECKSUM_LENGTH;
    const GENERATOR_SH: [u32; 5] = <Bech32m as bech32::Checksum>::GENERATOR_SH;
    const TARGET_RESIDUE: u32 = <Bech32m as bech32::Checksum>::TARGET_RESIDUE;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SecretKey;

    #[test]
    fn an_invite_reads_back_and_a_wrong_letter_is_found() {
        let invite = Invite {
            network: Id::from_bytes([1; 32]),
            node: SecretKey::from_seed(&[2; 32]).public(),
            addresses: List::new(vec!["/ip4/127.0.0.1/tcp/4001".parse().unwrap(); 3]).unwrap(),
            secret: Id::from_bytes([3; 32]),
            expires_at: 9,
        };
        let text = invite.to_string();
        assert_eq!(text.parse(), Ok(invite));
        let mut wrong = text.clone();
        wrong.replace_range(50..51, if &text[50..51] == "q" { "p" } else { "q" });
        assert!(wrong.parse::<Invite>().is_err());
        assert!(text[..text.len() - 1].parse::<Invite>().is_err());
    }
}
