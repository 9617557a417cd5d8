//! Blind reviews: sealed with the key of who wrote them, and opened by the same key once all are in.

use std::path::PathBuf;

use cohub_node::api::{Call, Referent};
use cohub_node::hex;
use cohub_node::sealing::Secret;
use cohub_node::write::{Content, NewAttachment, random};
use cohub_record::{Attachment, Hash, Id, List, Scope, Slug};
use cohub_registry::blind::commitment;
use cohub_registry::{Intent, Recommendation, Role, Score, Sealing};
use serde::{Deserialize, Serialize};

use super::sealed::fetch;
use crate::arguments::Signing;
use crate::context::Context;
use crate::exit::{Error, Exit};
use crate::output::Answer;
use crate::when::{date_and_distance, now_ms};
use crate::write::{Signer, Writing, file_attachment, label, unlock};

/// The most bytes of a text that is sealed with a review.
const TEXT_BYTES: usize = 1 << 20;

/// What somebody says in a review.
pub(crate) struct Said {
    pub(crate) panel: Slug,
    pub(crate) recommendation: Recommendation,
    pub(crate) scores: List<Score, 32>,
    pub(crate) text: Option<PathBuf>,
}

/// What is sealed: all that it takes to open the review, so that no machine need keep anything.
#[derive(Serialize, Deserialize)]
struct Kept {
    secret: Hash,
    recommendation: Recommendation,
    scores: List<Score, 32>,
    text: Option<KeptText>,
}

/// The review's text, as it will be attached.
#[derive(Serialize, Deserialize)]
struct KeptText {
    salt: Hash,
    name: String,
    media_type: String,
    /// The content, hexadecimal.
    content: String,
}

/// Commits to a review that stays sealed.
pub(crate) async fn seal(
    context: &Context,
    application: Id,
    Said { panel, recommendation, scores, text }: Said,
    signing: &Signing,
) -> Result<Answer, Error> {
    let text = text.map(|file| kept_text(&file)).transpose()?;
    let hashes = match &text {
        Some(text) => vec![text.attachment()?.descriptor(Scope::Members).hash],
        None => Vec::new(),
    };
    let secret = Hash::from_bytes(random()?);
    let seal = commitment(&secret, &panel, recommendation, &scores, &hashes);
    let kept = Kept { secret, recommendation, scores, text };
    let kept = serde_json::to_vec(&kept).map_err(|error| Error::failed(error.to_string()))?;
    let attachment = NewAttachment {
        content: Content::Bytes(kept),
        name: label("review.json")?,
        media_type: label("application/json")?,
        scope: Scope::Sealed,
        salt: None,
    };
    let writing = Writing {
        name: "review.add",
        signer: Signer::Person(Role::Panelist),
        intent: Intent::Seal { application, panel, seal },
        attachments: vec![attachment],
        signing,
    };
    let answer = writing.write(context).await?;
    let said = "sealed: once all are in, or their time is over, open it with `cohub review open`";
    Ok(answer.with(&serde_json::json!({ "sealed": true })).saying(said))
}

/// Opens a sealed review.
pub(crate) async fn open(context: &Context, text: &str, signing: &Signing) -> Result<Answer, Error> {
    let review = context.resolve(Referent::Record, text).await?;
    let registry = context.registry().await?.part;
    let found = registry.applications.iter().flat_map(|one| &one.reviews).find(|one| one.id == review);
    let found = found.ok_or_else(|| Error::not_found(format!("{review} is no review")))?;
    let from = found.opens_from.ok_or_else(|| {
        Error::new(Exit::Refused, format!("{review} is no sealed review, or was opened already"))
    })?;
    if from > now_ms() {
        let until = date_and_distance(from);
        return Err(Error::new(
            Exit::Refused,
            format!(
                "the panel {} waits for others: this is opened once all are in, or from {until}",
                found.panel
            ),
        ));
    }
    let sealing: Sealing = context.ask(Call::Sealing { record: review }).await?;
    let keys = context.keystore()?.list()?;
    let key = keys.into_iter().find(|info| info.key == sealing.author);
    let key =
        key.ok_or_else(|| Error::permission("only who sealed a review opens it, and no key here did"))?;
    let stored = fetch(context, sealing.attachment, signing.wait).await?;
    let secret = unlock(context, &key)?;
    let inside = Secret::find(&sealing, &secret, &stored)?.open(&sealing, &stored)?;
    let kept: Kept = serde_json::from_slice(&inside.content)
        .map_err(|error| Error::new(Exit::Verification, format!("what is sealed is no review: {error}")))?;
    let attachments = match &kept.text {
        Some(text) => vec![text.attached()?],
        None => Vec::new(),
    };
    let Kept { secret: seal, recommendation, scores, .. } = kept;
    let writing = Writing {
        name: "review.open",
        signer: Signer::Person(Role::Panelist),
        intent: Intent::Open { review, recommendation, scores, secret: seal },
        attachments,
        signing,
    };
    writing.write_with(context, &key, Some(&secret)).await.map(|(_, answer)| answer)
}

fn kept_text(file: &std::path::Path) -> Result<KeptText, Error> {
    let NewAttachment { name, media_type, .. } = file_attachment(file, Scope::Members)?;
    let content = std::fs::read(file)
        .map_err(|error| Error::not_found(format!("{} cannot be read: {error}", file.display())))?;
    if content.len() > TEXT_BYTES {
        return Err(Error::usage(format!(
            "{} has more than the 1 MiB that is sealed with a review",
            file.display()
        )));
    }
    let (name, media_type) = (name.to_string(), media_type.to_string());
    Ok(KeptText { salt: Hash::from_bytes(random()?), name, media_type, content: hex::encode(&content) })
}

impl KeptText {
    fn attachment(&self) -> Result<Attachment, Error> {
        let content = hex::decode(&self.content)
            .ok_or_else(|| Error::new(Exit::Verification, "the sealed text is not hexadecimal"))?;
        let (name, media_type) = (label(&self.name)?, label(&self.media_type)?);
        Ok(Attachment { salt: *self.salt.as_bytes(), name, media_type, content })
    }

    /// The text with the very salt that was promised.
    fn attached(&self) -> Result<NewAttachment, Error> {
        let Attachment { salt, name, media_type, content } = self.attachment()?;
        let content = Content::Bytes(content);
        Ok(NewAttachment { content, name, media_type, scope: Scope::Members, salt: Some(salt) })
    }
}
