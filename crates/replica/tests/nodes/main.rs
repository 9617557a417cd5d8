//! Nodes among themselves: replicas that exchange outputs through a small world in memory.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test says no by panicking")]

#[path = "../../../registry/tests/cast/mod.rs"]
mod cast;
mod world;

mod access;
mod clocks;
mod doors;
mod erasing;
mod fetching;
mod gossip;
mod keeping;
mod succession;
mod sync;
mod tellers;
mod writing;
