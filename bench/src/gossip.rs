//! Bare signed gossipsub between processes: what a ballot would cost if nobody checked or kept it.
//!
//! A process of the bare network listens, prints its address, takes the words `dial ADDRESS` and
//! `publish HEX` on its standard input, and prints `got HEX` for each message.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use cohub_node::hex;
use futures::StreamExt as _;
use libp2p::swarm::SwarmEvent;
use libp2p::{Multiaddr, SwarmBuilder, gossipsub, noise, tcp, yamux};
use tokio::io::AsyncBufReadExt as _;

use crate::Failed;
use crate::node::{Role, command};

const TOPIC: &str = "bench";
/// How long a mesh takes to form, with room.
const SETTLE: Duration = Duration::from_secs(4);
const PATIENCE: Duration = Duration::from_secs(10);

/// The process.
pub(crate) fn run() -> Result<(), Failed> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(serve())
}

async fn serve() -> Result<(), Failed> {
    let mut swarm = SwarmBuilder::with_new_identity()
        .with_tokio()
        .with_tcp(tcp::Config::default().nodelay(true), noise::Config::new, yamux::Config::default)?
        .with_behaviour(|keys| {
            let by_content = |message: &gossipsub::Message| {
                let mut hasher = DefaultHasher::new();
                message.data.hash(&mut hasher);
                gossipsub::MessageId::from(hasher.finish().to_be_bytes().to_vec())
            };
            let config = gossipsub::ConfigBuilder::default().message_id_fn(by_content).build()?;
            let signed = gossipsub::MessageAuthenticity::Signed(keys.clone());
            Ok(gossipsub::Behaviour::<gossipsub::IdentityTransform>::new(signed, config)?)
        })?
        .with_swarm_config(|config| config.with_idle_connection_timeout(Duration::from_secs(3_600)))
        .build();
    let topic = gossipsub::IdentTopic::new(TOPIC);
    swarm.behaviour_mut().subscribe(&topic)?;
    swarm.listen_on("/ip4/127.0.0.1/tcp/0".parse()?)?;
    let mut words = tokio::io::BufReader::new(tokio::io::stdin()).lines();
    loop {
        tokio::select! {
            line = words.next_line() => {
                let Some(line) = line? else { return Ok(()) };
                match line.split_once(' ') {
                    Some(("dial", address)) => swarm.dial(address.parse::<Multiaddr>()?)?,
                    Some(("publish", text)) => {
                        let bytes = hex::decode(text).ok_or("no hexadecimal")?;
                        swarm.behaviour_mut().publish(topic.clone(), bytes)?;
                    }
                    _ => return Err(format!("not understood: {line}").into()),
                }
            }
            event = swarm.select_next_some() => match event {
                SwarmEvent::NewListenAddr { address, .. } => say("listening", &address.to_string())?,
                SwarmEvent::Behaviour(gossipsub::Event::Message { message, .. }) => {
                    say("got", &hex::encode(&message.data))?;
                }
                _ => {}
            },
        }
    }
}

fn say(word: &str, what: &str) -> Result<(), Failed> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{word} {what}")?;
    Ok(out.flush()?)
}

/// Processes that gossip with each other, all with all.
pub(crate) struct Bare {
    processes: Vec<(Child, ChildStdin)>,
    heard: Receiver<(usize, String, Instant)>,
}

impl Bare {
    /// Starts so many processes and waits until their mesh stands.
    pub(crate) fn start(count: usize) -> Result<Self, Failed> {
        let (tell, heard) = channel();
        let mut processes: Vec<(Child, ChildStdin)> = Vec::new();
        let mut addresses: Vec<String> = Vec::new();
        for number in 0..count {
            let mut child = command(Role::Gossip)?.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
            let mut input = child.stdin.take().ok_or("no standard input")?;
            let mut lines = BufReader::new(child.stdout.take().ok_or("no standard output")?).lines();
            let first = lines.next().ok_or("a process of bare gossip ended")??;
            for address in &addresses {
                writeln!(input, "dial {address}")?;
            }
            addresses.push(first.strip_prefix("listening ").ok_or("no address")?.to_owned());
            let tell = tell.clone();
            std::thread::spawn(move || {
                for line in lines.map_while(Result::ok) {
                    if tell.send((number, line, Instant::now())).is_err() {
                        return;
                    }
                }
            });
            processes.push((child, input));
        }
        std::thread::sleep(SETTLE);
        Ok(Self { processes, heard })
    }

    /// Publishes bytes at the first process. Answers after how many seconds the last of the others has them.
    pub(crate) fn publish(&mut self, bytes: &[u8]) -> Result<f64, Failed> {
        let expected = format!("got {}", hex::encode(bytes));
        let mut missing = self.processes.len() - 1;
        let (_, input) = self.processes.first_mut().ok_or("no processes")?;
        let line = format!("publish {}\n", hex::encode(bytes));
        let began = Instant::now();
        input.write_all(line.as_bytes())?;
        let mut last = began;
        while missing > 0 {
            let (_, line, at) = self.heard.recv_timeout(PATIENCE)?;
            if line == expected {
                missing -= 1;
                last = last.max(at);
            }
        }
        Ok(last.duration_since(began).as_secs_f64())
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        for (child, _) in &mut self.processes {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
