//! A network of hubs with known keys, which writes whatever it is told to: honest records, and lies.

use std::collections::BTreeMap;

use cohub_record::{
    Descriptor, Field as _, Hash, Header, Id, List, PublicKey, Record, SecretKey, Value, consent_message,
};
use cohub_registry::{
    Charter, Choice, Contents, Enough, Founder, Founding, Granted, Intent, Kind, Outcome, PanelSeats,
    Profile, Registry, Role, Roles, recovery_hash,
};

use super::Failure;

/// The clock at the founding: 24 November 2025, noon, UTC.
const FOUNDED_AT_MS: u64 = 1_763_985_600_000;
const MINUTE_MS: u64 = 60_000;

/// A hub's facts: name, slug, city, country, latitude and longitude in 1e-5 degree.
pub(super) type Facts = (&'static str, &'static str, &'static str, &'static str, i32, i32);

pub(super) const FOUNDERS: [Facts; 7] = [
    ("Vienna Hub", "vienna", "Vienna", "AT", 4_820_849, 1_637_208),
    ("Amsterdam Hub", "amsterdam", "Amsterdam", "NL", 5_237_403, 488_969),
    ("Hub São Paulo", "sao-paulo", "São Paulo", "BR", -2_355_052, -4_663_331),
    ("İstanbul Hub", "istanbul", "İstanbul", "TR", 4_101_384, 2_894_966),
    ("Nairobi Hub", "nairobi", "Nairobi", "KE", -129_207, 3_682_195),
    ("Hub Yerevan", "yerevan", "Yerevan", "AM", 4_018_111, 4_451_361),
    ("Kigali Hub", "kigali", "Kigali", "RW", -194_407, 3_006_182),
];
pub(super) const ANKARA: Facts = ("Ankara Hub", "ankara", "Ankara", "TR", 3_993_336, 3_285_974);
pub(super) const LAGOS: Facts = ("Lagos Hub", "lagos", "Lagos", "NG", 652_438, 337_921);

/// A hub and its secret keys.
#[derive(Clone)]
pub(super) struct Hub {
    pub(super) profile: Profile,
    pub(super) controller: SecretKey,
    pub(super) recovery: SecretKey,
    pub(super) representative: SecretKey,
    pub(super) panelist: SecretKey,
    pub(super) teller: SecretKey,
}

/// The network as one node that holds everything would see it.
#[derive(Clone)]
pub(super) struct Network {
    pub(super) registry: Registry,
    pub(super) hubs: Vec<Hub>,
    records: BTreeMap<Id, Record>,
    /// The place from which each key writes on.
    pens: BTreeMap<PublicKey, (u64, Id)>,
    now_ms: u64,
}

impl Hub {
    fn new((name, slug, city, country, lat, lon): Facts) -> Result<Self, Failure> {
        Ok(Self {
            profile: Profile {
                name: name.parse()?,
                slug: slug.parse()?,
                city: city.parse()?,
                country: country.parse()?,
                lat,
                lon,
            },
            controller: secret(slug, "controller"),
            recovery: secret(slug, "recovery"),
            representative: secret(slug, "representative"),
            panelist: secret(slug, "panelist"),
            teller: secret(slug, "teller"),
        })
    }

    fn granted(&self, key: &SecretKey, role: Role) -> Result<Granted, Failure> {
        let roles = List::new(vec![role])?;
        let consent = consent(None, &self.controller.public(), key, &roles);
        Ok(Granted { key: key.public(), roles, consent })
    }

    pub(super) fn as_founder(&self) -> Result<Founder, Failure> {
        Ok(Founder {
            profile: self.profile.clone(),
            controller: self.controller.public(),
            recovery: recovery_hash(&self.recovery.public()),
            keys: List::new(vec![
                self.granted(&self.representative, Role::Representative)?,
                self.granted(&self.panelist, Role::Panelist)?,
                self.granted(&self.teller, Role::Teller)?,
            ])?,
        })
    }
}

