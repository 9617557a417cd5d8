//! Where a story takes place: a directory, a home for each hub, and what runs in the background.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::process::{POLL, Process};
use crate::{Hosts, Names, Pattern, free_port};

/// How long a command may take that has to come to its end.
const COMMAND_AT_MOST: Duration = Duration::from_secs(120);
/// How long a process in the background may take to say that it is ready, or to end when it is asked to.
const PROCESS_AT_MOST: Duration = Duration::from_secs(30);

/// Settings of nodes that are to say little, and to come quickly to what takes its time between people.
const BRISK: [(&str, &str); 6] = [
    ("COHUB_LOG", "error"),
    ("COHUB_KEYSTORE_WORK_FACTOR", "2"),
    ("COHUB_SYNC_INTERVAL_MS", "1000"),
    ("COHUB_KNOCK_INTERVAL_MS", "500"),
    ("COHUB_REDIAL_MIN_MS", "100"),
    ("COHUB_REDIAL_MAX_MS", "1000"),
];

/// A directory of its own in which commands run, each as one of several hubs.
#[derive(Debug)]
pub struct World {
    directory: TempDir,
    /// Where `cohub` is found, before the directories of `PATH`.
    program: Option<PathBuf>,
    ports: BTreeMap<String, u16>,
    hosts: Option<Hosts>,
    background: BTreeMap<String, Process>,
    commands: usize,
}

/// What a command printed and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) text: String,
    pub(crate) status: i32,
}

impl World {
    /// An empty world in which the binary is found under the name `cohub`.
    ///
    /// # Errors
    /// If no temporary directory can be made.
    pub fn new(binary: Option<&Path>) -> io::Result<Self> {
        Ok(Self {
            directory: tempfile::Builder::new().prefix("cohub-story-").tempdir()?,
            program: binary.and_then(Path::parent).map(Path::to_path_buf),
            ports: BTreeMap::new(),
            hosts: None,
            background: BTreeMap::new(),
            commands: 0,
        })
    }

    /// The same on hosts: the commands of a hub that has one run there.
    #[must_use]
    pub fn on(mut self, hosts: Hosts) -> Self {
        self.hosts = Some(hosts);
        self
    }

    /// Where commands run: a desk that all hubs' people share.
    ///
    /// # Errors
    /// If the directory cannot be made.
    pub fn desk(&self) -> io::Result<PathBuf> {
        let desk = self.directory.path().join("desk");
        fs::create_dir_all(&desk)?;
        Ok(desk)
    }

    /// The home of a hub's node.
    #[must_use]
    pub fn home(&self, hub: &str) -> PathBuf {
        self.directory.path().join("homes").join(hub)
    }

