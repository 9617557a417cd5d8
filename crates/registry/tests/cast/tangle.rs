//! A network in which much goes wrong: forks, void and pending records, rival rotations and motions, keys
//! that serve two hubs, cuts in the middle of logs, and tellers who say two things. It follows from a seed.

use cohub_record::{Id, Log, PublicKey, Record};
use cohub_registry::{
    Choice, Intent, InterviewOutcome, Kind, Outcome, Recommendation, Refusal, Role, Verdict, Votes,
};

use super::{
    AMSTERDAM, Desk, Network, Newcomer, Page, SMALL, VIENNA, Who, charter, controller, node, representative,
    slug, spare, teller,
};

/// Numbers that follow from a seed.
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `sides`.
    pub(crate) fn below(&mut self, sides: usize) -> usize {
        usize::try_from(self.next() % sides as u64).expect("below a usize")
    }

    /// Whether something happens that does so `percent` times of a hundred.
    pub(crate) fn happens(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for place in (1..items.len()).rev() {
            items.swap(place, self.below(place + 1));
        }
    }
}

const FIRST_NEWCOMER: usize = 5;
const HUBS: usize = 9;

/// Plays a tangle of at least so many records.
pub(crate) fn tangle(seed: u64, records: usize) -> Network {
    let mut tangle = Tangle { network: Network::found(5, 4, charter(SMALL)), dice: Dice::new(seed) };
    let (_, _) = tangle.network.admit(FIRST_NEWCOMER, VIENNA);
    tangle.rivalry(FIRST_NEWCOMER + 1);
    tangle.rivalry(FIRST_NEWCOMER + 2);
    let late = tangle.network.welcome(FIRST_NEWCOMER + 3, AMSTERDAM);
    let (rival, before) = tangle.lie(late);
    if seed.is_multiple_of(2) {
        tangle.dispute_what_is_settled(rival, &before);
    }
    if seed % 3 == 1 {
        tangle.fall_back(late);
    }
    tangle.shared_keys();
    tangle.secret(late);
    while tangle.network.records.len() < records {
        tangle.noise();
    }
    tangle.network
}

struct Tangle {
    network: Network,
    dice: Dice,
}

impl Tangle {
    /// A newcomer on whose stages two motions each compete, one of which is open twice.
    fn rivalry(&mut self, hub: usize) {
        let network = &mut self.network;
        let newcomer = network.welcome(hub, AMSTERDAM);
        network.hand_in(newcomer, &["plan", "budget"]);
        network.examine(newcomer, &["finance", "space"]);
        for stage in ["eligible", "candidate"] {
            let by = representative(VIENNA);
            let first = network.write(by, network.advance(by, newcomer.application, stage, 0));
            let by = representative(AMSTERDAM);
            let twin = network.write(by, network.advance(by, newcomer.application, stage, 0));
            let rival = network.write(by, network.advance(by, newcomer.application, stage, 7));
            network.vote(rival, &[Choice::Yes, Choice::No, Choice::No, Choice::Abstain]);
            network.vote(first, &[Choice::Yes; 4]);
            network.vote(twin, &[Choice::Yes, Choice::Yes, Choice::Yes]);
            for motion in [rival, first, twin] {
                network.close(motion);
                network.bring_back(motion);
            }
        }
    }

    /// What a newcomer sealed and shared with Vienna is shared on, once behind a share that is forked away.
    fn secret(&mut self, newcomer: Newcomer) {
        let network = &mut self.network;
        let page = network.sealed_document(newcomer.application, "letter", "for few");
        let letter = network.write(controller(newcomer.hub), page);
        let page = network.share(letter, representative(VIENNA));
        let share = network.write(controller(newcomer.hub), page);
        let page = network.share(letter, representative(AMSTERDAM)).citing(2, &[share]);
        network.write(representative(VIENNA), page);
        let page = network.share(letter, representative(2));
        network.write_after(controller(newcomer.hub), Some(letter), page);
    }

