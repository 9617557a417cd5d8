//! Certificates as files: written from a registry, read back, and refused with any byte changed.
#![expect(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::collections::BTreeMap;

use cohub_record::{Id, Record, Value};
use cohub_registry::certificate::{CertificateError, Verified, verify};
use cohub_registry::{Kind, Outcome, Registry};

/// Golden certificates by name.
fn golden() -> BTreeMap<String, Vec<u8>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/certificates.json");
    let text = std::fs::read_to_string(path).expect("the vectors are there");
    let file: serde_json::Value = serde_json::from_str(&text).expect("they are JSON");
    let hex = |text: &str| -> Vec<u8> {
        let digits = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).expect("hex");
        (0..text.len()).step_by(2).map(digits).collect()
    };
    let cases = file["valid"].as_array().expect("cases");
    cases
        .iter()
        .map(|case| (case["name"].as_str().unwrap().to_owned(), hex(case["hex"].as_str().unwrap())))
        .collect()
}

fn one(name: &str) -> Vec<u8> {
    golden().remove(name).expect(name)
}

/// The motion and the records of a file, in order of place.
fn contents(bytes: &[u8]) -> (Id, Vec<Record>) {
    let Ok(Value::Array(fields)) = Value::decode(bytes) else { panic!("a certificate is an array") };
    let (Value::Bytes(motion), Value::Array(records)) = (&fields[1], &fields[3]) else {
        panic!("{fields:?}")
    };
    let record = |value: &Value| match value {
        Value::Bytes(bytes) => Record::verify(bytes).expect("authentic"),
        other => panic!("{other:?}"),
    };
    let mut records: Vec<Record> = records.iter().map(record).collect();
    records.sort_by_key(Record::place);
    (Id::from_bytes(motion.as_slice().try_into().expect("an id")), records)
}

fn registry(records: &[Record]) -> Registry {
    let founding =
        records.iter().find(|record| record.header().network.is_none()).expect("a founding record");
    let mut registry = Registry::found(founding).expect("it founds a network");
    for record in records {
        registry.insert(record).expect("its log is there");
    }
    registry
}

fn export(registry: &Registry, motion: &Id, records: &[Record]) -> Result<Vec<u8>, CertificateError> {
    registry.export(motion, &mut |author, place| {
        let found = records.iter().find(|record| record.author() == *author && record.place() == place);
        found.map(|record| record.bytes().to_vec())
    })
}

#[test]
fn a_registry_exports_the_certificate_that_it_was_read_from() {
    for (name, bytes) in golden() {
        let (motion, records) = contents(&bytes);
        assert_eq!(export(&registry(&records), &motion, &records), Ok(bytes), "{name}");
    }
}

#[test]
fn later_records_and_needless_returns_stay_out_of_the_file() {
    // The certificate of the newcomer's applicant holds the four returns of the admission before it.
    let bytes = one("an applicant of the admitted hub");
    let (_, records) = contents(&bytes);
    let registry = registry(&records);
    let decided: Vec<Id> = registry.view().motions.iter().filter(|m| m.is_final).map(|m| m.id).collect();
    assert_eq!(decided.len(), 4, "three stages of one hub and the first of another");
    for motion in decided {
        let file = export(&registry, &motion, &records).expect("it is final");
        let found = verify(&file, Some(registry.network())).expect("it is valid");
        assert_eq!(found.motion, motion);
        assert_eq!(found.tellers.iter().filter(|teller| teller.returned.is_some()).count(), 3);
    }
}

#[test]
fn a_provisional_motion_has_no_certificate_and_names_the_tellers() {
    let (motion, records) = contents(&one("adopted"));
    let returns: Vec<&Record> =
        records.iter().filter(|record| record.header().kind == Kind::Return.as_str()).collect();
    let without = |count: usize| {
        let left_out: Vec<Id> = returns.iter().take(count).map(|record| record.id()).collect();
        records.iter().filter(|record| !left_out.contains(&record.id())).cloned().collect::<Vec<_>>()
    };
    for count in 1..=3 {
        let held = without(count);
        let Err(CertificateError::Provisional { returned, needed, silent }) =
            export(&registry(&held), &motion, &held)
        else {
            panic!("{count} returns are missing");
        };
        assert_eq!((returned, needed, silent.len()), (3 - count, 3, 1 + count));
        assert_eq!(silent.last().map(String::as_str), Some("İstanbul Hub"));
    }
    let none = Id::from_bytes([0; 32]);
    assert_eq!(export(&registry(&records), &none, &records), Err(CertificateError::NoMotion(none)));
}

