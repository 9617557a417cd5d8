//! `cohub motion`: the question, the rule in words, who voted what, and when it is decided.

use std::path::Path;
use std::time::Duration;

use cohub_node::Client;
use cohub_node::api::{Call, Failure, Referent};
use cohub_record::{BodyError, Id, List, Scope, Text};
use cohub_registry::{Intent, Question, Role};
use serde_json::{Value, json};

use crate::arguments::{Asking, Motion, MotionOpen};
use crate::context::Context;
use crate::exit::{Error, Exit};
use crate::output::{self, Answer};
use crate::prose::{BOLD, CYAN, DIM, GREEN, RED, YELLOW, counted, harmless, short, styled, wrapped};
use crate::seen::{self, View};
use crate::table::{Cell, Table, pairs};
use crate::when::{date, date_and_distance, now_ms};
use crate::write::{Signer, Writing, file_attachment};

/// How often a watcher looks again without an event: the change from open to closing makes none.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

pub(crate) async fn run(context: &Context, motion: Motion) -> Result<Answer, Error> {
    match motion {
        Motion::Open(MotionOpen::Advance { application, stage, deadline, open_by, signing }) => {
            let id = context.resolve(Referent::Application, &application).await?;
            let registry = context.registry().await?.part;
            let next = registry.application(&id)?.next.as_ref().map(|next| next.stage.clone());
            let asked = stage.as_ref().map(ToString::to_string).or(next);
            let intent = Intent::Advance {
                application: id,
                stage,
                deadline_ms: deadline.unwrap_or_else(|| usual_deadline(&registry)),
                open_by_ms: open_by.unwrap_or_else(|| usual_end(&registry, asked.as_deref())),
            };
            let signer = Signer::Person(Role::Representative);
            let name = "motion.open.advance";
            Writing { name, signer, intent, attachments: Vec::new(), signing: &signing }.write(context).await
        }
        Motion::Open(other) => open(context, other).await,
        Motion::Withdraw { motion, signing } => {
            let record = context.resolve(Referent::Motion, &motion).await?;
            let (signer, intent) = (Signer::Person(Role::Representative), Intent::Withdraw { record });
            let name = "motion.withdraw";
            Writing { name, signer, intent, attachments: Vec::new(), signing: &signing }.write(context).await
        }
        Motion::Count { motion, signing } => {
            let motion = context.resolve(Referent::Motion, &motion).await?;
            let (signer, intent) = (Signer::Person(Role::Representative), Intent::Count { motion });
            let name = "motion.count";
            Writing { name, signer, intent, attachments: Vec::new(), signing: &signing }.write(context).await
        }
        Motion::List => list(context).await,
        Motion::Show { motion } => {
            let id = context.resolve(Referent::Motion, &motion).await?;
            let registry = context.registry().await?.part;
            let whole: Value = context.ask(Call::Motion { id }).await?;
            let motion = seen::Motion::read(&whole)?;
            Answer::new("motion.show", &whole, page(&registry, &motion))
        }
        Motion::Watch { motion, timeout } => watch(context, &motion, timeout).await,
    }
}

/// A quarter more than the notice, so that also a node that hears of it late has its notice.
fn usual_deadline(registry: &View) -> u64 {
    let timing = registry.charter.text.timing;
    let runs = timing.notice_ms.saturating_add(timing.notice_ms / 4).min(timing.maximum_ms);
    now_ms().saturating_add(runs)
}

fn usual_end(registry: &View, stage: Option<&str>) -> u64 {
    let stage = registry.charter.text.stages.iter().find(|one| Some(one.slug.as_str()) == stage);
    match stage.map_or(0, |stage| stage.open_within_ms) {
        0 => 0,
        open_within => now_ms().saturating_add(open_within),
    }
}

async fn list(context: &Context) -> Result<Answer, Error> {
    let registry = context.registry().await?;
    let mut table = Table::new(&["MOTION", "QUESTION", "STATE", "DEADLINE", "YES", "NO", "ABSTAIN", "VOTED"]);
    for motion in &registry.part.motions {
        let voted = motion.roll.iter().filter(|seat| seat.record.is_some()).count();
        table.row([
            short(&motion.id.to_string()).into(),
            in_few_words(&registry.part, motion).into(),
            Cell::styled(state_style(motion.state_now()), state_in_words(motion)),
            date(motion.deadline).into(),
            motion.tally.yes.to_string().into(),
            motion.tally.no.to_string().into(),
            motion.tally.abstain.to_string().into(),
            format!("{voted} of {}", motion.roll.len()).into(),
        ]);
    }
    let motions = registry.whole.get("motions").cloned().unwrap_or_default();
    Answer::new("motion.list", &json!({ "motions": motions }), table.or("No motion was opened yet."))
}