    /// The founders seat another committee, which decides the disputed stage anew, while another fallback is open and
    /// the old committee goes on as if nothing were.
    fn fall_back(&mut self, newcomer: Newcomer) {
        let network = &mut self.network;
        network.accept_seats(&[3, 4], 3);
        let rival = network.question(representative(VIENNA), network.fallback_question(&[3, 4], &[]));
        let (motion, _) = network.fall_back(&[AMSTERDAM, 2, 3, 4], 2, &[]);
        network.write(representative(VIENNA), rival);
        let by = representative(AMSTERDAM);
        let deadline_ms = network.now + 3_600_000;
        let intent = Intent::Advance {
            application: newcomer.application,
            stage: Some(slug("eligible")),
            deadline_ms,
            open_by_ms: 11,
        };
        let anew = network.write(by, network.intended(by, &intent));
        for hub in [AMSTERDAM, 2, 3, 4] {
            network.write(representative(hub), network.ballot(anew, Choice::Yes));
        }
        network.close(anew);
        network.bring_back(anew);
        assert!(
            network.registry.certificate(&anew).is_some() && network.registry.certificate(&motion).is_some()
        );
    }

    /// Two hubs grant the same keys, and one hub revokes one of them.
    fn shared_keys(&mut self) {
        let shared = spare(VIENNA, 1);
        for hub in [AMSTERDAM, FIRST_NEWCOMER, FIRST_NEWCOMER + 1, FIRST_NEWCOMER + 2] {
            self.network.give(hub, shared, &[Role::Node]);
            self.network.give(hub, spare(VIENNA, 2), &[Role::Representative]);
        }
        let page = self.network.sponsor(spare(VIENNA, 2), controller(HUBS));
        self.network.offer(spare(VIENNA, 2), page);
        self.network.write(controller(AMSTERDAM), self.network.revocation(AMSTERDAM, shared, None));
    }

    /// Tellers who close and return both ways, each on a branch of its own.
    /// Answers a rival that is voted on, and where they stood before.
    fn lie(&mut self, newcomer: Newcomer) -> (Id, Vec<Option<Id>>) {
        let network = &mut self.network;
        let by = representative(VIENNA);
        let rival = network.write(by, network.advance(by, newcomer.application, "eligible", 9));
        network.vote(rival, &[Choice::Yes; 4]);
        let motion = network.move_on(newcomer, "eligible");
        let yes = network.vote(motion, &[Choice::Yes; 4]);
        let before: Vec<Option<Id>> = (0..4).map(|seat| network.end(teller(seat))).collect();
        let closings: Vec<Id> =
            (0..4).map(|seat| network.write(teller(seat), network.closing(motion, &yes))).collect();
        let adopted = Votes { yes: 4, ..Votes::default() };
        for seat in 0..3 {
            let page = network.returned(motion, &closings, Outcome::Adopted, adopted);
            network.write(teller(seat), page);
        }
        let empty: Vec<Id> = (0..4)
            .map(|seat| network.write_after(teller(seat), before[seat], network.closing(motion, &[])).0)
            .collect();
        for seat in 1..4 {
            let page = network.returned(motion, &empty, Outcome::Inquorate, Votes::default());
            network.write_after(teller(seat), Some(empty[seat]), page);
        }
        (rival, before)
    }

    /// A second committee builds on one of two outcomes, and then a rival gets its certificate too.
    fn dispute_what_is_settled(&mut self, rival: Id, before: &[Option<Id>]) {
        let network = &mut self.network;
        let (_, _, tellers) = network.elect(&[0, 1, 2, 4], 1);
        network.succeed(tellers);
        network.resolve(super::resolution("We go on."));
        let heads: Vec<Id> = network.registry.heads(&rival).into_iter().map(|seat| seat[0]).collect();
        let closings: Vec<Id> = (0..4)
            .map(|seat| network.write_after(teller(seat), before[seat], network.closing(rival, &heads)).0)
            .collect();
        for seat in 1..4 {
            let adopted = Votes { yes: 4, ..Votes::default() };
            let page = network.returned(rival, &closings, Outcome::Adopted, adopted);
            network.write_after(teller(seat), Some(closings[seat]), page);
        }
    }

    /// One record by somebody, behind any record of its log, with something wrong about it or not.
    fn noise(&mut self) {
        let who = self.somebody();
        let Some(page) = self.page(who) else { return };
        let page = self.spoiled(page);
        let log: Vec<Id> = self.log(who);
        if log.is_empty() || self.dice.happens(60) {
            let record = self.network.draw(who, page.clone());
            if self.network.registry.check(&record) != Verdict::Pending {
                self.network.offer(who, page);
                return;
            }
        }
        let prev = if log.is_empty() || self.dice.happens(5) { None } else { Some(*self.dice.pick(&log)) };
        self.network.write_after(who, prev, page);
    }

