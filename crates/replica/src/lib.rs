//! The node as a state machine: one input, one time, a list of outputs.
