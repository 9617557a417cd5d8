//! Writing a record: what will be signed is shown, signed in this process, and followed to the peers.

use cohub_node::api::Drafted;
use cohub_node::keystore::KeyInfo;
use cohub_node::write::{self as node, Content, NewAttachment, Step, Wish};
use cohub_record::{Id, Scope, SecretKey, Text};
use cohub_registry::{Intent, Role};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::arguments::Signing;
use crate::context::Context;
use crate::exit::{Error, Exit};
use crate::output::Answer;
use crate::prose::{BOLD, DIM, GREEN, YELLOW, counted, harmless, short, styled};

/// Who may say something for a hub.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Signer {
    /// The hub itself: its controller.
    Controller,
    /// A person with a role.
    Person(Role),
}

/// A record to be written.
#[derive(Debug)]
pub(crate) struct Writing<'a> {
    /// The command, for the answer's schema.
    pub(crate) name: &'static str,
    /// Who has to sign.
    pub(crate) signer: Signer,
    /// What is to be said.
    pub(crate) intent: Intent,
    /// What travels with it or is fetched on demand.
    pub(crate) attachments: Vec<NewAttachment>,
    /// Flags of the command.
    pub(crate) signing: &'a Signing,
}

/// What scripts may rely on after every write.
#[derive(Debug, Serialize)]
struct Written<'a> {
    record: String,
    kind: &'a str,
    author: String,
    stored: bool,
    peers_holding: usize,
    peers_connected: usize,
    verdict: &'a str,
    #[serde(flatten)]
    more: Map<String, Value>,
}

impl Writing<'_> {
    /// Drafts, shows, signs, hands in, and waits for a first peer.
    pub(crate) async fn write(self, context: &Context) -> Result<Answer, Error> {
        let key = self.signer.key(context, self.signing.key.as_deref())?;
        self.write_with(context, &key, None).await.map(|(_, answer)| answer)
    }

    /// The same with a given key, opened before where it signs more than this; the record too.
    pub(crate) async fn write_with(
        self,
        context: &Context,
        key: &KeyInfo,
        opened: Option<&SecretKey>,
    ) -> Result<(Id, Answer), Error> {
        let mut client = context.client().await?;
        let shown = node::preview(&mut client, key.key, self.intent.clone()).await?;
        show(context, &shown, key, &self.attachments);
        let secret = match opened {
            Some(secret) => secret.clone(),
            None => unlock(context, key)?,
        };
        let follow = |step: Step| match step {
            // Something came in between, and the record rests on more than what was shown.
            Step::Drafted(drafted) if drafted.summary != shown.summary || drafted.cites != shown.cites => {
                show(context, &drafted, key, &self.attachments);
            }
            step => follow(context, &step),
        };
        let wait_ms = u64::try_from(self.signing.wait.as_millis()).unwrap_or(u64::MAX);
        let home = context.home()?;
        let wish = Wish { intent: self.intent, attachments: &self.attachments, agreed: None };
        let written = node::write(&home, &mut client, &secret, wish, wait_ms, follow).await?;
        let call = cohub_node::api::Call::Record { id: written.record };
        let record: Value = client.call(&call).await?;
        let verdict = record.get("verdict").and_then(Value::as_str).unwrap_or("pending").to_owned();
        let fields = Written {
            record: written.record.to_string(),
            kind: &shown.kind,
            author: key.key.to_string(),
            stored: written.stored,
            peers_holding: written.peers_holding,
            peers_connected: written.peers_connected,
            verdict: &verdict,
            more: Map::new(),
        };
        let (whereabouts, exit) = whereabouts(&fields);
        let text = format!("{}\n{}", styled(BOLD, written.record.to_string()), whereabouts);
        Ok((written.record, Answer::new(self.name, &fields, text)?.ending(exit)))
    }
}

impl Signer {
    /// The key of this home that signs.
    pub(crate) fn key(self, context: &Context, label: Option<&str>) -> Result<KeyInfo, Error> {
        let keystore = context.keystore()?;
        if let Some(label) = label {
            return Ok(keystore.find(label)?);
        }
        if matches!(self, Self::Controller) {
            let label = cohub_node::identity::controller_label(&context.home()?)?;
            return Ok(keystore.find(&label)?);
        }
        let able: Vec<KeyInfo> = keystore.list()?.into_iter().filter(|info| self.fits(info)).collect();
        match able.as_slice() {
            [only] => Ok(only.clone()),
            [] => Err(Error::permission(format!("no key in this directory is a {}", self.role_word()))),
            several => {
                let labels: Vec<&str> = several.iter().map(|info| info.label.as_str()).collect();
                let labels = labels.join(", ");
                Err(Error::permission(format!(
                    "several keys here could sign this ({labels}): name one with --key LABEL"
                )))
            }
        }
    }

