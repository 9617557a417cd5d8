//! Threads that do nothing but decode what came from the network and check its signatures: as many as there are
//! cores, so that a burst makes no crowd of threads, each with parsed keys and memory of its own.

use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use cohub_record::KeyCache;
use tokio::sync::Semaphore;

/// Checks that may wait or be under way; what comes behind waits in the network's own bounds.
const AT_A_TIME: usize = 32;
/// More cores than these are left to the rest of the node.
const THREADS_MAX: usize = 8;

type Check = Box<dyn FnOnce(&mut KeyCache) + Send>;

/// Gives the threads work; they end when it is dropped.
pub(crate) struct Checks {
    work: Sender<Check>,
    room: Arc<Semaphore>,
}

impl Checks {
    /// Starts the threads.
    ///
    /// # Errors
    /// If the system starts no thread.
    pub(crate) fn start() -> std::io::Result<Self> {
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        let (work, waiting) = channel();
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..cores.min(THREADS_MAX) {
            let waiting = Arc::clone(&waiting);
            std::thread::Builder::new().name("check".to_owned()).spawn(move || run(&waiting))?;
        }
        Ok(Self { work, room: Arc::new(Semaphore::new(AT_A_TIME)) })
    }

    /// Has a check done; waits while there is no room for it.
    pub(crate) async fn add(&self, check: impl FnOnce(&mut KeyCache) + Send + 'static) {
        let Ok(permit) = Arc::clone(&self.room).acquire_owned().await else { return };
        let check = move |keys: &mut KeyCache| {
            check(keys);
            drop(permit);
        };
        // The threads outlive every panic of a check, so somebody is there to take it.
        let _ = self.work.send(Box::new(check));
    }
}

fn run(waiting: &Mutex<Receiver<Check>>) {
    let mut keys = KeyCache::default();
    loop {
        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(check) = next else { return };
        // A fault in one check costs that check alone, and the keys that it may have left half parsed.
        if catch_unwind(AssertUnwindSafe(|| check(&mut keys))).is_err() {
            tracing::error!("a check of what a peer sent ended badly; what it sent is dropped");
            keys = KeyCache::default();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn a_check_that_panics_costs_neither_room_nor_threads() {
        let checks = Checks::start().unwrap();
        let done = Arc::new(AtomicUsize::new(0));
        for number in 0..10 * AT_A_TIME {
            let done = Arc::clone(&done);
            let check = move |_: &mut KeyCache| {
                assert!(number % 2 == 0, "on purpose");
                done.fetch_add(1, Ordering::Relaxed);
            };
            checks.add(check).await;
        }
        let all = u32::try_from(AT_A_TIME).unwrap();
        let _every_permit = Arc::clone(&checks.room).acquire_many_owned(all).await.unwrap();
        assert_eq!(done.load(Ordering::Relaxed), 5 * AT_A_TIME);
    }
}
