//! The rules of `founding`, which is judged before there is a registry.

use cohub_record::{Header, List, Record, SecretKey};
use cohub_registry::{Founding, Granted, PanelSeats, Profile, Refused, Registry, Role, Verdict, Void};

use crate::cast::{
    Network, Page, SMALL, VIENNA, Who, attachment, charter, consent, controller, founding, key, profile,
    representative, secret, slug, spare,
};

/// A clause, how it is broken, and the record that breaks it.
type Row = (u8, &'static str, fn(Founding) -> Record);

pub(crate) fn clauses() -> impl Iterator<Item = u8> {
    ROWS.iter().map(|(clause, ..)| *clause).filter(|clause| *clause > 0)
}

fn four() -> Founding {
    founding(4, 4, charter(SMALL))
}

fn header(founding: &Founding) -> Header {
    use cohub_record::Field as _;
    Header {
        network: None,
        seq: 0,
        prev: None,
        at: 0,
        kind: "founding".to_owned(),
        cites: Vec::new(),
        body: founding.to_value(),
        attachments: Vec::new(),
    }
}

fn signed(header: Header) -> Record {
    header.sign(&SecretKey::from_seed(&[7; 32])).expect("within the limits")
}

fn plain(founding: &Founding) -> Record {
    signed(header(founding))
}

fn changed<T: Clone, const MAX: usize>(
    list: &List<T, MAX>,
    change: impl FnOnce(&mut Vec<T>),
) -> List<T, MAX> {
    let mut items = list.to_vec();
    change(&mut items);
    List::new(items).expect("within the limit")
}

/// Changes Vienna in a founding record.
fn vienna(founding: Founding, change: impl FnOnce(&mut cohub_registry::Founder)) -> Record {
    let founders = changed(&founding.founders, |founders| change(&mut founders[VIENNA]));
    plain(&Founding { founders, ..founding })
}

/// Changes the keys that Vienna grants.
fn vienna_keys(founding: Founding, change: impl FnOnce(&mut Vec<Granted>)) -> Record {
    vienna(founding, |founder| founder.keys = changed(&founder.keys, change))
}

fn granted(by: Who, who: Who, roles: &[Role]) -> Granted {
    let roles = List::new(roles.to_vec()).expect("few roles");
    Granted { key: key(who), consent: consent(None, by, who, &roles), roles }
}

fn panels(founding: Founding, change: impl FnOnce(&mut Vec<PanelSeats>)) -> Record {
    plain(&Founding { panels: changed(&founding.panels, change), ..founding })
}

/// Adds claims to a founding record; told is Vienna's profile.
fn claims(founding: Founding, list: impl FnOnce(Profile) -> Vec<Profile>) -> Record {
    let vienna = founding.founders[VIENNA].profile.clone();
    plain(&Founding { claims: List::new(list(vienna)).expect("few claims"), ..founding })
}

const ROWS: &[Row] = &[
    (0, "a field too many", |f| {
        let mut header = header(&f);
        let cohub_record::Value::Array(fields) = &mut header.body else { panic!("an array") };
        fields.push(cohub_record::Value::Integer(1));
        signed(header)
    }),
    (0, "a group of cites", |f| signed(Header { cites: vec![Vec::new()], ..header(&f) })),
    (0, "an attachment that no attachment can be", |f| {
        let descriptor = cohub_record::Descriptor { size_bytes: 1 << 40, ..attachment("x") };
        signed(Header { attachments: vec![descriptor], ..header(&f) })
    }),
    (0, "a field too many behind its claims", |f| {
        let mut header = header(&Founding { claims: List::new(vec![profile(9)]).expect("one"), ..f });
        let cohub_record::Value::Array(fields) = &mut header.body else { panic!("an array") };
        fields.push(cohub_record::Value::Array(Vec::new()));
        signed(header)
    }),
    (0, "a list of no claims", |f| {
        let mut header = header(&f);
        let cohub_record::Value::Array(fields) = &mut header.body else { panic!("an array") };
        fields.push(cohub_record::Value::Array(Vec::new()));
        signed(header)
    }),
    (1, "names a network", |f| {
        signed(Header { network: Some(cohub_record::Id::from_bytes([1; 32])), ..header(&f) })
    }),
    (2, "a charter without stages", |mut f| {
        f.charter.stages = List::default();
        plain(&f)
    }),
    (2, "a charter without a notice", |mut f| {
        f.charter.timing.notice_ms = 0;
        plain(&f)
    }),
    (3, "no founder", |f| plain(&Founding { founders: List::default(), ..f })),
    (3, "one slug twice", |f| vienna(f, |founder| founder.profile.slug = slug("istanbul"))),
    (3, "one controller twice", |f| vienna(f, |founder| founder.controller = key(controller(1)))),
    (3, "a controller that also votes", |f| {
        vienna_keys(f, |keys| keys.push(granted(controller(VIENNA), controller(1), &[Role::Officer])))
    }),
    (3, "a representative for two hubs", |f| {
        vienna_keys(f, |keys| keys.push(granted(controller(VIENNA), representative(1), &[Role::Officer])))
    }),
    (3, "a key granted twice by its hub", |f| {
        vienna_keys(f, |keys| {
            keys.push(granted(controller(VIENNA), representative(VIENNA), &[Role::Officer]));
        })
    }),
    (3, "the founding record's own key", |f| {
        vienna(f, |founder| founder.controller = SecretKey::from_seed(&[7; 32]).public())
    }),
    (4, "no representative", |f| vienna_keys(f, |keys| drop(keys.remove(0)))),
    (4, "two representatives", |f| {
        vienna_keys(f, |keys| {
            keys.push(granted(controller(VIENNA), spare(VIENNA, 1), &[Role::Representative]));
        })
    }),
    (4, "no teller", |f| vienna_keys(f, |keys| drop(keys.remove(1)))),
    (4, "two tellers", |f| {
        vienna_keys(f, |keys| keys.push(granted(controller(VIENNA), spare(VIENNA, 1), &[Role::Teller])))
    }),
    (4, "a node that is also an officer", |f| {
        vienna_keys(f, |keys| {
            keys.push(granted(controller(VIENNA), spare(VIENNA, 1), &[Role::Node, Role::Officer]));
        })
    }),
    (4, "a role twice", |f| {
        vienna_keys(f, |keys| {
            keys.push(granted(controller(VIENNA), spare(VIENNA, 1), &[Role::Officer, Role::Officer]));
        })
    }),
    (4, "a key without a role", |f| {
        vienna_keys(f, |keys| keys.push(granted(controller(VIENNA), spare(VIENNA, 1), &[])))
    }),
    (4, "a hub in no country", |f| {
        vienna(f, |founder| founder.profile.country = "at".parse().expect("text"))
    }),
    (4, "a hub beyond the pole", |f| vienna(f, |founder| founder.profile.lat = 9_000_001)),
    (5, "a consent to another controller", |f| {
        vienna_keys(f, |keys| {
            keys[0] = granted(controller(1), representative(VIENNA), &keys[0].roles);
        })
    }),
    (5, "a consent to other roles", |f| {
        vienna_keys(f, |keys| {
            let less = granted(controller(VIENNA), representative(VIENNA), &[Role::Representative]);
            keys[0].consent = less.consent;
        })
    }),
    (5, "a consent to another network", |f| {
        vienna_keys(f, |keys| {
            let network = cohub_record::Id::from_bytes([1; 32]);
            let roles = keys[0].roles.clone();
            keys[0].consent = consent(Some(&network), controller(VIENNA), representative(VIENNA), &roles);
        })
    }),
    (6, "no seat", |f| plain(&Founding { seats: List::default(), ..f })),
    (6, "a seat for nobody", |f| plain(&Founding { seats: changed(&f.seats, |seats| seats[0] = 4), ..f })),
    (6, "two seats for one", |f| plain(&Founding { seats: changed(&f.seats, |seats| seats[0] = 1), ..f })),
    (6, "more seats to sign an admission than there are", |mut f| {
        f.charter.signing_seats = 5;
        plain(&f)
    }),
    (7, "a panel twice", |f| panels(f, |panels| panels.push(panels[0].clone()))),
    (7, "a panel that the charter lacks", |f| panels(f, |panels| panels[0].panel = slug("sports"))),
    (7, "a member whom nobody granted anything", |f| {
        panels(f, |panels| panels[0].members = List::new(vec![secret(spare(0, 9)).public()]).expect("one"))
    }),
    (7, "a member who is no panelist", |f| {
        panels(f, |panels| panels[0].members = List::new(vec![key(crate::cast::teller(0))]).expect("one"))
    }),
    (7, "a member twice", |f| {
        panels(f, |panels| panels[0].members = changed(&panels[0].members, |m| m.push(m[0])))
    }),
    (8, "a claim twice", |f| claims(f, |_| vec![profile(9), profile(8), profile(9)])),
    (8, "a founder's claim", |f| claims(f, |vienna| vec![profile(9), vienna])),
    (8, "a claim in no country", |f| {
        claims(f, |_| vec![Profile { country: "at".parse().expect("a text"), ..profile(9) }])
    }),
    (8, "a claim beyond the pole", |f| claims(f, |_| vec![Profile { lat: 9_000_001, ..profile(9) }])),
];

#[test]
fn every_broken_founding_record_founds_nothing() {
    assert!(Registry::found(&plain(&four())).is_ok());
    assert!(Registry::found(&claims(four(), |_| vec![profile(8), profile(9)])).is_ok());
    for (clause, name, write) in ROWS {
        match Registry::found(&write(four())) {
            Err(Refused::NotFounding(why)) => {
                let expected = if *clause == 0 { String::new() } else { format!("rule founding {clause}: ") };
                assert!(why.starts_with(&expected), "{clause} {name}: {why}");
            }
            Err(other) => panic!("{clause} {name}: {other}"),
            Ok(_) => panic!("{clause} {name}: it founded a network"),
        }
    }
}

#[test]
fn only_a_founding_record_founds() {
    let first = plain(&four());
    let elsewhere = signed(Header { kind: "ballot".to_owned(), ..header(&four()) });
    let later = signed(Header { seq: 1, prev: Some(first.id()), ..header(&four()) });
    for record in [elsewhere, later] {
        assert!(matches!(Registry::found(&record), Err(Refused::NotFounding(_))));
    }
}

#[test]
fn a_running_network_has_no_second_founding_record() {
    let mut network = Network::found(4, 4, charter(SMALL));
    let page = Page {
        kind: "founding".to_owned(),
        cites: Vec::new(),
        body: header(&four()).body,
        attachments: Vec::new(),
    };
    let before = network.registry.view();
    let (_, verdict) = network.offer(representative(VIENNA), page);
    assert!(matches!(verdict, Verdict::Void(Void { clause: 1, .. })), "{verdict:?}");
    assert_eq!(network.registry.view(), before);
    let elsewhere = plain(&founding(3, 3, charter(SMALL)));
    assert!(matches!(network.registry.insert(&elsewhere), Err(Refused::WrongNetwork(_))));
}
