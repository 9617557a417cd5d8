//! Scenes of the assembly and of successions: questions, votes by hub, a committee that takes over.

use cohub_record::{Id, List};
use cohub_registry::{Change, Choice, Intent, Kind, Outcome, Question, Role};

use super::{Network, Page, VIENNA, Who, key, representative, slug, spare};

impl Network {
    /// A motion that puts a question, as its mover's node would draft it.
    pub(crate) fn question(&self, by: Who, question: Question) -> Page {
        let intent = Intent::Move { question, deadline_ms: self.now + 3_600_000 };
        let drafted = self.registry.draft(&key(by), &intent);
        drafted.unwrap_or_else(|error| panic!("{error}")).into()
    }

    /// What somebody's node would draft.
    pub(crate) fn intended(&self, by: Who, intent: &Intent) -> Page {
        self.registry.draft(&key(by), intent).unwrap_or_else(|error| panic!("{error}")).into()
    }

    /// Vienna puts a question.
    pub(crate) fn ask(&mut self, question: Question) -> Id {
        let by = representative(VIENNA);
        let page = self.question(by, question);
        self.write(by, page)
    }

    /// Everybody on the roll votes alike, and the tellers in office close and return.
    pub(crate) fn agree(&mut self, motion: Id, choice: Choice) -> Vec<Id> {
        let roll = self.registry.motion(&motion).expect("a motion").roll;
        for voter in roll {
            let who = self.voter(&voter.seat);
            self.write(who, self.ballot(motion, choice));
        }
        self.close(motion);
        self.bring_back(motion);
        let (outcome, certificate) = self.registry.certificate(&motion).expect("final");
        assert_eq!(outcome == Outcome::Adopted, choice == Choice::Yes);
        certificate
    }

    /// Vienna puts a question and everybody says yes.
    pub(crate) fn resolve(&mut self, question: Question) -> (Id, Vec<Id>) {
        let motion = self.ask(question);
        let certificate = self.agree(motion, Choice::Yes);
        (motion, certificate)
    }

    /// The representative of a hub by its slug.
    fn voter(&self, slug: &str) -> Who {
        let hub = self.inceptions.keys().find(|hub| super::profile(**hub).slug.as_str() == slug);
        representative(*hub.expect("a hub of the cast"))
    }

    /// Hubs accept seats by granting fresh tellers, the n-th of each.
    pub(crate) fn accept_seats(&mut self, hubs: &[usize], number: u8) -> Vec<Who> {
        let accept = |hub: &usize| {
            let fresh = spare(*hub, 100 + number);
            self.give(*hub, fresh, &[Role::Teller]);
            fresh
        };
        hubs.iter().map(accept).collect()
    }

    /// The question whether these hubs shall be the next committee.
    pub(crate) fn seat_question(&self, hubs: &[usize]) -> Question {
        let ids = hubs.iter().map(|hub| self.inceptions[hub]).collect();
        Question::Seat { hubs: List::new(ids).expect("few hubs") }
    }

    /// The assembly seats these hubs; their tellers are not at work before the old ones handed over.
    pub(crate) fn elect(&mut self, hubs: &[usize], number: u8) -> (Id, Vec<Id>, Vec<Who>) {
        let tellers = self.accept_seats(hubs, number);
        let (motion, certificate) = self.resolve(self.seat_question(hubs));
        (motion, certificate, tellers)
    }

    /// The question whether these hubs shall be the committee by the fallback.
    pub(crate) fn fallback_question(&self, hubs: &[usize], standing: &[Id]) -> Question {
        let Question::Seat { hubs } = self.seat_question(hubs) else { panic!("another question") };
        Question::Fallback { hubs, standing: List::new(standing.to_vec()).expect("few") }
    }

    /// The representatives of everybody on a motion's roll vote yes on it, and count it.
    pub(crate) fn count(&mut self, motion: Id) -> Vec<Id> {
        let roll = self.registry.motion(&motion).expect("a motion").roll;
        let electors: Vec<Who> = roll.iter().map(|voter| self.voter(&voter.seat)).collect();
        let office = (std::mem::replace(&mut self.tellers, electors), self.seats);
        self.seats = self.tellers.len();
        let certificate = self.agree(motion, Choice::Yes);
        (self.tellers, self.seats) = office;
        certificate
    }

    /// By the fallback these hubs are the committee, with fresh tellers; these decide from now on.
    pub(crate) fn fall_back(&mut self, hubs: &[usize], number: u8, standing: &[Id]) -> (Id, Vec<Id>) {
        let tellers = self.accept_seats(hubs, number);
        let motion = self.ask(self.fallback_question(hubs, standing));
        let certificate = self.count(motion);
        (self.tellers, self.seats) = (tellers, hubs.len());
        (motion, certificate)
    }

    /// The tellers in office hand over, and these take their place.
    pub(crate) fn succeed(&mut self, tellers: Vec<Who>) -> Vec<Id> {
        let outgoing = std::mem::replace(&mut self.tellers, tellers);
        let mut handovers = Vec::new();
        for teller in outgoing {
            let due = self.registry.handover_due(&key(teller)).expect("it owes a handover");
            handovers.push(self.write(teller, due.contents.into()));
        }
        self.seats = self.tellers.len();
        handovers
    }

    pub(crate) fn handover(&self, certificate: &[Id]) -> Page {
        let body = cohub_record::Value::Array(Vec::new());
        Page {
            kind: Kind::Handover.to_string(),
            cites: vec![certificate.to_vec()],
            body,
            attachments: Vec::new(),
        }
    }

    /// A controller or mover takes something back.
    pub(crate) fn withdrawal(&self, subject: Id) -> Page {
        let body = cohub_record::Value::Array(Vec::new());
        let cites = vec![vec![subject], Vec::new(), Vec::new()];
        Page { kind: Kind::Withdraw.to_string(), cites, body, attachments: Vec::new() }
    }
}

/// The network says something.
pub(crate) fn resolution(text: &str) -> Question {
    Question::Resolve { text: text.parse().expect("a text"), erasing: List::default() }
}

/// These hubs' representatives sit on a panel.
pub(crate) fn appointment(panel: &str, hubs: &[usize]) -> Question {
    let members = hubs.iter().map(|hub| key(representative(*hub))).collect();
    Question::Appoint { panel: slug(panel), members: List::new(members).expect("few"), until_ms: 0 }
}

impl Network {
    /// A hub's standing changes.
    pub(crate) fn standing(&self, hub: usize, change: Change) -> Question {
        Question::Standing { hub: self.inceptions[&hub], change }
    }
}
