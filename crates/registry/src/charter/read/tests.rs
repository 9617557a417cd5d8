//! Overrides of presets, every fault of a text with its line and place, and texts damaged at random.

use proptest::prelude::*;

use super::super::tests::{EXAMPLE, slug};
use super::*;
use crate::{Base, Fraction};

const SMALL: &str = r#"title = "Small"
signing_seats = 1
[timing]
notice = "1 s"
grace = "1 s"
maximum = "1 day"
[sponsorship]
open = 1
records = 3
[rules.mine]
preset = "three-quarters"
quorum = "1/3"
quorum_counts_abstentions = false
floor = "1/4"
base = "present"
approval = "more than 5/9"
consent = true
early_close = true
[[stages]]
slug = "in"
title = "In"
rule = "mine"
"#;

#[test]
fn overrides_replace_what_the_preset_says() {
    let charter = Charter::from_toml(SMALL).unwrap_or_else(|error| panic!("{error}"));
    let mine = Rule {
        slug: slug("mine"),
        quorum: Fraction::new(1, 3),
        quorum_counts_abstentions: false,
        floor: Fraction::new(1, 4),
        base: Base::Present,
        approval: Fraction::new(5, 9),
        at_least: false,
        consent: true,
        early_close: true,
    };
    assert_eq!(*charter.rules, [mine]);
    let stage = &charter.stages[0];
    assert!(stage.documents.is_empty() && stage.reviews.is_empty() && !stage.interview);
    assert_eq!((stage.body, stage.open_within_ms, stage.wait_ms), (Body::Committee, 0, 0));
}

#[test]
fn a_preset_that_a_stage_names_needs_no_declaration() {
    let text = format!("{SMALL}[[stages]]\nslug = \"on\"\ntitle = \"On\"\nrule = \"absolute\"\n");
    let charter = Charter::from_toml(&text).unwrap_or_else(|error| panic!("{error}"));
    let rules: Vec<&str> = charter.rules.iter().map(|rule| rule.slug.as_str()).collect();
    assert_eq!(rules, ["absolute", "mine"], "in order of names, whatever the order of their use");
    assert_eq!(charter.rules[0], Preset::Absolute.rule(slug("absolute")));
}

/// The faults of the small charter with one line replaced, as people see them.
fn faults_with(line: &str, instead: &str) -> Vec<String> {
    assert!(SMALL.lines().any(|other| other == line), "{line} is no line of the charter");
    let text: String =
        SMALL.lines().map(|l| if l == line { instead } else { l }).map(|l| format!("{l}\n")).collect();
    let faults = Charter::from_toml(&text).map(|_| Vec::new()).unwrap_or_else(|error| error.faults);
    faults.iter().map(ToString::to_string).collect()
}

#[test]
fn each_fault_of_a_text_is_told_with_its_line_and_place() {
    let table = [
        ("title = \"Small\"", "", "line 1, title: \"title\" is missing"),
        ("title = \"Small\"", "title = 5", "line 1, title: expected a text in quotes, found integer"),
        ("title = \"Small\"", "title = \"\"", "line 1, title: a text of 1 to 120 bytes, this has 0"),
        ("title = \"Small\"", "title = \"Small", "line 1: this is no TOML: "),
        ("signing_seats = 1", "signing_seats = -1", "line 2, signing_seats: -1 is outside the range"),
        ("signing_seats = 1", "signing_seats = 65536", "line 2, signing_seats: 65536 is outside the range"),
        (
            "signing_seats = 1",
            "signing_seats = 1.5",
            "line 2, signing_seats: expected a whole number, found float",
        ),
        (
            "signing_seats = 1",
            "signing_seat = 1",
            "line 2, signing_seat: unknown key \"signing_seat\"; known here are",
        ),
        (
            "signing_seats = 1",
            "signing_seats = 1\nsigning_seats = 2",
            "line 3: this is no TOML: duplicate key",
        ),
        ("[timing]", "[timings]", "line 1, timing: \"timing\" is missing"),
        (
            "notice = \"1 s\"",
            "notice = 1",
            "line 4, timing.notice: 1 has no unit: write for example \"1 days\"",
        ),
        ("notice = \"1 s\"", "notice = \"1 moon\"", "line 4, timing.notice: \"moon\" is no unit"),
        (
            "records = 3",
            "records = 9223372036854775808",
            "line 9, sponsorship.records: 9223372036854775808 is outside",
        ),
        ("[rules.mine]", "[rules.Mine]", "line 10, rules.Mine: \"Mine\" is no slug"),
        ("[rules.mine]", "[rules.\"a.mine\"]", "line 10, rules.a.mine: \"a.mine\" is no slug"),
        ("preset = \"three-quarters\"", "", "line 10, rules.mine.preset: \"preset\" is missing"),
        (
            "preset = \"three-quarters\"",
            "preset = \"most\"",
            "line 11, rules.mine.preset: expected one of simple, ",
        ),
        (
            "quorum = \"1/3\"",
            "quorum = 0.3",
            "line 12, rules.mine.quorum: expected a text in quotes, found float",
        ),
        (
            "quorum = \"1/3\"",
            "quorm = \"1/3\"",
            "line 12, rules.mine.quorm: unknown key \"quorm\"; known here are",
        ),
        (
            "base = \"present\"",
            "base = \"all\"",
            "line 15, rules.mine.base: expected one of cast, present, roll",
        ),
        (
            "approval = \"more than 5/9\"",
            "approval = \"5/9\"",
            "line 16, rules.mine.approval: \"5/9\": write \"at least",
        ),
        (
            "consent = true",
            "consent = \"yes\"",
            "line 17, rules.mine.consent: expected true or false, found string",
        ),
        ("[[stages]]", "[stages]", "line 19, stages: expected a list, found table"),
        ("slug = \"in\"", "", "line 19, stages.1.slug: \"slug\" is missing"),
        ("slug = \"in\"", "slug = \"In\"", "line 20, stages.1.slug: \"In\" is no slug"),
        ("title = \"In\"", "", "line 19, stages.in.title: \"title\" is missing"),
        (
            "title = \"In\"",
            "title = \"In\"\nreviews = 1",
            "line 22, stages.in.reviews: expected a table, found integer",
        ),
        (
            "title = \"In\"",
            "title = \"In\"\ndocuments = [\"a b\"]",
            "line 22, stages.in.documents.1: \"a b\" is no slug",
        ),
        (
            "title = \"In\"",
            "title = \"In\"\nbody = \"board\"",
            "line 22, stages.in.body: expected one of committee, ",
        ),
        ("rule = \"mine\"", "", "line 19, stages.in.rule: \"rule\" is missing"),
        ("rule = \"mine\"", "rule = \"yours\"", "line 22, stages.in.rule: the charter has no rule \"yours\""),
    ];
    for (line, instead, fault) in table {
        let faults = faults_with(line, instead);
        assert!(faults.iter().any(|other| other.starts_with(fault)), "{instead}: {faults:?}, not {fault}");
        // A misspelt name is also missing where it is needed.
        let misspelt = ["signing_seat = 1", "[timings]", "[rules.Mine]", "[rules.\"a.mine\"]"];
        let expected = if misspelt.contains(&instead) { 2 } else { 1 };
        assert_eq!(faults.len(), expected, "{instead}: {faults:?}");
    }
}

