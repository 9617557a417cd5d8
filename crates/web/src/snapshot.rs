//! The picture that pages and answers are made from: asked of the node when something happened, then shared.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::body::Bytes;
use cohub_node::Client;
use cohub_node::api::{Agenda, AgendaItem, Awaited, Call, Failure, Status};
use cohub_node::identity::{self, OwnHub};
use cohub_node::keystore::{KeyInfo, Keystore};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use crate::events::EventLog;
use crate::node::Node;
use crate::seen::{self, View};
use crate::words::now_ms;
use crate::world;

/// The shortest time between two questions to the node, however much happens.
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);
/// A registry that takes long to fetch is fetched for at most one part in so many of the time.
const FETCHING_SHARE: u32 = 4;
/// How old a picture may be while somebody looks.
const FRESH: Duration = Duration::from_secs(2);
/// For how long somebody who asked still counts as looking.
const LATELY_MS: u64 = 60_000;
/// How long a request waits for a fresher picture before it takes the one that is there.
const PATIENCE: Duration = Duration::from_millis(800);
/// Before the node's events are followed anew.
const FOLLOW_AGAIN: Duration = Duration::from_secs(1);

/// What is known at a time.
#[derive(Debug, Clone)]
pub(crate) struct Snapshot {
    /// When it was made.
    pub(crate) at_ms: u64,
    /// How the node is, or was when it last answered.
    pub(crate) status: Option<Status>,
    /// Why the node does not answer now.
    pub(crate) down: Option<String>,
    /// The registry; none before a network is joined.
    pub(crate) picture: Option<Arc<Picture>>,
    /// What is due from the people whose keys lie here.
    pub(crate) due: Arc<Vec<Due>>,
    /// What they wait for.
    pub(crate) waiting: Arc<Vec<Waiting>>,
    /// Whose pages these are.
    pub(crate) own: Arc<Own>,
    /// Changes whenever an answer made of the registry could.
    pub(crate) tag: String,
    /// The last event that it knows of: whoever listens behind it misses nothing.
    pub(crate) seen: String,
    /// The whole registry as an answer, made when it is first asked for.
    pub(crate) answer: Arc<OnceLock<Bytes>>,
}

/// The registry as it was answered, and as it is read.
#[derive(Debug)]
pub(crate) struct Picture {
    pub(crate) head: String,
    pub(crate) whole: Value,
    pub(crate) view: View,
    /// What each seat's teller returned, of how many final motions; counted when a page first asks.
    pub(crate) returned: OnceLock<HashMap<String, (usize, usize)>>,
    /// When a motion closes, so that the picture is no longer true.
    next_turn: Option<u64>,
}

/// The hub and the keys of the home.
#[derive(Debug, Default)]
pub(crate) struct Own {
    pub(crate) hub: Option<OwnHub>,
    /// The key that speaks for the hub itself, where it lies here.
    pub(crate) controller: Option<KeyInfo>,
    pub(crate) keys: Vec<KeyInfo>,
}

/// One thing that is due, and by which key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Due {
    /// The label of the key that owes it.
    pub(crate) who: String,
    #[serde(flatten)]
    pub(crate) item: AgendaItem,
}

/// One thing that the others owe, and the key that waits for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Waiting {
    /// The label of the key that waits.
    pub(crate) who: String,
    #[serde(flatten)]
    pub(crate) item: Awaited,
}

/// What every answer is as of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct AsOf {
    pub(crate) head: Option<String>,
    pub(crate) records: usize,
    pub(crate) missing: usize,
}

/// For whom a picture is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Audience {
    /// The people whose keys lie in the home, and whom they let in.
    Own,
    /// Anybody.
    World,
}

/// Keeps the snapshot.
#[derive(Debug)]
pub(crate) struct Snapshots {
    node: Arc<Node>,
    events: Arc<EventLog>,
    audience: Audience,
    current: watch::Sender<Arc<Snapshot>>,
    /// Something happened at the node.
    wake: Notify,
    /// Somebody asks.
    looked: Notify,
    asked_ms: AtomicU64,
}

impl Snapshot {
    pub(crate) fn as_of(&self) -> AsOf {
        let (records, missing) =
            self.status.as_ref().map_or((0, 0), |status| (status.records, status.missing));
        AsOf { head: self.picture.as_ref().map(|picture| picture.head.clone()), records, missing }
    }

    /// The slug of the own hub.
    pub(crate) fn own_slug(&self) -> Option<&str> {
        self.own.hub.as_ref().map(|hub| hub.profile.slug.as_str())
    }

