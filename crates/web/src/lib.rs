//! The pages and the JSON API that the people of a hub open on their own machine.
//!
//! **Invariant**: this crate decides nothing and holds no state of its own. It reads pictures of the
//! registry that the node answers over its socket, and what a person signs is signed in this process, with
//! that person's key, for one act.
//!
//! **Invariant**: nothing is answered to whom the node's host did not let in. A one-time code, printed in
//! the terminal, becomes a cookie; host, origin and fetch site are checked on every request. Strangers are shown what is the world's, by a listener of its own where the host wants one.

mod access;
mod api;
mod assets;
mod codes;
mod doorway;
mod error;
mod events;
mod language;
pub mod login;
mod metrics;
mod node;
mod pages;
mod place;
mod places;
mod reader;
mod respond;
mod seen;
mod server;
mod signing;
mod snapshot;
pub mod spreadsheet;
mod tls;
pub mod tokens;
mod uploads;
mod words;
mod world;

pub use error::WebError;
pub use place::{public_address, running};
pub use server::{DEFAULT_LISTEN, Server};
pub use world::Public;
