//! What a person signs in a page: a record that was shown, with that person's key, opened for this one act.
//!
//! **Invariant**: nothing is signed but what was shown. The page that shows a draft names it by a hash of all
//! that it says; a draft that has become another is shown again instead of signed.

use std::path::PathBuf;
use std::sync::Arc;

use cohub_node::Client;
use cohub_node::api::{Call, Drafted, Failure, FailureKind};
use cohub_node::keystore::{KeyInfo, Keystore, Passphrase};
use cohub_node::outbox::Outbox;
use cohub_node::write::{self, Content, NewAttachment, Wish};
use cohub_record::{Hash, Id, Scope, Text};
use cohub_registry::{Intent, Role};

use crate::api::problem::Problem;
use crate::language::said;
use crate::server::Web;

/// The longest reason: it travels with the ballot, as attachments of at most 4 KiB do with their label.
pub(crate) const REASON_BYTES: usize = 3_500;
/// The longest text that a form takes beside a record: pages, not volumes.
pub(crate) const TEXT_BYTES: usize = 20_000;

/// A record that somebody wants to write.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    /// What it says.
    pub(crate) intent: Intent,
    /// The key that signs it.
    pub(crate) key: KeyInfo,
    /// What goes with it.
    pub(crate) enclosed: Vec<Enclosed>,
}

/// A text or a file that goes with a record.
#[derive(Debug, Clone)]
pub(crate) struct Enclosed {
    pub(crate) name: Text<255>,
    pub(crate) media_type: Text<127>,
    pub(crate) scope: Scope,
    pub(crate) size_bytes: u64,
    /// Over its content.
    pub(crate) hash: Hash,
    content: Content,
}

/// What it would say, and the name of exactly that.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) drafted: Drafted,
    pub(crate) name: String,
}

/// How signing ended.
#[derive(Debug)]
pub(crate) enum Ended {
    /// It is stored here and on its way.
    Stored(Id),
    /// It says something else by now: it has to be shown again. Nothing was signed.
    Changed(Box<Shown>),
    /// The passphrase opens nothing. Nothing was signed.
    Passphrase,
}

/// The keys of this home that a person opens and that have a role.
pub(crate) fn keys_with(keys: &[KeyInfo], role: Role) -> impl Iterator<Item = &KeyInfo> {
    keys.iter().filter(move |info| info.encrypted && info.roles.contains(&role))
}

/// The one of several keys that a form names, or the first.
pub(crate) fn chosen<'a>(
    mut able: impl Iterator<Item = &'a KeyInfo>,
    label: &str,
    none: String,
) -> Result<KeyInfo, Problem> {
    let found = able.find(|info| label.is_empty() || info.label == label);
    found.cloned().ok_or_else(|| Problem::no_key(none))
}

/// A text that a form sent: without spaces around it, of at most so many bytes.
pub(crate) fn text_of(written: &str, most: usize) -> Result<String, Problem> {
    let text = written.replace("\r\n", "\n").trim().to_owned();
    if text.len() > most {
        return Err(Problem::bad_request(said!("text-too-long", most = most, count = text.len())));
    }
    Ok(text)
}

impl Enclosed {
    /// A text for members; none where it is empty.
    pub(crate) fn text(name: &str, text: &str) -> Result<Option<Self>, Problem> {
        if text.is_empty() {
            return Ok(None);
        }
        Ok(Some(Self {
            name: label(name)?,
            media_type: label("text/plain; charset=utf-8")?,
            scope: Scope::Members,
            size_bytes: u64::try_from(text.len()).unwrap_or(u64::MAX),
            hash: Hash::from_bytes(*blake3::hash(text.as_bytes()).as_bytes()),
            content: Content::Bytes(text.as_bytes().to_vec()),
        }))
    }

    /// A file that was uploaded.
    pub(crate) fn file(
        path: PathBuf,
        name: &str,
        media_type: &str,
        (size_bytes, hash): (u64, Hash),
        scope: Scope,
    ) -> Result<Self, Problem> {
        let (name, media_type) = (label(name)?, label(media_type)?);
        Ok(Self { name, media_type, scope, size_bytes, hash, content: Content::File(path) })
    }

    /// Its words, where it is a text that somebody wrote into a form.
    pub(crate) fn words(&self) -> Option<&str> {
        match &self.content {
            Content::Bytes(bytes) => std::str::from_utf8(bytes).ok(),
            Content::File(_) => None,
        }
    }

    fn attachment(&self) -> NewAttachment {
        NewAttachment {
            content: self.content.clone(),
            name: self.name.clone(),
            media_type: self.media_type.clone(),
            scope: self.scope,
            salt: None,
        }
    }
}

