//! Votes of the committee: every ballot from its hub's own node.

use std::time::Duration;

use serde_json::Value;

use super::cast::Player;
use super::crowd::together;
use super::nodes::Typed;
use super::stage::Stage;
use crate::exit::Error;
use crate::prose::{GREEN, styled};

/// How long a record may take to reach a node, and a decision to become final. Never waited for in full
/// unless something is wrong.
pub(super) const PATIENCE: Duration = Duration::from_secs(120);
/// Time to vote where the vote ends as soon as every seat has voted.
const GENEROUS: &str = "90 s";

/// A motion that was opened.
#[derive(Debug, Clone)]
pub(super) struct Opened {
    /// The motion.
    pub(super) id: String,
    /// The stage that it asks for.
    pub(super) stage: String,
}

/// What one seat votes, and why.
#[derive(Debug, Clone, Copy)]
pub(super) struct Said<'a> {
    choice: &'a str,
    reason: Option<&'a str>,
}

impl<'a> Said<'a> {
    pub(super) const YES: Self = Self { choice: "yes", reason: None };

    pub(super) const fn because(choice: &'a str, reason: &'a str) -> Self {
        Self { choice, reason: Some(reason) }
    }
}

impl Stage<'_> {
    /// A seat asks the committee to advance the applicant.
    pub(super) async fn open(&self, mover: &Player, deadline: Option<&str>) -> Result<Opened, Error> {
        let applicant = self.cast.applicant.slug();
        let deadline = deadline.unwrap_or(GENEROUS);
        let typed = Typed::by(mover, &["motion", "open", "advance", applicant, "--deadline", deadline]);
        self.show(mover, &typed);
        let answer = typed.run().await?;
        let id = text(&answer, "record")?;
        let shown = Typed::by(mover, &["motion", "show", &id]).run().await?;
        let stage = text(&shown, "stage")?;
        self.tell_paragraph(&format!("Rule: {}", text(&shown, "rule")?));
        Ok(Opened { id, stage })
    }

    /// One seat votes, from its own node, as soon as that holds the motion.
    pub(super) async fn vote(&self, voter: &Player, motion: &Opened, said: Said<'_>) -> Result<(), Error> {
        let mut words = vec!["vote", &motion.id, said.choice];
        if let Some(reason) = said.reason {
            words.extend(["--reason", reason]);
        }
        Typed::by(voter, &words).run_once_found(PATIENCE).await.map(drop)
    }

    /// Seats vote yes, at once.
    pub(super) async fn all_yes(&self, voters: &[Player], motion: &Opened) -> Result<(), Error> {
        if let Some(first) = voters.first() {
            self.show(first, &Typed::by(first, &["vote", &motion.id, "yes"]));
        }
        together(voters, |voter| self.vote(voter, motion, Said::YES)).await.map(drop)
    }

    /// Follows a motion, from one hub, until it is decided; it has to be adopted.
    pub(super) async fn adopted(&self, watcher: &Player, motion: &Opened) -> Result<(), Error> {
        let seconds = format!("{} s", PATIENCE.as_secs());
        let typed = Typed::by(watcher, &["motion", "watch", &motion.id, "--timeout", &seconds]);
        let decided = typed.run_once_found(PATIENCE).await?;
        let state = text(&decided, "state")?;
        if state != "adopted" {
            return Err(Error::failed(format!(
                "{} was hoped to be adopted, but is {state}:\n{decided:#}",
                motion.stage
            )));
        }
        let words = decided.pointer("/tally/words").and_then(Value::as_str).unwrap_or_default();
        self.tell(&format!("{}: {words}", styled(GREEN, format!("{}, adopted and final", motion.stage))));
        Ok(())
    }

    /// A seat's node loses its power when half of the others have voted, comes back, and its seat votes.
    pub(super) async fn power_cut(&mut self, victim: &Player, motion: &Opened) -> Result<(), Error> {
        let others: Vec<Player> =
            self.cast.seats().iter().filter(|seat| seat.slug() != victim.slug()).cloned().collect();
        let (before, after) = others.split_at(others.len() / 2);
        self.all_yes(before, motion).await?;
        self.tell(&format!("Power cut at {}: its node is killed (SIGKILL) …", victim.city.name));
        self.kill(victim).await?;
        self.all_yes(after, motion).await?;
        self.tell(&format!(
            "… the others went on; {} is started again, catches up and votes.",
            victim.city.name
        ));
        self.start(std::slice::from_ref(victim)).await?;
        self.vote(victim, motion, Said::YES).await
    }
}

/// A text of an answer.
pub(super) fn text(answer: &Value, field: &str) -> Result<String, Error> {
    let found = answer.get(field).and_then(Value::as_str).map(str::to_owned);
    found.ok_or_else(|| Error::failed(format!("an answer lacks {field:?}:\n{answer:#}")))
}
