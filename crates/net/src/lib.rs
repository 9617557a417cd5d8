//! The only crate that names libp2p: behaviour, codec, swarm loop and a handle.
