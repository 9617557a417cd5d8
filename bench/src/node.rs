//! Processes: nodes of a home, and the bare libraries that stand beside them. All are this program.

use std::fs::File;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use cohub_node::Home;
use cohub_node::api::Call;

use crate::Failed;
use crate::socket::Socket;

/// How long a node may take until it answers, or ends.
const PATIENCE: Duration = Duration::from_secs(60);
const ROLE: &str = "COHUB_BENCH_ROLE";

/// What a process of this program is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// The product: its arguments are those of `cohub`.
    Cohub,
    /// A node of bare gossip.
    Gossip,
    /// Opens a bare store and scans it.
    Scan,
}

/// What this process was started as, if it was not started by a person.
pub(crate) fn role() -> Option<Role> {
    match std::env::var(ROLE).ok()?.as_str() {
        "cohub" => Some(Role::Cohub),
        "gossip" => Some(Role::Gossip),
        "scan" => Some(Role::Scan),
        _ => None,
    }
}

/// This program in a role, with nothing of the caller's settings.
pub(crate) fn command(role: Role) -> Result<Command, Failed> {
    let mut command = Command::new(std::env::current_exe()?);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("COHUB_") {
            command.env_remove(name);
        }
    }
    let word = match role {
        Role::Cohub => "cohub",
        Role::Gossip => "gossip",
        Role::Scan => "scan",
    };
    command.env(ROLE, word).stdin(Stdio::null()).stdout(Stdio::null());
    Ok(command)
}

/// A node that runs.
#[derive(Debug)]
pub(crate) struct Node {
    child: Child,
    home: Home,
}

impl Node {
    /// Starts `cohub up` and does not wait. `listen` is a multiaddress.
    pub(crate) fn spawn(home: &Home, listen: &str) -> Result<Self, Failed> {
        Self::with(home, listen, &[])
    }

    /// The same with more words behind `cohub up`.
    pub(crate) fn with(home: &Home, listen: &str, words: &[&str]) -> Result<Self, Failed> {
        let log = File::options().create(true).append(true).open(home.dir().join("node.log"))?;
        let mut command = command(Role::Cohub)?;
        command
            .args(["up", "--json"])
            .args(words)
            .env("COHUB_HOME", home.dir())
            .env("COHUB_LISTEN", format!("[\"{listen}\"]"))
            .env("COHUB_LOOPBACK_ONLY", "true")
            .env("COHUB_LOG", "warn")
            .stderr(log);
        Ok(Self { child: command.spawn()?, home: home.clone() })
    }

    /// Starts it and waits until it answers.
    pub(crate) fn start(home: &Home, listen: &str) -> Result<Self, Failed> {
        let mut node = Self::spawn(home, listen)?;
        node.first_answer()?;
        Ok(node)
    }

    /// Waits for the first answer at its socket.
    pub(crate) fn first_answer(&mut self) -> Result<(), Failed> {
        let end = Instant::now() + PATIENCE;
        loop {
            match Socket::connect(&self.home) {
                Ok(mut socket) => return socket.status().map(drop),
                Err(error) if Instant::now() > end => return Err(error.into()),
                Err(_) => std::thread::sleep(Duration::from_millis(1)),
            }
            if let Some(status) = self.child.try_wait()? {
                return Err(format!("the node in {} ended: {status}", self.home.dir().display()).into());
            }
        }
    }

    pub(crate) fn socket(&self) -> Result<Socket, Failed> {
        Ok(Socket::connect(&self.home)?)
    }

    pub(crate) fn process_id(&self) -> u32 {
        self.child.id()
    }

    /// MB of memory that it has now (`VmRSS`) or had at the most (`VmHWM`).
    pub(crate) fn memory_mb(&self, field: &str) -> Result<f64, Failed> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'));
        let number = line.and_then(|line| line.split_whitespace().next()).ok_or("no such field")?;
        Ok(number.parse::<f64>()? * 1_024.0 / 1e6)
    }

    /// Seconds of a core that it has used.
    pub(crate) fn core_seconds(&self) -> Result<f64, Failed> {
        let text = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let behind = text.rsplit_once(')').ok_or("an unknown form of /proc/PID/stat")?.1;
        let fields: Vec<&str> = behind.split_whitespace().collect();
        let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0);
        // Fields 14 and 15 of the whole line, in ticks of a hundredth of a second.
        Ok((ticks(11) + ticks(12)) / 100.0)
    }

    /// Ends it well.
    pub(crate) fn end(mut self) -> Result<(), Failed> {
        self.socket()?.call(&Call::Stop)?;
        let end = Instant::now() + PATIENCE;
        while self.child.try_wait()?.is_none() {
            if Instant::now() > end {
                return Err("a node does not end".into());
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        Ok(())
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
