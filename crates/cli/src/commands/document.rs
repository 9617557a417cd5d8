//! `cohub document`: what a dossier holds, handed in by its hub and read by others.

use std::path::{Path, PathBuf};
use std::time::Duration;

use cohub_node::api::{Call, RecordView, Referent};
use cohub_node::identity;
use cohub_record::{Attachment, Descriptor, Hash, Id, Scope};
use cohub_registry::{Intent, Role};
use serde::Deserialize;
use serde_json::json;

use super::{application, sealed};
use crate::arguments::{Document, Signing};
use crate::context::Context;
use crate::exit::{Error, Exit};
use crate::output::Answer;
use crate::prose::{bytes, harmless};
use crate::seen;
use crate::write::{Signer, Writing, file_attachment, unlock};

pub(crate) async fn run(context: &Context, document: Document) -> Result<Answer, Error> {
    match document {
        Document::Add { file, document_type, scope, to, application, signing } => {
            if scope != Scope::Sealed && !to.is_empty() {
                return Err(Error::usage("--to names readers of what is sealed: add --scope sealed"));
            }
            let attachments = vec![file_attachment(&file, scope)?];
            let application = find(context, application.as_deref()).await?;
            let readers = sealed::readers(context, &to).await?;
            let intent = Intent::Document { application, document_type };
            let signer = Signer::Controller;
            let key = signer.key(context, signing.key.as_deref())?;
            let writing = Writing { name: "document.add", signer, intent, attachments, signing: &signing };
            if readers.is_empty() {
                return writing.write_with(context, &key, None).await.map(|(_, answer)| answer);
            }
            let secret = unlock(context, &key)?;
            let (id, answer) = writing.write_with(context, &key, Some(&secret)).await?;
            sealed::share_new(context, id, &readers, (&key, &secret, &signing), answer).await
        }
        Document::Share { document, readers, signing } => {
            let id = context.resolve(Referent::Document, &document).await?;
            let readers = sealed::readers(context, &readers).await?;
            sealed::share(context, id, &readers, &signing).await
        }
        Document::List { application } => list(context, application.as_deref()).await,
        Document::Erase { document, motion, signing } => {
            erase(context, &document, motion.as_deref(), &signing).await
        }
        Document::Get { document, out, wait, key } => {
            get(context, &document, out, wait, key.as_deref()).await
        }
    }
}

/// The application that is named, or the own one.
async fn find(context: &Context, named: Option<&str>) -> Result<Id, Error> {
    if let Some(text) = named {
        return context.resolve(Referent::Application, text).await;
    }
    let controller = identity::own_hub(&context.home()?)?.controller;
    let registry = context.registry().await?.part;
    let own =
        registry.hub_controlled_by(&controller).and_then(|hub| registry.application_of(hub.id.as_deref()?));
    own.map(|application| application.id)
        .ok_or_else(|| Error::not_found("your hub has not applied yet: `cohub application open`"))
}

async fn list(context: &Context, named: Option<&str>) -> Result<Answer, Error> {
    let id = find(context, named).await?;
    let registry = context.registry().await?;
    let text = application::documents(&registry.part, registry.part.application(&id)?);
    let documents = registry.of_application(&id, "documents");
    Answer::new("document.list", &json!({ "application": id, "documents": documents }), text)
}

/// Erases what the own hub attached, or what a resolution says.
async fn erase(
    context: &Context,
    text: &str,
    motion: Option<&str>,
    signing: &Signing,
) -> Result<Answer, Error> {
    let record = match context.resolve(Referent::Document, text).await {
        Err(error) if error.exit == Exit::NotFound => context.resolve(Referent::Record, text).await?,
        found => found?,
    };
    let (motion, signer) = match motion {
        Some(motion) => {
            let motion = context.resolve(Referent::Motion, motion).await?;
            (Some(motion), Signer::Person(Role::Representative))
        }
        None => (None, Signer::Controller),
    };
    let intent = Intent::Erase { record, motion };
    Writing { name: "document.erase", signer, intent, attachments: Vec::new(), signing }.write(context).await
}

/// What is to be fetched: a document, or the first thing that another record attaches.
struct Wanted {
    record: Id,
    document_type: Option<String>,
    descriptor: Descriptor,
}

/// What a record attaches, as the node tells it.
#[derive(Debug, Deserialize)]
struct Attached {
    hash: Hash,
    size_bytes: u64,
    scope: Scope,
}

