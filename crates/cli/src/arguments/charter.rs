//! Words for the committee, the charter and the registry.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use cohub_record::Slug;

use super::parsed;

use super::Signing;

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Committee {
    /// Seats, who votes for each, and whose tellers count
    Show,
    /// Accept a seat on the next committee: grant a fresh teller's key, which your node makes and keeps
    ///
    /// A teller's key serves one committee only, so a hub says this before each committee that it is to sit on,
    /// and before the motion that seats it is opened. Said twice it changes nothing. The key counts once that
    /// committee is in office; when a later one follows, your node hands over by itself and erases the key.
    Accept {
        #[command(flatten)]
        signing: Signing,
    },
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
    /// What each rule takes with so many hubs present and abstaining
    ///
    /// Counted by what counts motions, in whole numbers: `cohub charter simulate --hubs 107 --present 61 --abstain 8`.
    Simulate {
        /// A charter file, TOML; the charter in force where none is named
        #[arg(long, value_name = "FILE")]
        charter: Option<PathBuf>,
        #[command(flatten)]
        supposing: Supposing,
    },
}

/// A vote as one imagines it.
#[derive(Debug, Clone, Args)]
pub(crate) struct Supposing {
    /// Hubs or seats on the roll
    #[arg(long, value_name = "COUNT")]
    pub(crate) hubs: u32,
    /// Of these, how many vote yes, no or abstain; everybody who has not recused where it is not said
    #[arg(long, value_name = "COUNT")]
    pub(crate) present: Option<u32>,
    /// Of the present, how many abstain
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    pub(crate) abstain: u32,
    /// How many step out beside them, for a conflict of interest
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    pub(crate) recuse: u32,
    /// Only this rule
    #[arg(long, value_parser = parsed::<Slug>)]
    pub(crate) rule: Option<Slug>,
}

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Registry {
    /// Hubs, applications and the head that equal nodes share
    Show,
    /// The registry as it was: as of a date, or as those had it who decided a motion
    ///
    /// As of a date: decisions whose date (the lower median of the tellers' returns that prove them) is not later,
    /// with all that they rest on, and other records by their authors' clocks. As of a motion: what its certificate
    /// holds, and nothing else.
    At {
        /// A date (2026-11-24, or with a time 2026-11-24T18:00:00Z), a time ago (`3 days`), or a decided motion
        #[arg(value_name = "DATE|MOTION")]
        when: String,
    },
    /// What changed between two times
    Diff {
        /// As for `registry at`
        #[arg(value_name = "FROM")]
        from: String,
        /// The same; now where it is not said
        #[arg(value_name = "TO")]
        to: Option<String>,
    },
    /// Who brought whom into the network, from the founders on
    Sprouts,
    /// Write the registry into a file
    Export {
        /// json: everything; csv: a line for each hub; geojson: a point for each hub
        #[arg(long, value_enum, default_value = "json")]
        format: Format,
        /// As it was: a date or a motion, as for `registry at`
        #[arg(long, value_name = "DATE|MOTION")]
        at: Option<String>,
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
    /// Hubs, one a line (RFC 4180).
    Csv,
    /// Hubs, one a point (RFC 7946).
    Geojson,
}
