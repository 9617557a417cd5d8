//! The words of the command line. Their explanations here are what `--help` and the man pages say.

mod access;
mod charter;
mod deciding;
mod dossier;
mod identity;
mod network;
mod node;
mod records;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use cohub_record::BodyError;

pub(crate) use access::*;
pub(crate) use charter::*;
pub(crate) use deciding::*;
pub(crate) use dossier::*;
pub(crate) use identity::*;
pub(crate) use network::*;
pub(crate) use node::*;
pub(crate) use records::*;

use crate::when::read_duration;

/// Networks of hubs without a centre: who is in, at which stage, decided by whom.
///
/// Each hub runs a node. People write signed records, nodes exchange them, and every node computes the
/// same registry from them. `cohub demo` shows all of it on this machine in a minute.
#[derive(Debug, Parser)]
#[command(name = "cohub", version, propagate_version = true, arg_required_else_help = true)]
#[command(
    after_help = "Exit codes: 0 done, 1 failed, 2 usage, 3 not found, 4 key or permission, 5 refused by a rule,\n\
                        6 saved but not yet on any peer, 7 node not running, 8 verification failed, 130 interrupted."
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Everywhere")]
pub(crate) struct Global {
    /// The node's directory: configuration, keys, records, socket
    #[arg(long, global = true, env = "COHUB_HOME", value_name = "DIR", hide_env_values = true)]
    pub(crate) home: Option<PathBuf>,
    /// Answer in JSON, with a versioned schema
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Say nothing on stderr but errors
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// Read the keystore's passphrase from the first line of a file
    #[arg(long, global = true, env = "COHUB_PASSPHRASE_FILE", value_name = "FILE", hide_env_values = true)]
    pub(crate) passphrase_file: Option<PathBuf>,
}

/// Options of every command that signs a record.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Signing")]
pub(crate) struct Signing {
    /// The key to sign with, where several of the keystore could
    #[arg(long, value_name = "LABEL")]
    pub(crate) key: Option<String>,
    /// How long to wait for a first peer to hold the record
    #[arg(long, value_name = "DURATION", default_value = "3 s", value_parser = read_duration)]
    pub(crate) wait: Duration,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show a whole network on this machine: founded, voted in, killed, restarted, proved
    Demo(Demo),
    /// Begin a hub in this directory: its keys, and recovery words to write down
    Init(Init),
    /// Run the node in the foreground, until it is interrupted
    Up(Up),
    /// The node as a service of this machine, under systemd
    Service(Service),
    /// How this node is: network, peers, records, warnings
    Status,
    /// Check everything that a host can put right, and say how
    Doctor(Doctor),
    /// What is due from you, by when, and who waits for it
    Agenda(Agenda),
    /// The pages of this network, in a browser of this machine
    Ui(Ui),
    /// Tokens for programs that read the API or the metrics
    #[command(subcommand)]
    Token(Token),
    /// Found a network, join one, invite somebody
    #[command(subcommand)]
    Network(Network),
    /// Hubs of the network: list them, report your year, sponsor a newcomer
    #[command(subcommand)]
    Hub(Hub),
    /// People of your hub and what they may do
    #[command(subcommand)]
    Person(Person),
    /// Keys in this directory
    #[command(subcommand)]
    Key(Key),
    /// Applications for co-ownership
    #[command(subcommand)]
    Application(Application),
    /// Documents of a dossier
    #[command(subcommand)]
    Document(Document),
    /// Reviews of an application
    #[command(subcommand)]
    Review(Review),
    /// Interviews with an applicant
    #[command(subcommand)]
    Interview(Interview),
    /// Sign an admission, or the network's manifesto
    Sign(Sign),
    /// Motions: what the committee is asked, and how the vote stands
    #[command(subcommand)]
    Motion(Motion),
    /// Vote on a motion; the last vote before the deadline counts
    Vote(Vote),
    /// The committee in office
    #[command(subcommand)]
    Committee(Committee),
    /// The charter: how this network decides
    #[command(subcommand)]
    Charter(Charter),
    /// Proofs of decisions, in files that need no node
    #[command(subcommand)]
    Certificate(Certificate),
    /// Minutes of a motion: question, effect, rule, roll call, tellers
    Minutes(Minutes),
    /// The registry: who is in, at which stage
    #[command(subcommand)]
    Registry(Registry),
    /// Single signed records
    #[command(subcommand)]
    Record(Record),
    /// Other nodes, and how they are reached
    #[command(subcommand)]
    Peer(Peer),
    /// Whether this node has what the others have
    #[command(subcommand)]
    Sync(Sync),
    /// Proofs that a key signed two records for one place
    #[command(subcommand)]
    Evidence(Evidence),
    /// Settings and where each comes from
    #[command(subcommand)]
    Config(Config),
    /// The store on disk, while the node is down
    #[command(subcommand)]
    Store(Store),
    /// A completion script for a shell
    Completion(Completion),
    /// Manual pages
    Man(Man),
}

impl Command {
    /// Whether the command ends itself on an interrupt, with care for what it started.
    pub(crate) const fn ends_itself(&self) -> bool {
        matches!(self, Self::Demo(_) | Self::Up(_))
    }
}

/// Reads a word of the protocol, a slug or another text with rules, for clap.
pub(crate) fn parsed<T: std::str::FromStr<Err = BodyError>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error: BodyError| error.why)
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, Parser as _};

    /// The words of a command line in a document, without a comment, a prompt, or where its output goes.
    fn words(line: &str) -> Vec<String> {
        let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
        for letter in line.chars().chain([' ']) {
            match (letter, quote) {
                ('"' | '\'', None) => quote = Some(letter),
                (_, Some(open)) if open == letter => quote = None,
                (' ', None) if word.is_empty() => {}
                (' ', None) => words.push(std::mem::take(&mut word)),
                _ => word.push(letter),
            }
        }
        let end = words.iter().position(|word| word == "#" || word == ">").unwrap_or(words.len());
        words.truncate(end);
        words
    }

    #[test]
    fn every_command_in_the_documents_is_understood() {
        let documents = [
            include_str!("../../../README.md"),
            include_str!("../../../docs/OPERATING.md"),
            include_str!("../../../config/charter.toml"),
        ];
        let mut read = 0;
        for line in documents.into_iter().flat_map(str::lines) {
            let command = line.trim_start_matches('#').strip_prefix("    ").map(str::trim_start);
            let Some(command) = command.filter(|command| command.starts_with("cohub ")) else { continue };
            let parsed = super::Cli::try_parse_from(words(command));
            assert!(parsed.is_ok(), "{command}: {}", parsed.unwrap_err());
            read += 1;
        }
        assert!(read > 30, "{read} commands were found");
    }

    #[test]
    fn the_command_tree_is_sound() {
        super::Cli::command().debug_assert();
    }
}