#[test]
fn all_faults_are_told_at_once_and_in_order() {
    let text = r#"
title = 7
colour = "green"
signing_seats = 0

[timing]
notice = "2 days"
grace = "soon"
maximum = "1 day"

[sponsorship]
open = 0
records = 2

[rules.simple]
quorum = "3/2"

[[stages]]
slug = "in"
title = "In"
rule = "simpel"
reviews = { money = 1 }
"#;
    let error = Charter::from_toml(text).expect_err("full of faults");
    let told: Vec<(usize, &str)> = error.faults.iter().map(|f| (f.line, f.place.as_str())).collect();
    let expected = [
        (2, "title"),
        (3, "colour"),
        (4, "signing_seats"),
        (8, "timing.grace"),
        (9, "timing.maximum"),
        (12, "sponsorship.open"),
        (13, "sponsorship.records"),
        (16, "rules.simple.quorum"),
        (21, "stages.in.rule"),
        (22, "stages.in.reviews.money"),
    ];
    assert_eq!(told, expected);
    let shown = error.to_string();
    assert!(shown.starts_with("the charter has 10 faults:\n  line 2, title: expected"), "{shown}");
    assert!(
        shown.contains("\n  line 9, timing.maximum: the longest time to a deadline (1 day) is less than"),
        "{shown}"
    );
}

#[test]
fn what_cannot_be_read_hides_no_other_fault_and_invents_none() {
    let text = r#"
title = "Half read"
signing_seats = 1
rules.mine = 5
panels.money = 7

[[stages]]
slug = "in"
title = "In"
rule = "mine"
reviews = { money = 1, space = 1 }
"#;
    let error = Charter::from_toml(text).expect_err("two sections are missing");
    let told: Vec<(usize, &str)> = error.faults.iter().map(|f| (f.line, f.place.as_str())).collect();
    let expected = [
        (1, "sponsorship"),
        (1, "timing"),
        (4, "rules.mine"),
        (5, "panels.money"),
        (11, "stages.in.reviews.space"),
    ];
    assert_eq!(told, expected);
}

#[test]
fn what_is_no_charter_is_refused_without_a_panic() {
    for text in ["", "\u{0}", "[[stages]]", "timing = []", "rules = 1\nstages = 2\npanels = 3", "[a\n[b"] {
        let error = Charter::from_toml(text).expect_err(text);
        assert!(!error.faults.is_empty(), "{text}");
    }
}

proptest! {
    /// Whatever becomes of a charter's text, reading it answers, and what it accepts is possible.
    #[test]
    fn damaged_texts_are_read_or_refused(
        edits in proptest::collection::vec((any::<prop::sample::Index>(), 0..40_usize, "[\\[\\]={}\"a-z0-9. \n\u{fc}-]{0,6}"), 1..4),
    ) {
        let mut text: Vec<char> = EXAMPLE.chars().collect();
        for (place, length, instead) in edits {
            let from = place.index(text.len());
            text.splice(from..(from + length).min(text.len()), instead.chars());
        }
        let text: String = text.into_iter().collect();
        match Charter::from_toml(&text) {
            Ok(charter) => prop_assert_eq!(charter.possible(), Ok(())),
            Err(error) => {
                let lines = text.matches('\n').count() + 1;
                prop_assert!(error.faults.iter().all(|fault| (1..=lines).contains(&fault.line)), "{}", error);
                prop_assert!(!error.faults.is_empty());
            }
        }
    }
}