fn state_in_words(motion: &seen::Motion) -> String {
    let finality = if motion.is_final { ", final" } else { "" };
    format!("{}{finality}", motion.state_now())
}

fn state_style(state: &str) -> anstyle::Style {
    match state {
        "adopted" => GREEN,
        "rejected" | "disputed" => RED,
        "open" => CYAN,
        _ => YELLOW,
    }
}

/// Everything about a motion.
fn page(registry: &View, motion: &seen::Motion) -> String {
    let question = whole_question(registry, motion);
    let rule = wrapped(&motion.rule, 84).join("\n");
    let mover = registry.slug(motion.mover_hub.as_deref());
    let decided = motion.decided_at.map_or_else(|| date_and_distance(motion.deadline), date);
    let mut text = format!("{}\n", styled(BOLD, question));
    text.push_str(&pairs(&[
        ("motion", motion.id.to_string()),
        ("state", styled(state_style(motion.state_now()), state_in_words(motion))),
        ("rule", rule),
        (if motion.decided_at.is_some() { "decided" } else { "deadline" }, decided),
        ("opened", format!("{} by {}", date(motion.at), harmless(&mover))),
        (if motion.kind == "advance" { "application" } else { "subject" }, harmless(&motion.subject)),
        ("the count", format!("{}.", motion.tally.words)),
        ("quorum", need(motion.tally.quorum)),
        ("approval", need(motion.tally.approval)),
    ]));
    if motion.charter != registry.charter.record {
        let other = short(&motion.charter.to_string());
        text.push_str(&styled(
            YELLOW,
            format!("It runs under another charter than the present one: {other}.\n"),
        ));
    }
    if !motion.changed_since.is_empty() {
        let changes = counted(motion.changed_since.len(), "record");
        text.push_str(&styled(
            YELLOW,
            format!("The dossier changed since the motion opened: {changes} the vote is not bound to.\n"),
        ));
    }
    if let Some(adopted) = motion.effect.get("text").and_then(Value::as_str) {
        text.push_str(&format!("\n{}\n", wrapped(&harmless(adopted), 84).join("\n")));
    }
    text.push_str(&styled(YELLOW, generation_in_words(motion)));
    text.push_str(&format!("\n{}\n{}", roll_call(motion), tellers(motion)));
    text
}

/// The question as a line of a table has it.
fn in_few_words(registry: &View, motion: &seen::Motion) -> String {
    match &motion.stage {
        Some(stage) => format!("{} to {stage}", registry.slug(motion.hub.as_deref())),
        None => harmless(&motion.question).chars().take(60).collect(),
    }
}

/// The question in full.
fn whole_question(registry: &View, motion: &seen::Motion) -> String {
    let Some(stage) = &motion.stage else {
        return format!("The {} decides whether {}.", motion.body, harmless(&motion.question));
    };
    let applicant = harmless(&registry.slug(motion.hub.as_deref()));
    let known = registry.charter.text.stages.iter().find(|known| known.slug == *stage);
    let title = known.map_or(stage.as_str(), |stage| stage.title.as_str());
    format!("Shall the application of {applicant} advance to {}?", harmless(title))
}

