//! Words for the committee, the charter and the registry.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Committee {
    /// Seats, who votes for each, and whose tellers count
    Show,
}

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Charter {
    /// The charter in force, in by-law words
    Show,
    /// Check a charter file: every rule in by-law words, or every fault with its line
    Check {
        /// The file, TOML
        file: PathBuf,
    },
}

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Registry {
    /// Hubs, applications and the head that equal nodes share
    Show,
    /// Write the registry into a file
    Export {
        /// json: everything; csv: hubs
        #[arg(long, value_enum, default_value = "json")]
        format: Format,
        /// The file to write; stdout where it is not said
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

/// Formats of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Everything.
    Json,
    /// Hubs, one a line.
    Csv,
}
