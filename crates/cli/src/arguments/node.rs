//! Words for the node itself: `demo`, `init`, `up`, `service`, `config`, `store`, `token`, `completion`,
//! `man`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use cohub_record::{Slug, Text};
use cohub_web::tokens::Scope;

use super::parsed;
use crate::cities::read_degrees;

/// Runs a network of real nodes on loopback: founded, a hub admitted, a node killed and restarted, proved.
#[derive(Debug, Clone, Args)]
pub(crate) struct Demo {
    /// Nodes in all, the applicant's included
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(5..=107))]
    pub(crate) hubs: u16,
    /// The first of the loopback ports; free ones are taken where it is not said
    #[arg(long, value_name = "P")]
    pub(crate) port: Option<u16>,
    /// Where to put the nodes' directories; they are kept
    #[arg(long, value_name = "D")]
    pub(crate) dir: Option<PathBuf>,
    /// End when the story is told, instead of leaving the nodes up
    #[arg(long)]
    pub(crate) once: bool,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Agenda {
    /// As a calendar (RFC 5545) for other programs: `cohub agenda --ics > agenda.ics`
    #[arg(long)]
    pub(crate) ics: bool,
    /// Tell of it by mail or webhook now, as the settings notice_… say
    #[arg(long, conflicts_with = "ics")]
    pub(crate) send: bool,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Init {
    /// The hub's short name, as commands use it: a-z, 0-9 and hyphens
    #[arg(long, value_parser = parsed::<Slug>)]
    pub(crate) slug: Slug,
    /// The hub's name
    #[arg(long, value_parser = parsed::<Text<120>>)]
    pub(crate) name: Text<120>,
    /// Its city
    #[arg(long, value_parser = parsed::<Text<120>>)]
    pub(crate) city: Text<120>,
    /// Its country: two capital letters of ISO 3166-1
    #[arg(long, value_name = "ISO2", value_parser = country)]
    pub(crate) country: Text<2>,
    /// Latitude in degrees; known for many cities
    #[arg(long, requires = "lon", allow_hyphen_values = true, value_parser = parsed_degrees)]
    pub(crate) lat: Option<i32>,
    /// Longitude in degrees; known for many cities
    #[arg(long, requires = "lat", allow_hyphen_values = true, value_parser = parsed_degrees)]
    pub(crate) lon: Option<i32>,
}

fn parsed_degrees(text: &str) -> Result<i32, String> {
    read_degrees(text).map_err(|error| error.why)
}

fn country(text: &str) -> Result<Text<2>, String> {
    let capitals = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase());
    if capitals { parsed(text) } else { Err("two capital letters, as in AT or BR".to_owned()) }
}

/// Runs the node in the foreground. It prints one line once it answers, and logs to stderr.
#[derive(Debug, Clone, Args)]
pub(crate) struct Up {
    /// An address to listen on, as a multiaddress; once for each
    #[arg(long, value_name = "ADDR")]
    pub(crate) listen: Vec<String>,
    /// A peer to stay connected with, as a multiaddress that ends in /p2p/…; once for each
    #[arg(long, value_name = "ADDR")]
    pub(crate) peer: Vec<String>,
    /// Have nothing to do with addresses off this machine
    #[arg(long)]
    pub(crate) loopback_only: bool,
    /// What to log, as in `info` or `cohub_node=debug`
    #[arg(long, value_name = "FILTER")]
    pub(crate) log: Option<String>,
    /// Where to show the registry to the world, read-only, as in 0.0.0.0:8080
    #[arg(long, value_name = "ADDR:PORT")]
    pub(crate) public_listen: Option<String>,
    /// Another setting, as in `cache_mib=64`; once for each
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(crate) settings: Vec<String>,
    /// End when standard input closes, so that no node outlives the program that started it
    #[arg(long)]
    pub(crate) attached: bool,
    /// Serve the pages too, in the same process
    #[arg(long)]
    pub(crate) ui: bool,
    /// Where to serve the pages: 127.0.0.1 and a port; elsewhere they take TLS and a login
    #[arg(long, value_name = "ADDR:PORT", requires = "ui", default_value = cohub_web::DEFAULT_LISTEN)]
    pub(crate) ui_listen: String,
}

/// Serves the pages: what is due from you, who is in, how every vote stands.
///
/// Prints an address that opens them once, within an hour, in a browser of this machine, and opens it where
/// there is a desktop. Where the pages are served already it prints a new address of them and ends.
#[derive(Debug, Clone, Args)]
pub(crate) struct Ui {
    /// Only print the address, open no browser
    #[arg(long)]
    pub(crate) print: bool,
    /// Make the login of pages that other machines reach, in the place of the one before, and end
    #[arg(long, conflicts_with = "print")]
    pub(crate) new_login: bool,
    /// Where to serve the pages: 127.0.0.1 and a port; elsewhere they take TLS and a login
    #[arg(long, value_name = "ADDR:PORT", default_value = cohub_web::DEFAULT_LISTEN)]
    pub(crate) listen: String,
}

/// Tokens for programs that read the API or the metrics; none can sign
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Token {
    /// Make one; it is shown this once
    Create {
        /// Its name
        #[arg(long, value_name = "NAME")]
        label: String,
        /// What it opens: read, metrics or operate
        #[arg(long, value_parser = str::parse::<Scope>)]
        scope: Scope,
    },
    /// Those that there are
    List,
    /// Take one back; it opens nothing from then on
    Revoke {
        /// Its name
        label: String,
    },
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Doctor {
    /// Say that this directory was moved or restored and is the only one that signs with its keys
    ///
    /// A node that finds its directory copied or put back signs nothing, because two directories with the
    /// same keys would sign two records for one place. Say this only where no other copy will ever run.
    #[arg(long)]
    pub(crate) moved: bool,
}

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Config {
    /// Every setting in force
    Show {
        /// Say where each value comes from
        #[arg(long)]
        origin: bool,
    },
    /// One setting
    Get {
        /// The setting
        key: String,
    },
    /// Write a setting into this home's config.toml
    Set {
        /// The setting
        key: String,
        /// Its value: TOML, or plain text
        value: String,
    },
}

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Store {
    /// Read every record and check it against its id
    Check,
    /// Write all records into plain files
    Export {
        /// The directory to write into
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
    /// Build the store anew from its export segments
    Rebuild,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Completion {
    /// The shell
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Man {
    /// Write a page a command into this directory, instead of the first page to stdout
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Service {
    /// A service of this user, also where root asks
    #[arg(long, global = true)]
    pub(crate) user: bool,
    #[command(subcommand)]
    pub(crate) what: Servicing,
}

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Servicing {
    /// Have the machine start the node of this home by itself
    ///
    /// Root installs a service of the machine, which runs as the owner of the home; everybody else one of their own.
    Install {
        /// Serve the pages in the node's process too
        #[arg(long)]
        ui: bool,
        /// Show the unit that would be written, and write nothing
        #[arg(long)]
        print: bool,
    },
    /// Stop the node, and take it from what the machine starts
    Uninstall,
    /// Start the node, and wait until it answers
    Start,
    /// Stop the node
    Stop,
    /// Whether it is installed, runs and answers
    Status,
    /// What the node said, from the journal
    Logs {
        /// So many lines, the latest ones
        #[arg(long, short = 'n', value_name = "N", default_value_t = 100)]
        lines: u32,
        /// Go on as more is said, until interrupted
        #[arg(long, short)]
        follow: bool,
    },
}