/// The key of a hub for a purpose, the same in every run.
pub(super) fn secret(hub: &str, purpose: &str) -> SecretKey {
    SecretKey::from_seed(blake3::hash(format!("cohub vectors: {hub}, {purpose}").as_bytes()).as_bytes())
}

fn consent(
    network: Option<&Id>,
    controller: &PublicKey,
    key: &SecretKey,
    roles: &Roles,
) -> cohub_record::Signature {
    key.sign(&consent_message(network, controller, &key.public(), &roles.to_value().encode()))
}

/// The body of a founding record of the first `seats` hubs.
pub(super) fn founding(seats: usize, charter: &str) -> Result<(Founding, Vec<Hub>), Failure> {
    let hubs = FOUNDERS.into_iter().take(seats).map(Hub::new).collect::<Result<Vec<_>, _>>()?;
    let members = hubs.iter().map(|hub| hub.panelist.public()).collect();
    let founding = Founding {
        name: "Commons of Hubs".parse()?,
        charter: Charter::from_toml(charter)?,
        manifesto: "We own this network together, and each of us has one vote.".parse()?,
        founders: List::new(hubs.iter().map(Hub::as_founder).collect::<Result<_, _>>()?)?,
        seats: List::new((0..u16::try_from(seats)?).collect())?,
        panels: List::new(vec![PanelSeats { panel: "community".parse()?, members: List::new(members)? }])?,
        claims: List::default(),
    };
    Ok((founding, hubs))
}

/// The founding record with such a body.
pub(super) fn founding_record(body: Value) -> Result<Record, Failure> {
    let header = Header {
        network: None,
        seq: 0,
        prev: None,
        at: FOUNDED_AT_MS,
        kind: Kind::Founding.as_str().to_owned(),
        cites: Vec::new(),
        body,
        attachments: Vec::new(),
    };
    Ok(header.sign(&secret("network", "founding"))?)
}

impl Network {
    /// Founds a network whose founders all sit on the committee.
    pub(super) fn found(seats: usize, charter: &str) -> Result<Self, Failure> {
        Self::found_with_claims(seats, charter, &[])
    }

    /// The same with hubs that have no keys yet.
    pub(super) fn found_with_claims(seats: usize, charter: &str, claims: &[Facts]) -> Result<Self, Failure> {
        let (mut founding, hubs) = founding(seats, charter)?;
        let claims = claims.iter().map(|facts| Ok(Hub::new(*facts)?.profile));
        founding.claims = List::new(claims.collect::<Result<_, Failure>>()?)?;
        let record = founding_record(founding.to_value())?;
        let mut network = Self {
            registry: Registry::found(&record)?,
            hubs,
            records: BTreeMap::from([(record.id(), record)]),
            pens: BTreeMap::new(),
            now_ms: FOUNDED_AT_MS,
        };
        for hub in network.hubs.clone() {
            network.begin(&hub)?;
        }
        Ok(network)
    }

    fn begin(&mut self, hub: &Hub) -> Result<Id, Failure> {
        let recovery = recovery_hash(&hub.recovery.public());
        self.say(&hub.controller, &Intent::Inception { profile: hub.profile.clone(), recovery })
    }

    /// Brings in a hub that `sponsor` vouches for; answers its application.
    pub(super) fn applicant(&mut self, sponsor: &SecretKey, facts: Facts) -> Result<Id, Failure> {
        self.usher_in(sponsor, facts, None)
    }

    /// The same of a hub that takes up its claim.
    pub(super) fn claimant(&mut self, sponsor: &SecretKey, facts: Facts) -> Result<Id, Failure> {
        self.usher_in(sponsor, facts, Some(facts.1))
    }

