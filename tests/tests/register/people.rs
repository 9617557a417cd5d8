//! The people of many hubs, who write what they wish into one registry in memory.

use std::collections::BTreeMap;

use cohub_node::network::consent;
use cohub_record::{Hash, Header, Id, PublicKey, Record, SecretKey};
use cohub_registry::{Choice, Contents, Enough, Intent, Profile, Registry, Role, recovery_hash};

/// Between two records.
const STEP_MS: u64 = 1_000;
/// What a newcomer may write.
const RECORDS: u64 = 40;

/// A hub's secret keys, the same in every run.
#[derive(Clone)]
pub(crate) struct Hub {
    pub(crate) profile: Profile,
    pub(crate) controller: SecretKey,
    pub(crate) recovery: SecretKey,
    pub(crate) representative: SecretKey,
    pub(crate) teller: SecretKey,
    pub(crate) node: SecretKey,
}

impl Hub {
    pub(crate) fn new(profile: Profile) -> Self {
        let secret = |purpose: &str| {
            let seed = Hash::of("register\n", &[profile.slug.as_str().as_bytes(), purpose.as_bytes()]);
            SecretKey::from_seed(seed.as_bytes())
        };
        let [controller, recovery, representative, teller, node] =
            ["controller", "recovery", "representative", "teller", "node"].map(secret);
        Self { profile, controller, recovery, representative, teller, node }
    }
}

/// What is known, and where each log ends.
pub(crate) struct People {
    pub(crate) registry: Registry,
    pub(crate) records: BTreeMap<Id, Record>,
    pens: BTreeMap<PublicKey, (u64, Id)>,
    now_ms: u64,
}

impl People {
    pub(crate) fn of(founding: Record) -> Self {
        Self {
            registry: Registry::found(&founding).unwrap(),
            now_ms: founding.header().at,
            records: BTreeMap::from([(founding.id(), founding)]),
            pens: BTreeMap::new(),
        }
    }

    /// Writes the next record of a key.
    pub(crate) fn say(&mut self, key: &SecretKey, intent: &Intent) -> Id {
        let contents =
            self.registry.draft(&key.public(), intent).unwrap_or_else(|why| panic!("{intent:?}: {why}"));
        self.write(key, contents)
    }

    fn write(&mut self, key: &SecretKey, Contents { kind, cites, body }: Contents) -> Id {
        self.now_ms += STEP_MS;
        let prev = self.pens.get(&key.public()).copied();
        let header = Header {
            network: Some(self.registry.network()),
            seq: prev.map_or(0, |(seq, _)| seq + 1),
            prev: prev.map(|(_, id)| id),
            at: self.now_ms,
            kind: kind.to_string(),
            cites,
            body,
            attachments: Vec::new(),
        };
        let record = header.sign(key).unwrap();
        self.registry.insert(&record).unwrap();
        self.pens.insert(key.public(), (record.header().seq, record.id()));
        let id = record.id();
        self.records.insert(id, record);
        id
    }

    pub(crate) fn begin(&mut self, hub: &Hub) -> Id {
        let recovery = recovery_hash(&hub.recovery.public());
        self.say(&hub.controller, &Intent::Inception { profile: hub.profile.clone(), recovery })
    }

    /// A hub takes up its claim: sponsored by one, voted on by the committee, signed by both sides.
    pub(crate) fn take_up(&mut self, hub: &Hub, sponsor: &Hub, committee: &[Hub]) {
        let vouching = Intent::Sponsor { controller: hub.controller.public(), records: RECORDS };
        self.say(&sponsor.representative, &vouching);
        self.begin(hub);
        let network = self.registry.network();
        let granted =
            consent(Some(&network), &hub.controller.public(), &hub.representative, &[Role::Representative])
                .unwrap();
        let (key, roles, consent) = (granted.key, granted.roles, granted.consent);
        self.say(&hub.controller, &Intent::Grant { key, roles, consent, encryption: None });
        let claim = Some(hub.profile.slug.clone());
        let application = self.say(&hub.controller, &Intent::Application { claim });
        let deadline_ms = self.now_ms + 3_600_000;
        let advance = Intent::Advance { application, stage: None, deadline_ms, open_by_ms: 0 };
        let motion = self.say(&committee[0].representative, &advance);
        let votes: Vec<_> = committee.iter().map(|seat| (seat, Choice::Yes)).collect();
        self.decide(motion, &votes, committee);
        let signing = usize::from(self.registry.founding().charter.signing_seats);
        for seat in committee.iter().take(signing) {
            self.say(&seat.representative, &Intent::SignAdmission { application });
        }
        self.say(&hub.controller, &Intent::SignAdmission { application });
    }

    /// Hubs vote, and each teller closes and returns.
    pub(crate) fn decide(&mut self, motion: Id, votes: &[(&Hub, Choice)], committee: &[Hub]) {
        for (hub, choice) in votes {
            self.say(&hub.representative, &Intent::Ballot { motion, choice: *choice });
        }
        let heads: Vec<Id> = self.registry.heads(&motion).into_iter().map(|heads| heads[0]).collect();
        for seat in committee {
            let closing = self.registry.closing(&motion, &heads, None);
            self.write(&seat.teller, closing);
        }
        for seat in committee {
            let returning = self.registry.returning(&motion, &seat.teller.public(), Enough::AllTellers);
            self.write(&seat.teller, returning.expect("all tellers have closed"));
        }
    }

    /// How many hubs have a status.
    pub(crate) fn count(&self, status: &str) -> usize {
        self.registry.view().hubs.iter().filter(|hub| hub.status == status).count()
    }
}
