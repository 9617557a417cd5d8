//! What people owe each other, from the first motion to the last signature.

use cohub_registry::agenda::Agenda;
use cohub_registry::{Choice, Recommendation, Refusal};

use crate::cast::{
    AMSTERDAM, ISTANBUL, Network, SAO_PAULO, VIENNA, Who, controller, key, representative, resolution, teller,
};
use crate::{ANKARA, small};

use Choice::Yes;

const HOUR_MS: u64 = 3_600_000;

fn agenda(network: &Network, who: Who) -> Agenda {
    network.registry.agenda(&key(who), network.now)
}

/// What is due, each as its kind and what it is about; without manifesto and report, which each co-owner owes.
fn due(network: &Network, who: Who) -> Vec<String> {
    let due = agenda(network, who).due.into_iter();
    let due = due.filter(|item| item.kind != "report" && !item.subject.contains("manifesto"));
    due.map(|item| format!("{}: {}", item.kind, item.subject)).collect()
}

fn awaited(network: &Network, who: Who) -> Vec<String> {
    let waiting = agenda(network, who).waiting.into_iter();
    waiting
        .flat_map(|one| one.waits_for.into_iter().map(move |what| format!("{}: {what}", one.subject)))
        .collect()
}

#[test]
fn each_owes_what_the_next_step_takes() {
    let mut network = small();
    let newcomer = network.welcome(ANKARA, VIENNA);
    let name = "The hub of hub-5";
    assert_eq!(
        due(&network, representative(VIENNA)),
        [format!("motion: a motion that {name} advances to eligible")]
    );
    assert_eq!(due(&network, representative(AMSTERDAM)), [""; 0], "Vienna sponsored it");
    assert_eq!(
        awaited(&network, controller(ANKARA)),
        ["your application, on its way to eligible: somebody to move that it advances"]
    );

    let motion = network.move_on(newcomer, "eligible");
    network.write(representative(AMSTERDAM), network.ballot(motion, Yes));
    assert_eq!(due(&network, representative(AMSTERDAM)), [""; 0], "it voted");
    let owed = agenda(&network, representative(ISTANBUL)).due.remove(0);
    assert_eq!((owed.kind.as_str(), owed.id, owed.waits.as_deref()), ("ballot", motion, Some(name)));
    assert_eq!(owed.by, network.registry.motion(&motion).map(|view| view.deadline));
    assert_eq!(
        awaited(&network, representative(VIENNA))
            .iter()
            .filter(|what| what.contains("the ballot of"))
            .count(),
        3
    );
    network.decide(motion, &[Yes; 4]);
    assert!(!due(&network, representative(ISTANBUL)).iter().any(|what| what.starts_with("ballot")));

    // A dossier: documents by the hub, reviews by those who sit on panels.
    assert_eq!(
        due(&network, controller(ANKARA)),
        [
            "document: the document plan, for the stage candidate",
            "document: the document budget, for the stage candidate"
        ]
    );
    assert_eq!(
        due(&network, representative(SAO_PAULO)),
        [format!("review: the panel finance on {name}"), format!("review: the panel space on {name}")]
    );
    network.hand_in(newcomer, &["plan", "budget"]);
    let by = representative(SAO_PAULO);
    let page = network.review(by, newcomer.application, "finance", Recommendation::More);
    network.write(by, page);
    assert_eq!(due(&network, by), [format!("review: the panel space on {name}")], "it is the hub's turn");
    let asked: Vec<String> = due(&network, controller(ANKARA));
    assert_eq!(asked, ["document: the panel finance asks for more"]);
    network.hand_in(newcomer, &["budget"]);
    assert_eq!(due(&network, controller(ANKARA)), [""; 0]);
    assert!(
        due(&network, by)
            .contains(&format!("review: the panel finance on {name}: it answered your question for more"))
    );
    let page = network.review(by, newcomer.application, "finance", Recommendation::Accept);
    network.write(by, page);
    network.examine(newcomer, &["finance", "space"]);
    assert_eq!(due(&network, by), [""; 0]);
    network.adopt(newcomer, "candidate");

    // Both sides sign; the seats that did not sign are asked until enough have.
    let (_, certificate) = network.adopt(newcomer, "initiative");
    assert_eq!(due(&network, controller(ANKARA)), ["signature: your hub's admission"]);
    assert_eq!(due(&network, by), [format!("signature: the admission of {name}, for the seat of sao-paulo")]);
    network.write(by, network.sign_as_seat(&certificate));
    assert_eq!(due(&network, by), [""; 0], "it signed");
    assert_eq!(
        awaited(&network, controller(ANKARA)),
        ["the admission of your hub: 1 more of the committee to sign"]
    );
    network.write(representative(VIENNA), network.sign_as_seat(&certificate));
    assert_eq!(due(&network, representative(ISTANBUL)), [""; 0], "two of two signed");
    network.write(controller(ANKARA), network.sign_admission(ANKARA, &certificate));
    assert_eq!(due(&network, controller(ANKARA)), [""; 0]);
}

#[test]
fn a_co_owner_owes_the_manifesto_and_each_whole_year() {
    let mut network = small();
    let kinds = |network: &Network, now: u64| -> Vec<String> {
        let due = network.registry.agenda(&key(controller(VIENNA)), now).due;
        due.into_iter().map(|item| item.subject).collect()
    };
    let same_year = network.now;
    assert_eq!(kinds(&network, same_year), ["the manifesto, version 1"], "a first year is not over yet");
    let next_year = same_year + 366 * 24 * HOUR_MS;
    assert_eq!(kinds(&network, next_year), ["the manifesto, version 1", "your hub's report of 2025"]);
    network.write(controller(VIENNA), network.sign_manifesto(VIENNA));
    network.write(controller(VIENNA), network.profile(VIENNA, 2025, 31));
    assert_eq!(kinds(&network, next_year), [""; 0]);
    assert_eq!(network.registry.agenda(&key(representative(VIENNA)), next_year).due, []);
}

#[test]
fn the_own_tellers_trouble_is_told() {
    let mut network = small();
    let motion = network.ask(resolution("We go on."));
    let view = network.registry.motion(&motion).expect("shown");
    let troubles = |network: &Network, who: Who, now: u64| -> Vec<String> {
        let due = network.registry.agenda(&key(who), now).due;
        due.into_iter().filter(|item| item.kind == "teller").map(|item| item.subject).collect()
    };
    assert_eq!(
        troubles(&network, representative(VIENNA), view.deadline + 1_000),
        [""; 0],
        "it has its grace"
    );
    let late = view.deadline + 60_000;
    let told = troubles(&network, representative(VIENNA), late);
    assert!(told.len() == 1 && told[0].starts_with("your teller has not closed it: "), "{told:?}");
    network.write(teller(VIENNA), network.closing(motion, &[]));
    let told = troubles(&network, controller(VIENNA), late);
    assert!(told.len() == 1 && told[0].starts_with("your teller has not returned it: "), "{told:?}");
    network.write(teller(AMSTERDAM), network.refusal(motion, Refusal::Notice));
    let told = troubles(&network, representative(AMSTERDAM), network.now);
    assert!(told.len() == 1 && told[0].starts_with("your teller refused it (notice): "), "{told:?}");
    assert_eq!(
        network.registry.agenda(&key(teller(VIENNA)), late).due,
        [],
        "its machine owes nothing to itself"
    );
}