    fn usher_in(&mut self, sponsor: &SecretKey, facts: Facts, claim: Option<&str>) -> Result<Id, Failure> {
        let hub = Hub::new(facts)?;
        self.say(sponsor, &Intent::Sponsor { controller: hub.controller.public(), records: 40 })?;
        self.begin(&hub)?;
        let claim = claim.map(str::parse).transpose()?;
        let application = self.say(&hub.controller, &Intent::Application { claim })?;
        self.hubs.push(hub);
        Ok(application)
    }

    /// Gives a key roles for the hub of `controller`.
    pub(super) fn grant(
        &mut self,
        controller: &SecretKey,
        key: &SecretKey,
        role: Role,
    ) -> Result<Id, Failure> {
        let roles = List::new(vec![role])?;
        let consent = consent(Some(&self.registry.network()), &controller.public(), key, &roles);
        self.say(controller, &Intent::Grant { key: key.public(), roles, consent, encryption: None })
    }

    /// Writes what an honest key would write.
    pub(super) fn say(&mut self, key: &SecretKey, intent: &Intent) -> Result<Id, Failure> {
        let contents = self.registry.draft(&key.public(), intent)?;
        self.write(key, contents, Vec::new())
    }

    /// Hands in a document whose content stands nowhere.
    pub(super) fn document(
        &mut self,
        key: &SecretKey,
        application: Id,
        document_type: &str,
    ) -> Result<Id, Failure> {
        let document_type = document_type.parse()?;
        let contents =
            self.registry.draft(&key.public(), &Intent::Document { application, document_type })?;
        let hash = Hash::from_bytes(*blake3::hash(&contents.body.encode()).as_bytes());
        let descriptor =
            Descriptor { hash, size_bytes: 70_000, scope: cohub_record::Scope::Members, sealed_to: None };
        self.write(key, contents, vec![descriptor])
    }

    /// Writes anything at the place of the key's pen, valid or not.
    pub(super) fn write(
        &mut self,
        key: &SecretKey,
        contents: Contents,
        attachments: Vec<Descriptor>,
    ) -> Result<Id, Failure> {
        self.write_raw(key, contents.kind.as_str(), contents.cites, contents.body, attachments)
    }

    /// Writes a record of any kind at the place of the key's pen.
    pub(super) fn write_raw(
        &mut self,
        key: &SecretKey,
        kind: &str,
        cites: Vec<Vec<Id>>,
        body: Value,
        attachments: Vec<Descriptor>,
    ) -> Result<Id, Failure> {
        self.now_ms += MINUTE_MS;
        let prev = self.pens.get(&key.public()).copied();
        let header = Header {
            network: Some(self.registry.network()),
            seq: prev.map_or(0, |(seq, _)| seq + 1),
            prev: prev.map(|(_, id)| id),
            at: self.now_ms,
            kind: kind.to_owned(),
            cites,
            body,
            attachments,
        };
        let record = header.sign(key)?;
        self.registry.insert(&record)?;
        self.pens.insert(key.public(), (record.header().seq, record.id()));
        self.records.insert(record.id(), record.clone());
        Ok(record.id())
    }

    /// Holds a record that somebody made by hand, without moving a pen.
    pub(super) fn keep(&mut self, record: Record) {
        self.records.insert(record.id(), record);
    }

    /// Puts a key's pen behind a record of its log, or before all of them: what it writes next is a fork.
    pub(super) fn rewind(&mut self, key: &SecretKey, to: Option<Id>) {
        match to.and_then(|id| self.registry.place(&id)) {
            Some((_, place)) => self.pens.insert(key.public(), (place.seq, place.id)),
            None => self.pens.remove(&key.public()),
        };
    }

    /// Some record that was written.
    pub(super) fn any(&self, number: usize) -> Option<Id> {
        self.records.keys().nth(number % self.records.len().max(1)).copied()
    }

    /// The kind of a record.
    pub(super) fn kind(&self, id: &Id) -> Option<&str> {
        self.records.get(id).map(|record| record.header().kind.as_str())
    }

    /// The place of a key's pen.
    pub(super) fn pen(&self, key: &SecretKey) -> Option<Id> {
        self.pens.get(&key.public()).map(|(_, id)| *id)
    }