    /// Nothing yet.
    pub(crate) fn empty(own: Own) -> Self {
        Self {
            at_ms: now_ms(),
            status: None,
            down: Some("the node was not asked yet".to_owned()),
            picture: None,
            due: Arc::default(),
            waiting: Arc::default(),
            own: Arc::new(own),
            tag: String::new(),
            seen: String::new(),
            answer: Arc::default(),
        }
    }

    fn tagged(self) -> Self {
        let as_of = self.as_of();
        let turn = self.picture.as_ref().and_then(|picture| picture.next_turn);
        let text = format!("{as_of:?} {turn:?}");
        Self { tag: blake3::hash(text.as_bytes()).to_hex()[..24].to_owned(), ..self }
    }
}

impl Picture {
    /// Reads what a node answered, as of a time.
    pub(crate) fn read(mut whole: Value, now_ms: u64) -> Result<Self, Failure> {
        let next_turn = seen::tell_the_time(&mut whole, now_ms);
        let view = View::read(&whole).map_err(|error| {
            let why =
                format!("the node's registry cannot be read ({error}): node and pages differ in version");
            Failure::new(cohub_node::api::FailureKind::Failed, why)
        })?;
        let head = whole.get("head").and_then(Value::as_str).unwrap_or_default().to_owned();
        Ok(Self { head, whole, view, returned: OnceLock::new(), next_turn })
    }

    fn is_over(&self, now_ms: u64) -> bool {
        self.next_turn.is_some_and(|turn| turn <= now_ms)
    }
}

impl Own {
    /// What the home says; to strangers nothing.
    fn of(node: &Node, audience: Audience) -> Self {
        match audience {
            Audience::World => Self::default(),
            Audience::Own => Self::read(node),
        }
    }

    fn read(node: &Node) -> Self {
        let home = node.home();
        let (hub, keys) = (identity::own_hub(home).ok(), Keystore::open(home).list().unwrap_or_default());
        let controls = |info: &&KeyInfo| hub.as_ref().is_some_and(|hub| hub.controller == info.key);
        let controller = keys.iter().find(controls).cloned();
        Self { hub, controller, keys }
    }
}

impl Snapshots {
    pub(crate) fn new(node: Arc<Node>, events: Arc<EventLog>, audience: Audience) -> Self {
        let (current, _) = watch::channel(Arc::new(Snapshot::empty(Own::of(&node, audience))));
        Self {
            node,
            events,
            audience,
            current,
            wake: Notify::new(),
            looked: Notify::new(),
            asked_ms: AtomicU64::new(0),
        }
    }

    /// What is known now. Waits a moment for a fresher picture where the last is old.
    pub(crate) async fn current(&self) -> Arc<Snapshot> {
        self.asked_ms.store(now_ms(), Ordering::Relaxed);
        let known = Arc::clone(&self.current.borrow());
        let age = now_ms().saturating_sub(known.at_ms);
        if u128::from(age) <= FRESH.as_millis() && !known.tag.is_empty() {
            return known;
        }
        self.look();
        let mut receiver = self.current.subscribe();
        let fresher = receiver.wait_for(|snapshot| snapshot.at_ms > known.at_ms && !snapshot.tag.is_empty());
        match tokio::time::timeout(PATIENCE, fresher).await {
            Ok(Ok(fresher)) => Arc::clone(&fresher),
            _ => known,
        }
    }

    /// Says that somebody looks from now on.
    pub(crate) fn look(&self) {
        self.looked.notify_one();
    }

    /// Keeps the picture current until it is dropped.
    pub(crate) async fn keep(&self) {
        loop {
            let began = Instant::now();
            self.refresh().await;
            let cost = began.elapsed().saturating_mul(FETCHING_SHARE);
            tokio::time::sleep(cost.max(SHORTEST_PAUSE)).await;
            if !self.is_watched() {
                // Whatever happens meanwhile: pages that nobody looks at cost their node nothing.
                self.looked.notified().await;
                continue;
            }
            tokio::select! {
                () = self.wake.notified() => {}
                () = self.looked.notified() => {}
                () = tokio::time::sleep(self.pause()) => {}
            }
        }
    }

    /// Follows the node's events until it is dropped.
    pub(crate) async fn follow(&self) {
        loop {
            // Whatever ended it, the events are followed anew: the node may come back.
            let _ = self.follow_once().await;
            self.wake.notify_one();
            tokio::time::sleep(FOLLOW_AGAIN).await;
        }
    }

    async fn follow_once(&self) -> Result<(), Failure> {
        let mut client = Client::connect(self.node.home()).await?;
        client.watch().await?;
        self.wake.notify_one();
        while let Some(event) = client.next_event().await? {
            let data = serde_json::to_string(&event).unwrap_or_default();
            self.events.push(&event.event, data);
            self.wake.notify_one();
        }
        Ok(())
    }

