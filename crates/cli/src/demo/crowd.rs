//! Several things at once, not too many.

use std::future::Future;

use crate::exit::Error;

/// Processes that run at a time.
const AT_ONCE: usize = 8;

/// Runs a future for each item, some at a time; answers in the order of the items, or the first error.
pub(super) async fn together<I, F, T>(
    items: impl IntoIterator<Item = I>,
    act: impl Fn(I) -> F,
) -> Result<Vec<T>, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    use futures::stream::{self, StreamExt as _, TryStreamExt as _};
    stream::iter(items).map(act).buffered(AT_ONCE).try_collect().await
}
