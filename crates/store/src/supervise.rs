//! A scan under supervision: the table is walked and checked on a thread of its own, so that a table
//! that stops answering cannot hang the caller.

use std::ops::ControlFlow;
use std::sync::mpsc::{self, RecvTimeoutError, SyncSender};
use std::thread;
use std::time::Duration;

use cohub_record::{Place, PublicKey};

use crate::scan::{Damage, Scan, Stored, Totals, check_record};
use crate::walk::{Joined, Met, Table, walk};
use crate::watchdog::{Lost, caught};

/// Records handed over at once: enough to make the hand-over cheap, few enough to keep memory small.
const BATCH: usize = 128;
/// Batches waiting for the caller.
const WAITING: usize = 4;

enum Found<B> {
    Good { author: PublicKey, place: Place, bytes: Joined<B> },
    Damaged(Damage),
}

/// Walks `table` on another thread, checks each record against its id, and hands the good ones to `visit`
/// on this one. Waits at most `limit` for each batch.
pub(crate) fn scan<T>(
    table: T,
    limit: Duration,
    visit: &mut dyn FnMut(Stored<'_>),
) -> Result<(Scan, Totals), Lost>
where
    T: Table + Send + 'static,
    T::Bytes: Send + 'static,
{
    let (sender, receiver) = mpsc::sync_channel(WAITING);
    let walker = thread::Builder::new()
        .name("store scan".to_owned())
        .spawn(move || caught(|| check_all(&table, &sender)))
        .map_err(|why| Lost::Panicked(format!("no thread could be started: {why}")))?;
    let mut report = Scan::default();
    loop {
        let batch: Vec<Found<T::Bytes>> = match receiver.recv_timeout(limit) {
            Ok(batch) => batch,
            Err(RecvTimeoutError::Timeout) => return Err(Lost::Stuck),
            Err(RecvTimeoutError::Disconnected) => break,
        };
        for found in batch {
            match found {
                Found::Good { author, place, bytes } => {
                    report.records += 1;
                    visit(Stored { author, place, bytes: bytes.as_ref() });
                }
                Found::Damaged(damage) => report.damaged.push(damage),
            }
        }
    }
    match walker.join() {
        Ok(Ok(totals)) => Ok((report, totals)),
        Ok(Err(panic)) => Err(Lost::Panicked(panic)),
        Err(_) => Err(Lost::Panicked("the scan ended without a word".to_owned())),
    }
}

/// Sends everything the walk meets, checked; returns what was there in all.
fn check_all<T: Table>(table: &T, sender: &SyncSender<Vec<Found<T::Bytes>>>) -> Totals {
    let mut totals = Totals::default();
    let mut last_author = None;
    let mut batch = Vec::with_capacity(BATCH);
    let whole = walk(table, &mut |met| {
        if let Met::Record { at, .. } = &met {
            totals.add(&at.1.id);
        }
        batch.push(check(met, &mut last_author));
        if batch.len() < BATCH {
            return ControlFlow::Continue(());
        }
        let full = std::mem::replace(&mut batch, Vec::with_capacity(BATCH));
        // A caller that gave up has dropped its end.
        sender.send(full).map_or(ControlFlow::Break(()), ControlFlow::Continue)
    });
    if whole.is_continue() {
        let _ = sender.send(batch);
    }
    totals
}

/// `last_author` keeps the key parsed last: a log's records follow each other.
fn check<B: AsRef<[u8]>>(met: Met<B>, last_author: &mut Option<PublicKey>) -> Found<B> {
    let ((author, place), bytes) = match met {
        Met::Record { at, bytes } => (at, bytes),
        Met::Region { after, before, why } => return Found::Damaged(Damage::Region { after, before, why }),
    };
    let damaged = |why| Found::Damaged(Damage::Record { author, place, why });
    if let Err(why) = check_record(&author, place, bytes.as_ref()) {
        return damaged(why);
    }
    let known = last_author.filter(|known| *known.as_bytes() == author);
    match known.map_or_else(|| PublicKey::from_bytes(author), Ok) {
        Ok(author) => {
            *last_author = Some(author);
            Found::Good { author, place, bytes }
        }
        Err(why) => damaged(why.to_string()),
    }
}
