//! Bounded waiting: work that may hang or panic on a damaged store runs on a thread of its own.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// How work ended that did not answer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Lost {
    /// It gave no answer in time. Its thread lives on until the process ends.
    Stuck,
    /// It panicked, with this message.
    Panicked(String),
}

/// Runs `work` on a thread of its own and waits for its answer, at most `limit`.
pub(crate) fn within<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Lost> {
    let (answer, answered) = mpsc::sync_channel(1);
    let spawned = thread::Builder::new().name("store watchdog".to_owned()).spawn(move || {
        // The receiver may have given up; there is nobody else to tell.
        let _ = answer.send(caught(work));
    });
    if let Err(why) = spawned {
        return Err(Lost::Panicked(format!("no thread could be started: {why}")));
    }
    match answered.recv_timeout(limit) {
        Ok(outcome) => outcome.map_err(Lost::Panicked),
        Err(_) => Err(Lost::Stuck),
    }
}

/// Runs `work` and turns a panic into its message.
pub(crate) fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| message(panic.as_ref()))
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic without a message").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_a_panic_and_silence_are_told_apart() {
        let limit = Duration::from_secs(20);
        assert_eq!(within(limit, || 7), Ok(7));
        assert_eq!(within(limit, || panic!("page 3")).map(|()| 0), Err(Lost::Panicked("page 3".to_owned())));
        let (hold, held) = mpsc::channel::<()>();
        assert_eq!(within(Duration::from_millis(10), move || held.recv().is_ok()), Err(Lost::Stuck));
        drop(hold);
    }
}
