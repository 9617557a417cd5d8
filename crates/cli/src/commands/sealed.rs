//! Documents that only their readers open: shared with others, and opened, in this process with a person's key.

use cohub_node::api::{Call, Fetched, Referent, Resolved};
use cohub_node::keystore::KeyInfo;
use cohub_node::sealing::Secret;
use cohub_record::{Attachment, Hash, Id, PublicKey, SecretKey};
use cohub_registry::{Intent, Sealing};
use serde_json::{Value, json};

use crate::arguments::Signing;
use crate::context::Context;
use crate::exit::Error;
use crate::output::Answer;
use crate::prose::counted;
use crate::write::{Signer, Writing, unlock};

/// Who shall read, as it was written and as the key that it means.
pub(crate) struct Reader {
    named: String,
    key: PublicKey,
}

/// What became of sharing with several: each reader's record, and whom it was not shared with.
struct Shared {
    records: Vec<Value>,
    refused: Vec<Error>,
    last: Option<Answer>,
}

/// The keys that are meant: of a hub its representative's.
pub(crate) async fn readers(context: &Context, named: &[String]) -> Result<Vec<Reader>, Error> {
    let mut readers = Vec::new();
    for text in named {
        let call = Call::Resolve { what: Referent::Reader, text: text.clone() };
        let resolved: Resolved = context.ask(call).await?;
        let key =
            resolved.key.ok_or_else(|| Error::not_found(format!("{text:?} is nobody who could read")))?;
        readers.push(Reader { named: text.clone(), key });
    }
    Ok(readers)
}

/// Lets others read a document, by the key of this home that reads it.
pub(crate) async fn share(
    context: &Context,
    id: Id,
    readers: &[Reader],
    signing: &Signing,
) -> Result<Answer, Error> {
    let sealing = context.ask(Call::Sealing { record: id }).await?;
    let key = reading_key(context, id, &sealing, signing.key.as_deref())?;
    let stored = fetch(context, sealing.attachment, signing.wait.max(FETCH)).await?;
    let secret = unlock(context, &key)?;
    shared(context, (id, &sealing), readers, &stored, (&key, &secret, signing)).await?.answer(id)
}

/// Shares what this command has just handed in, with the key that handed it in.
pub(crate) async fn share_new(
    context: &Context,
    id: Id,
    readers: &[Reader],
    by: (&KeyInfo, &SecretKey, &Signing),
    handed_in: Answer,
) -> Result<Answer, Error> {
    let sealing: Sealing = context.ask(Call::Sealing { record: id }).await?;
    let stored = fetch(context, sealing.attachment, FETCH).await?;
    let shared = shared(context, (id, &sealing), readers, &stored, by).await?;
    if let Some(error) = shared.refusal(&format!("the document was handed in as {id}")) {
        return Err(error);
    }
    let said = format!("sealed, and shared with {}", counted(shared.records.len(), "reader"));
    Ok(handed_in.with(&json!({ "shares": shared.records })).saying(&said))
}

/// How long to look for the bytes of what is about to be shared or opened.
const FETCH: std::time::Duration = std::time::Duration::from_secs(30);

async fn shared(
    context: &Context,
    (id, sealing): (Id, &Sealing),
    readers: &[Reader],
    stored: &[u8],
    (key, secret, signing): (&KeyInfo, &SecretKey, &Signing),
) -> Result<Shared, Error> {
    let wrapping = Secret::find(sealing, secret, stored)?;
    let mut shared = Shared { records: Vec::new(), refused: Vec::new(), last: None };
    for Reader { named, key: reader } in readers {
        let wrapped = wrapping.wrap(reader)?;
        let intent = Intent::Share { record: id, attachment: sealing.attachment, reader: *reader, wrapped };
        let writing = Writing {
            name: "document.share",
            signer: Signer::Controller,
            intent,
            attachments: Vec::new(),
            signing,
        };
        match writing.write_with(context, key, Some(secret)).await {
            Ok((record, answer)) => {
                shared.records.push(json!({ "reader": reader, "named": named, "record": record }));
                shared.last = Some(answer);
            }
            Err(error) => {
                shared.refused.push(Error::new(error.exit, format!("not shared with {named}: {error}")));
            }
        }
    }
    Ok(shared)
}

impl Shared {
    /// Why somebody does not read, after what was done all the same.
    fn refusal(&self, done: &str) -> Option<Error> {
        let first = self.refused.first()?;
        let why: Vec<&str> = self.refused.iter().map(|error| error.message.as_str()).collect();
        let others = match self.records.len() {
            0 => String::new(),
            some => format!(" and shared with {}", counted(some, "reader")),
        };
        Some(Error::new(first.exit, format!("{done}{others}; {}", why.join("; "))))
    }

    fn answer(self, id: Id) -> Result<Answer, Error> {
        let done = match self.records.len() {
            0 => "nothing was signed".to_owned(),
            _ => format!("{id} was opened"),
        };
        if let Some(error) = self.refusal(&done) {
            return Err(error);
        }
        let last = self.last.ok_or_else(|| Error::usage("name somebody who shall read it"))?;
        Ok(last.with(&json!({ "document": id, "shares": self.records })))
    }
}

/// The key of this home that opens a document.
pub(crate) fn reading_key(
    context: &Context,
    id: Id,
    sealing: &Sealing,
    label: Option<&str>,
) -> Result<KeyInfo, Error> {
    let keystore = context.keystore()?;
    let keys = match label {
        Some(label) => vec![keystore.find(label)?],
        None => keystore.list()?,
    };
    let reads =
        |key: &PublicKey| *key == sealing.author || sealing.shares.iter().any(|(reader, _)| reader == key);
    keys.into_iter().find(|info| info.encrypted && reads(&info.key)).ok_or_else(|| {
        let mut readers: Vec<&PublicKey> = sealing.shares.iter().map(|(reader, _)| reader).collect();
        readers.sort_unstable();
        readers.dedup();
        Error::permission(format!(
            "{id} is sealed: it was shared with {}, and no key here is one of them. Whoever reads it can let you \
             read it, with `cohub document share {id} YOUR-HUB`",
            counted(readers.len(), "reader")
        ))
    })
}

/// Opens what is stored of a sealed document.
pub(crate) fn opened(
    context: &Context,
    sealing: &Sealing,
    key: &KeyInfo,
    stored: &[u8],
) -> Result<Attachment, Error> {
    let secret = unlock(context, key)?;
    Ok(Secret::find(sealing, &secret, stored)?.open(sealing, stored)?)
}

/// The bytes of an attachment, as the node keeps them.
pub(crate) async fn fetch(
    context: &Context,
    hash: Hash,
    wait: std::time::Duration,
) -> Result<Vec<u8>, Error> {
    let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
    let fetched: Fetched = context.ask(Call::Fetch { hash, wait_ms }).await?;
    std::fs::read(&fetched.path)
        .map_err(|error| Error::failed(format!("{} cannot be read: {error}", fetched.path)))
}
