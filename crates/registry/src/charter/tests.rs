//! The example charter, its encoding, and every way in which a charter cannot work.

use cohub_record::{Field as _, Value};

use super::*;
use crate::{Fraction, Preset};

pub(super) const EXAMPLE: &str = include_str!("../../../../config/charter.toml");
const DAY_MS: u64 = 86_400_000;

fn example() -> Charter {
    Charter::from_toml(EXAMPLE).unwrap_or_else(|error| panic!("{error}"))
}

pub(super) fn slug(text: &str) -> Slug {
    text.parse().expect("a slug")
}

#[test]
fn the_example_charter_says_what_it_seems_to_say() {
    let charter = example();
    assert_eq!(charter.title.as_str(), "Commons of Hubs");
    assert_eq!(
        charter.timing,
        Timing { notice_ms: 7 * DAY_MS, grace_ms: DAY_MS / 4, maximum_ms: 60 * DAY_MS }
    );
    let stages: Vec<&str> = charter.stages.iter().map(|stage| stage.slug.as_str()).collect();
    assert_eq!(stages, ["eligible", "pre-candidate", "candidate", "initiative"]);
    let rules: Vec<&str> = charter.rules.iter().map(|rule| rule.slug.as_str()).collect();
    assert_eq!(rules, ["admission", "simple", "two-thirds"], "declared and named presets, each once");

    let (place, candidate) = charter.stage(&slug("candidate")).expect("a stage");
    assert_eq!(place, 2);
    assert_eq!(*candidate.documents, [slug("feasibility-study"), slug("financial-projection")]);
    assert_eq!(*candidate.reviews, [Review { panel: slug("finance"), count: 1 }]);
    assert!(candidate.interview && candidate.body == Body::Committee);
    assert_eq!((candidate.open_within_ms, candidate.wait_ms), (730 * DAY_MS, 180 * DAY_MS));

    let admission = charter.rule(&slug("admission")).expect("a rule");
    assert_eq!(*admission, Rule { quorum: Fraction::new(2, 3), ..Preset::TwoThirds.rule(slug("admission")) });
}

#[test]
fn a_charter_has_one_encoding() {
    let charter = example();
    let bytes = charter.to_value().encode();
    let decoded = Value::decode(&bytes).expect("canonical");
    assert_eq!(Charter::from_value(&decoded), Ok(charter));
    assert_eq!(decoded.encode(), bytes);
    let founding = Value::Array(vec![Value::Array(vec![decoded])]);
    assert!(Value::decode(&founding.encode()).is_ok(), "it fits into a founding record's header");
}

#[test]
fn conflicts_are_a_further_clause_and_no_charter_without_them_changes() {
    let Value::Array(plain) = example().to_value() else { panic!("an array") };
    assert_eq!(plain.len(), 8);
    let text = |word: &str| Value::Text(word.to_owned());
    let with = |further: Vec<Value>| Value::Array([plain.clone(), vec![Value::Array(further)]].concat());
    let conflicts = |words: &[&str]| {
        Value::Array(vec![text("conflicts"), Value::Array(words.iter().map(|word| text(word)).collect())])
    };
    let charter = Charter::from_toml(&format!("conflicts = [\"same-hub\", \"sponsor\"]\n{EXAMPLE}"));
    let charter = charter.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(*charter.conflicts, [Conflict::SameHub, Conflict::Sponsor]);
    let value = with(vec![conflicts(&["same-hub", "sponsor"])]);
    assert_eq!(charter.to_value(), value);
    assert_eq!(Charter::from_value(&value), Ok(charter));
    // One meaning has one encoding.
    for (further, why) in [
        (vec![], "no clause"),
        (vec![conflicts(&[])], "says nothing"),
        (vec![conflicts(&["sponsor"]), conflicts(&["same-hub"])], "not in its place"),
        (vec![Value::Array(vec![text("weather"), Value::Array(vec![text("fair")])])], "unknown here"),
        (vec![Value::Array(vec![text("conflicts")])], "2"),
        (vec![conflicts(&["friendship"])], "expected one of same-hub"),
        (vec![conflicts(&["same-hub"; 5])], "at most 4"),
    ] {
        let error = Charter::from_value(&with(further)).expect_err(why);
        assert!(error.to_string().contains(why), "{error}");
    }
    let twice = Charter::from_value(&with(vec![conflicts(&["sponsor", "sponsor"])])).expect("well formed");
    let faults = twice.possible().expect_err("a word stands twice");
    assert_eq!(faults[0].to_string(), "conflicts: a conflict of interest stands twice");
    let longer = Value::Array([plain.clone(), vec![Value::Array(vec![conflicts(&["sponsor"])]); 2]].concat());
    assert!(Charter::from_value(&longer).is_err(), "nothing stands behind the further clauses");
    assert!(Charter::from_value(&Value::Array(plain[..7].to_vec())).is_err());
}

