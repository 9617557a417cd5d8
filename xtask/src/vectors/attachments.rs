//! Attachments: salt, label and content, and the hash of all of it; and BLAKE3 by itself.

use cohub_record::{Attachment, Scope, limits};
use serde_json::{Value as Json, json};

use super::{Failure, VectorFile, hex};

/// Bytes 0, 1, … 250, 0, 1, …: content of any length that need not be written out.
fn counting(length: usize) -> Vec<u8> {
    (0..=250).cycle().take(length).collect()
}

pub(super) fn file() -> Result<VectorFile, Failure> {
    let lengths = [
        0, 1, 2, 63, 64, 65, 127, 128, 1_023, 1_024, 1_025, 2_047, 2_048, 2_049, 3_072, 3_073, 4_096, 4_097,
        5_120, 6_145, 8_192, 8_193, 16_384, 31_744,
    ];
    let hash = |length: usize| json!({ "length": length, "blake3": hex(blake3::hash(&counting(length)).as_bytes()) });

    let label = |name: &str, media_type: &str, length| attachment(name, media_type, length);
    let names = [
        label("a", "text/plain", 0)?,
        label("feasibility study.pdf", "application/pdf", 3_000)?,
        label(&"ö".repeat(127), "application/vnd.oasis.opendocument.spreadsheet", 20_000)?,
    ];
    // The greatest that travels with its record, and one byte more.
    let preamble = attachment("plan.md", "text/markdown", 0)?.preamble().len();
    let greatest = usize::try_from(limits::TRAVELLING_BYTES)? - preamble;
    let edges =
        [label("plan.md", "text/markdown", greatest)?, label("plan.md", "text/markdown", greatest + 1)?];
    let case = |attachment: &Attachment| {
        let descriptor = attachment.descriptor(Scope::Members);
        json!({
            "salt": hex(&attachment.salt),
            "name": attachment.name.as_str(),
            "media_type": attachment.media_type.as_str(),
            "content_length": attachment.content.len(),
            "preamble": hex(&attachment.preamble()),
            "size_bytes": descriptor.size_bytes,
            "hash": descriptor.hash.to_string(),
            "travels": descriptor.travels(),
        })
    };
    let refused: [(&str, &[u8], &str); 8] = [
        ("no whole salt", &[1; 31], ""),
        ("no label", &[1; 32], ""),
        ("an empty name", &[1; 32], "826061ff"),
        ("a name and no media type", &[1; 32], "816161"),
        ("a label of three texts", &[1; 32], "83616161616161"),
        ("a length in two bytes where one is enough", &[1; 32], "8278016161 61"),
        ("a name that is no UTF-8", &[1; 32], "8261ff6161"),
        ("a control character in the name", &[1; 32], "8261076161"),
    ];
    let mut refusals = Vec::new();
    for (why, salt, label) in refused {
        let bytes = format!("{}{}", hex(salt), label.replace(' ', ""));
        if Attachment::split(&unhex(&bytes)?).is_ok() {
            return Err(format!("an attachment that should be refused was read: {why}").into());
        }
        refusals.push(json!({ "hex": bytes, "why": why }));
    }
    Ok(VectorFile {
        name: "attachments.json",
        about: "BLAKE3 and attachments (Protocol 2). Content is the bytes 0, 1, … 250, 0, 1, … of the given length.",
        lists: vec![
            ("blake3", lengths.map(hash).to_vec()),
            ("cases", names.iter().chain(&edges).map(case).collect::<Vec<Json>>()),
            ("refused", refusals),
        ],
    })
}

fn attachment(name: &str, media_type: &str, length: usize) -> Result<Attachment, Failure> {
    let salt = *blake3::hash(name.as_bytes()).as_bytes();
    Ok(Attachment { salt, name: name.parse()?, media_type: media_type.parse()?, content: counting(length) })
}

fn unhex(text: &str) -> Result<Vec<u8>, Failure> {
    (0..text.len()).step_by(2).map(|at| Ok(u8::from_str_radix(&text[at..at + 2], 16)?)).collect()
}