    fn somebody(&mut self) -> Who {
        let hub = self.dice.below(HUBS);
        let desks = [
            Desk::Controller(0),
            Desk::Controller(0),
            Desk::Controller(1),
            Desk::Controller(2),
            Desk::Representative,
            Desk::Representative,
            Desk::Representative,
            Desk::Teller,
            Desk::Teller,
            Desk::Spare(1),
        ];
        (hub, *self.dice.pick(&desks))
    }

    fn log(&self, who: Who) -> Vec<Id> {
        let log = self.network.registry.log(&super::key(who));
        log.into_iter().flat_map(|log| log.places_from(0)).map(|place| place.id).collect()
    }

    /// The ids of valid records of a kind, and of a few others.
    fn any(&mut self, kind: Kind) -> Option<Id> {
        let found: Vec<Id> = self.valid(kind).map(Record::id).collect();
        (!found.is_empty()).then(|| *self.dice.pick(&found))
    }

    fn valid(&self, kind: Kind) -> impl Iterator<Item = &Record> {
        let registry = &self.network.registry;
        let of_kind = self.network.records.iter().filter(move |record| record.header().kind == kind.as_str());
        of_kind.filter(|record| registry.verdict(&record.id()) == Some(&Verdict::Valid))
    }

    /// The records of a kind that stand on a motion: at most one an author.
    fn on(&mut self, motion: Id, kind: Kind) -> Vec<Id> {
        let all = self.valid(kind).filter(|record| record.header().cites[0][0] == motion);
        let mut all: Vec<_> = all.map(|record| (record.author(), record.id())).collect();
        self.dice.shuffle(&mut all);
        all.sort_by_key(|(author, _)| *author);
        all.dedup_by_key(|(author, _)| *author);
        all.into_iter().map(|(_, id)| id).collect()
    }

    /// A page that suits a desk, if what it cites is there.
    fn page(&mut self, (hub, desk): Who) -> Option<Page> {
        let who = (hub, desk);
        match desk {
            Desk::Controller(0) => self.page_of_controller(hub),
            Desk::Controller(rotations) => {
                let before = (hub, Desk::Controller(rotations - 1));
                let log = self.log(before);
                let first = *log.first()?;
                let last = *self.dice.pick(&log);
                Some(self.network.rotate(who, first, last))
            }
            Desk::Teller => self.page_of_teller(),
            Desk::Representative | Desk::Node | Desk::Spare(_) => self.page_of_representative(who),
        }
    }

    fn page_of_controller(&mut self, hub: usize) -> Option<Page> {
        if !self.network.inceptions.contains_key(&hub) {
            return Some(self.network.inception(hub));
        }
        let other = self.dice.below(HUBS);
        match self.dice.below(10) {
            0 => Some(self.network.grant(hub, spare(other, 1), &[Role::Node])),
            1 => Some(self.network.grant(hub, representative(other), &[Role::Representative])),
            2 => {
                let log = self.log(representative(hub));
                let last =
                    if log.is_empty() || self.dice.happens(20) { None } else { Some(*self.dice.pick(&log)) };
                Some(self.network.revocation(hub, representative(hub), last))
            }
            3 => Some(self.network.revocation(hub, node(hub), None)),
            4 => self.any(Kind::Sponsor).map(|sponsor| self.network.application(hub, sponsor)),
            5 => {
                let members = u16::try_from(self.dice.below(3)).expect("few");
                Some(self.network.profile(hub, 2020 + members, u32::from(members)))
            }
            6 => self.any(Kind::Application).map(|application| {
                let page = self.network.document(application, "plan", "noise");
                let before = self.any(Kind::Document);
                page.citing(1, before.as_slice())
            }),
            7 => self.any(Kind::Application).map(|application| {
                let content = *self.dice.pick(&["for few", "for fewer"]);
                self.network.sealed_document(application, "letter", content)
            }),
            8 => self.share(representative(other)),
            _ => {
                let certificate = self.certificate()?;
                Some(self.network.sign_admission(hub, &certificate))
            }
        }
    }

    fn certificate(&mut self) -> Option<Vec<Id>> {
        let motion = self.any(Kind::Motion)?;
        self.network.registry.certificate(&motion).map(|(_, returns)| returns)
    }

