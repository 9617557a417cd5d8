//! A charter as people write it, in TOML. Whatever is wrong with it is told at once and by line, so that
//! nobody has to mend a charter one message at a time.

use std::fmt;

use cohub_record::Slug;

use super::source::{Fields, Node, Source, duration, flag, fraction, integer, parsed, threshold};
use super::{Blind, Body, Charter, Decides, Matter, Panel, Review, Sponsorship, Stage, Timing};
use crate::{Preset, Rule};

/// A text that is no charter. Nothing was made of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct CharterError {
    /// All that is wrong with it, in order of lines.
    pub faults: Vec<Fault>,
}

/// One thing that is wrong with a charter's text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Fault {
    /// The line, from 1.
    pub line: usize,
    /// Where in the charter, from the outside in, with dots; empty where the text is no TOML.
    pub place: String,
    /// What is wrong, and what to write instead.
    pub why: String,
}

impl Charter {
    /// Reads a charter from TOML. What it returns is also [`Charter::possible`].
    ///
    /// # Errors
    /// Every fault: what is no TOML, unknown keys, missing and malformed values, and what could never work.
    pub fn from_toml(text: &str) -> Result<Self, CharterError> {
        let mut source = Source::new(text);
        let parsed = source.parse();
        let charter = parsed.and_then(|root| charter(&mut source, &Node::root(&root)));
        if let Some(Err(impossible)) = charter.as_ref().map(Self::possible) {
            source.add(impossible);
        }
        match charter {
            Some(charter) if source.faults.is_empty() => Ok(charter),
            _ => {
                source.faults.sort();
                Err(CharterError { faults: source.faults })
            }
        }
    }
}

/// Reads what it can: values that cannot be read get a stand-in and a fault, so that the rest is checked too.
fn charter(source: &mut Source<'_>, root: &Node<'_>) -> Option<Charter> {
    let keys = [
        "title",
        "timing",
        "sponsorship",
        "signing_seats",
        "rules",
        "stages",
        "panels",
        "decisions",
        "conflicts",
    ];
    let fields = source.fields(root, &keys)?;
    let title = source.required(&fields, "title", parsed);
    let timing = section(source, &fields, "timing", &["notice", "grace", "maximum"], timing);
    let sponsorship = section(source, &fields, "sponsorship", &["open", "records"], sponsorship);
    let signing_seats = source.required(&fields, "signing_seats", integer);
    let (stages, blind): (Vec<Stage>, Vec<Option<Blind>>) =
        source.items(&fields, "stages").iter().filter_map(|node| stage(source, node)).unzip();
    let blind = blind.into_iter().flatten().collect();
    let decisions: Vec<Decides> =
        source.entries(&fields, "decisions").iter().filter_map(|node| decides(source, node)).collect();
    let declared = source.entries(&fields, "rules").iter().filter_map(|node| rule(source, node)).collect();
    let panels = source.entries(&fields, "panels").iter().filter_map(|node| panel(source, node)).collect();
    let conflicts =
        source.items(&fields, "conflicts").iter().filter_map(|n| source.value(n, parsed)).collect();
    Some(Charter {
        title: title.or_else(|| "untitled".parse().ok())?,
        timing: timing.unwrap_or(Timing { notice_ms: 1, grace_ms: 1, maximum_ms: 1 }),
        sponsorship: sponsorship.unwrap_or(Sponsorship { open: 1, records: 1 }),
        signing_seats: signing_seats.unwrap_or(1),
        rules: source.list(&fields, "rules", with_presets(declared, &stages, &decisions)),
        stages: source.list(&fields, "stages", stages),
        panels: source.list(&fields, "panels", panels),
        decisions: source.list(&fields, "decisions", decisions),
        conflicts: source.list(&fields, "conflicts", conflicts),
        blind: source.list(&fields, "stages", blind),
    })
}

/// Reads a table that a charter must have.
fn section<T>(
    source: &mut Source<'_>,
    fields: &Fields<'_>,
    key: &str,
    keys: &[&str],
    read: fn(&mut Source<'_>, &Fields<'_>) -> T,
) -> Option<T> {
    let Some(node) = fields.get(key) else {
        source.missing(fields, key);
        return None;
    };
    let fields = source.fields(node, keys)?;
    Some(read(source, &fields))
}

fn timing(source: &mut Source<'_>, fields: &Fields<'_>) -> Timing {
    Timing {
        notice_ms: source.required(fields, "notice", duration).unwrap_or(1),
        grace_ms: source.required(fields, "grace", duration).unwrap_or(1),
        maximum_ms: source.required(fields, "maximum", duration).unwrap_or(1),
    }
}

fn sponsorship(source: &mut Source<'_>, fields: &Fields<'_>) -> Sponsorship {
    Sponsorship {
        open: source.required(fields, "open", integer).unwrap_or(1),
        records: source.required(fields, "records", integer).unwrap_or(1),
    }
}

