//! The processes of the demo: nodes that stay up, and commands that people type.

use std::path::Path;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use super::cast::Player;
use crate::exit::{Error, Exit};

/// How long a node may take until it answers. Sleep and slow disks included.
const START: Duration = Duration::from_secs(60);
/// How long a node may take to end well.
const END: Duration = Duration::from_secs(10);
/// How often something is asked again that has to become true.
const AGAIN: Duration = Duration::from_millis(150);

/// A node's process.
#[derive(Debug)]
pub(super) struct Node {
    child: Child,
}

/// A command as somebody of a hub types it.
#[derive(Debug, Clone)]
pub(super) struct Typed {
    arguments: Vec<String>,
    home: Option<std::path::PathBuf>,
    passphrase: Option<std::path::PathBuf>,
}

impl Typed {
    /// Of a hub's people.
    pub(super) fn by(player: &Player, arguments: &[&str]) -> Self {
        Self {
            arguments: arguments.iter().map(|&argument| argument.to_owned()).collect(),
            home: Some(player.home.clone()),
            passphrase: Some(player.passphrase.clone()),
        }
    }

    /// Of somebody who has no node.
    pub(super) fn by_anybody(arguments: &[&str]) -> Self {
        let arguments = arguments.iter().map(|&argument| argument.to_owned()).collect();
        Self { arguments, home: None, passphrase: None }
    }

    /// The command as one would type it.
    pub(super) fn words(&self) -> String {
        let quoted = |word: &String| {
            let plain = word.chars().all(|letter| letter.is_alphanumeric() || "-_./:=".contains(letter));
            if plain && !word.is_empty() { word.clone() } else { format!("'{word}'") }
        };
        let words: Vec<String> = self.arguments.iter().map(quoted).collect();
        format!("cohub {}", words.join(" "))
    }

    /// Runs it; its answer in JSON. A record that is on no peer yet is no failure here.
    pub(super) async fn run(&self) -> Result<Value, Error> {
        self.answer(&self.output().await?)
    }

    /// Runs it again as long as it finds nothing, and not longer than `patience`.
    pub(super) async fn run_once_found(&self, patience: Duration) -> Result<Value, Error> {
        let end = Instant::now() + patience;
        loop {
            let output = self.output().await?;
            let not_found = output.status.code() == Some(i32::from(Exit::NotFound as u8));
            if !not_found || Instant::now() > end {
                return self.answer(&output);
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// Runs it again until its answer is as hoped, and not longer than `patience`.
    pub(super) async fn run_until(
        &self,
        patience: Duration,
        hoped: impl Fn(&Value) -> bool,
    ) -> Result<Value, Error> {
        let end = Instant::now() + patience;
        loop {
            let answer = self.run_once_found(patience).await?;
            if hoped(&answer) {
                return Ok(answer);
            }
            if Instant::now() > end {
                let seconds = patience.as_secs();
                return Err(Error::failed(format!(
                    "{}: not as hoped in {seconds} s, but\n{answer:#}",
                    self.words()
                )));
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    async fn output(&self) -> Result<Output, Error> {
        let mut command = binary()?;
        command.args(&self.arguments).args(["--json", "--quiet"]).stdin(Stdio::null());
        if let Some(home) = &self.home {
            command.env("COHUB_HOME", home);
        }
        if let Some(passphrase) = &self.passphrase {
            command.env("COHUB_PASSPHRASE_FILE", passphrase);
        }
        command
            .output()
            .await
            .map_err(|error| Error::failed(format!("{} does not start: {error}", self.words())))
    }

    fn answer(&self, output: &Output) -> Result<Value, Error> {
        let fine = matches!(output.status.code(), Some(0))
            || output.status.code() == Some(i32::from(Exit::Unsent as u8));
        let text = String::from_utf8_lossy(&output.stdout);
        if !fine {
            let said = String::from_utf8_lossy(&output.stderr);
            let home = self.home.as_deref().unwrap_or(Path::new("none")).display();
            let words = self.words();
            return Err(Error::failed(format!(
                "this command failed ({}), at {home}:\n  {words}\n{text}{said}",
                output.status
            )));
        }
        // Commands that answer in lines tell the latest last.
        serde_json::from_str(&text)
            .or_else(|_| serde_json::from_str(text.lines().last().unwrap_or_default()))
            .map_err(|error| Error::failed(format!("{} answers no JSON ({error}):\n{text}", self.words())))
    }
}

impl Node {
    /// Starts a hub's node, with its pages or without, and waits until it answers.
    pub(super) async fn start(player: &Player, pages: bool) -> Result<Self, Error> {
        let log = player.home.join("node.log");
        let file = std::fs::OpenOptions::new().create(true).append(true).open(&log);
        let file =
            file.map_err(|error| Error::failed(format!("{} cannot be written: {error}", log.display())))?;
        let mut command = binary()?;
        command.args(["up", "--attached", "--json"]).env("COHUB_HOME", &player.home);
        if pages {
            command.args(["--ui", "--public-listen", "127.0.0.1:0"]);
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(file).kill_on_drop(true);
        let failed = |why: String| {
            Error::failed(format!(
                "the node of {} does not come up: {why}; see {}",
                player.slug(),
                log.display()
            ))
        };
        let mut child = command.spawn().map_err(|error| failed(error.to_string()))?;
        let Some(stdout) = child.stdout.take() else { return Err(failed("it has no output".to_owned())) };
        let mut lines = BufReader::new(stdout).lines();
        let first = tokio::time::timeout(START, lines.next_line()).await;
        match first {
            Ok(Ok(Some(_))) => Ok(Self { child }),
            Ok(_) => Err(failed("it ended".to_owned())),
            Err(_) => Err(failed(format!("no answer in {} s", START.as_secs()))),
        }
    }

    /// Ends it at once, as a power cut does (SIGKILL).
    pub(super) async fn kill(mut self) -> Result<(), Error> {
        self.child.kill().await.map_err(|error| Error::failed(format!("a node cannot be killed: {error}")))
    }

    /// Ends it well by closing its standard input; at once where it takes too long.
    pub(super) async fn end(mut self) {
        drop(self.child.stdin.take());
        if tokio::time::timeout(END, self.child.wait()).await.is_err() {
            let _ = self.child.kill().await;
        }
    }
}

/// This very program, without what the environment says of other homes, in a process group of its own: an
/// interrupt at the terminal reaches the demo, and the demo ends the others.
fn binary() -> Result<Command, Error> {
    let path = std::env::current_exe()
        .map_err(|error| Error::failed(format!("this program is not found: {error}")))?;
    let mut command = Command::new(path);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("COHUB_") {
            command.env_remove(name);
        }
    }
    command.process_group(0).kill_on_drop(true);
    Ok(command)
}