    /// Whether somebody asked lately, or waits for events.
    fn is_watched(&self) -> bool {
        let looked = now_ms().saturating_sub(self.asked_ms.load(Ordering::Relaxed));
        looked < LATELY_MS || self.events.has_readers()
    }

    /// Until when the picture holds without an event.
    fn pause(&self) -> Duration {
        let now = now_ms();
        let turn = self.current.borrow().picture.as_ref().and_then(|picture| picture.next_turn);
        turn.map_or(FRESH, |turn| FRESH.min(Duration::from_millis(turn.saturating_sub(now))))
    }

    async fn refresh(&self) {
        let before = Arc::clone(&self.current.borrow());
        let asked = self.events.last_id();
        let after = match self.ask(&before).await {
            Ok(snapshot) => snapshot,
            Err(failure) => {
                let why = match self.audience {
                    Audience::Own => failure.message,
                    Audience::World => world::DOWN.to_owned(),
                };
                Snapshot { at_ms: now_ms(), down: Some(why), ..(*before).clone() }
            }
        };
        let mut after = after.tagged();
        if after.tag == before.tag {
            after.answer = Arc::clone(&before.answer);
        }
        // What happened while the node was asked may be in its answer or not.
        let whole = self.events.last_id() == asked;
        after.seen = asked;
        let told = if after.tag != before.tag {
            Some(("registry", json!(after.as_of())))
        } else if after.down.is_some() != before.down.is_some() {
            Some(("node", json!({ "answers": after.down.is_none() })))
        } else {
            None
        };
        let Some((name, data)) = told else {
            self.current.send_replace(Arc::new(after));
            return;
        };
        self.events.push_behind(name, data.to_string(), |id| {
            if whole {
                id.clone_into(&mut after.seen);
            }
            self.current.send_replace(Arc::new(after));
        });
    }

    async fn ask(&self, before: &Snapshot) -> Result<Snapshot, Failure> {
        let status: Status = self.node.call(&Call::Status).await?;
        let now = now_ms();
        let known = before.picture.as_ref().filter(|picture| Some(&picture.head) == status.head.as_ref());
        let picture = match (known, &status.head) {
            (_, None) => None,
            (Some(known), Some(_)) if !known.is_over(now) => Some(Arc::clone(known)),
            (Some(known), Some(_)) => Some(self.read(known.whole.clone()).await?),
            (None, Some(_)) => Some(self.read(self.node.call(&Call::Registry).await?).await?),
        };
        let same = matches!((&picture, &before.picture), (Some(one), Some(other)) if Arc::ptr_eq(one, other));
        let own = Arc::new(Own::of(&self.node, self.audience));
        let (due, waiting) = match (same, &picture) {
            (true, _) => (Arc::clone(&before.due), Arc::clone(&before.waiting)),
            (false, None) => (Arc::default(), Arc::default()),
            (false, Some(_)) => self.agenda(&own).await?,
        };
        let (tag, seen, answer) = (String::new(), String::new(), Arc::default());
        let status = match self.audience {
            Audience::Own => status,
            Audience::World => world::status(status),
        };
        let (at_ms, status, down) = (now, Some(status), None);
        Ok(Snapshot { at_ms, status, down, picture, due, waiting, own, tag, seen, answer })
    }

    /// Reads a registry off the threads that answer requests.
    async fn read(&self, whole: Value) -> Result<Arc<Picture>, Failure> {
        let audience = self.audience;
        let read = tokio::task::spawn_blocking(move || {
            let whole = match audience {
                Audience::Own => whole,
                Audience::World => world::registry(whole),
            };
            Picture::read(whole, now_ms())
        });
        let failed = |error: tokio::task::JoinError| {
            Failure::new(cohub_node::api::FailureKind::Failed, error.to_string())
        };
        read.await.map_err(failed)?.map(Arc::new)
    }

    /// What the keys of the home owe, the most urgent first, and what they wait for.
    async fn agenda(&self, own: &Own) -> Result<(Arc<Vec<Due>>, Arc<Vec<Waiting>>), Failure> {
        let (mut due, mut waiting) = (Vec::new(), Vec::new());
        for info in own.keys.iter().filter(|info| info.encrypted) {
            let agenda: Agenda = self.node.call(&Call::Agenda { key: info.key }).await?;
            let who = || info.label.clone();
            due.extend(agenda.due.into_iter().map(|item| Due { who: who(), item }));
            waiting.extend(agenda.waiting.into_iter().map(|item| Waiting { who: who(), item }));
        }
        due.sort_by_key(|one| one.item.by.unwrap_or(u64::MAX));
        Ok((Arc::new(due), Arc::new(waiting)))
    }
}
