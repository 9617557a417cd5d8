//! Signatures at the edges of Ed25519: what the strict rules accept, and what other rules would accept.
//!
//! Points of small order, mixed points and scalars beyond the group's order are built here from the
//! curve's arithmetic; none of them comes out of honest signing.

use cohub_record::{PublicKey, SecretKey, Signature};
use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT as BASE, EIGHT_TORSION};
use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::Scalar;
use ed25519_dalek::Sha512;
use serde_json::{Value as Json, json};

use super::{Failure, VectorFile, hex};

/// The group's order L, least byte first.
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

struct Case {
    name: String,
    key: [u8; 32],
    message: Vec<u8>,
    signature: [u8; 64],
}

pub(super) fn file() -> Result<VectorFile, Failure> {
    let mut cases = honest();
    cases.extend(scalars_out_of_range());
    cases.extend(small_order());
    cases.extend(not_canonical());
    cases.extend(mixed_order()?);
    Ok(VectorFile {
        name: "ed25519.json",
        about: "Signatures at the edges of Ed25519, with the verdict of the strict rules (Protocol 1.3).",
        lists: vec![("cases", cases.iter().map(Case::json).collect())],
    })
}

impl Case {
    fn json(&self) -> Json {
        let key = PublicKey::from_bytes(self.key);
        let verified = key.and_then(|key| key.verify(&self.message, &Signature::from_bytes(self.signature)));
        json!({
            "name": self.name,
            "key": hex(&self.key),
            "message": hex(&self.message),
            "signature": hex(&self.signature),
            "key_accepted": key.is_ok(),
            "accepted": verified.is_ok(),
        })
    }
}

fn joined(r: [u8; 32], s: [u8; 32]) -> [u8; 64] {
    let mut signature = [0; 64];
    signature[..32].copy_from_slice(&r);
    signature[32..].copy_from_slice(&s);
    signature
}

fn challenge(r: &[u8; 32], key: &[u8; 32], message: &[u8]) -> Scalar {
    use ed25519_dalek::Digest as _;
    Scalar::from_hash(Sha512::new().chain_update(r).chain_update(key).chain_update(message))
}

/// A scalar that is the same in every run.
fn scalar(name: &str) -> Scalar {
    Scalar::from_bytes_mod_order(*blake3::hash(name.as_bytes()).as_bytes())
}

fn honest() -> Vec<Case> {
    let mut cases = Vec::new();
    for (seed, message) in [([0; 32], b"".as_slice()), ([1; 32], b"yes"), ([0xff; 32], &[0; 200])] {
        let secret = SecretKey::from_seed(&seed);
        let (key, signature) = (*secret.public().as_bytes(), *secret.sign(message).as_bytes());
        let case = |name: &str, key, message: &[u8], signature| Case {
            name: name.to_owned(),
            key,
            message: message.to_vec(),
            signature,
        };
        cases.push(case("an honest signature", key, message, signature));
        cases.push(case("of another message", key, &[message, b"!"].concat(), signature));
        cases.push(case(
            "of another key",
            *SecretKey::from_seed(&[2; 32]).public().as_bytes(),
            message,
            signature,
        ));
        for at in [0, 31, 32, 63] {
            let mut flipped = signature;
            flipped[at] ^= 1;
            cases.push(case(&format!("a flipped bit in byte {at} of the signature"), key, message, flipped));
        }
    }
    cases
}

fn scalars_out_of_range() -> Vec<Case> {
    let secret = SecretKey::from_seed(&[3; 32]);
    let key = *secret.public().as_bytes();
    let message = b"s is below L".to_vec();
    let honest = *secret.sign(&message).as_bytes();
    let mut times_order = [0; 32];
    let mut sum = [0; 32];
    sum.copy_from_slice(&honest[32..]);
    let mut cases = Vec::new();
    for times in 1..=7_u8 {
        // s + times · L, as long as it fits into 256 bits.
        let mut carry = 0_u16;
        for (place, byte) in sum.iter_mut().enumerate() {
            carry += u16::from(*byte) + u16::from(ORDER[place]);
            *byte = carry.to_le_bytes()[0];
            carry >>= 8;
        }
        times_order.copy_from_slice(&sum);
        let mut r = [0; 32];
        r.copy_from_slice(&honest[..32]);
        let name = format!("s and {times} times the order L: the same scalar, written otherwise");
        cases.push(Case { name, key, message: message.clone(), signature: joined(r, times_order) });
    }
    let mut identity = [0; 32];
    identity[0] = 1;
    for (name, s) in [("s is L", ORDER), ("s is all ones", [0xff; 32])] {
        cases.push(Case {
            name: name.to_owned(),
            key,
            message: message.clone(),
            signature: joined(identity, s),
        });
    }
    cases
}

