//! Words for single records and for evidence.

use std::path::PathBuf;

use clap::Subcommand;

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Record {
    /// Records, newest last
    List {
        /// Only of this kind, as in ballot
        #[arg(long)]
        kind: Option<String>,
        /// Only of this author: did:key:…
        #[arg(long)]
        author: Option<cohub_record::PublicKey>,
        /// At most so many
        #[arg(long, value_name = "N", default_value_t = 50)]
        limit: usize,
    },
    /// One record, decoded and raw, with its verdict and what cites it
    Show {
        /// A prefix or the whole id
        record: String,
    },
    /// Verify a file that holds a record; needs no node
    Verify {
        /// The file
        file: PathBuf,
    },
    /// Write a record's bytes into a file
    Export {
        /// A prefix or the whole id
        record: String,
        /// The file to write
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Hand files with records to this node
    Import {
        /// The files, in the order of their records
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
}

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Evidence {
    /// Keys that signed two records for one place, and decisions that contradict each other
    List,
    /// Both records of a proof, or both certificates of a dispute, verified from their bytes
    Show {
        /// A prefix or the whole id of one of them, or of the key; of a dispute one of its motions
        proof: String,
    },
}
