//! The node as a state machine: one input, one time, a list of outputs.
//!
//! **Invariant**: nothing here waits, reads a clock, opens a socket or a file. The daemon and the
//! simulator drive the same code and execute the same outputs.

mod config;
mod error;
mod input;
mod output;
mod records;
pub mod wire;

pub use config::{Config, Copies, Limits};
pub use error::ReplicaError;
pub use input::{FoundIn, Input, MessageId, Progress, RequestId, Ticket};
pub use output::{Acceptance, Answer, Event, Lease, Output};
pub use records::{ReadError, Records};
