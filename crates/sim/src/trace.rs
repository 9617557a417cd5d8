//! What happened, in order: always as a hash, so that two runs can be compared to the byte, and in words
//! for whoever wants to read along.

use std::fmt::Write as _;

use cohub_record::{Hash, Id};
use cohub_replica::wire::{Request, Response};
use cohub_replica::{Event, Input, Output};

use crate::cast::FOUNDED_MS;

/// Who is told everything that happens, line by line.
pub type Narrator = Box<dyn FnMut(&str)>;

/// The trace of one run.
pub(crate) struct Trace {
    hasher: blake3::Hasher,
    bytes: Vec<u8>,
    /// Where it is told in words.
    told: Option<Narrator>,
    events: u64,
}

impl Trace {
    pub(crate) fn new(told: Option<Narrator>) -> Self {
        Self { hasher: blake3::Hasher::new(), bytes: Vec::new(), told, events: 0 }
    }

    /// A node is given an input.
    pub(crate) fn input(&mut self, now_ms: u64, node: usize, input: &Input) {
        self.events += 1;
        let name = input_name(input);
        self.enter(now_ms, node, name, input_id(input).as_ref().map(Id::as_bytes));
        self.tell(now_ms, node, || {
            let mut line = format!("<- {name}");
            if let Some(id) = input_id(input) {
                let _ = write!(line, " {id}");
            }
            line
        });
    }

    /// A node's output is executed.
    pub(crate) fn output(&mut self, now_ms: u64, node: usize, output: &Output) {
        let (name, id) = output_name(output);
        self.enter(now_ms, node, name, id.as_ref().map(Id::as_bytes));
        self.tell(now_ms, node, || match output {
            Output::Event(event) => format!("   {event:?}"),
            Output::Acknowledge { result, .. } => format!("-> {name} {result:?}"),
            Output::Persist { records } => {
                let kinds = records.iter().map(|r| format!("{} {}", r.header().kind, r.id()));
                format!("-> {name} {}", kinds.collect::<Vec<_>>().join(", "))
            }
            _ => id.map_or_else(|| format!("-> {name}"), |id| format!("-> {name} {id}")),
        });
    }

    /// Something else of the world happens.
    pub(crate) fn note(&mut self, now_ms: u64, node: usize, what: impl FnOnce() -> String) {
        let what = what();
        self.enter(now_ms, node, &what, None);
        self.tell(now_ms, node, || format!("** {what}"));
    }

    fn enter(&mut self, now_ms: u64, node: usize, what: &str, id: Option<&[u8; 32]>) {
        self.bytes.extend_from_slice(&now_ms.to_be_bytes());
        self.bytes.extend_from_slice(&node.to_be_bytes());
        self.bytes.extend_from_slice(what.as_bytes());
        if let Some(id) = id {
            self.bytes.extend_from_slice(&id[..8]);
        }
        if self.bytes.len() > 32 * 1024 {
            self.hasher.update(&self.bytes);
            self.bytes.clear();
        }
    }

    fn tell(&mut self, now_ms: u64, node: usize, line: impl FnOnce() -> String) {
        if let Some(told) = &mut self.told {
            told(&format!("{} {node:>2} {}", clock_text(now_ms), line()));
        }
    }

    /// The hash of everything, and how many inputs there were.
    pub(crate) fn finish(mut self) -> (Hash, u64) {
        self.hasher.update(&self.bytes);
        (Hash::from_bytes(*self.hasher.finalize().as_bytes()), self.events)
    }
}

/// A time as hours, minutes, seconds and thousandths since the world began.
pub(crate) fn clock_text(now_ms: u64) -> String {
    let ms = now_ms.saturating_sub(FOUNDED_MS);
    let (hours, minutes, seconds) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60);
    format!("{hours:02}:{minutes:02}:{seconds:02}.{:03}", ms % 1_000)
}

const fn input_name(input: &Input) -> &'static str {
    match input {
        Input::Tick => "tick",
        Input::Connected { .. } => "connected",
        Input::Disconnected { .. } => "disconnected",
        Input::Gossip { .. } => "gossip",
        Input::Request { request, .. } => request_name(request),
        Input::Response { response, .. } => response_name(response),
        Input::RequestFailed { .. } => "request failed",
        Input::Malformed { .. } => "malformed",
        Input::Submit { .. } => "submit",
        Input::Lease { .. } => "lease",
        Input::Join { .. } => "join",
        Input::Invite { .. } => "invite",
        Input::Knock { .. } => "knock",
        Input::Partial { .. } => "partial",
        _ => "other input",
    }
}

