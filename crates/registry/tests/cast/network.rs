//! Keys by name, pens that know where their logs end, and the registry that takes what they write.

use std::collections::BTreeMap;

use cohub_record::{Descriptor, Field, Hash, Header, Id, List, PublicKey, Record, SecretKey, Value};
use cohub_registry::{
    Charter, Contents, Founder, Founding, Granted, Inserted, PanelSeats, Profile, Registry, Role, Verdict,
    recovery_hash,
};

use super::{consent, slug};

pub(crate) const VIENNA: usize = 0;
pub(crate) const AMSTERDAM: usize = 1;
pub(crate) const SAO_PAULO: usize = 2;
pub(crate) const ISTANBUL: usize = 3;

const NAMES: [&str; 4] = ["vienna", "amsterdam", "sao-paulo", "istanbul"];

/// A key of a hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Desk {
    /// Controls the hub: the first key, or the one after so many rotations.
    Controller(u8),
    /// Votes and, where it sits on a panel, reviews.
    Representative,
    Teller,
    Node,
    /// Any further key.
    Spare(u8),
}

/// A hub, by its place in the cast, and one of its keys.
pub(crate) type Who = (usize, Desk);

pub(crate) const fn controller(hub: usize) -> Who {
    (hub, Desk::Controller(0))
}

/// The key that a controller commits to.
pub(crate) const fn next_controller((hub, desk): Who) -> Who {
    match desk {
        Desk::Controller(rotations) => (hub, Desk::Controller(rotations + 1)),
        other => (hub, other),
    }
}

pub(crate) const fn representative(hub: usize) -> Who {
    (hub, Desk::Representative)
}

pub(crate) const fn teller(hub: usize) -> Who {
    (hub, Desk::Teller)
}

pub(crate) const fn node(hub: usize) -> Who {
    (hub, Desk::Node)
}

pub(crate) const fn spare(hub: usize, number: u8) -> Who {
    (hub, Desk::Spare(number))
}

/// The secret of a key of the cast.
pub(crate) fn secret(who: Who) -> SecretKey {
    SecretKey::from_seed(Hash::of("cast\n", &[format!("{who:?}").as_bytes()]).as_bytes())
}

pub(crate) fn key(who: Who) -> PublicKey {
    secret(who).public()
}

/// What stands in a record beside its place in the log: made by the cast, changed by tests.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Page {
    pub(crate) kind: String,
    pub(crate) cites: Vec<Vec<Id>>,
    pub(crate) body: Value,
    pub(crate) attachments: Vec<Descriptor>,
}

impl Page {
    /// The same page with other cites in one group.
    pub(crate) fn citing(mut self, group: usize, ids: &[Id]) -> Self {
        self.cites[group] = ids.to_vec();
        self
    }

    /// The same page with one more cite in a group.
    pub(crate) fn citing_also(mut self, group: usize, id: Id) -> Self {
        self.cites[group].push(id);
        self
    }

    /// The same page with another body.
    pub(crate) fn saying(self, body: &impl Field) -> Self {
        Self { body: body.to_value(), ..self }
    }
}

impl From<Contents> for Page {
    fn from(Contents { kind, cites, body }: Contents) -> Self {
        Self { kind: kind.to_string(), cites, body, attachments: Vec::new() }
    }
}

/// A key and the end of its log.
#[derive(Clone)]
struct Pen {
    secret: SecretKey,
    end: Option<Id>,
}

/// A network at play: what was written, and a registry that took it.
#[derive(Clone)]
pub(crate) struct Network {
    pub(crate) registry: Registry,
    /// Everything that the registry took, in the order of writing.
    pub(crate) records: Vec<Record>,
    pub(crate) seats: usize,
    /// The tellers of the committee in office, by seat.
    pub(crate) tellers: Vec<Who>,
    /// The inception of each hub that has begun.
    pub(crate) inceptions: BTreeMap<usize, Id>,
    /// The grants that later records of a key cite; founders' keys are granted by the founding record.
    pub(crate) grants: BTreeMap<Who, Id>,
    /// The date of the next record.
    pub(crate) now: u64,
    pens: BTreeMap<Who, Pen>,
}

