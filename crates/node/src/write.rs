//! Writing a record from a person's own process: draft, sign, outbox, hand in, and see who holds it.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use cohub_record::{
    Attachment, Descriptor, Hash, Header, Id, PublicKey, Record, Scope, SecretKey, Text, Value, limits,
};
use cohub_registry::Intent;

use crate::api::{Call, Done, Drafted, Failure, FailureKind, Held, SignedRecord, Submitted};
use crate::home::make_dir;
use crate::outbox::Outbox;
use crate::sealing::{self, Secret};
use crate::{Client, Home, NodeError, clock, hex};

/// A file or text to attach.
#[derive(Debug, Clone)]
pub struct NewAttachment {
    /// The content.
    pub content: Content,
    /// The name that readers see.
    pub name: Text<255>,
    /// Its media type.
    pub media_type: Text<127>,
    /// Who may read it.
    pub scope: Scope,
    /// The salt, where its hash was promised before; else one is drawn. What is sealed always draws.
    pub salt: Option<[u8; 32]>,
}

/// Where the content of an attachment comes from.
#[derive(Debug, Clone)]
pub enum Content {
    /// A file.
    File(PathBuf),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// What a person wants to say.
#[derive(Debug)]
pub struct Wish<'a> {
    /// What is to be said.
    pub intent: Intent,
    /// What travels with it or is fetched on demand.
    pub attachments: &'a [NewAttachment],
    /// What the person was shown and agreed to: where the draft is another by now, nothing is signed.
    pub agreed: Option<&'a Drafted>,
}

/// How far a record is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Drafted: what will be signed.
    Drafted(Box<Drafted>),
    /// Signed, and durable in the outbox.
    Signed(Id),
    /// Stored by the own node.
    Stored,
    /// Held by so many peers.
    Held(usize),
}

/// A record that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The record.
    pub record: Id,
    /// Whether the own node stored it.
    pub stored: bool,
    /// Peers known to hold it.
    pub peers_holding: usize,
    /// Peers connected.
    pub peers_connected: usize,
}

/// What a record by which `author` says what it intends would say; nothing is leased.
///
/// # Errors
/// Where it may not, or something is missing.
pub async fn preview(client: &mut Client, author: PublicKey, intent: Intent) -> Result<Drafted, Failure> {
    client.call(&Call::Preview { author, intent }).await
}

/// Drafts what `author` intends.
///
/// # Errors
/// Where it may not, or something is missing.
pub async fn draft(client: &mut Client, author: PublicKey, intent: Intent) -> Result<Drafted, Failure> {
    client.call(&Call::Draft { author, intent }).await
}

/// Writes one record as wished. `wait_ms` is how long to wait for a first peer to hold it.
///
/// # Errors
/// What the rules, the node or the disk say. Where a rule refuses the record nothing of it is kept;
/// where the node could not store it, it stays in the outbox.
pub async fn write(
    home: &Home,
    client: &mut Client,
    secret: &SecretKey,
    wish: Wish<'_>,
    wait_ms: u64,
    mut on_step: impl FnMut(Step),
) -> Result<Written, Failure> {
    let outbox = Outbox::open(home)?;
    empty(client, &outbox).await?;
    let drafted = draft(client, secret.public(), wish.intent).await?;
    on_step(Step::Drafted(Box::new(drafted.clone())));
    if wish.agreed.is_some_and(|agreed| *agreed != drafted) {
        client.call::<Done>(&Call::Release { author: secret.public() }).await?;
        let why = "something came in between, and the record would say more than what was shown; nothing was \
                   signed. Look at it again";
        return Err(Failure::new(FailureKind::Refused, why));
    }
    let kept = match signed(home, client, &drafted, wish.attachments, secret).await {
        Ok((record, signed)) => outbox.put(&signed).map(|waiting| (record, waiting)).map_err(Failure::from),
        Err(failure) => Err(failure),
    };
    let (record, waiting) = match kept {
        Ok(kept) => kept,
        Err(failure) => {
            client.call::<Done>(&Call::Release { author: secret.public() }).await?;
            return Err(failure);
        }
    };
    on_step(Step::Signed(record.id()));
    match client.call::<Submitted>(&Call::Submit { records: vec![waiting.signed.clone()] }).await {
        Ok(_) => outbox.stored(&waiting)?,
        Err(failure) => {
            if matches!(failure.kind, FailureKind::Refused | FailureKind::Permission) {
                outbox.set_aside(&waiting)?;
            }
            return Err(failure);
        }
    }
    on_step(Step::Stored);
    let held: Held = client.call(&Call::Holding { id: record.id(), peers: 1, wait_ms }).await?;
    on_step(Step::Held(held.peers_holding));
    Ok(Written {
        record: record.id(),
        stored: true,
        peers_holding: held.peers_holding,
        peers_connected: held.peers_connected,
    })
}

