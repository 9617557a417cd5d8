//! A page of every kind, citing what the rules ask for; tests change them to break a rule.

use cohub_record::{Attachment, Descriptor, Field as _, Hash, Id, List, Scope, Signature, consent_message};
use cohub_registry::{
    Application, Ballot, Choice, Closing, Document, Effect, Erase, Grant, Inception, Interview,
    InterviewOutcome, Kind, Motion, Outcome, ProfileOfYear, Recommendation, Refusal, Return, Review, Role,
    Roles, Rotate, Share, Sign, Signed, Sponsor, Votes, Wrapped, recovery_hash,
};

use super::network::profile;
use super::{Network, Page, Who, controller, key, next_controller, secret, slug};

fn page(kind: Kind, cites: Vec<Vec<Id>>, body: &impl cohub_record::Field) -> Page {
    Page { kind: kind.to_string(), cites, body: body.to_value(), attachments: Vec::new() }
}

/// A key's consent to roles that a controller gives it.
pub(crate) fn consent(network: Option<&Id>, controller: Who, who: Who, roles: &Roles) -> Signature {
    let message = consent_message(network, &key(controller), &key(who), &roles.to_value().encode());
    secret(who).sign(&message)
}

/// The descriptor of a small file with such a content.
pub(crate) fn attachment(content: &str) -> Descriptor {
    file(content).descriptor(Scope::Members)
}

/// A small file with such a content.
pub(crate) fn file(content: &str) -> Attachment {
    Attachment {
        salt: [5; 32],
        name: "file.txt".parse().expect("a text"),
        media_type: "text/plain".parse().expect("a text"),
        content: content.as_bytes().to_vec(),
    }
}

impl Network {
    pub(crate) fn inception(&self, hub: usize) -> Page {
        let recovery = recovery_hash(&key(next_controller(controller(hub))));
        page(Kind::Inception, vec![vec![self.founding()]], &Inception { profile: profile(hub), recovery })
    }

    /// `next` takes over from the key that wrote `before`, whose last counting record is `last`.
    pub(crate) fn rotate(&self, next: Who, before: Id, last: Id) -> Page {
        let recovery = recovery_hash(&key(next_controller(next)));
        page(Kind::Rotate, vec![vec![before], vec![last]], &Rotate { recovery })
    }

    pub(crate) fn grant(&self, hub: usize, who: Who, roles: &[Role]) -> Page {
        self.grant_by(controller(hub), self.inceptions[&hub], who, roles)
    }

    /// A grant by a controller, which stands for its hub by the inception or rotate `standing`.
    pub(crate) fn grant_by(&self, by: Who, standing: Id, who: Who, roles: &[Role]) -> Page {
        let roles: Roles = List::new(roles.to_vec()).expect("few roles");
        let consent = Some(consent(Some(&self.founding()), by, who, &roles));
        let grant = Grant { key: key(who), roles, consent, encryption: None };
        page(Kind::Grant, vec![vec![standing], Vec::new()], &grant)
    }

    pub(crate) fn revocation(&self, hub: usize, who: Who, last: Option<Id>) -> Page {
        let grant = Grant { key: key(who), roles: Roles::default(), consent: None, encryption: None };
        page(Kind::Grant, vec![vec![self.inceptions[&hub]], last.into_iter().collect()], &grant)
    }

    /// A founder's representative vouches for a controller.
    pub(crate) fn sponsor(&self, by: Who, newcomer: Who) -> Page {
        let sponsor = Sponsor { controller: key(newcomer), records: 50 };
        page(Kind::Sponsor, vec![vec![self.grant_of(by)], vec![self.founding()]], &sponsor)
    }

    pub(crate) fn application(&self, hub: usize, sponsor: Id) -> Page {
        page(
            Kind::Application,
            vec![vec![self.inceptions[&hub]], vec![sponsor]],
            &Application { claim: None },
        )
    }

    /// An application that takes up a claim.
    pub(crate) fn claiming(&self, hub: usize, sponsor: Id, claim: &str) -> Page {
        self.application(hub, sponsor).saying(&Application { claim: Some(slug(claim)) })
    }

    pub(crate) fn document(&self, application: Id, document_type: &str, content: &str) -> Page {
        let document = Document { document_type: slug(document_type) };
        let page = page(Kind::Document, vec![vec![application], Vec::new()], &document);
        Page { attachments: vec![attachment(content)], ..page }
    }

    /// A document that only its readers open.
    pub(crate) fn sealed_document(&self, application: Id, document_type: &str, content: &str) -> Page {
        let page = self.document(application, document_type, content);
        let sealed = |descriptor: &Descriptor| Descriptor {
            scope: Scope::Sealed,
            sealed_to: Some(descriptor.hash),
            ..descriptor.clone()
        };
        Page { attachments: page.attachments.iter().map(sealed).collect(), ..page }
    }

    /// Shares what a record attached with a key that has its roles by the latest grant.
    pub(crate) fn share(&self, record: Id, reader: Who) -> Page {
        let attachment = self.registry.attachments(&record)[0].descriptor.hash;
        let wrapped = Wrapped::try_from(vec![7; 9]).expect("a few bytes");
        let cites = vec![vec![record], vec![self.grant_of(reader)], Vec::new(), Vec::new()];
        page(Kind::Share, cites, &Share { reader: key(reader), attachment, wrapped })
    }