fn label<const MAX: usize>(text: &str) -> Result<Text<MAX>, Problem> {
    let unusable = || said!("name-not-attached", name = format!("{text:?}"));
    text.parse().map_err(|_| Problem::bad_request(unusable()))
}

impl Wanted {
    /// What it would say now. Nothing is leased and nothing is signed.
    pub(crate) async fn show(&self, web: &Web) -> Result<Shown, Problem> {
        let _one_at_a_time = web.signing.lock().await;
        self.look(web).await
    }

    async fn look(&self, web: &Web) -> Result<Shown, Problem> {
        // What was signed before goes first, so that the place that is shown is the place that is taken.
        let outbox = Outbox::open(web.node.home()).map_err(Failure::from)?;
        write::empty(&mut Client::connect(web.node.home()).await?, &outbox).await?;
        let call = Call::Preview { author: self.key.key, intent: self.intent.clone() };
        let drafted: Drafted = web.node.call(&call).await?;
        let enclosed: Vec<_> = self
            .enclosed
            .iter()
            .map(|one| (one.name.as_str(), one.media_type.as_str(), one.scope.as_str(), one.hash.to_string()))
            .collect();
        let whole = serde_json::json!([drafted, enclosed, self.key.key]).to_string();
        let name = blake3::hash(whole.as_bytes()).to_hex().to_string();
        Ok(Shown { drafted, name })
    }

    /// Signs what was shown under that name, and hands it in.
    pub(crate) async fn sign(
        &self,
        web: &Arc<Web>,
        name: &str,
        passphrase: Passphrase,
    ) -> Result<Ended, Problem> {
        let _one_at_a_time = web.signing.lock().await;
        let shown = self.look(web).await?;
        if shown.name != name {
            return Ok(Ended::Changed(Box::new(shown)));
        }
        let (home, label) = (web.node.home().clone(), self.key.label.clone());
        let opened = tokio::task::spawn_blocking(move || Keystore::open(&home).unlock(&label, &passphrase));
        let opened = opened.await.map_err(|error| Failure::new(FailureKind::Failed, error.to_string()))?;
        let secret = match opened {
            Err(cohub_node::NodeError::Passphrase(_)) => return Ok(Ended::Passphrase),
            opened => opened.map_err(Failure::from)?,
        };
        let mut client = Client::connect(web.node.home()).await?;
        let attachments: Vec<_> = self.enclosed.iter().map(Enclosed::attachment).collect();
        let wish =
            Wish { intent: self.intent.clone(), attachments: &attachments, agreed: Some(&shown.drafted) };
        let written = write::write(web.node.home(), &mut client, &secret, wish, 0, |_| {}).await?;
        web.snapshots.look();
        Ok(Ended::Stored(written.record))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A key of a home.
    pub(crate) fn key(label: &str, roles: &[Role], encrypted: bool) -> KeyInfo {
        let key = cohub_record::SecretKey::from_seed(&[7; 32]).public();
        KeyInfo { label: label.to_owned(), key, roles: roles.to_vec(), encrypted, created_at: 0 }
    }

    #[test]
    fn only_a_key_with_the_role_that_a_person_opens_is_chosen() {
        let keys = [
            key("controller", &[], true),
            key("node", &[Role::Node], false),
            key("machine", &[Role::Panelist], false),
            key("one", &[Role::Panelist], true),
            key("two", &[Role::Panelist, Role::Representative], true),
        ];
        let of =
            |label| chosen(keys_with(&keys, Role::Panelist), label, "none".to_owned()).map(|info| info.label);
        assert_eq!(of("").as_deref(), Ok("one"));
        assert_eq!(of("two").as_deref(), Ok("two"));
        for label in ["controller", "node", "machine", "nobody"] {
            assert!(of(label).is_err(), "{label}");
        }
    }

    #[test]
    fn texts_are_cut_of_their_spaces_and_never_of_their_words() {
        assert_eq!(text_of(" because \r\nof it\r\n ", 40).unwrap(), "because \nof it");
        let long = "w".repeat(REASON_BYTES + 1);
        assert!(text_of(&long, REASON_BYTES).is_err());
        assert!(text_of(&long[1..], REASON_BYTES).is_ok());
        assert!(Enclosed::text("reason.txt", "").unwrap().is_none());
        assert_eq!(Enclosed::text("reason.txt", "why").unwrap().unwrap().words(), Some("why"));
        assert!(Enclosed::text(&"n".repeat(256), "why").is_err());
    }
}