    /// A share of something that a document attached, by what may be a share.
    fn share(&mut self, reader: Who) -> Option<Page> {
        let document = self.any(Kind::Document)?;
        let by = if self.dice.happens(50) { None } else { self.any(Kind::Share) };
        let said = if self.dice.happens(30) { self.any(Kind::Review) } else { None };
        let page = self.network.share(document, reader);
        Some(page.citing(2, by.as_slice()).citing(3, said.as_slice()))
    }

    fn page_of_representative(&mut self, who: Who) -> Option<Page> {
        let network = &self.network;
        match self.dice.below(9) {
            0 => Some(network.sponsor(who, controller(self.dice.below(HUBS + 2)))),
            1 => {
                let application = self.any(Kind::Application)?;
                let said = *self.dice.pick(Recommendation::ALL);
                Some(self.network.review(who, application, "finance", said))
            }
            2 => {
                let application = self.any(Kind::Application)?;
                let outcome = *self.dice.pick(InterviewOutcome::ALL);
                Some(self.network.interview(who, application, outcome))
            }
            3 => {
                let application = self.any(Kind::Application)?;
                let stage = *self.dice.pick(&["eligible", "candidate", "initiative"]);
                Some(self.network.advance(who, application, stage, self.dice.below(3) as u64))
            }
            4 => {
                let certificate = self.certificate()?;
                Some(self.network.sign_as_seat(&certificate))
            }
            5 => {
                let reader = representative(self.dice.below(HUBS));
                self.share(reader)
            }
            _ => {
                let motion = self.any(Kind::Motion)?;
                let choice = *self.dice.pick(Choice::ALL);
                Some(self.network.ballot(motion, choice))
            }
        }
    }

    fn page_of_teller(&mut self) -> Option<Page> {
        let motion = self.any(Kind::Motion)?;
        match self.dice.below(5) {
            0 => Some(self.network.refusal(motion, *self.dice.pick(Refusal::ALL))),
            1 | 2 => {
                let heads = self.on(motion, Kind::Ballot);
                Some(self.network.closing(motion, &heads))
            }
            _ => {
                let seat = self.dice.below(4);
                let due = self.network.due_return(motion, seat, cohub_registry::Enough::Quorum);
                due.or_else(|| {
                    let closings = self.on(motion, Kind::Closing);
                    let outcome = *self.dice.pick(Outcome::ALL);
                    Some(self.network.returned(motion, &closings, outcome, Votes::default()))
                })
            }
        }
    }

    /// The page, or something like it that is void or pending.
    fn spoiled(&mut self, mut page: Page) -> Page {
        let groups = page.cites.len().max(1);
        match self.dice.below(25) {
            0 => page.kind = "erase".to_owned(),
            1 => page.cites.push(Vec::new()),
            2 => page.body = cohub_record::Value::Array(Vec::new()),
            3 => {
                let unknown = Id::from_bytes([u8::try_from(self.dice.below(7)).expect("few"); 32]);
                page.cites[groups - 1].push(unknown);
            }
            4 | 5 => {
                let records = &self.network.records;
                let any = self.dice.pick(records).id();
                page.cites[self.dice.below(groups)].push(any);
            }
            _ => {}
        }
        page
    }
}

/// What a tangle must have in it to be one.
pub(crate) fn is_tangled(network: &Network) -> bool {
    let verdicts = || network.records.iter().map(|record| network.verdict(&record.id()));
    let voids = verdicts().filter(|verdict| matches!(verdict, Verdict::Void(_))).count();
    let pending = verdicts().filter(|verdict| *verdict == Verdict::Pending).count();
    let forks = network.registry.forks().len();
    let view = network.registry.view();
    let disputed = view.motions.iter().any(|motion| motion.state == "disputed");
    voids >= 30
        && pending >= 10
        && forks >= 20
        && disputed
        && view.applications.iter().flat_map(|one| &one.documents).any(|one| !one.readers.is_empty())
        && network.registry.authors().any(|author| is_cut_short(network, &author))
}

/// Whether the log of a key goes on behind the last record that counts.
fn is_cut_short(network: &Network, author: &PublicKey) -> bool {
    let latest = network.registry.log(author).and_then(Log::latest);
    let last = network.registry.cut(author).flatten();
    last.zip(latest).is_some_and(|(last, latest)| latest.seq > last.seq)
}
