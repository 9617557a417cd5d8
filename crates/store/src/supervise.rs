//! A scan under supervision: the table is read on one thread and what was read is checked on another,
//! so that a table that stops answering cannot hang the caller, and neither waits for the other's work.

use std::ops::ControlFlow;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use cohub_record::PublicKey;

use crate::scan::{Damage, Scan, Stored, Totals, check_record};
use crate::walk::{At, Met, Table, walk};
use crate::watchdog::{Lost, caught};

/// Bytes of records handed over at once: enough to make the hand-over cheap, few enough to keep memory
/// small.
const BATCH_BYTES: usize = 256 * 1024;
/// Batches waiting for the next hand.
const WAITING: usize = 4;

/// What a walk met, in order, not checked yet. The records' bytes lie one after another.
#[derive(Default)]
struct Batch {
    bytes: Vec<u8>,
    /// Records, with where their bytes end.
    records: Vec<(At, usize)>,
    damaged: Vec<Damage>,
}

/// A batch and the authors of its good records; the others are among its damaged ones.
struct Checked {
    batch: Batch,
    authors: Vec<Option<PublicKey>>,
}

/// Walks `table`, checks each record against its id, and hands the good ones to `visit` on this thread.
/// Waits at most `limit` for each batch.
pub(crate) fn scan<T>(
    table: T,
    limit: Duration,
    visit: &mut dyn FnMut(Stored<'_>),
) -> Result<(Scan, Totals), Lost>
where
    T: Table + Send + 'static,
{
    let (met, to_check) = mpsc::sync_channel(WAITING);
    let (checked, to_visit) = mpsc::sync_channel(WAITING);
    let reader = spawn("store read", move || read_all(&table, &met))?;
    let checker = spawn("store check", move || check_all(&to_check, &checked))?;
    let mut report = Scan::default();
    loop {
        match to_visit.recv_timeout(limit) {
            Ok(checked) => hand_out(checked, &mut report, visit),
            Err(RecvTimeoutError::Timeout) => return Err(Lost::Stuck),
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    let totals = joined(reader)?;
    joined(checker)?;
    Ok((report, totals))
}

fn spawn<A: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> A + Send + 'static,
) -> Result<JoinHandle<Result<A, String>>, Lost> {
    let spawned = thread::Builder::new().name(name.to_owned()).spawn(move || caught(work));
    spawned.map_err(|why| Lost::Panicked(format!("no thread could be started: {why}")))
}

fn joined<A>(thread: JoinHandle<Result<A, String>>) -> Result<A, Lost> {
    let ended = thread.join().unwrap_or_else(|_| Err("a thread ended without a word".to_owned()));
    ended.map_err(Lost::Panicked)
}

/// Sends everything the walk meets; returns what was there in all.
fn read_all<T: Table>(table: &T, met: &SyncSender<Batch>) -> Totals {
    let mut totals = Totals::default();
    let mut batch = Batch::default();
    let whole = walk(table, &mut |met_now| {
        match met_now {
            Met::Record { at, bytes } => {
                totals.add(&at.1.id);
                batch.bytes.extend_from_slice(bytes.as_ref());
                batch.records.push((at, batch.bytes.len()));
            }
            Met::Region { after, before, why } => batch.damaged.push(Damage::Region { after, before, why }),
        }
        if batch.bytes.len() < BATCH_BYTES {
            return ControlFlow::Continue(());
        }
        let next = Batch { bytes: Vec::with_capacity(batch.bytes.len()), ..Batch::default() };
        // A caller that gave up has dropped its end.
        met.send(std::mem::replace(&mut batch, next)).map_or(ControlFlow::Break(()), ControlFlow::Continue)
    });
    if whole.is_continue() {
        let _ = met.send(batch);
    }
    totals
}

/// Checks batch after batch until one side hangs up.
fn check_all(to_check: &Receiver<Batch>, checked: &SyncSender<Checked>) {
    // A log's records follow each other, so the key parsed last is mostly the next one.
    let mut last = None;
    for mut batch in to_check {
        let mut authors = Vec::with_capacity(batch.records.len());
        let mut start = 0;
        for ((author, place), end) in &batch.records {
            let good =
                check_record(author, *place, &batch.bytes[start..*end]).and_then(|()| key(author, last));
            if let Err(why) = &good {
                batch.damaged.push(Damage::Record { author: *author, place: *place, why: why.clone() });
            }
            last = good.as_ref().ok().copied().or(last);
            authors.push(good.ok());
            start = *end;
        }
        if checked.send(Checked { batch, authors }).is_err() {
            return;
        }
    }
}

/// The author's key, parsed unless it is `last`.
fn key(author: &[u8; 32], last: Option<PublicKey>) -> Result<PublicKey, String> {
    match last {
        Some(last) if last.as_bytes() == author => Ok(last),
        _ => PublicKey::from_bytes(*author).map_err(|why| why.to_string()),
    }
}

fn hand_out(checked: Checked, report: &mut Scan, visit: &mut dyn FnMut(Stored<'_>)) {
    let Checked { batch, authors } = checked;
    let mut start = 0;
    for (((_, place), end), author) in batch.records.into_iter().zip(authors) {
        if let Some(author) = author {
            visit(Stored { author, place, bytes: &batch.bytes[start..end] });
            report.records += 1;
        }
        start = end;
    }
    report.damaged.extend(batch.damaged);
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    /// A table that never answers, as a damaged store can be.
    struct Silent;

    impl Table for Silent {
        type Bytes = Vec<u8>;

        fn entries(&self, _: &[u8]) -> impl Iterator<Item = Result<(Vec<u8>, Vec<u8>), String>> {
            std::iter::from_fn(|| {
                thread::sleep(Duration::from_secs(2));
                None
            })
        }
    }

    #[test]
    fn a_silent_table_does_not_hang_the_caller() {
        let began = Instant::now();
        let outcome = scan(Silent, Duration::from_millis(20), &mut |_| ());
        assert_eq!(outcome, Err(Lost::Stuck));
        assert!(began.elapsed() < Duration::from_secs(2));
    }
}