    /// Erases all that a record attached, by whoever attached it.
    pub(crate) fn erasure(&self, record: Id) -> Page {
        let hashes = self.registry.attachments(&record).into_iter().map(|attached| attached.descriptor.hash);
        let attachments = List::new(hashes.collect()).expect("as many as a record attaches");
        page(Kind::Erase, vec![vec![record], Vec::new()], &Erase { attachments })
    }

    pub(crate) fn review(&self, by: Who, application: Id, panel: &str, said: Recommendation) -> Page {
        let review = Review { panel: slug(panel), recommendation: said, scores: List::default(), seal: None };
        let mut cites = self.dossier_cites(by, application);
        cites.push(Vec::new());
        page(Kind::Review, cites, &review)
    }

    /// A review that says nothing yet.
    pub(crate) fn sealed_review(&self, by: Who, application: Id, panel: &str, seal: Hash) -> Page {
        let recommendation = Recommendation::Sealed;
        let sealed = Review { panel: slug(panel), recommendation, scores: List::default(), seal: Some(seal) };
        self.review(by, application, panel, recommendation).saying(&sealed)
    }

    /// A review that opens a sealed one.
    pub(crate) fn opening(
        &self,
        by: Who,
        sealed: (Id, Id),
        panel: &str,
        (said, secret): (Recommendation, Hash),
    ) -> Page {
        let (application, sealed) = sealed;
        let opened =
            Review { panel: slug(panel), recommendation: said, scores: List::default(), seal: Some(secret) };
        self.review(by, application, panel, said).saying(&opened).citing(4, &[sealed])
    }

    pub(crate) fn interview(&self, by: Who, application: Id, outcome: InterviewOutcome) -> Page {
        page(Kind::Interview, self.dossier_cites(by, application), &Interview { outcome })
    }

    fn dossier_cites(&self, by: Who, application: Id) -> Vec<Vec<Id>> {
        vec![vec![self.grant_of(by)], vec![self.founding()], vec![application], Vec::new()]
    }

    /// A hub signs its admission, decided by the returns of `certificate`.
    pub(crate) fn sign_admission(&self, hub: usize, certificate: &[Id]) -> Page {
        let cites = vec![certificate.to_vec(), vec![self.inceptions[&hub]]];
        page(Kind::Sign, cites, &Sign { subject: Signed::Admission })
    }

    /// A seat signs an admission.
    pub(crate) fn sign_as_seat(&self, certificate: &[Id]) -> Page {
        let cites = vec![certificate.to_vec(), vec![self.founding()]];
        page(Kind::Sign, cites, &Sign { subject: Signed::Admission })
    }

    pub(crate) fn sign_manifesto(&self, hub: usize) -> Page {
        let cites = vec![vec![self.founding()], vec![self.inceptions[&hub]]];
        page(Kind::Sign, cites, &Sign { subject: Signed::Manifesto })
    }

    pub(crate) fn profile(&self, hub: usize, year: u16, members: u32) -> Page {
        let profile = ProfileOfYear {
            year,
            name: "A hub".parse().expect("a text"),
            city: "A city".parse().expect("a text"),
            members,
            events: 1,
            ventures: 2,
            jobs: 3,
        };
        page(Kind::Profile, vec![vec![self.inceptions[&hub]]], &profile)
    }

    /// A motion to advance an application, on the base that it has reached and with all its dossier.
    pub(crate) fn advance(&self, by: Who, application: Id, stage: &str, open_by: u64) -> Page {
        let base = self.registry.base_for(&application);
        let evidence = self.registry.evidence_for(&application).expect("an application");
        let founders = 0..self.registry.founding().founders.len();
        let inceptions = founders.map(|hub| self.inceptions[&hub]);
        let seating = [self.founding()].into_iter().chain(inceptions).collect();
        let effect = Effect::Advance { application, stage: slug(stage), open_by };
        let charter = vec![self.founding()];
        let cites = vec![vec![self.grant_of(by)], seating, Vec::new(), charter, base, evidence, Vec::new()];
        page(Kind::Motion, cites, &Motion { effect, deadline: self.now + 3_600_000, roll: List::default() })
    }

    pub(crate) fn ballot(&self, motion: Id, choice: Choice) -> Page {
        page(Kind::Ballot, vec![vec![motion]], &Ballot { choice })
    }

    pub(crate) fn closing(&self, motion: Id, heads: &[Id]) -> Page {
        page(Kind::Closing, vec![vec![motion], heads.to_vec()], &Closing { refusal: None })
    }

    pub(crate) fn refusal(&self, motion: Id, refusal: Refusal) -> Page {
        page(Kind::Closing, vec![vec![motion], Vec::new()], &Closing { refusal: Some(refusal) })
    }

    /// A return; tests count for themselves what the closings come to.
    pub(crate) fn returned(&self, motion: Id, closings: &[Id], outcome: Outcome, tally: Votes) -> Page {
        let cites = vec![vec![motion], closings.to_vec(), Vec::new()];
        page(Kind::Return, cites, &Return { outcome, tally })
    }

    /// The grant by which a key has its roles: the founding record, or what was granted later.
    pub(crate) fn grant_of(&self, who: Who) -> Id {
        self.grants.get(&who).copied().unwrap_or_else(|| self.founding())
    }
}
