//! Nobody misses a vote: a node tells its own host of what is due, by mail or webhook, while it is up.

mod plan;
mod send;

use std::time::Duration;

use cohub_node::api::{Call, Status};
use cohub_node::keystore::Keystore;
use cohub_node::{Client, Home, Settings};
use jiff::ZonedDateTime;

use self::plan::{Rules, Told};
use self::send::{Notice, Ways};
use crate::commands::agenda;
use crate::exit::Error;
use crate::when::now_ms;

const NOTE: &str = "notices";
/// How often what is due is looked at.
const LOOK: Duration = Duration::from_secs(60);
/// How long a server that failed is left alone, at the most.
const PAUSE_MAX: Duration = Duration::from_secs(3_600);

/// A host's own notices.
#[derive(Debug)]
pub(crate) struct Notices {
    home: Home,
    ways: Ways,
    rules: Rules,
}

impl Notices {
    /// As the settings want them.
    ///
    /// # Errors
    /// Which setting is wrong.
    pub(crate) fn read(home: &Home, settings: &Settings) -> Result<Self, Error> {
        let wrong = |why: String| Error::usage(format!("the setting {why}"));
        let ways = Ways::read(settings).map_err(wrong)?;
        let digest_ms = cohub_registry::duration_from_words(&settings.notice_digest)
            .map_err(|error| wrong(format!("notice_digest: {error}")))?;
        let rules = Rules::read(&settings.notice_quiet, digest_ms)
            .map_err(|error| wrong(format!("notice_quiet: {error}")))?;
        Ok(Self { home: home.clone(), ways, rules })
    }

    /// Whether they go nowhere.
    pub(crate) fn are_none(&self) -> bool {
        self.ways.are_none()
    }

    /// Tells for as long as the node is up.
    pub(crate) async fn tell(self) {
        if self.are_none() {
            return std::future::pending().await;
        }
        let mut pause = LOOK;
        loop {
            tokio::time::sleep(pause).await;
            pause = match self.look().await {
                Ok(_) => LOOK,
                Err(error) => {
                    let next = (pause * 2).min(PAUSE_MAX);
                    tracing::warn!("a notice did not go out: {}; it is tried again", error.message);
                    next
                }
            };
        }
    }

    /// Tells what is to be told now. Answers how much that is, and which ways it went.
    ///
    /// # Errors
    /// If the node does not answer, or a way failed; what was not told goes out another time.
    pub(crate) async fn look(&self) -> Result<(usize, Vec<&'static str>), Error> {
        let mut client = Client::connect(&self.home).await?;
        let (due, _) = agenda::gathered(&mut client, &Keystore::open(&self.home)).await?;
        let mut told: Told = self.home.note(NOTE)?.unwrap_or_default();
        let news = self.rules.now(&due, &told, &ZonedDateTime::now());
        let count = news.len();
        if news.is_empty() {
            return Ok((0, Vec::new()));
        }
        let status: Status = client.call(&Call::Status).await?;
        let notice = Notice::of(&status.hub.unwrap_or_default(), &news);
        let ways = self.ways.clone();
        let sent = tokio::task::spawn_blocking(move || ways.send(&notice)).await;
        let went = sent.map_err(|error| Error::failed(error.to_string()))?.map_err(Error::failed)?;
        told.note(&due, &news, now_ms());
        self.home.set_note(NOTE, &told)?;
        Ok((count, went))
    }
}
