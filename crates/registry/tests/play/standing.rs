//! Who stands where: controllers and their rotations, keys of several hubs, sponsorships, what is kept of
//! whom, and who may read which attachment.

use crate::cast::{
    AMSTERDAM, Desk, Network, Page, VIENNA, Who, attachment, controller, key, next_controller, node,
    representative, spare,
};
use crate::{ANKARA, BERLIN, CAIRO, hub, small};
use cohub_record::{Descriptor, Id, Scope};
use cohub_registry::{Access, AttachmentRef, Intent, Keeping, Role, Sponsor, Verdict, recovery_hash};

fn kept(network: &Network, who: Who) -> Keeping {
    network.registry.keeping(&key(who))
}

/// A founder vouches for somebody, for so many records.
fn vouch(network: &mut Network, by: usize, newcomer: usize, records: u64) -> Id {
    let sponsor = Sponsor { controller: key(controller(newcomer)), records };
    let by = representative(by);
    let page = network.sponsor(by, controller(newcomer)).saying(&sponsor);
    network.write(by, page)
}

/// A founder without a seat.
const LISBON: usize = 4;

/// The next controller takes over after all that the last one wrote.
fn rotate(network: &mut Network, from: Who, last: Id) -> Id {
    let standing = match from.1 {
        Desk::Controller(0) => network.inceptions[&from.0],
        _ => network.registry.log(&key(from)).and_then(|log| log.at(0).next()).expect("it took over"),
    };
    let page = network.rotate(next_controller(from), standing, last);
    network.write(next_controller(from), page)
}

#[test]
fn a_sponsors_first_open_sponsorships_count_until_their_hubs_are_co_owners() {
    let mut network = small();
    for newcomer in [ANKARA, BERLIN, CAIRO] {
        assert_eq!(kept(&network, controller(newcomer)), Keeping::Unknown);
        vouch(&mut network, VIENNA, newcomer, 60);
    }
    let sixty = Keeping::Prospect { records: 60 };
    assert_eq!(
        [ANKARA, BERLIN, CAIRO].map(|hub| kept(&network, controller(hub))),
        [sixty, sixty, Keeping::Unknown]
    );
    // Another sponsor of the third, and a larger word for the second; never more than the charter allows.
    vouch(&mut network, AMSTERDAM, CAIRO, 7);
    vouch(&mut network, AMSTERDAM, BERLIN, 4_096);
    assert_eq!(kept(&network, controller(CAIRO)), Keeping::Prospect { records: 7 });
    assert_eq!(kept(&network, controller(BERLIN)), Keeping::Prospect { records: 100 });
    // Once the first is a co-owner, the place is free for the third.
    network.admit(ANKARA, VIENNA);
    assert_eq!(kept(&network, controller(ANKARA)), Keeping::Whole);
    assert_eq!(kept(&network, controller(CAIRO)), sixty);
}

#[test]
fn a_hub_that_is_not_admitted_vouches_for_nobody() {
    let mut network = small();
    let (newcomer, certificate) = network.admit(ANKARA, VIENNA);
    assert_eq!(newcomer.hub, ANKARA);
    let page = network.sponsor(representative(ANKARA), controller(BERLIN)).citing(1, &certificate);
    network.write(representative(ANKARA), page);
    assert_eq!(kept(&network, controller(BERLIN)), Keeping::Prospect { records: 50 });
    // Its controller cuts off its own signature: it is no co-owner any more, and its word falls.
    let last = network.inceptions[&ANKARA];
    rotate(&mut network, controller(ANKARA), last);
    assert_eq!(kept(&network, controller(BERLIN)), Keeping::Unknown);
    assert_eq!(hub(&network, "hub-5").status, "prospect");
}

