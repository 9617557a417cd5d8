//! `cohub charter simulate`: what each rule of a charter takes with so many there, before anybody votes.

use cohub_record::BodyError;
use cohub_registry::{Body, Charter, Matter, Rule, Supposed, WhatItTakes};
use serde::Serialize;

use crate::arguments::Supposing;
use crate::exit::Error;
use crate::output::Answer;
use crate::prose::{BOLD, DIM, GREEN, YELLOW, harmless, styled, wrapped};

/// Columns of a paragraph.
const WIDTH: usize = 100;

#[derive(Debug, Serialize)]
struct Simulated {
    supposed: Supposed,
    rules: Vec<OfRule>,
}

/// What one rule takes.
#[derive(Debug, Serialize)]
struct OfRule {
    rule: Rule,
    rule_words: String,
    /// What is decided by it, and by whom.
    decides: Vec<String>,
    #[serde(flatten)]
    takes: WhatItTakes,
}

/// Asks every rule of a charter, or the one that is named.
pub(crate) fn answer(charter: &Charter, supposing: &Supposing) -> Result<Answer, Error> {
    let Supposing { hubs, present, abstain, recuse, rule } = supposing;
    let present = present.unwrap_or_else(|| hubs.saturating_sub(*recuse));
    let supposed = Supposed::new(*hubs, present, *abstain, *recuse)
        .map_err(|error: BodyError| Error::usage(error.why))?;
    let mut rules: Vec<Rule> = charter.rules.to_vec();
    // A matter of which the charter is silent is counted by a preset, which need not stand among its rules.
    let usual = Matter::ALL.iter().filter_map(|matter| charter.decides(*matter)).map(|(_, rule)| rule);
    for rule in usual {
        if !rules.contains(&rule) {
            rules.push(rule);
        }
    }
    if let Some(named) = rule {
        rules.retain(|rule| rule.slug == *named);
        if rules.is_empty() {
            return Err(Error::not_found(format!("the charter has no rule {:?}", named.as_str())));
        }
    }
    let rules = rules.into_iter().map(|rule| OfRule {
        decides: decided_by(charter, &rule),
        rule_words: rule.words(),
        takes: rule.what_it_takes(&supposed),
        rule,
    });
    let simulated = Simulated { supposed, rules: rules.collect() };
    let asked = format!("With a roll of {hubs}, {present} present, {abstain} abstaining, {recuse} recused:");
    let mut text = format!("{asked}\n");
    for of in &simulated.rules {
        text.push_str(&paragraph(of));
    }
    Answer::new("charter.simulate", &simulated, text)
}

/// What a charter decides by a rule: stages, then matters.
fn decided_by(charter: &Charter, rule: &Rule) -> Vec<String> {
    let by = |body: Body, what: &str| format!("{what} ({body})");
    let stages = charter.stages.iter().filter(|stage| stage.rule == rule.slug);
    let stages = stages.map(|stage| by(stage.body, stage.slug.as_str()));
    let matters = Matter::ALL.iter().filter_map(|matter| {
        let (body, decided) = charter.decides(*matter)?;
        (decided == *rule).then(|| by(body, matter.as_str()))
    });
    stages.chain(matters).collect()
}

fn paragraph(of: &OfRule) -> String {
    let style = if of.takes.yes.is_some() { GREEN } else { YELLOW };
    let mut text = format!("\n{}\n", styled(BOLD, of.rule.slug.as_str()));
    for line in wrapped(&harmless(&of.takes.words), WIDTH) {
        text.push_str(&format!("  {}\n", styled(style, line)));
    }
    let mut small = vec![of.rule_words.clone()];
    if !of.decides.is_empty() {
        small.push(format!("Decides {}.", of.decides.join(", ")));
    }
    for line in small.iter().flat_map(|words| wrapped(&harmless(words), WIDTH)) {
        text.push_str(&format!("  {}\n", styled(DIM, line)));
    }
    text
}