    /// A motion of the first hub that an application reach a stage; the next one where none is named.
    pub(super) fn motion(
        &mut self,
        application: Id,
        stage: Option<&str>,
        open_by_ms: u64,
    ) -> Result<Id, Failure> {
        let key = self.hubs[0].representative.clone();
        let deadline_ms = self.now_ms + 60 * MINUTE_MS;
        let stage = stage.map(str::parse).transpose()?;
        self.say(&key, &Intent::Advance { application, stage, deadline_ms, open_by_ms })
    }

    /// An hour from now, by the clock of these records.
    pub(super) const fn in_an_hour(&self) -> u64 {
        self.now_ms + 60 * MINUTE_MS
    }

    /// The vote of a seat.
    pub(super) fn vote(&mut self, motion: Id, seat: usize, choice: Choice) -> Result<Id, Failure> {
        let key = self.hubs[seat].representative.clone();
        self.say(&key, &Intent::Ballot { motion, choice })
    }

    /// The closing of a seat's teller, with the latest ballot of each seat as its heads.
    pub(super) fn close(&mut self, motion: Id, seat: usize) -> Result<Id, Failure> {
        let heads: Vec<Id> =
            self.registry.heads(&motion).iter().filter_map(|heads| heads.first()).copied().collect();
        self.close_with(motion, seat, &heads)
    }

    /// The closing of a seat's teller with these heads.
    pub(super) fn close_with(&mut self, motion: Id, seat: usize, heads: &[Id]) -> Result<Id, Failure> {
        let key = self.hubs[seat].teller.clone();
        let contents = self.registry.closing(&motion, heads, None);
        self.write(&key, contents, Vec::new())
    }

    /// The return of a seat's teller, as an honest one counts.
    pub(super) fn return_(&mut self, motion: Id, seat: usize) -> Result<Id, Failure> {
        let key = self.hubs[seat].teller.clone();
        let contents = self.registry.returning(&motion, &key.public(), Enough::Quorum);
        let contents = contents.ok_or_else(|| Failure::from("nothing can be returned yet"))?;
        self.write(&key, contents, Vec::new())
    }

    /// A return of a seat's teller that says what it is told to.
    pub(super) fn return_as(
        &mut self,
        motion: Id,
        seat: usize,
        closings: &[Id],
        outcome: Outcome,
        tally: [i64; 5],
    ) -> Result<Id, Failure> {
        let key = self.hubs[seat].teller.clone();
        let tally = Value::Array(tally.into_iter().map(Value::Integer).collect());
        let body = Value::Array(vec![outcome.to_value(), tally]);
        let cites = vec![vec![motion], closings.to_vec(), Vec::new()];
        self.write(&key, Contents { kind: Kind::Return, cites, body }, Vec::new())
    }

    /// Votes, closes and returns a motion with every seat's teller; answers the returns.
    pub(super) fn decide(&mut self, motion: Id, choices: &[Choice]) -> Result<Vec<Id>, Failure> {
        for (seat, choice) in choices.iter().enumerate() {
            self.vote(motion, seat, *choice)?;
        }
        let seats: Vec<usize> = (0..self.registry.founding().seats.len()).collect();
        for seat in &seats {
            self.close(motion, *seat)?;
        }
        seats.iter().map(|seat| self.return_(motion, *seat)).collect()
    }

    /// These records and all that they descend from, each once, in order of ids.
    pub(super) fn past_of(&self, records: &[Id]) -> BTreeMap<Id, Record> {
        let mut waiting = records.to_vec();
        let mut past = BTreeMap::new();
        while let Some(id) = waiting.pop() {
            if let Some(record) = self.records.get(&id).filter(|_| !past.contains_key(&id)) {
                waiting.extend(record.header().cited().chain(&record.header().prev));
                past.insert(id, record.clone());
            }
        }
        past
    }
}
