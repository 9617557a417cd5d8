//! `cohub demo`: a whole network on one machine, told step by step.
//!
//! **Invariant**: every step is a `cohub` process with a home of its own, as a person would type it. The
//! demo itself opens no key, no socket and no store.

mod cast;
mod crowd;
mod dossier;
mod nodes;
mod picture;
mod report;
mod spreadsheet;
mod stage;
mod story;
mod typeset;
mod voting;

use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use tokio::signal::unix::{SignalKind, signal};

use crate::arguments::Demo;
use crate::context::Context;
use crate::exit::{Error, Exit};
use crate::output::{self, Answer};
use cast::Cast;
use stage::Stage;

/// Tells the story, then leaves the nodes up unless it is to be told once. All children end with it.
pub(crate) async fn run(context: &Context, demo: Demo) -> Result<Answer, Error> {
    let dir = directory(demo.dir.as_deref())?;
    let cast = Cast::new(&dir, usize::from(demo.hubs), demo.port)?;
    let mut stage = Stage::new(context, dir, cast, !demo.once);
    let told = tokio::select! {
        told = story::tell(&mut stage) => told,
        interrupted = interrupted() => Err(interrupted),
    };
    let ended = match told {
        Ok(answer) if demo.once => Ok(answer),
        Ok(answer) => leave_up(context, answer).await,
        Err(error) => Err(Error::new(
            error.exit,
            format!("{}\nEverything lies in {}.", error.message, stage.dir().display()),
        )),
    };
    stage.end().await;
    ended
}

/// Shows the answer, and keeps the nodes up until the person has seen enough.
async fn leave_up(context: &Context, answer: Answer) -> Result<Answer, Error> {
    output::show(context, answer)?;
    context.say("\nThe nodes stay up. Interrupt (Ctrl-C) to end them.");
    let _ = interrupted().await;
    Ok(Answer::printed())
}

/// Waits for the person, or the system, to end this process.
async fn interrupted() -> Error {
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => signal.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminated => {}
    }
    Error::new(Exit::Interrupted, "interrupted; the nodes were ended")
}

/// Makes a directory, and those above it, for its owner only: homes and passphrases lie in it.
fn private_dir(dir: &Path) -> std::io::Result<()> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)
}

/// The named directory, which has to be empty, or a new one among the temporary files.
fn directory(named: Option<&Path>) -> Result<PathBuf, Error> {
    let dir = match named {
        Some(dir) => dir.to_owned(),
        None => std::env::temp_dir().join(format!("cohub-demo-{}", std::process::id())),
    };
    let failed = |error: std::io::Error| Error::failed(format!("{} cannot be used: {error}", dir.display()));
    private_dir(&dir).map_err(failed)?;
    if std::fs::read_dir(&dir).map_err(failed)?.next().is_some() {
        return Err(Error::usage(format!(
            "{} is not empty: the demo wants a directory of its own",
            dir.display()
        )));
    }
    dir.canonicalize().map_err(failed)
}