fn input_id(input: &Input) -> Option<Id> {
    match input {
        Input::Gossip { item, .. } => Some(item.record().id()),
        Input::Submit { items, .. } => items.first().map(|item| item.record().id()),
        Input::Response { response: Response::Page { items, .. }, .. } => {
            items.last().map(|item| item.record().id())
        }
        Input::Response { peer, .. }
        | Input::Request { peer, .. }
        | Input::RequestFailed { peer, .. }
        | Input::Connected { peer }
        | Input::Disconnected { peer }
        | Input::Malformed { peer, .. } => Some(Id::from_bytes(*peer.as_bytes())),
        Input::Lease { key, .. } => Some(Id::from_bytes(*key.as_bytes())),
        _ => None,
    }
}

const fn request_name(request: &Request) -> &'static str {
    match request {
        Request::Compare { .. } => "asks compare",
        Request::Descend { .. } => "asks descend",
        Request::Tips { .. } => "asks tips",
        Request::Logs { .. } => "asks logs",
        Request::Holds { .. } => "asks holds",
        Request::Latest { .. } => "asks latest",
        Request::Chunk { .. } => "asks chunk",
        Request::Knock { .. } => "knocks",
    }
}

const fn response_name(response: &Response) -> &'static str {
    match response {
        Response::Same { .. } => "says same",
        Response::Nodes { .. } => "says nodes",
        Response::Page { .. } => "gives page",
        Response::Holds { .. } => "says holds",
        Response::Later { .. } => "gives later",
        Response::Chunk { .. } => "gives chunk",
        Response::Knocked { .. } => "answers knock",
        Response::Denied(_) => "denies",
    }
}

fn output_name(output: &Output) -> (&'static str, Option<Id>) {
    let of_key = |key: &cohub_record::PublicKey| Some(Id::from_bytes(*key.as_bytes()));
    match output {
        Output::Persist { records } => ("persist", records.last().map(cohub_record::Record::id)),
        Output::Remove { places } => ("remove", places.last().map(|(_, place)| place.id)),
        Output::Note { .. } => ("note", None),
        Output::EraseTeller { key } => ("erase teller", of_key(key)),
        Output::KeepAttachment { .. } => ("keep attachment", None),
        Output::EraseAttachment { .. } => ("erase attachment", None),
        Output::OpenPartial { .. } => ("open partial", None),
        Output::AcceptChunk { .. } => ("accept chunk", None),
        Output::Publish { item } => ("publish", Some(item.record().id())),
        Output::Judge { acceptance, .. } => match acceptance {
            cohub_replica::Acceptance::Accept => ("accept", None),
            cohub_replica::Acceptance::Ignore => ("ignore", None),
            cohub_replica::Acceptance::Reject => ("reject", None),
        },
        Output::Send { peer, request, .. } => (request_name(request), of_key(peer)),
        Output::Respond { peer, response, .. } => (response_name(response), of_key(peer)),
        Output::ServeChunk { peer, .. } => ("serve chunk", of_key(peer)),
        Output::Disconnect { peer } => ("disconnect", of_key(peer)),
        Output::Acknowledge { result, .. } => match result {
            Ok(_) => ("acknowledge", None),
            Err(_) => ("refuse", None),
        },
        Output::Event(event) => event_name(event),
        Output::WakeAt(_) => ("wake", None),
    }
}

const fn event_name(event: &Event) -> (&'static str, Option<Id>) {
    match event {
        Event::RecordHeld { id, .. } => ("held", Some(*id)),
        Event::VerdictGiven { id, .. } => ("verdict", Some(*id)),
        Event::MotionChanged { motion } => ("motion changed", Some(*motion)),
        Event::ForkFound { ids, .. } => ("fork", Some(ids[1])),
        Event::PeerMisbehaved { .. } => ("misbehaved", None),
        Event::SetBack { .. } => ("set back", None),
        Event::TellerSigned { id, .. } => ("signed", Some(*id)),
        Event::TellerSilent { .. } => ("silent", None),
        _ => ("event", None),
    }
}
