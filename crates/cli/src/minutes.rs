//! Minutes of a motion as a document: what it asked, by which rule, who voted what, who counted.

mod document;
mod html;
mod markdown;

use cohub_record::Slug;
use cohub_registry::minutes::{Cast, Minutes, TellersPart};
use cohub_registry::{Effect, Motion, Need, Votes, duration_in_words};

use document::{Block, Document};

use crate::charter_words::bylaws;
use crate::prose::counted;
use crate::seen;
use crate::when::date;

pub(crate) use html::page;
pub(crate) use markdown::text;

/// What minutes are written from.
pub(crate) struct Sources<'a> {
    /// The motion as the registry shows it.
    pub(crate) motion: &'a seen::Motion,
    /// Everything beside it.
    pub(crate) minutes: &'a Minutes,
    /// The signed motion itself.
    pub(crate) signed: &'a Motion,
    /// The head of the registry that this was seen in.
    pub(crate) head: &'a str,
}

/// The minutes.
pub(crate) fn document(sources: &Sources<'_>) -> Document {
    let Sources { motion, minutes, signed, head } = sources;
    let mut blocks = vec![
        Block::Paragraph(format!("{} ({})", minutes.network_name, minutes.network)),
        Block::Pairs(facts(sources)),
        Block::Heading("The exact effect".to_owned()),
    ];
    blocks.extend(effect(&signed.effect));
    blocks.push(Block::Heading("The rule, and how the count met it".to_owned()));
    blocks.push(Block::Paragraph(format!("By the rule \"{}\": {}", minutes.rule_name, motion.rule)));
    blocks.push(Block::Paragraph(format!("The count: {}.", minutes.count.words)));
    blocks.push(count_table(minutes));
    blocks.push(Block::Heading("Roll call".to_owned()));
    blocks.push(roll_call(minutes));
    blocks.push(Block::Heading("Ballots that do not count".to_owned()));
    blocks.push(others(minutes));
    blocks.push(Block::Heading("Tellers".to_owned()));
    blocks.push(Block::Paragraph(finality(motion, minutes)));
    blocks.push(tellers(minutes));
    blocks.push(Block::Heading("How to check this".to_owned()));
    blocks.push(Block::Paragraph(
        "Each record named here is signed; its name is the hash of its author, signature and content. A decision is \
         proved, with no node and no network, by its certificate:"
            .to_owned(),
    ));
    blocks.push(Block::Code(format!(
        "cohub certificate export {} --out FILE\ncohub certificate verify FILE --network {}",
        motion.id, minutes.network
    )));
    blocks.push(Block::Paragraph(format!(
        "Dates are what the signers' clocks said. As seen in the registry with the head {head}."
    )));
    Document { title: format!("Minutes: {}", motion.question), blocks }
}

fn facts(sources: &Sources<'_>) -> Vec<(&'static str, String)> {
    let Sources { motion, minutes, .. } = sources;
    let finality = if motion.is_final { "final" } else { "provisional" };
    let version = match minutes.charter_version {
        Some(version) => format!("version {version}"),
        None => "a version that does not stand".to_owned(),
    };
    let mut facts = vec![
        ("Motion", motion.id.to_string()),
        ("Asked", motion.question.clone()),
        ("Of", asked_of(motion)),
        ("State", format!("{}, {finality}", motion.state_now())),
        ("Moved by", minutes.mover.clone()),
        ("Opened", date(motion.at)),
        ("Ballots until", date(motion.deadline)),
    ];
    facts.extend(motion.decided_at.map(|at| ("Decided", date(at))));
    facts.push(("Charter", format!("{}, {version}, record {}", minutes.charter_title, motion.charter)));
    facts
}

/// Who was asked, and in which generation where there was a fallback (Protocol 6.9).
fn asked_of(motion: &seen::Motion) -> String {
    let body = if motion.fallback { "fallback roll" } else { &motion.body };
    let fallen = if motion.fallen { "; it fell with that generation" } else { "" };
    match motion.generation {
        1 if fallen.is_empty() => format!("the {body}"),
        number => format!("the {body}, in generation {number}{fallen}"),
    }
}

/// The effect as it was signed, with nothing left out.
fn effect(effect: &Effect) -> Vec<Block> {
    let until = |at: u64| if at == 0 { "no end".to_owned() } else { date(at) };
    match effect {
        Effect::Advance { application, stage, open_by } => vec![Block::Pairs(vec![
            ("Application", application.to_string()),
            ("Reaches the stage", Slug::to_string(stage)),
            ("Open for the next step until", until(*open_by)),
        ])],
        Effect::Resolve { text } => {
            vec![Block::Paragraph("The network resolves:".to_owned()), Block::Quote(text.to_string())]
        }
        Effect::Manifesto { text } => {
            vec![Block::Paragraph("The manifesto is:".to_owned()), Block::Quote(text.to_string())]
        }
        Effect::Amend { charter } => vec![
            Block::Paragraph("The charter is, in by-law words:".to_owned()),
            Block::Quote(anstream::adapter::strip_str(&bylaws(charter)).to_string()),
            Block::Paragraph(format!(
                "Notice {}, grace {}, maximum {}.",
                duration_in_words(charter.timing.notice_ms),
                duration_in_words(charter.timing.grace_ms),
                duration_in_words(charter.timing.maximum_ms)
            )),
        ],
        Effect::Appoint { panel, members, until: at } => vec![
            Block::Pairs(vec![("Panel", panel.to_string()), ("Until", until(*at))]),
            Block::Table {
                headings: &["Member"],
                rows: members.iter().map(|key| vec![key.to_string()]).collect(),
            },
        ],
        Effect::Standing { hub, change } => {
            vec![Block::Pairs(vec![("Hub", hub.to_hub_text()), ("Change", change.to_string())])]
        }
        Effect::Seat { seats } | Effect::Fallback { seats, .. } => {
            let row = |chair: &cohub_registry::Chair| {
                vec![chair.hub.to_hub_text(), chair.voting.to_string(), chair.teller.to_string()]
            };
            let mut blocks = vec![Block::Table {
                headings: &["Hub", "Key that votes", "Key of its teller"],
                rows: seats.iter().map(row).collect(),
            }];
            if let Effect::Fallback { stands, .. } = effect {
                let words = "A next generation begins with it. Of what was decided before, these versions stand with \
                             all that they are built on, and nothing else does:";
                blocks.push(Block::Paragraph(words.to_owned()));
                let rows = stands.iter().map(|version| vec![version.to_string()]).collect();
                blocks.push(Block::Table { headings: &["Version that stands"], rows });
            }
            blocks
        }
        Effect::Recover { hub, rotate } => {
            vec![Block::Pairs(vec![("Hub", hub.to_hub_text()), ("Rotation that stands", rotate.to_string())])]
        }
    }
}

