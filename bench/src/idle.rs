//! `idle`: a node that nobody writes at, with twenty peers: its memory, its share of a core, and what it says
//! to each peer.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use cohub_record::SecretKey;

use crate::crowd::Crowd;
use crate::node::Node;
use crate::site::{Site, Way};
use crate::table::Table;
use crate::up::fill;
use crate::{Dose, Failed};

const PEERS: usize = 20;
/// How long twenty nodes may take to have everything.
const PATIENCE: Duration = Duration::from_secs(600);

pub(crate) fn run(dose: Dose) -> Result<Table, Failed> {
    let directory = tempfile::tempdir()?;
    let crowd = Crowd::new(PEERS + 1, dose.records(10_000, 10_000));
    let sites = sites(directory.path(), &crowd)?;
    let (settle, window) = if dose.short { (5, 15) } else { (45, 60) };
    let rounds = dose.rounds(5, 1);

    let mut nodes = Vec::new();
    for site in &sites {
        nodes.push(Node::start(&site.home, &site.listen)?);
    }
    for node in &nodes {
        node.socket()?.wait_for(&crowd.ends(), PATIENCE)?;
    }
    let measured = nodes.first().ok_or("no nodes")?;
    wait_for_peers(measured)?;
    std::thread::sleep(Duration::from_secs(settle));

    let (mut resident, mut share, mut said) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        let (bytes, core, began) = (said_bytes(measured)?, measured.core_seconds()?, Instant::now());
        std::thread::sleep(Duration::from_secs(window));
        let seconds = began.elapsed().as_secs_f64();
        share.push((measured.core_seconds()? - core) / seconds * 100.0);
        said.push((said_bytes(measured)? - bytes) / seconds / PEERS as f64);
        resident.push(measured.memory_mb("VmRSS")?);
    }
    let mut table =
        Table::new(format!("idle: {} records, {PEERS} peers, {window} s a round", crowd.records.len()));
    table.limit("memory (P10)", &resident, "MB", 30.0);
    table.limit("share of a core (P10)", &share, "%", 0.2);
    table.limit("sent and received, a peer (P10)", &said, "B/s", 200.0);
    table.tell(
        "memory at its peak, when twenty peers took all from it",
        &[measured.memory_mb("VmHWM")?],
        "MB",
    );
    table.remark("Bytes are those that TCP carried, without its headers, in both directions.");
    Ok(table)
}

/// A node that has everything, and twenty that join it.
fn sites(directory: &Path, crowd: &Crowd) -> Result<Vec<Site>, Failed> {
    let keys = crowd.node_keys();
    let sites = keys
        .iter()
        .enumerate()
        .map(|(number, key)| Site::of(&directory.join(number.to_string()), key, Way::Tcp))
        .collect::<Result<Vec<_>, _>>()?;
    let first = sites.first().ok_or("no sites")?;
    fill(first, crowd)?;
    let founding = crowd.records.first().ok_or("no founding record")?;
    for site in &sites {
        let others: Vec<(&SecretKey, &str)> = sites
            .iter()
            .filter(|other| other.listen != site.listen)
            .map(|other| (&other.node, other.listen.as_str()))
            .collect();
        site.join(founding, &others)?;
    }
    Ok(sites)
}

fn wait_for_peers(node: &Node) -> Result<(), Failed> {
    let end = Instant::now() + PATIENCE;
    loop {
        let status = node.socket()?.status()?;
        let connected = status.peers.iter().filter(|peer| peer.connected).count();
        if connected == PEERS {
            return Ok(());
        }
        if Instant::now() > end {
            return Err(format!("only {connected} peers are connected").into());
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Bytes that the node's connections have carried so far, as the system counts them.
fn said_bytes(node: &Node) -> Result<f64, Failed> {
    let output = Command::new("ss").args(["-tinpOH", "state", "established"]).output()?;
    let text = String::from_utf8(output.stdout)?;
    let own = format!("pid={},", node.process_id());
    let mut bytes = 0.0;
    let mut connections = 0;
    for line in text.lines().filter(|line| line.contains(&own)) {
        connections += 1;
        for word in line.split_whitespace() {
            // Sent bytes count once they are acknowledged.
            let number = word.strip_prefix("bytes_acked:").or_else(|| word.strip_prefix("bytes_received:"));
            bytes += number.and_then(|number| number.parse::<f64>().ok()).unwrap_or(0.0);
        }
    }
    if connections < PEERS {
        return Err(
            format!("the system shows {connections} connections of the node (as root it shows all)").into()
        );
    }
    Ok(bytes)
}
