//! What takes several records: a hub begins, a newcomer hands in its dossier, a motion is decided.

use cohub_record::Id;
use cohub_registry::{Choice, Enough, InterviewOutcome, Outcome, Recommendation, Role};

use super::{AMSTERDAM, Network, Page, VIENNA, Who, controller, node, representative, teller};

/// A sponsored hub and its application.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Newcomer {
    pub(crate) hub: usize,
    pub(crate) sponsor: Id,
    pub(crate) application: Id,
}

impl Network {
    /// A hub's first record.
    pub(crate) fn incept(&mut self, hub: usize) -> Id {
        let page = self.inception(hub);
        let inception = self.write(controller(hub), page);
        self.inceptions.insert(hub, inception);
        inception
    }

    /// Gives a key roles; later records of the key cite this grant.
    pub(crate) fn give(&mut self, hub: usize, who: Who, roles: &[Role]) -> Id {
        let grant = self.write(controller(hub), self.grant(hub, who, roles));
        self.grants.insert(who, grant);
        grant
    }

    /// A founder vouches for a hub, which begins, equips its people and machines, and applies.
    pub(crate) fn welcome(&mut self, hub: usize, by: usize) -> Newcomer {
        let sponsor = self.usher_in(hub, by);
        let application = self.write(controller(hub), self.application(hub, sponsor));
        Newcomer { hub, sponsor, application }
    }

    /// The same for a hub whose claim the founding record holds.
    pub(crate) fn take_up(&mut self, hub: usize, by: usize) -> Newcomer {
        let sponsor = self.usher_in(hub, by);
        let slug = super::network::profile(hub).slug;
        let application = self.write(controller(hub), self.claiming(hub, sponsor, slug.as_str()));
        Newcomer { hub, sponsor, application }
    }

    fn usher_in(&mut self, hub: usize, by: usize) -> Id {
        let sponsor = self.write(representative(by), self.sponsor(representative(by), controller(hub)));
        self.incept(hub);
        self.give(hub, node(hub), &[Role::Node]);
        self.give(hub, representative(hub), &[Role::Representative, Role::Panelist]);
        self.give(hub, teller(hub), &[Role::Teller]);
        sponsor
    }

    /// The newcomer hands in documents of all these types.
    pub(crate) fn hand_in(&mut self, newcomer: Newcomer, types: &[&str]) -> Vec<Id> {
        let mut documents = Vec::new();
        for document_type in types {
            let content = format!("{document_type} of {}", newcomer.hub);
            let page = self.document(newcomer.application, document_type, &content);
            documents.push(self.write(controller(newcomer.hub), page));
        }
        documents
    }

    /// Vienna and Amsterdam accept for these panels, and Vienna interviews.
    pub(crate) fn examine(&mut self, newcomer: Newcomer, panels: &[&str]) -> Vec<Id> {
        let mut written = Vec::new();
        for hub in [VIENNA, AMSTERDAM] {
            for panel in panels {
                let by = representative(hub);
                let page = self.review(by, newcomer.application, panel, Recommendation::Accept);
                written.push(self.write(by, page));
            }
        }
        let by = representative(VIENNA);
        let page = self.interview(by, newcomer.application, InterviewOutcome::Favourable);
        written.push(self.write(by, page));
        written
    }

    /// Vienna moves that an application advances.
    pub(crate) fn move_on(&mut self, newcomer: Newcomer, stage: &str) -> Id {
        let by = representative(VIENNA);
        self.write(by, self.advance(by, newcomer.application, stage, 0))
    }

    /// Seats vote in their order; who has no choice stays away.
    pub(crate) fn vote(&mut self, motion: Id, choices: &[Choice]) -> Vec<Id> {
        let mut ballots = Vec::new();
        for (seat, choice) in choices.iter().enumerate() {
            ballots.push(self.write(representative(seat), self.ballot(motion, *choice)));
        }
        ballots
    }

    /// Every teller closes with the ballots that are there.
    pub(crate) fn close(&mut self, motion: Id) -> Vec<Id> {
        let heads: Vec<Id> = self.registry.heads(&motion).into_iter().map(|seat| seat[0]).collect();
        let mut closings = Vec::new();
        for teller in self.tellers.clone() {
            closings.push(self.write(teller, self.closing(motion, &heads)));
        }
        closings
    }

    /// A teller's return as its node would write it.
    pub(crate) fn due_return(&self, motion: Id, seat: usize, enough: Enough) -> Option<Page> {
        self.registry.returning(&motion, &super::key(self.tellers[seat]), enough).map(Page::from)
    }

    /// Every teller returns.
    pub(crate) fn bring_back(&mut self, motion: Id) -> Vec<Id> {
        let mut returns = Vec::new();
        for seat in 0..self.seats {
            let page = self.due_return(motion, seat, Enough::AllTellers).expect("enough closings");
            returns.push(self.write(self.tellers[seat], page));
        }
        returns
    }

    /// Every teller but one returns.
    pub(crate) fn bring_back_all_but(&mut self, motion: Id, absent: usize) {
        for seat in (0..self.seats).filter(|seat| *seat != absent) {
            let page = self.due_return(motion, seat, Enough::AllTellers).expect("enough closings");
            self.write(self.tellers[seat], page);
        }
    }

    /// Plays a motion to its end and answers its outcome and q returns.
    pub(crate) fn decide(&mut self, motion: Id, choices: &[Choice]) -> (Outcome, Vec<Id>) {
        self.vote(motion, choices);
        self.close(motion);
        self.bring_back(motion);
        self.registry.certificate(&motion).expect("final")
    }

    /// Moves an application to a stage by the yes of every seat.
    pub(crate) fn adopt(&mut self, newcomer: Newcomer, stage: &str) -> (Id, Vec<Id>) {
        let motion = self.move_on(newcomer, stage);
        let (outcome, certificate) = self.decide(motion, &vec![Choice::Yes; self.seats]);
        assert_eq!(outcome, Outcome::Adopted);
        (motion, certificate)
    }

    /// Hub and committee seats sign an admission.
    pub(crate) fn sign(&mut self, newcomer: Newcomer, certificate: &[Id]) {
        self.write(controller(newcomer.hub), self.sign_admission(newcomer.hub, certificate));
        let seats = usize::from(self.registry.founding().charter.signing_seats);
        for seat in 0..seats {
            self.write(representative(seat), self.sign_as_seat(certificate));
        }
    }

    /// The whole way under the small charter: afterwards the newcomer is co-owner.
    pub(crate) fn admit(&mut self, hub: usize, by: usize) -> (Newcomer, Vec<Id>) {
        let newcomer = self.welcome(hub, by);
        self.adopt(newcomer, "eligible");
        self.hand_in(newcomer, &["plan", "budget"]);
        self.examine(newcomer, &["finance", "space"]);
        self.adopt(newcomer, "candidate");
        let (_, certificate) = self.adopt(newcomer, "initiative");
        self.sign(newcomer, &certificate);
        (newcomer, certificate)
    }
}