#[test]
fn a_record_that_cannot_be_read_is_named() {
    let (motion, records) = contents(&one("adopted"));
    let registry = registry(&records);
    let lost = &records[5];
    let others: Vec<Record> = records.iter().filter(|record| *record != lost).cloned().collect();
    assert_eq!(export(&registry, &motion, &others), Err(CertificateError::Unreadable(lost.id())));
    let damaged = registry.export(&motion, &mut |_, _| Some(lost.bytes().to_vec()));
    assert!(matches!(damaged, Err(CertificateError::Unreadable(_))), "{damaged:?}");
}

#[test]
fn the_explanation_tells_a_layman_all_of_it() {
    let expected = [
        "Commons of Hubs (net1",
        "adopted the motion rec1",
        "Ankara Hub (hub1",
        "\"Initiative\"",
        "At least two thirds of the yes and no votes must be yes",
        "Vienna Hub yes, Amsterdam Hub yes, Hub São Paulo no, İstanbul Hub yes",
        "3 of 4 votes cast are yes, at least two thirds needed: met, with none to spare",
        "3 of 4 tellers returned this outcome, 3 had to, and even if 1 of the 4 had lied",
        "in which order",
        "Not proved is calendar time",
        "signatures are not part of this file",
    ];
    let Verified { explanation, .. } = verify(&one("an admission"), None).expect("it is valid");
    for part in expected {
        assert!(explanation.contains(part), "{part:?} is not in {explanation:?}");
    }
    let forked = verify(&one("a voter who signed yes and no"), None).expect("it is valid");
    assert!(forked.explanation.contains("a key of Hub São Paulo (did:key:"), "{}", forked.explanation);
    let alone = verify(&one("a founder alone"), None).expect("it is valid");
    assert!(alone.explanation.contains("every one has to be honest"), "{}", alone.explanation);
    let inquorate = verify(&one("inquorate"), None).expect("it is valid");
    assert!(inquorate.explanation.contains("reached no decision (inquorate)"), "{}", inquorate.explanation);
}

#[test]
fn json_has_the_fields_that_scripts_rely_on() {
    let verified = verify(&one("a voter who signed yes and no"), None).expect("it is valid");
    let json = serde_json::to_value(&verified).expect("it is JSON");
    assert_eq!(json["valid"], true);
    assert_eq!(json["outcome"], Outcome::Adopted.as_str());
    assert_eq!(json["forks"].as_array().map(Vec::len), Some(1));
    for field in ["network", "motion", "explanation", "tally", "tellers"] {
        assert!(!json[field].is_null(), "{field}");
    }
}

#[test]
fn every_truncation_is_refused() {
    for (name, bytes) in golden() {
        for length in 0..bytes.len() {
            let fault = verify(&bytes[..length], None).expect_err(&name);
            assert_eq!(fault.word(), "file", "{name}, {length} bytes");
        }
    }
}

/// Every bit of a small certificate, every byte of a larger one with three masks, and bytes throughout the others.
#[test]
fn every_changed_byte_is_refused() {
    let golden = golden();
    let all_bits: Vec<u8> = (0..8).map(|bit| 1 << bit).collect();
    let mut work: Vec<(&str, &[u8], usize, u8)> = Vec::new();
    for (name, bytes) in &golden {
        let (step, masks): (usize, &[u8]) = match name.as_str() {
            "a founder alone" => (1, &all_bits),
            "adopted" => (1, &[0x01, 0x80, 0xff]),
            "rejected" | "inquorate" => (3, &[0x10]),
            _ => (61, &[0x04]),
        };
        for at in (0..bytes.len()).step_by(step) {
            work.extend(masks.iter().map(|mask| (name.as_str(), bytes.as_slice(), at, *mask)));
        }
    }
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for part in 0..threads {
            let mine = work.iter().skip(part).step_by(threads);
            scope.spawn(move || {
                for (name, bytes, at, mask) in mine {
                    let mut changed = bytes.to_vec();
                    changed[*at] ^= mask;
                    assert!(verify(&changed, None).is_err(), "{name}, byte {at}, mask {mask:#04x}");
                }
            });
        }
    });
}
