//! The daemon as a library: driver, configuration, keystore, shutdown, and the client of its socket.

pub mod api;
pub mod backup;
mod client;
pub mod clock;
pub mod daemon;
mod error;
pub mod hex;
mod home;
pub mod identity;
pub mod keystore;
pub mod maintenance;
pub mod network;
pub mod outbox;
pub mod sealing;
pub mod settings;
pub mod write;

pub use client::Client;
pub use error::NodeError;
pub use home::Home;
pub use keystore::Passphrase;
pub use settings::Settings;