/// Reads a rule: a preset, named as such or by the rule's own name, and what is to differ from it.
fn rule(source: &mut Source<'_>, node: &Node<'_>) -> Option<Rule> {
    const KEYS: [&str; 8] = [
        "preset",
        "quorum",
        "quorum_counts_abstentions",
        "floor",
        "base",
        "approval",
        "consent",
        "early_close",
    ];
    let slug: Slug = source.name(node)?;
    let Some(fields) = source.fields(node, &KEYS) else { return Some(Preset::Simple.rule(slug)) };
    let own_name = slug.as_str().parse().ok();
    let preset: Preset = match own_name {
        Some(preset) => source.optional(&fields, "preset", parsed).unwrap_or(preset),
        None => source.required(&fields, "preset", parsed).unwrap_or(Preset::Simple),
    };
    let mut rule = preset.rule(slug);
    let mut set = |key, into: &mut _| {
        if let Some(share) = source.optional(&fields, key, fraction) {
            *into = share;
        }
    };
    set("quorum", &mut rule.quorum);
    set("floor", &mut rule.floor);
    let mut set = |key, into: &mut bool| *into = source.optional(&fields, key, flag).unwrap_or(*into);
    set("quorum_counts_abstentions", &mut rule.quorum_counts_abstentions);
    set("consent", &mut rule.consent);
    set("early_close", &mut rule.early_close);
    rule.base = source.optional(&fields, "base", parsed).unwrap_or(rule.base);
    if let Some((at_least, share)) = source.optional(&fields, "approval", threshold) {
        rule.at_least = at_least;
        rule.approval = share;
    }
    Some(rule)
}

/// The declared rules, and each preset that a stage or decision names without its being declared; in order
/// of names.
fn with_presets(mut rules: Vec<Rule>, stages: &[Stage], decisions: &[Decides]) -> Vec<Rule> {
    let named = stages.iter().map(|stage| &stage.rule).chain(decisions.iter().map(|decides| &decides.rule));
    for slug in named {
        let declared = rules.iter().any(|rule| rule.slug == *slug);
        if let (false, Ok(preset)) = (declared, slug.as_str().parse::<Preset>()) {
            rules.push(preset.rule(slug.clone()));
        }
    }
    rules.sort_by(|one, other| one.slug.cmp(&other.slug));
    rules
}

/// A matter with who decides it and how; what is left out is as usual.
fn decides(source: &mut Source<'_>, node: &Node<'_>) -> Option<Decides> {
    let matter: Matter = source.word(node)?;
    let fields = source.fields(node, &["body", "rule"])?;
    let (usual_body, usual_rule) = matter.usual();
    let body = source.optional(&fields, "body", parsed);
    let rule = source.optional(&fields, "rule", parsed);
    let rule = rule.or_else(|| usual_rule.as_str().parse().ok())?;
    Some(Decides { matter, body: body.unwrap_or(usual_body), rule })
}

/// Reads a stage, and how blind its reviews are.
fn stage(source: &mut Source<'_>, node: &Node<'_>) -> Option<(Stage, Option<Blind>)> {
    const KEYS: [&str; 10] = [
        "slug",
        "title",
        "documents",
        "reviews",
        "blind",
        "interview",
        "body",
        "rule",
        "open_within",
        "wait",
    ];
    let mut fields = source.fields(node, &KEYS)?;
    let slug: Slug = source.required(&fields, "slug", parsed)?;
    fields.rename(source, &format!("stages.{slug}"));
    let title = source.required(&fields, "title", parsed);
    let rule = source.required(&fields, "rule", parsed);
    let documents =
        source.items(&fields, "documents").iter().filter_map(|n| source.value(n, parsed)).collect();
    let reviews = source.entries(&fields, "reviews").iter().filter_map(|n| review(source, n)).collect();
    let blind = source.optional(&fields, "blind", duration);
    let blind = blind.map(|within_ms| Blind { stage: slug.clone(), within_ms });
    let stage = Stage {
        title: title.or_else(|| slug.as_str().parse().ok())?,
        documents: source.list(&fields, "documents", documents),
        reviews: source.list(&fields, "reviews", reviews),
        interview: source.optional(&fields, "interview", flag).unwrap_or(false),
        body: source.optional(&fields, "body", parsed).unwrap_or(Body::Committee),
        rule: rule.unwrap_or_else(|| slug.clone()),
        open_within_ms: source.optional(&fields, "open_within", duration).unwrap_or(0),
        wait_ms: source.optional(&fields, "wait", duration).unwrap_or(0),
        slug,
    };
    Some((stage, blind))
}

fn review(source: &mut Source<'_>, node: &Node<'_>) -> Option<Review> {
    Some(Review { panel: source.name(node)?, count: source.value(node, integer)? })
}

fn panel(source: &mut Source<'_>, node: &Node<'_>) -> Option<Panel> {
    let slug: Slug = source.name(node)?;
    let title = source.value(node, parsed);
    Some(Panel { title: title.or_else(|| slug.as_str().parse().ok())?, slug })
}

impl fmt::Display for CharterError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.faults.len();
        write!(formatter, "the charter has {count} fault{}:", if count == 1 { "" } else { "s" })?;
        self.faults.iter().try_for_each(|fault| write!(formatter, "\n  {fault}"))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place.as_str() {
            "" => write!(formatter, "line {}: {}", self.line, self.why),
            place => write!(formatter, "line {}, {place}: {}", self.line, self.why),
        }
    }
}

#[cfg(test)]
mod tests;
