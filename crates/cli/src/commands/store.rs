//! store
use crate::{arguments, context::Context, exit::Error, output::Answer};
pub(crate) fn run(_c: &Context, _d: arguments::Store) -> Result<Answer, Error> {
    Err(Error::failed("not yet"))
}
