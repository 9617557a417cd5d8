//! Membership as a W3C verifiable credential (VC Data Model 2.0), signed by the cryptosuite `eddsa-jcs-2022`.
//!
//! A certificate proves a decision; a credential is what somebody says of the registry, with their signature. See
//! docs/adr for who says it and why.

use cohub_record::SecretKey;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

/// The context that every credential of the data model begins with.
const CONTEXT: &str = "https://www.w3.org/ns/credentials/v2";

/// What is said of a hub.
pub(crate) struct Membership<'a> {
    /// The network: `net1…`, and its name.
    pub(crate) network: [&'a str; 2],
    /// The hub's id, slug, name, city and country.
    pub(crate) hub: [&'a str; 5],
    /// The hub's controller, `did:key:…`.
    pub(crate) controller: String,
    /// Since when it is a co-owner, RFC 3339.
    pub(crate) since: Option<String>,
    /// The motion that admitted it; none for a founder.
    pub(crate) admission: Option<String>,
    /// The head of the registry in which this was seen.
    pub(crate) head: &'a str,
    /// The hub in whose name the signer speaks.
    pub(crate) issuer_hub: &'a str,
    /// From when and until when the signer stands by it, RFC 3339.
    pub(crate) valid: [String; 2],
}

/// The credential without a proof.
fn unsecured(membership: &Membership<'_>, issuer: &str) -> Value {
    let [network, network_name] = membership.network;
    let [id, slug, name, city, country] = membership.hub;
    let [from, until] = &membership.valid;
    let mut subject = json!({
        "id": membership.controller,
        "type": "CohubHub",
        "hub": id,
        "slug": slug,
        "name": name,
        "city": city,
        "country": country,
        "memberOf": { "network": network, "name": network_name },
        "status": "co-owner",
    });
    let mut evidence = json!({ "type": ["CohubRegistry"], "registryHead": membership.head });
    let optional =
        [(&mut subject, "since", &membership.since), (&mut evidence, "admission", &membership.admission)];
    for (object, field, value) in optional {
        if let (Some(object), Some(value)) = (object.as_object_mut(), value) {
            object.insert(field.to_owned(), Value::String(value.clone()));
        }
    }
    json!({
        "@context": [CONTEXT, { "@vocab": "urn:cohub:terms:" }],
        "type": ["VerifiableCredential", "CohubMembershipCredential"],
        "issuer": { "id": issuer, "hub": membership.issuer_hub },
        "validFrom": from,
        "validUntil": until,
        "credentialSubject": subject,
        "evidence": [evidence],
    })
}

/// The credential, signed.
pub(crate) fn signed(membership: &Membership<'_>, secret: &SecretKey) -> Value {
    let issuer = secret.public().to_string();
    let method = method(&issuer);
    secured(unsecured(membership, &issuer), &method, &membership.valid[0], secret)
}

/// The key of a `did:key` as a method of verification.
fn method(did: &str) -> String {
    format!("{did}#{}", did.strip_prefix("did:key:").unwrap_or(did))
}

/// A document with its proof: vc-di-eddsa, section 3.3.
fn secured(mut document: Value, method: &str, created: &str, secret: &SecretKey) -> Value {
    let mut proof = json!({
        "@context": document.get("@context"),
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "created": created,
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    });
    let signature = secret.sign(&hashed(&document, &proof));
    let value = format!("z{}", bs58::encode(signature.as_bytes()).into_string());
    if let Some(proof) = proof.as_object_mut() {
        proof.insert("proofValue".to_owned(), Value::String(value));
    }
    if let Some(document) = document.as_object_mut() {
        document.insert("proof".to_owned(), proof);
    }
    document
}

/// What is signed: the hash of the proof's options, then the hash of the document.
fn hashed(document: &Value, options: &Value) -> [u8; 64] {
    let mut bytes = [0; 64];
    let (first, second) = bytes.split_at_mut(32);
    first.copy_from_slice(&Sha256::digest(canonical(options)));
    second.copy_from_slice(&Sha256::digest(canonical(document)));
    bytes
}

/// The canonical form of RFC 8785, for documents without numbers: these have none.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(fields) => object(fields),
        Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        other => other.to_string(),
    }
}

