//! The memory of the network: minutes of a motion, and the registry as it was.

use cohub_record::Id;
use cohub_registry::{AsOf, Registry};

use super::Shared;
use super::calls::ask;
use super::view::draw;
use crate::api::{Failure, FailureKind};

/// Minutes of a motion.
pub(crate) async fn minutes(shared: &Shared, motion: Id) -> Result<serde_json::Value, Failure> {
    let minutes = ask(shared, move |_, registry| registry.minutes(&motion)).await?;
    let minutes = minutes.ok_or_else(|| {
        Failure::new(FailureKind::NotFound, format!("{motion} is no motion that this node holds"))
    })?;
    serde_json::to_value(&minutes).map_err(|error| Failure::new(FailureKind::Failed, error.to_string()))
}

/// The registry as it was, with what it was asked for. A copy of the registry leaves the core, so that folding
/// the past keeps nobody waiting.
pub(crate) async fn registry_at(shared: &Shared, as_of: AsOf) -> Result<serde_json::Value, Failure> {
    let registry = ask(shared, |_, registry| registry.clone()).await?;
    let folded = tokio::task::spawn_blocking(move || fold(&registry, as_of));
    folded.await.map_err(|error| Failure::new(FailureKind::Failed, error.to_string()))?
}

fn fold(registry: &Registry, as_of: AsOf) -> Result<serde_json::Value, Failure> {
    let then = registry.as_of(as_of).ok_or_else(|| match as_of {
        AsOf::Motion(motion) => {
            let why = format!(
                "the motion {motion} is not decided for good, so it has no certificate to look back from"
            );
            Failure::new(FailureKind::Refused, why)
        }
        AsOf::Date(_) => Failure::new(FailureKind::NotFound, "the network was not founded then"),
    })?;
    let mut json = (*draw(&then).json).clone();
    if let Some(fields) = json.as_object_mut() {
        let asked = serde_json::to_value(as_of).unwrap_or_default();
        fields.insert("as_of".to_owned(), asked);
        fields.insert("records".to_owned(), then.len().into());
    }
    Ok(json)
}
