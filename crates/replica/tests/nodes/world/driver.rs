//! Executes what replicas want done, and checks every promise about their outputs on the way.

use std::sync::Arc;

use cohub_record::{Hash, Place, PublicKey, Record};
use cohub_replica::wire::{Item, Request, Response};
use cohub_replica::{Acceptance, Input, MessageId, Output, Progress, RequestId};

use super::{CHUNK, Machine, World};

impl World {
    /// Hands an input to a node right now.
    pub(crate) fn input(&mut self, to: PublicKey, input: Input) {
        let Some(machine) = self.machines.get_mut(&to) else { return self.answer_by_script(to, input) };
        if let Input::Gossip { peer, message, item } = &input {
            machine.unjudged.insert(*message, (*peer, item.clone()));
        }
        let outputs = machine.replica.handle(input, self.now_ms, &machine.disk);
        for (place, output) in outputs.into_iter().enumerate() {
            assert!(place == 0 || !matches!(output, Output::Persist { .. }), "persist before all else");
            self.execute(to, output);
        }
    }

    fn answer_by_script(&mut self, key: PublicKey, input: Input) {
        if let (Input::Request { id, request, .. }, Some(script)) = (input, self.scripts.get_mut(&key))
            && let Some(response) = script(&request)
        {
            self.respond(key, id, &response);
        }
    }

    fn execute(&mut self, on: PublicKey, output: Output) {
        let machine = self.machines.get_mut(&on).unwrap();
        match output {
            Output::Persist { records } => {
                for record in records {
                    let place = Place { seq: record.header().seq, id: record.id() };
                    machine.disk.damaged.remove(&place.id);
                    machine.disk.records.insert((record.author(), place), Arc::clone(record.bytes()));
                }
            }
            Output::Remove { places } => {
                for place in places {
                    assert!(machine.disk.records.remove(&place).is_some(), "only what is stored is removed");
                }
            }
            Output::Note { name, bytes: Some(bytes) } => {
                machine.disk.notes.insert(name, bytes);
            }
            Output::Note { name, bytes: None } => {
                machine.disk.notes.remove(&name);
            }
            Output::EraseTeller { key } => {
                let over = |(author, place): &(PublicKey, Place)| {
                    *author == key && is_handover(&machine.disk.records[&(*author, *place)])
                };
                assert!(
                    machine.disk.records.keys().any(over),
                    "only what has handed over, durably, is erased"
                );
                machine.config.tellers.retain(|secret| secret.public() != key);
            }
            Output::KeepAttachment { hash, bytes } => {
                machine.disk.files.insert(hash, bytes.to_vec());
            }
            Output::Event(event) => machine.events.push(event),
            Output::Acknowledge { ticket, result } => {
                assert!(machine.answers.insert(ticket, result).is_none(), "one answer a call");
            }
            Output::WakeAt(at_ms) => machine.wake_at_ms = at_ms,
            Output::Publish { item } => self.spread(on, None, &item),
            Output::Judge { message, acceptance } => {
                let (from, item) = machine.unjudged.remove(&message).expect("one judgement a message");
                machine.judged.insert(message, acceptance);
                if acceptance == Acceptance::Accept {
                    self.spread(on, Some(from), &item);
                }
            }
            Output::Send { peer, id, request } => self.send(on, peer, id, &request),
            Output::Respond { peer: _, id, response } => self.respond(on, id, &response),
            Output::Disconnect { peer } => self.part(on, peer),
            other => self.execute_on_files(on, other),
        }
    }

    fn execute_on_files(&mut self, on: PublicKey, output: Output) {
        let disk = &mut self.machines.get_mut(&on).unwrap().disk;
        match output {
            Output::EraseAttachment { hash } => {
                disk.files.remove(&hash);
                disk.partial.remove(&hash);
            }
            Output::ServeChunk { id, hash, index, .. } => {
                let proof = disk.files.get(&hash).and_then(|file| chunk(file, index));
                let proof = proof.map(Arc::from);
                self.respond(on, id, &Response::Chunk { proof });
            }
            Output::OpenPartial { hash, .. } => {
                disk.partial.entry(hash).or_default();
                self.tell_progress(on, hash);
            }
            Output::AcceptChunk { hash, index, proof } => {
                if chunk(&self.files[&hash], index) == Some(&*proof) {
                    disk.partial.entry(hash).or_default().insert(index, proof.to_vec());
                    self.tell_progress(on, hash);
                } else {
                    self.fly(on, Input::Partial { hash, progress: Progress::Refused(index) });
                }
            }
            other => panic!("{other:?} was executed elsewhere"),
        }
    }

    fn tell_progress(&mut self, on: PublicKey, hash: Hash) {
        if !self.files.contains_key(&hash) {
            let progress = Progress::Failed("this world has no such file".to_owned());
            return self.fly(on, Input::Partial { hash, progress });
        }
        let chunks = self.files[&hash].len().div_ceil(CHUNK) as u64;
        let disk = &mut self.machines.get_mut(&on).unwrap().disk;
        let missing: Vec<u64> =
            (0..chunks).filter(|chunk| !disk.partial[&hash].contains_key(chunk)).collect();
        let progress = if missing.is_empty() {
            disk.files.insert(hash, self.files[&hash].clone());
            Progress::Complete
        } else {
            Progress::Missing(missing.into_iter().take(64).collect())
        };
        self.fly(on, Input::Partial { hash, progress });
    }

    fn spread(&mut self, from: PublicKey, except: Option<PublicKey>, item: &Item) {
        let bytes = item.encode();
        let message = MessageId(*blake3::hash(&bytes).as_bytes());
        let seen = |machine: &Machine| {
            machine.judged.contains_key(&message) || machine.unjudged.contains_key(&message)
        };
        for to in self.neighbours(from) {
            if Some(to) == except || self.machines.get(&to).is_none_or(seen) {
                continue;
            }
            let item = Item::decode(&bytes, &mut self.keys).expect("what was encoded decodes");
            self.fly(to, Input::Gossip { peer: from, message, item });
        }
    }

    fn send(&mut self, from: PublicKey, to: PublicKey, id: RequestId, request: &Request) {
        if !self.linked(from, to) {
            return self.fly(from, Input::RequestFailed { peer: to, id });
        }
        let bytes = request.encode();
        self.next += 1;
        let inbound = RequestId(self.next);
        self.inbound.insert(inbound, (from, id));
        self.asked.insert(inbound, self.traffic.len());
        self.traffic.push((request.kind(), bytes.len(), 0));
        let decoded = Request::decode(&bytes, &mut self.keys).expect("what was encoded decodes");
        assert_eq!(decoded, *request);
        self.fly(to, Input::Request { peer: from, id: inbound, request: decoded });
    }

    fn respond(&mut self, from: PublicKey, id: RequestId, response: &Response) {
        let (to, asked) = self.inbound.remove(&id).expect("one answer a request");
        let bytes = response.encode();
        self.traffic[self.asked[&id]].2 = bytes.len();
        self.answered = Some((id, response.clone()));
        if self.linked(from, to) {
            let decoded = Response::decode(&bytes, &mut self.keys).expect("what was encoded decodes");
            assert_eq!(decoded, *response);
            self.fly(to, Input::Response { peer: from, id: asked, response: decoded });
        }
    }
}

fn is_handover(bytes: &Arc<[u8]>) -> bool {
    Record::verify(bytes).unwrap().header().kind == "handover"
}

fn chunk(file: &[u8], index: u64) -> Option<&[u8]> {
    file.chunks(CHUNK).nth(usize::try_from(index).ok()?)
}
