//! Nodes among themselves: replicas that exchange outputs through a small world in memory.

#[path = "../../../registry/tests/cast/mod.rs"]
mod cast;
mod world;

mod gossip;
mod keeping;
mod sync;
mod tellers;
