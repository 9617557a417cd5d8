//! SIGKILL at random moments: nothing acknowledged is lost, no batch is torn.
//!
//! `COHUB_KILL_ROUNDS` sets how often.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use cohub_record::{Hash, Id, Record};
use cohub_store::{Exported, Exporter, Opened, Options, SledStore, Store as _, read_segments, segments_dir};
use support::{number_from_env, record, secret};

const DIRECTORY: &str = "COHUB_KILL_DIRECTORY";
const FIRST_BATCH: &str = "COHUB_KILL_FIRST_BATCH";
const AUTHORS: u64 = 5;

/// Draws a number below `bound` that depends on `name` and `number` only.
fn draw(name: &str, number: u64, bound: u64) -> u64 {
    let hash = Hash::of(name, &[&number.to_be_bytes()]);
    u64::from_be_bytes(*hash.as_bytes().first_chunk().unwrap()) % bound
}

/// The records of a batch: one to twenty of one author, small and now and then a big one.
fn batch(number: u64) -> Vec<Record> {
    let author = secret(number % AUTHORS);
    let length = 1 + draw("length\n", number, 20);
    (0..length)
        .map(|place| {
            let seq = number / AUTHORS * 20 + place;
            let prev = (seq > 0).then(|| Id::from_bytes([3; 32]));
            let is_big = draw("big\n", seq, 50) == 0;
            record(&author, seq, prev, if is_big { 60_000 } else { 300 }, number)
        })
        .collect()
}

#[test]
#[ignore = "the child of the test below, which kills it"]
fn writes_until_it_is_killed() {
    let Ok(dir) = std::env::var(DIRECTORY) else { return };
    let Opened { store, suspicion } = SledStore::open(Path::new(&dir), Options::default()).unwrap();
    assert_eq!(suspicion, None);
    let mut exporter = Exporter::open(&segments_dir(Path::new(&dir))).unwrap();
    exporter.catch_up(&store).unwrap();
    let mut out = std::io::stdout();
    let mut say = |word: &str, number: u64| {
        writeln!(out, "\n{word} {number}").unwrap();
        out.flush().unwrap();
    };
    for number in number_from_env(FIRST_BATCH, 0).. {
        let batch = batch(number);
        say("begin", number);
        store.append(&batch).unwrap();
        say("stored", number);
        store.put_meta("lease", &number.to_be_bytes()).unwrap();
        say("leased", number);
        exporter.append(&batch).unwrap();
        say("exported", number);
    }
}

/// The last number said with each word.
#[derive(Debug, Default, Clone, Copy)]
struct Said {
    begun: Option<u64>,
    stored: Option<u64>,
    leased: Option<u64>,
    exported: Option<u64>,
}

impl Said {
    fn hear(&mut self, line: &str) {
        let Some((word, number)) = line.split_once(' ') else { return };
        let Ok(number) = number.parse() else { return };
        match word {
            "begin" => self.begun = Some(number),
            "stored" => self.stored = Some(number),
            "leased" => self.leased = Some(number),
            "exported" => self.exported = Some(number),
            _ => {}
        }
    }
}

/// Starts a child, kills it some time after its first batch is stored, and adds what it said to `said`.
fn run_and_kill(dir: &Path, round: u64, said: &mut Said) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["writes_until_it_is_killed", "--exact", "--ignored", "--nocapture"])
        .env(DIRECTORY, dir)
        .env(FIRST_BATCH, said.stored.map_or(0, |stored| stored + 1).to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let (heard, hear) = mpsc::channel();
    let reader = std::thread::spawn(move || {
        lines.map_while(Result::ok).for_each(|line| drop(heard.send(line)));
    });
    while let Ok(line) = hear.recv_timeout(Duration::from_secs(60)) {
        said.hear(&line);
        if line.starts_with("stored") {
            break;
        }
    }
    std::thread::sleep(Duration::from_micros(draw("delay\n", round, 60_000)));
    child.kill().unwrap();
    child.wait().unwrap();
    reader.join().unwrap();
    hear.try_iter().for_each(|line| said.hear(&line));
}

/// Checks everything in the directory against what was said.
fn examine(dir: &Path, said: &Said) -> u64 {
    let Opened { store, suspicion } = SledStore::open(dir, Options::default()).unwrap();
    assert_eq!(suspicion, None, "a kill is no reason to suspect a store");
    let mut held = std::collections::BTreeMap::new();
    let scan = store.scan(&mut |stored| {
        held.insert(stored.place.id, stored.bytes.to_vec());
    });
    assert_eq!(scan.unwrap().damaged, []);
    let (stored, begun) = (said.stored.unwrap(), said.begun.unwrap());
    for number in 0..=begun {
        let batch = batch(number);
        let there = batch.iter().filter(|r| held.get(&r.id()).is_some_and(|b| *b == **r.bytes())).count();
        let is_whole = there == batch.len() || (there == 0 && number > stored);
        assert!(is_whole, "{there} of the {} records of batch {number} are there", batch.len());
    }
    let lease = store.meta("lease").unwrap().map(|bytes| u64::from_be_bytes(bytes.try_into().unwrap()));
    assert!(lease >= said.leased, "lease {lease:?} after {:?} was acknowledged", said.leased);

    let mut exported = std::collections::BTreeSet::new();
    let report = read_segments(&segments_dir(dir), &mut |_, _, frame| {
        if let Exported::Record(bytes) = frame {
            exported.insert(Record::id_of(bytes).unwrap());
        }
    });
    let torn = report.unwrap().damaged;
    assert!(torn.len() <= 1 && torn.iter().all(|damage| damage.why.contains("broke off")), "{torn:?}");
    for number in 0..=said.exported.unwrap_or(0) {
        assert!(said.exported.is_none() || batch(number).iter().all(|r| exported.contains(&r.id())));
    }
    held.len() as u64
}

#[test]
fn nothing_acknowledged_is_lost_to_sigkill() {
    let dir = tempfile::tempdir().unwrap();
    let rounds = number_from_env("COHUB_KILL_ROUNDS", 20);
    let mut said = Said::default();
    let (mut in_flight, mut records) = (0, 0);
    for round in 0..rounds {
        run_and_kill(dir.path(), round, &mut said);
        in_flight += u64::from(said.begun > said.stored);
        records = examine(dir.path(), &said);
    }
    // What a kill left between store and segments is made up for.
    let Opened { store, .. } = SledStore::open(dir.path(), Options::default()).unwrap();
    let mut exporter = Exporter::open(&segments_dir(dir.path())).unwrap();
    exporter.catch_up(&store).unwrap();
    assert_eq!(exporter.catch_up(&store).unwrap(), 0);
    eprintln!("{rounds} kills, {in_flight} with an unacknowledged batch in flight, {records} records kept");
    assert!(in_flight > 0, "no kill met a write");
}
