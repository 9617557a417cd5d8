//! Attachments by hash, chunk by chunk, from whoever has them and may hand them out (Protocol 2.3).
//!
//! Whom to ask next is decided here; the driver verifies each chunk and keeps it, so that a lying
//! provider is found out within one chunk, and what came before a restart is not fetched again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cohub_record::{Hash, PublicKey};
use cohub_registry::{Access, Verdict};

use crate::access::may_read;
use crate::input::Progress;
use crate::output::{Answer, Event};
use crate::peers::Asked;
use crate::turn::Turn;
use crate::wire::{Item, Request, Response};
use crate::{Copies, Output, Replica, ReplicaError, Ticket};

/// Attachments fetched at a time.
const JOBS: usize = 8;
/// Chunks of one attachment under way at a time.
const WINDOW: usize = 4;
/// Attachments that wait to be fetched, at most; others come again with a later copy of their record.
const LACKING: usize = 65_536;
/// How long a job waits before it asks those again that had nothing.
const AGAIN_MS: u64 = 2_000;
/// How often a job asks again before it is given up.
const ATTEMPTS: u32 = 10;
/// How long a given-up attachment rests.
const REST_MS: u64 = 60_000;

/// One attachment that comes.
#[derive(Debug, Default)]
struct Job {
    /// The node keys of this hub, if it has one, are asked first.
    hub: Option<PublicKey>,
    tickets: Vec<Ticket>,
    /// Missing chunks that nobody is asked for.
    missing: BTreeSet<u64>,
    /// Chunks under way or being verified, and from whom.
    flying: BTreeMap<u64, PublicKey>,
    /// Peers that have nothing, this time round.
    without: BTreeSet<PublicKey>,
    liars: BTreeSet<PublicKey>,
    attempts: u32,
    /// When to ask again those without.
    again_ms: Option<u64>,
}

/// What is here, what comes and what should come.
#[derive(Debug, Default)]
pub(crate) struct Fetches {
    kept: BTreeSet<Hash>,
    jobs: BTreeMap<Hash, Job>,
    /// Wanted, each not before its time.
    lacking: BTreeSet<(u64, Hash)>,
    /// Asked for by people, when too many come already.
    queue: Vec<(Hash, Ticket)>,
}

impl Fetches {
    pub(crate) fn wake_ms(&self) -> Option<u64> {
        let jobs = self.jobs.values().filter_map(|job| job.again_ms);
        let lacking = self.lacking.first().map(|(at_ms, _)| *at_ms).filter(|_| self.jobs.len() < JOBS);
        jobs.chain(lacking).min()
    }

    /// An attachment is here.
    pub(crate) fn keep(&mut self, hash: Hash) {
        self.kept.insert(hash);
        self.lacking.remove(&(0, hash));
    }

    /// An attachment is to be nowhere: whatever is known of it goes. Answers who waits for it.
    pub(crate) fn forget(&mut self, hash: &Hash) -> Vec<Ticket> {
        self.kept.remove(hash);
        self.lacking.retain(|(_, wanted)| wanted != hash);
        let mut tickets = self.jobs.remove(hash).map(|job| job.tickets).unwrap_or_default();
        tickets.extend(self.queue.extract_if(.., |(queued, _)| queued == hash).map(|(_, ticket)| ticket));
        tickets
    }

    /// Wants an attachment, if it is not here.
    pub(crate) fn want(&mut self, hash: Hash, at_ms: u64) {
        if !self.kept.contains(&hash) && !self.jobs.contains_key(&hash) && self.lacking.len() < LACKING {
            self.lacking.insert((at_ms, hash));
        }
    }
}

impl Replica {
    /// Whether an attachment of this size comes without being asked for.
    pub(crate) fn copies(&self, descriptor: &cohub_record::Descriptor) -> bool {
        self.config.copies == Copies::All || descriptor.travels()
    }

    /// Keeps what travelled with a record, and wants what did not.
    pub(crate) fn take_attachments(&mut self, turn: &mut Turn<'_>, item: &Item) {
        if item.record().header().attachments.is_empty()
            || matches!(self.verdict(&item.record().id()), Some(Verdict::Void(_)))
        {
            return;
        }
        for (hash, bytes) in item.attachments() {
            if !self.is_erased(hash) && self.fetches.kept.insert(*hash) {
                turn.output(Output::KeepAttachment { hash: *hash, bytes: Arc::clone(bytes) });
                self.attachment_kept(turn, *hash);
            }
        }
        for descriptor in &item.record().header().attachments {
            if self.copies(descriptor) && !self.is_erased(&descriptor.hash) {
                self.fetches.want(descriptor.hash, turn.now_ms);
            }
        }
    }

