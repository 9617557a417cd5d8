//! What happened, in a line: for watchers at the socket and for the log.

use cohub_record::Id;
use cohub_registry::Verdict;
use cohub_replica::Event;
use tokio::sync::broadcast;

use crate::api::EventLine;
use crate::clock;

/// Events that a slow watcher may be behind before it misses some.
const BACKLOG: usize = 1_024;

/// Tells watchers; cheap to clone.
#[derive(Clone)]
pub(crate) struct Events {
    lines: broadcast::Sender<EventLine>,
}

impl Events {
    pub(crate) fn new() -> Self {
        Self { lines: broadcast::channel(BACKLOG).0 }
    }

    pub(crate) fn watch(&self) -> broadcast::Receiver<EventLine> {
        self.lines.subscribe()
    }

    /// Something needs attention.
    pub(crate) fn warn(&self, words: &str) {
        tracing::warn!("{words}");
        self.send("warning", None, words.to_owned());
    }

    /// Tells one event of the replica. Of a sync's many records words are made only where somebody hears.
    pub(crate) fn tell(&self, event: &Event) {
        let of_many = matches!(event, Event::RecordHeld { .. } | Event::VerdictGiven { .. });
        if of_many && self.lines.receiver_count() == 0 && !tracing::enabled!(tracing::Level::DEBUG) {
            return;
        }
        let (name, about, words) = line(event);
        match event {
            Event::ForkFound { .. }
            | Event::SetBack { .. }
            | Event::TellerSilent { .. }
            | Event::Damaged { .. } => tracing::warn!("{words}"),
            Event::RecordHeld { .. }
            | Event::VerdictGiven { .. }
            | Event::HeldBy { .. }
            | Event::PeerSynced { .. } => tracing::debug!("{words}"),
            _ => tracing::info!("{words}"),
        }
        self.send(name, about, words);
    }

    fn send(&self, event: &str, about: Option<String>, words: String) {
        // Nobody may be watching.
        let _ = self.lines.send(EventLine { at: clock::now_ms(), event: event.to_owned(), about, words });
    }
}

fn line(event: &Event) -> (&'static str, Option<String>, String) {
    let record = |id: &Id| Some(id.to_string());
    match event {
        Event::RecordHeld { id, author, kind } => {
            ("record", record(id), format!("{kind} by {author} is held"))
        }
        Event::VerdictGiven { id, verdict } => {
            let words = match verdict {
                Verdict::Valid => "is valid".to_owned(),
                Verdict::Pending => "is pending".to_owned(),
                Verdict::Void(void) => format!("is void: {void}"),
            };
            ("verdict", record(id), format!("{id} {words}"))
        }
        Event::MotionChanged { motion } => ("motion", record(motion), format!("the motion {motion} changed")),
        Event::HeldBy { id, peers } => ("held", record(id), format!("{id} is held by {peers} peers")),
        Event::AttachmentKept { hash } => {
            ("attachment", Some(hash.to_string()), format!("attachment {hash} is here"))
        }
        Event::AttachmentErased { hash, record } => {
            ("attachment", Some(hash.to_string()), format!("attachment {hash} was erased by {record}"))
        }
        Event::ForkFound { author, seq, ids } => {
            let words =
                format!("{author} signed two records at sequence number {seq}: {} and {}", ids[0], ids[1]);
            ("fork", Some(author.to_string()), words)
        }
        Event::PeerSynced { peer, gained, same, clock_ahead_ms } => {
            let words = format!(
                "compared with {peer}: {gained} records gained, same {same}, its clock ahead by {clock_ahead_ms} ms"
            );
            ("peer", Some(peer.to_string()), words)
        }
        Event::PeerMisbehaved { peer, why } => {
            ("peer", Some(peer.to_string()), format!("{peer} misbehaved: {why}"))
        }
        Event::Forgotten { records } => ("record", None, format!("{records} records are no longer kept")),
        Event::Damaged { author, place } => (
            "warning",
            record(&place.id),
            format!("the stored record {} of {author} is damaged; it is fetched again", place.id),
        ),
        Event::SetBack { key, later } => {
            let words = format!(
                "{key} has a record {} that this node did not write: it signs nothing with this key any more",
                later.id
            );
            ("warning", Some(key.to_string()), words)
        }
        Event::Knocked { controller, node: _ } => {
            ("door", Some(controller.to_string()), format!("{controller} stands at the door"))
        }
        Event::Welcomed { controller } => {
            ("door", Some(controller.to_string()), format!("{controller} is let in"))
        }
        Event::DoorAnswered { welcome } => {
            let words =
                if *welcome { "the door is open" } else { "the door heard us; a sponsor has to sign" };
            ("door", None, words.to_owned())
        }
        Event::TellerSigned { motion, kind, id } => {
            ("teller", record(motion), format!("this teller signed a {kind} on {motion}: {id}"))
        }
        Event::TellerSilent { why } => ("warning", None, format!("this node's teller cannot sign: {why}")),
    }
}
