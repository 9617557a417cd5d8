//! What a written reference means: a slug, a short unique prefix, or a whole id.

use cohub_record::{Id, PublicKey};
use cohub_registry::{MotionView, Registry};

use super::calls::Lent;
use crate::api::{Failure, FailureKind, Referent, Resolved};
use crate::clock;

/// Letters of an id, behind its `rec1`, that a prefix needs at least.
const PREFIX_LETTERS: usize = 4;

/// Resolves a reference.
pub(crate) fn resolve(
    core: &Lent<'_>,
    registry: &Registry,
    what: Referent,
    text: &str,
) -> Result<Resolved, Failure> {
    match what {
        Referent::Hub => hub(registry, text).map(|(id, _)| Resolved { id, key: None }),
        Referent::Controller => {
            controller(core, registry, text).map(|key| Resolved { id: None, key: Some(key) })
        }
        Referent::Reader => reader(registry, text).map(|key| Resolved { id: None, key: Some(key) }),
        Referent::Application => application(registry, text).map(found),
        Referent::Motion => motion(registry, text).map(found),
        Referent::Record => record(registry, text).map(found),
        Referent::Document => document(registry, text).map(found),
    }
}

const fn found(id: Id) -> Resolved {
    Resolved { id: Some(id), key: None }
}

fn nothing(what: &str, text: &str) -> Failure {
    Failure::new(FailureKind::NotFound, format!("{text:?} is no {what} that this node knows"))
}

fn several(what: &str, text: &str, count: usize) -> Failure {
    Failure::new(FailureKind::NotFound, format!("{text:?} could be {count} {what}s; write more of the id"))
}

/// The one of `candidates` that matches.
fn only<T: Clone>(what: &str, text: &str, candidates: &[T]) -> Result<T, Failure> {
    match candidates {
        [] => Err(nothing(what, text)),
        [one] => Ok(one.clone()),
        many => Err(several(what, text, many.len())),
    }
}

/// Whether an id written as `shown` is meant by `text`: whole, or by its beginning.
fn means(shown: &str, text: &str) -> bool {
    shown == text || (text.len() >= PREFIX_LETTERS + 4 && shown.starts_with(text))
}

/// A hub's id and first controller.
fn hub(registry: &Registry, text: &str) -> Result<(Option<Id>, Option<PublicKey>), Failure> {
    let hubs = registry.hubs();
    let named: Vec<_> = hubs
        .into_iter()
        .filter(|hub| hub.slug == text || hub.id.is_some_and(|id| means(&id.to_hub_text(), text)))
        .map(|hub| (hub.id, Some(hub.controller)))
        .collect();
    only("hub", text, &named)
}

fn controller(core: &Lent<'_>, registry: &Registry, text: &str) -> Result<PublicKey, Failure> {
    if let Ok(key) = text.parse() {
        return Ok(key);
    }
    let door = super::answers::door(core.replica);
    let waiting =
        door.into_iter().filter(|newcomer| newcomer.slug == text).map(|newcomer| newcomer.controller);
    let mut candidates: Vec<PublicKey> = waiting.collect();
    if candidates.is_empty() {
        candidates.extend(hub(registry, text).ok().and_then(|(_, controller)| controller));
    }
    candidates.dedup();
    only("hub or newcomer", text, &candidates)
}

/// A key, or the representative of a hub.
fn reader(registry: &Registry, text: &str) -> Result<PublicKey, Failure> {
    if let Ok(key) = text.parse() {
        return Ok(key);
    }
    let (_, controller) = hub(registry, text)?;
    let representative = controller.and_then(|controller| registry.representative(&controller));
    representative.ok_or_else(|| nothing("hub with a representative", text))
}

fn application(registry: &Registry, text: &str) -> Result<Id, Failure> {
    if let Ok((_, Some(controller))) = hub(registry, text)
        && let Some(application) = registry.application_of_hub(&controller)
    {
        return Ok(application);
    }
    let ids = registry.ids_of(cohub_registry::Kind::Application);
    only("application", text, &matching(&ids, text))
}

/// A motion by id; or the undecided one on a hub's application, or else its last.
fn motion(registry: &Registry, text: &str) -> Result<Id, Failure> {
    let ids = registry.ids_of(cohub_registry::Kind::Motion);
    let named = matching(&ids, text);
    if !named.is_empty() {
        return only("motion", text, &named);
    }
    let application = application(registry, text).map_err(|_| nothing("motion", text))?;
    let subject = application.to_string();
    let views = ids.iter().filter_map(|id| registry.motion(id));
    let mut motions: Vec<_> = views.filter(|view| view.subject == subject).collect();
    let undecided = |view: &MotionView| matches!(view.state_at(clock::now_ms()), "open" | "closing");
    let open: Vec<Id> = motions.iter().filter(|view| undecided(view)).map(|view| view.id).collect();
    if !open.is_empty() {
        return only("motion", text, &open);
    }
    motions.sort_by_key(|view| (view.deadline, view.id));
    motions.last().map(|view| view.id).ok_or_else(|| nothing("motion", text))
}

fn record(registry: &Registry, text: &str) -> Result<Id, Failure> {
    if let Ok(id) = text.parse::<Id>() {
        return registry.verdict(&id).map(|_| id).ok_or_else(|| nothing("record", text));
    }
    let ids: Vec<Id> = registry
        .authors()
        .filter_map(|author| registry.log(&author))
        .flat_map(|log| log.places_from(0).map(|p| p.id))
        .collect();
    only("record", text, &matching(&ids, text))
}

/// A document by id; or the current one of a type, where one application only has it, or one that is open.
fn document(registry: &Registry, text: &str) -> Result<Id, Failure> {
    let ids = registry.ids_of(cohub_registry::Kind::Document);
    let mut named = matching(&ids, text);
    if named.is_empty() {
        let applications = registry.view().applications;
        let of_type = |open: bool| {
            let applications = applications.iter().filter(move |one| !open || one.status == "open");
            let documents = applications.flat_map(|one| &one.documents);
            documents.filter(|one| one.current && one.document_type == text).map(|one| one.id)
        };
        named.extend(of_type(true));
        if named.is_empty() {
            named.extend(of_type(false));
        }
    }
    only("document", text, &named)
}

fn matching(ids: &[Id], text: &str) -> Vec<Id> {
    if let Ok(id) = text.parse::<Id>() {
        return ids.iter().filter(|candidate| **candidate == id).copied().collect();
    }
    ids.iter().filter(|id| means(&id.to_record_text(), text)).copied().collect()
}