/// Keys and commitments among the eight points whose order divides 8.
fn small_order() -> Vec<Case> {
    let message = b"small order".to_vec();
    let secret = SecretKey::from_seed(&[4; 32]);
    let honest = *secret.sign(&message).as_bytes();
    let mut cases = Vec::new();
    for (number, point) in EIGHT_TORSION.iter().enumerate() {
        let weak = point.compress().to_bytes();
        // With s = 0 the equation asks for R = -kA: it holds for R the identity once k is a multiple of 8.
        let identity = EdwardsPoint::default().compress().to_bytes();
        let found = (0_u32..).map(|count| [message.as_slice(), &count.to_le_bytes()].concat());
        let satisfying =
            found.into_iter().find(|m| (challenge(&identity, &weak, m) * point) == EdwardsPoint::default());
        cases.push(Case {
            name: format!("a key of small order, point {number}, for which the equation holds"),
            key: weak,
            message: satisfying.unwrap_or_default(),
            signature: joined(identity, [0; 32]),
        });
        // With R of small order, s = k·a solves the equation but for R itself; with the identity for R it does.
        let key = *secret.public().as_bytes();
        let mut s = [0; 32];
        s.copy_from_slice(&honest[32..]);
        cases.push(Case {
            name: format!("R of small order, point {number}"),
            key,
            message: message.clone(),
            signature: joined(weak, s),
        });
    }
    let a = scalar("a key whose secret scalar is known");
    let key = (a * BASE).compress().to_bytes();
    let identity = EdwardsPoint::default().compress().to_bytes();
    let s = challenge(&identity, &key, &message) * a;
    cases.push(Case {
        name: "R is the identity and the equation holds".to_owned(),
        key,
        message,
        signature: joined(identity, s.to_bytes()),
    });
    cases
}

/// Encodings whose y is not below the prime, and those that are no point.
fn not_canonical() -> Vec<Case> {
    let message = b"canonical".to_vec();
    let secret = SecretKey::from_seed(&[5; 32]);
    let honest = *secret.sign(&message).as_bytes();
    let mut s = [0; 32];
    s.copy_from_slice(&honest[32..]);
    let mut cases = Vec::new();
    for excess in 0..19_u8 {
        for sign in [0, 0x80] {
            let mut y = [0xff; 32];
            y[0] = 0xed + excess;
            y[31] = 0x7f | sign;
            let name = |what| format!("{what} with y = p + {excess} and sign {}", sign >> 7);
            cases.push(Case { name: name("a key"), key: y, message: message.clone(), signature: honest });
            let key = *secret.public().as_bytes();
            cases.push(Case { name: name("R"), key, message: message.clone(), signature: joined(y, s) });
        }
    }
    let mut one_with_sign = [0; 32];
    (one_with_sign[0], one_with_sign[31]) = (1, 0x80);
    let mut two = [0; 32];
    two[0] = 2;
    for (name, bytes) in
        [("the identity with the sign of x set", one_with_sign), ("y = 2, which is no point", two)]
    {
        cases.push(Case {
            name: format!("a key: {name}"),
            key: bytes,
            message: message.clone(),
            signature: honest,
        });
        let key = *secret.public().as_bytes();
        cases.push(Case {
            name: format!("R: {name}"),
            key,
            message: message.clone(),
            signature: joined(bytes, s),
        });
    }
    cases
}

/// Points that are the sum of an honest one and one of order 8. Rules with the cofactor accept all of these;
/// without it the parts of small order have to vanish by themselves.
fn mixed_order() -> Result<Vec<Case>, Failure> {
    let (a, r) = (scalar("mixed key"), scalar("mixed commitment"));
    let torsion = EIGHT_TORSION[1];
    let mut cases = Vec::new();
    let tables = [
        ("a key of mixed order", torsion, EdwardsPoint::default()),
        ("R of mixed order", EdwardsPoint::default(), torsion),
        ("key and R of mixed order", torsion, torsion),
    ];
    for (name, key_part, r_part) in tables {
        let key = (a * BASE + key_part).compress().to_bytes();
        let commitment = (r * BASE + r_part).compress().to_bytes();
        let mut of = |holds: bool| {
            let message = (0_u32..4_096).map(|count| count.to_le_bytes().to_vec()).find(|message| {
                let k = challenge(&commitment, &key, message);
                // s·B = R + k·A holds without the cofactor if the parts of small order add up to nothing.
                (r_part + k * key_part == EdwardsPoint::default()) == holds
            });
            let Some(message) = message else { return };
            let s = r + challenge(&commitment, &key, &message) * a;
            let holds = if holds { "the equation holds" } else { "it holds with the cofactor only" };
            cases.push(Case {
                name: format!("{name}: {holds}"),
                key,
                message,
                signature: joined(commitment, s.to_bytes()),
            });
        };
        of(true);
        of(false);
    }
    if cases.len() == 5 { Ok(cases) } else { Err("mixed orders gave another number of cases".into()) }
}
