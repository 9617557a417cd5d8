//! A node is killed (SIGKILL) again and again while people hand records in and its teller signs: nothing that
//! it acknowledged is lost, and no place in a log is signed twice.
//!
//! Vienna's node is killed; Amsterdam's stays, and remembers all that Vienna's ever sent. `COHUB_KILLS` sets
//! how often, 50 where it is not set.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod evidence;
mod hub;
mod socket;
mod writer;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use cohub_record::{Hash, Id, Record};
use cohub_registry::Kind;

use evidence::Evidence;
use hub::{Hub, Running};
use writer::{Subject, Written};

/// Kills where the environment does not say how many.
const KILLS: u64 = 50;
/// The longest that a node is left in peace: about ten motions' records and some hundred of people.
const PEACE_MS: u64 = 250;
/// Of so many kills one at least has to meet a write that was handed in and not acknowledged.
const ONE_IN: u64 = 4;
/// How long two nodes may take to agree when nobody disturbs them any more.
const AGREEMENT: Duration = Duration::from_secs(60);

#[test]
fn nothing_acknowledged_is_lost_and_no_place_is_signed_twice() {
    let kills = std::env::var("COHUB_KILLS").map_or(KILLS, |text| text.parse().unwrap());
    let directory = tempfile::tempdir().unwrap();
    let [vienna, amsterdam] = hub::found(directory.path());
    let steady = amsterdam.start();
    let mut killed = vienna.start();
    let application = writer::bring_in_a_newcomer(&vienna, &killed);
    let mut evidence = Evidence::default();
    let mut met = 0;
    for kill in 0..kills {
        let round = disturb(&[&vienna, &amsterdam], application, &mut killed, draw(kill, PEACE_MS));
        let of_vienna = || round.iter().filter(|written| written.hub == vienna.slug);
        met += u64::from(of_vienna().any(|written| written.in_flight));
        killed = vienna.start();
        assert!(vienna.outbox_is_empty(), "the node takes what waits in the outbox before it answers");
        for record in of_vienna().flat_map(|written| &written.acknowledged) {
            killed.socket().holds(record);
        }
        evidence.add(round);
    }
    agree(&killed, &steady);
    killed.end();
    steady.end();

    evidence.read(&vienna);
    evidence.read(&amsterdam);
    evidence.all_acknowledged_is_stored(&vienna);
    evidence.all_acknowledged_is_stored(&amsterdam);
    evidence.no_place_is_signed_twice();
    let closings = evidence.written_by(&vienna.teller, Kind::Closing);
    let returns = evidence.written_by(&vienna.teller, Kind::Return);
    eprintln!(
        "{kills} kills, {met} met a write handed in and not acknowledged; {} records acknowledged, {} held; \
         {closings} closings and {returns} returns by the killed node's teller",
        evidence.acknowledged(),
        evidence.stored(&vienna)
    );
    assert!(met >= kills / ONE_IN, "only {met} of {kills} kills met a write");
    assert!(closings > 0 && returns > 0, "the killed node's teller had nothing to sign");
}

/// People of both hubs write without a pause; after `peace_ms` the first hub's node is killed. Answers what
/// each of them has to tell.
fn disturb(hubs: &[&Hub; 2], application: Id, killed: &mut Running, peace_ms: u64) -> Vec<Written> {
    let over = Arc::new(AtomicBool::new(false));
    let subjects = [Subject::Years, Subject::Votes(application)];
    let writers: Vec<_> = hubs
        .iter()
        .flat_map(|hub| subjects.map(|subject| writer::spawn(hub, subject, Arc::clone(&over))))
        .collect();
    std::thread::sleep(Duration::from_millis(peace_ms));
    killed.kill();
    over.store(true, Ordering::Relaxed);
    writers.into_iter().map(|writer| writer.join().unwrap()).collect()
}

/// Waits until both nodes have the same registry.
fn agree(one: &Running, other: &Running) {
    let end = Instant::now() + AGREEMENT;
    loop {
        let [one, other] = [one, other].map(|node| node.socket().status());
        if one.head.is_some() && one.head == other.head && one.records == other.records {
            return;
        }
        assert!(Instant::now() < end, "they do not agree within {AGREEMENT:?}:\n{one:?}\n{other:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A number below `bound` that depends on `number` only.
fn draw(number: u64, bound: u64) -> u64 {
    let hash = Hash::of("kill\n", &[&number.to_be_bytes()]);
    u64::from_be_bytes(*hash.as_bytes().first_chunk().unwrap()) % bound
}

/// What a record says of its place in a log.
fn place(record: &Record) -> (cohub_record::PublicKey, u64) {
    (record.author(), record.header().seq)
}