impl From<Attached> for Descriptor {
    fn from(Attached { hash, size_bytes, scope }: Attached) -> Self {
        Self { hash, size_bytes, scope, sealed_to: None }
    }
}

async fn wanted(context: &Context, text: &str) -> Result<Wanted, Error> {
    let record = match context.resolve(Referent::Document, text).await {
        Ok(id) => {
            let registry = context.registry().await?.part;
            let document =
                registry.document(&id).ok_or_else(|| Error::not_found(format!("{id} is no document")))?;
            if let Some(erased) = &document.erased {
                let why = format!(
                    "was erased by {}; its record stands, and every proof that builds on it",
                    erased.record
                );
                return Err(Error::not_found(format!("the content of {id} {why}")));
            }
            let seen::Document { hash, size_bytes, scope, .. } = *document;
            let descriptor = Attached { hash, size_bytes, scope }.into();
            return Ok(Wanted {
                record: id,
                document_type: Some(document.document_type.clone()),
                descriptor,
            });
        }
        Err(error) if error.exit == Exit::NotFound => {
            // What is no document may be another record; if there is none, the first answer says more.
            context.resolve(Referent::Record, text).await.map_err(|_| error)?
        }
        Err(error) => return Err(error),
    };
    let view: RecordView = context.ask(Call::Record { id: record }).await?;
    let attached = view.attachments.into_iter().next();
    let attached = attached.ok_or_else(|| Error::not_found(format!("{record} has nothing attached")))?;
    let attached: Attached =
        serde_json::from_value(attached).map_err(|error| Error::failed(error.to_string()))?;
    Ok(Wanted { record, document_type: None, descriptor: attached.into() })
}

/// Fetches what a record attaches, checks it against the hash that the record signs, and writes it.
async fn get(
    context: &Context,
    text: &str,
    out: Option<PathBuf>,
    wait: Duration,
    key: Option<&str>,
) -> Result<Answer, Error> {
    let Wanted { record: id, document_type, descriptor } = wanted(context, text).await?;
    let attachment = if descriptor.scope == Scope::Sealed {
        let sealing = context.ask(Call::Sealing { record: id }).await?;
        let key = sealed::reading_key(context, id, &sealing, key)?;
        let stored = sealed::fetch(context, sealing.attachment, wait).await?;
        sealed::opened(context, &sealing, &key, &stored)?
    } else {
        let stored = sealed::fetch(context, descriptor.hash, wait).await?;
        Attachment::decode(&descriptor, &stored).map_err(|error| {
            Error::new(Exit::Verification, format!("the document was not written: {}", error.why))
        })?
    };
    let path = out.unwrap_or_else(|| own_name(attachment.name.as_str()));
    write_new(&path, &attachment.content)?;
    let fields = json!({
        "document": id,
        "type": document_type,
        "path": path,
        "name": attachment.name,
        "media_type": attachment.media_type,
        "bytes": attachment.content.len(),
        "hash": descriptor.hash,
        "scope": descriptor.scope,
        "verified": true,
    });
    let said = format!(
        "{}: {}, {}, verified against {}",
        path.display(),
        harmless(attachment.media_type.as_str()),
        bytes(attachment.content.len() as u64),
        descriptor.hash
    );
    Answer::new("document.get", &fields, said)
}

/// A peer chose the name, so only its last part counts, and never a hidden file's.
fn own_name(name: &str) -> PathBuf {
    let last =
        Path::new(name).file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let plain = harmless(&last).trim_start_matches('.').to_owned();
    PathBuf::from(if plain.is_empty() { "document".to_owned() } else { plain })
}

fn write_new(path: &Path, content: &[u8]) -> Result<(), Error> {
    use std::io::Write as _;
    let file = std::fs::OpenOptions::new().write(true).create_new(true).open(path);
    let written = file.and_then(|mut file| file.write_all(content));
    written.map_err(|error| {
        Error::failed(format!("{} cannot be written: {error}; give --out FILE", path.display()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peers_file_name_stays_in_the_directory() {
        let table = [
            ("study.pdf", "study.pdf"),
            ("../../etc/passwd", "passwd"),
            ("/root/.ssh/authorized_keys", "authorized_keys"),
            (".bashrc", "bashrc"),
            ("..", "document"),
            ("a\u{202e}fdp.exe", "a\u{fffd}fdp.exe"),
        ];
        for (name, expected) in table {
            assert_eq!(own_name(name), PathBuf::from(expected), "{name}");
        }
    }
}
