//! People who write one record after another as the commands do: draft, sign, outbox, hand in.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use cohub_node::api::{Call, Drafted, Submitted};
use cohub_node::outbox::Outbox;
use cohub_node::{clock, write};
use cohub_record::{Id, Record, SecretKey};
use cohub_registry::{Choice, Intent, Profile, ProfileOfYear};

use crate::hub::{Hub, Running};
use crate::socket::{NoAnswer, Socket, bare};

/// How long a vote lasts: with the grace of the charter a little over three seconds until its tellers return.
const VOTE_MS: u64 = 2_000;
/// Nobody votes in the last moments: the ballot would be late.
const LAST_MOMENTS_MS: u64 = 100;

/// What somebody writes about.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Subject {
    /// The controller reports a year, and corrects it for ever.
    Years,
    /// The representative moves that this application advances, and changes its vote until the vote is over.
    Votes(Id),
}

/// What somebody has to tell after a round.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) hub: &'static str,
    /// All that was signed.
    pub(crate) signed: Vec<Record>,
    /// What the node said that it has stored.
    pub(crate) acknowledged: Vec<Record>,
    /// Whether the last record was handed in and the node went away without a word.
    pub(crate) in_flight: bool,
}

struct Writer {
    socket: Socket,
    outbox: Outbox,
    written: Written,
}

/// Starts somebody of a hub, who writes until the node goes away or the round is over.
pub(crate) fn spawn(hub: &Hub, subject: Subject, over: Arc<AtomicBool>) -> JoinHandle<Written> {
    let secret = match subject {
        Subject::Years => hub.controller.clone(),
        Subject::Votes(_) => hub.representative.clone(),
    };
    let mut writer = Writer::of(hub);
    std::thread::spawn(move || {
        let mut number = 0;
        let mut vote = None;
        while !over.load(Ordering::Relaxed) {
            number += 1;
            let said = match subject {
                Subject::Years => writer.write(&secret, year(number)).map(|_| ()),
                Subject::Votes(application) => writer.vote(&secret, application, number, &mut vote),
            };
            match said {
                Ok(()) => {}
                Err(NoAnswer::Refused(why)) => panic!("{} is refused: {why}", secret.public()),
                Err(NoAnswer::NotHandedIn | NoAnswer::InFlight) => break,
            }
        }
        writer.written
    })
}

/// Has Vienna sponsor a newcomer, who begins and applies: what motions are about from then on.
pub(crate) fn bring_in_a_newcomer(vienna: &Hub, running: &Running) -> Id {
    let newcomer = SecretKey::from_seed(&[9; 32]);
    let mut writer = Writer::of(vienna);
    let profile = Profile {
        name: "Ankara".parse().unwrap(),
        slug: "ankara".parse().unwrap(),
        city: "Ankara".parse().unwrap(),
        country: "TR".parse().unwrap(),
        lat: 3_990_000,
        lon: 3_286_000,
    };
    let recovery = cohub_registry::recovery_hash(&SecretKey::from_seed(&[10; 32]).public());
    let sponsor = Intent::Sponsor { controller: newcomer.public(), records: 100 };
    writer.write(&vienna.representative, sponsor).unwrap();
    writer.write(&newcomer, Intent::Inception { profile, recovery }).unwrap();
    let application = writer.write(&newcomer, Intent::Application { claim: None }).unwrap();
    let end = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while !running.socket().status().synced {
        assert!(std::time::Instant::now() < end, "the founders do not find each other");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    application
}

impl Writer {
    fn of(hub: &Hub) -> Self {
        let socket = Socket::connect(&hub.home).unwrap();
        let outbox = Outbox::open(&hub.home).unwrap();
        let written =
            Written { hub: hub.slug, signed: Vec::new(), acknowledged: Vec::new(), in_flight: false };
        Self { socket, outbox, written }
    }

    /// Writes one record, and answers its id once the node has acknowledged it.
    fn write(&mut self, secret: &SecretKey, intent: Intent) -> Result<Id, NoAnswer> {
        let drafted: Drafted = self.socket.call(&Call::Draft { author: secret.public(), intent })?;
        let record = write::sign(&drafted, Vec::new(), secret).unwrap();
        self.written.signed.push(record.clone());
        let waiting = self.outbox.put(&bare(&record)).unwrap();
        match self.socket.call::<Submitted>(&Call::Submit { records: vec![bare(&record)] }) {
            Ok(submitted) => assert_eq!(submitted.ids, [record.id()]),
            Err(why) => {
                self.written.in_flight = matches!(why, NoAnswer::InFlight);
                return Err(why);
            }
        }
        self.outbox.stored(&waiting).unwrap();
        self.written.acknowledged.push(record.clone());
        Ok(record.id())
    }

    /// Votes on the motion that is open, or opens another. Nobody ever says yes, so that there is always
    /// something to move.
    fn vote(
        &mut self,
        secret: &SecretKey,
        application: Id,
        number: u32,
        open: &mut Option<(Id, u64)>,
    ) -> Result<(), NoAnswer> {
        let now_ms = clock::now_ms();
        if let Some((motion, _)) = open.filter(|(_, deadline_ms)| now_ms + LAST_MOMENTS_MS < *deadline_ms) {
            let choice = if number.is_multiple_of(2) { Choice::No } else { Choice::Abstain };
            return self.write(secret, Intent::Ballot { motion, choice }).map(|_| ());
        }
        let deadline_ms = now_ms + VOTE_MS;
        let advance = Intent::Advance { application, stage: None, deadline_ms, open_by_ms: 0 };
        *open = Some((self.write(secret, advance)?, deadline_ms));
        Ok(())
    }
}

fn year(number: u32) -> Intent {
    Intent::Profile(ProfileOfYear {
        year: 2026,
        name: "A hub".parse().unwrap(),
        city: "A city".parse().unwrap(),
        members: number,
        events: 1,
        ventures: 2,
        jobs: 3,
    })
}