    /// An attachment is in its place.
    pub(crate) fn attachment_kept(&mut self, turn: &mut Turn<'_>, hash: Hash) {
        if self.is_erased(&hash) {
            // It came to its place while the erasure was on its way.
            turn.output(Output::EraseAttachment { hash });
            return;
        }
        self.fetches.kept.insert(hash);
        turn.event(Event::AttachmentKept { hash });
        if let Some(job) = self.fetches.jobs.remove(&hash) {
            job.tickets.into_iter().for_each(|ticket| turn.acknowledge(ticket, Ok(Answer::Fetched)));
        }
    }

    /// Somebody wants an attachment.
    pub(crate) fn fetch(&mut self, turn: &mut Turn<'_>, ticket: Ticket, hash: Hash) {
        const WAITING: usize = 1_024;
        if self.is_erased(&hash) {
            turn.acknowledge(ticket, Err(self.erased_error(hash)));
        } else if self.fetches.kept.contains(&hash) {
            turn.acknowledge(ticket, Ok(Answer::Fetched));
        } else if let Some(job) = self.fetches.jobs.get_mut(&hash) {
            job.tickets.push(ticket);
        } else if self.fetches.queue.len() < WAITING {
            self.fetches.queue.push((hash, ticket));
        } else {
            turn.acknowledge(ticket, Err(ReplicaError::Full { what: "fetches", limit: WAITING }));
        }
    }

    /// Begins what there is room for, and asks again where it is time to.
    pub(crate) fn fetch_if_due(&mut self, turn: &mut Turn<'_>) {
        while self.fetches.jobs.len() < JOBS && !self.fetches.queue.is_empty() {
            let (hash, ticket) = self.fetches.queue.remove(0);
            if let Err(error) = self.begin_job(turn, hash, Some(ticket)) {
                turn.acknowledge(ticket, Err(error));
            }
        }
        while let Some((at_ms, hash)) = self.fetches.lacking.first().copied() {
            if at_ms > turn.now_ms || self.fetches.jobs.len() >= JOBS {
                break;
            }
            self.fetches.lacking.pop_first();
            if self.begin_job(turn, hash, None).is_err() && !self.is_erased(&hash) {
                self.fetches.want(hash, turn.now_ms.saturating_add(REST_MS));
            }
        }
        let due =
            self.fetches.jobs.iter().filter(|(_, job)| job.again_ms.is_some_and(|at| at <= turn.now_ms));
        for hash in due.map(|(hash, _)| *hash).collect::<Vec<_>>() {
            if let Some(job) = self.fetches.jobs.get_mut(&hash) {
                job.again_ms = None;
                job.without.clear();
            }
            self.pump_job(turn, hash);
        }
    }

    fn begin_job(
        &mut self,
        turn: &mut Turn<'_>,
        hash: Hash,
        ticket: Option<Ticket>,
    ) -> Result<(), ReplicaError> {
        if self.fetches.kept.contains(&hash) {
            ticket.into_iter().for_each(|ticket| turn.acknowledge(ticket, Ok(Answer::Fetched)));
            return Ok(());
        }
        if self.is_erased(&hash) {
            return Err(self.erased_error(hash));
        }
        let unknown = ReplicaError::UnknownAttachment(hash);
        let attachment =
            self.ledger.as_ref().and_then(|ledger| ledger.registry().attachment(&hash)).ok_or(unknown)?;
        if !may_read(&attachment, self.access(&self.config.node)) {
            let why = "its scope does not let this node read it".to_owned();
            return Err(ReplicaError::NotFetched { hash, why });
        }
        if let Some(job) = self.fetches.jobs.get_mut(&hash) {
            job.tickets.extend(ticket);
            return Ok(());
        }
        let job = Job { hub: attachment.hub, tickets: ticket.into_iter().collect(), ..Job::default() };
        self.fetches.jobs.insert(hash, job);
        turn.output(Output::OpenPartial { hash, size_bytes: attachment.descriptor.size_bytes });
        Ok(())
    }

