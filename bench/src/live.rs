//! `live`: a ballot handed in at one of five nodes shows in the registries of the four others, which have it
//! on disk by then; beside it bare signed gossipsub among five processes, and one durable write.

use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use cohub_node::api::{Call, Drafted};
use cohub_node::identity::label;
use cohub_node::keystore::Keystore;
use cohub_node::{Home, clock, network, write};
use cohub_record::{Id, Record, SecretKey};
use cohub_registry::{Charter, Choice, Intent};

use crate::gossip::Bare;
use crate::node::Node;
use crate::site::{Site, Way, passphrase, profile};
use crate::socket::Socket;
use crate::table::{Goal, Table, median};
use crate::up::open_bare;
use crate::{Dose, Failed};

const NODES: usize = 5;
/// How long nodes may take to find each other, and a ballot to arrive.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long a gossip mesh takes to form, with room.
const SETTLE: Duration = Duration::from_secs(4);
const VOTE_MS: u64 = 3_600_000;

const CHARTER: &str = r#"
title = "Commons of benchmarks"
signing_seats = 2

[timing]
notice = "1 second"
grace = "1 second"
maximum = "1 day"

[sponsorship]
open = 1
records = 100

[panels]
space = "Space"

[[stages]]
slug = "initiative"
title = "Initiative"
rule = "simple"
"#;

pub(crate) fn run(dose: Dose) -> Result<Table, Failed> {
    let directory = tempfile::tempdir()?;
    let ballots = dose.rounds(400, 60);
    let network = Running::start(directory.path())?;
    let (secret, motion) = network.open_motion()?;
    let mut bare = Bare::start(NODES)?;
    let disk = open_bare(&directory.path().join("bare"))?;
    let (mut live, mut stored, mut gossip, mut writes) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for number in 0..ballots {
        let ballot = network.sign_ballot(&secret, motion, number)?;
        let (durable, last) = network.cast(&ballot)?;
        stored.push(durable * 1e3);
        live.push(last * 1e3);
        gossip.push(bare.publish(ballot.bytes())? * 1e3);
        let began = Instant::now();
        disk.insert(ballot.id().as_bytes(), ballot.bytes().as_ref())?;
        disk.flush()?;
        writes.push(began.elapsed().as_secs_f64() * 1e3);
    }
    let allowed: Vec<f64> =
        gossip.iter().zip(&writes).map(|(gossip, write)| 1.5 * gossip + 2.0 * write).collect();
    let mut table = Table::new(format!("live: {ballots} ballots, {NODES} nodes on the loopback"));
    table.compare(
        "cast at one, on disk and in the registry of the last of the four others",
        (&live, "ms"),
        ("1.5 × gossip and two durable writes", &allowed),
        Goal::AtMost(1.0),
    );
    let beside = "bare signed gossipsub, last of four";
    table.compare("the same", (&live, "ms"), (beside, &gossip), Goal::None);
    table.compare(
        "acknowledged by the node it was cast at",
        (&stored, "ms"),
        ("a durable write, bare sled", &writes),
        Goal::None,
    );
    table.remark(format!(
        "Without its two durable writes the ballot takes {:.2} × bare gossip.",
        (median(&live) - 2.0 * median(&writes)) / median(&gossip)
    ));
    Ok(table)
}

/// Five nodes that run and are watched.
struct Running {
    nodes: Vec<Node>,
    home: Home,
    /// A node's number, the record that it has judged, and when that was heard.
    heard: Receiver<(usize, String, Instant)>,
}

