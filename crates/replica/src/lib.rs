//! The node as a state machine: one input, one time, a list of outputs.
//!
//! A driver reads sockets, files and the clock, turns what happens into [`Input`]s, calls
//! [`Replica::handle`] and executes the [`Output`]s in order. A simulation does the same with a world of
//! its own.
//!
//! **Invariant**: nothing here waits, reads a clock, opens a socket or a file. The daemon and the
//! simulator drive the same code and execute the same outputs.

mod access;
mod admission;
mod asking;
mod budget;
mod claims;
mod config;
mod door;
mod erasing;
mod error;
mod fetch;
mod gossip;
mod holding;
mod input;
mod jitter;
mod keeping;
mod knock;
mod ledger;
mod notes;
mod output;
mod page;
mod peers;
mod records;
mod recount;
mod replica;
mod rounds;
mod serve;
mod session;
mod steady;
mod submit;
mod sync;
mod teller;
mod tree;
mod turn;
mod waiting;
pub mod wire;
mod writing;

pub use config::{Config, Copies, Limits};
pub use door::Newcomer;
pub use error::ReplicaError;
pub use input::{FoundIn, Input, MessageId, Progress, RequestId, TellerKey, Ticket};
pub use output::{Acceptance, Answer, Event, Lease, Output};
pub use records::{ReadError, Records};
pub use replica::Replica;