/// Signs a draft with its attachments. What a rule refuses is dropped before anything of it is kept: two
/// signed records for one place are a fork, and one in a drawer is half of it.
async fn signed(
    home: &Home,
    client: &mut Client,
    drafted: &Drafted,
    attachments: &[NewAttachment],
    secret: &SecretKey,
) -> Result<(Record, SignedRecord), Failure> {
    let (descriptors, travelling) = attach(home, client, attachments, secret).await?;
    let record = sign(drafted, descriptors, secret)?;
    let signed = SignedRecord { record: hex::encode(record.bytes()), attachments: travelling };
    client.call::<Done>(&Call::Check { record: signed.clone() }).await?;
    Ok((record, signed))
}

/// Hands in what waits in the outbox. What a rule refuses is set aside.
///
/// # Errors
/// If the node cannot take it now; it stays in the outbox then.
pub async fn empty(client: &mut Client, outbox: &Outbox) -> Result<(), Failure> {
    for waiting in outbox.waiting()? {
        match client.call::<Submitted>(&Call::Submit { records: vec![waiting.signed.clone()] }).await {
            Ok(_) => outbox.stored(&waiting)?,
            Err(failure) if failure.kind == FailureKind::Refused => {
                let aside = outbox.set_aside(&waiting)?;
                let why = format!(
                    "a record signed earlier is refused now and was moved to {}: {failure}",
                    aside.display()
                );
                return Err(Failure::new(FailureKind::Refused, why));
            }
            Err(failure) => return Err(failure),
        }
    }
    Ok(())
}

/// Signs a draft.
///
/// # Errors
/// If it breaks a limit of records; nothing is signed then.
pub fn sign(drafted: &Drafted, attachments: Vec<Descriptor>, secret: &SecretKey) -> Result<Record, Failure> {
    let refused = |why: String| Failure::new(FailureKind::Refused, why);
    let body = hex::decode(&drafted.body)
        .ok_or_else(|| refused("the draft's body is not hexadecimal".to_owned()))?;
    let header = Header {
        network: Some(drafted.network),
        seq: drafted.seq,
        prev: drafted.prev,
        at: clock::now_ms(),
        kind: drafted.kind.clone(),
        cites: drafted.cites.clone(),
        body: Value::decode(&body).map_err(|error| refused(error.to_string()))?,
        attachments,
    };
    header.sign(secret).map_err(|error| refused(error.to_string()))
}

/// Hands large attachments to the node; answers the descriptors and the bytes of those that travel.
async fn attach(
    home: &Home,
    client: &mut Client,
    attachments: &[NewAttachment],
    secret: &SecretKey,
) -> Result<(Vec<Descriptor>, Vec<String>), Failure> {
    let (mut descriptors, mut travelling) = (Vec::new(), Vec::new());
    for new in attachments {
        let (descriptor, path) = prepare(home, new, secret)?;
        if descriptor.travels() {
            let bytes = std::fs::read(&path).map_err(NodeError::file("reading", &path))?;
            travelling.push(hex::encode(&bytes));
        }
        let call = Call::Keep { hash: descriptor.hash, path: path.display().to_string() };
        client.call::<Done>(&call).await?;
        descriptors.push(descriptor);
    }
    Ok((descriptors, travelling))
}

/// Writes salt, label and content into the incoming directory, hashing on the way; sealed where it is for readers.
fn prepare(home: &Home, new: &NewAttachment, secret: &SecretKey) -> Result<(Descriptor, PathBuf), NodeError> {
    let salt = match new.salt.filter(|_| new.scope != Scope::Sealed) {
        Some(salt) => salt,
        None => random()?,
    };
    let named = |salt| Attachment {
        salt,
        name: new.name.clone(),
        media_type: new.media_type.clone(),
        content: Vec::new(),
    };
    make_dir(&home.incoming())?;
    let path = home.incoming().join(hex::encode(&random()?[..16]));
    let content: Box<dyn Read> = match &new.content {
        Content::Bytes(bytes) => Box::new(bytes.as_slice()),
        Content::File(source) => {
            Box::new(std::fs::File::open(source).map_err(NodeError::file("reading", source))?)
        }
    };
    let mut incoming = Incoming::create(&path)?;
    let written = if new.scope == Scope::Sealed {
        let sealer = Secret::of_author(secret, &salt)?;
        let inside = named(random()?).preamble();
        incoming
            .all(&sealing::label(salt)?.preamble())
            .and_then(|()| sealer.seal(inside.as_slice().chain(content), &mut incoming))
            .and_then(|()| sealer.recipient().map(Some))
    } else {
        incoming.all(&named(salt).preamble()).and_then(|()| incoming.copy(content)).map(|()| None)
    };
    let sealed_to = match written {
        Ok(sealed_to) => sealed_to,
        Err(error) => return Err(incoming.given_up(error)),
    };
    let (hash, size_bytes) = incoming.finished()?;
    Ok((Descriptor { hash, size_bytes, scope: new.scope, sealed_to }, path))
}