    /// The driver says how far an attachment is.
    pub(crate) fn progressed(&mut self, turn: &mut Turn<'_>, hash: Hash, progress: Progress) {
        match progress {
            Progress::Complete => self.attachment_kept(turn, hash),
            Progress::Failed(why) => self.give_up(turn, hash, &why),
            Progress::Missing(chunks) => {
                if let Some(job) = self.fetches.jobs.get_mut(&hash) {
                    job.flying.retain(|index, _| chunks.contains(index));
                    job.missing =
                        chunks.into_iter().filter(|index| !job.flying.contains_key(index)).collect();
                    self.pump_job(turn, hash);
                }
            }
            Progress::Refused(index) => {
                let Some(job) = self.fetches.jobs.get_mut(&hash) else { return };
                let liar = job.flying.remove(&index);
                job.missing.insert(index);
                job.liars.extend(liar);
                if let Some(liar) = liar {
                    self.strike(turn, liar, "sent a chunk that is not of the attachment");
                }
                self.pump_job(turn, hash);
            }
        }
    }

    /// A peer gave a chunk, or none.
    pub(crate) fn chunk_answered(
        &mut self,
        turn: &mut Turn<'_>,
        peer: PublicKey,
        (hash, index): (Hash, u64),
        response: Option<Response>,
    ) {
        let Some(job) = self.fetches.jobs.get_mut(&hash) else { return };
        if let Some(Response::Chunk { proof: Some(proof) }) = response {
            turn.output(Output::AcceptChunk { hash, index, proof });
            return;
        }
        if job.flying.remove(&index).is_some() {
            job.missing.insert(index);
        }
        job.without.insert(peer);
        self.pump_job(turn, hash);
    }

    /// Keeps chunks under way as long as somebody may have them.
    fn pump_job(&mut self, turn: &mut Turn<'_>, hash: Hash) {
        loop {
            let Some(job) = self.fetches.jobs.get(&hash) else { return };
            let Some(index) = job.missing.first().copied().filter(|_| job.flying.len() < WINDOW) else {
                return;
            };
            let Some(peer) = self.choose_provider(job, turn.now_ms, index) else {
                return self.ask_again_later(turn, hash);
            };
            if let Some(job) = self.fetches.jobs.get_mut(&hash) {
                job.missing.remove(&index);
                job.flying.insert(index, peer);
            }
            self.ask(turn, peer, Asked::Chunk { hash, index }, Request::Chunk { hash, index });
        }
    }

    /// The attaching hub's own node first, then others, each chunk from another.
    fn choose_provider(&self, job: &Job, now_ms: u64, index: u64) -> Option<PublicKey> {
        let able = |peer: &PublicKey| {
            !job.without.contains(peer) && !job.liars.contains(peer) && self.syncs_with(peer, now_ms)
        };
        let able: Vec<PublicKey> = self.peers.connected().filter(able).collect();
        let of_hub = |peer: &&PublicKey| match self.access(peer) {
            Access::Member { hub } | Access::Prospect { hub } => job.hub == Some(hub),
            Access::Stranger => false,
        };
        let spread = index.checked_rem(able.len() as u64).and_then(|place| usize::try_from(place).ok());
        able.iter().find(of_hub).or_else(|| able.get(spread?)).copied()
    }

    fn ask_again_later(&mut self, turn: &mut Turn<'_>, hash: Hash) {
        let Some(job) = self.fetches.jobs.get_mut(&hash) else { return };
        if !job.flying.is_empty() || job.again_ms.is_some() {
            return;
        }
        job.attempts += 1;
        if job.attempts > ATTEMPTS {
            self.give_up(turn, hash, "no connected node has it and may hand it out");
        } else {
            job.again_ms = Some(turn.now_ms.saturating_add(AGAIN_MS));
        }
    }

    fn give_up(&mut self, turn: &mut Turn<'_>, hash: Hash, why: &str) {
        let Some(job) = self.fetches.jobs.remove(&hash) else { return };
        for ticket in job.tickets {
            turn.acknowledge(ticket, Err(ReplicaError::NotFetched { hash, why: why.to_owned() }));
        }
        let wanted = self.ledger.as_ref().and_then(|ledger| ledger.registry().attachment(&hash));
        if wanted.is_some_and(|attachment| self.copies(&attachment.descriptor)) {
            self.fetches.want(hash, turn.now_ms.saturating_add(REST_MS));
        }
    }
}