/// Puts any question but that of a stage.
async fn open(context: &Context, open: MotionOpen) -> Result<Answer, Error> {
    let registry = context.registry().await?.part;
    let (name, question, asking) = match open {
        // Taken care of by the caller, which knows the dossier.
        MotionOpen::Advance { .. } => return Err(Error::failed("this is no question but a stage")),
        MotionOpen::Resolve { text, file, erasing, asking } => {
            let text = limited(&words_of("--text", text, file.as_deref())?)?;
            let mut records = Vec::new();
            for record in &erasing {
                records.push(context.resolve(Referent::Record, record).await?);
            }
            let erasing = List::new(records).map_err(|error| Error::usage(error.to_string()))?;
            ("motion.open.resolve", Question::Resolve { text, erasing }, asking)
        }
        MotionOpen::Manifesto { file, asking } => {
            let text = limited(&read_text(&file)?)?;
            ("motion.open.manifesto", Question::Manifesto { text }, asking)
        }
        MotionOpen::Amend { file, asking } => {
            ("motion.open.amend", Question::Amend { charter: read_text(&file)? }, asking)
        }
        MotionOpen::Appoint { panel, members, until, asking } => {
            let members = List::new(members).map_err(|error| Error::usage(error.to_string()))?;
            let until_ms = until.unwrap_or(0);
            ("motion.open.appoint", Question::Appoint { panel, members, until_ms }, asking)
        }
        MotionOpen::Standing { change, hub, asking } => {
            let hub = context.resolve(Referent::Hub, &hub).await?;
            ("motion.open.standing", Question::Standing { hub, change }, asking)
        }
        MotionOpen::Seat { hubs, fallback, standing, asking } => {
            ("motion.open.seat", seating(context, &hubs, fallback, &standing).await?, asking)
        }
        MotionOpen::Recover { hub, rotation, asking } => {
            let hub = context.resolve(Referent::Hub, &hub).await?;
            let rotate = context.resolve(Referent::Record, &rotation).await?;
            ("motion.open.recover", Question::Recover { hub, rotate }, asking)
        }
    };
    let Asking { deadline, grounds, signing } = asking;
    let attachments = grounds.map(|file| file_attachment(&file, Scope::Members)).transpose()?;
    let deadline_ms = deadline.unwrap_or_else(|| usual_deadline(&registry));
    let intent = Intent::Move { question, deadline_ms };
    let signer = Signer::Person(Role::Representative);
    let attachments = attachments.into_iter().collect();
    Writing { name, signer, intent, attachments, signing: &signing }.write(context).await
}

/// Who is to sit on the committee, by an election or by the fallback.
async fn seating(
    context: &Context,
    hubs: &[String],
    fallback: bool,
    standing: &[String],
) -> Result<Question, Error> {
    let (mut ids, mut motions) = (Vec::new(), Vec::new());
    for hub in hubs {
        ids.push(context.resolve(Referent::Hub, hub).await?);
    }
    for motion in standing {
        motions.push(context.resolve(Referent::Motion, motion).await?);
    }
    let hubs = List::new(ids).map_err(|error| Error::usage(error.to_string()))?;
    if !fallback {
        return Ok(Question::Seat { hubs });
    }
    let standing = List::new(motions).map_err(|error| Error::usage(error.to_string()))?;
    Ok(Question::Fallback { hubs, standing })
}

/// A text given on the line or in a file.
fn words_of(flag: &str, text: Option<String>, file: Option<&Path>) -> Result<String, Error> {
    match (text, file) {
        (Some(text), _) => Ok(text),
        (None, Some(file)) => read_text(file),
        (None, None) => Err(Error::usage(format!("give the text with {flag}, or --file FILE"))),
    }
}

fn read_text(file: &Path) -> Result<String, Error> {
    std::fs::read_to_string(file)
        .map_err(|error| Error::not_found(format!("{} cannot be read: {error}", file.display())))
}

fn limited<const MAX: usize>(text: &str) -> Result<Text<MAX>, Error> {
    text.trim_end().parse().map_err(|error: BodyError| Error::usage(error.why))
}

/// A bar of twenty, and the numbers beside it.
fn need(need: seen::Need) -> String {
    const BAR: u64 = 20;
    let of = need.need.max(need.have).max(1);
    let filled = usize::try_from(need.have.saturating_mul(BAR) / of).unwrap_or(0);
    let missing = usize::try_from(BAR).unwrap_or(0).saturating_sub(filled);
    let style = if need.have >= need.need { GREEN } else { YELLOW };
    let bar = format!("{}{}", styled(style, "█".repeat(filled)), styled(DIM, "░".repeat(missing)));
    format!("{bar} {} of the {} needed", need.have, need.need)
}

fn roll_call(motion: &seen::Motion) -> String {
    let mut table = Table::new(&["SEAT", "VOTE", "AT", "BALLOT", "OTHERS"]);
    for seat in &motion.roll {
        let choice = seat.choice.as_deref().unwrap_or("not yet");
        let style = match choice {
            "yes" => GREEN,
            "no" | "block" => RED,
            "not yet" => DIM,
            _ => YELLOW,
        };
        let others = match seat.superseded.len() {
            0 => String::new(),
            count => format!("{} not counted", counted(count, "ballot")),
        };
        let said = match seat.conflict {
            Some(conflict) => format!("{choice}: it {}", conflict.words()),
            None => choice.to_owned(),
        };
        table.row([
            Cell::styled(BOLD, &seat.seat),
            Cell::styled(style, said),
            seat.at.map(date).unwrap_or_default().into(),
            seat.record.map(|id| short(&id.to_string())).unwrap_or_default().into(),
            others.into(),
        ]);
    }
    table.or("Nobody is on the roll.")
}