#[test]
fn blind_stages_are_a_clause_behind_the_conflicts() {
    let text =
        EXAMPLE.replacen("reviews = { finance = 1 }", "reviews = { finance = 1 }\nblind = \"30 days\"", 1);
    let charter = Charter::from_toml(&format!("conflicts = [\"sponsor\"]\n{text}"));
    let charter = charter.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(*charter.blind, [Blind { stage: slug("candidate"), within_ms: 30 * DAY_MS }]);
    assert_eq!(charter.blind_ms(&slug("candidate")), Some(30 * DAY_MS));
    assert_eq!(charter.blind_ms(&slug("initiative")), None);
    let value = charter.to_value();
    assert_eq!(Charter::from_value(&value), Ok(charter.clone()));
    let Value::Array(mut fields) = value else { panic!("an array") };
    let Some(Value::Array(clauses)) = fields.last_mut() else { panic!("the further clauses") };
    assert_eq!(clauses.len(), 2);
    clauses.reverse();
    let error = Charter::from_value(&Value::Array(fields)).expect_err("another order");
    assert!(error.to_string().contains("not in its place"), "{error}");
    let impossible = |blind: Vec<Blind>| {
        let charter = Charter { blind: List::new(blind).expect("few stages"), ..charter.clone() };
        charter.possible().expect_err("impossible")[0].to_string()
    };
    let blind = |stage: &str, within_ms| Blind { stage: slug(stage), within_ms };
    for (found, why) in [
        (impossible(vec![blind("nowhere", 1)]), "there is no such stage"),
        (impossible(vec![blind("eligible", 1)]), "asks for no reviews"),
        (impossible(vec![blind("candidate", 0)]), "for no time"),
        (impossible(vec![blind("candidate", u64::MAX >> 1)]), "100 years"),
        (impossible(vec![blind("candidate", 1), blind("candidate", 2)]), "candidate"),
    ] {
        assert!(found.contains(why), "{found}");
    }
}

#[test]
fn the_encoding_has_the_fields_in_the_order_of_the_protocol() {
    let Value::Array(fields) = example().to_value() else { panic!("an array") };
    let lengths = fields.iter().map(|field| match field {
        Value::Array(items) => items.len(),
        _ => 0,
    });
    assert_eq!(lengths.collect::<Vec<_>>(), [0, 3, 2, 0, 3, 4, 3, 0]);
    let Value::Array(rules) = &fields[4] else { panic!("an array") };
    let share =
        |numerator, denominator| Value::Array(vec![Value::Integer(numerator), Value::Integer(denominator)]);
    let expected = Value::Array(vec![
        Value::Text("admission".to_owned()),
        share(2, 3),
        Value::Integer(1),
        share(1, 2),
        Value::Text("cast".to_owned()),
        share(2, 3),
        Value::Integer(1),
        Value::Integer(0),
        Value::Integer(0),
    ]);
    assert_eq!(rules[0], expected);
}