impl Running {
    fn start(directory: &Path) -> Result<Self, Failed> {
        let sites = (0..NODES)
            .map(|number| {
                let name = format!("hub-{number}");
                Site::fresh(&directory.join(&name), &name, Way::Tcp)
            })
            .collect::<Result<Vec<_>, _>>()?;
        let cards = sites
            .iter()
            .map(|site| {
                let mut card = network::card(&site.home, &passphrase())?;
                card.addresses = vec![site.listen.clone()];
                Ok(card)
            })
            .collect::<Result<Vec<_>, Failed>>()?;
        let charter = Charter::from_toml(CHARTER)?;
        let file = network::found("Commons", charter, "We own this together.", &cards, Some(4), Vec::new())?;
        let (tell, heard) = channel();
        let mut nodes = Vec::new();
        for (number, site) in sites.iter().enumerate() {
            network::join(&site.home, &file, &passphrase())?;
            let node = Node::start(&site.home, &site.listen)?;
            let mut socket = node.socket()?;
            socket.watch()?;
            let tell = tell.clone();
            std::thread::spawn(move || {
                while let Ok(event) = socket.event() {
                    let at = Instant::now();
                    let Some(about) = event.about.filter(|_| event.event == "verdict") else { continue };
                    if tell.send((number, about, at)).is_err() {
                        return;
                    }
                }
            });
            nodes.push(node);
        }
        let home = sites.first().ok_or("no sites")?.home.clone();
        let running = Self { nodes, home, heard };
        running.wait_until_alike()?;
        std::thread::sleep(SETTLE);
        Ok(running)
    }

    /// Waits until every node is connected to all others and has everybody's first record.
    fn wait_until_alike(&self) -> Result<(), Failed> {
        let end = Instant::now() + PATIENCE;
        loop {
            let statuses =
                self.nodes.iter().map(|node| node.socket()?.status()).collect::<Result<Vec<_>, _>>()?;
            let ready = statuses.iter().all(|status| {
                let connected = status.peers.iter().filter(|peer| peer.connected).count();
                status.records == NODES + 1 && connected == NODES - 1
            });
            if ready {
                return Ok(());
            }
            if Instant::now() > end {
                return Err(format!("the nodes do not find each other: {statuses:?}").into());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn socket(&self) -> Result<Socket, Failed> {
        self.nodes.first().ok_or("no nodes")?.socket()
    }

    /// Opens a motion at the first node, and answers it with the key that votes there.
    fn open_motion(&self) -> Result<(SecretKey, Id), Failed> {
        let person = Keystore::open(&self.home).unlock(label::REPRESENTATIVE, &passphrase())?;
        let newcomer = SecretKey::generate()?;
        let recovery = cohub_registry::recovery_hash(&SecretKey::generate()?.public());
        self.write(&person, Intent::Sponsor { controller: newcomer.public(), records: 100 })?;
        self.write(&newcomer, Intent::Inception { profile: profile("newcomer")?, recovery })?;
        let application = self.write(&newcomer, Intent::Application { claim: None })?;
        let deadline_ms = clock::now_ms() + VOTE_MS;
        let advance = Intent::Advance { application, stage: None, deadline_ms, open_by_ms: 0 };
        let motion = self.write(&person, advance)?;
        Ok((person, motion))
    }

    fn write(&self, secret: &SecretKey, intent: Intent) -> Result<Id, Failed> {
        let record = self.sign(secret, intent)?;
        self.cast(&record)?;
        Ok(record.id())
    }

    fn sign(&self, secret: &SecretKey, intent: Intent) -> Result<Record, Failed> {
        let call = Call::Draft { author: secret.public(), intent };
        let drafted: Drafted = serde_json::from_value(self.socket()?.call(&call)?)?;
        Ok(write::sign(&drafted, Vec::new(), secret)?)
    }

    fn sign_ballot(&self, secret: &SecretKey, motion: Id, number: usize) -> Result<Record, Failed> {
        let choice = if number.is_multiple_of(2) { Choice::No } else { Choice::Abstain };
        self.sign(secret, Intent::Ballot { motion, choice })
    }

    /// Hands a record in at the first node. Answers after how many seconds it was acknowledged there, and
    /// after how many the last of the others had judged it, which is when it is on that one's disk.
    fn cast(&self, record: &Record) -> Result<(f64, f64), Failed> {
        let mut socket = self.socket()?;
        let about = record.id().to_string();
        let began = Instant::now();
        socket.submit(record)?;
        let acknowledged = began.elapsed().as_secs_f64();
        let (mut missing, mut last) = (self.nodes.len() - 1, began);
        while missing > 0 {
            let (number, judged, at) = self.heard.recv_timeout(PATIENCE)?;
            if number > 0 && judged == about {
                missing -= 1;
                last = last.max(at);
            }
        }
        Ok((acknowledged, last.duration_since(began).as_secs_f64()))
    }
}
