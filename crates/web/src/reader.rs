//! Who reads what is made now: the people whom the node's host let in, or anybody at the public listener.
//!
//! It goes with the request and not through every function that draws. Nothing depends on it for keeping a
//! secret: what strangers may not see is not in the picture that their pages are made from (`world.rs`).

tokio::task_local! {
    static READER: Reader;
}

/// Whoever reads.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader {
    /// Whether it is anybody, from anywhere.
    pub(crate) stranger: bool,
}

impl Reader {
    /// Makes an answer for this reader.
    pub(crate) async fn answered<T>(self, answer: impl Future<Output = T>) -> T {
        READER.scope(self, answer).await
    }
}

/// Whether what is made now is for strangers.
pub(crate) fn is_stranger() -> bool {
    READER.try_with(|reader| reader.stranger).unwrap_or_default()
}