#[test]
fn each_impossible_charter_is_refused_in_words() {
    type Change = fn(&mut Charter);
    fn list<T, const MAX: usize>(items: Vec<T>) -> List<T, MAX> {
        List::new(items).expect("short")
    }
    fn rule(charter: &mut Charter, change: fn(&mut Rule)) {
        let mut rule = charter.rules[0].clone();
        change(&mut rule);
        charter.rules = list([&[rule], &charter.rules[1..]].concat());
    }
    fn stage(charter: &mut Charter, change: fn(&mut Stage)) {
        let mut stage = charter.stages[0].clone();
        change(&mut stage);
        charter.stages = list([&[stage], &charter.stages[1..]].concat());
    }
    fn review(panel: &str, count: u16) -> Review {
        Review { panel: slug(panel), count }
    }
    fn decides(matter: Matter, body: Body, rule: &str) -> Decides {
        Decides { matter, body, rule: slug(rule) }
    }
    let table: &[(Change, &str)] = &[
        (|c| c.timing.notice_ms = 0, "timing.notice: no notice"),
        (|c| c.timing.grace_ms = 0, "timing.grace: no grace"),
        (|c| c.timing.maximum_ms = c.timing.notice_ms - 1, "timing.maximum: the longest time to a deadline"),
        (
            |c| c.timing.maximum_ms = 36_501 * DAY_MS,
            "timing.maximum: 100 years 1 day is longer than 100 years",
        ),
        (|c| c.timing.grace_ms = u64::MAX, "timing.grace: "),
        (|c| c.sponsorship.open = 0, "sponsorship.open: no sponsor"),
        (
            |c| c.sponsorship.records = 8,
            "sponsorship.records: a prospect may write 8 records, but the way in takes at least 9",
        ),
        (|c| c.sponsorship.records = 4_097, "sponsorship.records: 4097 is beyond the 4096"),
        (|c| c.signing_seats = 0, "signing_seats: nobody of the committee"),
        (|c| rule(c, |r| r.quorum.denominator = 0), "rules.admission.quorum: 2/0 has no denominator"),
        (|c| rule(c, |r| r.floor = Fraction::new(3, 2)), "rules.admission.floor: 3/2 is more than all"),
        (|c| rule(c, |r| r.approval = Fraction::new(3, 2)), "rules.admission.approval: 3/2 is more than all"),
        (
            |c| rule(c, |r| (r.at_least, r.approval) = (false, Fraction::new(2, 2))),
            "rules.admission.approval: more than 2/2 of the base is more than all of it",
        ),
        (|c| rule(c, |r| r.approval = Fraction::new(0, 1)), "rules.admission.approval: at least none"),
        (|c| c.rules = list([&c.rules[..], &c.rules[1..2]].concat()), "rules.simple: this name stands twice"),
        (|c| c.stages = List::default(), "stages: there is no stage"),
        (|c| stage(c, |s| s.slug = slug("candidate")), "stages.candidate: this name stands twice"),
        (|c| stage(c, |s| s.rule = slug("most")), "stages.eligible.rule: the charter has no rule \"most\""),
        (
            |c| stage(c, |s| s.reviews = list(vec![review("law", 1)])),
            "stages.eligible.reviews.law: the charter has no panel \"law\"",
        ),
        (
            |c| stage(c, |s| s.reviews = list(vec![review("space", 0)])),
            "stages.eligible.reviews.space: 0 reviews",
        ),
        (
            |c| stage(c, |s| s.reviews = list(vec![review("space", 1); 2])),
            "stages.eligible.reviews.space: this name stands twice",
        ),
        (
            |c| stage(c, |s| s.documents = list(vec![slug("plan"); 3])),
            "stages.eligible.documents.plan: this name stands twice",
        ),
        (|c| stage(c, |s| s.open_within_ms = u64::MAX), "stages.eligible.open_within: "),
        (|c| stage(c, |s| s.wait_ms = 36_501 * DAY_MS), "stages.eligible.wait: 100 years 1 day"),
        (
            |c| c.panels = list([&c.panels[..], &c.panels[..1]].concat()),
            "panels.community: this name stands twice",
        ),
        (
            |c| c.decisions = list(vec![decides(Matter::Resolve, Body::Committee, "simple"); 2]),
            "decisions.resolve: this matter stands twice",
        ),
        (
            |c| c.decisions = list(vec![decides(Matter::Seat, Body::Committee, "simple")]),
            "decisions.seat.body: this is always decided by the assembly",
        ),
        (
            |c| c.decisions = list(vec![decides(Matter::Amend, Body::Assembly, "most")]),
            "decisions.amend.rule: the charter has no rule \"most\"",
        ),
    ];
    for (change, fault) in table {
        let mut charter = example();
        change(&mut charter);
        let found = charter.possible().expect_err(fault);
        let told: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert!(told.len() == 1 && told[0].starts_with(fault), "{told:?}, not {fault}");
    }
}

#[test]
fn what_is_only_just_possible_is_possible() {
    let mut charter = example();
    charter.timing = Timing { notice_ms: 1, grace_ms: 1, maximum_ms: 1 };
    charter.sponsorship = Sponsorship { open: 1, records: 9 };
    charter.signing_seats = 1;
    let mut rule = Preset::Consent.rule(slug("consent"));
    (rule.early_close, rule.approval, rule.at_least) = (true, Fraction::new(0, 1), false);
    rule.quorum = Fraction::new(1, 1);
    rule.floor = Fraction::new(0, 1);
    charter.decisions =
        List::new(vec![Decides { matter: Matter::Resolve, body: Body::Assembly, rule: slug("consent") }])
            .expect("short");
    charter.stages = {
        let mut stages = charter.stages.to_vec();
        stages[0].body = Body::Assembly;
        List::new(stages).expect("short")
    };
    charter.rules = List::new([&[rule], &charter.rules[..]].concat()).expect("short");
    assert_eq!(charter.possible(), Ok(()));
}

#[test]
fn what_a_charter_does_not_say_is_decided_as_usual() {
    let silent = example();
    for matter in Matter::ALL {
        let (body, rule) = silent.decides(*matter).expect("somebody decides");
        assert!(!matter.is_the_assemblys() || body == Body::Assembly, "{matter}");
        assert_eq!(rule, matter.usual().1.rule(slug(rule.slug.as_str())), "{matter}");
    }
    let text = format!(
        "{EXAMPLE}\n[decisions]\nresolve = {{ body = \"assembly\", rule = \"admission\" }}\nexpel = {{}}\n"
    );
    let charter = Charter::from_toml(&text).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(
        charter.decides(Matter::Resolve).map(|(body, rule)| (body, rule.slug)),
        Some((Body::Assembly, slug("admission")))
    );
    assert!(
        charter.rule(&slug("three-quarters")).is_some(),
        "a preset that a decision takes is among the rules"
    );
    let wrong = format!("{EXAMPLE}\n[decisions]\nsecede = {{}}\n");
    let told = Charter::from_toml(&wrong).expect_err("no matter").to_string();
    assert!(told.contains("decisions.secede: expected one of resolve, "), "{told}");
}