fn object(fields: &Map<String, Value>) -> String {
    let mut fields: Vec<(&String, &Value)> = fields.iter().collect();
    fields.sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
    let field =
        |(name, value): (&String, &Value)| format!("{}:{}", Value::String(name.clone()), canonical(value));
    format!("{{{}}}", fields.into_iter().map(field).collect::<Vec<_>>().join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The example of the W3C's recommendation vc-di-eddsa, appendix B.2.
    #[test]
    fn the_example_of_the_recommendation_comes_out_as_it_stands_there() {
        let document = json!({
            "@context": [CONTEXT, "https://www.w3.org/ns/credentials/examples/v2"],
            "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
            "type": ["VerifiableCredential", "AlumniCredential"],
            "name": "Alumni Credential",
            "description": "A minimum viable example of an Alumni Credential.",
            "issuer": "https://vc.example/issuers/5678",
            "validFrom": "2023-01-01T00:00:00Z",
            "credentialSubject": { "id": "did:example:abcdefgh", "alumniOf": "The School of Examples" },
        });
        let seed = bs58::decode("3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq").into_vec().unwrap();
        // Two bytes say that an Ed25519 secret follows.
        let secret = SecretKey::from_seed(seed[2..].try_into().unwrap());
        let issuer = secret.public().to_string();
        assert_eq!(issuer, "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2");
        let secured = secured(document.clone(), &method(&issuer), "2023-02-24T23:36:38Z", &secret);
        let mut options = secured["proof"].clone();
        options.as_object_mut().unwrap().remove("proofValue");
        assert_eq!(
            hex(&hashed(&document, &options)),
            "66ab154f5c2890a140cb8388a22a160454f80575f6eae09e5a097cabe539a1db\
             59b7cb6251b8991add1ce0bc83107e3db9dbbab5bd2c28f687db1a03abc92f19"
        );
        assert_eq!(
            secured["proof"]["proofValue"],
            "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX"
        );
    }

    #[test]
    fn fields_stand_in_the_order_of_utf_16() {
        let value = json!({ "\u{fb33}": "a\u{1f}\"\n", "\u{1f600}": [], "b": { "B": "ü", "A": null } });
        assert_eq!(
            canonical(&value),
            "{\"b\":{\"A\":null,\"B\":\"ü\"},\"\u{1f600}\":[],\"\u{fb33}\":\"a\\u001f\\\"\\n\"}"
        );
    }

    #[test]
    fn a_credential_has_no_number_and_names_its_issuer() {
        fn numbers(value: &Value) -> usize {
            match value {
                Value::Number(_) => 1,
                Value::Array(items) => items.iter().map(numbers).sum(),
                Value::Object(fields) => fields.values().map(numbers).sum(),
                _ => 0,
            }
        }
        let membership = Membership {
            network: ["net1x", "Commons"],
            hub: ["hub1x", "sao-paulo", "São \"Paulo\" Hub", "São Paulo", "BR"],
            controller: "did:key:z6Mkx".to_owned(),
            since: Some("2025-01-01T00:00:00Z".to_owned()),
            admission: Some("rec1x".to_owned()),
            head: "00",
            issuer_hub: "hub1y",
            valid: ["2026-01-01T00:00:00Z", "2026-01-31T00:00:00Z"].map(str::to_owned),
        };
        let secret = SecretKey::from_seed(&[3; 32]);
        let credential = signed(&membership, &secret);
        let vector: Value =
            serde_json::from_str(include_str!("../../../tests/vectors/credentials/membership.json")).unwrap();
        assert_eq!(credential, vector, "a second implementation signed the same");
        assert_eq!(numbers(&credential), 0);
        assert_eq!(credential["issuer"]["id"], secret.public().to_string());
        let founder = signed(&Membership { admission: None, since: None, ..membership }, &secret);
        assert_eq!(founder["evidence"][0].get("admission"), None);
        assert_ne!(founder["proof"]["proofValue"], credential["proof"]["proofValue"]);
    }
}