#[test]
fn a_revoked_node_has_no_access_and_its_log_stays() {
    let mut network = small();
    network.admit(ANKARA, VIENNA);
    network.welcome(BERLIN, VIENNA);
    let member = |hub| Access::Member { hub: key(controller(hub)) };
    let table = [
        (VIENNA, member(VIENNA)),
        (ANKARA, member(ANKARA)),
        (BERLIN, Access::Prospect { hub: key(controller(BERLIN)) }),
    ];
    for (hub, access) in table {
        assert_eq!(network.registry.access(&key(node(hub))), access);
        assert!(network.registry.nodes().any(|known| known == (key(node(hub)), access)));
        network.write(controller(hub), network.revocation(hub, node(hub), None));
        assert_eq!(network.registry.access(&key(node(hub))), Access::Stranger);
        assert!(!network.registry.nodes().any(|(known, _)| known == key(node(hub))));
        network.give(hub, node(hub), &[Role::Node]);
        assert_eq!(network.registry.access(&key(node(hub))), access, "granted anew");
        network.write(controller(hub), network.grant(hub, node(hub), &[Role::Officer]));
        assert_eq!(network.registry.access(&key(node(hub))), Access::Stranger, "it has another role");
    }
    assert_eq!(kept(&network, node(VIENNA)), Keeping::Whole);
    assert_eq!(network.registry.access(&key(node(CAIRO))), Access::Stranger);
}

#[test]
fn a_key_of_several_hubs_belongs_to_the_first_in_rank_whatever_came_first() {
    let shared = spare(VIENNA, 1);
    let hubs = [AMSTERDAM, ANKARA, BERLIN, CAIRO];
    let orders = [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]];
    let answers = orders.map(|order| {
        let mut network = small();
        network.admit(ANKARA, VIENNA);
        network.welcome(BERLIN, VIENNA);
        network.welcome(CAIRO, VIENNA);
        for place in order {
            network.give(hubs[place], shared, &[Role::Node]);
        }
        let registry = &network.registry;
        (registry.hub_of(&key(shared)), registry.access(&key(shared)))
    });
    let least = key(controller(AMSTERDAM)).min(key(controller(ANKARA)));
    assert_eq!(answers, [(Some(least), Access::Member { hub: least }); 3], "co-owners before prospects");

    let mut network = small();
    network.welcome(BERLIN, VIENNA);
    network.give(AMSTERDAM, shared, &[Role::Node]);
    network.give(BERLIN, shared, &[Role::Node]);
    network.write(controller(AMSTERDAM), network.revocation(AMSTERDAM, shared, None));
    let access = network.registry.access(&key(shared));
    assert_eq!(access, Access::Prospect { hub: key(controller(BERLIN)) }, "present roles before past ones");
    assert_eq!(kept(&network, shared), Keeping::Whole, "a co-owner granted it once");
}

#[test]
fn a_rotation_moves_the_hub_on_and_keeps_what_counted() {
    let mut network = small();
    let newcomer = network.welcome(ANKARA, VIENNA);
    let (old, new) = (controller(ANKARA), next_controller(controller(ANKARA)));
    assert_eq!(network.registry.committed(&key(new)), Keeping::Prospect { records: 49 });
    assert_eq!(network.registry.committed(&key(next_controller(new))), Keeping::Unknown);
    let last = network.end(old).expect("it has written");
    let late = network.write(old, network.grant(ANKARA, spare(ANKARA, 1), &[Role::Officer]));
    let rotate = rotate(&mut network, old, last);
    let shown = hub(&network, "hub-5");
    assert_eq!((shown.controller, shown.status.as_str()), (Some(key(new)), "applicant"));
    assert!(!shown.keys.iter().any(|key| key.grant == Some(late)), "behind the cut");
    assert_eq!(shown.keys.len(), 3);
    // The new controller writes for the hub.
    let page = network.grant_by(new, rotate, spare(ANKARA, 2), &[Role::Officer]);
    network.write(new, page);
    assert_eq!(hub(&network, "hub-5").keys.len(), 4);
    let page = network.document(newcomer.application, "plan", "by the new controller");
    let document = network.write(new, page.citing_also(0, rotate));
    let page = network.document(newcomer.application, "plan", "a better one");
    network.write(new, page.citing_also(0, rotate).citing(1, &[document]));
    // It may revoke what the old one granted, since that counts.
    let revocation = network.revocation(ANKARA, node(ANKARA), None).citing(0, &[rotate]);
    network.write(new, revocation);
    let behind = network.revocation(ANKARA, spare(ANKARA, 1), None).citing(0, &[rotate]);
    assert!(matches!(network.offer(new, behind).1, Verdict::Void(_)), "a grant that its past lacks");
}

