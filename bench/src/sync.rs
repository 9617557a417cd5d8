//! `sync`: the first sync of a large network between two processes, beside the checking of the same
//! signatures on two cores and nothing else; and what it costs in bytes and memory.

use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use cohub_record::{KeyCache, Record, SecretKey};

use crate::crowd::Crowd;
use crate::node::Node;
use crate::relay::relay;
use crate::site::{Site, Way};
use crate::table::{Goal, Table, median};
use crate::up::fill;
use crate::{Dose, Failed};

/// Cores that the checking alone may use: as many as the goal was set for.
const CORES: usize = 2;
/// How long a sync may take.
const PATIENCE: Duration = Duration::from_secs(600);

/// What one sync came to.
struct Synced {
    seconds: f64,
    joiner_mb: f64,
    server_mb: f64,
    joiner_core_seconds: f64,
    server_core_seconds: f64,
}

pub(crate) fn run(dose: Dose) -> Result<Table, Failed> {
    let directory = tempfile::tempdir()?;
    // The last founder has no seat and writes nothing but its first record.
    let crowd = Crowd::new(14, dose.records(100_000, 20_000));
    let keys = crowd.node_keys();
    let [server_key, .., joiner_key] = keys.as_slice() else { return Err("too few founders".into()) };
    let rounds = dose.rounds(7, 5);
    let count = crowd.records.len() as f64;

    let server = Site::of(&directory.path().join("server"), server_key, Way::Tcp)?;
    fill(&server, &crowd)?;
    let mut lab = Lab { crowd: &crowd, server, joiner_key, directory: directory.path(), joiners: 0 };
    let (mut checks, mut folds) = (Vec::new(), Vec::new());
    let mut ways = [(Way::Tcp, Vec::new()), (Way::Quic, Vec::new())];
    for _ in 0..rounds {
        checks.push(count / check(&crowd.records));
        folds.push(count / fold(&crowd.records)?);
        for (way, synced) in &mut ways {
            synced.push(lab.sync(*way, false)?.0);
        }
    }
    let mut table = Table::new(format!(
        "sync: {} records of {} authors, {} bytes, between two processes",
        crowd.records.len(),
        crowd.ends().len(),
        crowd.bytes()
    ));
    for (way, synced) in &ways {
        let rates: Vec<f64> = synced.iter().map(|synced| count / synced.seconds).collect();
        let goal = if *way == Way::Tcp { Goal::AtLeast(0.75) } else { Goal::None };
        let beside = format!("checking signatures alone, {CORES} cores");
        table.compare(format!("records over {way:?} (P1)"), (&rates, "/s"), (beside, &checks), goal);
    }
    let [(_, tcp), _] = &ways;
    let of = |field: fn(&Synced) -> f64| tcp.iter().map(field).collect::<Vec<f64>>();
    table.tell("the registry's fold of the same records, one core", &folds, "/s");
    for (way, goal) in [(Way::Tcp, 1.03), (Way::Quic, 1.15)] {
        let (_, bytes) = lab.sync(way, true)?;
        let stored = crowd.bytes() as f64;
        table.compare(
            format!("bytes on the wire over {way:?} (P2)"),
            (&[bytes as f64], "B"),
            ("bytes of the records", &[stored]),
            Goal::AtMost(goal),
        );
    }
    table.tell("memory of the joiner at its peak (P3)", &of(|synced| synced.joiner_mb), "MB");
    table.tell("memory of the server at its peak (P3)", &of(|synced| synced.server_mb), "MB");
    let per_record = |seconds: fn(&Synced) -> f64| median(&of(seconds)) / count * 1e6;
    table.remark(format!(
        "Of a core, over TCP: the joiner {:.1} µs a record, the server {:.1} µs; on two cores {:.1} µs are \
         {:.0}/s at the most.",
        per_record(|synced| synced.joiner_core_seconds),
        per_record(|synced| synced.server_core_seconds),
        per_record(|synced| synced.joiner_core_seconds + synced.server_core_seconds),
        CORES as f64 * 1e6 / per_record(|synced| synced.joiner_core_seconds + synced.server_core_seconds)
    ));
    Ok(table)
}

/// Two sites, of which one has everything.
struct Lab<'a> {
    crowd: &'a Crowd,
    server: Site,
    joiner_key: &'a SecretKey,
    directory: &'a Path,
    joiners: usize,
}

impl Lab<'_> {
    /// Has a new joiner sync, through a relay that counts if it is wanted, and answers the relay's count.
    fn sync(&mut self, way: Way, counted: bool) -> Result<(Synced, u64), Failed> {
        self.joiners += 1;
        let directory = self.directory.join(format!("joiner-{}", self.joiners));
        let joiner = Site::of(&directory, self.joiner_key, way)?;
        let port = crate::site::free_port()?;
        let server = Node::start(&self.server.home, &way.address(port))?;
        let (port, counter) = if counted { relay(way, port)? } else { (port, Default::default()) };
        let founding = self.crowd.records.first().ok_or("no founding record")?;
        joiner.join(founding, &[(&self.server.node, &way.address(port))])?;
        let before = server.core_seconds()?;
        let node = Node::start(&joiner.home, &joiner.listen)?;
        let began = Instant::now();
        node.socket()?.wait_for(&self.crowd.ends(), PATIENCE)?;
        let seconds = began.elapsed().as_secs_f64();
        let (joiner_core_seconds, after) = (node.core_seconds()?, server.core_seconds()?);
        let bytes = counter.load(Ordering::Relaxed);
        let [one, other] = [&node, &server].map(|node| node.socket()?.status());
        let (one, other) = (one?, other?);
        if one.head != other.head || one.records != self.crowd.records.len() {
            return Err(format!("the nodes differ: {one:?}, {other:?}").into());
        }
        let synced = Synced {
            seconds,
            joiner_mb: node.memory_mb("VmHWM")?,
            server_mb: server.memory_mb("VmHWM")?,
            joiner_core_seconds,
            server_core_seconds: after - before,
        };
        node.end()?;
        server.end()?;
        std::fs::remove_dir_all(&directory)?;
        Ok((synced, bytes))
    }
}

/// Seconds that two cores take to check all signatures, each with the keys it has seen at hand.
fn check(records: &[Record]) -> f64 {
    let began = Instant::now();
    std::thread::scope(|scope| {
        for part in records.chunks(records.len().div_ceil(CORES)) {
            scope.spawn(move || {
                let mut keys = KeyCache::default();
                for record in part {
                    let checked = Record::verify_with(&mut keys, record.bytes());
                    std::hint::black_box(checked.is_ok());
                }
            });
        }
    });
    began.elapsed().as_secs_f64()
}

/// Seconds that one core takes to fold all records into a registry.
fn fold(records: &[Record]) -> Result<f64, Failed> {
    let began = Instant::now();
    let (founding, rest) = records.split_first().ok_or("no records")?;
    let mut registry = cohub_registry::Registry::found(founding)?;
    for record in rest {
        registry.insert(record)?;
    }
    std::hint::black_box(registry.len());
    Ok(began.elapsed().as_secs_f64())
}
