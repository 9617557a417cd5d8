//! The scene that rules are broken in: a newcomer half way, another, a stranger, and a hub that was admitted.

use cohub_record::Id;
use cohub_registry::{Choice, Role};

use crate::cast::{AMSTERDAM, Network, Newcomer, SMALL, VIENNA, charter, controller, representative, spare};

/// A founder without a seat; its representative sits on no panel.
pub(crate) const LISBON: usize = 4;
/// A newcomer whose second stage is being voted on.
pub(crate) const ANKARA: usize = 5;
/// A newcomer that reached its first stage.
pub(crate) const BERLIN: usize = 6;
/// A hub that was admitted.
pub(crate) const DELHI: usize = 7;
/// A hub whose claim nobody took up yet.
pub(crate) const CLAIMANT: usize = 9;
/// Nobody, but a hub of that name has a claim.
pub(crate) const STRANGER: usize = 8;

#[derive(Clone)]
pub(crate) struct Scene {
    pub(crate) network: Network,
    pub(crate) ankara: Newcomer,
    /// Ankara's plan and budget.
    pub(crate) documents: Vec<Id>,
    /// Reviews of both panels by Vienna and Amsterdam, and Vienna's interview.
    pub(crate) examination: Vec<Id>,
    /// The certificate of Ankara's first stage.
    pub(crate) eligible: Vec<Id>,
    /// The motion on Ankara's second stage: consent; everybody voted and closed, nobody returned.
    pub(crate) candidate: Id,
    pub(crate) ballots: Vec<Id>,
    pub(crate) closings: Vec<Id>,
    /// Another motion for that stage, with another date: everybody voted, nobody closed.
    pub(crate) rival: Id,
    pub(crate) rival_ballots: Vec<Id>,
    pub(crate) berlin: Newcomer,
    pub(crate) berlin_plan: Id,
    /// A review of Berlin's by Vienna, and the certificate of its first stage.
    pub(crate) berlin_review: Id,
    pub(crate) berlin_eligible: Vec<Id>,
    /// What Berlin handed in sealed.
    pub(crate) berlin_letter: Id,
    /// The certificate of Delhi's admission.
    pub(crate) admission: Vec<Id>,
    /// The certificate of a second committee: Vienna, Amsterdam, Sao Paulo and Lisbon.
    pub(crate) succession: Vec<Id>,
    /// The tellers of that committee.
    pub(crate) next: Vec<crate::cast::Who>,
    /// A record that is void: Vienna's representative voted on no motion.
    pub(crate) void: Id,
}

impl Scene {
    pub(crate) fn set() -> Self {
        let mut network = Network::found_with_claims(5, 4, charter(SMALL), &[STRANGER, CLAIMANT]);
        let (_, admission) = network.admit(DELHI, VIENNA);

        let berlin = network.welcome(BERLIN, VIENNA);
        let berlin_plan = network.hand_in(berlin, &["plan"])[0];
        let berlin_review = network.examine(berlin, &["finance"])[0];
        let (_, berlin_eligible) = network.adopt(berlin, "eligible");

        let letter = network.sealed_document(berlin.application, "letter", "for few");
        let berlin_letter = network.write(controller(BERLIN), letter);

        let ankara = network.welcome(ANKARA, AMSTERDAM);
        let (_, eligible) = network.adopt(ankara, "eligible");
        let documents = network.hand_in(ankara, &["plan", "budget"]);
        let examination = network.examine(ankara, &["finance", "space"]);
        let candidate = network.move_on(ankara, "candidate");
        let ballots = network.vote(candidate, &[Choice::Yes; 4]);
        let closings = network.close(candidate);
        let by = representative(AMSTERDAM);
        let rival = network.write(by, network.advance(by, ankara.application, "candidate", 5));
        let rival_ballots = network.vote(rival, &[Choice::Yes; 4]);

        let (_, succession, next) = network.elect(&[VIENNA, AMSTERDAM, 2, LISBON], 1);

        let by = representative(VIENNA);
        let (void, _) = network.offer(by, network.ballot(ankara.application, Choice::Yes));
        Self {
            network,
            ankara,
            documents,
            examination,
            eligible,
            candidate,
            ballots,
            closings,
            rival,
            rival_ballots,
            berlin,
            berlin_plan,
            berlin_review,
            berlin_eligible,
            berlin_letter,
            admission,
            succession,
            next,
            void,
        }
    }

    /// A key that Lisbon makes representative and panelist; it sits on no panel and has written one record.
    pub(crate) fn clerk(&mut self) -> crate::cast::Who {
        let clerk = spare(LISBON, 1);
        self.network.give(LISBON, clerk, &[Role::Representative, Role::Panelist]);
        let page = self.network.sponsor(clerk, controller(STRANGER));
        self.network.write(clerk, page);
        clerk
    }
}
