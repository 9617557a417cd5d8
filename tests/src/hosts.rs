//! Hosts on one machine: a network namespace each, joined by a bridge in a namespace of its own.
//!
//! Nothing of the machine's own network is touched, and everything goes when the test ends.

use std::collections::BTreeMap;
use std::io;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// The first three numbers of every host's address.
const SUBNET: &str = "10.77.0";

/// How many names were given out: several tests run in one process.
static NAMED: AtomicU32 = AtomicU32::new(0);

/// Hosts that reach each other and nothing else.
#[derive(Debug)]
pub struct Hosts {
    switch: String,
    hosts: BTreeMap<String, Host>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Host {
    /// The name of its namespace.
    pub(crate) namespace: String,
    /// Its address, without the length of the prefix.
    pub(crate) address: String,
}

impl Hosts {
    /// Says why this machine cannot have hosts, if it cannot.
    #[must_use]
    pub fn missing() -> Option<String> {
        let probe = format!("{}-probe", prefix());
        let made = ip(&["netns", "add", &probe]);
        let _ = ip(&["netns", "del", &probe]);
        made.err().map(|error| format!("network namespaces cannot be made here ({error})"))
    }

    /// Makes a host for each name.
    ///
    /// # Errors
    /// If `ip` refuses, with what it says; what was made is taken away again.
    pub fn new(names: &[&str]) -> io::Result<Self> {
        let prefix = prefix();
        let mut hosts = Self { switch: format!("{prefix}-switch"), hosts: BTreeMap::new() };
        ip(&["netns", "add", &hosts.switch])?;
        ip(&["-n", &hosts.switch, "link", "add", "bridge", "type", "bridge"])?;
        ip(&["-n", &hosts.switch, "link", "set", "bridge", "up"])?;
        for (number, name) in (1..).zip(names) {
            let host = Host { namespace: format!("{prefix}-{name}"), address: format!("{SUBNET}.{number}") };
            hosts.hosts.insert((*name).to_owned(), host.clone());
            hosts.plug_in(&host, &format!("port{number}"))?;
        }
        Ok(hosts)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Host> {
        self.hosts.get(name)
    }

    fn plug_in(&self, host: &Host, port: &str) -> io::Result<()> {
        let (switch, namespace) = (self.switch.as_str(), host.namespace.as_str());
        ip(&["netns", "add", namespace])?;
        ip(&["-n", switch, "link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", namespace])?;
        ip(&["-n", switch, "link", "set", port, "master", "bridge", "up"])?;
        ip(&["-n", namespace, "address", "add", &format!("{}/24", host.address), "dev", "eth0"])?;
        ip(&["-n", namespace, "link", "set", "eth0", "up"])?;
        ip(&["-n", namespace, "link", "set", "lo", "up"])
    }
}

impl Drop for Hosts {
    fn drop(&mut self) {
        for host in self.hosts.values() {
            let _ = ip(&["netns", "del", &host.namespace]);
        }
        let _ = ip(&["netns", "del", &self.switch]);
    }
}

/// A beginning for names that nobody else on this machine uses.
fn prefix() -> String {
    format!("cohub-{}-{}", std::process::id(), NAMED.fetch_add(1, Ordering::Relaxed))
}

fn ip(words: &[&str]) -> io::Result<()> {
    let output = Command::new("ip").args(words).stdin(Stdio::null()).output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(format!("ip {}: {}", words.join(" "), said.trim())))
}