    /// Puts a file on the desk.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, name: &str, text: &str) -> io::Result<()> {
        let path = self.desk()?.join(name);
        fs::create_dir_all(path.parent().unwrap_or(&path))?;
        fs::write(path, text)
    }

    /// Runs a command line to its end, as a hub.
    pub(crate) fn run(&mut self, hub: Option<&str>, line: &str, names: &Names) -> Result<Shown, String> {
        self.commands += 1;
        let printed = self.directory.path().join(format!("command-{}.txt", self.commands));
        let mut command = self.command(hub, line, names).map_err(|error| error.to_string())?;
        let mut process =
            Process::start(&mut command, printed).map_err(|error| format!("cannot start it: {error}"))?;
        match process.wait(COMMAND_AT_MOST) {
            Ok(Some(status)) => Ok(Shown { text: process.printed(), status: status.code().unwrap_or(-1) }),
            Ok(None) => Err(format!("it did not end within {COMMAND_AT_MOST:?}:\n{}", process.printed())),
            Err(error) => Err(error.to_string()),
        }
    }

    /// Starts a command line in a hub's background, and waits until it has printed what is expected.
    pub(crate) fn start(
        &mut self,
        hub: &str,
        line: &str,
        expected: &Pattern,
        names: &Names,
    ) -> Result<Names, String> {
        if self.background.contains_key(hub) {
            return Err(format!("something runs in {hub}'s background already"));
        }
        self.commands += 1;
        let printed = self.directory.path().join(format!("background-{}-{hub}.txt", self.commands));
        let line = format!("exec {line}");
        let mut command = self.command(Some(hub), &line, names).map_err(|error| error.to_string())?;
        let mut process =
            Process::start(&mut command, printed).map_err(|error| format!("cannot start it: {error}"))?;
        let end = Instant::now() + PROCESS_AT_MOST;
        loop {
            let ended = process.ended().map_err(|error| error.to_string())?;
            let text = process.printed();
            if let Some(names) = expected.matches(&text, names) {
                self.background.insert(hub.to_owned(), process);
                return Ok(names);
            }
            if let Some(status) = ended {
                return Err(format!("it ended with {status}:\n{}", expected.difference(&text, names)));
            }
            if Instant::now() > end {
                return Err(format!(
                    "it did not print this within {PROCESS_AT_MOST:?}:\n{}",
                    expected.difference(&text, names)
                ));
            }
            std::thread::sleep(POLL);
        }
    }

    /// Ends what runs in a hub's background.
    pub(crate) fn end(&mut self, hub: &str, at_once: bool) -> Result<(), String> {
        let mut process =
            self.background.remove(hub).ok_or_else(|| format!("nothing runs in {hub}'s background"))?;
        let signalled = if at_once { process.kill() } else { process.terminate() };
        signalled.map_err(|error| error.to_string())?;
        match process.wait(PROCESS_AT_MOST) {
            Ok(Some(status)) if at_once || status.success() => Ok(()),
            Ok(Some(status)) => Err(format!("it ended with {status}:\n{}", process.printed())),
            Ok(None) => Err(format!("it did not end within {PROCESS_AT_MOST:?}:\n{}", process.printed())),
            Err(error) => Err(error.to_string()),
        }
    }

    /// The last lines that each process in the background printed, for whoever looks for a cause.
    pub(crate) fn last_words(&self) -> String {
        let mut text = String::new();
        for (hub, process) in &self.background {
            let printed = process.printed();
            let lines: Vec<&str> = printed.lines().collect();
            text += &format!("  {hub}'s node printed last:\n");
            for line in &lines[lines.len().saturating_sub(8)..] {
                text += &format!("    {line}\n");
            }
        }
        text
    }

    /// A shell that runs the line with nothing of the caller's environment but the path.
    fn command(&mut self, hub: Option<&str>, line: &str, names: &Names) -> io::Result<Command> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let own = self.program.iter().cloned();
        let path = std::env::join_paths(own.chain(std::env::split_paths(&path))).map_err(io::Error::other)?;
        let home = self.directory.path().join("person");
        fs::create_dir_all(&home)?;
        let passphrase = self.directory.path().join("passphrase");
        fs::write(&passphrase, "a story's passphrase\n")?;
        let host = hub.and_then(|hub| self.hosts.as_ref()?.get(hub)).cloned();
        let mut command = match &host {
            None => Command::new("sh"),
            Some(host) => {
                let mut command = Command::new("ip");
                command.args(["netns", "exec", &host.namespace, "sh"]);
                command
            }
        };
        command
            .args(["-c", line])
            .current_dir(self.desk()?)
            .env_clear()
            .envs([("LANG", "C.UTF-8"), ("TERM", "dumb"), ("COLUMNS", "110"), ("NO_COLOR", "1")])
            .env("PATH", path)
            .env("HOME", &home)
            .env("COHUB_PASSPHRASE_FILE", &passphrase)
            .envs(BRISK)
            .env("COHUB_LOOPBACK_ONLY", host.is_none().to_string())
            .envs(names);
        if let Some(hub) = hub {
            let listen = match host {
                None => format!("/ip4/127.0.0.1/tcp/{}", self.port(hub)?),
                Some(host) => format!("/ip4/{}/tcp/4001", host.address),
            };
            command.env("COHUB_HOME", self.home(hub)).env("COHUB_LISTEN", format!("[\"{listen}\"]"));
        }
        Ok(command)
    }

    /// The port of a hub's node: one that was free when the hub was first named.
    fn port(&mut self, hub: &str) -> io::Result<u16> {
        if let Some(port) = self.ports.get(hub) {
            return Ok(*port);
        }
        let port = free_port()?;
        self.ports.insert(hub.to_owned(), port);
        Ok(port)
    }
}
