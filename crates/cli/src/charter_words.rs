//! A charter in by-law words.

use cohub_registry::{Charter, Matter, Rule, Stage, duration_in_words};

use crate::prose::{BOLD, counted, harmless, styled, wrapped};

/// Columns of a paragraph.
const WIDTH: usize = 100;

/// The whole charter, a paragraph a rule.
pub(crate) fn bylaws(charter: &Charter) -> String {
    let mut text = format!("{}\n", styled(BOLD, harmless(charter.title.as_str())));
    let timing = &charter.timing;
    push(
        &mut text,
        "Votes",
        &format!(
            "A vote runs at least {} from the moment it reaches a node, and at most {}. After its deadline \
         every node waits {} for ballots that are on their way.",
            duration_in_words(timing.notice_ms),
            duration_in_words(timing.maximum_ms),
            duration_in_words(timing.grace_ms),
        ),
    );
    push(
        &mut text,
        "Newcomers",
        &format!(
            "A hub may sponsor {} at a time. Each may write up to {} on its way in.",
            counted(usize::from(charter.sponsorship.open), "newcomer"),
            counted(usize::try_from(charter.sponsorship.records).unwrap_or(usize::MAX), "record"),
        ),
    );
    push(
        &mut text,
        "Admission",
        &format!(
            "The new hub and {} of the committee sign it; with these signatures the hub is a co-owner.",
            counted(usize::from(charter.signing_seats), "seat"),
        ),
    );
    if !charter.panels.is_empty() {
        let panels = charter.panels.iter().map(|panel| format!("{} ({})", panel.title, panel.slug));
        push(&mut text, "Panels", &format!("{}.", panels.collect::<Vec<_>>().join(", ")));
    }
    for (place, stage) in (1..).zip(charter.stages.iter()) {
        let last = place == charter.stages.len();
        push(&mut text, &format!("Stage {place}"), &stage_words(charter, stage, last));
    }
    push(&mut text, "Conflicts of interest", &conflicts_words(charter));
    push(&mut text, "Other decisions", &decisions_words(charter));
    for rule in charter.rules.iter() {
        push(&mut text, &format!("Rule {:?}", rule.slug.as_str()), &rule.words());
    }
    text
}

/// Who is out of the count of an application.
fn conflicts_words(charter: &Charter) -> String {
    if charter.conflicts.is_empty() {
        return "Who has one says so and recuses; no rule finds it.".to_owned();
    }
    let found: Vec<&str> = charter.conflicts.iter().map(|conflict| conflict.words()).collect();
    format!(
        "In an application somebody has one who {}. Such a review is not counted, and such a seat has recused: it \
         leaves every base of the vote, whether or not it says so.",
        found.join(", or ")
    )
}

/// Who decides everything that is no stage.
fn decisions_words(charter: &Charter) -> String {
    let decided = Matter::ALL.iter().filter_map(|matter| {
        let (body, rule) = charter.decides(*matter)?;
        Some(format!("{matter}: the {body}, by the rule {:?}", rule.slug.as_str()))
    });
    format!("{}.", decided.collect::<Vec<_>>().join("; "))
}

/// What it takes to reach a stage.
fn stage_words(charter: &Charter, stage: &Stage, last: bool) -> String {
    let mut needs = Vec::new();
    if !stage.documents.is_empty() {
        let names: Vec<&str> = stage.documents.iter().map(cohub_record::Slug::as_str).collect();
        needs.push(format!("the documents {}", names.join(", ")));
    }
    needs.extend(stage.reviews.iter().map(|review| {
        format!("{} by the panel {}", counted(usize::from(review.count), "review"), review.panel)
    }));
    if stage.interview {
        needs.push("an interview".to_owned());
    }
    let needs = if needs.is_empty() { "nothing but the application".to_owned() } else { needs.join("; ") };
    let blind = charter.blind_ms(&stage.slug).map_or_else(String::new, |within_ms| {
        format!(
            " Its reviews are sealed until all are in, for {} at the longest.",
            duration_in_words(within_ms)
        )
    });
    let admission = if last { " Adopting it is the admission." } else { "" };
    let rule = charter.rule(&stage.rule).map(Rule::words).unwrap_or_default();
    let mut words = format!(
        "{} ({}). The vote needs {needs}.{blind}{admission} The {} decides by the rule {:?}: {rule}",
        stage.title,
        stage.slug,
        stage.body,
        stage.rule.as_str(),
    );
    if stage.open_within_ms > 0 {
        words.push_str(&format!(" Once reached it stands for {}.", duration_in_words(stage.open_within_ms)));
    }
    if stage.wait_ms > 0 {
        words.push_str(&format!(
            " After a rejection it may be asked again in {}.",
            duration_in_words(stage.wait_ms)
        ));
    }
    words
}

fn push(text: &mut String, heading: &str, words: &str) {
    text.push_str(&format!("\n{}\n", styled(BOLD, heading)));
    for line in wrapped(&harmless(words), WIDTH) {
        text.push_str(&format!("  {line}\n"));
    }
}
