//! One turn of the replica: what it learned so far while it handles one input, and what it wants done.

use std::sync::Arc;

use cohub_record::{Place, PublicKey, Record};

use crate::input::RequestId;
use crate::output::{Answer, Event, Output};
use crate::wire::{Request, Response};
use crate::{ReadError, Records, ReplicaError, Ticket};

/// Collects outputs. Whatever is to be stored comes out first, as one batch.
pub(crate) struct Turn<'a> {
    /// Time that never goes back: whatever waits, waits by it.
    pub(crate) now_ms: u64,
    /// What the clock shows: for dates, and for whatever people and peers are told.
    pub(crate) clock_ms: u64,
    records: &'a dyn Records,
    stored: Vec<Record>,
    outputs: Vec<Output>,
}

impl<'a> Turn<'a> {
    pub(crate) fn new(now_ms: u64, clock_ms: u64, records: &'a dyn Records) -> Self {
        Self { now_ms, clock_ms, records, stored: Vec::new(), outputs: Vec::new() }
    }

    /// The bytes of a held record; none where it is held but not yet durable.
    pub(crate) fn read(&self, author: &PublicKey, place: Place) -> Result<Option<Arc<[u8]>>, ReadError> {
        match self.stored.iter().find(|record| record.id() == place.id) {
            Some(record) => Ok(Some(Arc::clone(record.bytes()))),
            None => self.records.read(author, place),
        }
    }

    /// The view of what is durable.
    pub(crate) fn records(&self) -> &'a dyn Records {
        self.records
    }

    /// Whether anything of this turn is still to be stored.
    pub(crate) fn stores(&self) -> bool {
        !self.stored.is_empty()
    }

    pub(crate) fn store(&mut self, record: Record) {
        self.stored.push(record);
    }

    pub(crate) fn output(&mut self, output: Output) {
        self.outputs.push(output);
    }

    pub(crate) fn event(&mut self, event: Event) {
        self.outputs.push(Output::Event(event));
    }

    pub(crate) fn send(&mut self, peer: PublicKey, id: RequestId, request: Request) {
        self.outputs.push(Output::Send { peer, id, request });
    }

    pub(crate) fn respond(&mut self, peer: PublicKey, id: RequestId, response: Response) {
        self.outputs.push(Output::Respond { peer, id, response });
    }

    pub(crate) fn acknowledge(&mut self, ticket: Ticket, result: Result<Answer, ReplicaError>) {
        self.outputs.push(Output::Acknowledge { ticket, result });
    }

    /// The outputs, in order: persist before send.
    pub(crate) fn finish(self) -> Vec<Output> {
        if self.stored.is_empty() {
            return self.outputs;
        }
        let mut outputs = Vec::with_capacity(self.outputs.len() + 1);
        outputs.push(Output::Persist { records: self.stored });
        outputs.extend(self.outputs);
        outputs
    }
}
