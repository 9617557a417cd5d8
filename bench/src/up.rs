//! `up`: from the start of the process to the first answer at its socket, on an empty store and on a large
//! one; beside it bare sled, opened and scanned by a process of its own.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::crowd::Crowd;
use crate::node::{Node, Role, command};
use crate::site::{Site, Way};
use crate::table::{Goal, Table};
use crate::{Dose, Failed};

const DIRECTORY: &str = "BENCH_SLED";
/// What the node's store allows sled to cache.
const CACHE_BYTES: u64 = 32 * 1024 * 1024;
const BATCH: usize = 1_000;

pub(crate) fn run(dose: Dose) -> Result<Table, Failed> {
    let directory = tempfile::tempdir()?;
    let crowd = Crowd::new(13, dose.records(100_000, 20_000));
    let rounds = dose.rounds(9, 5);
    let site = filled(&directory.path().join("full"), &crowd)?;
    let bare = directory.path().join("bare");
    write_bare(&bare, &crowd)?;
    // The first opening after writing also writes: sled its snapshot, the node its segments.
    start_and_end(&site)?;
    scan(&bare)?;

    let (mut empty, mut full, mut scans) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..rounds {
        let fresh = Site::fresh(&directory.path().join(format!("empty-{round}")), "empty", Way::Tcp)?;
        empty.push(start_and_end(&fresh)? * 1e3);
        full.push(start_and_end(&site)? * 1e3);
        scans.push(scan(&bare)? * 1e3);
    }
    let mut table = Table::new("up: from the start of the process to the first answer");
    table.limit("an empty store", &empty, "ms", 300.0);
    table.compare(
        format!("a store of {} records, {} bytes (P8)", crowd.records.len(), crowd.bytes()),
        (&full, "ms"),
        ("bare sled, opened and scanned", &scans),
        Goal::AtMost(1.5),
    );
    Ok(table)
}

/// A home whose store holds a crowd's records.
pub(crate) fn filled(directory: &Path, crowd: &Crowd) -> Result<Site, Failed> {
    let keys = crowd.node_keys();
    let site = Site::of(directory, keys.first().ok_or("no founder")?, Way::Tcp)?;
    fill(&site, crowd)?;
    Ok(site)
}

/// Has a site join the network of a crowd, and gives its store all that the crowd wrote.
pub(crate) fn fill(site: &Site, crowd: &Crowd) -> Result<(), Failed> {
    site.join(crowd.records.first().ok_or("no founding record")?, &[])?;
    Node::start(&site.home, &site.listen)?.end()?;
    crowd.store(&site.home.data())
}

fn start_and_end(site: &Site) -> Result<f64, Failed> {
    let began = Instant::now();
    let mut node = Node::spawn(&site.home, &site.listen)?;
    node.first_answer()?;
    let seconds = began.elapsed().as_secs_f64();
    node.end()?;
    Ok(seconds)
}

/// The seconds that a process needs to open bare sled and read all of it.
fn scan(directory: &Path) -> Result<f64, Failed> {
    let began = Instant::now();
    let ended = command(Role::Scan)?.env(DIRECTORY, directory).status()?;
    if ended.success() { Ok(began.elapsed().as_secs_f64()) } else { Err("the bare scan failed".into()) }
}

/// The other process: opens the store that the environment names, and reads all of it.
pub(crate) fn scan_bare() -> Result<(), Failed> {
    let directory = PathBuf::from(std::env::var_os(DIRECTORY).ok_or("no directory")?);
    let mut bytes = 0;
    for entry in open_bare(&directory)?.iter() {
        let (key, value) = entry?;
        bytes += key.len() + value.len();
    }
    if bytes > 0 { Ok(()) } else { Err("nothing was read".into()) }
}

/// Opens bare sled, and waits out another process's hold on its files.
pub(crate) fn open_bare(directory: &Path) -> Result<sled::Db, Failed> {
    let config = sled::Config::new().path(directory).cache_capacity(CACHE_BYTES).flush_every_ms(None);
    let end = Instant::now() + Duration::from_secs(10);
    loop {
        match config.open() {
            Ok(tree) => return Ok(tree),
            Err(error) if Instant::now() > end => return Err(error.into()),
            Err(_) => std::thread::sleep(Duration::from_millis(1)),
        }
    }
}

fn write_bare(directory: &Path, crowd: &Crowd) -> Result<(), Failed> {
    let tree = open_bare(directory)?;
    for batch in crowd.records.chunks(BATCH) {
        let mut changes = sled::Batch::default();
        for record in batch {
            let place = record.place();
            let author = record.author();
            let key = [b"r", author.as_bytes().as_slice(), &place.seq.to_be_bytes(), place.id.as_bytes()];
            changes.insert(key.concat(), record.bytes().as_ref());
        }
        tree.apply_batch(changes)?;
        tree.flush()?;
    }
    Ok(())
}
