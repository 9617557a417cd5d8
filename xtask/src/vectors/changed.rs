//! A valid certificate file with something changed: each change makes it invalid, and is found as what it is.

use cohub_record::{Id, Record, Value};
use cohub_registry::certificate::verify;
use serde_json::{Value as Json, json};

use super::certificates::Decided;
use super::{Failure, hex};

/// One change of a file: bytes taken out and others put in at a place.
struct Change {
    name: String,
    at: usize,
    remove: usize,
    insert: Vec<u8>,
}

/// Changes of a valid file, each of which makes it invalid; and another network pinned.
pub(super) fn changed(decided: &Decided) -> Result<Vec<Json>, Failure> {
    let golden = decided.encode();
    let mut cases = Vec::new();
    for change in changes(decided, &golden)? {
        let mut bytes = golden.clone();
        bytes.splice(change.at..change.at + change.remove, change.insert.iter().copied());
        let fault = verify(&bytes, None).err().ok_or_else(|| format!("{}: was found valid", change.name))?;
        cases.push(json!({
            "name": change.name, "of": decided.name, "fault": fault.word(),
            "at": change.at, "remove": change.remove, "insert": hex(&change.insert),
        }));
    }
    let network = verify(&golden, None)?.network.parse::<Id>()?;
    let other = Id::from_bytes(*blake3::hash(b"another network").as_bytes());
    for (name, pin) in [("its own network is pinned", network), ("another network is pinned", other)] {
        let fault = verify(&golden, Some(pin)).err().map(|error| error.word());
        cases.push(json!({ "name": name, "of": decided.name, "pin": hex(pin.as_bytes()), "fault": fault }));
    }
    Ok(cases)
}

fn changes(decided: &Decided, golden: &[u8]) -> Result<Vec<Change>, Failure> {
    let change = |name: &str, at, remove, insert: &[u8]| Change {
        name: name.to_owned(),
        at,
        remove,
        insert: insert.to_vec(),
    };
    // The file begins: array, label, id of the motion, outcome, array of records.
    let (label, motion) = (1, 22);
    let outcome = motion + 34;
    let records = outcome + 1 + decided.outcome.as_str().len();
    let first = records + 1;
    let bytes: Vec<&Record> = decided.records.values().collect();
    let (one, two) = (whole(bytes[0])?, whole(bytes[1])?);
    // Less than 24 records: their number stands in the array's first byte.
    let count = golden[records];
    let hub = Id::from_bytes([7; 32]);
    let mut changes = vec![
        change("five fields", 0, 1, &[0x85]),
        change("a length of fields in two bytes", 0, 1, &[0x98, 0x04]),
        change("fields of indefinite length", 0, 1, &[0x9f]),
        change("another label", label + 20, 1, b"2"),
        change("the label as bytes", label, 1, &[0x54]),
        change("the label's length in two bytes", label, 1, &[0x78, 0x14]),
        change("the motion's id in 31 bytes", motion, 3, &[0x58, 0x1f]),
        change("the motion's id as text", motion, 1, &[0x78]),
        change("a motion that is not there", motion + 2, 32, hub.as_bytes()),
        change("a ballot for the motion", motion + 2, 32, kind(decided, "ballot")?.as_bytes()),
        change("the founding record for the motion", motion + 2, 32, kind(decided, "founding")?.as_bytes()),
        change("the outcome rejected", outcome, 8, &Value::Text("rejected".to_owned()).encode()),
        change("the outcome inquorate", outcome, 8, &Value::Text("inquorate".to_owned()).encode()),
        change("an outcome of nothing known", outcome, 8, &Value::Text("accepted".to_owned()).encode()),
        change("an outcome with a capital letter", outcome + 1, 1, b"A"),
        change("one record more than there are", records, 1, &[count + 1]),
        change("one record less than there are", records, 1, &[count - 1]),
        change("the number of records in two bytes", records, 1, &[0x98, count & 0x1f]),
        change("records of indefinite length", records, 1, &[0x9f]),
        change(
            "the first two records in the other order",
            first,
            one.len() + two.len(),
            &[two.clone(), one.clone()].concat(),
        ),
        change(
            "the first record twice",
            records,
            1 + one.len(),
            &[vec![count + 1], one.clone(), one.clone()].concat(),
        ),
        change("the first record left out", records, 1 + one.len(), &[count - 1]),
        change("an empty record in front", records, 1, &[count + 1, 0x40]),
        change("the first record as text", first, 1, &[golden[first] | 0x20]),
        change("a byte after the end", golden.len(), 0, &[0]),
        change("the last byte is missing", golden.len() - 1, 1, &[]),
        change("nothing at all", 0, golden.len(), &[]),
        change("a record alone", 0, golden.len(), bytes[0].bytes()),
    ];
    // A flipped bit in the author, signature and header of records throughout the file.
    let mut at = first;
    for (number, record) in bytes.iter().enumerate() {
        let start = at + whole(record)?.len() - record.bytes().len();
        for offset in [0, 40, 90, 100, record.bytes().len() - 1] {
            let flipped = golden[start + offset] ^ (1 << (number % 8));
            changes.push(change(
                &format!("a bit of record {}, byte {offset}", number + 1),
                start + offset,
                1,
                &[flipped],
            ));
        }
        at += whole(record)?.len();
    }
    Ok(changes)
}

/// The item that a record is in the file.
fn whole(record: &Record) -> Result<Vec<u8>, Failure> {
    Ok(Value::Bytes(record.bytes().to_vec()).encode())
}

fn kind(decided: &Decided, kind: &str) -> Result<Id, Failure> {
    let found = decided.records.values().find(|record| record.header().kind == kind);
    Ok(found.ok_or("no record of that kind")?.id())
}