impl Network {
    /// A network of so many founders, the first of which sit on the committee; all have joined.
    pub(crate) fn found(founders: usize, seats: usize, charter: Charter) -> Self {
        Self::begin(&founding(founders, seats, charter)).joined_by(founders)
    }

    /// A network of which nothing stands but the founding record.
    pub(crate) fn begin(founding: &Founding) -> Self {
        let record = founding_record(founding);
        Self {
            registry: Registry::found(&record).unwrap_or_else(|error| panic!("{error}")),
            seats: founding.seats.len(),
            tellers: (0..founding.seats.len()).map(teller).collect(),
            records: vec![record],
            inceptions: BTreeMap::new(),
            grants: BTreeMap::new(),
            now: 1_764_000_001_000,
            pens: BTreeMap::new(),
        }
    }

    /// The same with hubs whose claims the founding record holds.
    pub(crate) fn found_with_claims(
        founders: usize,
        seats: usize,
        charter: Charter,
        claims: &[usize],
    ) -> Self {
        let claims = List::new(claims.iter().map(|hub| profile(*hub)).collect()).expect("few claims");
        Self::begin(&Founding { claims, ..founding(founders, seats, charter) }).joined_by(founders)
    }

    fn joined_by(mut self, founders: usize) -> Self {
        for hub in 0..founders {
            self.incept(hub);
        }
        self
    }

    /// The founding record.
    pub(crate) fn founding(&self) -> Id {
        self.registry.network()
    }

    /// Signs a page as the next record of a key, without giving it to anybody.
    pub(crate) fn draw(&self, who: Who, page: Page) -> Record {
        self.draw_after(who, self.end(who), page)
    }

    /// Signs a page as a record that continues `prev`, wherever that stands.
    pub(crate) fn draw_after(&self, who: Who, prev: Option<Id>, page: Page) -> Record {
        let seq = prev.map_or(0, |prev| self.registry.place(&prev).expect("held").1.seq + 1);
        let header = Header {
            network: Some(self.founding()),
            seq,
            prev,
            at: self.now,
            kind: page.kind,
            cites: page.cites,
            body: page.body,
            attachments: page.attachments,
        };
        let known = self.pens.get(&who).map(|pen| pen.secret.clone());
        header.sign(&known.unwrap_or_else(|| secret(who))).expect("a record within the limits")
    }

    /// Gives the registry a record, and keeps it.
    pub(crate) fn take(&mut self, record: &Record) -> Inserted {
        self.now += 1_000;
        let inserted = self.registry.insert(record).unwrap_or_else(|error| panic!("{error}"));
        self.records.push(record.clone());
        inserted
    }

    /// Writes the next record of a key, and answers its verdict.
    pub(crate) fn offer(&mut self, who: Who, page: Page) -> (Id, Verdict) {
        let record = self.draw(who, page);
        self.take(&record);
        self.pens.entry(who).or_insert_with(|| Pen { secret: secret(who), end: None }).end =
            Some(record.id());
        (record.id(), self.verdict(&record.id()))
    }

    /// Writes the next record of a key, which is valid.
    #[track_caller]
    pub(crate) fn write(&mut self, who: Who, page: Page) -> Id {
        let kind = page.kind.clone();
        let (id, verdict) = self.offer(who, page);
        assert_eq!(verdict, Verdict::Valid, "{kind} by {who:?}");
        id
    }

    /// Writes a record of a key behind `prev`, be that its end or not, and leaves the end where it was.
    pub(crate) fn write_after(&mut self, who: Who, prev: Option<Id>, page: Page) -> (Id, Verdict) {
        let record = self.draw_after(who, prev, page);
        self.take(&record);
        (record.id(), self.verdict(&record.id()))
    }

