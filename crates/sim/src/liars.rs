//! Liars.

use crate::queue::Message;
use crate::world::World;

impl World {
    pub(crate) fn scheme(&mut self, _liar: usize) {}

    pub(crate) fn tamper(&mut self, _from: usize, _to: usize, message: Message) -> Option<Message> {
        Some(message)
    }
}
