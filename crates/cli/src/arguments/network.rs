//! Words for networks and the hubs in them.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};
use cohub_record::Text;

use super::{Signing, parsed};
use crate::when::read_duration;

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Network {
    /// Your hub's card: what the founders need of it to write the founding record
    Card {
        /// Where others reach your node, as a multiaddress; once for each
        #[arg(long = "address", value_name = "ADDR")]
        addresses: Vec<String>,
        /// Write it into a file instead of stdout
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Write the founding record from the founders' cards: name, charter, manifesto, committee
    Found {
        /// The network's name
        #[arg(long)]
        name: String,
        /// The charter, a TOML file; `cohub charter check` says whether it can work
        #[arg(long, value_name = "FILE")]
        charter: PathBuf,
        /// The manifesto, a text file
        #[arg(long, value_name = "FILE")]
        manifesto: PathBuf,
        /// Seats of the first committee, taken by the first cards; the largest of 4, 7, 10, 13 that fits
        #[arg(long, value_name = "N")]
        seats: Option<usize>,
        /// The register of a network that is there already: a CSV with columns slug, city, iso2, lat, lon, and name
        ///
        /// Its hubs that have no card are invited: each takes up its claim later, with keys of its own
        #[arg(long, value_name = "CSV")]
        register: Option<PathBuf>,
        /// Write it into a file instead of stdout
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// The founders' cards
        #[arg(required = true, value_name = "CARD")]
        cards: Vec<PathBuf>,
    },
    /// Join a network: as a founder by its file, as a newcomer by an invite
    Join {
        /// The network's file, or an invite: cohubinvite1…
        #[arg(value_name = "FILE|INVITE")]
        network: String,
    },
    /// The network that this node is in
    Info,
    /// An invite for a newcomer: good for one knock at this node's door
    Invite {
        /// For how long it is good
        #[arg(long, value_name = "DURATION", default_value = "7 days", value_parser = read_duration)]
        valid: Duration,
    },
}

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Hub {
    /// All hubs, and newcomers at this node's door
    List,
    /// One hub: status, lineage, people, reports
    Show {
        /// Slug, short prefix or whole id
        hub: String,
    },
    /// Report a year of your hub; the latest report of a year counts
    Report {
        /// The year
        #[arg(value_parser = clap::value_parser!(u16).range(1900..=9999))]
        year: u16,
        #[command(flatten)]
        figures: Figures,
    },
    /// The same as `report`, with the year as an option
    Profile {
        /// The year
        #[arg(long, value_parser = clap::value_parser!(u16).range(1900..=9999))]
        year: u16,
        #[command(flatten)]
        figures: Figures,
    },
    /// Vouch for a newcomer: from then on every node keeps its records
    Sponsor {
        /// Its slug at this node's door, or its controller key (did:key:…)
        newcomer: String,
        /// Records that it may write on its way in; as many as the charter allows
        #[arg(long, value_name = "N")]
        records: Option<u64>,
        #[command(flatten)]
        signing: Signing,
    },
    /// Membership as a W3C verifiable credential, signed by a representative of your hub
    ///
    /// A statement of whoever signs it, for programs that read such credentials. What proves a decision to anybody
    /// is its certificate: `cohub certificate export`.
    Credential(Credential),
    /// Leave the network with your hub, for good
    Withdraw {
        #[command(flatten)]
        signing: Signing,
    },
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Figures {
    /// Members of the hub
    #[arg(long)]
    pub(crate) members: u32,
    /// Events held
    #[arg(long)]
    pub(crate) events: u32,
    /// Ventures started
    #[arg(long)]
    pub(crate) ventures: u32,
    /// Jobs in them
    #[arg(long)]
    pub(crate) jobs: u32,
    /// The hub's name in that year, where it was another
    #[arg(long, value_parser = parsed::<Text<120>>)]
    pub(crate) name: Option<Text<120>>,
    /// Its city in that year, where it was another
    #[arg(long, value_parser = parsed::<Text<120>>)]
    pub(crate) city: Option<Text<120>>,
    #[command(flatten)]
    pub(crate) signing: Signing,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Credential {
    /// The co-owner: slug, short prefix or whole id
    pub(crate) hub: String,
    /// For how many days you stand by it; nobody can call it back
    #[arg(long, value_name = "DAYS", default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=366))]
    pub(crate) days: u16,
    /// The key to sign with, where several of the keystore could
    #[arg(long, value_name = "LABEL")]
    pub(crate) key: Option<String>,
    /// The file to write; stdout where it is not said
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}
