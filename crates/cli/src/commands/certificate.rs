//! `cohub certificate`: a decision with everything it rests on, in one file.

use std::path::Path;

use cohub_node::api::{Call, Exported, Referent};
use cohub_node::hex;
use cohub_record::Id;
use cohub_registry::certificate;
use serde_json::json;

use crate::arguments::Certificate;
use crate::context::Context;
use crate::exit::{Error, Exit};
use crate::output::Answer;
use crate::prose::{BOLD, GREEN, bytes, harmless, styled, wrapped};

/// Columns of the explanation.
const WIDTH: usize = 100;

pub(crate) async fn run(context: &Context, certificate: Certificate) -> Result<Answer, Error> {
    match certificate {
        Certificate::Export { motion, out } => export(context, &motion, &out).await,
        Certificate::Verify { file, network } => verify(&file, network),
    }
}

async fn export(context: &Context, motion: &str, out: &Path) -> Result<Answer, Error> {
    let motion = context.resolve(Referent::Motion, motion).await?;
    let exported: Exported = context.ask(Call::Certificate { motion, outcome: None }).await?;
    let file = hex::decode(&exported.certificate).ok_or_else(|| {
        Error::failed("the node's answer is not hexadecimal; node and command differ in version")
    })?;
    std::fs::write(out, &file)
        .map_err(|error| Error::failed(format!("{} cannot be written: {error}", out.display())))?;
    let fields = json!({ "motion": motion, "path": out, "bytes": file.len() });
    let size = bytes(file.len() as u64);
    let text = format!("{}: {size}. Anybody can verify it: cohub certificate verify {0}", out.display());
    Answer::new("certificate.export", &fields, text)
}

fn verify(path: &Path, network: Option<Id>) -> Result<Answer, Error> {
    let file = std::fs::read(path)
        .map_err(|error| Error::not_found(format!("{} cannot be read: {error}", path.display())))?;
    let verified = certificate::verify(&file, network).map_err(|error| {
        Error::new(Exit::Verification, format!("{} proves nothing: {error}", path.display()))
    })?;
    let pinned = match network {
        Some(_) => "as asked",
        None => "compare this with the network that you know",
    };
    let explanation = wrapped(&harmless(&verified.explanation), WIDTH).join("\n");
    let text = format!(
        "{} for {} ({pinned})\n\n{explanation}",
        styled(GREEN, "valid"),
        styled(BOLD, &verified.network)
    );
    Answer::new("certificate.verify", &verified, text)
}
