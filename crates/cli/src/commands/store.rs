//! `cohub store`: the records on disk, looked after while the node is down.

use std::path::Path;

use cohub_node::{Home, maintenance};
use serde_json::json;

use crate::arguments::Store;
use crate::context::Context;
use crate::exit::{Error, Exit};
use crate::output::Answer;
use crate::prose::{DIM, GREEN, RED, counted, harmless, styled};
use crate::table::pairs;

pub(crate) fn run(context: &Context, store: Store) -> Result<Answer, Error> {
    let home = context.home()?;
    match store {
        Store::Check => check(&home),
        Store::Export { out } => export(&home, &out),
        Store::Rebuild => rebuild(&home),
    }
}

/// Reads everything and compares it with its hashes.
fn check(home: &Home) -> Result<Answer, Error> {
    let report = maintenance::store_check(home)?;
    let mut faults: Vec<String> = Vec::new();
    let records = match &report.store {
        Ok(scan) => {
            faults.extend(scan.damaged.iter().map(ToString::to_string));
            scan.records
        }
        Err(error) => {
            faults.push(error.to_string());
            0
        }
    };
    faults.extend(report.suspicion.iter().map(ToString::to_string));
    faults.extend(report.segments.damaged.iter().map(ToString::to_string));
    faults.extend(
        report.missing_in_store.iter().map(|id| format!("{id} is in the export, and not in the store")),
    );
    faults.extend(report.attachments.damaged.iter().map(|hash| format!("attachment {hash} has other bytes")));
    let sound = report.is_sound();
    let fields = json!({
        "sound": sound,
        "records": records,
        "attachments": report.attachments.good,
        "exported": report.segments.records,
        "not_exported_yet": report.missing_in_segments.len(),
        "faults": faults,
    });
    let mut text = pairs(&[
        ("records", format!("{records}, each as its id says")),
        ("attachments", format!("{}, each as its hash says", report.attachments.good)),
        (
            "exported",
            format!("{} in {}", report.segments.records, counted(size(report.segments.segments), "segment")),
        ),
    ]);
    for fault in &faults {
        text.push_str(&format!("{} {}\n", styled(RED, "✘"), harmless(fault)));
    }
    text.push_str(&if sound {
        styled(GREEN, "Nothing is damaged, lost or suspicious.")
    } else {
        styled(
            DIM,
            "What peers have comes back by itself; `cohub store rebuild` makes a new store from the export.",
        )
    });
    Ok(Answer::new("store.check", &fields, text)?.ending(if sound { Exit::Done } else { Exit::Verification }))
}

fn export(home: &Home, out: &Path) -> Result<Answer, Error> {
    let segments = maintenance::store_export(home, out)?;
    let text = format!(
        "{} in {}: all records that this node exported.",
        counted(size(segments), "segment"),
        out.display()
    );
    Answer::new("store.export", &json!({ "path": out, "segments": segments }), text)
}

fn rebuild(home: &Home) -> Result<Answer, Error> {
    let (rebuilt, old) = maintenance::store_rebuild(home)?;
    let left_out: Vec<String> = rebuilt.left_out.iter().map(ToString::to_string).collect();
    let mut text = format!(
        "{} in a new store, each verified anew. The old directory is kept: {}\n",
        counted(size(rebuilt.records), "record"),
        old.display()
    );
    for one in &left_out {
        text.push_str(&format!("{} left out: {}\n", styled(RED, "✘"), harmless(one)));
    }
    text.push_str("The latest records may be missing from it, so nothing is signed here until you say\n`cohub doctor --moved`, once peers have been asked: start the node, and see `cohub sync wait`.");
    let fields = json!({ "records": rebuilt.records, "left_out": left_out, "old": old });
    Answer::new("store.rebuild", &fields, text)
}

fn size(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}
