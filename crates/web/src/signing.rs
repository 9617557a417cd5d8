//! What a person signs in a page: a ballot, with that person's key, opened for this one act.
//!
//! **Invariant**: nothing else is signed here, and nothing but what was shown. The page that shows a draft
//! names it by a hash of all that it says; a draft that has become another is shown again instead of signed.

use std::sync::Arc;

use cohub_node::Client;
use cohub_node::api::{Call, Drafted, Failure, FailureKind};
use cohub_node::keystore::{KeyInfo, Keystore, Passphrase};
use cohub_node::write::{self, Content, NewAttachment, Wish};
use cohub_record::{Id, Scope};
use cohub_registry::{Choice, Intent, Role};

use crate::api::problem::Problem;
use crate::server::Web;

/// The longest reason: it travels with the ballot, as attachments of at most 4 KiB do with their label.
const REASON_BYTES: usize = 3_500;

/// A ballot that somebody wants to cast.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub(crate) motion: Id,
    pub(crate) choice: Choice,
    /// Without spaces around it; empty for none.
    pub(crate) reason: String,
    /// The key that signs it.
    pub(crate) key: KeyInfo,
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

/// The keys of this home that cast ballots.
pub(crate) fn voting_keys(keys: &[KeyInfo]) -> impl Iterator<Item = &KeyInfo> {
    keys.iter().filter(|info| info.encrypted && info.roles.contains(&Role::Representative))
}

impl Wanted {
    /// Reads what a form says.
    pub(crate) fn read(
        motion: Id,
        choice: &str,
        reason: &str,
        label: &str,
        keys: &[KeyInfo],
    ) -> Result<Self, Problem> {
        let choice = choice.parse().map_err(|_| Problem::bad_request("Choose how you vote.".to_owned()))?;
        let reason = reason.replace("\r\n", "\n").trim().to_owned();
        if reason.len() > REASON_BYTES {
            let why = format!("A reason has at most {REASON_BYTES} bytes, this has {}.", reason.len());
            return Err(Problem::bad_request(why));
        }
        let mut able = voting_keys(keys).filter(|info| label.is_empty() || info.label == label);
        let key = able.next().cloned().ok_or_else(|| {
            Problem::no_key("No key in this directory votes for this hub: `cohub person add` makes one.")
        })?;
        Ok(Self { motion, choice, reason, key })
    }

    const fn intent(&self) -> Intent {
        Intent::Ballot { motion: self.motion, choice: self.choice }
    }

    fn attachments(&self) -> Result<Vec<NewAttachment>, Problem> {
        if self.reason.is_empty() {
            return Ok(Vec::new());
        }
        let unusable = |error: cohub_record::BodyError| Problem::bad_request(error.to_string());
        Ok(vec![NewAttachment {
            content: Content::Bytes(self.reason.as_bytes().to_vec()),
            name: "reason.txt".parse().map_err(unusable)?,
            media_type: "text/plain; charset=utf-8".parse().map_err(unusable)?,
            scope: Scope::Members,
        }])
    }

    /// What it would say now. Nothing is leased and nothing is signed.
    pub(crate) async fn show(&self, web: &Web) -> Result<Shown, Problem> {
        let call = Call::Preview { author: self.key.key, intent: self.intent() };
        let drafted: Drafted = web.node.call(&call).await?;
        let whole = serde_json::json!([drafted, self.reason, self.key.key]).to_string();
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
        let shown = self.show(web).await?;
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
        let attachments = self.attachments()?;
        let wish = Wish { intent: self.intent(), attachments: &attachments, agreed: Some(&shown.drafted) };
        let written = write::write(web.node.home(), &mut client, &secret, wish, 0, |_| {}).await?;
        web.snapshots.look();
        Ok(Ended::Stored(written.record))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(label: &str, roles: &[Role], encrypted: bool) -> KeyInfo {
        let key = cohub_record::SecretKey::from_seed(&[7; 32]).public();
        KeyInfo { label: label.to_owned(), key, roles: roles.to_vec(), encrypted, created_at: 0 }
    }

    #[test]
    fn only_a_representative_s_key_casts_a_ballot() {
        let keys = [
            key("controller", &[], true),
            key("node", &[Role::Node], false),
            key("representative", &[Role::Representative], true),
            key("panelist", &[Role::Panelist], true),
        ];
        let motion = Id::from_bytes([1; 32]);
        let wanted = |label| Wanted::read(motion, "yes", " because \r\n", label, &keys);
        let read = wanted("").unwrap();
        assert_eq!((read.key.label.as_str(), read.reason.as_str()), ("representative", "because"));
        assert!(wanted("representative").is_ok());
        for label in ["controller", "node", "panelist", "nobody"] {
            assert!(wanted(label).is_err(), "{label}");
        }
    }

    #[test]
    fn what_is_no_choice_and_what_is_too_long_is_refused() {
        let keys = [key("representative", &[Role::Representative], true)];
        let motion = Id::from_bytes([1; 32]);
        for choice in ["", "maybe", "YES"] {
            assert!(Wanted::read(motion, choice, "", "", &keys).is_err(), "{choice}");
        }
        let long = "w".repeat(REASON_BYTES + 1);
        assert!(Wanted::read(motion, "no", &long, "", &keys).is_err());
        assert!(Wanted::read(motion, "no", &long[1..], "", &keys).unwrap().attachments().unwrap().len() == 1);
    }
}