/// 32 bytes that nobody can guess.
///
/// # Errors
/// [`NodeError::Other`] where the operating system has none.
pub fn random() -> Result<[u8; 32], NodeError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| NodeError::Other(format!("no randomness: {error}")))?;
    Ok(bytes)
}

/// A file that is written and hashed, and never larger than an attachment may be.
struct Incoming<'a> {
    path: &'a Path,
    file: std::io::BufWriter<std::fs::File>,
    hasher: blake3::Hasher,
    size_bytes: u64,
}

impl<'a> Incoming<'a> {
    fn create(path: &'a Path) -> Result<Self, NodeError> {
        let file = std::fs::File::create(path).map_err(NodeError::file("writing", path))?;
        let file = std::io::BufWriter::with_capacity(256 * 1024, file);
        Ok(Self { path, file, hasher: blake3::Hasher::new(), size_bytes: 0 })
    }

    fn all(&mut self, bytes: &[u8]) -> Result<(), NodeError> {
        let path = self.path;
        self.write_all(bytes).map_err(NodeError::file("writing", path))
    }

    fn copy(&mut self, content: impl Read) -> Result<(), NodeError> {
        let (path, mut content) = (self.path, std::io::BufReader::with_capacity(256 * 1024, content));
        std::io::copy(&mut content, self).map(|_| ()).map_err(NodeError::file("writing", path))
    }

    fn is_too_large(&self) -> bool {
        self.size_bytes > limits::ATTACHMENT_BYTES
    }

    /// Removes what came so far, and says why.
    fn given_up(self, error: NodeError) -> NodeError {
        let _ = std::fs::remove_file(self.path);
        if self.is_too_large() { NodeError::Other(too_large()) } else { error }
    }

    fn finished(mut self) -> Result<(Hash, u64), NodeError> {
        let synced = self.file.flush().and_then(|()| self.file.get_ref().sync_all());
        synced.map_err(NodeError::file("writing", self.path))?;
        Ok((Hash::from_bytes(*self.hasher.finalize().as_bytes()), self.size_bytes))
    }
}

impl Write for Incoming<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.size_bytes = self.size_bytes.saturating_add(bytes.len() as u64);
        if self.is_too_large() {
            return Err(std::io::Error::other(too_large()));
        }
        self.file.write_all(bytes)?;
        self.hasher.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

fn too_large() -> String {
    format!("an attachment has at most {} bytes", limits::ATTACHMENT_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cohub_registry::Sealing;

    fn prepared(home: &Home, scope: Scope, content: Content) -> (Descriptor, Vec<u8>) {
        let (name, media_type) = ("plan.txt".parse().unwrap(), "text/plain".parse().unwrap());
        let new = NewAttachment { content, name, media_type, scope, salt: None };
        let (descriptor, path) = prepare(home, &new, &SecretKey::from_seed(&[4; 32])).unwrap();
        (descriptor, std::fs::read(path).unwrap())
    }

    #[test]
    fn what_is_for_readers_is_sealed_before_it_leaves_this_process() {
        let temp = tempfile::tempdir().unwrap();
        let home = Home::at(temp.path()).unwrap();
        let file = temp.path().join("source");
        let content: Vec<u8> = b"names and addresses ".repeat(20_000);
        std::fs::write(&file, &content).unwrap();
        for scope in [Scope::Public, Scope::Members] {
            let (descriptor, stored) = prepared(&home, scope, Content::Bytes(b"open".to_vec()));
            assert_eq!((descriptor.scope, descriptor.sealed_to), (scope, None));
            assert_eq!(Attachment::decode(&descriptor, &stored).unwrap().content, b"open");
        }
        let (descriptor, stored) = prepared(&home, Scope::Sealed, Content::File(file));
        descriptor.check().unwrap();
        let holds = |words: &[u8]| stored.windows(words.len()).any(|window| window == words);
        assert!(!holds(b"names") && !holds(b"plan.txt") && holds(b"age-encryption.org"));
        let sealing = Sealing {
            author: SecretKey::from_seed(&[4; 32]).public(),
            attachment: descriptor.hash,
            size_bytes: descriptor.size_bytes,
            sealed_to: descriptor.sealed_to.unwrap(),
            shares: Vec::new(),
        };
        let secret = Secret::find(&sealing, &SecretKey::from_seed(&[4; 32]), &stored).unwrap();
        let read = secret.open(&sealing, &stored).unwrap();
        assert_eq!((read.name.as_str(), read.media_type.as_str()), ("plan.txt", "text/plain"));
        assert!(read.content == content, "the same to the last byte");
    }
}
