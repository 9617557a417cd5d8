//! Ids and keys as people write them.

use cohub_record::{Id, PublicKey};
use serde_json::json;

use super::{Failure, VectorFile, hex, network::secret};

pub(super) fn file() -> Result<VectorFile, Failure> {
    let hashed = |number: u8| *blake3::hash(&[number]).as_bytes();
    let ids = [[0; 32], [0xff; 32], [7; 32], hashed(1), hashed(2), hashed(3)];
    let written = ids.map(|bytes| {
        let id = Id::from_bytes(bytes);
        json!({
            "bytes": hex(&bytes),
            "record": id.to_record_text(),
            "hub": id.to_hub_text(),
            "network": id.to_network_text(),
        })
    });

    let good = Id::from_bytes(hashed(1)).to_record_text();
    let last = if good.ends_with('q') { "p" } else { "q" };
    let refused = [
        (String::new(), "nothing"),
        (format!("{}{last}", &good[..good.len() - 1]), "a wrong last letter"),
        (good[..good.len() - 1].to_owned(), "a letter is missing"),
        (format!("{good}q"), "a letter too many"),
        (format!("hub{}", &good[3..]), "another prefix than the checksum's"),
        (format!("{}{}", &good[..10], good[10..].to_uppercase()), "capital and small letters mixed"),
        (format!(" {good}"), "a space before it"),
        (bech32_text::<bech32::Bech32m>("key", &hashed(1))?, "a prefix of nothing known"),
        (bech32_text::<bech32::Bech32>("rec", &hashed(1))?, "the checksum of bech32 instead of bech32m"),
        (bech32_text::<bech32::Bech32m>("rec", &hashed(1)[..31])?, "31 bytes"),
        (spare_bits_text(&hashed(1))?, "ones in the four bits to spare of the last letter"),
        (hex(&hashed(1)[..31]), "62 hexadecimal digits"),
        (format!("+{}", &hex(&hashed(1))[1..]), "a sign among hexadecimal digits"),
    ];
    let refused = refused.map(|(text, why)| json!({ "text": text, "why": why }));

    let keys = ["vienna", "amsterdam", "ankara"].map(|hub| secret(hub, "controller").public());
    let dids = keys.iter().map(|key| json!({ "key": hex(key.as_bytes()), "text": key.to_string() }));
    let did = keys[0].to_string();
    let coded = |prefix: &[u8], bytes: &[u8]| {
        format!("did:key:z{}", bs58::encode([prefix, bytes].concat()).into_string())
    };
    let key = keys[0].as_bytes();
    let refused_dids = [
        (did.replace("did:key:", ""), "without did:key:"),
        (did.replace("did:key:z", "did:key:"), "without the letter of base58"),
        (did.replace("did:key:z", "did:key:z0"), "a letter that base58 does not have"),
        (coded(&[0xec, 0x01], key), "a key for another purpose (X25519)"),
        (coded(&[0xed, 0x01], &key[..31]), "31 bytes"),
        (coded(&[0xed], key), "half of the code of Ed25519"),
        (coded(&[0xed, 0x01], &[0; 32]), "a weak key"),
    ];
    for (text, why) in &refused_dids {
        if text.parse::<PublicKey>().is_ok() {
            return Err(format!("a key that should be refused was read: {why}").into());
        }
    }
    let refused_dids = refused_dids.map(|(text, why)| json!({ "text": text, "why": why }));

    Ok(VectorFile {
        name: "ids.json",
        about: "Ids as bech32m and keys as did:key, as people write them.",
        lists: vec![
            ("ids", written.to_vec()),
            ("refused_ids", refused.to_vec()),
            ("keys", dids.collect()),
            ("refused_keys", refused_dids.to_vec()),
        ],
    })
}

fn bech32_text<Checksum: bech32::Checksum>(prefix: &str, bytes: &[u8]) -> Result<String, Failure> {
    Ok(bech32::encode::<Checksum>(bech32::Hrp::parse(prefix)?, bytes)?)
}

/// The text of an id whose last letter before the checksum says more than the id's last four bits.
fn spare_bits_text(bytes: &[u8]) -> Result<String, Failure> {
    use bech32::primitives::iter::{ByteIterExt as _, Fe32IterExt as _};
    let prefix = bech32::Hrp::parse("rec")?;
    let mut letters: Vec<bech32::Fe32> = bytes.iter().copied().bytes_to_fes().collect();
    let last = letters.pop().ok_or("an id has letters")?;
    letters.push(bech32::Fe32::try_from(last.to_u8() | 1)?);
    Ok(letters.into_iter().with_checksum::<bech32::Bech32m>(&prefix).chars().collect())
}