#[test]
fn a_prospect_gains_no_records_by_rotating() {
    let mut network = small();
    network.welcome(ANKARA, VIENNA);
    let mut from = controller(ANKARA);
    let mut left = 50;
    loop {
        let Keeping::Prospect { records } = kept(&network, from) else { panic!("{from:?} is kept") };
        assert_eq!(records, left);
        let written = network.registry.log(&key(from)).map_or(0, cohub_record::Log::len) as u64;
        let committed = network.registry.committed(&key(next_controller(from)));
        if left < 2 {
            assert_eq!(committed, Keeping::Unknown);
            let last = network.end(from).expect("it has written");
            rotate(&mut network, from, last);
            assert_eq!(kept(&network, next_controller(from)), Keeping::Unknown);
            return;
        }
        assert_eq!(committed, Keeping::Prospect { records: left - 1 });
        let last = network.end(from).expect("it has written");
        rotate(&mut network, from, last);
        from = next_controller(from);
        left = left.saturating_sub(written).max(1);
    }
}

#[test]
fn between_rival_rotations_old_grants_stand_and_new_ones_do_not_count() {
    let mut network = small();
    network.welcome(ANKARA, VIENNA);
    let (old, new) = (controller(ANKARA), next_controller(controller(ANKARA)));
    let newer = next_controller(new);
    let last = network.end(old).expect("it has written");
    let first = rotate(&mut network, old, last);
    let page = network.grant_by(new, first, spare(ANKARA, 1), &[Role::Officer]);
    network.write(new, page);
    let second = rotate(&mut network, new, first);
    let page = network.grant_by(newer, second, spare(ANKARA, 2), &[Role::Officer]);
    network.write(newer, page);
    let granted = |network: &Network| hub(network, "hub-5").keys.len();
    assert_eq!(granted(&network), 4, "the rotation that follows cut the first grant off");
    // A second record at the rotation's place is a fork, but no rival until it is a rotation.
    let spoiled = network.rotate(new, network.inceptions[&ANKARA], first);
    assert!(matches!(network.write_after(new, None, spoiled).1, Verdict::Void(_)));
    assert_eq!(granted(&network), 4);
    let other = Page { ..network.rotate(new, network.inceptions[&ANKARA], network.inceptions[&ANKARA]) };
    assert_eq!(network.write_after(new, None, other).1, Verdict::Valid);
    // The rival names the inception as the last record that counts, and no grant of either side counts.
    assert_eq!(granted(&network), 0);

    // Where the rival ends the log in the same place, what was granted before both stands.
    let mut network = small();
    network.welcome(ANKARA, VIENNA);
    let last = network.end(old).expect("it has written");
    let first = rotate(&mut network, old, last);
    let page = network.grant_by(new, first, spare(ANKARA, 1), &[Role::Officer]);
    network.write(new, page);
    assert_eq!(granted(&network), 4);
    let page = network.rotate(new, network.inceptions[&ANKARA], last);
    let rotate = cohub_registry::Rotate { recovery: recovery_hash(&key(controller(CAIRO))) };
    network.write_after(new, None, page.saying(&rotate));
    assert_eq!(granted(&network), 3);
}

/// Somebody has the controller's key: the words on paper end its log before what the thief signed.
#[test]
fn a_rotation_leaves_out_what_a_thief_signed() {
    let mut network = small();
    let (old, new) = (controller(LISBON), next_controller(controller(LISBON)));
    let own = network.give(LISBON, spare(LISBON, 1), &[Role::Officer]);
    let theft = network.give(LISBON, spare(LISBON, 2), &[Role::Representative]);
    network.give(LISBON, spare(LISBON, 3), &[Role::Officer]);
    let recovery = recovery_hash(&key(next_controller(new)));
    let draft = |before| {
        let wish = Intent::Rotate { controller: key(old), recovery, before };
        network.registry.draft(&key(new), &wish)
    };
    for (before, why) in
        [(network.inceptions[&LISBON], "begins the log"), (network.founding(), "no record of the controller")]
    {
        let refused = draft(Some(before)).expect_err("nothing would be left");
        assert!(refused.to_string().contains(why), "{refused}");
    }
    let drafted = draft(Some(theft)).expect("a draft");
    assert_eq!(drafted.cites[1], [own]);
    network.write(new, drafted.into());
    let keys = hub(&network, "hub-4").keys;
    let has = |number| keys.iter().any(|granted| granted.key == key(spare(LISBON, number)));
    assert!(has(1) && !has(2) && !has(3));
}

