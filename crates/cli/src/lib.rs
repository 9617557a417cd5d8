//! The command line of Cohub: arguments to calls, results to text or JSON.
//!
//! **Invariant**: nothing is decided here. Rules live in the registry, replication in the replica; a
//! command asks the node, signs with the person's key in its own process, and prints the answer.

mod arguments;
mod charter_words;
mod cities;
mod commands;
mod context;
mod credential;
mod csv;
mod demo;
mod exit;
mod ics;
mod minutes;
mod notices;
mod output;
mod passphrase;
mod prose;
mod ready;
mod register;
mod seen;
mod table;
mod when;
mod write;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

use arguments::Cli;
use context::Context;
use exit::{Error, Exit};

/// The whole command tree, for completions, man pages and tests.
#[must_use]
pub fn command() -> clap::Command {
    Cli::command()
}

/// Runs the command that the process was started with, prints its answer, and says how it went.
#[must_use]
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let context = Context::new(cli.global);
    let ended = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::failed(format!("no runtime could be started: {error}")))
        .and_then(|runtime| {
            let ended = runtime.block_on(until_interrupted(&context, cli.command));
            // A blocked prompt or a slow disk must not hold the process after its answer.
            runtime.shutdown_background();
            ended
        });
    ExitCode::from(output::end(&context, ended) as u8)
}

/// Runs a command until it ends or the person interrupts it. `up` and `demo` end themselves, with care.
async fn until_interrupted(context: &Context, command: arguments::Command) -> Result<output::Answer, Error> {
    if command.ends_itself() {
        return commands::run(context, command).await;
    }
    tokio::select! {
        ended = commands::run(context, command) => ended,
        _ = tokio::signal::ctrl_c() => Err(Error::new(Exit::Interrupted, "interrupted")),
    }
}