fn count_table(minutes: &Minutes) -> Block {
    let count = &minutes.count;
    let row = |what: &str, Need { have, need }: Need| {
        let met = if have >= need { "met" } else { "not met" };
        vec![what.to_owned(), have.to_string(), need.to_string(), met.to_owned()]
    };
    let mut rows = vec![
        row("Seats left after recusals", count.floor),
        row("Seats that took part", count.quorum),
        row(&format!("Yes, of a base of {}", count.base), count.approval),
    ];
    if count.blocks > 0 {
        rows.push(vec![
            "Blocks".to_owned(),
            count.blocks.to_string(),
            "none".to_owned(),
            "not met".to_owned(),
        ]);
    }
    Block::Table { headings: &["", "Counted", "Needed", ""], rows }
}

fn roll_call(minutes: &Minutes) -> Block {
    let row = |vote: &cohub_registry::minutes::Vote| {
        let said = |what: fn(&Cast) -> String| vote.counted.as_ref().map(what).unwrap_or_default();
        let choice =
            vote.counted.as_ref().map_or_else(|| "no ballot".to_owned(), |cast| cast.choice.to_string());
        let choice = match vote.conflict {
            Some(conflict) => format!("recuse: it {}", conflict.words()),
            None => choice,
        };
        vec![
            vote.name.clone(),
            choice,
            said(|cast| date(cast.at)),
            said(|cast| cast.record.to_string()),
            vote.key.to_string(),
        ]
    };
    let rows = minutes.roll.iter().map(row).collect();
    Block::Table { headings: &["Hub", "Vote", "Signed", "Ballot", "Key"], rows }
}

fn others(minutes: &Minutes) -> Block {
    let of = |vote: &cohub_registry::minutes::Vote| {
        let row = |other: &cohub_registry::minutes::NotCounted| {
            let ballot = &other.ballot;
            let (choice, record) = (ballot.choice.to_string(), ballot.record.to_string());
            vec![vote.name.clone(), choice, date(ballot.at), other.why.clone(), record]
        };
        vote.others.iter().map(row).collect::<Vec<_>>()
    };
    let rows: Vec<Vec<String>> = minutes.roll.iter().flat_map(of).collect();
    if rows.is_empty() {
        return Block::Paragraph("None.".to_owned());
    }
    Block::Table { headings: &["Hub", "Vote", "Signed", "Why not", "Ballot"], rows }
}

fn finality(motion: &seen::Motion, minutes: &Minutes) -> String {
    let (all, needed) = (minutes.tellers.len(), minutes.tellers_needed);
    let returned = minutes.tellers.iter().filter(|teller| {
        teller.returned.as_ref().is_some_and(|returned| returned.outcome.as_str() == motion.state)
    });
    let so_far = if motion.is_final {
        format!(
            "Final: {} of {} returned this outcome, {needed} had to.",
            returned.count(),
            counted(all, "teller")
        )
    } else {
        format!("Provisional: final once {needed} of {} return one outcome.", counted(all, "teller"))
    };
    let liars = match minutes.tellers_tolerated {
        0 => "With so few tellers every one has to be honest.".to_owned(),
        some => format!("It stands even if {some} of them lie."),
    };
    format!("{so_far} {liars}")
}

fn tellers(minutes: &Minutes) -> Block {
    let row = |teller: &TellersPart| {
        let said = match (&teller.closing, &teller.refusal) {
            (Some(closing), _) => [date(closing.at), closing.record.to_string()],
            (None, Some(refusal)) => [
                format!("refused ({}), {}", refusal.why, date(refusal.said.at)),
                refusal.said.record.to_string(),
            ],
            (None, None) => ["not yet".to_owned(), String::new()],
        };
        let [closed, closing] = said;
        let [outcome, returned] = match &teller.returned {
            Some(returned) => {
                let when = date(returned.said.at);
                let outcome = format!("{} ({}), {when}", returned.outcome, tally(&returned.tally));
                [outcome, returned.said.record.to_string()]
            }
            None => ["not yet".to_owned(), String::new()],
        };
        vec![teller.name.clone(), teller.key.to_string(), closed, closing, outcome, returned]
    };
    let rows = minutes.tellers.iter().map(row).collect();
    Block::Table { headings: &["Teller of", "Key", "Closed", "Closing", "Returned", "Return"], rows }
}

fn tally(votes: &Votes) -> String {
    let Votes { yes, no, abstain, recuse, block } = votes;
    format!("{yes} yes, {no} no, {abstain} abstain, {recuse} recuse, {block} block")
}