/// Two people had the words, and the assembly decided: whoever has the words of the branch that stands goes on.
#[test]
fn of_two_rivals_each_is_followed_by_the_key_that_it_commits_to() {
    let mut network = small();
    let (old, new) = (controller(LISBON), next_controller(controller(LISBON)));
    let (standing, last) = (network.inceptions[&LISBON], network.end(old).expect("it has written"));
    let first = network.write(new, network.rotate(new, standing, last));
    let grant = network.write(new, network.grant_by(new, first, spare(LISBON, 1), &[Role::Officer]));
    let rotate = cohub_registry::Rotate { recovery: recovery_hash(&key(spare(LISBON, 9))) };
    let page = network.rotate(new, standing, last).saying(&rotate);
    let (second, _) = network.write_after(new, None, page);
    for (author, rival, end) in [(next_controller(new), first, grant), (spare(LISBON, 9), second, second)] {
        let wish = Intent::Rotate { controller: key(new), recovery: recovery_hash(&key(old)), before: None };
        let drafted = network.registry.draft(&key(author), &wish).expect("a draft");
        assert_eq!(drafted.cites, [vec![rival], vec![end]]);
        assert_eq!(network.write_after(author, None, drafted.into()).1, Verdict::Valid);
    }
}

#[test]
fn of_a_years_reports_the_latest_counts_also_behind_a_rotation() {
    let mut network = small();
    network.welcome(ANKARA, VIENNA);
    let (old, new) = (controller(ANKARA), next_controller(controller(ANKARA)));
    for members in [3, 4] {
        network.write(old, network.profile(ANKARA, 2024, members));
    }
    network.write(old, network.profile(ANKARA, 2025, 5));
    let last = network.end(old).expect("it has written");
    let rotate = rotate(&mut network, old, last);
    network.write(new, network.profile(ANKARA, 2025, 6).citing(0, &[rotate]));
    let view = network.registry.view();
    let told: Vec<_> =
        view.reports.iter().map(|report| (report.report.year, report.report.members)).collect();
    assert_eq!(told, [(2024, 4), (2025, 6)], "whatever the place in its log");
}

#[test]
fn describing_what_another_hub_attached_opens_it_to_nobody() {
    let mut network = small();
    let ankara = network.welcome(ANKARA, VIENNA);
    let berlin = network.welcome(BERLIN, AMSTERDAM);
    let document = network.hand_in(ankara, &["plan"])[0];
    let own: AttachmentRef = network.registry.attachments(&document)[0].clone();
    assert_eq!((own.hub, own.scope), (Some(key(controller(ANKARA))), Scope::Members));
    // Berlin describes the same bytes, as if they were its own and public, on its document.
    for scope in [Scope::Public, Scope::Members] {
        for number in 0..8 {
            let attachments = vec![Descriptor { scope, ..own.descriptor.clone() }];
            let page = network.document(berlin.application, "plan", &number.to_string());
            let copied = network.write(controller(BERLIN), Page { attachments, ..page });
            let copy = &network.registry.attachments(&copied)[0];
            assert_eq!((copy.hub, copy.scope), (None, Scope::Members));
            let shown = network.registry.attachment(&own.descriptor.hash).expect("described");
            assert_eq!((shown.hub, shown.scope), (None, Scope::Members));
        }
    }
    // A void record opens nothing either, and hides nothing.
    let other = attachment("for everybody");
    let public = vec![Descriptor { scope: Scope::Public, ..other.clone() }];
    let page = network.document(ankara.application, "budget", "x");
    let document = network.write(controller(ANKARA), Page { attachments: public, ..page });
    let page = network.document(ankara.application, "budget", "x");
    let (void, _) = network.offer(controller(BERLIN), Page { attachments: vec![other], ..page });
    assert_eq!(network.registry.attachments(&void)[0].hub, None);
    let shown = &network.registry.attachments(&document)[0];
    assert_eq!((shown.hub, shown.scope), (Some(key(controller(ANKARA))), Scope::Public));
}
