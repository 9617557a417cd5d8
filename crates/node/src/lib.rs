//! The daemon as a library: driver, configuration, keystore, shutdown, and the client of its socket.

pub mod api;