/// What there is to say of generations: nothing where no fallback was ever decided.
fn generation_in_words(motion: &seen::Motion) -> String {
    let mut words = String::new();
    if motion.fallback {
        words.push_str(&format!(
            "A fallback: it begins generation {} if it is adopted. Those on the roll count it, with `cohub motion count`.\n",
            motion.generation + 1
        ));
    } else if motion.generation > 1 {
        words.push_str(&format!("Generation {}, which a fallback began.\n", motion.generation));
    }
    if motion.fallen {
        words.push_str(&format!(
            "It fell with generation {}: it has no effect any more.\n",
            motion.generation
        ));
    }
    words
}

fn tellers(motion: &seen::Motion) -> String {
    let mut table = Table::new(&["TELLER", "CLOSED", "RETURNED", "REFUSED"]);
    for teller in &motion.tellers {
        let closed = teller.closed.map_or_else(|| "not yet".to_owned(), |id| short(&id.to_string()));
        table.row([
            (&teller.seat).into(),
            closed.into(),
            teller.returned.clone().unwrap_or_else(|| "not yet".to_owned()).into(),
            teller.refused.clone().unwrap_or_default().into(),
        ]);
    }
    let (needed, all) = (motion.tellers_needed, motion.tellers.len());
    let finality = if motion.is_final {
        format!("Final: at least {needed} of {all} tellers returned it.")
    } else {
        format!("Final once {needed} of {all} tellers return the same outcome.")
    };
    format!("{}{}\n", table.or("There are no tellers."), styled(DIM, finality))
}

/// Follows a motion until it is final, unresolved or disputed. Prints a line a change.
async fn watch(context: &Context, text: &str, timeout: Option<Duration>) -> Result<Answer, Error> {
    let id = context.resolve(Referent::Motion, text).await?;
    let mut events = context.client().await?;
    events.watch().await?;
    let mut asking = context.client().await?;
    let end = timeout.map(|timeout| tokio::time::Instant::now() + timeout);
    let mut told = String::new();
    loop {
        let whole: Value = asking.call(&Call::Motion { id }).await?;
        let motion = seen::Motion::read(&whole)?;
        let line = in_a_line(&motion);
        if line != told {
            output::line(context, "motion.watch", &whole, &line)?;
            told = line;
        }
        if !matches!(motion.state_now(), "open" | "closing") {
            return Ok(Answer::printed());
        }
        if end.is_some_and(|end| tokio::time::Instant::now() >= end) {
            return Err(Error::new(Exit::Failed, format!("{id} is not decided yet: {told}")));
        }
        about(&mut events, &id).await?;
    }
}

/// Waits for an event of a motion, and not longer than until one looks again anyway.
async fn about(events: &mut Client, id: &Id) -> Result<(), Failure> {
    let text = id.to_string();
    let heard = async {
        while let Some(event) = events.next_event().await? {
            if event.about.as_deref() == Some(&text) || event.event == "motion" {
                return Ok(());
            }
        }
        Err(Failure::new(cohub_node::api::FailureKind::NotRunning, "the node ended"))
    };
    tokio::time::timeout(LOOK_AGAIN, heard).await.unwrap_or(Ok(()))
}

fn in_a_line(motion: &seen::Motion) -> String {
    let voted = motion.roll.iter().filter(|seat| seat.record.is_some()).count();
    let closed = motion.tellers.iter().filter(|teller| teller.closed.is_some()).count();
    let returned = motion.tellers.iter().filter(|teller| teller.returned.is_some()).count();
    let tally = &motion.tally;
    format!(
        "{}: {voted} of {} voted ({} yes, {} no, {} abstain, {} recuse, {} block); {closed} closed, {returned} returned of {}",
        styled(state_style(motion.state_now()), state_in_words(motion)),
        motion.roll.len(),
        tally.yes,
        tally.no,
        tally.abstain,
        tally.recuse,
        tally.block,
        counted(motion.tellers.len(), "teller"),
    )
}
