//! Words for peers and synchronisation.

use std::time::Duration;

use clap::Subcommand;

use crate::when::read_duration;

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Peer {
    /// Known nodes and whether they are connected
    List,
    /// One node: every address with the last error
    Show {
        /// Its hub's slug, or its key or a prefix of it
        peer: String,
    },
    /// Dial an address and stay connected
    Add {
        /// The address: /ip4/…/tcp/…/p2p/…
        address: String,
    },
    /// Have nothing to do with a node any more
    Block {
        /// Its hub's slug, or its key or a prefix of it
        peer: String,
    },
}

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Sync {
    /// Whether this node has what its peers have
    Status,
    /// Wait until a comparison with a peer ends with nothing missing
    Wait {
        /// How long at the most
        #[arg(long, value_name = "DURATION", default_value = "30 s", value_parser = read_duration)]
        timeout: Duration,
    },
    /// What is missing here, which records wait for it, and how each peer compares
    Explain,
}