    fn fits(self, info: &KeyInfo) -> bool {
        match self {
            Self::Controller => false,
            Self::Person(role) => info.roles.contains(&role),
        }
    }

    const fn role_word(self) -> &'static str {
        match self {
            Self::Controller => "controller",
            Self::Person(role) => role.as_str(),
        }
    }
}

/// Opens a key, for the one signature that its prompt names.
pub(crate) fn unlock(context: &Context, key: &KeyInfo) -> Result<SecretKey, Error> {
    let passphrase = context.passphrase(&format!("for the key {:?}", key.label))?;
    Ok(context.keystore()?.unlock(&key.label, &passphrase)?)
}

/// Says what will be signed.
fn show(context: &Context, drafted: &Drafted, key: &KeyInfo, attachments: &[NewAttachment]) {
    context.say(&styled(BOLD, "To be signed"));
    for sentence in &drafted.summary {
        context.say(&format!("  {}", harmless(sentence)));
    }
    for attached in attachments {
        context.say(&format!(
            "  With {}, for {}.",
            harmless(attached.name.as_str()),
            readers(attached.scope)
        ));
    }
    let cites = drafted.cites.iter().map(Vec::len).sum();
    let line = format!(
        "  {} record {} of the key {} ({}), resting on {}",
        drafted.kind,
        drafted.seq,
        key.label,
        short(&key.key.to_string()),
        counted(cites, "record")
    );
    context.say(&styled(DIM, line));
}

const fn readers(scope: Scope) -> &'static str {
    match scope {
        Scope::Public => "everybody",
        Scope::Members => "members",
        Scope::Sealed => "its readers",
    }
}

fn follow(context: &Context, step: &Step) {
    match step {
        Step::Signed(_) => context.say(&styled(DIM, "  signed, and safe in the outbox")),
        Step::Stored => context.say(&styled(DIM, "  stored here; on its way to peers")),
        Step::Drafted(_) | Step::Held(_) => {}
    }
}

/// Where the record is, in words, and how the command ends.
fn whereabouts(written: &Written<'_>) -> (String, Exit) {
    let counted_here = match written.verdict {
        "valid" => styled(GREEN, "counted"),
        verdict => styled(YELLOW, harmless(verdict)),
    };
    if written.peers_holding > 0 {
        let peers = counted(written.peers_holding, "peer");
        return (format!("signed → stored here → held by {peers} → {counted_here}"), Exit::Done);
    }
    let why = if written.peers_connected == 0 {
        "no other node is connected: it goes to the first that comes"
    } else {
        "connected peers have not confirmed it yet; it keeps being offered"
    };
    (
        format!("signed → stored here → {} ({why}) → {counted_here}", styled(YELLOW, "on no peer yet")),
        Exit::Unsent,
    )
}

/// A text to attach.
pub(crate) fn text_attachment(name: &str, text: &str) -> Result<NewAttachment, Error> {
    Ok(NewAttachment {
        content: Content::Bytes(text.as_bytes().to_vec()),
        name: label(name)?,
        media_type: label("text/plain; charset=utf-8")?,
        scope: Scope::Members,
        salt: None,
    })
}

/// A file to attach, under its own name.
pub(crate) fn file_attachment(path: &std::path::Path, scope: Scope) -> Result<NewAttachment, Error> {
    let is_file = std::fs::metadata(path).map(|data| data.is_file());
    if !is_file.map_err(|error| Error::not_found(format!("{} cannot be read: {error}", path.display())))? {
        return Err(Error::usage(format!("{} is no file", path.display())));
    }
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let media_type = mime_guess::from_path(path).first_or_octet_stream();
    Ok(NewAttachment {
        content: Content::File(path.to_owned()),
        name: label(&name)?,
        media_type: label(media_type.essence_str())?,
        scope,
        salt: None,
    })
}

/// A name to attach something under.
pub(crate) fn label<const MAX: usize>(text: &str) -> Result<Text<MAX>, Error> {
    text.parse().map_err(|error| Error::usage(format!("the name {text:?} cannot be attached: {error}")))
}
