//! The node as a state machine: one input, one time, a list of outputs.
//!
//! **Invariant**: nothing here waits, reads a clock, opens a socket or a file. The daemon and the
//! simulator drive the same code and execute the same outputs.

mod records;

pub use records::{ReadError, Records};
