//! Writing a record from a person's own process: draft, sign, outbox, hand in, and see who holds it.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use cohub_record::{
    Attachment, Descriptor, Hash, Header, Id, PublicKey, Record, Scope, SecretKey, Text, Value, limits,
};
use cohub_registry::Intent;

use crate::api::{Call, Done, Drafted, Failure, FailureKind, Held, SignedRecord, Submitted};
use crate::home::make_dir;
use crate::outbox::Outbox;
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
    let (descriptors, travelling) = attach(home, client, attachments).await?;
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
) -> Result<(Vec<Descriptor>, Vec<String>), Failure> {
    let (mut descriptors, mut travelling) = (Vec::new(), Vec::new());
    for new in attachments {
        let (descriptor, path) = prepare(home, new)?;
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

/// Writes salt, label and content into the incoming directory, hashing on the way.
fn prepare(home: &Home, new: &NewAttachment) -> Result<(Descriptor, PathBuf), NodeError> {
    let mut salt = [0; 32];
    getrandom::fill(&mut salt).map_err(|error| NodeError::Other(format!("no randomness: {error}")))?;
    let label =
        Attachment { salt, name: new.name.clone(), media_type: new.media_type.clone(), content: Vec::new() };
    make_dir(&home.incoming())?;
    let path = home.incoming().join(hex::encode(&salt[..16]));
    let (hash, size_bytes) = match &new.content {
        Content::Bytes(bytes) => copy(&label.preamble(), bytes.as_slice(), &path)?,
        Content::File(source) => {
            let file = std::fs::File::open(source).map_err(NodeError::file("reading", source))?;
            copy(&label.preamble(), file, &path)?
        }
    };
    Ok((Descriptor { hash, size_bytes, scope: new.scope, sealed_to: None }, path))
}

fn copy(preamble: &[u8], mut content: impl std::io::Read, path: &Path) -> Result<(Hash, u64), NodeError> {
    let failed = |error| NodeError::file("writing", path)(error);
    let mut file = std::fs::File::create(path).map_err(failed)?;
    let mut hasher = blake3::Hasher::new();
    hasher.update(preamble);
    file.write_all(preamble).map_err(failed)?;
    let mut size = preamble.len() as u64;
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let read = content.read(&mut buffer).map_err(failed)?;
        if read == 0 {
            break;
        }
        size += read as u64;
        if size > limits::ATTACHMENT_BYTES {
            let _ = std::fs::remove_file(path);
            return Err(NodeError::Other(format!(
                "an attachment has at most {} bytes",
                limits::ATTACHMENT_BYTES
            )));
        }
        hasher.update(&buffer[..read]);
        file.write_all(&buffer[..read]).map_err(failed)?;
    }
    file.sync_all().map_err(failed)?;
    Ok((Hash::from_bytes(*hasher.finalize().as_bytes()), size))
}