    /// The last record that a key has written, its forks aside.
    pub(crate) fn end(&self, who: Who) -> Option<Id> {
        self.pens.get(&who).and_then(|pen| pen.end)
    }

    /// Has a key go on from another record of its log.
    pub(crate) fn go_on_from(&mut self, who: Who, end: Option<Id>) {
        self.pens.insert(who, Pen { secret: secret(who), end });
    }

    /// The predecessor of a held record.
    pub(crate) fn before(&self, id: Id) -> Option<Id> {
        let (author, place) = self.registry.place(&id).expect("held");
        self.registry.log(&author).and_then(|log| log.prev(place)).map(|place| place.id)
    }

    pub(crate) fn verdict(&self, id: &Id) -> Verdict {
        self.registry.verdict(id).expect("held").clone()
    }
}

/// What a founding record of so many founders says; the first of them sit on the committee. All but the
/// last founder's representatives sit on each panel.
pub(crate) fn founding(founders: usize, seats: usize, charter: Charter) -> Founding {
    let place = |place: usize| u16::try_from(place).expect("few founders");
    let panelists = (0..founders).filter(|hub| *hub == 0 || *hub + 1 < founders);
    let members: Vec<PublicKey> = panelists.map(|hub| key(representative(hub))).collect();
    let panel = |panel: &cohub_registry::Panel| PanelSeats {
        panel: panel.slug.clone(),
        members: List::new(members.clone()).expect("few members"),
    };
    Founding {
        claims: List::default(),
        name: "Commons of tests".parse().expect("a text"),
        panels: List::new(charter.panels.iter().map(panel).collect()).expect("few panels"),
        charter,
        manifesto: "We own together what we use together.".parse().expect("a text"),
        founders: List::new((0..founders).map(founder).collect()).expect("few founders"),
        seats: List::new((0..seats).map(place).collect()).expect("few seats"),
    }
}

fn founder(hub: usize) -> Founder {
    let granted = |desk, roles: &[Role]| {
        let roles = List::new(roles.to_vec()).expect("few roles");
        let consent = consent(None, controller(hub), (hub, desk), &roles);
        Granted { key: key((hub, desk)), roles, consent }
    };
    let keys = vec![
        granted(Desk::Representative, &[Role::Representative, Role::Panelist]),
        granted(Desk::Teller, &[Role::Teller]),
        granted(Desk::Node, &[Role::Node]),
    ];
    Founder {
        profile: profile(hub),
        controller: key(controller(hub)),
        recovery: recovery_hash(&key(next_controller(controller(hub)))),
        keys: List::new(keys).expect("few keys"),
    }
}

/// Signs what a founding record says.
pub(crate) fn founding_record(founding: &Founding) -> Record {
    let header = Header {
        network: None,
        seq: 0,
        prev: None,
        at: 1_764_000_000_000,
        kind: "founding".to_owned(),
        cites: Vec::new(),
        body: founding.to_value(),
        attachments: Vec::new(),
    };
    header.sign(&founder_for_once()).expect("a record within the limits")
}

/// The key that signs the founding record and nothing else.
pub(crate) fn founder_for_once() -> SecretKey {
    SecretKey::from_seed(&[7; 32])
}

/// The public facts of a hub of the cast.
pub(crate) fn profile(hub: usize) -> Profile {
    let name = NAMES.get(hub).map_or_else(|| format!("hub-{hub}"), |name| (*name).to_owned());
    let degrees = i32::try_from(hub % 400).expect("few degrees") * 10_000;
    Profile {
        name: format!("The hub of {name}").parse().expect("a text"),
        slug: slug(&name),
        city: name.parse().expect("a text"),
        country: "AT".parse().expect("a text"),
        lat: 4_000_000 + degrees,
        lon: 1_600_000 - degrees,
    }
}
