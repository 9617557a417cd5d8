//! `cohub key`: the keys in a directory, copies of them, and the way out when the controller's is lost.

use std::io::Write as _;
use std::path::Path;

use cohub_node::api::{Call, Done, Referent};
use cohub_node::write as node;
use cohub_node::{hex, identity};
use cohub_record::PublicKey;
use cohub_registry::Intent;
use serde_json::{Value, json};

use super::restore;
use crate::arguments::{Key, Signing};
use crate::context::Context;
use crate::exit::{Error, Exit};
use crate::output::Answer;
use crate::passphrase;
use crate::prose::{BOLD, YELLOW, counted, styled};
use crate::table::{Cell, Table};
use crate::when::date;

pub(crate) async fn run(context: &Context, key: Key) -> Result<Answer, Error> {
    match key {
        Key::List => list(context),
        Key::Backup { out } => backup(context, &out),
        Key::Restore { words_file: Some(words), .. } => restore::controller(context, &words),
        Key::Restore { copy, .. } => restore::copy(context, &copy.unwrap_or_default()),
        Key::Rotate { words_file, before, signing } => {
            rotate(context, words_file.as_deref(), before.as_deref(), &signing).await
        }
    }
}

fn list(context: &Context) -> Result<Answer, Error> {
    let keys = context.keystore()?.list()?;
    let mut table = Table::new(&["LABEL", "FOR", "KEY", "MADE", "OPENED BY"]);
    for info in &keys {
        let roles: Vec<&str> = info.roles.iter().map(|role| role.as_str()).collect();
        let purpose = if roles.is_empty() { "the hub itself".to_owned() } else { roles.join(", ") };
        let opened = if info.encrypted { "passphrase" } else { "this machine" };
        table.row([
            Cell::styled(BOLD, &info.label),
            purpose.into(),
            info.key.to_string().into(),
            date(info.created_at).into(),
            opened.into(),
        ]);
    }
    let text = table.or("There are no keys here; `cohub init` makes a hub's first ones.");
    Answer::new("key.list", &json!({ "keys": keys }), text)
}

/// People's keys, as encrypted as they lie here, in one file.
fn backup(context: &Context, out: &Path) -> Result<Answer, Error> {
    let home = context.home()?;
    let hub = identity::own_hub(&home)?;
    let (mut kept, mut keys): (Vec<Value>, Vec<PublicKey>) = (Vec::new(), Vec::new());
    for info in context.keystore()?.list()?.into_iter().filter(|info| info.encrypted) {
        let path = home.keys().join(format!("{}.age", info.label));
        let bytes = std::fs::read(&path)
            .map_err(|error| Error::failed(format!("{} cannot be read: {error}", path.display())))?;
        keys.push(info.key);
        kept.push(
            json!({ "label": info.label, "key": info.key, "roles": info.roles, "age": hex::encode(&bytes) }),
        );
    }
    let file = json!({ "schema": "cohub.keys.v1", "hub": hub, "keys": kept });
    write_private(out, format!("{file:#}\n").as_bytes())?;
    cohub_node::backup::note(&home, keys)?;
    let text = format!(
        "{} in {}, each encrypted with its passphrase.\nThe recovery words are not in it: keep them on paper, elsewhere.",
        counted(kept.len(), "key"),
        out.display()
    );
    Answer::new("key.backup", &json!({ "path": out, "keys": kept.len() }), text)
}

fn write_private(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let written = file.and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
    written.map_err(|error| Error::failed(format!("{} cannot be written: {error}", path.display())))
}

/// Signs the hub over to the key of its recovery words, and commits to new words.
async fn rotate(
    context: &Context,
    words: Option<&Path>,
    before: Option<&str>,
    signing: &Signing,
) -> Result<Answer, Error> {
    let home = context.home()?;
    let own = identity::own_hub(&home)?;
    let secret = identity::recovery_key(&passphrase::recovery_words(words)?)?;
    let (next_words, recovery) = identity::new_recovery()?;
    let passphrase = context.passphrase("for the new controller key")?;
    let generation = context
        .keystore()?
        .list()?
        .iter()
        .filter(|i| i.label.starts_with(identity::label::CONTROLLER))
        .count()
        + 1;
    let mut client = context.client().await?;
    let before = match before {
        Some(record) => Some(context.resolve(Referent::Record, record).await?),
        None => None,
    };
    let intent = Intent::Rotate { controller: own.controller, recovery, before };
    let wait_ms = u64::try_from(signing.wait.as_millis()).unwrap_or(u64::MAX);
    // With the right words in hand nothing of a copied directory is needed any more.
    node::preview(&mut client, secret.public(), intent.clone()).await?;
    client.call::<Done>(&Call::Retire).await?;
    let wish = node::Wish { intent, attachments: &[], agreed: None };
    let written = node::write(&home, &mut client, &secret, wish, wait_ms, |_| {}).await?;
    let work_factor = context.settings()?.keystore_work_factor;
    identity::rotated(&home, &secret, recovery, &passphrase, work_factor, generation)?;
    let fields = json!({
        "record": written.record,
        "stored": written.stored,
        "peers_holding": written.peers_holding,
        "controller": secret.public(),
        "recovery_words": next_words.as_str(),
    });
    let text = format!(
        "{}\n{}\n{}\n{}",
        written.record,
        styled(BOLD, format!("The controller is {} now; the old words are used up.", secret.public())),
        styled(YELLOW, "Write the next 24 words on paper, and destroy the old ones:"),
        next_words.as_str()
    );
    let exit = if written.peers_holding > 0 { Exit::Done } else { Exit::Unsent };
    Ok(Answer::new("key.rotate", &fields, text)?.ending(exit))
}
